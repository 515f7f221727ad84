"""Prospects as their pages show them: names through the one read path, and nothing of a person once it has ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Branch, Staff
from customers import formats, masking
from customers.formats import amount
from customers.models import Customer
from customers.numbering import written_number
from customers.reading import Place, Reading, catalogue, label, prepare, read
from relations.models import Prospect, ProspectDispute, ProspectEvent
from relations.rules.prospects import ITEMS, urgency, written_receipt
from relations.services.prospects_checks import Answer, Word
from relations.words.prospects import COUNTDOWN_TONES, STATE_TONES, STATES_OF

STANDING = (Prospect.State.REVIEW, Prospect.State.ACTIVE)
GONE = (Prospect.State.EXPIRED, Prospect.State.RELEASED, Prospect.State.REFUSED)


@dataclass(frozen=True)
class ProspectLine:
    """A prospect in a list. name: '' once it has ended, or where its customer is hidden; countdown: how long the
    consent still holds, '' when it has ended; number, url: of the customer, '' where that may not be seen."""

    prospect: Prospect
    receipt: str
    name: str
    state: str
    tone: str
    registered: str
    expires: str
    protected: str
    countdown: str
    countdown_tone: str
    planner: str
    branch: str
    number: str
    url: str


@dataclass(frozen=True)
class SeenMatch:
    """A customer whom the asker sees anyhow, in an answer."""

    name: str
    number: str
    url: str
    keeper: str


@dataclass(frozen=True)
class AnswerReport:
    """The answer of a check: its word, whom to ask, and customers whom the asker sees anyhow."""

    word: str
    ask: str
    matches: tuple[SeenMatch, ...]

    @property
    def is_free(self) -> bool:
        return self.word == Word.NONE


@dataclass(frozen=True)
class Happened:
    """Something that happened to a prospect, in words."""

    what: str
    on: str
    by: str
    at: str


@dataclass(frozen=True)
class ProspectReport:
    """The page of one prospect. values: [(item, value as the reader may see it)]; left: items that were not carried
    when it became a customer."""

    line: ProspectLine
    values: tuple[tuple[str, str], ...]
    consent: tuple[str, ...]
    happened: tuple[Happened, ...]
    disputes: tuple[ProspectDispute, ...]
    left: tuple[str, ...]
    may_act: bool
    may_release: bool


def branches_of(viewer: Staff) -> QuerySet[Branch]:
    """The branches by which this person may narrow: none for those who see their own prospects alone."""
    if viewer.has_perm("customers.view_every_customer"):
        return Branch.objects.order_by("path")
    if viewer.branch_id is not None and viewer.has_perm("customers.view_branch_customers"):
        return Branch.objects.subtree_of(viewer.branch).order_by("path")
    return Branch.objects.none()


def with_people(prospects: QuerySet[Prospect]) -> QuerySet[Prospect]:
    """With whatever a line needs."""
    return prospects.select_related("fp", "branch", "customer__merged_into")


def narrowed(viewer: Staff, words: Mapping[str, object]) -> QuerySet[Prospect]:
    """The prospects that `viewer` may know of, narrowed. words: of `ProspectFilterForm`; a receipt is one prospect,
    whatever its state and the other words."""
    rows = Prospect.objects.visible_to(viewer)
    if words.get("receipt"):
        return rows.filter(number=words["receipt"])
    states = STATES_OF.get(str(words.get("state", "")))
    if states:
        rows = rows.filter(state__in=states)
    if words.get("branch"):
        rows = rows.filter(branch=words["branch"])
    if words.get("happened") or words.get("first") or words.get("last"):
        kind = words.get("happened") or ProspectEvent.Kind.REGISTERED
        events = ProspectEvent.objects.filter(prospect=OuterRef("pk"), kind=kind)
        rows = rows.filter(Exists(within(events, "at", words.get("first"), words.get("last"))))
    return rows


def within(rows: QuerySet, column: str, first: date | None, last: date | None) -> QuerySet:
    """Rows whose instant falls on these days in Korea, both included; without a bound where one is None."""
    if first:
        rows = rows.filter(**{f"{column}__gte": _midnight(first)})
    return rows.filter(**{f"{column}__lt": _midnight(last + timedelta(days=1))}) if last else rows


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=formats.KOREA)


def prospect_lines(
    prospects: Sequence[Prospect], viewer: Staff, at: datetime, place: Place = Place.LIST
) -> list[ProspectLine]:
    """Prospects as lines, in one query for whose customers may be seen. prospects: `with_people`."""
    readings = readings_of(prospects, viewer, place)
    today = at.astimezone(formats.KOREA).date()
    return [_line(prospect, readings.get(prospect.pk), viewer, today) for prospect in prospects]


def readings_of(prospects: Sequence[Prospect], viewer: Staff, place: Place) -> dict[int, Reading]:
    """{prospect id: its customer for this reader}, of those that have not ended and whose customer may be seen."""
    held = {
        prospect.pk: prospect.customer.merged_into or prospect.customer
        for prospect in prospects
        if prospect.customer_id and prospect.state not in GONE
    }
    asked = {customer.pk for customer in held.values()}
    visible = Customer.objects.visible_to(viewer).in_bulk(asked) if asked else {}
    prepare(viewer, list(visible.values()))
    return {pk: read(visible[customer.pk], viewer, place) for pk, customer in held.items() if customer.pk in visible}


def typed_name(prospect: Prospect, viewer: Staff) -> str:
    """The name of somebody who waits for the desk: whole for whoever typed it, masked for all others."""
    return prospect.name if prospect.fp_id == viewer.pk else masking.name(prospect.name)


def _line(prospect: Prospect, reading: Reading | None, viewer: Staff, today: date) -> ProspectLine:
    name = reading["name"].text if reading else ""
    if prospect.state == Prospect.State.REVIEW:
        name = typed_name(prospect, viewer)
    is_standing = prospect.state in STANDING
    days = (prospect.expires_on - today).days
    return ProspectLine(
        prospect=prospect,
        receipt=written_receipt(prospect.number),
        name=name,
        state=str(prospect.get_state_display()),
        tone=STATE_TONES[prospect.state],
        registered=formats.day(prospect.registered_at),
        expires=formats.day(prospect.expires_on),
        protected=formats.day(prospect.protected_until) if is_standing else "",
        countdown=_countdown(days) if is_standing else "",
        countdown_tone=COUNTDOWN_TONES[urgency(days)],
        planner=str(prospect.fp.name),
        branch=str(prospect.branch or ""),
        number=written_number(reading.customer.number) if reading else "",
        url=reading.customer.get_absolute_url() if reading else "",
    )


def _countdown(days: int) -> str:
    if days < 0:
        return _("over")
    if days == 0:
        return _("today is the last day")
    return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": amount(days)}


def prospect_report(prospect: Prospect, viewer: Staff, at: datetime) -> ProspectReport:
    """The page of one prospect. prospect: `with_people`."""
    reading = readings_of([prospect], viewer, Place.PROFILE).get(prospect.pk)
    line = _line(prospect, reading, viewer, at.astimezone(formats.KOREA).date())
    items = catalogue()
    events = list(prospect.events.select_related("by").order_by("pk"))
    converted = next((event for event in events if event.kind == ProspectEvent.Kind.CONVERTED), None)
    left = converted.details.get("left", ()) if converted else ()
    may_register = viewer.has_perm("relations.register_prospect")
    return ProspectReport(
        line=line,
        values=_values(prospect, reading, viewer),
        consent=tuple(label(code, items) for code in prospect.consent_items),
        happened=tuple(_happened(event) for event in reversed(events)),
        disputes=tuple(_disputes(prospect, viewer)),
        left=tuple(label(ITEMS[column], items) for column in left),
        may_act=may_register and prospect.state == Prospect.State.ACTIVE,
        may_release=may_register and prospect.state in STANDING,
    )


def _disputes(prospect: Prospect, viewer: Staff) -> QuerySet[ProspectDispute]:
    """The questions that its planner asked about it, or others asked."""
    visible = ProspectDispute.objects.visible_to(viewer)
    return (visible.filter(prospect=prospect) | visible.filter(against=prospect, kind="CLAIM")).order_by("-pk")


def _values(prospect: Prospect, reading: Reading | None, viewer: Staff) -> tuple[tuple[str, str], ...]:
    """What is known of the person, as far as this reader may see it."""
    items = catalogue()
    if reading is not None:
        shown = [(code, reading[code].text) for code in ITEMS.values()]
        return tuple((label(code, items), text) for code, text in shown if text)
    if prospect.state != Prospect.State.REVIEW:
        return ()
    name = (label("name", items), typed_name(prospect, viewer))
    if prospect.fp_id != viewer.pk:
        return (name,)
    # Whoever stands at the screen beside the planner learns no number of somebody whom the desk has not let in.
    return (name, (label("mobile", items), masking.phone(formats.phone(prospect.mobile))))


def _happened(event: ProspectEvent) -> Happened:
    by = event.by.name if event.by else _("by itself")
    return Happened(str(event.get_kind_display()), formats.day(event.on), by, formats.moment(event.at))


def answer_report(answer: Answer, viewer: Staff) -> AnswerReport:
    """The answer of a check in words, for whoever asked."""
    ids = [match.customer_id for match in answer.matches]
    customers = Customer.objects.visible_to(viewer).with_holders().in_bulk(ids) if ids else {}
    prepare(viewer, list(customers.values()))
    matches = tuple(_seen(customers[pk], viewer) for pk in ids if pk in customers)
    return AnswerReport(answer.word, str(answer.ask or ""), matches)


def _seen(customer: Customer, viewer: Staff) -> SeenMatch:
    return SeenMatch(
        name=read(customer, viewer, Place.SEARCH)["name"].text,
        number=written_number(customer.number),
        url=customer.get_absolute_url(),
        keeper=customer.keeper.name if customer.keeper else "",
    )
