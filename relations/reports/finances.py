"""The finances of a household (R6): sums of ranges over the members whose facts may be added, and who is left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Staff
from customers import wording
from customers.access import Level
from customers.models import Contract
from relations.models import FinancialFact, Household, Membership
from relations.people import Face, Hidden, faces
from relations.reports.finances_known import Finances, finances_of, sees_finances
from relations.reports.finances_lines import premiums_elsewhere
from relations.rules.finances import Range, Stage, added
from relations.words.finances import ITEMS, LEFT_OUT, STAGES, TONES, in_range

AGES = (Stage.FRESH, Stage.AGEING, Stage.OLD)
WHY_HIDDEN = {Hidden.SCOPE: "NOT_VISIBLE", Hidden.CONSENT: "SILHOUETTE"}
# The monthly premium of each policyholder, over contracts in force; a contract counts once however many records of one
# customer hold it.
PREMIUMS = """
WITH held AS (
  SELECT DISTINCT link.customer_id, party.source_id, party.contract_no
  FROM customers_link link
  JOIN customers_sourcerecord record ON record.id = link.record_id
  JOIN customers_contractparty party
    ON party.source_id = record.source_id AND party.party_source_key = record.source_key
  WHERE link.customer_id = ANY(%(customers)s) AND party.role = 'POLICYHOLDER'
)
SELECT held.customer_id, sum(contract.premium / (%(months)s::jsonb ->> contract.premium_cycle)::int)
FROM held JOIN customers_contract contract
  ON contract.source_id = held.source_id AND contract.contract_no = held.contract_no
