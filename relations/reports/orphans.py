"""Customers whom nobody keeps (고아고객): counted by reason, those that a person explained apart from the others.

An orphan is an active customer with a contract in force, or an active prospect, who has no keeper, or one whom nobody
knows, or one who does not work here any more. Who has neither is nobody's duty yet, and no orphan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from time import perf_counter

from django.core.cache import cache
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.models import Staff
from customers import formats
from customers.models import Contract, ContractParty, Customer, Link
from customers.numbering import written_number
from customers.querysets import CustomerQuerySet
from customers.reading import Place, prepare, read
from relations.late import within
from relations.models import OrphanNote, Prospect
from relations.querysets import one_by_one

NOBODY, UNKNOWN, LEFT = "NOBODY", "UNKNOWN", "LEFT"
REASONS = (NOBODY, UNKNOWN, LEFT)
COUNTED_KEY = "relations.orphans.%s.%d"
LONG_KEY = "relations.orphans.long.%d"
LONG = 0.5  # seconds; what takes less is counted anew each time, and nobody waits longer for a page to begin
LONG_SECONDS = 24 * 60 * 60  # that counting takes long is remembered
KEPT_TIMES = 100  # as long as the counting took
FEW = 5_000


@dataclass(frozen=True)
class OrphanCounts:
    """How many customers nobody keeps: by reason, without those explained; `explained`: those with a standing note."""

    by_reason: dict[str, int]
    explained: int

    @property
    def open(self) -> int:
        return sum(self.by_reason.values())


@dataclass(frozen=True)
class Lately:
    """What was found when orphans were counted. few: the ids of all of them, where counting takes long and they are not
    many; a page finds them quickly by no other way."""

    counts: OrphanCounts
    few: tuple[int, ...] | None

    def among(self, customers: CustomerQuerySet) -> CustomerQuerySet:
        """Those of these customers among whom orphans are to be looked for."""
        return customers if self.few is None else customers.filter(pk__in=self.few)


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


def orphans_among(customers: CustomerQuerySet, *, on: date, is_page: bool = False) -> CustomerQuerySet:
    """Those of these customers whom nobody keeps, with `reason`, one of REASONS, and `is_explained` on that day.

    is_page: only the first few are read, so that one customer after the other is asked about instead of the whole stock
    at once.
    """
    named = Staff.objects.filter(employee_number=OuterRef("keeper_id"))
    note = OrphanNote.objects.filter(customer=OuterRef("pk"), ended_at=None, until__gte=on)
    reason = Case(When(keeper=None, then=Value(NOBODY)), When(Exists(named), then=Value(LEFT)), default=Value(UNKNOWN))
    # The first condition follows from the second one; with it the planner asks for it before contracts.
    alone = customers.filter(Q(keeper=None) | ~Exists(named.filter(is_active=True)), state=Customer.State.ACTIVE)
    prospects = Exists(Prospect.objects.filter(customer=OuterRef("pk"), state="ACTIVE"))
    needs = (Q(one_by_one(live_contracts())) if is_page else Exists(live_contracts())) | prospects
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


def known_soon(viewer: Staff, *, on: date) -> Lately | None:
    """`known_lately` where nobody has to wait for it; None where the counting takes longer than half a second."""
    found = cache.get(COUNTED_KEY % (on.isoformat(), viewer.pk))
    if found is not None:
        return found
    if cache.get(LONG_KEY % viewer.pk):
        return None
    counts = within(LONG, lambda: orphan_counts(viewer, on=on))
    if counts is None:
        cache.set(LONG_KEY % viewer.pk, True, LONG_SECONDS)
        return None
    return Lately(counts, None)


def known_lately(viewer: Staff, *, on: date) -> Lately:
    """`orphan_counts`, from lately where counting takes long: of the whole company that is some seconds, and the answer
    is kept a hundred times as long. `count_anew` ends that."""
    key = COUNTED_KEY % (on.isoformat(), viewer.pk)
    found = cache.get(key)
    if found is not None:
        return found
    began = perf_counter()
    counts, few = orphan_counts(viewer, on=on), None
    if perf_counter() - began <= LONG:
        cache.delete(LONG_KEY % viewer.pk)
        return Lately(counts, None)
    if counts.open + counts.explained <= FEW:
        rows = orphans_among(Customer.objects.visible_to(viewer), on=on)
        few = tuple(rows.order_by().values_list("pk", flat=True))
    found = Lately(counts, few)
    cache.set(key, found, KEPT_TIMES * (perf_counter() - began))
    return found


def count_anew(viewer: Staff, *, on: date) -> None:
    """Let this person's numbers be counted again; to be called when they gave customers out or explained some."""
    cache.delete(COUNTED_KEY % (on.isoformat(), viewer.pk))


def narrowed(rows: CustomerQuerySet, counts: OrphanCounts, *, reason: str, explained: str) -> CustomerQuerySet:
    """Orphans of one reason, '' for all; explained: 'yes' for those only, 'all' for both, anything else for none.

    Of what was counted as none nothing is looked for, since to find nobody takes the longest.
    """
    if explained == "all":
        return rows.filter(reason=reason) if reason in REASONS else rows
    is_explained = explained == "yes"
    counted = counts.explained if is_explained else counts.by_reason.get(reason, counts.open)
    rows = rows.filter(is_explained=is_explained) if counted else rows.none()
    return rows.filter(reason=reason) if reason in REASONS else rows


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
