"""Golden customers from their source records, many at once. Pure; runs in worker processes.

Rows come and go as COPY text, so that values pass through untouched. Whatever was chosen before is compared with the
new choice: only what changed is written, and named in a change event.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from customers.golden.naming import NAMELESS, initials_of, sort_name
from customers.golden.rules import SHIPPED, Rules
from customers.golden.survivorship import CONTACT, ITEMS, Choice, GoldenItem, Reason, choose
from customers.golden.wishing import Wanted, standing
from customers.standard.certainty import PLAUSIBLE
from customers.standard.record import CERTAINTY_ORDER, GOLDEN_CERTAINTY

NULL = "\\N"
# What is read of each record, in this order; `seconds` is as-of in seconds since the year 1.
RECORD_COLUMNS = (
    "customer_id id source_id seconds certainties kind rrn_key branch_code fp_code name birth_date "
    "is_lunar sex rrn_mask mobile phone_home email address region postcode company_name company_no "
    "employee_no crn real_name_verified_on marketing_consent_on"
).split()
# What is written of each customer, in this order.
GOLDEN_COLUMNS = (
    "kind gate name sort_name initials birth_date is_lunar sex rrn_mask mobile phone_home email address "
    "region postcode company_name company_no employee_no crn real_name_verified_on marketing_consent_on "
    "main_branch_id keeper_id grade record_count source_count difference_count provenance"
).split()
NOT_IN_HISTORY = {"sort_name", "initials", "provenance"}
HISTORY_COLUMNS = [column for column in GOLDEN_COLUMNS if column not in NOT_IN_HISTORY]
NULLABLE = {"birth_date", "real_name_verified_on", "marketing_consent_on", "main_branch_id", "keeper_id"}
# The item that a golden column belongs to in change events; columns that are not named here are not news.
ITEM_OF_COLUMN = {column: item.code for item in ITEMS for column in item.columns} | {
    "kind": "kind",
    "gate": "gate",
    "main_branch_id": "main_branch",
    "keeper_id": "keeper",
    "grade": "grade",
    "record_count": "sources",
    "source_count": "sources",
    "difference_count": "differences",
}
ASSIGNED = {"main_branch", "keeper", "grade"}
LINKING = {"sources", "differences"}
GATE_ALONE = {"gate"}
GATE = GOLDEN_COLUMNS.index("gate")
NOBODY = ("", "")
GATES = {
    (True, True): "IN_SCOPE",
    (False, True): "UNVERIFIED",
    (True, False): "NO_CONSENT",
    (False, False): "NEITHER",
}
"""{(is the real name verified, is a consent held): state of the gate}."""


@dataclass(frozen=True)
class Assignment:
    """What a customer's contracts say of it: branch and FP of the leading contract, monthly premium in force (won)."""

    branch_code: str
    fp_code: str
    monthly_premium: int


@dataclass(frozen=True)
class Piece:
    """A piece of the stock: records of whole customers, sorted by customer and record, and how they stand today.

    golden: {customer id: its GOLDEN_COLUMNS as COPY text}; customers without an entry are new. wishes: {customer id:
    wishes in force, oldest first}. kept: {customer id: (branch, keeper) as the company assigned them, '' for neither}.
    proofs: {customer id: (is the name verified, is a consent held)} as registers say, None for what the sources say.
    """

    records: bytes
    golden: Mapping[str, tuple[str, ...]]
    assignments: Mapping[str, Assignment]
    wishes: Mapping[str, Sequence[Wanted]] = field(default_factory=dict)
    kept: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    proofs: Mapping[str, tuple[bool | None, bool | None]] = field(default_factory=dict)


@dataclass
class Projected:
    """Golden rows to write: {customer id: GOLDEN_COLUMNS as COPY text}, and the items that changed, per customer.

    gates: (customer id, before, after) of customers that came in scope or left it.
    """

    new: dict[str, tuple[str, ...]] = field(default_factory=dict)
    changed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    events: list[tuple[str, str, str]] = field(default_factory=list)
    gates: list[tuple[int, str, str]] = field(default_factory=list)


def projector(
    trusts: Mapping[int, int], grades: Sequence[tuple[str, int]], rules: Rules
) -> Callable[[bytes], Projected]:
    """The work of one process: pieces come pickled."""
    projecting = Projector(trusts, grades, rules)
    return lambda piece: projecting.project(pickle.loads(piece))  # noqa: S301 - our own bytes, from our own process


