"""Customers whom nobody keeps (고아고객): counted by reason, those that a person explained apart from the others.

An orphan is an active customer with a contract in force, or an active prospect, who has no keeper, or one whom nobody
knows, or one who does not work here any more. Who has neither is nobody's duty yet, and no orphan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.models import Staff
from customers import formats
from customers.models import Contract, ContractParty, Customer, Link
from customers.numbering import written_number
from customers.querysets import CustomerQuerySet
from customers.reading import Place, prepare, read
from relations.models import OrphanNote, Prospect

NOBODY, UNKNOWN, LEFT = "NOBODY", "UNKNOWN", "LEFT"
REASONS = (NOBODY, UNKNOWN, LEFT)


@dataclass(frozen=True)
class OrphanCounts:
    """How many customers nobody keeps: by reason, without those explained; `explained`: those with a standing note."""

    by_reason: dict[str, int]
    explained: int

    @property
    def open(self) -> int:
        return sum(self.by_reason.values())


@dataclass(frozen=True)
class OrphanLine:
    """A customer whom nobody keeps, in a list. code: of the keeper that the sources name, '' for none."""

    pk: int
    number: str
    url: str
    name: str
    grade: str
    branch: str
    reason: str
    code: str
    note: OrphanNote | None
    until: str


def orphans_among(customers: CustomerQuerySet, *, on: date) -> CustomerQuerySet:
    """Those of these customers whom nobody keeps, with `reason`, one of REASONS, and `is_explained` on that day."""
    named = Staff.objects.filter(employee_number=OuterRef("keeper_id"))
    note = OrphanNote.objects.filter(customer=OuterRef("pk"), ended_at=None, until__gte=on)
    reason = Case(When(keeper=None, then=Value(NOBODY)), When(Exists(named), then=Value(LEFT)), default=Value(UNKNOWN))
    alone = customers.filter(~Exists(named.filter(is_active=True)), state=Customer.State.ACTIVE)
    needs = Exists(live_contracts()) | Exists(Prospect.objects.filter(customer=OuterRef("pk"), state="ACTIVE"))
    return alone.filter(needs).annotate(reason=reason, is_explained=Exists(note))


def live_contracts() -> QuerySet[Link]:
    """Ties of the customer of the outer query to contracts in force."""
    contract = Contract.objects.filter(
        source=OuterRef("source"), contract_no=OuterRef("contract_no"), status__in=Contract.LIVE_STATUSES
    )
    party = ContractParty.objects.filter(
        Exists(contract), source=OuterRef("record__source"), party_source_key=OuterRef("record__source_key")
    )
    return Link.objects.filter(Exists(party), customer=OuterRef("pk"))


def orphan_counts(viewer: Staff, *, on: date) -> OrphanCounts:
    """The orphans among those whom `viewer` may see, in one query."""
    rows = orphans_among(Customer.objects.visible_to(viewer), on=on)
    counted = rows.order_by().values("reason", "is_explained").annotate(count=Count("pk"))
    by_reason, explained = dict.fromkeys(REASONS, 0), 0
    for row in counted:
        if row["is_explained"]:
            explained += row["count"]
        else:
            by_reason[row["reason"]] += row["count"]
    return OrphanCounts(by_reason, explained)


def narrowed(rows: CustomerQuerySet, *, reason: str, explained: str) -> CustomerQuerySet:
    """Orphans of one reason, '' for all; explained: 'yes' for those only, 'all' for both, anything else for none."""
    if reason in REASONS:
        rows = rows.filter(reason=reason)
    if explained != "all":
        rows = rows.filter(is_explained=explained == "yes")
    return rows


def orphan_lines(customers: Sequence[Customer], viewer: Staff, *, on: date) -> list[OrphanLine]:
    """Customers of `orphans_among`, with their branch, as lines; one query more for the notes."""
    prepare(viewer, customers)
    standing = OrphanNote.objects.filter(Q(until__gte=on), customer__in=customers, ended_at=None)
    notes = {note.customer_id: note for note in standing}
    return [_line(customer, viewer, notes.get(customer.pk)) for customer in customers]


def _line(customer: Customer, viewer: Staff, note: OrphanNote | None) -> OrphanLine:
    return OrphanLine(
        pk=customer.pk,
        number=written_number(customer.number),
        url=customer.get_absolute_url(),
        name=read(customer, viewer, Place.LIST)["name"].text,
        grade=str(customer.get_grade_display()),
        branch=str(customer.main_branch or ""),
        reason=customer.reason,
        code=customer.keeper_id or "",
        note=note,
        until=formats.day(note.until) if note else "",
    )
