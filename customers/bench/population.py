"""The demo population in standard form, for engines that are measured side by side on the same records. Pure.

Every engine gets what ours gets: the values of `MATCH_RECORD`, and of names and e-mail addresses the whole text. A
folder holds it all, so that each engine can run in a process of its own, and again:

    population/        the files of the sources with their truth, as `customers.demo` writes them
    records.csv        one line per record with `COLUMNS`, empty where a record has no value
    match_records.bin  the same records as `MATCH_RECORD`
    entities.npy       the number of the true person or organisation of each
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from customers.dedup.blocking import last_seven
from customers.demo import TODAY, generate
from customers.feeds.mapping import canonical_definition, compile_mapping
from customers.feeds.parsing import parse
from customers.feeds.pipeline import ordered_map
from customers.feeds.reading import Chunk, Dialect, open_feed
from customers.standard import jamo, organisation_name, person_name
from customers.standard.assembling import completed, forms_of, match_record
from customers.standard.matching import DAY_BITS, MATCH_RECORD
from customers.standard.record import Form, Memo, Standardiser, hashed, kinds_of

RECORDS_PER_CUSTOMER = 1.66  # of the demo population
LAYOUT = "customers"
NAMES = ("name", "name_jamo", "name_sorted")  # the key; one letter a jamo; syllables or words in alphabetical order
TEXTS = ("birth", "born_on", "sex", "mobile", "email")  # birth: yyyymmdd, or yyyy0000; born_on: as a whole date
KEYS = tuple("name_script rrn ci brn crn phone mailbox dwelling street unit district postcode employee".split())
COLUMNS = ("record", *NAMES, *TEXTS, *KEYS, "last_seven")  # KEYS: whole numbers, as in `MATCH_RECORD`
NOTE = "prepared.json"


@dataclass(frozen=True)
class Prepared:
    """A population in a folder. asked: the number of records asked for; records: the number there are, which is near
    it."""

    folder: Path
    asked: int
    seed: int
    records: int

    @property
    def population(self) -> Path:
        """The folder of the sources' files, in the canonical layout."""
        return self.folder / "population"

    @property
    def table(self) -> Path:
        """The file with `COLUMNS`."""
        return self.folder / "records.csv"

    def entities(self) -> np.ndarray:
        """The number of the true person or organisation of each record, from 0."""
        return np.load(self.folder / "entities.npy")

    def match_records(self) -> np.ndarray:
        """The records as `MATCH_RECORD`, with a plain hash where the master has a blind index."""
        return np.fromfile(self.folder / "match_records.bin", MATCH_RECORD)

    @classmethod
    def opened(cls, folder: Path, asked: int, seed: int) -> Self | None:
        """What was prepared in the folder for the same arguments; None if nothing was."""
        note = folder / NOTE
        noted = json.loads(note.read_text("utf-8")) if note.is_file() else {}
        return cls(folder, **noted) if (noted.get("asked"), noted.get("seed")) == (asked, seed) else None


def prepare(folder: Path, records: int, seed: int, workers: int = os.cpu_count() or 1) -> Prepared:
    """A population of about so many source records. What the folder holds of the same size and seed is used again."""
    prepared = Prepared.opened(folder, records, seed)
    if prepared:
        return prepared
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NOTE).unlink(missing_ok=True)
    generate(round(records / RECORDS_PER_CUSTOMER), seed, folder / "population", canonical=True)
    entities = standardise(folder, workers)
    np.save(folder / "entities.npy", entities)
    prepared = Prepared(folder, records, seed, len(entities))
    noted = {name: value for name, value in asdict(prepared).items() if name != "folder"}
    (folder / NOTE).write_text(json.dumps(noted), "utf-8")
    return prepared


def standardise(folder: Path, workers: int) -> np.ndarray:
    """Write the records of the population in the folder in standard form; returns the entity of each.

    Raises ValueError where files and truth tell of different records, or a row cannot be read.
    """
    truth = truth_of(folder / "population" / "truth.csv")
    numbers: dict[str, int] = {}
    entities: list[int] = []
    with (
        (folder / "records.csv").open("w", encoding="utf-8") as table,
        (folder / "match_records.bin").open("wb") as packed,
    ):
        table.write(",".join(COLUMNS) + "\n")
        with ordered_map(Standard, (TODAY,), workers) as standardised:
            for made in standardised(_pieces(folder / "population")):
                told = list(islice(truth, len(made.keys)))
                if [(source, key) for source, key, _entity in told] != [(made.source, key) for key in made.keys]:
                    raise ValueError(f"the truth tells of other records than the file of {made.source}")
                entities += [numbers.setdefault(entity, len(numbers)) for _source, _key, entity in told]
                table.write(made.lines)
                packed.write(made.packed)
    return np.array(entities, np.int64)