class Projector:
    """Projects pieces of the stock. trusts: {source id: 0–100}; grades: (name, monthly premium from), highest first."""

    def __init__(self, trusts: Mapping[int, int], grades: Sequence[tuple[str, int]], rules: Rules = SHIPPED) -> None:
        self._trusts, self._grades, self._rules = trusts, grades, rules

    def project(self, piece: Piece) -> Projected:
        """Choose every golden value of the piece and compare it with today's."""
        projected = Projected()
        text = piece.records.decode()
        if not text:
            return projected
        columns = zip(*(line.split("\t") for line in text[:-1].split("\n")), strict=True)
        table = dict(zip(RECORD_COLUMNS, columns, strict=True))
        for customer, row in zip(*self._golden_rows(table, piece), strict=True):
            held = piece.golden.get(customer)
            if held is None:
                projected.new[customer] = row
                items = items_changed(row, ("",) * len(row))
                projected.events.append((customer, "CREATED", _array(items - {"differences"})))
            elif held != row:
                projected.changed[customer] = row
                if row[GATE] != held[GATE]:
                    projected.gates.append((int(customer), held[GATE], row[GATE]))
                items = items_changed(row, held)
                if items:
                    projected.events.append((customer, _kind_of(items), _array(items)))
        return projected

    def _golden_rows(self, table: dict[str, Sequence[str]], piece: Piece) -> tuple[list[str], list[tuple[str, ...]]]:
        customers = np.array(table["customer_id"])
        starts = np.flatnonzero(np.append(True, customers[1:] != customers[:-1]))
        components = self._components(table)
        certainties = np.frombuffer("".join(table["certainties"]).encode(), np.uint8).reshape(len(customers), -1) - 48
        golden: dict[str, list[str]] = {}
        choices = {}
        for item in ITEMS:
            wished = _wished(item, table, starts, piece.wishes)
            choice = choices[item.code] = self._choose(item, table, starts, components, certainties, wished)
            for column in item.columns:
                golden[column] = _taken(table[column], choice.winner, _nothing(column))
        ids = [table["customer_id"][start] for start in starts.tolist()]
        golden["kind"] = _taken(table["kind"], _or_first(choices["name"].winner, starts), "")
        golden["sort_name"] = [
            sort_name(*named) or NAMELESS for named in zip(golden["kind"], golden["name"], strict=True)
        ]
        golden["initials"] = list(map(initials_of, golden["kind"], golden["name"]))
        golden["gate"] = _gates(golden["real_name_verified_on"], golden["marketing_consent_on"], ids, piece.proofs)
        self._assign(golden, table, starts, components, ids, piece)
        self._count(golden, table, starts, choices)
        golden["provenance"] = _provenance(table["id"], choices)
        return ids, list(zip(*(golden[column] for column in GOLDEN_COLUMNS), strict=True))

    def _components(self, table: dict[str, Sequence[str]]) -> dict[Reason, np.ndarray]:
        trusts = {str(source): trust for source, trust in self._trusts.items()}
        return {
            Reason.VERIFIED: np.array([day != NULL for day in table["real_name_verified_on"]], np.int64),
            Reason.TRUST: np.array([trusts[source] for source in table["source_id"]], np.int64),
            Reason.RECENCY: np.array(table["seconds"], np.int64),
        }

    def _choose(
        self,
        item: GoldenItem,
        table: dict[str, Sequence[str]],
        starts: np.ndarray,
        components: dict[Reason, np.ndarray],
        certainties: np.ndarray,
        wished: np.ndarray | None,
    ) -> Choice:
        held = first = table["rrn_key" if item.code == "rrn" else item.columns[0]]
        if item.stand_in:
            held = [value or other for value, other in zip(first, table[item.stand_in], strict=True)]
        numbers: dict[str, int] = {"": 0, NULL: 0}
        values = np.array([numbers.setdefault(value, len(numbers)) for value in held], np.int64)
        column = GOLDEN_CERTAINTY[item.code]
        if column is None:
            certainty = np.full(len(values), int(PLAUSIBLE))
            days = [int(day.replace("-", "")) if day != NULL else 0 for day in held]
            components = components | {Reason.LATEST_VALUE: np.array(days, np.int64)}
        else:
            certainty = certainties[:, CERTAINTY_ORDER.index(column)].astype(np.int64)
            if item.stand_in:
                other = certainties[:, CERTAINTY_ORDER.index(item.stand_in)].astype(np.int64)
                certainty = np.where([value == "" for value in first], other, certainty)
        rank = self._rules.ranks[item.code]
        return choose(rank, starts, values, certainty, components | {Reason.CERTAINTY: certainty}, wished)

    def _assign(
        self,
        golden: dict[str, list[str]],
        table: dict[str, Sequence[str]],
        starts: np.ndarray,
        components: dict[Reason, np.ndarray],
        ids: list[str],
        piece: Piece,
    ) -> None:
        """Branch, keeper and grade: as the company assigned them, else of the leading contract, else of the newest
        record that names them."""
        assignments, kept = piece.assignments, piece.kept
        for place, (column, sent) in enumerate((("main_branch_id", "branch_code"), ("keeper_id", "fp_code"))):
            values = np.array([1 if value else 0 for value in table[sent]], np.int64)
            certainty = np.full(len(values), int(PLAUSIBLE))
            choice = choose(CONTACT, starts, values, certainty, components | {Reason.CERTAINTY: certainty})
            golden[column] = _taken(table[sent], choice.winner, NULL)
            for position, customer in enumerate(ids):
                said = getattr(assignments[customer], sent) if customer in assignments else ""
                if assigned := kept.get(customer, NOBODY)[place] or said:
                    golden[column][position] = assigned
        golden["grade"] = [
            self._grade(assignments[customer].monthly_premium) if customer in assignments else "" for customer in ids
        ]

    def _grade(self, monthly_premium: int) -> str:
        return next((grade for grade, least in self._grades if monthly_premium >= least), "")

    def _count(
        self,
        golden: dict[str, list[str]],
        table: dict[str, Sequence[str]],
        starts: np.ndarray,
        choices: Mapping[str, Choice],
    ) -> None:
        counts = np.diff(np.append(starts, len(table["id"])))
        golden["record_count"] = list(map(str, np.minimum(counts, 32_767).tolist()))
        sources = np.array(table["source_id"], np.int64)
        customer = np.repeat(np.arange(len(starts)), counts)
        each = np.unique(customer * (int(sources.max()) + 1) + sources) // (int(sources.max()) + 1)
        golden["source_count"] = list(map(str, np.bincount(each, minlength=len(starts)).tolist()))
        differences = sum(choice.differs.astype(np.int64) for choice in choices.values())
        golden["difference_count"] = list(map(str, differences.tolist()))


