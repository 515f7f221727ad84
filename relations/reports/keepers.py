"""Who keeps how many: the board of a branch, customers of top grades without a manager, the keepers of one customer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Branch, Staff
from customers import formats
from customers.models import Contract, Customer
from customers.numbering import written_number
from customers.querysets import CustomerQuerySet
from customers.reading import Place, prepare, read
from relations.models import Keeper, KeeperTerms
from relations.services.keepers import planners
from relations.words import handovers as words

MANY = 2_000  # customers whose contracts are counted in less than a tenth of a second
CONTRACTS = """
WITH kept AS ({kept}), held AS (
    SELECT kept.keeper_id, contract.id, contract.premium, contract.premium_cycle, contract.status,
        bool_or(party.role = 'POLICYHOLDER') AS is_own
    FROM kept
    JOIN customers_link link ON link.customer_id = kept.id
    JOIN customers_sourcerecord record ON record.id = link.record_id
    JOIN customers_contractparty party
        ON party.source_id = record.source_id AND party.party_source_key = record.source_key
    JOIN customers_contract contract
        ON contract.source_id = party.source_id AND contract.contract_no = party.contract_no
    WHERE contract.status = ANY(%s)
    GROUP BY kept.keeper_id, contract.id
)
SELECT keeper_id, count(*), coalesce(sum(premium / (%s::jsonb ->> premium_cycle)::int)
    FILTER (WHERE is_own AND status = ANY(%s)), 0)::bigint
