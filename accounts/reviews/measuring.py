"""Amounts per person and day, counted in the trail, and who stands out from colleagues and from their own past."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.conf import settings
from django.db import connection

from accounts.models import Staff
from accounts.reviews.detecting import MOST_CUSTOMERS, Found
from accounts.reviews.periods import parameters
from accounts.reviews.risks import DAY_OF, IN_PERIOD
from accounts.reviews.robust import crowd_of

PAST_DAYS = 30
LEAST_PAST = 5
LEAST_PEERS = 5
FAR, VERY_FAR = 3.5, 7.0
AMOUNTS = f"""
SELECT entry.staff_id, {DAY_OF.format(alias="entry")} AS day, {{amount}}
FROM accounts_accessentry entry {{joined}}
WHERE {IN_PERIOD.format(alias="entry")} AND entry.result < 400 AND entry.staff_id IS NOT NULL AND {{condition}} {{only}}
GROUP BY 1, 2
"""  # noqa: S608 - constants of our own
ONLY = "AND entry.employee_number = ANY(%(numbers)s)"
SHOWN = f"""
SELECT staff_id, (array_agg(customer ORDER BY customer))[:{MOST_CUSTOMERS}] FROM (
    SELECT DISTINCT entry.staff_id, customer
    FROM accounts_accessentry entry CROSS JOIN LATERAL unnest(entry.customers) customer
    WHERE {IN_PERIOD.format(alias="entry")} AND entry.result < 400 AND {{condition}} {ONLY}
) shown GROUP BY staff_id
"""  # noqa: S608 - constants of our own


@dataclass(frozen=True)
class Measure:
    """Something to count per person and day. amount: an aggregate in SQL; condition: over a row `entry` of the trail;
    joined: what else `amount` counts; least: below it nothing is worth a look."""

    amount: str
    condition: str
    least: int
    joined: str = ""


def unusual(measure: Measure, day: date) -> Iterable[Found]:
    """Who stands out on `day`: far from their colleagues and from their own past, or very far from colleagues alone.

    Colleagues are those of the same role in the same branch; where fewer than five of them were at work, those of the
    role in the company; where these are too few as well, everybody.
    """
    amounts = {staff: amount for (staff, _day), amount in amounts_of(measure, day, day).items()}
    peers = _Peers(amounts)
    candidates = {}
    for staff, amount in amounts.items():
        if amount >= measure.least:
            group, others = peers.of(staff)
            crowd = crowd_of(others) if len(others) >= LEAST_PEERS else None
            if crowd is None or crowd.distance(amount) >= FAR:
                candidates[staff] = (group, crowd)
    numbers = numbers_of(candidates)
    past = _past(measure, day, numbers) if candidates else {}
    standing_out = {}
    for staff, (group, crowd) in candidates.items():
        own = past.get(staff, [])
        if _stands_out(amounts[staff], crowd, own):
            standing_out[staff] = {
                "amount": amounts[staff],
                "peers": crowd.size if crowd else 0,
                "peers_of": group if crowd else "NOBODY",
                "peers_median": round(crowd.middle) if crowd else 0,
                "past_days": len(own),
                "past_median": round(median(own)) if own else 0,
            }
    shown = shown_to({numbers[staff] for staff in standing_out}, day, measure.condition)
    return [Found(staff, facts, shown.get(staff, ())) for staff, facts in standing_out.items()]


def _stands_out(amount: int, crowd: object, own: Sequence[int]) -> bool:
    is_far_from_own = len(own) >= LEAST_PAST and crowd_of(own).distance(amount) >= FAR
    if crowd is None:
        return is_far_from_own
    has_no_past = len(own) < LEAST_PAST
    return crowd.distance(amount) >= VERY_FAR or is_far_from_own or has_no_past


def amounts_of(
    measure: Measure, first: date, last: date, numbers: Collection[str] | None = None
) -> Mapping[tuple[int, date], int]:
    """{(staff id, day): amount} for these days. numbers: employee numbers; None for everybody."""
    only = "" if numbers is None else ONLY
    query = AMOUNTS.format(amount=measure.amount, joined=measure.joined, condition=measure.condition, only=only)
    with connection.cursor() as cursor:
        cursor.execute(query, {**parameters(first, last), "numbers": list(numbers or ())})
        return {(staff, day): amount for staff, day, amount in cursor.fetchall()}


def _past(measure: Measure, day: date, numbers: Mapping[int, str]) -> Mapping[int, list[int]]:
    """{staff id: the amounts of the days before `day` on which there was any}."""
    found: dict[int, list[int]] = {}
    first, last = day - timedelta(days=PAST_DAYS), day - timedelta(days=1)
    for (staff, _day), amount in amounts_of(measure, first, last, numbers.values()).items():
        found.setdefault(staff, []).append(amount)
    return found


def shown_to(numbers: Collection[str], day: date, condition: str = "true") -> Mapping[int, tuple[int, ...]]:
    """{staff id: ids of the customers whom entries of that day showed}, 500 at most, for these employee numbers."""
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SHOWN.format(condition=condition), {**parameters(day, day), "numbers": list(numbers)})
        return {staff: tuple(customers) for staff, customers in cursor.fetchall()}


def numbers_of(staff: Iterable[int]) -> Mapping[int, str]:
    """{staff id: employee number}, by which the index of the trail finds entries."""
    return dict(Staff.objects.filter(pk__in=list(staff)).values_list("pk", "employee_number"))


class _Peers:
    """Who is compared with whom, among those who did anything that day."""

    def __init__(self, amounts: Mapping[int, int]) -> None:
        self.amounts = amounts
        rows = Staff.objects.filter(pk__in=list(amounts)).values_list("pk", "branch", "groups__name")
        order = list(settings.ROLES)
        self.places: dict[int, tuple[str, int | None]] = {}
        for staff, branch, role in rows.order_by("pk", "groups__name"):
            held = self.places.get(staff, ("", None))[0]
            first = min((code for code in (held, role) if code in order), key=order.index, default="")
            self.places[staff] = (first, branch)
        self.by_group: dict[object, dict[int, int]] = {}
        for staff, (role, branch) in self.places.items():
            for group in ((role, branch), role, None):
                self.by_group.setdefault(group, {})[staff] = amounts[staff]

    def of(self, staff: int) -> tuple[str, list[int]]:
        """The code of the group that `staff` is compared with, and the amounts of the others in it."""
        role, branch = self.places.get(staff, ("", None))
        for code, group in (("BRANCH", (role, branch)), ("ROLE", role), ("COMPANY", None)):  # noqa: B007 - returned
            others = [amount for other, amount in self.by_group.get(group, {}).items() if other != staff]
            if len(others) >= LEAST_PEERS:
                break
        return code, others
