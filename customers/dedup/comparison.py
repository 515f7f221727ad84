"""How two records agree, item by item, as small integers: the levels that the model weighs. Pure.

Level 0 is always "unknown": one of the two does not have the item. What a pair is judged in, besides agreement, are its
circumstances: how common the name is, how many names stand on a shared number, how old the person is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.dedup.mailboxes import is_one_slip
from customers.dedup.names import NAME_LEVELS, name_levels
from customers.dedup.records import AGE_SHIFT, MARKS, Rows
from customers.standard.matching import DAY_BITS, LUNAR, YEAR_ONLY

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
CROWD_OF = np.digitize(np.arange(CROWDS_FROM[-1] + 1), CROWDS_FROM).astype(np.int8)
EIGHT_DIGITS = np.uint64(100_000_000)
FIRST_SOLAR_YEAR = 19730101  # from then on nearly nobody was registered by the lunar calendar
LUNAR_LAG_DAYS = (17, 53)  # a lunar date read as a solar one lies so many days early
MOST_MONTHS_OF_LAG = 6  # further apart nothing lies within that lag, not even a date with a day of 99


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
    pairs, column = _Pairs(rows, left, right), by_field(levels)
    column["name"][:] = _names(rows, left, right)
    for field, levels_of in COMPARED.items():
        which = pairs.both(field)
        if len(which):  # of a handful of pairs few have much, and what there is not need not be compared
            column[field][which] = levels_of(*pairs.values(field, which))
    column["sex"][:] = pairs.have("sex") * (pairs.differ("male") + np.int8(1))
    _compare_emails(pairs, column["email"])
    _compare_addresses(pairs, column["address"])
    column["rarity"][:] = np.maximum(circumstances.rarity[left], circumstances.rarity[right])
    column["mobile_crowd"][:] = _crowds(circumstances.names_on_mobile, left, right)
    column["phone_crowd"][:] = _crowds(circumstances.names_on_phone, left, right)
    column["age"][:] = np.minimum(pairs.one, pairs.other) >> AGE_SHIFT  # of the older
    column["kind"][:] = pairs.differ("organisation") * np.int8(2) + pairs.have("organisation")
    return levels


def by_field(levels: np.ndarray) -> dict[str, np.ndarray]:
    """The columns of levels by the name of their field."""
    return {field: levels[:, place] for place, field in enumerate(FIELDS)}


class _Pairs:
    """Pairs of rows under comparison. one, other: the marks of each, which tell what both have: only where they do, the
    values are read. A position is the number of a pair."""

    def __init__(self, rows: Rows, left: np.ndarray, right: np.ndarray) -> None:
        self._rows, self._left, self._right = rows, left, right
        self.one, self.other = rows.marks[left], rows.marks[right]

    def have(self, mark: str) -> np.ndarray:
        """Whether both have it."""
        return self.one & self.other & MARKS[mark] != 0

    def differ(self, mark: str) -> np.ndarray:
        """Whether one has it and one has not."""
        return (self.one ^ self.other) & MARKS[mark] != 0

    def both(self, field: str) -> np.ndarray:
        """The positions of the pairs that both have it."""
        return np.flatnonzero(self.have(field))

    def values(self, field: str, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What the two records of some pairs have. which: positions."""
        column = self._rows[field]
        return column[self._left[which]], column[self._right[which]]


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


