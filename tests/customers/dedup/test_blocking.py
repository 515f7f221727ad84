"""Which records are compared: equal to looking at every pair, but for blocks that are too large."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.dedup.blocking import (
    FOREMOST,
    INDEXED_KEYS,
    NEARLY_PROOF,
    OPTIONAL_KEYS,
    SMALL_STOCK,
    Items,
    birth_day,
    candidates,
    first_letters,
    indexed_keys,
    keys_of,
    last_seven,
    mailbox_letters,
    mobile_back,
)
from customers.dedup.blocks import (
    MOST_IN_BLOCK,
    bearable,
    blocks_that_differ,
    mixed,
    pairs_of_key,
    rows_in_part,
    unique_sorted,
)
from customers.dedup.records import Rows
from customers.standard.matching import LUNAR
from tests.customers.dedup.rows import blank, packed, rows

Pairs = set[tuple[int, int]]
HOME = "서울 강남구 테헤란로 123 101동 1203호"
KIM = {"name": "김철수", "birth": "1980-05-17"}
SWAPPED = {"minjun85": "윤민준", "minjnu85": "조민준"}  # two letters of one mailbox
IN_ANY_STOCK = (
    *("name_birth_key", "mobile", "birth_mobile_key", "name_postcode_key", "name_street_key", "name_phone_key"),
    *("email_key", "employee_key", "rrn", "ci", "brn", "crn", "name_mobile", "name_month", "name_anniversary"),
    *("name_year", "name_mobile_front", "name_mobile_back", "birth_dwelling", "birth_postcode", "birth_phone"),
    *("name_unit", "mailbox_birth", "syllables_birth"),
)
IN_SMALL_STOCKS = ("birth", "mailbox", "street", "postcode", "mailbox_letters", "letters_postcode")


def keys(*values: int) -> np.ndarray:
    """Keys as they are hashed, equal for equal values; 0 is none."""
    return mixed(np.array(values, np.uint64))


def as_pairs(found: np.ndarray) -> list[tuple[int, int]]:
    return [(pair >> 32, pair & 0xFFFFFFFF) for pair in found.tolist()]


def pairs_looked_at_one_by_one(key: np.ndarray) -> Pairs:
    """Pairs of equal keys other than 0 that stand in no larger number than a block may have."""
    counts = dict(zip(*np.unique(key, return_counts=True), strict=True))
    is_bearable = np.array([value > 0 and counts[value] <= MOST_IN_BLOCK for value in key], bool)
    left, right = np.nonzero(np.triu(key[:, None] == key[None, :], 1) & is_bearable[:, None])
    return set(zip(left.tolist(), right.tolist(), strict=True))


BLOCK_SIZES = st.lists(st.sampled_from([0, 1, 2, 3, 7, MOST_IN_BLOCK, MOST_IN_BLOCK + 1, 75]), min_size=1, max_size=4)


@given(BLOCK_SIZES, st.randoms(use_true_random=False), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_pairs_of_key_are_those_of_looking_at_every_pair(sizes, random, parts):
    values = [value for value, size in enumerate(sizes) for _ in range(size)]
    random.shuffle(values)

    found = [pair for part in range(parts) for pair in as_pairs(pairs_of_key(keys(*values), part, parts))]

    assert len(found) == len(set(found))
    assert set(found) == pairs_looked_at_one_by_one(np.array(values))


def test_pairs_of_key_of_nothing_are_none():
    assert as_pairs(pairs_of_key(keys())) == []
    assert as_pairs(pairs_of_key(keys(0, 0, 0))) == []
    assert as_pairs(pairs_of_key(keys(1, 2, 3), 1, 2)) == []


@pytest.mark.parametrize(("size", "pairs"), [(1, 0), (2, 1), (MOST_IN_BLOCK, 1770), (MOST_IN_BLOCK + 1, 0)])
def test_a_block_has_all_its_pairs_or_is_no_block(size, pairs):
    assert len(pairs_of_key(keys(*[7] * size))) == pairs


def test_a_large_block_of_a_key_that_is_nearly_proof_is_a_chain_in_order_of_content():
    size = MOST_IN_BLOCK + 10
    mobiles = [101092345678 + place % 2 * 1111 for place in range(size)]
    held = Rows.of(blank(size + 3, mobile=[*mobiles, 0, 0, 0]))
    values = [5] * size + [6, 6, 0]

    found = as_pairs(pairs_of_key(keys(*values), content_of=held.content_of))

    even, odd = range(0, size, 2), range(1, size, 2)
    content = held.content_of(np.arange(2))
    first, second = (even, odd) if content[0] < content[1] else (odd, even)
    order = [*first, *second]
    chain = {(min(pair), max(pair)) for pair in zip(order[:-1], order[1:], strict=True)}
    assert len(found) == len(set(found))
    assert set(found) == chain | {(size, size + 1)}


def test_chains_hold_every_large_block_together_and_no_two_of_them():
    sizes = (MOST_IN_BLOCK + 1, 2 * MOST_IN_BLOCK, 3 * MOST_IN_BLOCK)
    values = np.random.default_rng(3).permutation(np.repeat([1, 2, 3], sizes))
    held = Rows.of(blank(len(values), mobile=np.arange(len(values))))

    found = as_pairs(pairs_of_key(keys(*values), content_of=held.content_of))

    assert len(found) == sum(size - 1 for size in sizes)
    assert all(values[left] == values[right] for left, right in found)
    for value, size in zip((1, 2, 3), sizes, strict=True):
        assert len({row for pair in found if values[pair[0]] == value for row in pair}) == size


def test_blocks_that_differ_are_those_with_more_than_one_value_and_rows_ascend_in_a_block():
    key = keys(3, 0, 1, 3, 1, 3, 9, 4, 4, 0)
    value = np.array([5, 1, 6, 5, 7, 8, 2, 9, 9, 2], np.uint64)

    rows, sizes = blocks_that_differ(key, value)

    blocks = [block.tolist() for block in np.split(rows, np.cumsum(sizes)[:-1])]
    assert sorted(blocks) == [[0, 3, 5], [2, 4]]
    assert [found.tolist() for found in blocks_that_differ(key[:2], value[:2])] == [[], []]


def test_bearable_has_no_key_where_the_block_is_too_large():
    large, small = [1] * (MOST_IN_BLOCK + 1), [2] * MOST_IN_BLOCK
    key = keys(*large, *small)

    assert bearable(key).tolist() == [*[0] * len(large), *key[len(large) :].tolist()]
    assert bearable(key[len(large) :]).tolist() == key[len(large) :].tolist()


def test_mixed_is_none_where_one_is_none_and_minds_the_order():
    one, other = np.array([1, 0, 1, 2], np.uint64), np.array([2, 2, 0, 1], np.uint64)

    forth, back = mixed(one, other), mixed(other, one)

    assert [bool(key) for key in forth] == [True, False, False, True]
    assert forth[0] == back[3] != forth[3]


def test_unique_sorted():
    assert unique_sorted(np.array([3, 1, 3, 2, 1], np.uint64)).tolist() == [1, 2, 3]
    assert unique_sorted(np.empty(0, np.uint64)).tolist() == []


@given(st.lists(st.integers(0, 2**64 - 1), max_size=20), st.integers(1, 9))
@settings(max_examples=50, deadline=None)
def test_every_row_with_an_item_is_in_one_part_and_with_all_that_have_the_same(values, parts):
    item = np.array(values * 2, np.uint64)

    found = [rows_in_part(item, part, parts).tolist() for part in range(parts)]

    assert sorted(row for rows in found for row in rows) == np.flatnonzero(item).tolist()
    assert all(rows == sorted(rows) for rows in found)
    assert all((row + len(values)) % len(item) in rows for rows in found for row in rows)


@pytest.mark.parametrize(
    ("birth", "day"),
    [("1980-05-17", 19800517), ("음 1980-05-17", 19800517), ("1980", 0), ("1980-01-01", 19800101), ("", 0)],
)
def test_birth_day_is_the_date_whatever_the_calendar(birth, day):
    assert birth_day(packed({"birth": birth})).tolist() == [day]


def test_birth_day_drops_the_calendar_of_a_year_too():
    assert birth_day(blank(1, birth=19800000 | LUNAR)).tolist() == [0]


@pytest.mark.parametrize(
    ("mobile", "seven", "four"),
    [
        ("010-9234-5678", 12345678, 15678),
        ("011-234-5678", 12345678, 15678),
        ("", 0, 0),
        ("010-9000-0001", 10000001, 10001),
    ],
)
def test_last_digits_of_a_mobile(mobile, seven, four):
    records = packed({"mobile": mobile})

    assert (last_seven(records).tolist(), mobile_back(records).tolist()) == ([seven], [four])


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("김철수", "김철호", True),
        ("김철수", "김철", True),
        ("김철수", "김수철", False),
        ("KIM CHULSOO", "KIM YOUNGHEE", True),
        ("KIM CHULSOO", "KIMCHI", False),
        ("KIM CHULSOO", "KIN CHULSOO", False),
    ],
)
def test_first_letters_are_two_syllables_or_four_roman_letters(one, other, is_same):
    letters = first_letters(Items(packed({"name": one}, {"name": other})))

    assert (letters > 0).all()
    assert (letters[0] == letters[1]) == is_same


@pytest.mark.parametrize("name", ["", "김*수", "김", "없음"])
def test_first_letters_are_none_without_a_name_to_be_matched(name):
    assert first_letters(Items(packed({"name": name}))).tolist() == [0]


def test_indexed_keys_are_those_that_the_database_indexes():
    found = indexed_keys(packed(KIM, {}))

    assert tuple(found) == INDEXED_KEYS
    assert {key.dtype for key in found.values()} == {np.dtype("<u8")}
    assert {name for name, key in found.items() if key[0]} == {"name_birth_key"}


def shared_keys(one: dict[str, str], other: dict[str, str], is_rare: bool = True) -> set[str]:
    """The keys that two records have in common, by name."""
    made = {name: make() for name, make in keys_of(rows(one, other), np.full(2, is_rare)).items()}
    return {name for name, key in made.items() if key[0] and key[0] == key[1]}


MOBILE = {"mobile": "010-9234-5678"}
OF_BIRTH = {"birth", "syllables_birth"}
OF_RARE_NAME = {"name_month", "name_anniversary", "name_year"}
OF_MOBILE = {"mobile", "name_mobile", "name_mobile_front", "name_mobile_back"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (KIM, KIM, {"name_birth_key"} | OF_BIRTH | OF_RARE_NAME),
        (KIM, KIM | {"birth": "음 1980-05-17"}, {"name_birth_key"} | OF_BIRTH | OF_RARE_NAME),
        (KIM, KIM | {"birth": "1980-05-18"}, {"name_month", "name_year"}),
        (KIM, KIM | {"birth": "1980-06-17"}, {"name_year"}),
        (KIM, KIM | {"birth": "1981-05-17"}, {"name_anniversary"}),
        (KIM, KIM | {"birth": "1980"}, {"name_year"}),
        (KIM, KIM | {"birth": "1990-12-01"}, set()),
        (KIM, KIM | {"name": "김철호"}, OF_BIRTH),
        (KIM, KIM | {"name": "박영희"}, {"birth"}),
        ({"name": "김철수"}, {"name": "김철수"}, set()),
        ({"name": "김*수"} | MOBILE, {"name": "김*수"} | MOBILE, {"mobile"}),
        ({"name": "김철수"} | MOBILE, {"name": "김철수"} | MOBILE, OF_MOBILE),
        ({"name": "김철수"} | MOBILE, {"name": "박영희"} | MOBILE, {"mobile"}),
        (
            {"name": "김철수"} | MOBILE,
            {"name": "김철수", "mobile": "011-234-5678"},
            {"name_mobile", "name_mobile_front", "name_mobile_back"},
        ),
        ({"name": "김철수"} | MOBILE, {"name": "김철수", "mobile": "010-8888-5678"}, {"name_mobile_back"}),
        ({"name": "김철수"} | MOBILE, {"name": "김철수", "mobile": "010-9234-5999"}, {"name_mobile_front"}),
        (
            {"birth": "1980-05-17", "mobile": "010-9234-5678"},
            {"birth": "1980-05-17", "mobile": "016-234-5678"},
            {"birth_mobile_key", "birth"},
        ),
        (
            {"name": "김철수", "phone": "02-555-1234"},
            {"name": "김철수", "phone": "02)555-1234"},
            {"name_phone_key"},
        ),
        (
            {"birth": "1980-05-17", "phone": "02-555-1234"},
            {"birth": "1980-05-17", "phone": "02)555-1234"},
            {"birth_phone", "birth"},
        ),
        ({"phone": "02-555-1234"}, {"phone": "02-555-1234"}, set()),
        (
            {"name": "김철수", "postcode": "06133"},
            {"name": "김철수", "postcode": "06133"},
            {"name_postcode_key", "letters_postcode", "postcode"},
        ),
        (
            {"name": "김철수", "postcode": "06133"},
            {"name": "김철호", "postcode": "06133"},
            {"letters_postcode", "postcode"},
        ),
        (
            {"birth": "1980-05-17", "postcode": "06133"},
            {"birth": "1980-05-17", "postcode": "06133"},
            {"birth_postcode", "birth", "postcode"},
        ),
        (
            {"name": "김철수", "address": HOME},
            {"name": "김철수", "address": HOME},
            {"name_street_key", "name_unit", "street"},
        ),
        (
            {"name": "김철수", "address": HOME},
            {"name": "김철수", "address": "서울 강남구 역삼동 736-1 101동 1203호"},
            {"name_unit"},
        ),
        (
            {"birth": "1980-05-17", "address": HOME},
            {"birth": "1980-05-17", "address": HOME},
            {"birth_dwelling", "birth", "street"},
        ),
        (
            {"email": "chulsoo@naver.com"},
            {"email": "Chulsoo@naver.com"},
            {"email_key", "mailbox", "mailbox_letters"},
        ),
        ({"email": "chulsoo@naver.com"}, {"email": "chulsoo@gmail.com"}, {"mailbox", "mailbox_letters"}),
        ({"email": "chulsoo@naver.com"}, {"email": "chusloo@naver.com"}, {"mailbox_letters"}),
        (
            {"birth": "1980-05-17", "email": "chulsoo@naver.com"},
            {"birth": "1980-05-17", "email": "chulsoo@gmail.com"},
            {"mailbox", "mailbox_birth", "mailbox_letters", "birth"},
        ),
        ({"rrn": "A"}, {"rrn": "A"}, {"rrn"}),
        ({"ci": "A"}, {"ci": "A"}, {"ci"}),
        ({"brn": "A"}, {"brn": "A"}, {"brn"}),
        ({"crn": "A"}, {"crn": "A"}, {"crn"}),
        ({"employee": "A"}, {"employee": "A"}, {"employee_key"}),
        ({"rrn": "A"}, {"ci": "A"}, set()),
        ({}, {}, set()),
    ],
)
def test_keys_that_two_records_share(one, other, expected):
    assert shared_keys(one, other) == expected
    assert shared_keys(other, one) == expected


def test_a_frequent_name_makes_no_key_with_a_part_of_a_date_or_number():
    one, other = KIM | MOBILE, KIM | MOBILE
    of_rare_name = OF_RARE_NAME | {"name_mobile_front", "name_mobile_back"}

    assert shared_keys(one, other, is_rare=True) - shared_keys(one, other, is_rare=False) == of_rare_name


def test_a_rare_name_is_rare_record_by_record():
    held = rows(KIM, KIM | {"birth": "1980-05-18"}, KIM | {"birth": "1980-05-19"})

    found = candidates(held, np.array([True, False, True]))

    assert as_pairs(found) == [(0, 2)]


def test_keys_of_has_the_foremost_first_and_more_in_a_small_stock():
    small, large = (
        list(keys_of(Rows.of(blank(count)), np.zeros(count, bool))) for count in (SMALL_STOCK, SMALL_STOCK + 1)
    )

    assert set(large[: len(FOREMOST)]) == set(FOREMOST)
    assert sorted(large) == sorted(IN_ANY_STOCK)
    assert small == [*large, *IN_SMALL_STOCKS]
    assert set(NEARLY_PROOF) < set(large)


@pytest.mark.parametrize(
    ("count", "pairs"), [(SMALL_STOCK, [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)]), (SMALL_STOCK + 1, [])]
)
def test_single_weak_items_find_pairs_in_a_small_stock_only(count, pairs):
    few = packed(
        *({"birth": "1980-05-17", "name": name} for name in ("김철수", "박영희")),
        *({"email": f"chulsoo@{domain}", "name": "김철수"} for domain in ("naver.com", "gmail.com")),
        *({"address": HOME, "name": name} for name in ("이민호", "최서연")),
        *({"postcode": "06133", "name": name} for name in ("정해인", "한지민")),
        *({"email": f"{mailbox}@naver.com", "name": name} for mailbox, name in SWAPPED.items()),
    )
    held = Rows.of(np.concatenate([few, blank(count - len(few))]))

    assert as_pairs(candidates(held, np.zeros(count, bool))) == pairs


def test_the_letters_of_a_mailbox_are_one_in_whichever_order():
    texts = np.array([b"minjun85", b"minjnu85", b"minjun8", b"minjun58", b"minjum85", b""], "S24")

    key = mailbox_letters(texts).tolist()

    assert (key[0] == key[1] == key[3], len(set(key)), key[5]) == (True, 4, 0)


def mixed_stock() -> Rows:
    """Eight hundred records with few values each, so that they meet under every key, and two large blocks."""
    random, count = np.random.default_rng(5), 800

    def drawn(distinct: int, low: int = 1, missing: float = 0.3) -> np.ndarray:
        values = random.integers(low, 2**62, distinct)[random.integers(0, distinct, count)]
        return np.where(random.random(count) < missing, 0, values)

    names = packed(
        *({"name": f"{first}{last}"} for first in "김이박최정" for last in ("철수", "철호", "영희", "민준", "서연"))
    )
    records = names[random.integers(0, len(names), count)]
    years, months, days = (random.integers(*span, count) for span in ((1978, 1982), (1, 13), (1, 29)))
    births = years * 10_000 + months * 100 + days
    records["birth"] = np.where(random.random(count) < 0.2, 0, births)
    records["mobile"] = np.where(random.random(count) < 0.3, 0, 101_090_000_000 + random.integers(0, 400, count))
    for field in ("phone", "email", "mailbox", "dwelling", "street", "employee"):
        records[field] = drawn(300)
    for field in ("rrn", "ci", "brn", "crn"):
        records[field] = drawn(500, missing=0.7)
    records["unit"], records["postcode"] = random.integers(0, 50, count), random.integers(0, 40, count)
    records["brn"][:150:2], records["employee"][1:150:2] = 77, 77
    records["name"][150:230], records["birth"][150:230] = records["name"][150], 19800517
    return Rows.of(records)


STOCK = mixed_stock()
IS_RARE = STOCK["name"] % 2 == 0


def pairs_key_by_key() -> Pairs:
    """What every key finds by itself, looked at pair by pair, and the chains of the keys that are nearly proof."""
    found: Pairs = set()
    for name, make in keys_of(STOCK, IS_RARE).items():
        key = make()
        found |= pairs_looked_at_one_by_one(key)
        if name in NEARLY_PROOF:
            found |= set(as_pairs(pairs_of_key(key, content_of=STOCK.content_of)))
    return found


def test_candidates_are_what_every_key_finds_by_itself():
    found = as_pairs(candidates(STOCK, IS_RARE))

    assert found == sorted(set(found))
    assert set(found) == pairs_key_by_key()


@pytest.mark.parametrize("parts", [2, 3, 8])
def test_parts_together_find_what_the_whole_finds_and_no_pair_twice_within_a_part(parts):
    found = [as_pairs(candidates(STOCK, IS_RARE, part, parts)) for part in range(parts)]

    assert all(pairs == sorted(set(pairs)) for pairs in found)
    assert all(found)
    assert set().union(*found) == set(as_pairs(candidates(STOCK, IS_RARE)))


def test_a_large_block_of_one_name_and_birth_is_a_chain_of_candidates_and_of_a_phone_none():
    size = MOST_IN_BLOCK + 5
    one_customer = Rows.of(blank(size, name=2**40 + 1, birth=19800517))
    one_phone = Rows.of(blank(size, mobile=101092345678))
    nobody = np.zeros(size, bool)

    assert len(candidates(one_customer, nobody)) == size - 1
    assert candidates(one_phone, nobody).tolist() == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_candidates_of_records_that_hold_nothing_are_none(count):
    assert candidates(Rows.of(blank(count)), np.zeros(count, bool)).tolist() == []


def test_a_key_that_is_left_out_finds_nothing():
    mobile = keys_of(STOCK, IS_RARE)["mobile"]()

    assert {*OPTIONAL_KEYS, "rrn", "ci", "brn", "crn"} == set(IN_ANY_STOCK)
    assert as_pairs(candidates(STOCK, IS_RARE, without=set(keys_of(STOCK, IS_RARE)) - {"mobile"})) == as_pairs(
        unique_sorted(pairs_of_key(mobile))
    )
    assert set(as_pairs(candidates(STOCK, IS_RARE, without=OPTIONAL_KEYS))) < set(as_pairs(candidates(STOCK, IS_RARE)))