def _wished(
    item: GoldenItem, table: dict[str, Sequence[str]], starts: np.ndarray, wishes: Mapping[str, Sequence[Wanted]]
) -> np.ndarray | None:
    """How far each record is wished for this item; None where nobody wished anything."""
    if not any(wish.item in ("", item.code) for wanted in wishes.values() for wish in wanted):
        return None
    rows = len(table["id"])
    standings = np.zeros(rows, np.int64)
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), rows], strict=True):
        wanted = wishes.get(table["customer_id"][start])
        if wanted:
            records = list(zip(map(int, table["id"][start:end]), map(int, table["source_id"][start:end]), strict=True))
            standings[start:end] = standing(item.code, wanted, records)
    return standings


def _nothing(column: str) -> str:
    return NULL if column in NULLABLE else "f" if column == "is_lunar" else ""


def _taken(values: Sequence[str], rows: np.ndarray, nothing: str) -> list[str]:
    return [values[row] if row >= 0 else nothing for row in rows.tolist()]


def _or_first(winner: np.ndarray, starts: np.ndarray) -> np.ndarray:
    return np.where(winner >= 0, winner, starts)


def _gates(
    verified_on: Sequence[str],
    consent_on: Sequence[str],
    ids: Sequence[str],
    proofs: Mapping[str, tuple[bool | None, bool | None]],
) -> list[str]:
    """Whether real name and consent are both there, and what is missing, by the sources where no register speaks."""
    names, consents = ([day != NULL for day in days] for days in (verified_on, consent_on))
    if proofs:
        for position, customer in enumerate(ids):
            name, consent = proofs.get(customer, (None, None))
            names[position] = names[position] if name is None else name
            consents[position] = consents[position] if consent is None else consent
    return [GATES[proven] for proven in zip(names, consents, strict=True)]


def _provenance(ids: Sequence[str], choices: Mapping[str, Choice]) -> list[str]:
    """Per customer `{item: [record id, reason]}`, written as PostgreSQL writes jsonb, so that equal is equal."""
    parts = []
    for code, choice in sorted(choices.items(), key=lambda pair: (len(pair[0]), pair[0])):
        label = f', "{code}": ['
        parts.append(
            [
                f"{label}{ids[row]}, {reason}]" if row >= 0 else ""
                for row, reason in zip(choice.winner.tolist(), choice.reason.tolist(), strict=True)
            ]
        )
    return ["{" + "".join(items)[2:] + "}" for items in zip(*parts, strict=True)]


def items_changed(row: tuple[str, ...], held: tuple[str, ...]) -> set[str]:
    """The items in which two golden rows differ."""
    return {
        ITEM_OF_COLUMN[column]
        for column, value, before in zip(GOLDEN_COLUMNS, row, held, strict=True)
        if value != before and column in ITEM_OF_COLUMN and not (before == "" and value in (NULL, "f"))
    }


def _kind_of(items: set[str]) -> str:
    if items <= ASSIGNED:
        return "ASSIGNED"
    if items == GATE_ALONE:
        return "GATE"
    return "LINKED" if items <= LINKING else "CHANGED"


def _array(items: set[str]) -> str:
    return "{" + ",".join(sorted(items)) + "}"