WHERE contract.status = ANY(%(paying)s)
GROUP BY 1
"""


@dataclass(frozen=True)
class LeftOut:
    """Why somebody does not count. names: of those whom the reader may know; unnamed: how many more."""

    why: str
    names: tuple[str, ...]
    unnamed: int


@dataclass(frozen=True)
class Sum:
    """One sum of the household. text: the sum in words, '' where nobody counts; counted: how many members it is of;
    stage, tone: the age of the oldest fact in it, '' for what does not age; left_out: who else does not count."""

    label: str
    text: str
    counted: int
    stage: str = ""
    tone: str = ""
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class RollUp:
    """The sums of a household. members: how many there are; left_out: who counts in none of the sums."""

    sums: tuple[Sum, ...]
    members: int
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class _Member:
    """A member whom the reader knows, and who counts in this household."""

    face: Face
    finances: Finances
    monthly: Decimal | None


@dataclass(frozen=True)
class _Found:
    """What one member brings to a sum: a range and its age, or why it brings none."""

    range: Range | None = None
    stage: Stage | None = None
    why: str = ""


def household_roll_up(household: Household, viewer: Staff) -> RollUp | None:
    """The sums over the members of today; None for a reader who may see no finances. Five queries however many
    members there are. Of members whom the reader does not know nothing goes into a sum."""
    if not sees_finances(viewer):
        return None
    today = timezone.localdate()
    held = Membership.objects.filter(household=household, customer__state="ACTIVE").held_on(today)
    places = dict(held.order_by("pk").values_list("customer", "is_primary"))
    seen = faces(viewer, places)
    out = [(seen[customer], why) for customer in places if (why := _why_out(seen[customer], places[customer]))]
    known = [customer for customer in places if not _why_out(seen[customer], places[customer])]
    members = _members(known, seen, today)
    sums = _sums(members, sees_contracts=viewer.has_perm("customers.view_contract")) if members else ()
    return RollUp(tuple(sums), len(places), _grouped(out))


def _sums(members: list[_Member], *, sees_contracts: bool) -> Iterator[Sum]:
    for kind in FinancialFact.Kind.values:
        yield _sum_of_ranges(ITEMS[kind], members, partial(_fact_of, kind))
    if sees_contracts:
        yield _premium_sum(members)
    yield _sum_of_ranges("policy_elsewhere", members, _elsewhere_of)


def _why_out(face: Face, is_primary: bool) -> str:
    """Why somebody counts in no sum; '' for who may."""
    if face.hidden is not None:
        return WHY_HIDDEN[face.hidden]
    return "" if is_primary else "NOT_PRIMARY"


def _members(customers: list[int], seen: Mapping[int, Face], today: date) -> list[_Member]:
    finances, premiums = finances_of(customers, today), _premiums(customers)
    return [_Member(seen[customer], finances[customer], premiums.get(customer)) for customer in customers]


def _premiums(customers: list[int]) -> dict[int, Decimal]:
    """{customer id: won a month} as policyholder of contracts in force."""
    words = {"customers": customers, "paying": list(Contract.PAYING_STATUSES)}
    with connection.cursor() as cursor:
        cursor.execute(PREMIUMS, words | {"months": json.dumps(Contract.MONTHS_PER_CYCLE)})
        return {customer: monthly for customer, monthly in cursor.fetchall() if monthly is not None}


def _fact_of(kind: str, finances: Finances) -> _Found:
    found = finances.of_kind(kind)
    if found is None:
        return _Found(why=_why_nothing(finances, lambda row: row.kind == kind))
    row, left = found
    if left.stage is Stage.FORGOTTEN:
        return _Found(why="TOO_OLD")
    return _Found(finances.range_of(row), left.stage)


def _elsewhere_of(finances: Finances) -> _Found:
    known = premiums_elsewhere(finances)
    if known is None:
        too_old = any(finances.left_of(row).stage is Stage.FORGOTTEN for row in finances.policies)
        return _Found(why="TOO_OLD" if too_old else _why_nothing(finances, lambda row: row.noun == "POLICY"))
    stages = [finances.left_of(row).stage for row in finances.policies if finances.range_of(row)]
    return _Found(known, max(stages, key=AGES.index))


def _why_nothing(finances: Finances, wanted: Callable[[object], bool]) -> str:
    return "WITHDRAWN" if any(wanted(row) for row in finances.withdrawn) else "NO_FACTS"


def _sum_of_ranges(item: str, members: list[_Member], find: Callable[[Finances], _Found]) -> Sum:
    """The sum of what each member brings to an item, as far as the reader may see that item of the member in full."""
    found = [(member.face, find(member.finances) if _sees(member, item) else _HIDDEN) for member in members]
    counted = [each for _face, each in found if each.range]
    left_out = _grouped((face, each.why) for face, each in found if not each.range)
    label = members[0].face.reading.label(item)
    if not counted:
        return Sum(label, "", 0, left_out=left_out)
    oldest = max((each.stage for each in counted), key=AGES.index)
    text = in_range(added(each.range for each in counted))
    return Sum(label, text, len(counted), str(STAGES[oldest]), TONES[oldest], left_out)


_HIDDEN = _Found(why="NOT_SHOWN")


def _sees(member: _Member, item: str) -> bool:
    return member.face.reading.decide(item).level is Level.FULL


def _premium_sum(members: list[_Member]) -> Sum:
    """What the members pay a month for contracts in force; who pays nothing counts with nothing."""
    seen = [member for member in members if _sees(member, "premium")]
    left_out = _grouped((member.face, "NOT_SHOWN") for member in members if not _sees(member, "premium"))
    total = sum((member.monthly or Decimal(0) for member in seen), Decimal(0))
    label = gettext("Monthly premium in force")
    return Sum(label, wording.in_won(total) if seen else "", len(seen), left_out=left_out)


def _grouped(out: Iterable[tuple[Face, str]]) -> tuple[LeftOut, ...]:
    """Those left out by reason, in the order of the reasons."""
    by_reason: dict[str, list[Face]] = {}
    for face, why in out:
        by_reason.setdefault(why, []).append(face)
    return tuple(
        LeftOut(
            str(words),
            tuple(face.name for face in by_reason[why] if face.name),
            sum(not face.name for face in by_reason[why]),
        )
        for why, words in LEFT_OUT.items()
        if why in by_reason
    )
