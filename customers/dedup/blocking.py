"""Which records are compared at all: those that share a key. Pure.

A key is one item, or two mixed into one integer; 0 is no key. The key space is cut into parts by the first item of each
key: so a part makes keys of its own records alone, and all keys that begin with one item side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from customers.dedup.blocks import MULTIPLIER, SHIFT, Places, bearable, mixed, rows_in_part, sides_of, unique_sorted
from customers.standard.matching import DAY_BITS, MAILBOX_LETTERS, YEAR_ONLY

if TYPE_CHECKING:
    from customers.dedup.records import Rows

SMALL_STOCK = 50_000  # records; below it single weak items make blocks as well
NEARLY_PROOF = ("rrn", "ci", "brn", "crn", "name_birth_key")
FOREMOST = ("name_birth_key", "mobile")
LAST_SEVEN = np.uint64(10_000_000)
NAME_START = np.dtype([("start", "<u4"), ("rest", "V26")])  # of a name's text: two letters, or four Roman ones
# The items of every key, by name. One item alone is the key as it stands.
MADE_OF = {
    "mobile": ("mobile",),
    "name_birth_key": ("name", "birth_day"),
    "birth_mobile_key": ("birth_day", "last_seven"),
    "name_postcode_key": ("name", "postcode"),
    "name_street_key": ("name", "street"),
    "name_phone_key": ("name", "phone"),
    "email_key": ("email",),
    "employee_key": ("employee",),
    "rrn": ("rrn",),
    "ci": ("ci",),
    "brn": ("brn",),
    "crn": ("crn",),
    "name_mobile": ("name", "last_seven"),
    "name_month": ("rare_name", "birth_month"),
    "name_anniversary": ("rare_name", "birth_anniversary"),
    "name_year": ("rare_name", "birth_year"),
    "name_mobile_front": ("rare_name", "mobile_front"),
    "name_mobile_back": ("rare_name", "mobile_back"),
    "birth_dwelling": ("birth_day", "dwelling"),
    "birth_postcode": ("birth_day", "postcode"),
    "birth_phone": ("birth_day", "phone"),
    "name_unit": ("name", "unit"),
    "mailbox_birth": ("birth_day", "mailbox"),
    "syllables_birth": ("birth_day", "first_letters"),
}
IN_SMALL_STOCKS = {
    "birth": ("birth_day",),
    "mailbox": ("mailbox",),
    "street": ("street",),
    "postcode": ("postcode",),
    "mailbox_letters": ("mailbox_letters",),
    "letters_postcode": ("first_letters", "postcode"),
}
# Keys that the database indexes, by column: an arriving record finds its neighbours by these.
INDEXED_KEYS = (
    "name_birth_key",
    "birth_mobile_key",
    "name_postcode_key",
    "name_street_key",
    "name_phone_key",
    "email_key",
    "employee_key",
)
# The keys that a model may do without: all but the identifiers, and those that only a small stock has.
OPTIONAL_KEYS = (
    *FOREMOST,
    *(name for name in INDEXED_KEYS if name not in FOREMOST),
    *("name_mobile", "name_month", "name_anniversary", "name_year", "name_mobile_front", "name_mobile_back"),
    *("birth_dwelling", "birth_postcode", "birth_phone", "name_unit", "mailbox_birth", "syllables_birth"),
)


class Items:
    """What keys are made of, by name, for some rows: their fields and what is `DERIVED` from these, each made once.

    is_rare: names of which a part of the birth date makes a key; which: numbers of the rows, all when not given.
    """

    def __init__(
        self, rows: Rows | np.ndarray, is_rare: np.ndarray | None = None, which: np.ndarray | None = None
    ) -> None:
        self._rows, self._is_rare, self._which = rows, is_rare, which
        self._made: dict[str, np.ndarray] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._made:
            self._made[name] = DERIVED[name](self) if name in DERIVED else self._field(name)
        return self._made[name]

    def _field(self, name: str) -> np.ndarray:
        if name == "is_rare":
            column = self._is_rare
        elif name == "name_start":
            column = self._rows["name_text"].view(NAME_START)["start"]
        elif name == "mailbox_letters":
            column = mailbox_letters(self._rows["mailbox_text"])
        else:
            column = self._rows[name]
        return np.ascontiguousarray(column if self._which is None else column[self._which], np.uint64)

    def key(self, made_of: tuple[str, ...]) -> np.ndarray:
        """The key of these items, one or two."""
        return self[made_of[0]] if len(made_of) == 1 else mixed(*(self[name] for name in made_of))

    def some(self, which: np.ndarray) -> Items:
        """The same for these rows alone."""
        return Items(self._rows, self._is_rare, which)


Fields = Items | Mapping[str, np.ndarray]  # anything that gives an array for the name of a field


def birth_day(rows: Fields) -> np.ndarray:
    """The birth as yyyymmdd whatever the calendar, 0 where day and month are not known."""
    birth = rows["birth"] & DAY_BITS
    return birth * (_modulo(birth, np.uint64(YEAR_ONLY)) > 0)


def last_seven(rows: Fields) -> np.ndarray:
    """The last seven digits of the mobile behind a 1: they outlive the change of prefixes; 0 for none."""
    return _last_digits(rows["mobile"], LAST_SEVEN)


def mobile_back(rows: Fields) -> np.ndarray:
    """The last four digits of the mobile behind a 1; 0 for none."""
    return _last_digits(rows["mobile"], np.uint64(10_000))


def _last_digits(number: np.ndarray, size: np.uint64) -> np.ndarray:
    return (_modulo(number, size) + size) * (number > 0)


def _modulo(number: np.ndarray, size: np.uint64) -> np.ndarray:
    """number % size, by the division that numpy does many of at a time."""
    return number - number // size * size


def first_letters(items: Items) -> np.ndarray:
    """The first two syllables, or four Roman letters, of the name; 0 for none."""
    start = items["name_start"]
    return start * ((items["name"] > 0) & (start >> np.uint64(16) > 0))


def mailbox_letters(texts: np.ndarray) -> np.ndarray:
    """The letters of each mailbox in whatever order, as one integer: two that are swapped leave it the same; 0 for
    none."""
    letters = np.sort(np.ascontiguousarray(texts).view(np.uint8).reshape(len(texts), MAILBOX_LETTERS), axis=1)
    words = letters.view(np.uint64).reshape(len(texts), MAILBOX_LETTERS // 8)
    result = np.zeros(len(texts), np.uint64)
    for word in words.T:
        result = (result ^ word) * MULTIPLIER
        result ^= result >> SHIFT
    return result


DERIVED: Mapping[str, Callable[[Items], np.ndarray]] = {
    "birth_day": birth_day,
    "birth_month": lambda items: items["birth_day"] // np.uint64(100),
    "birth_anniversary": lambda items: _modulo(items["birth_day"], np.uint64(YEAR_ONLY)),
    "birth_year": lambda items: (items["birth"] & DAY_BITS) // np.uint64(YEAR_ONLY),
    "last_seven": last_seven,
    "mobile_front": lambda items: items["last_seven"] // np.uint64(1000),
    "mobile_back": mobile_back,
    "first_letters": first_letters,
    "rare_name": lambda items: items["name"] * items["is_rare"],
}


def indexed_keys(rows: np.ndarray) -> dict[str, np.ndarray]:
    """The keys of `INDEXED_KEYS` as uint64. rows: `MATCH_RECORD`."""
    items = Items(rows)
    return {name: items.key(MADE_OF[name]) for name in INDEXED_KEYS}


def keys_of(rows: Rows, is_rare: np.ndarray) -> Mapping[str, Callable[[], np.ndarray]]:
    """Every key by name, made when asked for. is_rare: names of which a part of the birth date makes a key."""
    items = Items(rows, is_rare)
    return {name: partial(items.key, made_of) for name, made_of in _made_of(len(rows)).items()}


def _made_of(rows: int) -> Mapping[str, tuple[str, ...]]:
    return MADE_OF | IN_SMALL_STOCKS if rows <= SMALL_STOCK else MADE_OF


def candidates(
    rows: Rows, is_rare: np.ndarray, part: int = 0, parts: int = 1, without: Container[str] = ()
) -> np.ndarray:
    """The candidate pairs of one part of the key space, as `pairs_of_key` writes them, ascending.

    A key belongs to the part that its first item falls in, so the parts together find every pair, some of them twice.
    What a foremost key finds is not found again by keys that begin with other items, which spares most of that.
    without: keys that are left out.
    """
    whole = Items(rows, is_rare)
    made_of = {name: items for name, items in _made_of(len(rows)).items() if name not in without}
    found, foremost = [np.empty(0, np.uint64)], []
    for first in dict.fromkeys(items[0] for items in made_of.values()):
        beginning = {name: items for name, items in made_of.items() if items[0] == first}
        pairs = _pairs_beginning_with(first, beginning, whole, rows, rows_in_part(whole[first], part, parts))
        found.append(np.compress(~_share_one_of(foremost, pairs), pairs))
        foremost += [bearable(whole.key(items)) for name, items in beginning.items() if name in FOREMOST]
    return unique_sorted(np.concatenate(found))


def _pairs_beginning_with(
    first: str, keys: Mapping[str, tuple[str, ...]], whole: Items, rows: Rows, which: np.ndarray
) -> np.ndarray:
    """The pairs, ascending, of all keys that begin with one item. which: the rows that have it."""
    items = whole.some(which)
    places, found = Places(items[first], which, len(rows)), []
    for name, made_of in keys.items():
        packed = places.packed(*(items[other] for other in made_of[1:]))
        found.append(places.pairs(packed, rows.content_of if name in NEARLY_PROOF else None))
    return unique_sorted(np.concatenate(found))


def _share_one_of(keys: list[np.ndarray], pairs: np.ndarray) -> np.ndarray:
    """Whether the two records of each pair share one of these keys."""
    left, right = sides_of(pairs)
    share = np.zeros(len(pairs), bool)
    for key in keys:
        value = key[left]
        share |= (value != 0) & (value == key[right])
    return share
