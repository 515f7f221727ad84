"""Organisations that are customers: companies, foundations, traders, their branch offices and switchboards."""

from dataclasses import dataclass

import numpy as np

from .addresses import Dwellings, draw_dwellings
from .draws import chance, distinct, stream, weighted
from .numbers import business_numbers, corporation_numbers
from .places import PLACES
from .text import blank, digits, joined, table, words

_FIRST = "대한신동태삼성영진광우명현세유원화일정국미경창금청백선남부서중수림인조"
_SECOND = "성진광우명현원일정미경창산흥림양영신보도아영호건천"
_TRADES = words(
    """
    전자 건설 물산 산업 테크 푸드 로지스 메디칼 엔지니어링 화학 기계 정밀 중공업 상사 무역 유통 식품 제약 바이오
    소프트 시스템 정보통신 네트웍스 미디어 엔터테인먼트 디자인 인쇄 섬유 패션 가구 철강 금속 전기 에너지 환경 조경
    개발 주택 토건 운수 물류 해운 항공 여행 호텔 리조트 교육 컨설팅 캐피탈 자산관리 종합관리 홀딩스 이앤씨 솔루션
    모터스 오토 부품 플라스틱
    """
)
_SHOPS = words(
    """
    식당 약국 의원 치과의원 한의원 학원 부동산 마트 상회 미용실 카페 정육점 세탁소 철물 공인중개사사무소 떡집
    인테리어
    """
)
_NON_PROFITS = {
    "재단법인": "문화재단",
    "사단법인": "협회",
    "학교법인": "학원",
    "의료법인": "의료재단",
    "협동조합": "협동조합",
}

# Share, legal form and the ways of writing it; traders have none. The business number shows the kind in two digits.
_FORMS = (
    (0.60, "주식회사", ("(주)", "㈜", "주식회사", "（주）"), 81),
    (0.06, "유한회사", ("(유)", "유한회사"), 81),
    (0.015, "재단법인", ("(재)", "재단법인"), 82),
    (0.015, "사단법인", ("(사)", "사단법인"), 82),
    (0.01, "학교법인", ("(학)", "학교법인"), 82),
    (0.015, "의료법인", ("(의)", "의료법인"), 82),
    (0.015, "협동조합", (), 82),
    (0.27, "", (), 0),
)
_TRADER = len(_FORMS) - 1
_BRANCH_OFFICES, _BRANCH_KIND = 0.06, 85
_CLIENT_SHARE, _LARGE_CLIENT_SHARE = 0.28, 0.58


@dataclass(frozen=True)
class Organisations:
    """Columns over offices: the seats of the `count` organisations first, in order, then branch offices."""

    count: int
    organisation: np.ndarray
    name: np.ndarray  # object: without the legal form
    suffix: np.ndarray  # object: " 부산지점" on a branch office
    form: np.ndarray
    business_number: np.ndarray
    corporation_number: np.ndarray  # of the organisation; 0 for traders
    phone: np.ndarray  # object: switchboard
    dwellings: Dwellings
    email: np.ndarray  # object
    is_client: np.ndarray  # of the group business
    staff_weight: np.ndarray  # per organisation: how many work there, in proportion


def draw_organisations(count: int, seed: int) -> Organisations:
    """`count` organisations and the branch offices of some."""
    rng = stream(seed, "organisations")
    form = weighted(rng, [row[0] for row in _FORMS], count)
    has_branch = np.flatnonzero(chance(rng, _BRANCH_OFFICES, count) & (form != _TRADER))
    organisation = np.r_[np.arange(count), has_branch]
    offices = len(organisation)
    dwellings = draw_dwellings(rng, offices, flats_share=0.0)
    kind = np.array([row[3] for row in _FORMS])[form]
    kind = np.where(kind == 0, rng.integers(1, 80, count), kind)
    business = business_numbers(rng, np.r_[kind, np.full(len(has_branch), _BRANCH_KIND)])
    corporation = np.where(form == _TRADER, 0, corporation_numbers(rng, count))
    suffix = blank(offices)
    suffix[count:] = joined(" ", _town(PLACES.district[dwellings.place[count:]]), "지점")
    size = rng.pareto(1.1, count) + 1
    return Organisations(
        count, organisation, _names(rng, form, dwellings.place[:count])[organisation], suffix, form[organisation],
        business, corporation[organisation], _switchboards(rng, dwellings.place), dwellings,
        joined("info@", table(f"co{row + 1}.example" for row in range(offices))),
        _clients(rng, form, size)[organisation], np.where(form == _TRADER, 1.0, size * 4),
    )  # fmt: skip