def _same(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The levels of SAME_LEVELS of two keys that are there."""
    return np.int8(2) - (one == other)


def _births(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Levels of two births that are there; both as `MATCH_RECORD` has them."""
    levels = np.ones(len(one), np.int8)
    birth = (one & DAY_BITS).astype(np.int32)
    levels[birth == birth // YEAR_ONLY * YEAR_ONLY] = BIRTH_LEVELS.index("year")
    apart = np.flatnonzero(one != other)
    if len(apart):
        levels[apart] = _births_apart(one[apart], other[apart])
    return levels


def _births_apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Levels of births that differ: the later rules are the stronger evidence."""
    is_lunar = (one >= LUNAR) | (other >= LUNAR)
    one, other = (one & DAY_BITS).astype(np.int32), (other & DAY_BITS).astype(np.int32)
    (year, month, day), (year_of_other, month_of_other, day_of_other) = _calendar(one), _calendar(other)
    day_of_year, day_of_year_of_other = one - year * YEAR_ONLY, other - year_of_other * YEAR_ONLY
    levels = np.full(len(one), BIRTH_LEVELS.index("other"), np.int8)
    year_gap = np.abs(year - year_of_other)
    month_gap = np.abs((year - year_of_other) * 12 + month - month_of_other)
    may_be_lunar = ((np.minimum(one, other) < FIRST_SOLAR_YEAR) | is_lunar) & (month_gap <= MOST_MONTHS_OF_LAG)
    near = np.flatnonzero(may_be_lunar)
    if len(near):
        lag = np.abs(_day_number(one[near]) - _day_number(other[near]))
        levels[near[(lag >= LUNAR_LAG_DAYS[0]) & (lag <= LUNAR_LAG_DAYS[1])]] = BIRTH_LEVELS.index("calendar")
    swapped = (year_gap == 0) & (month == day_of_other) & (day == month_of_other)
    same_day = (day_of_year == day_of_year_of_other) & (year_gap <= 2)
    levels[swapped | same_day] = BIRTH_LEVELS.index("shifted")
    differing, swapped_digits = _digits_apart(one, other, 8)
    levels[(differing == 1) | ((differing == 2) & swapped_digits)] = BIRTH_LEVELS.index("slip")
    vague = (day_of_year == 0) | (day_of_year_of_other == 0)
    first_day = (day_of_year == 101) | (day_of_year_of_other == 101)
    levels[vague] = BIRTH_LEVELS.index("other")
    levels[(year_gap == 0) & (vague | first_day)] = BIRTH_LEVELS.index("year")
    levels[(one == other)] = BIRTH_LEVELS.index("exact")  # only the calendar is told differently
    return levels


def _calendar(birth: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Year, month and day of yyyymmdd."""
    months = birth // 100
    year = months // 100
    return year, months - year * 100, birth - months * 100


def _day_number(birth: np.ndarray) -> np.ndarray:
    """Days since 1970 of yyyymmdd; a date that is none counts on from the first of its month."""
    year, month, day = _calendar(birth)
    months = (year.astype(np.int64) - 1970) * 12 + np.maximum(month, 1) - 1
    first = months.astype("M8[M]").astype("M8[D]").astype(np.int64)
    return first + day


def _digits_apart(one: np.ndarray, other: np.ndarray, digits: int) -> tuple[np.ndarray, np.ndarray]:
    """How many of the last digits differ, and whether two neighbours among them are swapped. one, other: int32, of
    which numpy divides many at a time."""
    count = np.zeros(len(one), np.int8)
    swapped = np.zeros(len(one), bool)
    before: tuple[np.ndarray, np.ndarray] | None = None
    for _digit in range(digits):
        rest, rest_of_other = one // 10, other // 10
        left, right = one - rest * 10, other - rest_of_other * 10
        apart = left != right
        count += apart
        if before is not None:
            swapped |= apart & (left == before[1]) & (right == before[0])
        before = left, right
        one, other = rest, rest_of_other
    return count, swapped


def _mobiles(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Levels of two mobiles that are there."""
    levels = np.ones(len(one), np.int8)
    apart = np.flatnonzero(one != other)
    if len(apart):
        levels[apart] = _mobiles_apart(one[apart], other[apart])
    return levels


def _mobiles_apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    left, right = ((number - number // EIGHT_DIGITS * EIGHT_DIGITS).astype(np.int32) for number in (one, other))
    count, _swapped = _digits_apart(left, right, 8)
    levels = np.full(len(one), MOBILE_LEVELS.index("other"), np.int8)
    levels[count == 1] = MOBILE_LEVELS.index("digit")
    levels[left % 10_000_000 == right % 10_000_000] = MOBILE_LEVELS.index("prefix")
    return levels


def _compare_emails(pairs: _Pairs, levels: np.ndarray) -> None:
    which = pairs.both("email")
    one, other = pairs.values("email", which)
    levels[which] = EMAIL_LEVELS.index("same")
    apart = which[one != other]
    if not len(apart):
        return
    one, other = pairs.values("mailbox", apart)
    alike = one == other
    unlike = np.flatnonzero(~alike)
    if len(unlike):
        alike[unlike] = is_one_slip(*pairs.values("mailbox_text", apart[unlike]))
    levels[apart] = np.where(alike, EMAIL_LEVELS.index("alike"), EMAIL_LEVELS.index("other"))


def _compare_addresses(pairs: _Pairs, levels: np.ndarray) -> None:
    """The closest level that holds, where both have a building or a postcode."""
    which = np.flatnonzero(pairs.have("street") | pairs.have("postcode"))
    if not len(which):
        return
    one, other = pairs.one[which], pairs.other[which]
    code = np.zeros(len(which), np.uint8)
    for bit, field in enumerate(("street", "unit", "district", "postcode")):
        has_both = one & other & MARKS[field] != 0
        value, value_of_other = pairs.values(field, which)
        code |= has_both << np.uint8(2 * bit)
        code |= (has_both & (value == value_of_other)) << np.uint8(2 * bit + 1)
    found = ADDRESS_OF[code]
    close = np.flatnonzero((code & SAME_STREET != 0) & (found != ADDRESS_LEVELS.index("dwelling")))
    close = close[one[close] & MARKS["unit"] != 0]
    if len(close):
        dwelling, dwelling_of_other = pairs.values("dwelling", which[close])
        found[close[dwelling == dwelling_of_other]] = ADDRESS_LEVELS.index("dwelling")
    levels[which] = found


def _address_levels(code: np.ndarray) -> np.ndarray:
    """The level of addresses of which two bits each tell whether both have the field and whether it is the same; an
    address of which only the text is known is compared as a building."""
    bits = [(code >> place & 1).astype(bool) for place in range(8)]
    streets, same_street, units, same_unit, districts, same_district, postcodes, same_postcode = bits
    levels = np.full(len(code), ADDRESS_LEVELS.index("other"), np.int8)
    for name, holds in (
        ("unknown", streets & ~postcodes & ~districts),  # one may lie abroad
        ("district", same_district),
        ("postcode", same_postcode),
        ("style", same_district & same_unit),
        ("unit", same_postcode & same_unit),
        ("building", same_street),
        ("neighbour", same_street & units & ~same_unit),
        ("dwelling", same_street & same_unit),
    ):
        levels[holds] = ADDRESS_LEVELS.index(name)
    levels[~streets & ~postcodes] = ADDRESS_LEVELS.index("unknown")
    return levels


def _crowds(names: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return CROWD_OF[np.minimum(np.maximum(names[left], names[right]), CROWDS_FROM[-1])]


ADDRESS_OF = _address_levels(np.arange(256))
SAME_STREET = np.uint8(2)
# What is compared by the values of one field alone, and how.
COMPARED = {
    "birth": _births,
    "mobile": _mobiles,
    **dict.fromkeys(("rrn", "ci", "phone", "employee", "brn", "crn"), _same),
}
