"""Records as the engine reads them: one array per field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from customers.dedup.blocks import MULTIPLIER, SHIFT, blocks_that_differ, mixed, packed_pairs, unique_sorted
from customers.standard.matching import DAY_BITS, MATCH_RECORD, ORGANISATION, YEAR_ONLY

COLUMN_FIELDS = [
    "name",
    *(name for name in MATCH_RECORD.names if name not in ("_", "name", "name_script", "name_text")),
]
NAME_FIELDS = np.dtype([(name, MATCH_RECORD[name]) for name in ("name", "name_script", "name_text")])
PIECE = 4096  # rows taken apart at once: what fits the processor's cache
# What a record has, as bits of `Rows.marks`: one for each of these fields in their order, and some more.
MARKED = tuple("rrn ci brn crn birth mobile phone email employee street unit district postcode sex".split())
MARKS = {name: np.uint32(1 << place) for place, name in enumerate((*MARKED, "male", "organisation"))}
AGE_SHIFT = np.uint32(29)  # the highest bits: how many of BORN_FROM the birth has reached, all of them without one
BORN_FROM = (1955, 1972, 2009, 9000)
MOST_NAMES_PER_PERSON = 4  # a number under more names than this is a shared value, not a person


class Rows:
    """The fields of `MATCH_RECORD`, each as one contiguous array under its name. All that tells a name stands together
    in `names` too, and `marks` tell what a record has at a glance. An identifier under more names than one person can
    bear counts as none."""

    def __init__(self, names: np.ndarray, columns: Mapping[str, np.ndarray], marks: np.ndarray) -> None:
        self.names, self._columns, self.marks = names, columns, marks

    @classmethod
    def of(cls, packed: np.ndarray) -> Self:
        """The rows of an array of `MATCH_RECORD`."""
        names = np.empty(len(packed), NAME_FIELDS)
        columns = {name: np.empty(len(packed), packed.dtype[name]) for name in COLUMN_FIELDS}
        marks = np.empty(len(packed), np.uint32)
        for start in range(0, len(packed), PIECE):
            piece, place = packed[start : start + PIECE], slice(start, start + PIECE)
            for name, column in columns.items():
                column[place] = piece[name]
            for name in NAME_FIELDS.names:
                names[name][place] = piece[name]
            marks[place] = marks_of({name: column[place] for name, column in columns.items()})
        rows = cls(names, columns, marks)
        for identifier in ("rrn", "ci"):
            is_shared = names_on(rows, identifier) > MOST_NAMES_PER_PERSON
            columns[identifier][is_shared] = 0
            marks[is_shared] &= ~MARKS[identifier]
        return rows

    def save(self, folder: Path) -> None:
        """Write every column as a file of its own, so that any number of processes may share them."""
        np.save(folder / "names.npy", self.names)
        np.save(folder / "marks.npy", self.marks)
        for name, column in self._columns.items():
            np.save(folder / f"column-{name}.npy", column)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The rows that were saved in a folder; the files are mapped, not read."""
        columns = {name: np.load(folder / f"column-{name}.npy", mmap_mode="r") for name in COLUMN_FIELDS}
        names, marks = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("names", "marks"))
        return cls(names, columns, marks)

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, field_name: str) -> np.ndarray:
        return self._columns[field_name] if field_name in self._columns else self.names[field_name]

    def content_of(self, which: np.ndarray) -> np.ndarray:
        """One integer of all that each of these rows holds, to order records by; records that hold the same have the
        same."""
        content = np.zeros(len(which), np.uint64)
        for column in self._columns.values():
            if column.dtype.itemsize <= content.itemsize:
                held = column[which]
                content = (content ^ (held if held.dtype.kind == "u" else held.view("u1"))) * MULTIPLIER
                content ^= content >> SHIFT
        return content

    @property
    def is_org(self) -> np.ndarray:
        """Whether a record is an organisation's."""
        return (self._columns["flags"] & ORGANISATION) > 0


def marks_of(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """The `marks` of some records. columns: {field of `MATCH_RECORD`: one value per record}."""
    birth = columns["birth"] & DAY_BITS
    age = np.zeros(len(birth), np.uint32)
    for year in BORN_FROM:
        age += (birth >= np.uint64(year * YEAR_ONLY)) | (birth == 0)
    marks = age << AGE_SHIFT
    for name in MARKED:
        column = columns[name] if name != "sex" else columns[name].view("u1")
        marks |= (column != 0) * MARKS[name]
    marks |= (columns["sex"] == b"M") * MARKS["male"]
    marks |= ((columns["flags"] & ORGANISATION) > 0) * MARKS["organisation"]
    return marks


@dataclass(frozen=True)
class Records:
    """Source records. All arrays have one entry per record.

    ids: record ids, ascending; source: id of the source system; customer: id of the customer a record is linked to, 0
    for none; is_fresh: whether it is new or changed since it was last matched.
    """

    ids: np.ndarray
    source: np.ndarray
    customer: np.ndarray
    is_fresh: np.ndarray
    rows: Rows

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Rulings:
    """What people have decided about pairs of records, as row numbers: to be one customer, or never to be.

    same_known, different_known: how each pair agreed when it was decided, as a pattern; −1 where nobody knows. Without
    entries nobody knows of any.
    """

    same: tuple[np.ndarray, np.ndarray] = field(default_factory=lambda: (_NOBODY, _NOBODY))
    different: tuple[np.ndarray, np.ndarray] = field(default_factory=lambda: (_NOBODY, _NOBODY))
    same_known: np.ndarray = field(default_factory=lambda: _NOBODY)
    different_known: np.ndarray = field(default_factory=lambda: _NOBODY)

    @cached_property
    def apart(self) -> np.ndarray:
        """The pairs ruled never to be one, packed and ascending."""
        return np.unique(packed_pairs(*self.different))


_NOBODY = np.empty(0, np.int64)


def names_on(rows: Rows | np.ndarray, field_name: str) -> np.ndarray:
    """How many distinct names stand on each record's value of a field, 0 without a value: a shared number betrays
    itself here."""
    value = rows[field_name]
    result = (value != 0).astype(np.int32)
    # Of most values all holders have one name; only the names of the others are sorted.
    member, sizes = blocks_that_differ(value, rows["name"])
    if not len(member):
        return result
    group, name = np.repeat(np.arange(len(sizes)), sizes), mixed(rows["name"][member])
    held = np.flatnonzero(name)
    named = unique_sorted(group[held].astype(np.uint64) << np.uint64(40) | name[held] >> np.uint64(24))
    counts = np.bincount((named >> np.uint64(40)).astype(np.int64), minlength=len(sizes))
    result[member] = np.maximum(counts, 1)[group]
    return result
