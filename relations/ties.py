"""The relations of many customers in one query: what people and documents say, and what contracts give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db import connection

from customers.models import Contract
from relations.models import Relationship
from relations.rules.ties import CONTRACT_KINDS, Origin, is_believed, seen_as

# Contracts and parties are tied by source and number alone, as the tables leave them without foreign keys. Where the
# other was merged, the survivor stands for it; what stayed with the retired number for saying the same is told once.
# Contracts of employers tie nobody: who is a member of a group is what the employer gave, and is shown behind its wall.
TIES = """
WITH own AS MATERIALIZED (
  SELECT DISTINCT link.customer_id, party.source_id, party.contract_no, party.role
  FROM customers_link link
  JOIN customers_sourcerecord record ON record.id = link.record_id
  JOIN customers_contractparty party
    ON party.source_id = record.source_id AND party.party_source_key = record.source_key
  WHERE link.customer_id = ANY(%(customers)s) AND NOT EXISTS (
    SELECT FROM customers_contract contract WHERE contract.source_id = party.source_id
      AND contract.contract_no = party.contract_no AND contract.product_group = ANY(%(of_groups)s)
  )
), shared AS (
  SELECT DISTINCT own.customer_id, link.customer_id AS other_id, pair.kind, pair.is_first, party.role,
         own.source_id, own.contract_no
  FROM own
  JOIN unnest(%(own_roles)s::text[], %(other_roles)s::text[], %(kinds)s::text[], %(firsts)s::bool[])
    AS pair(own_role, other_role, kind, is_first) ON pair.own_role = own.role
  JOIN customers_contractparty party ON party.source_id = own.source_id
    AND party.contract_no = own.contract_no AND party.role = pair.other_role
  JOIN customers_sourcerecord record
    ON record.source_id = party.source_id AND record.source_key = party.party_source_key
  JOIN customers_link link ON link.record_id = record.id
  WHERE link.customer_id <> own.customer_id
), tie AS (
  SELECT NULL::bigint AS id, shared.customer_id, shared.other_id, shared.kind, shared.is_first, 'CONTRACT' AS origin,
         min(contract.started_on) AS since, NULL::date AS until, NULL::date AS valid_until,
         coalesce(bool_or(contract.status = ANY(%(live)s)), false) AS is_open, '' AS ended_because,
         array_agg(DISTINCT shared.role) AS roles, count(DISTINCT (shared.source_id, shared.contract_no)) AS contracts,
         count(DISTINCT (shared.source_id, shared.contract_no)) FILTER (WHERE contract.status = ANY(%(live)s)) AS live,
         max(contract.as_of) AS as_of
  FROM shared LEFT JOIN customers_contract contract
    ON contract.source_id = shared.source_id AND contract.contract_no = shared.contract_no
  GROUP BY shared.customer_id, shared.other_id, shared.kind, shared.is_first
  UNION ALL
  SELECT * FROM (
    SELECT DISTINCT ON (side.customer_id, coalesce(other.merged_into_id, other.id), written.kind, side.is_first,
                        CASE WHEN written.ended_at IS NULL THEN 0 ELSE written.id END)
           written.id, side.customer_id, coalesce(other.merged_into_id, other.id) AS other_id, written.kind,
           side.is_first, written.basis, written.started_on, written.ended_on, written.valid_until,
           written.ended_at IS NULL AS is_open, written.ended_because, '{}'::text[], 0, 0, written.recorded_at
    FROM relations_relationship written
    CROSS JOIN LATERAL (VALUES
      (written.first_id, written.second_id, false), (written.second_id, written.first_id, true)
    ) AS side(customer_id, other_id, is_first)
    JOIN customers_customer other ON other.id = side.other_id
    WHERE (written.first_id = ANY(%(customers)s) OR written.second_id = ANY(%(customers)s))
      AND side.customer_id = ANY(%(customers)s)
      AND written.ended_because <> 'NOT_TRUE'
    ORDER BY side.customer_id, coalesce(other.merged_into_id, other.id), written.kind, side.is_first,
             CASE WHEN written.ended_at IS NULL THEN 0 ELSE written.id END, written.id
  ) AS said WHERE said.other_id <> said.customer_id
), ranked AS (
  SELECT tie.*, count(*) OVER (PARTITION BY customer_id) AS all_count, row_number() OVER (
    PARTITION BY customer_id
    ORDER BY is_open DESC, origin = 'CONTRACT', live DESC, contracts DESC, other_id, kind, id
  ) AS place
  FROM tie WHERE is_open OR NOT %(only_open)s
)
SELECT id, customer_id, other_id, kind, is_first, origin, since, until, valid_until, is_open, ended_because, roles,
       contracts, live, as_of, all_count
