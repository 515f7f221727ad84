"""First linking: exact identifiers, and name with birth date and one contact. Pure.

An identifier (resident or alien number, CI; business or corporate number for organisations) joins records outright.
Name, birth date and one contact join records whose identifiers do not contradict. What is alike but not enough
becomes a pair for a person. The interface is that of the full engine: records in, a `Linking` out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from customers.dedup.records import Records

RULE_VERSION = 1
# In order of strength; the position is the code of the rule inside the engine.
RULES = ("FIRST", "RRN", "CI", "BRN", "CRN", "NBM", "NBP", "NBE", "NBA")
IDENTIFIERS = (("rrn", "RRN"), ("ci", "CI"), ("brn", "BRN"), ("crn", "CRN"))
CONTACTS = (("mobile", "NBM"), ("phone", "NBP"), ("email", "NBE"), ("dwelling", "NBA"))
REASONS = ("NAME_BIRTH", "NAME_MOBILE", "NUMBERS_DIFFER", "SAME_NUMBER")
MAX_NAMES_PER_IDENTIFIER = 4  # an identifier under more names than this is a shared value, not a person


@dataclass(frozen=True)
class Edges:
    """Pairs of record rows with one code each (a rule or a reason)."""

    left: np.ndarray
    right: np.ndarray
    code: np.ndarray

    def __len__(self) -> int:
        return len(self.left)

    def only(self, mask: np.ndarray) -> Edges:
        """The edges of the mask."""
        return Edges(self.left[mask], self.right[mask], self.code[mask])


@dataclass(frozen=True)
class Linking:
    """What a run decided, one entry per record of the input.

    group: number of the group a record belongs to; rule: index into RULES; evidence: row of the record it agreed
    with, −1 for the first of a group. pairs: for review, code is an index into REASONS.
    """

    group: np.ndarray
    rule: np.ndarray
    evidence: np.ndarray
    pairs: Edges


def link(records: Records) -> Linking:
    """Decide which records are one customer. The same for any order of input: where a choice is open, what the records
    hold decides, never which came first."""
    content = _content(records)
    existing = _chains(records.customer.astype(np.uint64), (), 0)
    strong, refused = _identifier_edges(records, content)
    label = _components(len(records), [existing, strong])
    weak = _contact_edges(records, content)
    taken, vetoed = _join(records, label, weak, content)
    accepted = _concatenate([strong, taken])
    label = _components(len(records), [existing, accepted])
    rule, evidence = _strongest(len(records), accepted)
    pairs = _pairs(records, label, [refused, vetoed, *_lookalikes(records, content)], content)
    return Linking(label, rule, evidence, pairs)


def _content(records: Records) -> np.ndarray:
    """One integer of all that a record holds, to order records by; records that hold the same have the same."""
    content = records.is_org.astype(np.uint64)
    for key in records.keys.values():
        content = (content ^ key) * np.uint64(0x9E3779B97F4A7C15)
        content ^= content >> np.uint64(29)
    return content


def _chains(key: np.ndarray, order_by: Sequence[np.ndarray], code: int) -> Edges:
    """Each record with the next of the same non-zero key. order_by: what orders them within a key, foremost first."""
    rows = np.flatnonzero(key)
    rows = rows[np.lexsort((rows, *(column[rows] for column in reversed(order_by)), key[rows]))]
    same = key[rows[1:]] == key[rows[:-1]]
    left, right = rows[:-1][same], rows[1:][same]
    return Edges(left, right, np.full(len(left), code, np.int8))


def _concatenate(edges: list[Edges]) -> Edges:
    return Edges(
        np.concatenate([part.left for part in edges]),
        np.concatenate([part.right for part in edges]),
        np.concatenate([part.code for part in edges]),
    )


def _components(rows: int, parts: list[Edges]) -> np.ndarray:
    """A number per record, equal within one connected component, in order of the components' first records."""
    edges = _concatenate(parts)
    graph = coo_array((np.ones(len(edges), bool), (edges.left, edges.right)), shape=(rows, rows))
    _count, label = connected_components(graph, directed=False)
    first = np.unique(label, return_index=True)[1]
    order = np.empty(len(first), np.int64)
    order[np.argsort(first)] = np.arange(len(first))
    return order[label]


