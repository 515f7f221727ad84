"""What a handover holds and who takes it: customers of those who go, counted and given out by the rules, in sets."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from customers.models import Contract
from relations.models import Handover, HandoverItem, StaffMove
from relations.rules.distribution import Chosen, Receiver, Seeker, distribute, region_of
from relations.services.keepers import planners

DAYS_OF_A_YEAR = 365.25
GIVES_AWAY = ("LEAVES", "MOVES")
# The customers of planners who go; those who take them along have agreed already.
FILL = """
INSERT INTO relations_handoveritem
    (handover_id, customer_id, from_staff_id, to_staff_id, state, why, held, note, return_reason)
SELECT move.handover_id, customer.id, staff.id, CASE move.kind WHEN 'TAKES_ALONG' THEN staff.id END,
    CASE move.kind WHEN 'TAKES_ALONG' THEN 'ACCEPTED' ELSE 'PLANNED' END,
    CASE move.kind WHEN 'TAKES_ALONG' THEN '[["TAKES_ALONG", 0]]'::jsonb ELSE '[]'::jsonb END,
    '{"kinds": ["FP"]}'::jsonb, '', ''
FROM relations_staffmove move
JOIN accounts_staff staff ON staff.id = move.staff_id
JOIN customers_customer customer ON customer.keeper_id = staff.employee_number AND customer.state = 'ACTIVE'
WHERE move.handover_id = %(handover)s
ORDER BY customer.id
ON CONFLICT (handover_id, customer_id) DO NOTHING
"""
FILL_MANAGED = """
INSERT INTO relations_handoveritem AS item
    (handover_id, customer_id, from_staff_id, to_staff_id, state, why, held, note, return_reason)
SELECT move.handover_id, customer.id, move.staff_id, NULL, 'PLANNED', '[]'::jsonb, '{"kinds": ["MANAGER"]}'::jsonb,
    '', ''
FROM relations_staffmove move
JOIN relations_keeper keeper
    ON keeper.staff_id = move.staff_id AND keeper.kind = 'MANAGER' AND keeper.ended_at IS NULL
JOIN customers_customer customer ON customer.id = keeper.customer_id AND customer.state = 'ACTIVE'
WHERE move.handover_id = %(handover)s AND move.kind <> 'TAKES_ALONG'
ORDER BY customer.id
ON CONFLICT (handover_id, customer_id) DO UPDATE SET held = item.held || '{"kinds": ["FP", "MANAGER"]}'::jsonb
    WHERE item.state = 'PLANNED' AND item.held @> '{"kinds": ["FP"]}'::jsonb
"""
COUNT_CONTRACTS = """
UPDATE relations_handoveritem item SET held = item.held || jsonb_build_object('contracts', counted.contracts)
FROM (
    SELECT item.id, count(DISTINCT contract.id) AS contracts
    FROM relations_handoveritem item
    JOIN customers_link link ON link.customer_id = item.customer_id
    JOIN customers_sourcerecord record ON record.id = link.record_id
    JOIN customers_contractparty party
        ON party.source_id = record.source_id AND party.party_source_key = record.source_key
    JOIN customers_contract contract
        ON contract.source_id = party.source_id AND contract.contract_no = party.contract_no
    WHERE item.handover_id = %(handover)s AND contract.status = ANY(%(live)s)
    GROUP BY item.id
) counted
WHERE counted.id = item.id AND item.held -> 'contracts' IS DISTINCT FROM to_jsonb(counted.contracts)
"""
COUNT_HOUSEMATES = """
UPDATE relations_handoveritem item SET held = item.held || jsonb_build_object('household', counted.housemates)
FROM (
    SELECT item.id, count(DISTINCT other.customer_id) AS housemates
    FROM relations_handoveritem item
    JOIN relations_membership own
        ON own.customer_id = item.customer_id AND own.is_primary AND own.ended_at IS NULL
    JOIN relations_membership other
        ON other.household_id = own.household_id AND other.ended_at IS NULL AND other.customer_id <> own.customer_id
    WHERE item.handover_id = %(handover)s
    GROUP BY item.id
) counted
WHERE counted.id = item.id AND item.held -> 'household' IS DISTINCT FROM to_jsonb(counted.housemates)
"""
COUNT_MOVES = """
SELECT move.id,
    count(item.id) FILTER (WHERE item.held @> '{"kinds": ["FP"]}'::jsonb) AS customers,
    count(item.id) FILTER (WHERE item.held @> '{"kinds": ["MANAGER"]}'::jsonb) AS managed,
    coalesce(sum((item.held ->> 'contracts')::int), 0) AS contracts,
    coalesce(sum((item.held ->> 'household')::int), 0) AS housemates,
    (SELECT count(*) FROM relations_prospect prospect
        WHERE prospect.fp_id = move.staff_id AND prospect.state IN ('ACTIVE', 'REVIEW')) AS prospects,
    (SELECT count(*) FROM relations_handoveritem offered
        WHERE offered.to_staff_id = move.staff_id AND offered.state = 'OFFERED') AS offers
