"""Who keeps a customer: assigning by hand, registering to look after, releasing, and how many somebody may keep.

The company owns its customers and lets staff keep them (README). Whoever is made keeper here outranks the sources, and
sees the customer from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from accounts.trail import saw
from customers.models import Customer
from customers.services.keeping import assign_keepers as keep_in_master
from customers.services.keeping import release_keepers as release_in_master
from customers.services.locks import hold_golden_soon
from relations.models import Keeper, KeeperTerms, OrphanNote
from relations.services.keepers_rows import Basis, Row, adopt_keepers, end_rows, replace_rows

Kind = Keeper.Kind


class NotActive(Exception):
    """A customer was merged into another one: that one is to be asked."""


class CannotKeep(Exception):
    """The person does not work here any more, or is nobody who keeps customers of that kind."""


class NotTopGrade(Exception):
    """Dedicated managers are for the grades of the settings alone."""


class KeepsAlready(Exception):
    """The person keeps the customer already."""


class KeptByAnother(Exception):
    """Somebody else keeps the customer; only a manager may change that."""


class NotKept(Exception):
    """Nobody was made keeper of the customer here; what the sources say cannot be released."""


class PlanMissing(Exception):
    """A managed customer needs a plan: the day of the next contact, not before today, and what it is for."""


class CapacityReached(Exception):
    """The person would keep more customers than they may: `kept` now, `wanted` more, of `capacity`."""

    def __init__(self, kept: int, wanted: int, capacity: int) -> None:
        super().__init__(kept, wanted, capacity)
        self.kept, self.wanted, self.capacity = kept, wanted, capacity


@dataclass(frozen=True)
class NextContact:
    """When a customer is to be contacted next, and what for."""

    on: date | None = None
    purpose: str = ""


NO_PLAN = NextContact()


def who_may_keep(kind: str = Kind.FP) -> QuerySet[Staff]:
    """Staff who work here and may keep customers: by role, or by the job that the personnel file says."""
    by_role = Q(groups__permissions__codename="keep_customer", groups__permissions__content_type__app_label="relations")
    allowed = Staff.objects.filter(by_role | Q(job__in=settings.KEEPER_JOBS[kind])).values("pk")
    return Staff.objects.filter(pk__in=allowed, is_active=True)


def planners() -> QuerySet[Staff]:
    """Those to whom rules give customers: who may keep some, but for managers, who are given them by hand alone."""
    manages = {"codename": "view_branch_customers", "content_type__app_label": "customers"}
    words = {f"groups__permissions__{name}": value for name, value in manages.items()}
    return who_may_keep().exclude(pk__in=Staff.objects.filter(**words).values("pk"))


def within_reach(staff: Staff) -> QuerySet[Customer]:
    """The customers to whom `staff` may give a keeper: theirs, those of their branch and below it, or all whom they see
    by right. Whoever sees a customer of another branch by a grant or in an emergency gives it to nobody."""
    visible = Customer.objects.visible_to(staff)
    if staff.has_perm("customers.view_every_customer"):
        return visible
    own = Q(keeper=staff.employee_number)
    if staff.branch is not None:
        own |= Q(main_branch__path__startswith=staff.branch.path)
    return visible.filter(own)


def capacity_of(staff: Staff) -> int:
    """How many customers somebody may keep; nobody new where they are closed to it."""
    terms = KeeperTerms.objects.filter(staff=staff).first()
    return terms.capacity if terms else settings.KEEPER_CAPACITY


def kept_count(staff: Staff, kind: str = Kind.FP) -> int:
    """How many active customers somebody keeps."""
    active = Customer.objects.filter(state=Customer.State.ACTIVE)
    if kind == Kind.FP:
        return active.filter(keeper=staff.employee_number).count()
    return active.filter(keepers__staff=staff, keepers__kind=kind, keepers__ended_at=None).count()


@transaction.atomic
def assign_keepers(
    *,
    customer_ids: Iterable[int],
    staff: Staff,
    kind: str = Kind.FP,
    why: str = Keeper.Why.BY_HAND,
    at: datetime,
    by: Staff | None,
    note: str = "",
    plan: NextContact = NO_PLAN,
) -> int:
    """Make `staff` the keeper of these customers from today; scope follows at once. Returns how many were assigned.

    Who keeps them already is not counted again. Raises NotActive, CannotKeep, NotTopGrade, CapacityReached, and
    customers.services.locks.StockBusy while the stock is being written.
    """
    hold_golden_soon()
    ids = _customers(customer_ids, kind)
    staff = _keeper(staff, kind)
    adopt_keepers(at=at, customer_ids=ids)
    held = Keeper.objects.still_open().filter(customer__in=ids, kind=kind, staff=staff)
    new = sorted(set(ids) - set(held.values_list("customer", flat=True)))
    _check_room(staff, kind, len(new))
    _assign(new, staff, kind, Basis(why, at, by, without_resident_numbers(note.strip()), plan.on, plan.purpose))
    return len(new)


def _customers(customer_ids: Iterable[int], kind: str) -> list[int]:
    """The customers, locked; all of them active and, for a manager, of a top grade."""
    wanted = sorted(set(customer_ids))
    rows = Customer.objects.select_for_update().filter(pk__in=wanted, state=Customer.State.ACTIVE).order_by("pk")
    found = list(rows.values_list("pk", "grade"))
    if len(found) < len(wanted):
        raise NotActive
    if kind == Kind.MANAGER and any(grade not in settings.KEEPER_MANAGER_GRADES for _pk, grade in found):
        raise NotTopGrade
    saw(wanted)
    return wanted


def _keeper(staff: Staff, kind: str) -> Staff:
    """The member of staff, locked, so that two assignments do not both take the last place."""
    Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)
    found = who_may_keep(kind).select_related("branch").filter(pk=staff.pk).first()
    if found is None:
        raise CannotKeep
    return found


def _check_room(staff: Staff, kind: str, wanted: int) -> None:
    terms = KeeperTerms.objects.filter(staff=staff).first()
    kept, capacity = kept_count(staff, kind), terms.capacity if terms else settings.KEEPER_CAPACITY
    if wanted and (kept + wanted > capacity or (terms is not None and terms.is_closed)):
        raise CapacityReached(kept, wanted, kept if terms is not None and terms.is_closed else capacity)


def _assign(customers: Sequence[int], staff: Staff, kind: str, basis: Basis) -> None:
    replace_rows([Row(customer, staff.pk, kind) for customer in customers], basis)
    if kind != Kind.FP or not customers:
        return
    OrphanNote.objects.filter(customer__in=customers, ended_at=None).update(ended_at=basis.at)
    branch = staff.branch.code if staff.branch else ""
    rows = [(customer, staff.employee_number, branch) for customer in customers]
    keep_in_master(rows=rows, at=basis.at, by=basis.by)


def assign_keeper(*, customer: Customer, staff: Staff, **more: object) -> Keeper:
    """As `assign_keepers`, of one customer; returns the assignment. Raises KeepsAlready too."""
    kind = more.get("kind", Kind.FP)
    if not assign_keepers(customer_ids=[customer.pk], staff=staff, **more):
        raise KeepsAlready
    return Keeper.objects.still_open().get(customer=customer, kind=kind)


@transaction.atomic
def register_managed_customer(
    *, customer: Customer, contact_on: date | None, purpose: str, by: Staff, at: datetime
) -> Keeper:
    """Register a customer whom `by` keeps, or whom nobody keeps, to look after by a plan (관리고객 등록).

    A second time the plan is the new one. Raises PlanMissing, KeptByAnother, and what `assign_keepers` raises.
    """
    purpose = without_resident_numbers(purpose.strip())
    if contact_on is None or contact_on < timezone.localdate(at) or not purpose:
        raise PlanMissing
    hold_golden_soon()
    ids = _customers([customer.pk], Kind.FP)
    staff = _keeper(by, Kind.FP)
    adopt_keepers(at=at, customer_ids=ids)
    held = Keeper.objects.still_open().filter(customer__in=ids, kind=Kind.FP).first()
    if held is not None and held.staff_id != staff.pk:
        raise KeptByAnother
    if held is None:
        _check_room(staff, Kind.FP, 1)
    _assign(ids, staff, Kind.FP, Basis(Keeper.Why.REGISTERED, at, by, "", contact_on, purpose))
    return Keeper.objects.still_open().get(customer=customer, kind=Kind.FP)


@transaction.atomic
def release_keeper(*, customer: Customer, kind: str = Kind.FP, at: datetime, by: Staff | None) -> Keeper:
    """End what was assigned here; of planners the sources say again who keeps the customer. Raises NotKept, NotActive.

    Returns the assignment that ended.
    """
    hold_golden_soon()
    ids = _customers_of_any_grade([customer.pk])
    held = Keeper.objects.still_open().exclude(why=Keeper.Why.SOURCE).filter(customer__in=ids, kind=kind).first()
    if held is None:
        raise NotKept
    end_rows(ids, [kind], at=at, by=by)
    if kind == Kind.FP:
        release_in_master(customer_ids=ids, at=at, by=by)
        adopt_keepers(at=at, customer_ids=ids)
    held.refresh_from_db()
    return held


def _customers_of_any_grade(customer_ids: Sequence[int]) -> list[int]:
    return _customers(customer_ids, Kind.FP)


@transaction.atomic
def set_terms(
    *,
    staff: Staff,
    capacity: int,
    persistency_percent: Decimal | None,
    complaint_count: int | None,
    is_closed: bool,
    by: Staff | None,
    at: datetime,
) -> KeeperTerms:
    """How many customers somebody may keep, and what the rules of distribution ask of them. Raises CannotKeep."""
    if not who_may_keep().filter(pk=staff.pk).exists():
        raise CannotKeep
    given = {
        "capacity": capacity,
        "persistency_percent": persistency_percent,
        "complaint_count": complaint_count,
        "is_closed": is_closed,
        "changed_by": by,
        "changed_at": at,
    }
    terms, _is_new = KeeperTerms.objects.update_or_create(staff=staff, defaults=given)
    return terms
