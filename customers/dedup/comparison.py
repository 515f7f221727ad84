"""How two records agree, item by item, as small integers: the levels that the model weighs. Pure.

Level 0 is always "unknown": one of the two does not have the item. What a pair is judged in, besides agreement, are its
circumstances: how common the name is, how many names stand on a shared number, how old the person is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.dedup.blocking import DAY_BITS
from customers.dedup.mailboxes import is_one_slip
from customers.dedup.names import NAME_LEVELS, name_levels
from customers.dedup.records import Rows
from customers.standard.matching import LUNAR, ORGANISATION, YEAR_ONLY

BIRTH_LEVELS = ("unknown", "exact", "year", "slip", "shifted", "calendar", "other")
SAME_LEVELS = ("unknown", "same", "other")
MOBILE_LEVELS = ("unknown", "same", "prefix", "digit", "other")
EMAIL_LEVELS = ("unknown", "same", "alike", "other")
ADDRESS_LEVELS = ("unknown", "dwelling", "building", "neighbour", "unit", "style", "postcode", "district", "other")
RARITY_LEVELS = ("unknown", "rare", "uncommon", "common", "very_common")
CROWD_LEVELS = ("one", "two", "three", "few", "many", "crowd")
AGE_LEVELS = ("old", "elderly", "adult", "child", "unknown")
# Everything that a pair is weighed by, in this order, with its levels.
LEVELS = {
    "name": NAME_LEVELS,
    "birth": BIRTH_LEVELS,
    "sex": SAME_LEVELS,
    "rrn": SAME_LEVELS,
    "ci": SAME_LEVELS,
    "mobile": MOBILE_LEVELS,
    "phone": SAME_LEVELS,
    "email": EMAIL_LEVELS,
    "address": ADDRESS_LEVELS,
    "employee": SAME_LEVELS,
    "brn": SAME_LEVELS,
    "crn": SAME_LEVELS,
    "rarity": RARITY_LEVELS,
    "mobile_crowd": CROWD_LEVELS,
    "phone_crowd": CROWD_LEVELS,
    "age": AGE_LEVELS,
    "kind": ("person", "organisation", "mixed"),
}
FIELDS = tuple(LEVELS)
# Circumstances are no comparisons of their own: each qualifies a field.
BELONGS_TO = {"rarity": "name", "mobile_crowd": "mobile", "phone_crowd": "phone", "age": "birth"}
CROWDS_FROM = (2, 3, 4, 7, 13)  # distinct names on one number
BORN_FROM = (1955, 1972, 2009, 9000)
UNKNOWN_YEAR = 9999
FIRST_SOLAR_YEAR = 19730101  # from then on nearly nobody was registered by the lunar calendar
LUNAR_LAG_DAYS = (17, 53)  # a lunar date read as a solar one lies so many days early


@dataclass(frozen=True)
class Circumstances:
    """What a record's surroundings say of it, one entry per record: levels of RARITY_LEVELS, and how many distinct
    names stand on its mobile and on its phone (0 without one)."""

    rarity: np.ndarray
    names_on_mobile: np.ndarray
    names_on_phone: np.ndarray


def compare(rows: Rows, circumstances: Circumstances, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The levels of record pairs as int8 (pairs, fields), in the order of FIELDS. left, right: row numbers."""
    levels = np.zeros((len(left), len(FIELDS)), np.int8, order="F")
    one, other = _Taken(rows, left), _Taken(rows, right)
    for field, found in {
        "name": _names(rows, left, right),
        "birth": _births(one.birth, other.birth),
        "sex": agreement(one.sex.view("u1"), other.sex.view("u1")),
        "rrn": agreement(one.rrn, other.rrn),
        "ci": agreement(one.ci, other.ci),
        "mobile": _mobiles(one.mobile, other.mobile),
        "phone": agreement(one.phone, other.phone),
        "email": _emails(rows, left, right),
        "address": _addresses(one, other),
        "employee": agreement(one.employee, other.employee),
        "brn": agreement(one.brn, other.brn),
        "crn": agreement(one.crn, other.crn),
        "rarity": np.maximum(circumstances.rarity[left], circumstances.rarity[right]),
        "mobile_crowd": _crowds(circumstances.names_on_mobile, left, right),
        "phone_crowd": _crowds(circumstances.names_on_phone, left, right),
        "age": _ages(one.birth, other.birth),
        "kind": _kinds(one.flags, other.flags),
    }.items():
        levels[:, FIELDS.index(field)] = found
    return levels


