"""Breaches: recording one, completing its words, confirming or clearing a possible one, report, posting, closing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from accounts.services.notices import notify_role
from consent.models import Breach, BreachNotice
from consent.numbers import numbers_on
from consent.reports.breaches import duties_of
from consent.rules.breaches import POSSIBLE
from consent.words.breaches import DUTIES

PRIVACY = "PRIVACY_OFFICER"
NUMBER_LOCK = 5_190_470  # two who record a breach in the same moment get two numbers
WORDS = ("circumstances", "protection", "response", "contact")


class KnownLater(Exception):
    """A breach cannot become known in the future."""


class HappenedAfter(Exception):
    """A breach cannot have happened after it became known."""


class NotOpen(Exception):
    """The breach is closed or cleared."""


class WordsSent(Exception):
    """Somebody was told by these words already, so that they must stay."""


class NotPossible(Exception):
    """Only a breach that is possible and not confirmed can be confirmed or cleared."""


class ReasonMissing(Exception):
    """It must be said why."""


class InstantWrong(Exception):
    """The instant or day lies in the future, or before the breach became known."""


class DutiesOpen(Exception):
    """What the law asks was not done and no reason is given; `codes` says what."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = list(codes)
        super().__init__(self.codes)


@transaction.atomic
def record_breach(
    *,
    kind: str,
    known_at: datetime,
    happened_at: datetime | None,
    circumstances: str,
    by: Staff | None,
    at: datetime,
    items: Sequence[str] = (),
    protection: str = "",
    response: str = "",
    contact: str = "",
    by_hacking: bool = False,
    has_credit_data: bool = True,
    affected_count: int = 0,
) -> Breach:
    """Note a breach and start its clock, which runs from `known_at`; the privacy officer is told at once.

    affected_count: people, as far as it can be estimated before there is a list. What people are told may be completed
    later. Raises KnownLater, HappenedAfter.
    """
    if known_at > at:
        raise KnownLater
    if happened_at is not None and happened_at > known_at:
        raise HappenedAfter
    hours = numbers_on(timezone.localdate(known_at))["breach_hours"]
    told = {"circumstances": circumstances, "protection": protection, "response": response, "contact": contact}
    breach = Breach.objects.create(
        number=_next_number(timezone.localdate(at).year),
        kind=kind,
        known_at=known_at,
        happened_at=happened_at,
        due_at=known_at + timedelta(hours=hours),
        items=list(items),
        by_hacking=by_hacking,
        has_credit_data=has_credit_data,
        affected_count=affected_count,
        recorded_by=by,
        recorded_at=at,
        **{name: without_resident_numbers(words.strip()) for name, words in told.items()},
    )
    notify_role(role=PRIVACY, kind="BREACH_RECORDED", at=at, what={"number": breach.number}, url=address_of(breach))
    return breach


def address_of(breach: Breach) -> str:
    """The page of a breach."""
    return reverse("consent:breach-detail", args=[breach.pk])


