"""The rights desk as it is read: the list with its clocks, one request with everything that happened to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Staff
from consent.models import AnswerPack, Purpose, RightsItem, RightsRequest
from consent.numbers import numbers_on
from consent.packs import title_of
from consent.reports.rights_history import provisions_of
from consent.reports.rights_items import item_words, name_of
from consent.rules import rights as rules
from consent.rules.roles_end import add_months
from consent.words import packs as pack_words
from consent.words.rights import ASKERS, CLAUSES, DECISION_TONES, DECISIONS, KINDS, STATES, TONES, VIAS
from customers import formats
from customers.access import Place
from customers.models import Customer
from customers.numbering import written_number
from customers.paging import PAGE_SIZE, is_id
from customers.reading import Reading, prepare, read

State = RightsRequest.State
CORRECTIONS = (RightsRequest.Kind.CORRECTION, RightsRequest.Kind.CREDIT_CORRECTION)


@dataclass(frozen=True)
class DuePage:
    """Requests by the day on which they are due. after, before: places by which the neighbours are asked for."""

    rows: tuple[RightsRequest, ...]
    after: str | None
    before: str | None


@dataclass(frozen=True)
class RightsLine:
    """A request in the list. name: as the reader may see it, '' while nobody knows whose it is."""

    request: RightsRequest
    number: str
    kind: str
    via: str
    state: str
    tone: str
    received: str
    due: str
    clock: str
    clock_tone: str
    name: str
    customer: str
    handled_by: str


@dataclass(frozen=True)
class ItemLine:
    """An item of a request. held, wish: of a correction, what is held and what is said to be right, as the reader may
    see them."""

    item: RightsItem
    name: str
    decision: str
    tone: str
    held: str
    wish: str
    clause: str
    explanation: str
    until: str
    decided: str


@dataclass(frozen=True)
class PackLine:
    """A pack. kinds: (what it tells, how many rows); is_here: not destroyed yet."""

    pack: AnswerPack
    made: str
    destroy_on: str
    destroyed: str
    is_here: bool
    has_archive: bool
    kinds: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RightsReport:
    """One request for one reader. customer: None while nobody knows whose it is; policy: what was frozen, in words."""

    request: RightsRequest
    line: RightsLine
    customer: Customer | None
    reading: Reading | None
    items: tuple[ItemLine, ...]
    packs: tuple[PackLine, ...]
    clause: str
    wording: str
    asker: str
    policy: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str, str], ...]
    open_count: int
    needs_pack: bool
    is_corrected: bool
    may_answer: bool
    can_put_off: bool

    @property
    def is_received(self) -> bool:
        return self.request.state == State.RECEIVED

    @property
    def is_accepted(self) -> bool:
        return self.request.state == State.ACCEPTED

    @property
    def is_open(self) -> bool:
        return self.is_received or self.is_accepted

    @property
    def can_tell(self) -> bool:
        return self.is_accepted and not self.open_count and not self.needs_pack


def requests_for(viewer: Staff) -> QuerySet[RightsRequest]:
    """The requests that `viewer` may know of: whoever may see them, of nobody known yet or of a customer they see."""
    if not viewer.has_perm("consent.view_rightsrequest"):
        return RightsRequest.objects.none()
    seen = Customer.objects.visible_to(viewer).order_by()
    return RightsRequest.objects.filter(Q(customer=None) | Q(customer__in=seen.values("pk")))


def own_receipts(viewer: Staff) -> QuerySet[RightsRequest]:
    """What `viewer` took in, whether or not they work at the desk."""
    return RightsRequest.objects.filter(recorded_by=viewer)


def narrowed(viewer: Staff, words: Mapping[str, object], today: date) -> QuerySet[RightsRequest]:
    """The requests of a list. words: state ('' for those that wait), kind, via, mine, clock (LATE, SOON)."""
    rows = requests_for(viewer)
    state = str(words.get("state") or "")
    if state != "ALL":
        rows = rows.filter(state__in=[state] if state else rules.OPEN_STATES)
    for name in ("kind", "via"):
        if words.get(name):
            rows = rows.filter(**{name: words[name]})
    if words.get("mine"):
        rows = rows.filter(Q(recorded_by=viewer) | Q(identified_by=viewer) | Q(answered_by=viewer))
    if words.get("clock"):
        rows = rows.filter(state__in=rules.OPEN_STATES).filter(clock_condition(str(words["clock"]), today))
    return rows


def clock_condition(clock: str, today: date) -> Q:
    """LATE: due before today; SOON: due within two days."""
    if clock == "LATE":
        return Q(due_on__lt=today)
    return Q(due_on__gte=today, due_on__lte=date.fromordinal(today.toordinal() + rules.SOON_DAYS))


def due_page(rows: QuerySet[RightsRequest], *, after: str = "", before: str = "") -> DuePage:
    """The page of requests that are due after a place, or before it; a place is `2026-11-30_17`, and no other word."""
    onward, back = _place(after), _place(before)
    is_back = bool(back and not onward)
    edge = back if is_back else onward
    if edge:
        beyond = "lt" if is_back else "gt"
        rows = rows.filter(Q(**{f"due_on__{beyond}": edge[0]}) | Q(due_on=edge[0], **{f"pk__{beyond}": edge[1]}))
    order = ("-due_on", "-pk") if is_back else ("due_on", "pk")
    people = ("customer", "recorded_by", "identified_by", "answered_by")
    found = list(rows.select_related(*people).order_by(*order)[: PAGE_SIZE + 1])
    has_further, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if is_back:
        found.reverse()
    if not found:
        return DuePage((), None, None)
    has_after, has_before = (True, has_further) if is_back else (has_further, bool(edge))
    return DuePage(tuple(found), _written(found[-1]) if has_after else None, _written(found[0]) if has_before else None)


def _written(request: RightsRequest) -> str:
    return f"{request.due_on.isoformat()}_{request.pk}"


def _place(word: str) -> tuple[date, int] | None:
    day, _line, key = word.partition("_")
    if not is_id(key):
        return None
    try:
        return date.fromisoformat(day), int(key)
    except ValueError:
        return None


def rights_lines(requests: Sequence[RightsRequest], viewer: Staff, today: date) -> list[RightsLine]:
    """Requests as lines, without a query for each. requests: of `due_page`."""
    prepare(viewer, [request.customer for request in requests if request.customer])
    return [_line(request, viewer, today, Place.LIST) for request in requests]


def _line(request: RightsRequest, viewer: Staff, today: date, place: Place) -> RightsLine:
    left = rules.clock(request.state, request.due_on, today)
    customer = request.customer
    by = request.answered_by or request.identified_by or request.recorded_by
    return RightsLine(
        request=request,
        number=request.number,
        kind=str(KINDS[request.kind]),
        via=str(VIAS[request.via]),
        state=str(STATES[request.state]),
        tone=TONES[request.state],
        received=formats.day(request.received_on),
        due=formats.day(request.due_on),
        clock=_left(left.days) if left.tone else "",
        clock_tone=left.tone,
        name=read(customer, viewer, place)["name"].text if customer else "",
        customer=written_number(customer.number) if customer else "",
        handled_by=by.name if by else "",
    )


def _left(days: int) -> str:
    if days < 0:
        return ngettext("%(count)s day late", "%(count)s days late", -days) % {"count": formats.amount(-days)}
    if not days:
        return _("due today")
    return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": formats.amount(days)}


def rights_report(request: RightsRequest, viewer: Staff, at: datetime) -> RightsReport:
    """A request as this reader may see it. request: of `requests_for`, with its people."""
    today, items = timezone.localdate(at), list(request.items.select_related("decided_by").order_by("pk"))
    customer, packs = request.customer, list(request.packs.select_related("made_by").order_by("-pk"))
    reading = read(customer, viewer, Place.PROFILE) if customer else None
    granted = any(item.decision == RightsItem.Decision.GRANTED for item in items)
    return RightsReport(
        request=request,
        line=_line(request, viewer, today, Place.PROFILE),
        customer=customer,
        reading=reading,
        items=_item_lines(request, items, reading),
        packs=tuple(_pack_line(pack, request) for pack in packs),
        clause=CLAUSES[request.kind],
        wording=reading.show("consent", request.wording).text if reading else request.wording,
        asker=str(ASKERS[request.asker]),
        policy=_policy(request),
        steps=tuple(_steps(request)),
        open_count=sum(item.decision == RightsItem.Decision.OPEN for item in items),
        needs_pack=request.kind in rules.WITH_PACK and granted and not packs,
        is_corrected=request.kind in CORRECTIONS,
        may_answer=viewer.has_perm("consent.answer_rightsrequest"),
        can_put_off=request.state in rules.OPEN_STATES and request.kind not in rules.NEVER_PUT_OFF,
    )


def _item_lines(request: RightsRequest, items: Sequence[RightsItem], reading: Reading | None) -> tuple[ItemLine, ...]:
    named, corrected = item_words(items, request.kind), request.kind in CORRECTIONS

    def of_customer(item: RightsItem, text: str) -> str:
        if not text or not corrected:
            return text
        return reading.show(item.item, text).text if reading else ""

    return tuple(
        ItemLine(
            item=item,
            name=named[item.item],
            decision=str(DECISIONS[item.decision]),
            tone=DECISION_TONES[item.decision],
            held=reading[item.item].text if corrected and reading else "",
            wish=of_customer(item, item.wish),
            clause=item.clause,
            explanation=item.explanation,
            until=formats.day(item.until),
            decided=_by(item.decided_by, item.decided_at),
        )
        for item in items
    )


def _pack_line(pack: AnswerPack, request: RightsRequest) -> PackLine:
    kinds = ((_kind_words(kind), formats.amount(count)) for kind, count in pack.counts.items())
    return PackLine(
        pack=pack,
        made=_by(pack.made_by, pack.made_at),
        destroy_on=formats.day(pack.destroy_on),
        destroyed=formats.moment(pack.destroyed_at),
        is_here=pack.sealed is not None,
        has_archive=request.kind == RightsRequest.Kind.PORTABILITY,
        kinds=tuple(kinds),
    )


def _kind_words(kind: str) -> str:
    """A kind in the words of the pack itself, which is Korean."""
    return pack_words.OWN_BLOCKS.get(kind) or title_of(kind)


def _policy(request: RightsRequest) -> tuple[tuple[str, str], ...]:
    policy = request.policy
    if not policy:
        return ()
    frozen = policy.get("texts", {})
    named = {purpose.code: name_of(purpose) for purpose in Purpose.objects.filter(code__in=frozen)}
    texts = ", ".join(f"{named.get(code, code)} v{number}" for code, number in frozen.items())
    days = policy.get("numbers", {}).get(rules.PERIODS[request.kind])
    return (
        (_("Frozen on"), formats.day(date.fromisoformat(policy["day"]))),
        (_("Days to answer"), formats.amount(days)),
        (_("Texts of consent"), texts),
        (_("Rules of retention"), f"v{policy.get('retention', 0)}"),
    )


def recipients_to_tell(request: RightsRequest, today: date) -> tuple[int, list[str]]:
    """(months, names) of those who received data in these months, and whom a corrected credit information is told to
    (신용정보법 제38조 제5항); nobody where nothing was corrected."""
    months = (request.policy.get("numbers") or numbers_on(today))["credit_recipients_months"]
    granted = request.items.filter(decision=RightsItem.Decision.GRANTED).exists()
    if request.kind != RightsRequest.Kind.CREDIT_CORRECTION or not granted:
        return months, []
    return months, [line.recipient for line in provisions_of(add_months(today, -months), today) if line.count]


def _steps(request: RightsRequest) -> list[tuple[str, str, str]]:
    """(what happened, when and by whom, what was said), in order."""
    steps = [(_("Recorded"), _by(request.recorded_by, request.recorded_at), str(VIAS[request.via]))]
    if request.identified_at:
        by = _by(request.identified_by, request.identified_at)
        steps.append((_("Identity checked"), by, request.identified_how))
    if request.accepted_at:
        steps.append((_("Request accepted"), formats.moment(request.accepted_at), ""))
    if request.extension_count:
        steps.append((_("Answer put off"), formats.day(request.due_on), request.extension_reason))
    if request.answered_at:
        by = _by(request.answered_by, request.answered_at)
        steps.append((str(STATES[request.state]), by, request.told_how))
    return steps


def _by(staff: Staff | None, at: datetime | None) -> str:
    return " · ".join(filter(None, (staff.name if staff else "", formats.moment(at))))