def by_field(levels: np.ndarray) -> dict[str, np.ndarray]:
    """The columns of levels by the name of their field."""
    return {field: levels[:, place] for place, field in enumerate(FIELDS)}


class _Taken:
    """The fields of some rows, each taken once, when it is asked for."""

    def __init__(self, rows: Rows, which: np.ndarray) -> None:
        self._rows, self._which = rows, which

    def __getattr__(self, field: str) -> np.ndarray:
        taken = self._rows[field][self._which]
        setattr(self, field, taken)
        return taken


def agreement(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The levels of SAME_LEVELS of two keys, pair by pair."""
    return np.where((one == 0) | (other == 0), 0, np.where(one == other, 1, 2)).astype(np.int8)


def _names(rows: Rows, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Levels of two names; most are the same, and only the rest is looked at letter by letter."""
    key = rows["name"]
    one, other = key[left], key[right]
    levels = ((one == other) & (one != 0)).astype(np.int8)
    apart = np.flatnonzero(levels == 0)
    if len(apart):
        levels[apart] = name_levels(rows.names[left[apart]], rows.names[right[apart]])
    return levels


def _births(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Levels of two births; both as `MATCH_RECORD` has them."""
    levels = np.where((one == 0) | (other == 0), 0, np.where(one == other, 1, 6)).astype(np.int8)
    day = (one & DAY_BITS) % np.uint64(YEAR_ONLY)
    levels[(levels == 1) & (day == 0)] = 2
    apart = np.flatnonzero(levels == 6)
    levels[apart] = _births_apart(one[apart], other[apart])
    return levels


def _births_apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Levels of births that differ: the later rules are the stronger evidence."""
    is_lunar = (one >= LUNAR) | (other >= LUNAR)
    one, other = (one & DAY_BITS).astype(np.int64), (other & DAY_BITS).astype(np.int64)
    levels = np.full(len(one), BIRTH_LEVELS.index("other"), np.int8)
    lag = np.abs(_day_number(one) - _day_number(other))
    levels[
        ((np.minimum(one, other) < FIRST_SOLAR_YEAR) | is_lunar)
        & (lag >= LUNAR_LAG_DAYS[0])
        & (lag <= LUNAR_LAG_DAYS[1])
    ] = BIRTH_LEVELS.index("calendar")
    year_gap = np.abs(one // YEAR_ONLY - other // YEAR_ONLY)
    swapped = one == other // YEAR_ONLY * YEAR_ONLY + other % 100 * 100 + other // 100 % 100
    same_day = (one % YEAR_ONLY == other % YEAR_ONLY) & (year_gap <= 2)
    levels[swapped | same_day] = BIRTH_LEVELS.index("shifted")
    differing, swapped_digits = _digits_apart(one, other, 8)
    levels[(differing == 1) | ((differing == 2) & swapped_digits)] = BIRTH_LEVELS.index("slip")
    vague = (one % YEAR_ONLY == 0) | (other % YEAR_ONLY == 0)
    first_day = (one % YEAR_ONLY == 101) | (other % YEAR_ONLY == 101)
    levels[vague] = BIRTH_LEVELS.index("other")
    levels[(year_gap == 0) & (vague | first_day)] = BIRTH_LEVELS.index("year")
    levels[(one == other)] = BIRTH_LEVELS.index("exact")  # only the calendar is told differently
    return levels


def _day_number(birth: np.ndarray) -> np.ndarray:
    """Days since 1970 of yyyymmdd; a date that is none counts on from the first of its month."""
    months = (birth // YEAR_ONLY - 1970) * 12 + np.maximum(birth // 100 % 100, 1) - 1
    first = months.astype("M8[M]").astype("M8[D]").astype(np.int64)
    return first + birth % 100


def _digits_apart(one: np.ndarray, other: np.ndarray, digits: int) -> tuple[np.ndarray, np.ndarray]:
    """How many of the last digits differ, and whether two neighbours among them are swapped."""
    count = np.zeros(len(one), np.int8)
    swapped = np.zeros(len(one), bool)
    before: tuple[np.ndarray, np.ndarray] | None = None
    for _digit in range(digits):
        left, right = one % 10, other % 10
        apart = left != right
        count += apart
        if before is not None:
            swapped |= apart & (left == before[1]) & (right == before[0])
        before = left, right
        one, other = one // 10, other // 10
    return count, swapped


def _mobiles(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    levels = np.where((one == 0) | (other == 0), 0, np.where(one == other, 1, 4)).astype(np.int8)
    apart = np.flatnonzero(levels == 4)
    left, right = one[apart].astype(np.int64), other[apart].astype(np.int64)
    count, _swapped = _digits_apart(left, right, 8)
    found = np.full(len(apart), 4, np.int8)
    found[count == 1] = MOBILE_LEVELS.index("digit")
    found[left % 10_000_000 == right % 10_000_000] = MOBILE_LEVELS.index("prefix")
    levels[apart] = found
    return levels


def _emails(rows: Rows, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    one, other = rows["email"][left], rows["email"][right]
    levels = np.where((one == 0) | (other == 0), 0, np.where(one == other, 1, 3)).astype(np.int8)
    apart = np.flatnonzero(levels == 3)
    one, other = rows["mailbox"][left[apart]], rows["mailbox"][right[apart]]
    alike = one == other
    unlike = np.flatnonzero(~alike)
    text = rows["mailbox_text"]
    alike[unlike] = is_one_slip(text[left[apart[unlike]]], text[right[apart[unlike]]])
    levels[apart[alike]] = EMAIL_LEVELS.index("alike")
    return levels


def _addresses(one: _Taken, other: _Taken) -> np.ndarray:
    """The closest level that holds; an address of which only the text is known is compared as a building."""
    both = (one.street != 0) & (other.street != 0)
    units = (one.unit != 0) & (other.unit != 0)
    same_unit = units & (one.unit == other.unit)
    same_street = both & (one.street == other.street)
    postcodes = (one.postcode != 0) & (other.postcode != 0)
    same_postcode = postcodes & (one.postcode == other.postcode)
    same_district = (one.district != 0) & (one.district == other.district)
    foreign = both & ~postcodes & ((one.district == 0) | (other.district == 0))
    levels = np.full(len(both), ADDRESS_LEVELS.index("other"), np.int8)
    for name, holds in (
        ("unknown", foreign),
        ("district", same_district),
        ("postcode", same_postcode),
        ("style", same_district & same_unit),
        ("unit", same_postcode & same_unit),
        ("building", same_street),
        ("neighbour", same_street & units & ~same_unit),
        ("dwelling", same_street & (same_unit | (one.dwelling == other.dwelling) & (one.unit != 0))),
    ):
        levels[holds] = ADDRESS_LEVELS.index(name)
    levels[~both & ~postcodes] = 0
    return levels


def _crowds(names: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.digitize(np.maximum(names[left], names[right]), CROWDS_FROM).astype(np.int8)


def _ages(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    years = np.minimum(*(np.where(birth > 0, (birth & DAY_BITS) // YEAR_ONLY, UNKNOWN_YEAR) for birth in (one, other)))
    return np.digitize(years, BORN_FROM).astype(np.int8)


def _kinds(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    left, right = one & ORGANISATION, other & ORGANISATION
    return np.where(left != right, 2, left).astype(np.int8)
