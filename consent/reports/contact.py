"""Contacts of one customer as people read them: may we now, what was refused, what stands against it, every answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Staff
from consent.models import Channel, Circumstance, ContactDecision, ContactRefusal
from consent.reports.contact_facts import PurposeRef, Standing, consents_of, facts_of, standing_of
from consent.rules.contact import CHANNELS, Reason, Verdict, decide
from consent.state import Held, Key
from consent.words import contact as words
from customers.formats import day as written_day
from customers.formats import moment
from customers.models import Customer
from customers.numbering import written_number
from customers.reading import Place, Reading, prepare, read

SHOWN_CHANNELS = tuple(channel for channel in CHANNELS if channel != "FAX")  # no fax number is held of anybody
# What stands against every contact whatever the channel, and is told once above all.
GRAVE = (
    *(Reason.DECEASED, Reason.DESTROYED, Reason.SEPARATED, Reason.MERGED),
    *(Reason.DO_NOT_CONTACT, Reason.CREDIT_STOP, Reason.COMPLAINT, Reason.CLAIM),
)
KEYS = ("SERVICE", "MARKETING")


@dataclass(frozen=True)
class Cell:
    """An answer of now. text: yes or why not, as the reader may see it; words: what may be said to the customer."""

    is_allowed: bool
    reason: str
    text: str
    words: str
    clause: str

    @property
    def tone(self) -> str:
        return words.TONES[self.is_allowed]

    @property
    def icon(self) -> str:
        return "check" if self.is_allowed else "ban"


@dataclass(frozen=True)
class ChannelLine:
    """One channel: may we reach the customer for service, and for solicitation; None where there is no such purpose."""

    code: str
    label: str
    service: Cell | None
    solicitation: Cell | None


@dataclass(frozen=True)
class ContactNow:
    """May we contact at this instant. grave: what stands against solicitation by whatever channel, '' for nothing."""

    lines: tuple[ChannelLine, ...]
    grave: str
    is_shown: bool

    @property
    def open_count(self) -> int:
        """By how many channels solicitation is allowed."""
        return sum(line.solicitation is not None and line.solicitation.is_allowed for line in self.lines)


def contact_now(
    customer: Customer, reading: Reading, at: datetime, answers: Mapping[Key, Held] | None = None
) -> ContactNow:
    """The answers for every channel at `at`; nothing is recorded, since nobody asks to contact.

    answers: what `consent.state.held` says of the customer then, where that is known. One query, two without answers.
    """
    standing = standing_of(customer, at)
    purposes = {key: _first(standing, key) for key in KEYS}
    consents = answers
    if consents is None:
        consents = consents_of(standing, [each for each in purposes.values() if each])
    lines, reasons = [], []
    for channel in SHOWN_CHANNELS:
        cells = {}
        for key, purpose in purposes.items():
            verdict = decide(facts_of(standing, consents, purpose, channel)) if purpose else None
            cells[key] = cell_of(verdict, reading, standing.survivor) if verdict else None
            reasons += [verdict.reason] if verdict else []
        lines.append(ChannelLine(channel, str(Channel(channel).label), cells["SERVICE"], cells["MARKETING"]))
    grave = next((reason for reason in GRAVE if reason in reasons), None)
    told = reading.show("consent", words.why(grave)).text if grave else ""
    return ContactNow(tuple(lines), told, bool(reading.show("consent", "-").text))


def _first(standing: Standing, kind: str) -> PurposeRef | None:
    open_purposes = (each for each in standing.purposes if each.kind == kind and not each.is_closed(standing.day))
    return next(open_purposes, None)


def cell_of(verdict: Verdict, reading: Reading, survivor: str = "") -> Cell:
    """A verdict as this reader may see it. survivor: the number that the customer was merged into."""
    spoken = verdict if verdict.words else words.told(verdict, survivor)
    return Cell(
        is_allowed=verdict.is_allowed,
        reason=str(verdict.reason),
        text=reading.show("consent", words.why(verdict.reason)).text,
        words=reading.show("consent", spoken.words).text,
        clause=verdict.clause,
    )


@dataclass(frozen=True)
class RefusalLine:
    """A refusal. number: of the merged customer under which it was said, '' for the customer's own; due: until when the
    result is told, '' where it was told or taken back."""

    pk: int
    kind: str
    label: str
    channel: str
    channel_label: str
    said: str
    via: str
    by: str
    told: str
    due: str
    is_late: bool
    lifted: str
    because: str
    number: str


def family_of(customer: Customer) -> Q:
    """Rows of the customer and of every number merged into it."""
    return Q(customer=customer) | Q(customer__merged_into=customer)


def refusal_lines(customer: Customer, reading: Reading, days: int, today: date) -> list[RefusalLine]:
    """Refusals of a customer and its merged numbers, those that stand first, newest first. days: to tell the result."""
    rows = ContactRefusal.objects.filter(family_of(customer)).select_related("recorded_by", "customer")
    ordered = sorted(rows.order_by("-said_at", "-pk"), key=lambda row: row.lifted_at is not None)
    return [_refusal_line(row, customer, reading, days, today) for row in ordered]


def _refusal_line(row: ContactRefusal, customer: Customer, reading: Reading, days: int, today: date) -> RefusalLine:
    is_due = row.answered_at is None and row.lifted_at is None
    due = timezone.localdate(row.said_at) + timedelta(days=days)
    return RefusalLine(
        pk=row.pk,
        kind=row.kind,
        label=reading.show("consent", str(row.get_kind_display())).text,
        channel=row.channel,
        channel_label=channel_label(row.channel),
        said=moment(row.said_at),
        via=reading.show("consent", row.said_via).text,
        by=row.recorded_by.name if row.recorded_by else "",
        told=moment(row.answered_at),
        due=written_day(due) if is_due else "",
        is_late=is_due and due < today,
        lifted=moment(row.lifted_at),
        because=reading.show("consent", row.lifted_because).text,
        number="" if row.customer_id == customer.pk else written_number(row.customer.number),
    )


def channel_label(channel: str) -> str:
    """A channel in words; ANY means all of them here."""
    return str(words.ALL_CHANNELS) if channel == Channel.ANY else str(Channel(channel).label)


@dataclass(frozen=True)
class CircumstanceLine:
    """What stands, or stood, against contacting a customer."""

    pk: int
    label: str
    tone: str
    channel: str
    since: str
    until: str
    reference: str
    by: str
    is_open: bool
    number: str


def circumstance_lines(customer: Customer, reading: Reading) -> list[CircumstanceLine]:
    """Circumstances of a customer and its merged numbers, those that last first, newest first."""
    rows = Circumstance.objects.filter(family_of(customer)).select_related("recorded_by", "customer")
    ordered = sorted(rows.order_by("-started_on", "-pk"), key=lambda row: row.ended_at is not None)
    return [
        CircumstanceLine(
            pk=row.pk,
            label=reading.show("consent", str(row.get_kind_display())).text,
            tone=words.CIRCUMSTANCE_TONES[row.kind],
            channel="" if row.channel == Channel.ANY else str(row.get_channel_display()),
            since=written_day(row.started_on),
            until=written_day(row.ended_on),
            reference=reading.show("consent", row.reference).text,
            by=row.recorded_by.name if row.recorded_by else "",
            is_open=row.ended_at is None,
            number="" if row.customer_id == customer.pk else written_number(row.customer.number),
        )
        for row in ordered
    ]


@dataclass(frozen=True)
class DecisionLine:
    """An answer that was given. number, url, name: empty where the reader may not see the customer."""

    at: str
    contact_at: str
    purpose: str
    channel: str
    is_allowed: bool
    why: str
    by: str
    number: str
    url: str
    name: str

    @property
    def tone(self) -> str:
        return words.TONES[self.is_allowed]


def decisions() -> QuerySet[ContactDecision]:
    """Answers with what their lines need."""
    return ContactDecision.objects.select_related("purpose", "asked_by", "ask__asked_by")


def decision_lines(rows: Sequence[ContactDecision], viewer: Staff) -> list[DecisionLine]:
    """Answers about customers, in one query for the customers whom the viewer may see."""
    readings = _readings({row.customer_id for row in rows}, viewer)
    return [_decision_line(row, readings.get(row.customer_id)) for row in rows]


def _readings(customers: Iterable[int], viewer: Staff) -> Mapping[int, Reading]:
    found = list(Customer.objects.visible_to(viewer).with_holders().filter(pk__in=customers))
    prepare(viewer, found)
    return {customer.pk: read(customer, viewer, Place.LIST) for customer in found}


def _decision_line(row: ContactDecision, reading: Reading | None) -> DecisionLine:
    customer = reading.customer if reading else None
    asker = row.ask.asked_by if row.ask else row.asked_by
    return DecisionLine(
        at=moment(row.decided_at),
        contact_at=moment(row.contact_at),
        purpose=str(words.purpose_name(row.purpose)),
        channel=str(row.get_channel_display()),
        is_allowed=row.is_allowed,
        why=reading.show("consent", words.why(row.reason)).text if reading else "",
        by=asker.name if asker else "",
        number=written_number(customer.number) if customer else "",
        url=customer.get_absolute_url() if customer else "",
        name=reading["name"].text if reading else "",
    )


def due_refusals(viewer: Staff) -> QuerySet[ContactRefusal]:
    """Refusals whose result was not told, of the customers whom the viewer may see; each once, under the customer."""
    visible = Customer.objects.visible_to(viewer).filter(state=Customer.State.ACTIVE)
    waiting = ContactRefusal.objects.filter(answered_at=None, lifted_at=None, customer__in=visible)
    return waiting.select_related("recorded_by", "customer__main_branch", "customer__keeper")


@dataclass(frozen=True)
class DueLine:
    """A refusal whose result is to be told."""

    refusal: RefusalLine
    name: str
    number: str
    raw_number: str


def due_lines(rows: Sequence[ContactRefusal], viewer: Staff, days: int, today: date) -> list[DueLine]:
    """Refusals of `due_refusals` as lines."""
    prepare(viewer, [row.customer for row in rows])
    lines = []
    for row in rows:
        reading = read(row.customer, viewer, Place.LIST)
        line = _refusal_line(row, row.customer, reading, days, today)
        lines.append(DueLine(line, reading["name"].text, written_number(row.customer.number), row.customer.number))
    return lines