FROM ranked WHERE place <= %(most)s ORDER BY customer_id, place
"""


@dataclass(frozen=True, slots=True)
class Relation:
    """What `other_id` is to `customer_id`. kind: of the relationship itself; is_first: whether the other is its first,
    so the parent, the payer.

    pk: of the written relationship, None where contracts give it. roles: those of the other on the contracts.
    contract_count and live_count: contracts that both are on in these roles, and those in force. as_of: when it was
    last said. until: the first day on which it no longer held.
    """

    pk: int | None
    customer_id: int
    other_id: int
    kind: str
    is_first: bool
    origin: Origin
    since: date | None
    until: date | None
    valid_until: date | None
    is_open: bool
    ended_because: str
    roles: tuple[str, ...]
    contract_count: int
    live_count: int
    as_of: datetime | None

    @property
    def seen_as(self) -> str:
        """What the other is to the customer, such as PARENT, or mirrored CHILD; `relations.words` has the words."""
        return seen_as(self.kind, is_first=self.is_first)

    @property
    def is_inferred(self) -> bool:
        """Whether nobody said it."""
        return self.origin is Origin.INFERRED

    def is_believed(self, on: date) -> bool:
        """Whether it holds on this day without asking again."""
        return is_believed(self.valid_until, on)


@dataclass(frozen=True, slots=True)
class Ties:
    """The relations found, and how many there are in all: {customer id: count}."""

    relations: tuple[Relation, ...]
    counts: dict[int, int]


def ties_of(customers: Sequence[int], *, most: int, only_open: bool = False) -> Ties:
    """What others are to these customers: of each the first `most`, open ones first, then those that were written down,
    then by contracts. What was not true is left out, and so are contracts of groups.
    """
    parameters = _pairs() | {
        "customers": list(customers),
        "live": list(Contract.LIVE_STATUSES),
        "of_groups": [Contract.ProductGroup.GROUP, Contract.ProductGroup.RETIREMENT],
        "most": most,
        "only_open": only_open,
    }
    with connection.cursor() as cursor:
        cursor.execute(TIES, parameters)
        rows = cursor.fetchall()
    return Ties(tuple(_relation(row) for row in rows), {row[1]: row[-1] for row in rows})


@cache
def _pairs() -> dict[str, list[object]]:
    """The pairs of roles from both sides, as columns. firsts: whether the other is the first."""
    seen = [(first, second, kind, False) for (first, second), kind in CONTRACT_KINDS.items()]
    seen += [(second, first, kind, True) for (first, second), kind in CONTRACT_KINDS.items()]
    names = ("own_roles", "other_roles", "kinds", "firsts")
    return {name: list(column) for name, column in zip(names, zip(*seen, strict=True), strict=True)}


def _relation(row: tuple) -> Relation:
    pk, customer, other, kind, is_first, origin, *rest, roles, contracts, live, as_of, _count = row
    return Relation(pk, customer, other, kind, is_first, Origin(origin), *rest, tuple(roles), contracts, live, as_of)


def relation_of(row: Relationship, customer: int) -> Relation:
    """A written relationship as one of the two sees it."""
    is_first = row.second_id == customer  # the other is the first
    return Relation(
        pk=row.pk,
        customer_id=customer,
        other_id=row.first_id if is_first else row.second_id,
        kind=row.kind,
        is_first=is_first,
        origin=Origin(row.basis),
        since=row.started_on,
        until=row.ended_on,
        valid_until=row.valid_until,
        is_open=row.is_open,
        ended_because=row.ended_because,
        roles=(),
        contract_count=0,
        live_count=0,
        as_of=row.recorded_at,
    )
