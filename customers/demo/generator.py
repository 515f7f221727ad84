"""The demo population: a whole insurer with its customers, written as the files of six source systems."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from .company import Company, found_company
from .contracts import Contracts, count_contracts, draw_contracts
from .files import own_columns, write_delimited, write_own
from .layouts import CANONICAL, MAPPINGS
from .organisations import draw_organisations
from .people import People, count_people, draw_people
from .records import Records, all_records, first_keys
from .remarks import remarks
from .sightings import World
from .text import blank, day_number, joined, table

TODAY = date(2026, 11, 23)
FEWEST_CUSTOMERS = 50
_ORGANISATIONS = 0.04
_WITH_CONTRACTS = ("POLICY", "BANCA", "CORP")
_BRANCH_HEADERS = ("code", "name", "kind", "parent_code")
_STAFF_HEADERS = ("employee_number", "name", "branch_code", "job", "channel")


@dataclass
class Output:
    """A folder being filled: what was written, in load order, and the truth about it."""

    folder: Path
    seed: int
    today: date
    canonical: bool
    persons: int
    manifest: list[dict[str, object]] = field(default_factory=list)
    truth: list[dict[str, np.ndarray]] = field(default_factory=list)
    homes: list[dict[str, np.ndarray]] = field(default_factory=list)
    waiting: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)  # CORP's first part, for one canonical file

    def add(self, mapping: str, columns: dict[str, np.ndarray]) -> None:
        """Write the file of one mapping."""
        source, layout = MAPPINGS[mapping]["source"], MAPPINGS[mapping]["layout"]
        if self.canonical:
            self._add_canonical(mapping, source, layout, columns)
            return
        own = own_columns(mapping, MAPPINGS[mapping], columns)
        own |= remarks(mapping, len(next(iter(own.values()))), self.seed)
        self._note(source, layout, mapping, *write_own(self.folder, mapping, MAPPINGS[mapping], own, self.today))

    def _add_canonical(self, mapping: str, source: str, layout: str, columns: dict[str, np.ndarray]) -> None:
        """One file a source and layout: companies wait for the employees."""
        columns = {column: columns[column] for column in CANONICAL[layout]}
        if mapping == "corp-companies":
            self.waiting = columns
            return
        if mapping == "corp-employees":
            columns = {column: np.concatenate([self.waiting[column], values]) for column, values in columns.items()}
            self.waiting = {}
        file = f"{source.lower()}_{layout}.csv"
        self._note(source, layout, None, file, write_delimited(self.folder / file, columns))

    def _note(self, source: str, layout: str, mapping: str | None, file: str, rows: int) -> None:
        entry = {"source": source, "layout": layout, "mapping": mapping, "file": file, "rows": rows}
        self.manifest.append(entry)

    def know(self, records: Records) -> None:
        """Keep which person or organisation each key of the records stands for."""
        entity, size = records.entity, len(records.entity)
        number = np.where(entity >= self.persons, entity - self.persons, np.where(entity < 0, np.arange(size), entity))
        letter = np.where(entity < 0, f"X-{records.source}-", np.where(entity >= self.persons, "O", "P"))
        identity = joined(letter.astype(object), table(map(str, (number + 1).tolist())))
        source = np.full(size, records.source, dtype=object)
        keys = records.columns["source_key"]
        row = {"source": source, "source_key": keys, "person_id": identity, "kind": records.columns["kind"]}
        self.truth.append(row)

    def know_homes(self, records: Records, people: People) -> None:
        """Keep where the persons of the records live today, and with which family they belong."""
        rows = np.flatnonzero((records.entity >= 0) & (records.entity < self.persons))
        person = records.entity[rows]
        homes = (people.dwelling[person] + 1).tolist()
        families = (people.families.household[person] + 1).tolist()
        self.homes.append(
            {
                "source": np.full(len(rows), records.source, dtype=object),
                "source_key": records.columns["source_key"][rows],
                "person_id": joined("P", table(map(str, (person + 1).tolist()))),
                "household_id": joined("H", table(map(str, homes))),
                "family_id": joined("F", table(map(str, families))),
            }
        )


def generate(customers: int, seed: int, out: Path, *, canonical: bool = False, today: date = TODAY) -> dict:
    """Write the demo population into the folder `out` and give what was written.

    customers: true persons and organisations together, at least 50. canonical: one file in the canonical layout per
    source and layout, of the same records, instead of the sources' own. Equal arguments give equal bytes.
    """
    out.mkdir(parents=True, exist_ok=True)
    world = draw_world(customers, seed, day_number(today))
    output = Output(out, seed, today, canonical, len(world.people.name))
    keys = {source: blank(customers) for source in _WITH_CONTRACTS}
    for records in all_records(world):
        output.add(records.mapping, records.columns)
        output.know(records)
        output.know_homes(records, world.people)
        if records.source in keys:
            keys[records.source] = np.where(
                keys[records.source] == "", first_keys(records, customers), keys[records.source]
            )
    contracts = draw_contracts(world, keys, customers)
    for found in contracts:
        output.add(f"{found.source.lower()}-contracts", found.columns)
        output.add(f"{found.source.lower()}-parties", found.parties)
    _write_company(out, world.company)
    _write_truth(output)
    return _summary(world, output, contracts)


def draw_world(customers: int, seed: int, today: int) -> World:
    """The true population; today: days since 1900-01-01. Raises ValueError below 50 customers."""
    if customers < FEWEST_CUSTOMERS:
        raise ValueError(f"A population needs at least {FEWEST_CUSTOMERS} customers, not {customers}.")
    company = found_company(customers, seed)
    organisations = draw_organisations(round(customers * _ORGANISATIONS), seed)
    people = draw_people(customers - organisations.count, organisations, company, seed, today)
    return World(people, organisations, company, seed, today)


def _write_company(out: Path, company: Company) -> None:
    for name, headers, rows in (
        ("branches.csv", _BRANCH_HEADERS, company.branches),
        ("staff.csv", _STAFF_HEADERS, company.staff),
    ):
        columns = dict(zip(headers, map(table, zip(*rows, strict=True)), strict=True))
        write_delimited(out / name, columns)


def _write_truth(output: Output) -> None:
    """truth.csv and truth_households.csv, which are never loaded, and the manifest.

    Who moved out has a household of their own, and belongs to the family still.
    """
    for name, parts in (("truth.csv", output.truth), ("truth_households.csv", output.homes)):
        columns = {header: np.concatenate([part[header] for part in parts]) for header in parts[0]}
        write_delimited(output.folder / name, columns)
    text = json.dumps(output.manifest, ensure_ascii=False, indent=2) + "\n"
    (output.folder / "manifest.json").write_text(text, encoding="utf-8")


def _count(sources: Iterable[tuple[str, int]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for source, rows in sources:
        counts[source] = counts.get(source, 0) + rows
    return counts


def _summary(world: World, output: Output, contracts: list[Contracts]) -> dict:
    """files: rows of each; records: customer records of each source; truth: what was planted."""
    files = {entry["file"]: entry["rows"] for entry in output.manifest}
    files |= {"branches.csv": len(world.company.branches), "staff.csv": len(world.company.staff)}
    known = [entry for entry in output.manifest if entry["layout"] == "customers"]
    records = _count((entry["source"], entry["rows"]) for entry in known)
    files["truth.csv"] = sum(records.values())
    files["truth_households.csv"] = sum(len(part["source"]) for part in output.homes)
    organisations = {"organisations": world.organisations.count, "offices": len(world.organisations.organisation)}
    return {
        "files": files,
        "records": records,
        "truth": count_people(world.people) | organisations | count_contracts(contracts),
    }