FROM held GROUP BY keeper_id
"""


@dataclass(frozen=True)
class Load:
    """A planner of a branch: whom they keep of those that the reader sees. premium: won a month, in force; it and
    contracts are None where they were not counted yet."""

    staff: Staff
    customers: int
    contracts: int | None
    premium: int | None
    top: int
    unmanaged: int
    capacity: int
    is_closed: bool

    @property
    def percent(self) -> int:
        return 100 * self.customers // self.capacity if self.capacity else 100


@dataclass(frozen=True)
class Totals:
    """The sums of a board; None of what was not counted yet."""

    customers: int
    contracts: int | None
    premium: int | None
    top: int
    unmanaged: int
    capacity: int


@dataclass(frozen=True)
class KeeperRow:
    """An assignment of a customer in words. why_points: for one made by the rules, what decided."""

    keeper: Keeper
    kind: str
    staff: str
    branch: str
    why: str
    why_points: str
    begun: str
    ended: str
    next_on: str


@dataclass(frozen=True)
class UnmanagedLine:
    """A customer of a top grade without a dedicated manager."""

    number: str
    raw_number: str
    url: str
    name: str
    grade: str
    branch: str
    keeper: str


def branches_of(viewer: Staff) -> QuerySet[Branch]:
    """The open branches whose board `viewer` may look at."""
    found = Branch.objects.filter(closed_on=None, kind=Branch.Kind.BRANCH).order_by("code")
    if viewer.has_perm("customers.view_every_customer"):
        return found
    return found.filter(path__startswith=viewer.branch.path) if viewer.branch else found.none()


def loads_of(branch: Branch, viewer: Staff, *, is_whole: bool = True) -> list[Load]:
    """The planners of a branch in the order of their numbers, and whom they keep, in a fixed number of queries.

    is_whole: with the contracts also where there are so many customers that counting them takes long.
    """
    staff = list(planners().filter(branch=branch).order_by("employee_number"))
    if not staff:
        return []
    numbers = [one.employee_number for one in staff]
    kept = Customer.objects.visible_to(viewer).filter(state=Customer.State.ACTIVE, keeper__in=numbers)
    counts = {row["keeper"]: row for row in _counted(kept)}
    are_many = sum(row["customers"] for row in counts.values()) > MANY
    contracts = None if are_many and not is_whole else _contracts(kept)
    terms = {each.staff_id: each for each in KeeperTerms.objects.filter(staff__in=staff)}
    return [_load(one, counts.get(one.employee_number, {}), contracts, terms.get(one.pk)) for one in staff]


def _counted(kept: CustomerQuerySet) -> QuerySet[Customer]:
    top = Q(grade__in=settings.KEEPER_MANAGER_GRADES)
    columns = {"customers": Count("pk"), "top": Count("pk", filter=top)}
    columns["unmanaged"] = Count("pk", filter=top & ~Exists(managers()))
    return kept.order_by().values("keeper").annotate(**columns)


def managers() -> QuerySet[Keeper]:
    """The dedicated managers of the customer of the outer query."""
    return Keeper.objects.still_open().filter(customer=OuterRef("pk"), kind=Keeper.Kind.MANAGER)


def _contracts(kept: CustomerQuerySet) -> dict[str, tuple[int, int]]:
    """{keeper: contracts in force, monthly premium}"""
    query, params = kept.order_by().values("id", "keeper_id").query.sql_with_params()
    figures = [list(Contract.LIVE_STATUSES), json.dumps(Contract.MONTHS_PER_CYCLE), list(Contract.PAYING_STATUSES)]
    with connection.cursor() as cursor:
        cursor.execute(CONTRACTS.replace("{kept}", query), [*params, *figures])
        return {keeper: (contracts, premium) for keeper, contracts, premium in cursor.fetchall()}


def _load(
    staff: Staff, counts: dict[str, int], contracts: dict[str, tuple[int, int]] | None, terms: KeeperTerms | None
) -> Load:
    live, premium = (None, None) if contracts is None else contracts.get(staff.employee_number, (0, 0))
    return Load(
        staff=staff,
        customers=counts.get("customers", 0),
        contracts=live,
        premium=premium,
        top=counts.get("top", 0),
        unmanaged=counts.get("unmanaged", 0),
        capacity=terms.capacity if terms else settings.KEEPER_CAPACITY,
        is_closed=bool(terms and terms.is_closed),
    )


def totals_of(loads: Sequence[Load]) -> Totals:
    """The board summed up."""
    names = ("customers", "contracts", "premium", "top", "unmanaged", "capacity")
    columns = [[getattr(load, name) for load in loads] for name in names]
    return Totals(*(None if None in column else sum(column) for column in columns))


def unmanaged(viewer: Staff) -> CustomerQuerySet:
    """Active customers of the top grades without a dedicated manager, of those that `viewer` may see."""
    top = Customer.objects.visible_to(viewer).filter(
        state=Customer.State.ACTIVE, grade__in=settings.KEEPER_MANAGER_GRADES
    )
    return top.filter(~Exists(managers()))


def unmanaged_lines(customers: Sequence[Customer], viewer: Staff) -> list[UnmanagedLine]:
    """Customers with branch and keeper, as lines."""
    prepare(viewer, customers)
    return [
        UnmanagedLine(
            number=written_number(customer.number),
            raw_number=customer.number,
            url=customer.get_absolute_url(),
            name=read(customer, viewer, Place.LIST)["name"].text,
            grade=str(customer.get_grade_display()),
            branch=str(customer.main_branch or ""),
            keeper=str(customer.keeper or ""),
        )
        for customer in customers
    ]


def keeper_rows(customer: Customer) -> list[KeeperRow]:
    """The assignments of a customer, those that stand first, the newest first."""
    rows = Keeper.objects.filter(customer=customer).select_related("staff", "branch")
    ordered = sorted(rows, key=lambda row: (row.ended_at is not None, -row.started_on.toordinal(), -row.pk))
    return [_row(row) for row in ordered]


def _row(keeper: Keeper) -> KeeperRow:
    is_by_rules = keeper.why == Keeper.Why.ORPHAN
    return KeeperRow(
        keeper=keeper,
        kind=str(keeper.get_kind_display()),
        staff=str(keeper.staff),
        branch=str(keeper.branch) if keeper.branch else "",
        why=str(keeper.get_why_display()),
        why_points=words.why(json.loads(keeper.note)) if is_by_rules and keeper.note.startswith("[") else "",
        begun=formats.day(keeper.started_on),
        ended=formats.day(keeper.ended_on),
        next_on=formats.day(keeper.next_contact_on),
    )
