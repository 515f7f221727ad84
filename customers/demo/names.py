"""Names of persons: surnames by census weight, given names by sex and birth cohort, names of foreigners."""

from dataclasses import dataclass

import numpy as np

from . import given_names
from .draws import chance, falling, weighted
from .text import blank, joined, table, words, years

# Share per mille of the population. Source: population census, surnames by origin.
_SURNAMES = words(
    """
    김 215 이 147 박 84 최 47 정 43 강 23.7 조 21.3 윤 20.5 장 20 임 16.6 한 15.6 오 15.4 서 15.1 신 15 권 14.2 황
    14 안 13.8 송 13.7 유 12.9 홍 11.2 전 11.2 고 9.5 문 9.3 양 9.3 손 9.2 배 8.1 백 7.7 허 6.6 남 5.5 심 5.5 노 5.1
    하 4.6 곽 4.1 성 4 차 3.9 주 3.9 우 3.9 구 3.9 류 3.3 나 3.2 민 3.1 진 3.8 지 3.1 엄 2.9 채 2.6 원 2.6 천 2.4 방
    2.3 공 1.8 현 1.8 함 1.6 변 1.6 염 1.4 여 1.3 추 1.2 도 1.1 소 1 석 1 선 .9 설 .9 마 .8 길 .8 연 .7 위 .6 표 .6
    명 .6 기 .6 반 .6 라 .5 왕 .5 금 .5 옥 .5 육 .45 인 .45 맹 .4 제 .4 모 .4 남궁 .4 탁 .4 국 .35 어 .35 은 .3 편
    .3 용 .3 예 .25 봉 .25 경 .23 사 .2 부 .2 황보 .2 가 .18 복 .17 태 .17 목 .15 형 .14 피 .13 두 .12 선우 .12 감
    .11 제갈 .11 음 .1 빈 .1 동 .1 온 .1 호 .09 범 .08 사공 .08 좌 .07 승 .06 간 .05 서문 .04 독고 .02 동방 .01 리
    .1 량 .05
    """
)
SURNAMES = table(_SURNAMES[0::2])
_COMPOUND = frozenset(surname for surname in SURNAMES if len(surname) == 2)
SURNAME_WEIGHTS = np.array([float(weight) for weight in _SURNAMES[1::2]])

_POPULAR_SHARE, _SINGLE_SHARE = 0.42, 0.015


@dataclass(frozen=True)
class Given:
    """The given names of one sex and cohort, each with its weight; `first` and `last` are its syllables."""

    names: np.ndarray
    weights: np.ndarray


def _given(popular: str, tail: tuple[str, str], single: str) -> Given:
    """Weights: the popular share, the tail as products of two syllables, a few of one syllable."""
    ranked, alone = popular.split(), single.split()
    first, last = (list(dict.fromkeys(syllables)) for syllables in tail)
    products = np.outer(falling(len(first), 8), falling(len(last), 8))
    products[np.equal.outer(table(first), table(last)).astype(bool)] = 0
    shares = (falling(len(ranked)), falling(len(alone)), products.ravel())
    sizes = (_POPULAR_SHARE, _SINGLE_SHARE, 1 - _POPULAR_SHARE - _SINGLE_SHARE)
    weights = np.concatenate([share / share.sum() * size for share, size in zip(shares, sizes, strict=True)])
    return Given(table([*ranked, *alone, *(a + b for a in first for b in last)]), weights)


def _all_given() -> tuple[list[Given], list[Given]]:
    men = zip(given_names.POPULAR_MEN, given_names.TAIL_MEN, strict=True)
    women = zip(given_names.POPULAR_WOMEN, given_names.TAIL_WOMEN, strict=True)
    return (
        [_given(popular, tail, given_names.SINGLE_MEN) for popular, tail in men],
        [_given(popular, tail, given_names.SINGLE_WOMEN) for popular, tail in women],
    )


GIVEN = _all_given()  # [sex 0 man, 1 woman][cohort]


def draw_surnames(rng: np.random.Generator, size: int) -> np.ndarray:
    """Surnames by census weight."""
    return SURNAMES[weighted(rng, SURNAME_WEIGHTS, size)]


def surname_of(name: str) -> str:
    """The surname of a Korean name, of two syllables where such a one begins a name of three or more."""
    return name[:2] if name[:2] in _COMPOUND and len(name) > 2 else name[:1]


def draw_given(rng: np.random.Generator, sex: np.ndarray, birth: np.ndarray) -> np.ndarray:
    """Given names for sexes (0 man, 1 woman) and birth days, by the fashion of the birth year."""
    cohort = np.searchsorted(given_names.COHORTS, years(birth), side="right") - 1
    drawn = blank(len(sex))
    for man_or_woman in (0, 1):
        for place, given in enumerate(GIVEN[man_or_woman]):
            rows = np.flatnonzero((sex == man_or_woman) & (cohort == place))
            drawn[rows] = given.names[weighted(rng, given.weights, len(rows))]
    return drawn