def _clients(rng: np.random.Generator, form: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Clients of the group business: no traders, and most of the larger employers."""
    likely = np.where(size > np.quantile(size, 0.9), _LARGE_CLIENT_SHARE, _CLIENT_SHARE)
    return chance(rng, likely, len(form)) & (form != _TRADER)


def _town(district: np.ndarray) -> np.ndarray:
    """시군구 in one word, for the name of a branch office."""
    return table((text.split() or ["세종"])[-1] for text in district)


def _names(rng: np.random.Generator, form: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Two syllables and a trade; a shop is named after its neighbourhood or by two syllables."""
    count = len(form)
    stem = joined(
        table(_FIRST)[rng.integers(0, len(_FIRST), count)], table(_SECOND)[rng.integers(0, len(_SECOND), count)]
    )
    name = joined(stem, table(_TRADES)[rng.integers(0, len(_TRADES), count)])
    shops = np.flatnonzero(form == _TRADER)
    near = table(text[:2] for text in PLACES.village[place[shops]])
    first = np.where(chance(rng, 0.5, len(shops)), near, stem[shops]).astype(object)
    name[shops] = joined(first, table(_SHOPS)[rng.integers(0, len(_SHOPS), len(shops))])
    for number, (_, legal, _, _) in enumerate(_FORMS):
        if legal in _NON_PROFITS:
            rows = np.flatnonzero(form == number)
            name[rows] = joined(stem[rows], _NON_PROFITS[legal])
    return name


def _switchboards(rng: np.random.Generator, place: np.ndarray) -> np.ndarray:
    """An area number that ends in 00, or one of the nationwide numbers."""
    count = len(place)
    number = distinct(rng, count, 0, 79_973) if count < 60_000 else rng.integers(0, 79_973, count)
    exchange = digits(200 + number // 100 % 800, 3)
    local = joined(PLACES.area[place], "-", exchange, "-", digits(number % 99 * 100 + 100, 4))
    nation = table(["1588", "1577", "1544", "1644", "1899"])[rng.integers(0, 5, count)]
    national = joined(nation, "-", digits(1_000 + number % 9_000, 4))
    return np.where(chance(rng, 0.12, count), national, local).astype(object)


def write_names(rng: np.random.Generator, organisations: Organisations, office: np.ndarray) -> np.ndarray:
    """Names of offices in one of the ways of writing the legal form, before or behind, now and then without it."""
    written = joined(organisations.name[office], organisations.suffix[office])
    form = organisations.form[office]
    behind, without = chance(rng, 0.25, len(office)), chance(rng, 0.06, len(office))
    for number, (_, _, ways, _) in enumerate(_FORMS):
        rows = np.flatnonzero((form == number) & ~without) if ways else np.empty(0, dtype=np.int64)
        if len(rows):
            way = table(ways)[weighted(rng, 1.0 / (np.arange(len(ways)) + 1), len(rows))]
            gap = np.where(np.array([len(text) > 3 for text in way]) | chance(rng, 0.1, len(rows)), " ", "")
            gap = gap.astype(object)
            name, suffix = organisations.name[office[rows]], organisations.suffix[office[rows]]
            before, after = joined(way, gap, name, suffix), joined(name, gap, way, suffix)
            written[rows] = np.where(behind[rows], after, before)
    return written
