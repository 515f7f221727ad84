"""Which records are one customer: tables of cases, and laws that hold for any records."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.dedup.first import MAX_NAMES_PER_IDENTIFIER, REASONS, RULES, Linking, link
from customers.dedup.records import Records
from customers.standard.record import MATCH_KEYS

BIRTH, OTHER_BIRTH, YEAR_ALONE = 19850302, 19900101, 19850000
Row = dict[str, int]


def rec(name: int = 1, birth: int = BIRTH, **keys: int) -> Row:
    """A person; every key is any number, equal for equal values."""
    return {"name": name, "birth": birth} | keys


def org(name: int = 1, **keys: int) -> Row:
    return {"name": name, "is_org": 1} | keys


def records_of(rows: Sequence[Row]) -> Records:
    count = len(rows)
    return Records(
        ids=np.arange(1, count + 1),
        is_org=np.array([bool(row.get("is_org")) for row in rows], bool),
        customer=np.array([row.get("customer", 0) for row in rows], np.int64),
        is_fresh=np.array([bool(row.get("is_fresh", 1)) for row in rows], bool),
        keys={key: np.array([row.get(key, 0) for row in rows], np.uint64) for key in MATCH_KEYS},
    )


def groups_of(linking: Linking) -> list[list[int]]:
    """The rows of every group of two or more, in order."""
    groups: dict[int, list[int]] = {}
    for row, group in enumerate(linking.group.tolist()):
        groups.setdefault(group, []).append(row)
    return sorted(rows for rows in groups.values() if len(rows) > 1)


def pairs_of(linking: Linking) -> list[tuple[int, int, str]]:
    pairs = linking.pairs
    codes = [REASONS[code] for code in pairs.code.tolist()]
    return sorted(zip(pairs.left.tolist(), pairs.right.tolist(), codes, strict=True))


LINKED = [
    ("resident number", rec(rrn=7), rec(name=2, rrn=7), "RRN"),
    ("resident number, birth dates unlike in one name", rec(rrn=7), rec(birth=OTHER_BIRTH, rrn=7), "RRN"),
    ("resident number, name and birth unknown", rec(rrn=7), rec(name=2, birth=0, rrn=7), "RRN"),
    ("connecting information", rec(ci=7), rec(name=2, ci=7), "CI"),
    ("resident number before connecting information", rec(rrn=7, ci=8), rec(rrn=7, ci=8), "RRN"),
    ("name, birth date, mobile", rec(mobile=7), rec(mobile=7), "NBM"),
    ("name, birth date, home phone", rec(phone=7), rec(phone=7), "NBP"),
    ("name, birth date, e-mail", rec(email=7), rec(email=7), "NBE"),
    ("name, birth date, dwelling", rec(dwelling=7), rec(dwelling=7), "NBA"),
    ("the strongest of several contacts", rec(mobile=7, email=8), rec(mobile=7, email=8), "NBM"),
    ("a contact, one of the two with a number", rec(mobile=7, rrn=5), rec(mobile=7), "NBM"),
    ("a contact, the same number", rec(mobile=7, rrn=5), rec(mobile=7, rrn=5), "RRN"),
    ("business number", org(brn=7), org(name=2, brn=7), "BRN"),
    ("corporate number", org(crn=7), org(name=2, crn=7), "CRN"),
]
APART = [
    ("nothing in common", rec(), rec(name=2), None),
    ("name and birth date alone", rec(), rec(), "NAME_BIRTH"),
    ("name and mobile, one birth date unknown", rec(mobile=7), rec(birth=0, mobile=7), "NAME_MOBILE"),
    ("name and mobile, one birth year alone", rec(mobile=7), rec(birth=YEAR_ALONE, mobile=7), "NAME_MOBILE"),
    ("name and mobile, birth dates differ", rec(mobile=7), rec(birth=OTHER_BIRTH, mobile=7), None),
    ("name, birth year and mobile", rec(birth=YEAR_ALONE, mobile=7), rec(birth=YEAR_ALONE, mobile=7), "NAME_MOBILE"),
    ("birth date and mobile", rec(mobile=7), rec(name=2, mobile=7), None),
    ("mother and child with one phone", rec(mobile=7), rec(name=2, birth=OTHER_BIRTH, mobile=7), None),
    ("twins at one address", rec(dwelling=7, phone=8), rec(name=2, dwelling=7, phone=8), None),
    ("one name at one address", rec(dwelling=7), rec(birth=OTHER_BIRTH, dwelling=7), None),
    ("a contact, but two resident numbers", rec(mobile=7, rrn=5), rec(mobile=7, rrn=6), "NUMBERS_DIFFER"),
    ("a contact, but two connecting informations", rec(mobile=7, ci=5), rec(mobile=7, ci=6), "NUMBERS_DIFFER"),
    ("one resident number, name and birth unlike", rec(rrn=7), rec(name=2, birth=OTHER_BIRTH, rrn=7), "SAME_NUMBER"),
    ("one CI, name and birth unlike", rec(ci=7), rec(name=2, birth=OTHER_BIRTH, ci=7), "SAME_NUMBER"),
    ("two birth years alone", rec(birth=YEAR_ALONE), rec(birth=YEAR_ALONE), None),
    ("a company and a person of one name", org(), rec(birth=0), None),
    ("two companies of one name", org(), org(), None),
    ("two companies with one phone", org(phone=7), org(phone=7), None),
    ("a company and its owner with one mobile", org(mobile=7), rec(birth=0, mobile=7), "NAME_MOBILE"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "one", "other", "rule"), LINKED, ids=[case[0] for case in LINKED])
@pytest.mark.parametrize("turn", [1, -1])
def test_records_are_linked_by(case, one, other, rule, turn):
    linking = link(records_of([one, other][::turn]))

    assert groups_of(linking) == [[0, 1]]
    assert [RULES[code] for code in linking.rule.tolist()] == [rule, rule]
    assert linking.evidence.tolist() == [1, 0]
    assert pairs_of(linking) == []


@pytest.mark.parametrize(("case", "one", "other", "reason"), APART, ids=[case[0] for case in APART])
@pytest.mark.parametrize("turn", [1, -1])
def test_records_stay_apart_with(case, one, other, reason, turn):
    linking = link(records_of([one, other][::turn]))

    assert groups_of(linking) == []
    assert linking.evidence.tolist() == [-1, -1]
    assert pairs_of(linking) == ([(0, 1, reason)] if reason else [])


def test_no_record_is_no_group():
    linking = link(records_of([]))

    assert (linking.group.tolist(), groups_of(linking), pairs_of(linking)) == ([], [], [])


def test_links_reach_over_several_records():
    rows = [rec(rrn=5, mobile=7), rec(mobile=7, email=8), rec(email=8, ci=9), rec(name=3, ci=9), rec(name=4)]

    assert groups_of(link(records_of(rows))) == [[0, 1, 2, 3]]


def test_a_contact_does_not_join_two_people_over_a_third():
    rows = [rec(rrn=5, mobile=7), rec(mobile=7, email=8), rec(rrn=6, email=8)]

    linking = link(records_of(rows))

    assert groups_of(linking) == [[0, 1]]
    assert pairs_of(linking) == [(1, 2, "NUMBERS_DIFFER")]


def test_an_identifier_under_one_name_too_many_is_a_shared_value():
    names = range(1, MAX_NAMES_PER_IDENTIFIER + 1)
    borne = [rec(name=name, birth=0, rrn=7) for name in names]
    shared = [*borne, rec(name=99, birth=0, rrn=7)]

    assert groups_of(link(records_of(borne))) == [[*range(len(borne))]]
    assert groups_of(link(records_of(shared))) == []
    assert {reason for _left, _right, reason in pairs_of(link(records_of(shared)))} == {"SAME_NUMBER"}


def test_records_of_one_name_under_a_shared_identifier_still_belong_together():
    rows = [rec(name=name, birth=0, rrn=7) for name in (1, 1, 2, 3, 4, 5)]

    assert groups_of(link(records_of(rows))) == [[0, 1]]


def test_a_link_that_stands_is_not_undone():
    rows = [rec(customer=4, is_fresh=0), rec(name=2, birth=OTHER_BIRTH, customer=4, is_fresh=0), rec(name=3)]

    assert groups_of(link(records_of(rows))) == [[0, 1]]


def test_pairs_are_news_only_where_a_fresh_record_takes_part():
    rows = [rec(is_fresh=0), rec(is_fresh=0)]

    assert pairs_of(link(records_of(rows))) == []
    assert pairs_of(link(records_of([*rows, rec()]))) != []


KEYS = st.fixed_dictionaries(
    {
        "name": st.integers(0, 3),
        "birth": st.sampled_from([0, YEAR_ALONE, BIRTH, OTHER_BIRTH]),
        "is_org": st.sampled_from([0, 0, 0, 1]),
        **{key: st.sampled_from([0, 0, 1, 2]) for key in ("rrn", "ci", "brn", "crn")},
        **{key: st.sampled_from([0, 0, 1, 2, 3]) for key in ("mobile", "phone", "email", "dwelling")},
    }
)


@given(st.data(), st.lists(KEYS, max_size=12))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_the_order_of_the_input_makes_no_difference(data, rows):
    order = data.draw(st.permutations(range(len(rows))))

    plain, mixed = link(records_of(rows)), link(records_of([rows[row] for row in order]))

    back = {row: place for place, row in enumerate(order)}
    assert groups_of(plain) == sorted(sorted(order[row] for row in group) for group in groups_of(mixed))
    assert kinds(rows, plain, range(len(rows))) == kinds(rows, mixed, order)
    assert [RULES[plain.rule[row]] for row in range(len(rows))] == [
        RULES[mixed.rule[back[row]]] for row in range(len(rows))
    ]


def kinds(rows: list[Row], linking: Linking, order: Sequence[int]) -> list[tuple[str, ...]]:
    """The pairs as what their records hold: of records that hold the same, either may stand for both."""
    told = [str(sorted(rows[row].items())) for row in order]
    return sorted((reason, *sorted((told[left], told[right]))) for left, right, reason in pairs_of(linking))


@given(st.lists(KEYS, max_size=12))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_linking_again_what_is_linked_changes_nothing(rows):
    first = link(records_of(rows))
    linked = [row | {"customer": int(group) + 1} for row, group in zip(rows, first.group, strict=True)]

    again = link(records_of(linked))

    assert again.group.tolist() == first.group.tolist()


@given(st.lists(KEYS, max_size=12))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_group_is_held_by_rules_and_no_pair_is_within_one(rows):
    linking = link(records_of(rows))

    for row, (rule, evidence) in enumerate(zip(linking.rule.tolist(), linking.evidence.tolist(), strict=True)):
        is_alone = linking.group.tolist().count(linking.group[row]) == 1
        assert (rule == 0) == (evidence < 0) == is_alone
        assert is_alone or linking.group[evidence] == linking.group[row]
    assert [pair for pair in pairs_of(linking) if linking.group[pair[0]] == linking.group[pair[1]]] == []
    assert all(left < right for left, right, _reason in pairs_of(linking))