def _identifier_edges(records: Records, content: np.ndarray) -> tuple[Edges, Edges]:
    """Edges by identifiers, and those refused: one number, but name and birth date differ, or too many names."""
    name, birth = records.keys["name"], records.keys["birth"]
    linked, refused = [], []
    for key_name, rule in IDENTIFIERS:
        edges = _chains(records.keys[key_name], (name, content), RULES.index(rule))
        other_name = name[edges.left] != name[edges.right]
        births_known = records.has_full_birth[edges.left] & records.has_full_birth[edges.right]
        other_birth = births_known & (birth[edges.left] != birth[edges.right])
        is_shared = _under_many_names(records.keys[key_name], name)[edges.left]
        is_bad = other_name & (other_birth | is_shared) & ~records.is_org[edges.left]
        linked.append(edges.only(~is_bad))
        bad = edges.only(is_bad)
        refused.append(Edges(bad.left, bad.right, np.full(len(bad), REASONS.index("SAME_NUMBER"), np.int8)))
    return _concatenate(linked), _concatenate(refused)


def _under_many_names(key: np.ndarray, name: np.ndarray) -> np.ndarray:
    """Whether a record's key stands under more names than one person can bear."""
    rows = np.flatnonzero(key)
    rows = rows[np.lexsort((name[rows], key[rows]))]
    new_key = np.ones(len(rows), bool)
    new_key[1:] = key[rows[1:]] != key[rows[:-1]]
    new_name = new_key.copy()
    new_name[1:] |= name[rows[1:]] != name[rows[:-1]]
    group = np.cumsum(new_key) - 1
    names = np.bincount(group, new_name, minlength=1) if len(rows) else np.zeros(1)
    result = np.zeros(len(key), bool)
    result[rows] = names[group] > MAX_NAMES_PER_IDENTIFIER
    return result


def mixed(*keys: np.ndarray) -> np.ndarray:
    """One key of several, 0 where any is 0."""
    result = np.zeros(len(keys[0]), np.uint64)
    missing = np.zeros(len(keys[0]), bool)
    for key in keys:
        missing |= key == 0
        result = (result ^ key) * np.uint64(0x9E3779B97F4A7C15)
        result ^= result >> np.uint64(29)
    result[missing] = 0
    return result


def _name_birth(records: Records) -> np.ndarray:
    key = mixed(records.keys["name"], records.keys["birth"])
    key[~records.has_full_birth | records.is_org] = 0
    return key


def _contact_edges(records: Records, content: np.ndarray) -> Edges:
    """Same name, birth date and one contact. Within such a block every identifier is chained on its own."""
    name_birth = _name_birth(records)
    parts = []
    for key_name, rule in CONTACTS:
        key = mixed(name_birth, records.keys[key_name])
        parts.append(_chains(key, (records.keys["rrn"], records.keys["ci"], content), RULES.index(rule)))
    return _concatenate(parts)


def _join(records: Records, label: np.ndarray, edges: Edges, content: np.ndarray) -> tuple[Edges, Edges]:
    """Take the contact edges whose two sides do not contradict each other by an identifier, strongest rule first."""
    groups = _Groups(label, records)
    order = np.lexsort((edges.right, edges.left, content[edges.right], content[edges.left], edges.code))
    outcome = np.zeros(len(edges), bool)
    left, right = label[edges.left[order]].tolist(), label[edges.right[order]].tolist()
    for position, one, other in zip(order.tolist(), left, right, strict=True):
        outcome[position] = groups.join(one, other)
    vetoed = edges.only(~outcome)
    reason = np.full(len(vetoed), REASONS.index("NUMBERS_DIFFER"), np.int8)
    return edges.only(outcome), Edges(vetoed.left, vetoed.right, reason)


