"""Which members of a group contract are customers: each is compared with the whole stock by the very engine that checks
a registration. What an employer said decides nothing more than that; no golden value is ever made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from customers.dedup.blocking import INDEXED_KEYS
from customers.dedup.blocks import MOST_IN_BLOCK
from customers.dedup.online import rank
from customers.models import Code
from customers.sealing import Sealer
from customers.services.match_models import live_model
from customers.services.snapshot import OldForms
from customers.standard.matching import MATCH_RECORD
from customers.standard.record import Standardiser
from customers.typed import Typed, read_typed
from relations.models import CoverEnd, GroupMember, Roster
from relations.rules.rosters import SELF
from relations.services import groups_ends
from relations.services.rosters_applying import rrn_place

CHUNK = 500
LATELY = timedelta(days=3)
WRITE = """
UPDATE relations_groupmember member SET customer_id = found.customer, match_weight = found.weight, matched_at = %s
FROM unnest(%s::bigint[], %s::bigint[], %s::float8[]) AS found(id, customer, weight) WHERE member.id = found.id
"""
FOUND_BY = {
    "rrn_index": ("bytea", "rrn_index = asked.rrn_index"),
    "mobile": ("text", "mobile = asked.mobile AND mobile <> ''"),
    **{name: ("bigint", f"{name} = asked.{name}") for name in INDEXED_KEYS},
}
"""{key: its type, where its holders are}; a key that is NULL finds nobody."""
LOOKUP = f"(SELECT id FROM customers_sourcerecord WHERE {{}} LIMIT {MOST_IN_BLOCK + 1})"  # noqa: S608 - of our own
NEAR = """
WITH asked AS (SELECT * FROM unnest(%s::int[], {arrays}) AS asked(place, {names}))
SELECT found.place, link.customer_id, record.match_keys
FROM (SELECT DISTINCT asked.place, near.id FROM asked CROSS JOIN LATERAL ({lookups}) near) found
JOIN customers_sourcerecord record ON record.id = found.id AND record.kind = 'PERSON'
JOIN customers_link link ON link.record_id = record.id
ORDER BY found.place, record.id
""".format(  # noqa: S608 - words of our own
    arrays=", ".join(f"%s::{kind}[]" for kind, _where in FOUND_BY.values()),
    names=", ".join(FOUND_BY),
    lookups=" UNION ALL ".join(LOOKUP.format(where) for _kind, where in FOUND_BY.values()),
)


def match_members(*, contract_id: int, at: datetime) -> int:
    """Compare every member who was not compared yet; returns how many are customers for certain.

    Each chunk is a transaction of its own, so it may be cut off and called again.
    """
    linked = 0
    while True:
        found = _match_chunk(contract_id, at)
        if found is None:
            return linked
        linked += found


def resume_matching(*, at: datetime) -> None:
    """Go on with the members of contracts that got a list within `LATELY`. Safe to call at any time."""
    lately = Roster.objects.filter(state=Roster.State.APPLIED, applied_at__gt=at - LATELY).values("contract")
    waiting = GroupMember.objects.filter(contract__in=lately, matched_at=None).values_list("contract", flat=True)
    for contract_id in waiting.order_by("contract").distinct():
        match_members(contract_id=contract_id, at=at)


@transaction.atomic
def _match_chunk(contract_id: int, at: datetime) -> int | None:
    """Compare the next members; None where nobody is left."""
    waiting = GroupMember.objects.select_for_update(of=("self",)).filter(contract=contract_id, matched_at=None)
    members = list(waiting.select_related("organisation").order_by("pk")[:CHUNK])
    if not members:
        return None
    typed = _typed(members, at)
    for member, (customer, weight) in zip(members, _best(typed), strict=True):
        member.customer_id, member.match_weight, member.matched_at = customer, weight, at
    columns = [[getattr(member, name) for member in members] for name in ("pk", "customer_id", "match_weight")]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [at, *columns])
    _tell_ends([member for member in members if member.customer_id and member.cover_until], at)
    return sum(member.customer_id is not None for member in members)


def _typed(members: Sequence[GroupMember], at: datetime) -> list[Typed]:
    standard = Standardiser(timezone.localdate(at), Code.objects.regions())
    sealer = Sealer(settings.KEYS)
    return [read_typed(_cells(member, sealer), standard, sealer) for member in members]


def _cells(member: GroupMember, sealer: Sealer) -> Mapping[str, str]:
    """What is known of a member as a person would type it; only an employee has the company for an employer."""
    cells = {
        "kind": "PERSON",
        "name": member.name,
        "birth_date": member.birth_date.isoformat() if member.birth_date else "",
        "sex": member.sex,
        "rrn": sealer.open(member.rrn_sealed, rrn_place(member.pk)) if member.rrn_sealed else "",
        "mobile": member.mobile,
        "email": member.email,
    }
    if member.relation == SELF:
        company = member.organisation
        cells |= {"employee_no": member.employee_no, "company_name": company.name, "company_no": company.company_no}
    return cells


def _best(typed: Sequence[Typed]) -> Iterator[tuple[int | None, float | None]]:
    """Per member the customer that it is for certain, or nobody, and the weight of the best that is worth a look."""
    model = live_model()
    cut = model.cuts["*", "*"]
    near = _near(typed)
    for place, one in enumerate(typed):
        customers, keys = near.get(place, ((), b""))
        ranked = rank(np.frombuffer(keys, MATCH_RECORD), one.record, model)
        position, weight, _pattern = next(ranked.entries(), (0, float("-inf"), 0))
        if weight >= cut.auto:
            yield customers[position], weight
        else:
            yield None, weight if weight >= cut.review else None


def _near(typed: Sequence[Typed]) -> dict[int, tuple[list[int], bytes]]:
    """{place of the member: customers and match keys of the records that share a key}. Raises OldForms."""
    columns = [[one.keys[name] for one in typed] for name in FOUND_BY]
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [list(range(len(typed))), *columns])
        found: dict[int, tuple[list[int], list[bytes]]] = {}
        for place, customer, keys in cursor.fetchall():
            if len(keys) != MATCH_RECORD.itemsize:
                raise OldForms
            customers, records = found.setdefault(place, ([], []))
            customers.append(customer)
            records.append(bytes(keys))
    return {place: (customers, b"".join(records)) for place, (customers, records) in found.items()}


def _tell_ends(members: Sequence[GroupMember], at: datetime) -> None:
    """Whose cover ended before they were known as customers: their planner learns of it now."""
    ends = CoverEnd.objects.filter(member__in=members)
    because = dict(ends.values_list("member", "because"))
    groups_ends.note_cover_ends(members=[member for member in members if member.pk in because], because=because, at=at)