FROM relations_staffmove move
LEFT JOIN relations_handoveritem item
    ON item.handover_id = move.handover_id AND item.from_staff_id = move.staff_id
WHERE move.handover_id = %(handover)s
GROUP BY move.id
"""
SEEKERS = """
SELECT item.id, item.customer_id, coalesce(branch.path, own_branch.path, ''), coalesce(home.household_id, 0),
    item.from_staff_id, coalesce(item.held -> 'returned_by', '[]'::jsonb), item.proposed_staff_id, kin.staff
FROM relations_handoveritem item
JOIN customers_customer customer ON customer.id = item.customer_id
LEFT JOIN accounts_branch branch ON branch.code = customer.main_branch_id
LEFT JOIN accounts_staff leaver ON leaver.id = item.from_staff_id
LEFT JOIN accounts_branch own_branch ON own_branch.id = leaver.branch_id
LEFT JOIN LATERAL (
    SELECT membership.household_id FROM relations_membership membership
    WHERE membership.customer_id = item.customer_id AND membership.is_primary AND membership.ended_at IS NULL
    LIMIT 1
) home ON true
LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT keeper.id) AS staff FROM relations_membership housemate
    JOIN customers_customer kept ON kept.id = housemate.customer_id AND kept.state = 'ACTIVE'
    JOIN accounts_staff keeper ON keeper.employee_number = kept.keeper_id
    WHERE housemate.household_id = home.household_id AND housemate.ended_at IS NULL
        AND housemate.customer_id <> item.customer_id
) kin ON true
WHERE item.handover_id = %(handover)s AND item.state IN ('PLANNED', 'RETURNED') AND customer.state = 'ACTIVE'
ORDER BY item.id
"""
# What they keep and what is offered to them is counted at once: a query for each receiver takes 30 times as long.
RECEIVERS = """
SELECT staff.id, coalesce(moved_to.path, branch.path, ''), staff.joined_on, terms.capacity, terms.persistency_percent,
    terms.complaint_count, coalesce(kept.customers, 0) + coalesce(offered.customers, 0)
FROM accounts_staff staff
LEFT JOIN accounts_branch branch ON branch.id = staff.branch_id
LEFT JOIN relations_keeperterms terms ON terms.staff_id = staff.id
LEFT JOIN relations_staffmove move ON move.staff_id = staff.id AND move.handover_id = %(handover)s
LEFT JOIN accounts_branch moved_to ON moved_to.id = move.to_branch_id
LEFT JOIN (
    SELECT customer.keeper_id, count(*) AS customers FROM customers_customer customer
    WHERE customer.state = 'ACTIVE'
        AND customer.keeper_id IN (SELECT employee_number FROM accounts_staff WHERE id = ANY(%(allowed)s))
    GROUP BY customer.keeper_id
) kept ON kept.keeper_id = staff.employee_number
LEFT JOIN (
    SELECT item.to_staff_id, count(*) AS customers FROM relations_handoveritem item
    JOIN relations_handover handover ON handover.id = item.handover_id
    WHERE item.state IN ('OFFERED', 'ACCEPTED') AND item.from_staff_id IS DISTINCT FROM item.to_staff_id
        AND handover.state IN ('OFFERED', 'REFUSED', 'RUNNING') AND item.to_staff_id = ANY(%(allowed)s)
    GROUP BY item.to_staff_id
) offered ON offered.to_staff_id = staff.id
WHERE staff.id = ANY(%(allowed)s) AND move.kind IS DISTINCT FROM 'LEAVES' AND NOT coalesce(terms.is_closed, false)
ORDER BY staff.id
"""
# Those who are the receiver themselves by name and employee number, or family or household of theirs.
CONFLICTS = """
WITH own AS (
    SELECT staff.id AS staff_id, customer.id FROM accounts_staff staff
    JOIN customers_customer customer
        ON customer.employee_no = staff.employee_number AND customer.name = staff.name AND customer.state = 'ACTIVE'
    WHERE staff.id = ANY(%(receivers)s) AND customer.employee_no <> ''
)
SELECT own.id, own.staff_id FROM own
UNION SELECT relation.second_id, own.staff_id FROM own JOIN relations_relationship relation
    ON relation.first_id = own.id AND relation.ended_at IS NULL AND relation.kind <> 'REFERRAL'
UNION SELECT relation.first_id, own.staff_id FROM own JOIN relations_relationship relation
    ON relation.second_id = own.id AND relation.ended_at IS NULL AND relation.kind <> 'REFERRAL'
UNION SELECT other.customer_id, own.staff_id FROM own
    JOIN relations_membership mine ON mine.customer_id = own.id AND mine.ended_at IS NULL
    JOIN relations_membership other ON other.household_id = mine.household_id AND other.ended_at IS NULL
"""
GIVE = """
UPDATE relations_handoveritem item
SET to_staff_id = chosen.staff_id, why = chosen.why, answered_at = NULL, return_reason = '',
    state = CASE WHEN %(is_offered)s AND chosen.staff_id IS NOT NULL THEN 'OFFERED' ELSE 'PLANNED' END
