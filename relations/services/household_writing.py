"""Suggestions into the database as a set: what waits already stays, what is no longer true is overtaken."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from django.db import connection

from customers.services.copying import copy_columns, read_arrays
from relations.models import HouseholdRun
from relations.rules.household_groups import ROLES
from relations.rules.household_search import Suggested
from relations.rules.household_ties import Tie
from relations.services.household_stock import placed, read_members

KINDS = ("REGISTERED", "LIVING", "PAYER")
BLOCK = 1 << 20  # characters sent at once
WAITING = """
SELECT suggestion.id, coalesce(suggestion.household_id, 0),
    CASE suggestion.kind WHEN 'LIVING' THEN 1 WHEN 'PAYER' THEN 2 ELSE 0 END::bigint, member.customer_id
FROM relations_householdsuggestion suggestion
JOIN relations_suggestedmember member ON member.suggestion_id = suggestion.id
WHERE suggestion.state = 'OPEN'
"""
WAITS = {"id": ">i8", "household": ">i8", "kind": ">i8", "customer": ">i8"}
NEXT_IDS = (
    "SELECT nextval(pg_get_serial_sequence('relations_householdsuggestion', 'id')) FROM generate_series(1, {count})"
)
COPY = (
    "COPY relations_householdsuggestion (id, run_id, kind, household_id, score, size, ties, state, made_at, comment) "
    "FROM STDIN"
)
OVERTAKE = """
UPDATE relations_householdsuggestion SET state = 'OVERTAKEN', decided_at = %s WHERE state = 'OPEN' AND id = ANY(%s)
"""
GONE = "SELECT id FROM customers_customer WHERE state <> 'ACTIVE'"


@dataclass
class Written:
    """What came of a search: suggestions by kind, new ones, those that waited already, those no longer true."""

    by_kind: dict[str, int] = field(default_factory=dict)
    new: int = 0
    kept: int = 0
    overtaken: int = 0


def write_suggestions(*, run: HouseholdRun, ids: np.ndarray, found: Sequence[Suggested], at: datetime) -> Written:
    """Write what a search found. ids: of the customers behind the positions. Inside the caller's transaction."""
    waiting, waiting_mark = _waiting()
    is_gone = np.isin(ids, read_arrays(GONE, {"id": ">i8"})["id"].astype(np.int64))
    written, seen = Written(), []
    for suggested in found:
        marks = _marks(ids[suggested.member], suggested.size, suggested.household, KINDS.index(suggested.kind))
        seen.append(marks)
        waits = np.isin(marks, waiting_mark)
        is_new = ~waits & ~_late(ids, is_gone, suggested)
        written.by_kind[suggested.kind] = len(marks)
        written.new += int(is_new.sum())
        written.kept += int(waits.sum())
        if is_new.any():
            _copy(run, ids, suggested, is_new, at)
    untrue = waiting[~np.isin(waiting_mark, np.concatenate(seen))] if seen else waiting
    with connection.cursor() as cursor:
        cursor.execute(OVERTAKE, [at, untrue.tolist()])
        written.overtaken = cursor.rowcount
    return written


def _late(ids: np.ndarray, is_gone: np.ndarray, suggested: Suggested) -> np.ndarray:
    """Which suggestions came too late: while the stock was compared a member was merged, or put into a household; the
    next search tells better."""
    of = np.repeat(np.arange(len(suggested)), suggested.size)
    is_late = np.zeros(len(suggested), bool)
    is_late[of[is_gone[suggested.member]]] = True
    suggestion = np.full(len(ids), -1)
    suggestion[suggested.member] = of
    places = read_members(suggested.kind)
    position, is_person = placed(ids, places["customer"].astype(np.int64))
    where, household = suggestion[position[is_person]], places["household"].astype(np.int64)[is_person]
    where, household = where[where >= 0], household[where >= 0]
    is_late[where[household != suggested.household[where]]] = True
    return is_late