def _next_number(year: int) -> str:
    """BREACH-2026-0001."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBER_LOCK])
    head = f"BREACH-{year}-"
    newest = Breach.objects.filter(number__startswith=head).order_by("-number").values_list("number", flat=True).first()
    return f"{head}{int(newest.removeprefix(head)) + 1 if newest else 1:04}"


def locked(breach: Breach) -> Breach:
    """The breach, held until the transaction ends. Raises NotOpen."""
    breach = Breach.objects.select_for_update().get(pk=breach.pk)
    if breach.state != Breach.State.OPEN:
        raise NotOpen
    return breach


@transaction.atomic
def revise_breach(
    *,
    breach: Breach,
    items: Sequence[str],
    words: Mapping[str, str],
    by_hacking: bool,
    has_credit_data: bool,
    affected_count: int,
    by: Staff,
    at: datetime,
) -> Breach:
    """Complete what is known. words: circumstances, protection, response, contact, which people are told.

    Raises NotOpen, and WordsSent where items or words would change after somebody was told.
    """
    breach = locked(breach)
    said = {name: without_resident_numbers(words[name].strip()) for name in WORDS}
    is_changed = list(items) != breach.items or any(getattr(breach, name) != text for name, text in said.items())
    if is_changed and breach.notices.exclude(sent_at=None).exists():
        raise WordsSent
    for name, text in said.items():
        setattr(breach, name, text)
    breach.items, breach.by_hacking, breach.has_credit_data = list(items), by_hacking, has_credit_data
    breach.affected_count = max(affected_count, breach.notices.count())
    breach.save(update_fields=[*WORDS, "items", "by_hacking", "has_credit_data", "affected_count"])
    return breach


@transaction.atomic
def confirm_breach(*, breach: Breach, kind: str, by: Staff, at: datetime) -> Breach:
    """What was possible happened. kind: what it turned out to be; the clock goes on. Raises NotOpen, NotPossible."""
    breach = locked(breach)
    if breach.kind != POSSIBLE or kind == POSSIBLE:
        raise NotPossible
    breach.kind = kind
    breach.save(update_fields=["kind"])
    return breach


@transaction.atomic
def clear_breach(*, breach: Breach, reason: str, by: Staff, at: datetime) -> Breach:
    """What was possible has not happened. Raises NotOpen, NotPossible, ReasonMissing."""
    breach = locked(breach)
    if breach.kind != POSSIBLE:
        raise NotPossible
    if not reason.strip():
        raise ReasonMissing
    return _end(breach, Breach.State.CLEARED, reason.strip(), by, at)


@transaction.atomic
def report_breach(*, breach: Breach, reported_at: datetime, reference: str, by: Staff, at: datetime) -> Breach:
    """Note that the authorities were told, under which reference. Raises NotOpen, InstantWrong."""
    breach = locked(breach)
    if not breach.known_at <= reported_at <= at:
        raise InstantWrong
    breach.reported_at, breach.report_reference = reported_at, without_resident_numbers(reference.strip())
    breach.save(update_fields=["reported_at", "report_reference"])
    return breach


@transaction.atomic
def post_breach(*, breach: Breach, posted_on: date, by: Staff, at: datetime) -> Breach:
    """Note since when the website tells of it, for those who cannot be reached. Raises NotOpen, InstantWrong."""
    breach = locked(breach)
    if not timezone.localdate(breach.known_at) <= posted_on <= timezone.localdate(at):
        raise InstantWrong
    breach.posted_on = posted_on
    breach.save(update_fields=["posted_on"])
    return breach


@transaction.atomic
def close_breach(*, breach: Breach, note: str, reasons: Mapping[str, str], by: Staff, at: datetime) -> Breach:
    """Close a breach when everything that the law asks is done, or its not being done is explained.

    reasons: {code of a duty: why it was not done}. Raises NotOpen, ReasonMissing without a note, DutiesOpen; a possible
    breach is confirmed or cleared first, whatever the reasons.
    """
    breach = locked(breach)
    if not note.strip():
        raise ReasonMissing
    unmet = [duty for duty in duties_of(breach, at) if not duty.is_met]
    open_ = [duty.code for duty in unmet if duty.code == "CONFIRM" or not reasons.get(duty.code, "").strip()]
    if open_:
        raise DutiesOpen(open_)
    told = [f"{DUTIES[duty.code]}: {reasons[duty.code].strip()}" for duty in unmet]
    return _end(breach, Breach.State.CLOSED, "\n".join([note.strip(), *told]), by, at)


def _end(breach: Breach, state: str, note: str, by: Staff, at: datetime) -> Breach:
    breach.state, breach.closing = state, without_resident_numbers(note)
    breach.closed_by, breach.closed_at = by, at
    breach.save(update_fields=["state", "closing", "closed_by", "closed_at"])
    return breach


def count_affected(breach: Breach) -> None:
    """Let the number of the affected be that of the list, once there is one."""
    count = BreachNotice.objects.filter(breach=breach).count()
    if count and count != breach.affected_count:
        breach.affected_count = count
        breach.save(update_fields=["affected_count"])
