"""Plain builders of what contacts need: customers with answers, refusals, registrations, stops."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import count

from accounts.models import Staff
from consent.models import (
    Circumstance,
    Consent,
    ContactRefusal,
    ContactStop,
    DoNotCallNumber,
    Purpose,
    Receipt,
)
from consent.reports.contact_facts import digests_of
from consent.rules.contact import KOREA, POINTS, SERVICE_BASES, DoNotCall, Facts, born_after
from customers.models import Customer
from tests.consent.contact_cases import EVERY_POINT, KST, Case
from tests.customers.builders import make_customer, make_retired

LONG_AGO = datetime(2025, 1, 2, 10, tzinfo=KST)
NUMBERS = count(1)
RECEIPTS = count(1)


def points(names: tuple[str, ...] = EVERY_POINT) -> dict[str, str]:
    """Contact points of one's own."""
    number = next(NUMBERS)
    every = {
        "mobile": f"010{77_000_000 + number}",
        "phone_home": f"02{7_700_000 + number}",
        "email": f"reach{number}@planted.example",
        "address": f"서울특별시 종로구 새누리로 {number}",
    }
    return {name: every[name] for name in names}


def make_reachable(**fields: object) -> Customer:
    """An adult in scope with every contact point."""
    return make_customer(**{"gate": "IN_SCOPE", "birth_date": date(1985, 3, 2)} | points() | fields)


def say(
    customer: Customer,
    answer: str = "GIVEN",
    *,
    purpose: str = "MARKETING",
    channel: str = "SMS",
    at: datetime = LONG_AGO,
    role: str = "SELF",
    expires_on: date | None = None,
) -> Consent:
    """An answer to a purpose."""
    receipt = Receipt.objects.create(
        number=f"T{next(RECEIPTS):09}", customer=customer, method="PAPER", proof=1, by_role=role, answered_at=at,
        recorded_at=at,
    )  # fmt: skip
    return Consent.objects.create(
        receipt=receipt, customer=customer, purpose=Purpose.objects.get(code=purpose), channel=channel, answer=answer,
        at=at, expires_on=expires_on, recorded_at=at,
    )  # fmt: skip


def refuse(customer: Customer, kind: str = "DO_NOT_CONTACT", channel: str = "ANY", at: datetime = LONG_AGO) -> None:
    ContactRefusal.objects.create(customer=customer, kind=kind, channel=channel, said_at=at, recorded_at=at)


def register(phone: str, until: date, customer: Customer | None = None, **fields: object) -> DoNotCallNumber:
    """A telephone number on the do-not-call register."""
    defaults = {"phone_digest": digests_of([phone])[0], "registered_on": until - timedelta(days=730)}
    return DoNotCallNumber.objects.create(customer=customer, expires_on=until, **defaults | fields)


def stop(purpose: str = "", channel: str = "ANY", *, by: Staff | None = None, at: datetime = LONG_AGO) -> ContactStop:
    found = Purpose.objects.get(code=purpose) if purpose else None
    return ContactStop.objects.create(purpose=found, channel=channel, reason="점검", started_at=at, started_by=by)


def purpose_of(code: str) -> Purpose:
    return Purpose.objects.get(code=code)


def plant_case(case: Case) -> Customer:
    """The customer of a case, with everything that the case says."""
    customer = make_customer(gate=case.gate, birth_date=case.born, **points(case.points))
    channel = case.channel if purpose_of(case.purpose).channels else "ANY"
    _say(customer, case.said, case, purpose=case.purpose, channel=channel, role=case.role)
    _say(customer, case.night, case, purpose="NIGHT_ADVERTISING", channel=case.channel)
    for kind, way in case.refusals:
        refuse(customer, kind, way)
    for kind, way in case.circumstances:
        Circumstance.objects.create(
            customer=customer, kind=kind, channel=way, started_on=LONG_AGO.date(), recorded_at=LONG_AGO
        )
    if case.listed:
        register(customer.mobile, case.listed)
    for purpose, way in case.stops:
        stop(purpose, way)
    if case.closed_on:
        Purpose.objects.filter(code=case.purpose).update(closed_on=case.closed_on)
    _move_to(customer, case.state)
    customer.refresh_from_db()
    return customer


def _say(customer: Customer, answer: str, case: Case, **more: object) -> None:
    if answer == "LAPSED":
        say(customer, expires_on=case.at.astimezone(KOREA).date(), **more)
    elif answer:
        say(customer, answer, **more)


def _move_to(customer: Customer, state: str) -> None:
    rows = Customer.objects.filter(pk=customer.pk)
    if state == "MERGED":
        rows.update(state=state, merged_into=make_customer(), merged_at=LONG_AGO)
    elif state == "SEPARATED":
        rows.update(state=state, separated_at=LONG_AGO)
    elif state == "DESTROYED":
        rows.update(state=state, destroyed_at=LONG_AGO)


def merge_into(survivor: Customer, *, at: datetime = LONG_AGO, **fields: object) -> Customer:
    """A number that was merged into this customer, with contact points of its own."""
    return make_retired(survivor, at=at, **points() | fields)


def facts_of_case(case: Case, seeded: Mapping[str, tuple[str, str, tuple[str, ...]]]) -> Facts:
    """What the rules are told of a case. seeded: {purpose: (basis, clause, channels)}."""
    basis, clause, _channels = seeded[case.purpose]
    day = case.at.astimezone(KOREA).date()
    kinds = {kind for kind, _way in case.circumstances}
    refused = {kind for kind, way in case.refusals if way in ("ANY", case.channel)}
    register_says = DoNotCall.NOT_ON
    if case.listed:
        register_says = DoNotCall.ON if case.listed > day else DoNotCall.EXPIRED
    return Facts(
        channel=case.channel,
        at=case.at,
        is_service=basis in SERVICE_BASES,
        clause=clause,
        state=case.state,
        is_deceased="DECEASED" in kinds,
        is_stopped=any(purpose in ("", case.purpose) and way in ("ANY", case.channel) for purpose, way in case.stops),
        is_purpose_closed=case.closed_on is not None and case.closed_on <= day,
        do_not_call=register_says,
        has_refused_contact="DO_NOT_CONTACT" in refused,
        has_credit_stop="CREDIT_STOP" in refused,
        has_opted_out="OPT_OUT" in refused,
        consent=case.said,
        is_in_scope=case.gate == "IN_SCOPE",
        is_child=case.born is not None and case.born > born_after(day, 14),
        is_by_representative=case.role == "LEGAL_REP",
        has_complaint="COMPLAINT" in kinds,
        has_claim="CLAIM" in kinds,
        night_consent=case.night,
        has_point=bool(set(POINTS[case.channel]) & set(case.points)),
        is_point_dead=("DEAD_CONTACT", case.channel) in case.circumstances,
    )
