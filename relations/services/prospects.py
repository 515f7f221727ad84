"""Registering prospects: once in the whole company, with the consent of the person, for a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Branch, Staff
from accounts.trail import saw
from customers.models import Customer
from customers.services.intake import CannotRead
from customers.services.locks import hold_golden_soon
from customers.typed import Problem
from relations.models import Prospect, ProspectEvent
from relations.rules.prospects import (
    ITEMS,
    NEEDED,
    Wrong,
    is_too_young,
    receipt_number,
    wrong_with_consent,
    wrong_with_items,
)
from relations.services import disputes_raising as raising
from relations.services import prospects_taking as taking
from relations.services.prospects_checks import Answer, Word, look, note_answer, take_turn

State, Kind = Prospect.State, ProspectEvent.Kind


class UnfitConsent(Exception):
    """What was said of acquisition and consent does not carry a registration; `wrong` says why."""

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        super().__init__(*wrong)
        self.wrong = tuple(wrong)


class HoldsResidentNumber(Exception):
    """A resident number stands in what was typed; of prospects none is accepted anywhere."""


@dataclass(frozen=True)
class Acquisition:
    """Where a prospect comes from and what the person consented to. method: of `Prospect.ConsentMethod`; items: codes
    of the catalogue; expires_on: the last day on which the consent holds."""

    path: str
    acquired_on: date
    consented_on: date
    method: str
    evidence: str
    items: tuple[str, ...]
    expires_on: date
    path_note: str = ""


@dataclass(frozen=True)
class Registration:
    """What came of it: the answer of the check, and the prospect where one was registered or is before the desk."""

    answer: Answer
    prospect: Prospect | None


@transaction.atomic
def register_prospect(
    *, cells: Mapping[str, str], acquisition: Acquisition, by: Staff, at: datetime, statement: str = ""
) -> Registration:
    """Register a person as a prospect of `by`, if nobody is there already; the check runs again, one planner at a time.

    cells: {column of `rules.prospects.ITEMS`: text as typed}. statement: why the desk should look where somebody is
    there; without it such a person is refused, and nothing is kept. Raises UnfitConsent, HoldsResidentNumber,
    intake.CannotRead, prospects_checks.TooManyChecks, prospects_checks.TooManyOfNumber, locks.StockBusy.
    """
    person = _fit(cells, acquisition, statement, at)
    hold_golden_soon()
    mark = take_turn(cells=cells, by=by, at=at)
    answer = look(cells, by, at, is_timed=False)
    prospect = None
    if answer.word == Word.NONE:
        answer, prospect = _registered(person, acquisition, answer, by, at)
    if answer.word != Word.NONE and statement:
        prospect = _before_the_desk(person, acquisition, answer, statement, by, at)
    note_answer(answer.word, cells, mark, by, at)
    return Registration(answer, prospect)


def _fit(cells: Mapping[str, str], acquisition: Acquisition, statement: str, at: datetime) -> dict[str, object]:
    """The values of the person. Raises what `register_prospect` raises of its input."""
    if unknown := cells.keys() - ITEMS.keys():
        raise ValueError(f"{sorted(unknown)} are no columns of a prospect")
    texts = (*cells.values(), acquisition.path_note, acquisition.evidence, statement)
    if any(without_resident_numbers(text) != text for text in texts):
        raise HoldsResidentNumber
    person = taking.read_person(cells, at)
    if missing := [column for column in NEEDED if not person[column]]:
        raise CannotRead([Problem(column, "REQUIRED", is_used=False) for column in missing])
    today = timezone.localdate(at)
    wrong = wrong_with_consent(
        consented_on=acquisition.consented_on,
        acquired_on=acquisition.acquired_on,
        expires_on=acquisition.expires_on,
        on=today,
        most_days=settings.PROSPECT_MOST_DAYS,
    )
    wrong += wrong_with_items([column for column in ITEMS if person[column]], acquisition.items)
    born = person["birth_date"]
    if born and is_too_young(date.fromisoformat(born), today):
        wrong.append(Wrong.TOO_YOUNG)
    if wrong:
        raise UnfitConsent(wrong)
    return person


def _registered(
    person: Mapping[str, object], acquisition: Acquisition, answer: Answer, by: Staff, at: datetime
) -> tuple[Answer, Prospect | None]:
    """The prospect with record and keeper; where the engine takes the person for somebody, another answer instead."""
    prospect = _made(person, acquisition, answer, by, at)
    try:
        taken = taking.take_in(prospect, at=at, by=by)
    except taking.IsThere as found:
        return Answer(Word.EXISTS, _branch_of(found.args[0]), (), found.args[0]), None
    activate(prospect, record=taken.record, customer=taken.customer, at=at)
    prospect.save(force_insert=True)
    taking.write_event(prospect, Kind.REGISTERED, at=at, by=by)
    taking.keep(prospect, at=at, by=by)
    saw(prospect.customer_id)
    return answer, prospect


def activate(prospect: Prospect, *, record: object, customer: Customer, at: datetime) -> None:
    """Fill in what an active prospect has; the caller saves it."""
    protected = timezone.localdate(at) + timedelta(days=settings.PROSPECT_PROTECTION_DAYS)
    prospect.state, prospect.record, prospect.customer = State.ACTIVE, record, customer
    prospect.protected_until = min(protected, prospect.expires_on)


def _before_the_desk(
    person: Mapping[str, object],
    acquisition: Acquisition,
    answer: Answer,
    statement: str,
    by: Staff,
    at: datetime,
) -> Prospect:
    prospect = _made(person, acquisition, answer, by, at)
    prospect.save(force_insert=True)
    taking.write_event(prospect, Kind.REGISTERED, at=at, by=by)
    raising.raise_dispute(prospect=prospect, customer=answer.customer, statement=statement, by=by, at=at)
    return prospect


def _made(person: Mapping[str, object], acquisition: Acquisition, answer: Answer, by: Staff, at: datetime) -> Prospect:
    """A prospect that waits for review, not saved yet."""
    serial = taking.next_serial()
    return Prospect(
        pk=serial,
        number=receipt_number(serial),
        fp=by,
        branch=by.branch,
        **person,
        state=State.REVIEW,
        answer=answer.word,
        ask_branch=answer.ask,
        path=acquisition.path,
        path_note=acquisition.path_note,
        acquired_on=acquisition.acquired_on,
        consented_on=acquisition.consented_on,
        consent_method=acquisition.method,
        consent_evidence=acquisition.evidence,
        consent_items=list(acquisition.items),
        expires_on=acquisition.expires_on,
        registered_at=at,
    )


def _branch_of(customer: int) -> Branch | None:
    """The branch to ask about a customer; of a protected one it is not told."""
    held = Customer.objects.filter(pk=customer, protections=None).select_related("main_branch").first()
    return held.main_branch if held else None