def sibling_given(rng: np.random.Generator, elder: np.ndarray, sex: np.ndarray) -> np.ndarray:
    """Given names that share the first syllable of the elder's, as brothers, sisters and twins often do."""
    firsts = table(name[0] for name in elder)
    drawn = blank(len(elder))
    for man_or_woman, endings in enumerate(("우호민현준후원훈진찬", "우민아은현연원윤수유")):
        rows = np.flatnonzero(sex == man_or_woman)
        drawn[rows] = joined(firsts[rows], table(endings)[rng.integers(0, len(endings), len(rows))])
    same = drawn == elder
    drawn[same] = joined(firsts[same], "서")
    return drawn


# Passport names: family names, then men's and women's given names, by nationality with its share.
_ROMAN = (
    (0.34, "NGUYEN TRAN LE PHAM HOANG VU DANG BUI DO", "VAN HUNG|MINH TUAN|VAN DUC|QUOC ANH|THANH LONG",
     "THI HOA|THI LAN|THI THU|NGOC ANH|THI HUONG|THI MAI|THUY LINH|KIM NGAN"),
    (0.12, "KARIMOV RAKHIMOV YUSUPOV ABDULLAEV TOSHMATOV", "AZIZ|SHERZOD|BEKZOD|DILSHOD|JASUR",
     "DILNOZA|NIGORA|MALIKA|FERUZA|ZARINA"),
    (0.14, "SMITH JOHNSON WILLIAMS BROWN MILLER DAVIS WILSON", "JAMES ROBERT|MICHAEL|DAVID LEE|JOHN PAUL|DANIEL",
     "MARY ANN|JENNIFER|LINDA MARIE|SARAH|EMILY ROSE"),
    (0.12, "SANTOS REYES CRUZ BAUTISTA GARCIA MENDOZA", "JOSE MARIE|MARK ANTHONY|JOHN CARLO|RAMON",
     "MARIA TERESA|ROSE ANN|GRACE|JOCELYN|MARICEL"),
    (0.12, "WANG LI ZHANG LIU CHEN YANG ZHAO WU ZHOU", "WEI|JIANGUO|LEI|QIANG|HAO", "FANG|XIULAN|MIN|YAN|LIJUAN"),
    (0.08, "IVANOV PETROV KIM TSOY PAK SOKOLOV", "SERGEI|ALEXEY|DMITRY|VIKTOR", "ELENA|OLGA|NATALIA|SVETLANA"),
    (0.08, "GURUNG TAMANG RAI SHRESTHA THAPA", "BIKASH|SURESH|RAM BAHADUR|DIPAK", "SITA|GITA|SARITA|LAXMI"),
)  # fmt: skip

# Ethnic Koreans from China: the name in Korean letters, and as the passport spells it.
_CHINESE_SURNAMES = (
    "김:JIN 이:LI 박:PIAO 최:CUI 정:ZHENG 강:JIANG 조:ZHAO 윤:YIN 장:ZHANG 림:LIN 한:HAN 전:QUAN 허:XU 남:NAN"
)
_CHINESE_MEN = (
    "철:ZHE 철남:ZHENAN 성철:CHENGZHE 광일:GUANGRI 룡호:LONGHAO 호철:HAOZHE 영남:YONGNAN 일권:RIQUAN 춘식:CHUNZHI"
)
_CHINESE_WOMEN = (
    "춘화:CHUNHUA 미화:MEIHUA 련화:LIANHUA 영옥:YINGYU 향란:XIANGLAN 해연:HAIYAN 순희:SHUNJI 금화:JINHUA 홍매:HONGMEI"
)


def draw_foreign(rng: np.random.Generator, sex: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Names of foreigners as first told, and as in the passport (the same for those who have no Korean letters)."""
    korean = chance(rng, 0.5, len(sex))
    told, passport = blank(len(sex)), blank(len(sex))
    for man_or_woman, given in enumerate((_CHINESE_MEN, _CHINESE_WOMEN)):
        rows = np.flatnonzero(korean & (sex == man_or_woman))
        told[rows], passport[rows] = _ethnic_korean(rng, given, len(rows))
        rows = np.flatnonzero(~korean & (sex == man_or_woman))
        told[rows] = passport[rows] = _roman(rng, man_or_woman, len(rows))
    return told, passport


def _ethnic_korean(rng: np.random.Generator, given: str, size: int) -> tuple[np.ndarray, np.ndarray]:
    surnames = [pair.split(":") for pair in _CHINESE_SURNAMES.split()]
    givens = [pair.split(":") for pair in given.split()]
    family, own = weighted(rng, falling(len(surnames), 2), size), rng.integers(0, len(givens), size)
    told = joined(table(pair[0] for pair in surnames)[family], table(pair[0] for pair in givens)[own])
    return told, joined(table(pair[1] for pair in surnames)[family], " ", table(pair[1] for pair in givens)[own])


def _roman(rng: np.random.Generator, sex: int, size: int) -> np.ndarray:
    nation = weighted(rng, [row[0] for row in _ROMAN], size)
    drawn = blank(size)
    for place, row in enumerate(_ROMAN):
        rows = np.flatnonzero(nation == place)
        families, givens = table(row[1].split()), table(row[2 + sex].split("|"))
        family = families[weighted(rng, falling(len(families), 3), len(rows))]
        drawn[rows] = joined(family, " ", givens[rng.integers(0, len(givens), len(rows))])
    return drawn
