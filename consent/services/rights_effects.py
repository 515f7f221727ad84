"""What granting an item does: the verbs of those who know how, each under the number of the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from django.utils import timezone

from accounts.models import Staff
from consent.models import ContactRefusal, DestructionBatch, Purpose, RightsItem, RightsRequest
from consent.reports.rights_kept import Kept, kept_by_law
from consent.rules.retention import Due
from consent.services.consents import withdraw
from consent.services.contact_refusals import AlreadyRefused, refuse_contact
from consent.services.retention_batches import propose_batch
from consent.words.rights import CLAUSES, SOLICITATION
from customers.golden.corrected import CORRECTABLE
from customers.models import Customer, ReasonCode
from customers.services.corrections import correct_value

Kind = RightsRequest.Kind


class KeptByLaw(Exception):
    """The law keeps what is to be deleted; it is to be refused with these reasons. args[0]: `Kept` rows."""

    def __init__(self, kept: tuple[Kept, ...]) -> None:
        super().__init__(kept)
        self.kept = kept


class NoValue(Exception):
    """A correction does not say what would be right."""


def carry_out(item: RightsItem, *, by: Staff, at: datetime) -> None:
    """Do what an item asks, within the transaction that grants it; of what is given out by a pack there is nothing to
    do here. Raises KeptByLaw, NoValue, customers.services.intake.CannotRead, locks.StockBusy and what else the verbs
    raise."""
    act = ACTS.get(Kind(item.request.kind))
    if act is not None and item.request.customer is not None:
        act(item, item.request.customer, by, at)


def _correct(item: RightsItem, customer: Customer, by: Staff, at: datetime) -> None:
    if not item.wish.strip():
        raise NoValue
    correct_value(
        customer=customer,
        values={CORRECTABLE[item.item][0]: item.wish},
        by=by,
        at=at,
        reason_code=ReasonCode.CUSTOMER_SAID,
        comment=item.request.number,
    )


def _delete(item: RightsItem, customer: Customer, by: Staff, at: datetime) -> None:
    """Everything goes by a batch, which a second person approves; optional consents are withdrawn at once, and what
    rests on them alone with them."""
    if item.item == "OPTIONAL":
        _withdraw_these(item, customer, optional_purposes(), by, at)
        return
    today = timezone.localdate(at)
    if kept := kept_by_law(customer, today):
        raise KeptByLaw(kept)
    clause = CLAUSES[item.request.kind]
    propose_batch(
        action=DestructionBatch.Action.DESTROY,
        origin=DestructionBatch.Origin.RIGHT,
        customers={customer.pk: Due("RIGHT", clause, None, today)},
        by=by,
        at=at,
        basis=f"{item.request.number}, {clause}",
    )


def _stop(item: RightsItem, customer: Customer, by: Staff, at: datetime) -> None:
    if item.item != SOLICITATION:
        _withdraw(item, customer, by, at)
        return
    with suppress(AlreadyRefused):  # one that stands since before is what was asked
        refuse_contact(
            customer=customer, kind=ContactRefusal.Kind.CREDIT_STOP, said_at=at, via=item.request.number, by=by, at=at
        )


def _withdraw(item: RightsItem, customer: Customer, by: Staff, at: datetime) -> None:
    _withdraw_these(item, customer, list(Purpose.objects.filter(code=item.item)), by, at)


def _withdraw_these(item: RightsItem, customer: Customer, purposes: list[Purpose], by: Staff, at: datetime) -> None:
    withdraw(customer=customer, by=by, at=at, purposes=purposes, via=item.request.number)


def optional_purposes() -> list[Purpose]:
    """Purposes that a customer may refuse without a disadvantage to the contract."""
    return list(Purpose.objects.filter(basis=Purpose.Basis.CONSENT, is_required=False).order_by("pk"))


ACTS: Mapping[str, Callable[[RightsItem, Customer, Staff, datetime], None]] = {
    Kind.CORRECTION: _correct,
    Kind.CREDIT_CORRECTION: _correct,
    Kind.DELETION: _delete,
    Kind.STOP: _stop,
    Kind.WITHDRAWAL: _withdraw,
}