FROM unnest(%(ids)s::bigint[], %(staff)s::bigint[], %(why)s::jsonb[]) AS chosen(id, staff_id, why)
WHERE item.id = chosen.id
"""


@transaction.atomic
def fill_items(*, handover: Handover) -> int:
    """Take in every customer whom those who go keep, and count what comes along; returns how many items there are.

    What is there already stays as it is, so that it may be called again when customers came since.
    """
    words = {"handover": handover.pk, "live": list(Contract.LIVE_STATUSES)}
    with connection.cursor() as cursor:
        for statement in (FILL, FILL_MANAGED, COUNT_CONTRACTS, COUNT_HOUSEMATES):
            cursor.execute(statement, words)
        cursor.execute(COUNT_MOVES, words)
        names = [column.name for column in cursor.description][1:]
        counts = {row[0]: dict(zip(names, row[1:], strict=True)) for row in cursor.fetchall()}
    moves = list(StaffMove.objects.filter(handover=handover))
    for move in moves:
        move.counts = counts[move.pk]
    StaffMove.objects.bulk_update(moves, ["counts"], batch_size=1_000)
    return HandoverItem.objects.filter(handover=handover).count()


@transaction.atomic
def give_out(*, handover: Handover, at: datetime, is_offered: bool) -> Mapping[str, int]:
    """Choose receivers for whatever has none, or was returned; never one who returned it. is_offered: offer at once.

    Returns how many were given out, how many found nobody, and how many pairs were left out as a conflict of interest.
    """
    receivers = _receivers(handover, timezone.localdate(at))
    conflicts = conflicts_of([one.staff_id for one in receivers])
    seekers, items = _seekers(handover, conflicts)
    chosen = distribute(seekers, receivers, handover.rules)
    _write(items, chosen, is_offered=is_offered)
    given = sum(one.staff_id is not None for one in chosen)
    barred = sum(len(conflicts.get(customer, ())) for customer in items)
    return {"given": given, "nobody": len(chosen) - given, "conflicts": barred}


def _receivers(handover: Handover, today: date) -> list[Receiver]:
    """Planners of the regions of those who go, and of the branches that they go to."""
    homes = StaffMove.objects.filter(handover=handover).values_list("staff__branch__path", "to_branch__path")
    regions = {region_of(path) or path for paths in homes for path in paths if path}
    allowed = planners().exclude(branch=None).values_list("pk", "branch__path")
    near = [pk for pk, path in allowed if path.startswith(tuple(regions))]
    coming = StaffMove.objects.filter(handover=handover).exclude(to_branch=None).values_list("staff", flat=True)
    return receivers_of(sorted({*near, *coming}), today, handover_id=handover.pk)


def receivers_of(staff_ids: Sequence[int], today: date, handover_id: int | None = None) -> list[Receiver]:
    """Planners with their room, place and record, for the rules of distribution; who is closed is left out.

    What is offered to them counts as kept. handover_id: where they are placed as that handover places them.
    """
    with connection.cursor() as cursor:
        cursor.execute(RECEIVERS, {"handover": handover_id, "allowed": list(staff_ids)})
        rows = cursor.fetchall()
    return [
        Receiver(
            staff_id=pk,
            branch=path,
            room=(settings.KEEPER_CAPACITY if capacity is None else capacity) - kept,
            capacity=settings.KEEPER_CAPACITY if capacity is None else capacity,
            years=(today - joined_on).days / DAYS_OF_A_YEAR if joined_on else None,
            persistency=float(persistency) if persistency is not None else None,
            complaints=complaints,
        )
        for pk, path, joined_on, capacity, persistency, complaints, kept in rows
    ]


def conflicts_of(receivers: Sequence[int]) -> dict[int, frozenset[int]]:
    """{customer id: staff who must not keep them, being that customer or near to them}"""
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(CONFLICTS, {"receivers": list(receivers)})
        for customer, staff in cursor.fetchall():
            found[customer].add(staff)
    return {customer: frozenset(staff) for customer, staff in found.items()}


def _seekers(handover: Handover, conflicts: Mapping[int, frozenset[int]]) -> tuple[list[Seeker], dict[int, int]]:
    """The customers who need a receiver, and {customer id: item id}."""
    with connection.cursor() as cursor:
        cursor.execute(SEEKERS, {"handover": handover.pk})
        rows = cursor.fetchall()
    seekers = [
        Seeker(
            customer_id=customer,
            branch=path,
            household=household,
            never=conflicts.get(customer, frozenset()) | {leaver, *json.loads(returned)},
            proposed=proposed,
            keeps_kin=frozenset(kin or ()),
        )
        for _item, customer, path, household, leaver, returned, proposed, kin in rows
    ]
    return seekers, {row[1]: row[0] for row in rows}


def _write(items: Mapping[int, int], chosen: Iterable[Chosen], *, is_offered: bool) -> None:
    chosen = list(chosen)
    words = {
        "ids": [items[one.customer_id] for one in chosen],
        "staff": [one.staff_id for one in chosen],
        "why": [json.dumps(one.why) for one in chosen],
        "is_offered": is_offered,
    }
    with connection.cursor() as cursor:
        cursor.execute(GIVE, words)