class _Groups:
    """Disjoint sets that remember the identifiers of their members and refuse to join what contradicts."""

    def __init__(self, label: np.ndarray, records: Records) -> None:
        count = int(label.max()) + 1 if len(label) else 0
        self._parent = list(range(count))
        self._numbers = [self._of_groups(label, records.keys[key], count) for key in ("rrn", "ci")]

    @staticmethod
    def _of_groups(label: np.ndarray, key: np.ndarray, count: int) -> list[int]:
        """The identifier of each group, 0 for none; of several the smallest."""
        numbers = np.zeros(count, np.uint64)
        held = np.flatnonzero(key)
        held = held[np.argsort(key[held])[::-1]]
        numbers[label[held]] = key[held]
        return numbers.tolist()

    def find(self, group: int) -> int:
        """The set that a group has become part of."""
        parent = self._parent
        while parent[group] != group:
            parent[group] = parent[parent[group]]
            group = parent[group]
        return group

    def join(self, one: int, other: int) -> bool:
        """Join two sets; False when their identifiers contradict each other."""
        one, other = self.find(one), self.find(other)
        if one == other:
            return True
        if one > other:
            one, other = other, one
        for numbers in self._numbers:
            if numbers[one] and numbers[other] and numbers[one] != numbers[other]:
                return False
        self._parent[other] = one
        for numbers in self._numbers:
            numbers[one] = numbers[one] or numbers[other]
        return True


def _strongest(rows: int, edges: Edges) -> tuple[np.ndarray, np.ndarray]:
    """Per record the strongest rule that holds it in its group, and the row of the record it agreed with."""
    node = np.concatenate([edges.left, edges.right])
    peer = np.concatenate([edges.right, edges.left])
    code = np.concatenate([edges.code, edges.code])
    order = np.lexsort((peer, code, node))
    node, peer, code = node[order], peer[order], code[order]
    first = np.ones(len(node), bool)
    first[1:] = node[1:] != node[:-1]
    rule = np.zeros(rows, np.int8)
    evidence = np.full(rows, -1, np.int64)
    rule[node[first]], evidence[node[first]] = code[first], peer[first]
    return rule, evidence


def _pairs(records: Records, label: np.ndarray, alike: list[Edges], content: np.ndarray) -> Edges:
    """Pairs for review of records in two groups of which at least one is fresh: one pair for two groups."""
    edges = _concatenate(alike)
    fresh = records.is_fresh[edges.left] | records.is_fresh[edges.right]
    apart = label[edges.left] != label[edges.right]
    edges = edges.only(fresh & apart)
    low, high = np.minimum(edges.left, edges.right), np.maximum(edges.left, edges.right)
    one, other = label[low], label[high]
    groups = np.minimum(one, other) * (int(label.max(initial=0)) + 1) + np.maximum(one, other)
    hold = np.sort(np.stack([content[low], content[high]]), axis=0)
    order = np.lexsort((high, low, hold[1], hold[0], -edges.code.astype(np.int64), groups))
    kept = order[np.append(True, groups[order][1:] != groups[order][:-1])] if len(order) else order
    return Edges(low[kept], high[kept], edges.code[kept])


def _lookalikes(records: Records, content: np.ndarray) -> Iterator[Edges]:
    keys, full = records.keys, records.has_full_birth
    yield _chains(_name_birth(records), (keys["rrn"], content), REASONS.index("NAME_BIRTH"))
    edges = _chains(mixed(keys["name"], keys["mobile"]), (keys["birth"], content), REASONS.index("NAME_MOBILE"))
    known = full[edges.left] & full[edges.right]
    yield edges.only(~(known & (keys["birth"][edges.left] != keys["birth"][edges.right])))