def _waiting() -> tuple[np.ndarray, np.ndarray]:
    """The suggestions that wait for a decision: id and mark of each."""
    rows = read_arrays(WAITING, WAITS)
    rows = rows[np.argsort(rows["id"].astype(np.int64), kind="stable")]
    suggestion = rows["id"].astype(np.int64)
    starts = np.flatnonzero(np.append(True, suggestion[1:] != suggestion[:-1])[: len(rows)])
    size = np.diff(np.append(starts, len(rows)))
    household, kind = (rows[name].astype(np.int64)[starts] for name in ("household", "kind"))
    return suggestion[starts], _marks(rows["customer"].astype(np.int64), size, household, kind)


def _marks(member: np.ndarray, size: np.ndarray, household: np.ndarray, kind: np.ndarray | int) -> np.ndarray:
    """One integer for kind, household and the set of members of each suggestion."""
    mixed = _mixed(member.astype(np.uint64))
    ends = np.cumsum(size)
    sums = np.concatenate([[np.uint64(0)], np.cumsum(mixed, dtype=np.uint64)])
    whole = sums[ends] - sums[ends - size]
    return whole ^ _mixed(household.astype(np.uint64) * np.uint64(4) + np.uint64(1) * np.asarray(kind, np.uint64))


def _mixed(value: np.ndarray) -> np.ndarray:
    """The bits of integers mixed, so that sums of them tell sets apart (the finaliser of SplitMix64)."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ value >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ value >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return value ^ value >> np.uint64(31)


def _copy(run: HouseholdRun, ids: np.ndarray, suggested: Suggested, chosen: np.ndarray, at: datetime) -> None:
    """Write the chosen suggestions of a kind with their members."""
    count = int(chosen.sum())
    keys = read_arrays(NEXT_IDS.format(count=count), {"id": ">i8"})["id"].astype(np.int64)
    key_of = np.zeros(len(chosen), np.int64)
    key_of[chosen] = keys
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for block in _blocks(_lines(run, suggested, chosen, keys, at)):
            copy.write(block)
    of = np.repeat(np.arange(len(suggested)), suggested.size)
    position = np.arange(len(of)) - np.repeat(np.cumsum(suggested.size) - suggested.size, suggested.size)
    for role, name in enumerate(ROLES):
        rows = chosen[of] & (suggested.role == role)
        columns = {
            "suggestion_id": key_of[of[rows]],
            "customer_id": ids[suggested.member[rows]],
            "position": position[rows].astype(np.int16),
            "role": name,
        }
        copy_columns("relations_suggestedmember", columns)


def _lines(
    run: HouseholdRun, suggested: Suggested, chosen: np.ndarray, keys: np.ndarray, at: datetime
) -> Iterator[str]:
    """One line of COPY a suggestion."""
    ties = _ties(suggested)
    wanted = np.flatnonzero(chosen).tolist()
    score, household, size = (column.tolist() for column in (suggested.score, suggested.household, suggested.size))
    for key, row in zip(keys.tolist(), wanted, strict=True):
        grown = household[row] or "\\N"
        yield (
            f"{key}\t{run.pk}\t{suggested.kind}\t{grown}\t{score[row]}\t{size[row]}\t[{ties[row]}]\tOPEN\t"
            f"{at.isoformat()}\t\n"
        )


def _ties(suggested: Suggested) -> list[str]:
    """The ties of each suggestion as the inside of a JSON array."""
    order = np.lexsort((suggested.other, suggested.one, suggested.of))
    kinds, place = np.unique(suggested.evidence[order], return_inverse=True)
    codes = [json.dumps([tie.name for tie in Tie if kind & tie]) for kind in kinds.tolist()]
    columns = (suggested.one[order].tolist(), suggested.other[order].tolist(), suggested.tie_score[order].tolist())
    texts = [
        f"[{one}, {other}, {score}, {codes[kind]}]"
        for one, other, score, kind in zip(*columns, place.tolist(), strict=True)
    ]
    ends = np.searchsorted(suggested.of[order], np.arange(len(suggested)), side="right").tolist()
    starts = [0, *ends[:-1]]
    return [", ".join(texts[start:end]) for start, end in zip(starts, ends, strict=True)]


def _blocks(lines: Iterator[str]) -> Iterator[str]:
    """Lines put together, so that few pieces are sent."""
    held, length = [], 0
    for line in lines:
        held.append(line)
        length += len(line)
        if length > BLOCK:
            yield "".join(held)
            held, length = [], 0
    yield "".join(held)