def truth_of(path: Path) -> Iterator[tuple[str, str, str]]:
    """Source, key and entity of every record of a population, in the order of its files."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["source"], row["source_key"], row["person_id"]


class Piece(NamedTuple):
    """Some rows of a file of customers. first: number of the first record, over all files."""

    source: str
    first: int
    header: tuple[str, ...]
    dialect: Dialect
    chunk: Chunk


class Made(NamedTuple):
    """A piece in standard form: keys in their source, lines of the table, and `MATCH_RECORD`s as bytes."""

    source: str
    keys: list[str]
    lines: str
    packed: bytes


def _pieces(population: Path) -> Iterator[Piece]:
    first = 0
    for entry in json.loads((population / "manifest.json").read_text("utf-8")):
        if entry["layout"] == LAYOUT:
            opened = open_feed(population / entry["file"])
            for chunk in opened.chunks:
                yield Piece(entry["source"], first, tuple(opened.header), opened.dialect, chunk)
                first += len(chunk.lines)


class Standard:
    """Turns pieces into standard form, one in each process. today: no birth date lies after it."""

    def __init__(self, today: date) -> None:
        self._standard = Standardiser(today)
        self._names = {"PERSON": Memo(_person), "ORG": Memo(_organisation)}

    def __call__(self, piece: Piece) -> Made:
        """The piece in standard form. Raises ValueError where a row of it cannot be read."""
        mapping = compile_mapping(LAYOUT, canonical_definition(LAYOUT), piece.header)
        parsed = parse(piece.chunk, piece.dialect, mapping)
        if len(parsed.rows) != len(piece.chunk.lines):
            raise ValueError(f"rows of {piece.source} cannot be read")
        columns = parsed.columns
        kinds = kinds_of(columns, self._standard)
        forms, _found = completed(forms_of(columns, kinds, self._standard))
        packed = _packed(forms, kinds, columns["employee_no"])
        names = [self._names[kind][name] for kind, name in zip(kinds, columns["name"], strict=True)]
        lines = _lines(piece.first, names, forms, np.frombuffer(packed, MATCH_RECORD))
        return Made(piece.source, columns["source_key"], lines, packed)


def _person(raw: str) -> tuple[str, str, str]:
    name = person_name(raw)
    return _written(name.key, name.value)


def _organisation(raw: str) -> tuple[str, str, str]:
    key = organisation_name(raw).key
    return _written(key, key)


def _written(key: str, value: str) -> tuple[str, str, str]:
    """A name as `NAMES`, all empty where it must not be matched. Letters stand as they were sent, also where the key
    begins with another word."""
    if not key.isascii():
        return key, jamo(key), "".join(sorted(key))
    words = value.casefold().split() if key else []
    return key, "".join(words), "".join(sorted(words))


def _packed(forms: Mapping[str, Sequence[Form]], kinds: Sequence[str], employee_nos: Sequence[str]) -> bytes:
    return b"".join(
        match_record(
            of_record,
            is_organisation=kind == "ORG",
            employee_no=employee_no.strip(),
            rrn_index=hashed(rrn.value),
            ci_index=hashed(ci.value),
        )
        for of_record, kind, employee_no, rrn, ci in zip(
            zip(*forms.values(), strict=True), kinds, employee_nos, forms["rrn"], forms["ci"], strict=True
        )
    )


def _lines(
    first: int, names: Sequence[tuple[str, str, str]], forms: Mapping[str, Sequence[Form]], rows: np.ndarray
) -> str:
    """Lines of the table: `COLUMNS` of each record."""
    columns = (
        range(first, first + len(rows)),
        *zip(*names, strict=True),
        _numbers(rows["birth"] & DAY_BITS),
        [form.value for form in forms["birth_date"]],
        [form.value for form in forms["sex"]],
        [number and str(number)[1:] for number in _numbers(rows["mobile"])],
        [form.value.casefold() for form in forms["email"]],
        *(_numbers(rows[key]) for key in KEYS),
        _numbers(last_seven(rows)),
    )
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(zip(*columns, strict=True))
    return text.getvalue()


def _numbers(column: np.ndarray) -> list[int | str]:
    """Numbers with an empty text for 0, which means none."""
    return [number or "" for number in column.tolist()]
