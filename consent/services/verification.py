"""Verifications of the real name: recorded once, never changed; the gate follows (A58)."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from accounts.services.notices import notify_role
from consent.models import Verification
from consent.services.gate import regate_after
from consent.words.gate import MISMATCHES
from customers.models import Customer, Link
from customers.numbering import written_number
from customers.sealing import Sealer
from customers.standard import connecting_info

STEWARDS = "DATA_STEWARD"
OWN_INDEX = "verification.ci"


class CustomerGone(Exception):
    """The customer was merged, is kept apart or was destroyed."""


class VerifiedLater(Exception):
    """The verification is said to have happened after it was recorded."""


class ExpiredAlready(Exception):
    """The verification would hold no more on the day when it is recorded."""


class MismatchUnsaid(Exception):
    """A failed verification must say what did not agree, and a successful one must not."""


class ReferenceKnown(Exception):
    """The agency's reference was recorded before. verification: that one."""

    def __init__(self, verification: Verification) -> None:
        super().__init__()
        self.verification = verification


class NoConnectingInfo(Exception):
    """What was sent as connecting information is none: 64 bytes in base64."""


@transaction.atomic
def record_verification(
    *,
    customer: Customer,
    method: str,
    is_verified: bool,
    verified_at: datetime,
    by: Staff | None,
    at: datetime,
    agency: str = "",
    reference: str = "",
    mismatch: str = "",
    expires_on: date | None = None,
    evidence: str = "",
    evidence_digest: str = "",
    ci: str = "",
) -> Verification:
    """Record that the real name of a customer was compared, with success or without; the gate follows.

    mismatch: a key of `MISMATCHES`, of a failure. expires_on: the first day on which it holds no more. ci: connecting
    information, of which only a keyed hash is kept; where another customer has it, stewards are told and nothing is
    merged. Raises CustomerGone, VerifiedLater, ExpiredAlready, MismatchUnsaid, ReferenceKnown, NoConnectingInfo,
    ValueError for an unknown method or mismatch.
    """
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    _check(customer, is_verified, mismatch, verified_at, expires_on, at)
    verification = _enter(
        customer=customer,
        method=Verification.Method(method),
        agency=agency,
        reference=reference,
        is_verified=is_verified,
        mismatch=mismatch,
        verified_at=verified_at,
        expires_on=expires_on,
        evidence=without_resident_numbers(evidence.strip()),
        evidence_digest=evidence_digest.lower(),
        ci_digest=_digest(ci) if ci else None,
        recorded_by=by,
        recorded_at=at,
    )
    if ci:
        _tell_of_twins(verification, ci, at)
    regate_after(customers=[customer.pk], at=at, because="NAME_VERIFIED" if is_verified else "NAME_MISMATCH")
    return verification


def _check(
    customer: Customer, is_verified: bool, mismatch: str, verified_at: datetime, expires_on: date | None, at: datetime
) -> None:
    if not customer.is_active_customer:
        raise CustomerGone
    if verified_at > at:
        raise VerifiedLater
    if expires_on is not None and expires_on <= timezone.localdate(at):
        raise ExpiredAlready
    if is_verified == bool(mismatch):
        raise MismatchUnsaid
    if mismatch and mismatch not in MISMATCHES:
        raise ValueError(mismatch)


def _enter(**fields: object) -> Verification:
    known = Verification.objects.filter(agency=fields["agency"], reference=fields["reference"]).exclude(reference="")
    if found := known.first():
        raise ReferenceKnown(found)
    try:
        with transaction.atomic():
            return Verification.objects.create(**fields)
    except IntegrityError as problem:  # somebody else recorded the reference in the same moment
        if found := known.first():
            raise ReferenceKnown(found) from problem
        raise


def _canonical(ci: str) -> str:
    form = connecting_info(ci)
    if not form.value or set(form.problems) - {"PLUS_LOST"}:
        raise NoConnectingInfo
    return form.value


def _digest(ci: str) -> bytes:
    """A hash of its own, so that nobody finds the records, and resident numbers in them, by it (망법 §23의6②)."""
    return Sealer(settings.KEYS).index(OWN_INDEX, _canonical(ci))


def _tell_of_twins(verification: Verification, ci: str, at: datetime) -> None:
    """Tell stewards of other customers who have the same connecting information, verified here or sent by a source."""
    own = verification.customer_id
    verified = Verification.objects.filter(ci_digest=bytes(verification.ci_digest), customer__state="ACTIVE")
    sent = Link.objects.filter(
        record__ci_index=Sealer(settings.KEYS).index("ci", _canonical(ci)), customer__state="ACTIVE"
    )
    twins = {*verified.values_list("customer", flat=True), *sent.values_list("customer", flat=True)} - {own}
    first = Customer.objects.get(pk=own)
    for second in Customer.objects.filter(pk__in=twins).order_by("pk"):
        numbers = {"first": written_number(first.number), "second": written_number(second.number)}
        notify_role(role=STEWARDS, kind="SAME_CI", at=at, what=numbers, url=first.get_absolute_url())
