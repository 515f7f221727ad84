"""The answer to a request as a document: what was decided, and whatever was granted to be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.utils import timezone, translation

from consent.models import Purpose, RightsItem, RightsRequest
from consent.numbers import numbers_on
from consent.packs import Block, Chapter, Document, Row, held_chapters, korean_day, plain
from consent.reports import rights_history as history
from consent.reports.rights_items import item_words
from consent.rules.countries import HOME, country_words
from consent.rules.roles_end import add_months
from consent.state import held
from consent.words import packs as words
from consent.words.pack_codes import ANSWERS as STATES
from consent.words.pack_codes import CHANNELS
from consent.words.rights import CLAUSES
from customers.models import Customer, Link
from customers.numbering import written_number
from customers.reading import catalogue, label

GRANTED = RightsItem.Decision.GRANTED
ANSWERS = {"OPEN": "검토 중입니다", "GRANTED": "들어 드립니다", "REFUSED": "들어 드리지 못합니다"}
LOOKS_NOTE = "직원의 이름은 적지 않고 부서와 업무로 적었습니다. 같은 날 같은 부서의 같은 업무는 한 줄로 모았습니다."
USE_NOTE = "내부 관리 목적의 이용은 빼고, 상품 권유를 위한 연락은 넣었습니다."
PROVISION_NOTE = (
    "제공은 여러 고객의 정보를 한 번에 보내는 방식이어서, 고객님의 정보가 들어 있을 수 있는 제공을 모두 적었습니다."
)


def document_of(request: RightsRequest, at: datetime) -> Document:
    """The whole answer, in Korean whatever language the reader has. request: accepted, with its customer."""
    with translation.override("ko"):
        items = list(request.items.order_by("pk"))
        chapters = [_answers(request, items)]
        granted = [item.item for item in items if item.decision == GRANTED]
        if request.customer is not None:
            for code in granted:
                tell = TELLERS.get((str(request.kind), code))
                chapters += tell(request, request.customer, timezone.localdate(at)) if tell else []
        return Document(
            title=words.TITLE[request.kind],
            number=request.number,
            facts=_head(request, at),
            intro=words.INTRO,
            chapters=tuple(chapters),
            closing=(words.APPEAL,),
        )


def _head(request: RightsRequest, at: datetime) -> Row:
    customer = request.customer
    pairs = [
        ("접수번호", request.number),
        ("받으시는 분", customer.name if customer else ""),
        ("고객번호", written_number(customer.number) if customer else ""),
        ("접수일", korean_day(request.received_on)),
        ("답변일", korean_day(timezone.localdate(at))),
        ("근거", CLAUSES[request.kind]),
        ("연기 사유", request.extension_reason),
    ]
    return tuple(pair for pair in pairs if pair[1])


def _answers(request: RightsRequest, items: list[RightsItem]) -> Chapter:
    named, corrected = item_words(items, request.kind), request.kind in ("CORRECTION", "CREDIT_CORRECTION")
    rows = []
    for item in items:
        pairs = [
            ("요구하신 것", named[item.item]),
            ("바라시는 값" if corrected else "바라시는 것", item.wish),
            ("답변", ANSWERS[item.decision]),
            ("근거 조항", item.clause),
            ("설명", item.explanation),
            ("이 사유가 계속되는 날", f"{korean_day(item.until)}까지" if item.until else ""),
        ]
        rows.append(tuple(pair for pair in pairs if pair[1]))
    return Chapter("요구하신 것과 답변", (_block("consent.RightsItem", tuple(rows)),))


def _data(request: RightsRequest, customer: Customer, today: date) -> list[Chapter]:
    return held_chapters(customer)


def _purposes(request: RightsRequest, customer: Customer, today: date) -> list[Chapter]:
    items = catalogue()
    rows = tuple(
        _without_blanks(
            ("목적", purpose.name),
            ("법적 근거", f"{purpose.get_basis_display()} ({purpose.clause})"),
            ("항목", ", ".join(label(code, items) for code in purpose.items)),
        )
        for purpose in _live_purposes()
    )
    return [Chapter("수집·이용 목적", (_block("PURPOSES", rows),))]


def _retention(request: RightsRequest, customer: Customer, today: date) -> list[Chapter]:
    texts = {purpose.pk: purpose.texts.published().first() for purpose in _live_purposes()}
    rows = tuple(
        _without_blanks(
            ("목적", purpose.name),
            ("보유 기간", f"{purpose.retention_months}개월" if purpose.retention_months else ""),
            ("동의서의 설명", texts[purpose.pk].retention if texts[purpose.pk] else ""),
        )
        for purpose in _live_purposes()
    )
    return [Chapter("보유·이용 기간", (_block("RETENTION", rows),))]


def _live_purposes() -> list[Purpose]:
    return list(Purpose.objects.filter(closed_on=None).order_by("pk"))


def _consents(request: RightsRequest, customer: Customer, today: date) -> list[Chapter]:
    """What holds today, as Hannun decides by it; every single answer stands among the data."""
    purposes = Purpose.objects.in_bulk()
    state = held([customer.pk], timezone.now()).get(customer.pk, {})
    rows = tuple(
        _without_blanks(
            ("목적", purposes[key.purpose_id].name),
            ("연락 방법", "" if key.channel == "ANY" else CHANNELS[key.channel]),
            ("현재 상태", STATES[one.answer]),
            ("적용된 날", korean_day(timezone.localdate(one.since))),
        )
        for key, one in sorted(state.items(), key=lambda pair: (pair[0].purpose_id, pair[0].channel))
    )
    return [Chapter("동의 현황", (_block("CONSENTS", rows),) if rows else (), _or_nothing(rows))]


def _looks(request: RightsRequest, customer: Customer, today: date) -> list[Chapter]:
    lines = history.use_of(customer, _first_day(request, today), today)
    return [_used("고객님의 정보를 본 내역", LOOKS_NOTE, lines, "LOOKS")]


def _use(request: RightsRequest, customer: Customer, today: date) -> list[Chapter]:
    first = _first_day(request, today)
    lines = history.use_of(customer, first, today, only_use=True)
    contacts = tuple(
        (("일자", korean_day(one.day)), ("목적", one.purpose), ("연락 방법", one.channel), ("횟수", plain(one.count)))
        for one in history.contacts_of(customer, first, today)
    )
    used = _used("이용 내역", f"{LOOKS_NOTE} {USE_NOTE}", lines, "USE")
    more = (_block("CONTACTS", contacts),) if contacts else ()
    return [Chapter(used.title, (*used.blocks, *more), used.note)]


def _used(title: str, note: str, lines: list[history.UseLine], code: str) -> Chapter:
    rows = tuple(
        (
            ("일자", korean_day(line.day)),
            ("부서", " · ".join(filter(None, (line.branch, line.job))) or "회사의 시스템"),
            ("업무", " · ".join(filter(None, (line.purpose, line.page)))),
            ("횟수", plain(line.count)),
        )
        for line in lines
    )
    return Chapter(title, (_block(code, rows),) if rows else (), f"{note} {_or_nothing(rows)}".strip())


def _abroad(line: history.ProvisionLine) -> str:
    return country_words(line.country, "ko")


def _provision(request: RightsRequest, customer: Customer, today: date) -> list[Chapter]:
    items = catalogue()
    rows = tuple(
        _without_blanks(
            ("받는 곳", line.recipient if line.country == HOME else f"{line.recipient} (국외: {_abroad(line)})"),
            ("목적", line.purpose),
            ("항목", ", ".join(label(code, items) for code in line.items)),
            ("근거 조항", line.clause),
            ("제공 횟수", plain(line.count)),
            ("마지막 제공일", korean_day(line.last) if line.last else ""),
            ("제공 종료일", korean_day(line.until) if line.until else ""),
        )
        for line in history.provisions_of(_first_day(request, today), today)
    )
    blocks = (_block("PROVISION", rows),) if rows else ()
    return [Chapter("제3자 제공 내역", blocks, f"{PROVISION_NOTE} {_or_nothing(rows)}".strip())]


def _matching(request: RightsRequest, customer: Customer, today: date) -> list[Chapter]:
    rows = tuple(
        _without_blanks(
            ("기록을 보낸 곳", link.record.source.name),
            ("같은 분으로 본 까닭", str(link.get_rule_display())),
            ("사람의 결정 여부", plain(not link.is_by_rule)),
            ("점수", plain(link.weight) if link.weight is not None else ""),
            ("결정 일시", plain(link.linked_at)),
        )
        for link in Link.objects.filter(customer=customer).select_related("record__source").order_by("pk")
    )
    note = (
        "여러 곳에서 받은 기록이 같은 분의 것인지 정한 규칙과, 고객님의 기록마다 적용된 규칙입니다."
        " 이 결정으로 보험 가입이나 보험료가 정해지지는 않습니다."
        " 잘못되었다면 사람이 다시 살펴보도록 요구하실 수 있습니다."
    )
    return [Chapter("자동화된 결정", (_block("MATCHING", rows),), note)]


def _first_day(request: RightsRequest, today: date) -> date:
    """How far back the history reaches, by the numbers that were frozen when the request was accepted."""
    years = (request.policy.get("numbers") or numbers_on(today))["history_years"]
    return add_months(today, -12 * years)


def _block(code: str, rows: tuple[Row, ...]) -> Block:
    return Block(code, words.OWN_BLOCKS[code], rows)


def _without_blanks(*pairs: tuple[str, str]) -> Row:
    return tuple(pair for pair in pairs if pair[1])


def _or_nothing(rows: tuple[Row, ...]) -> str:
    return "" if rows else words.NOTHING


Teller = Callable[[RightsRequest, Customer, date], list[Chapter]]
TELLERS: Mapping[tuple[str, str], Teller] = {
    ("ACCESS", "DATA"): _data,
    ("ACCESS", "PURPOSES"): _purposes,
    ("ACCESS", "RETENTION"): _retention,
    ("ACCESS", "PROVISION"): _provision,
    ("ACCESS", "CONSENTS"): _consents,
    ("ACCESS", "LOOKS"): _looks,
    ("HISTORY", "USE"): _use,
    ("HISTORY", "PROVISION"): _provision,
    ("PORTABILITY", "DATA"): _data,
    ("AUTOMATED", "MATCHING"): _matching,
}
"""What is told of each item that is granted; of the others the answer alone."""
