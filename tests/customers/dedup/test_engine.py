"""Who is one customer: small readable situations, and laws that hold for any records."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.dedup.engine import (
    REASONS,
    RULES,
    Cuts,
    Linking,
    Scored,
    decide,
    rules_of,
    together,
    weigh_pairs,
    weigh_part,
)
from customers.dedup.fitting import circumstances_of
from customers.dedup.model import Cut
from customers.dedup.records import MOST_NAMES_PER_PERSON, Rulings
from customers.dedup.storing import shipped_model
from tests.customers.dedup.rows import Cells, pattern, records_of

MODEL = shipped_model()
SOURCES = {1: "CALL", 2: "POLICY"}
HOME = "서울특별시 양천구 목동동로 100, 101동 1001호"
ELSEWHERE = "부산광역시 해운대구 센텀로 5, 3동 2호"
MOBILE, PHONE, EMAIL = "010-3477-3122", "02-345-6789", "chulsoo80@naver.com"
BORN = {"name": "김철수", "birth": "1980-05-17"}
KIM = BORN | {"mobile": MOBILE}
STRANGER = {"name": "박영희", "birth": "1966-11-03"}
FIRM = {"kind": "ORG", "name": "(주)한빛상사"}
OTHER_FIRM = {"kind": "ORG", "name": "새누리물산"}
CHILD = {"name": "김민지", "birth": "2012-09-09", "mobile": MOBILE, "phone": PHONE, "address": HOME}
NAMES = ["김철수", "이영희", "박민준", "최서연", "정하준", "강지우"]


def link(
    *cells: Cells,
    parts: int = 1,
    rulings: Rulings | None = None,
    cuts: Mapping[tuple[str, str], Cut] = MODEL.cuts,
    **more: Sequence[object],
) -> Linking:
    """What a run decides about the records of these cells. more: of `records_of`."""
    records = records_of(*cells, **more)
    around = circumstances_of(records.rows, MODEL)
    by_source = Cuts(cuts, SOURCES)
    found = [weigh_part(records.rows, around, MODEL, by_source.lowest, part, parts) for part in range(parts)]
    return decide(records, around, MODEL, together(found), rulings or Rulings(), by_source)


def rule_on(*, same: Sequence[tuple[int, int]] = (), different: Sequence[tuple[int, int]] = ()) -> Rulings:
    """Rulings on pairs of rows."""
    sides = {"same": same, "different": different}
    return Rulings(**{name: tuple(np.array(pairs, np.int64).reshape(-1, 2).T) for name, pairs in sides.items()})


def groups_of(linking: Linking) -> list[list[int]]:
    """The rows of every group of two or more."""
    groups = {group: np.flatnonzero(linking.group == group).tolist() for group in linking.group.tolist()}
    return sorted(rows for rows in groups.values() if len(rows) > 1)


def reviews_of(linking: Linking) -> list[tuple[int, int, str]]:
    """Left and right row of every review pair, and why it is asked."""
    pairs = zip(linking.review.left.tolist(), linking.review.right.tolist(), linking.reason.tolist(), strict=True)
    return [(left, right, REASONS[reason]) for left, right, reason in pairs]


LINKED = [
    ("name, birth date, mobile", KIM, KIM, "NBM"),
    ("name, birth date, home phone", BORN | {"phone": PHONE}, BORN | {"phone": PHONE}, "NBP"),
    ("name, birth date, e-mail", BORN | {"email": EMAIL}, BORN | {"email": EMAIL}, "NBE"),
    ("name, birth date, dwelling", BORN | {"address": HOME}, BORN | {"address": HOME}, "NBA"),
    ("the strongest of several contacts", KIM | {"email": EMAIL}, KIM | {"email": EMAIL}, "NBM"),
    ("a contact, one of the two with a number", KIM | {"rrn": "A"}, KIM, "NBM"),
    ("a contact, the same number", KIM | {"rrn": "A"}, KIM | {"rrn": "A"}, "RRN"),
    ("resident number before connecting information", KIM | {"rrn": "A", "ci": "B"}, {"rrn": "A", "ci": "B"}, "RRN"),
    ("resident number, changed name", KIM | {"rrn": "A"}, BORN | {"name": "김도윤", "rrn": "A"}, "RRN"),
    ("resident number, birth dates unlike", BORN | {"rrn": "A"}, STRANGER | {"name": "김철수", "rrn": "A"}, "RRN"),
    ("resident number, name and birth unknown", BORN | {"rrn": "A"}, {"rrn": "A"}, "RRN"),
    ("connecting information, changed name", BORN | {"ci": "A"}, BORN | {"name": "김도윤", "ci": "A"}, "CI"),
    (
        "connecting information, two resident numbers",
        KIM | {"ci": "A", "rrn": "B"},
        KIM | {"ci": "A", "rrn": "C"},
        "CI",
    ),
    ("name and mobile, one birth date unknown", KIM, KIM | {"birth": ""}, "MODEL"),
    ("name and mobile, a birth date misspelt", KIM, KIM | {"birth": "1980-05-18"}, "MODEL"),
    ("name and mobile, one birth year alone", KIM, KIM | {"birth": "1980"}, "MODEL"),
    ("a passport's spelling, birth date, mobile", KIM, KIM | {"name": "Kim Cheolsu"}, "MODEL"),
    ("business number, whatever the name", FIRM | {"brn": "A"}, OTHER_FIRM | {"brn": "A"}, "BRN"),
    ("corporate number, whatever the name", FIRM | {"crn": "A"}, OTHER_FIRM | {"crn": "A"}, "CRN"),
    ("two branches of one name with one phone", FIRM | {"phone": PHONE}, FIRM | {"phone": PHONE}, "MODEL"),
]
APART = [
    ("nothing in common", KIM, STRANGER, None),
    ("one resident number, name and birth unlike", KIM | {"rrn": "A"}, STRANGER | {"rrn": "A"}, "SAME_NUMBER"),
    ("one CI, name and birth unlike", KIM | {"ci": "A"}, STRANGER | {"ci": "A"}, "SAME_NUMBER"),
    ("namesakes born on one day", BORN | {"rrn": "A"}, BORN | {"rrn": "B"}, "NUMBERS_DIFFER"),
    ("a contact, but two resident numbers", KIM | {"rrn": "A"}, KIM | {"rrn": "B"}, "NUMBERS_DIFFER"),
    ("a contact, but two connecting informations", KIM | {"ci": "A"}, KIM | {"ci": "B"}, None),
    ("a company and a person of one name", FIRM | {"name": "김철수"}, {"name": "김철수"}, None),
    ("a company and its owner with one mobile", FIRM | {"name": "김철수", "mobile": MOBILE}, KIM, None),
    ("two companies of one name", FIRM, FIRM, None),
    ("two companies with one phone", FIRM | {"phone": PHONE}, OTHER_FIRM | {"phone": PHONE}, None),
    ("one name and phone, two business numbers", *(FIRM | {"phone": PHONE, "brn": brn} for brn in "AB"), None),
]
GROWN = CHILD | {"birth": "1982-09-09", "mobile": ""}
FAMILIES = [
    ("parent and child with one phone", KIM | {"address": HOME}, CHILD),
    ("twins", CHILD, CHILD | {"name": "김민수"}),
    ("twins whose names differ by a letter", CHILD, CHILD | {"name": "김민기"}),
    ("twins with wholly unlike names", CHILD, CHILD | {"name": "김서연"}),
    ("grown twins at one address", GROWN, GROWN | {"name": "김민수"}),
    ("grown twins at one address with wholly unlike names", GROWN, GROWN | {"name": "김서연"}),
    ("a year apart at one address", CHILD, CHILD | {"name": "김민수", "birth": "2013-10-10"}),
]


@pytest.mark.parametrize(("case", "one", "other", "rule"), LINKED, ids=[case[0] for case in LINKED])
@pytest.mark.parametrize("turn", [1, -1])
def test_records_are_linked_by(case, one, other, rule, turn):
    linking = link(*[one, other][::turn])

    assert groups_of(linking) == [[0, 1]]
    assert [RULES[code] for code in linking.rule.tolist()] == [rule, rule]
    assert linking.evidence.tolist() == [1, 0]
    assert linking.weight[0] == linking.weight[1] >= 0
    assert reviews_of(linking) == []


@pytest.mark.parametrize(("case", "one", "other", "reason"), APART, ids=[case[0] for case in APART])
@pytest.mark.parametrize("turn", [1, -1])
def test_records_stay_apart_with(case, one, other, reason, turn):
    linking = link(*[one, other][::turn])

    assert groups_of(linking) == []
    assert linking.evidence.tolist() == linking.pattern.tolist() == [-1, -1]
    assert [RULES[code] for code in linking.rule.tolist()] == ["FIRST", "FIRST"]
    assert reviews_of(linking) == ([(0, 1, reason)] if reason else [])


@pytest.mark.parametrize(("case", "one", "other"), FAMILIES, ids=[case[0] for case in FAMILIES])
@pytest.mark.parametrize("turn", [1, -1])
def test_a_family_is_not_one_person(case, one, other, turn):
    assert groups_of(link(*[one, other][::turn])) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (BORN, BORN),
        (KIM, KIM | {"mobile": "010-8254-9071"}),
        (KIM, KIM | {"birth": "1966-11-03"}),
        (BORN | {"address": HOME}, BORN | {"address": HOME, "birth": "2010-01-05"}),
    ],
    ids=[
        "nothing but name and birth date",
        "name and birth date with two mobiles",
        "name and mobile, born at other times",
        "name and dwelling, a generation apart",
    ],
)
def test_weights_that_were_learned_link_what_is_one_person_in_most_cases(one, other):
    assert groups_of(link(one, other)) == [[0, 1]]


def test_birth_date_and_mobile_alone_are_for_a_person_to_judge():
    assert groups_of(link(KIM, KIM | {"name": "박영희"})) == []


def test_no_record_is_no_group():
    linking = link()

    assert (linking.group.tolist(), groups_of(linking), reviews_of(linking)) == ([], [], [])


def test_a_mother_and_her_two_children_stay_three_people():
    mother = {"name": "김영희", "birth": "1982-03-01", "mobile": MOBILE, "address": HOME}
    children = CHILD, CHILD | {"name": "김민수", "birth": "2014-10-10"}

    assert groups_of(link(mother, *children)) == []
    assert groups_of(link(mother, *children, mother, *children)) == [[0, 3], [1, 4], [2, 5]]


def test_links_reach_over_several_records():
    chain = [
        KIM | {"rrn": "A"},
        KIM | {"email": EMAIL},
        BORN | {"email": EMAIL, "ci": "B"},
        BORN | {"name": "김도윤", "ci": "B"},
        STRANGER,
    ]

    assert groups_of(link(*chain)) == [[0, 1, 2, 3]]


def test_a_contact_does_not_join_two_people_over_a_third():
    linking = link(KIM | {"rrn": "A"}, KIM | {"email": EMAIL}, BORN | {"email": EMAIL, "rrn": "B"})

    assert groups_of(linking) == [[1, 2]]
    assert reviews_of(linking) == [(0, 1, "TWO_CUSTOMERS")]


@pytest.mark.parametrize("between", [1, 2])
def test_two_resident_numbers_are_not_joined_over_others(between):
    linking = link(KIM | {"rrn": "A"}, KIM | {"rrn": "B"}, *[KIM] * between)

    assert linking.group[0] != linking.group[1]


@pytest.mark.parametrize("between", [3, 4, 30])
def test_two_resident_numbers_are_not_joined_over_many_others(between):
    linking = link(KIM | {"rrn": "A"}, KIM | {"rrn": "B"}, *[KIM] * between)

    assert linking.group[0] != linking.group[1]


@pytest.mark.parametrize("copies", [5, 6, 10])
def test_records_that_hold_the_same_are_of_one_customer(copies):
    linking = link(KIM | {"rrn": "A"}, KIM | {"rrn": "B"}, *[KIM] * copies)

    assert len(set(linking.group[2:].tolist())) == 1


def test_a_number_under_one_name_too_many_is_a_shared_value():
    borne = [{"name": name, "birth": "1980-05-17", "rrn": "A"} for name in NAMES[:MOST_NAMES_PER_PERSON]]
    shared = [*borne, {"name": NAMES[MOST_NAMES_PER_PERSON], "birth": "1980-05-17", "rrn": "A"}]

    assert groups_of(link(*borne)) == [[*range(len(borne))]]
    assert groups_of(link(*shared)) == []


def test_one_customer_who_was_sent_a_thousand_times_is_one():
    linking = link(*[KIM] * 1000)

    assert set(linking.group.tolist()) == {0}
    assert {RULES[rule] for rule in linking.rule.tolist()} == {"NBM"}


def test_a_phone_of_many_people_joins_nobody():
    people = [
        {"name": name, "mobile": MOBILE, "address": HOME, "birth": f"19{50 + n}-0{n + 1}-1{n}"}
        for n, name in enumerate(NAMES)
    ]

    assert groups_of(link(*people)) == []


def test_what_people_ruled_the_same_is_one_customer():
    linking = link(KIM | {"rrn": "A"}, STRANGER | {"rrn": "B"}, rulings=rule_on(same=[(1, 0)]))

    assert groups_of(linking) == [[0, 1]]
    assert [RULES[rule] for rule in linking.rule.tolist()] == ["RULED", "RULED"]
    assert linking.evidence.tolist() == [1, 0]
    assert reviews_of(linking) == []


def test_what_people_ruled_the_same_stays_so_among_other_records():
    linking = link(KIM, KIM, STRANGER, STRANGER | {"mobile": "010-8254-9071"}, rulings=rule_on(same=[(0, 2)]))

    assert linking.group[0] == linking.group[2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (KIM | {"rrn": "A"}, KIM | {"rrn": "B"}),
        (KIM, STRANGER | {"mobile": "010-8254-9071"}),
        (BORN | {"address": HOME}, {"name": "김철수", "birth": "1990-12-01", "address": ELSEWHERE}),
    ],
    ids=["two resident numbers", "two strangers", "namesakes"],
)
def test_a_ruling_joins_two_customers_whole(one, other):
    records = [one, one, other, other]

    assert groups_of(link(*records)) == [[0, 1], [2, 3]]
    assert groups_of(link(*records, rulings=rule_on(same=[(0, 2)]))) == [[0, 1, 2, 3]]


def test_where_rulings_contradict_each_other_nobody_is_joined_who_must_not_be():
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        one, middle, other = order
        linking = link(KIM, KIM, KIM, rulings=rule_on(same=[(one, middle), (middle, other)], different=[(one, other)]))

        assert linking.group[one] != linking.group[other]


def test_what_people_ruled_different_is_never_one_customer():
    proof = KIM | {"rrn": "A", "ci": "B"}

    for ruled in ((0, 1), (1, 0)):
        linking = link(proof, proof, rulings=rule_on(different=[ruled]))

        assert groups_of(linking) == []
        assert reviews_of(linking) == []


@pytest.mark.parametrize("between", [1, 5, 40])
def test_what_people_ruled_different_is_not_joined_over_others(between):
    linking = link(KIM, KIM, *[KIM] * between, rulings=rule_on(different=[(0, 1)]))

    assert linking.group[0] != linking.group[1]
    assert (0, 1) not in {(left, right) for left, right, _reason in reviews_of(linking)}


def test_what_people_ruled_different_is_not_joined_in_a_heap_of_proofs():
    mobiles = ("010-3477-3122", "010-3477-3199", "010-8888-3122")
    heap = [BORN | {"rrn": "A", "mobile": mobile} for mobile in mobiles for _copy in range(50)]

    linking = link(*heap, rulings=rule_on(different=[(0, 1)]))

    assert linking.group[0] != linking.group[1]


def known(one: Cells, other: Cells) -> np.ndarray:
    """How two records agreed when people decided."""
    rows = records_of(one, other).rows
    return weigh_pairs(rows, circumstances_of(rows, MODEL), MODEL, np.array([0]), np.array([1])).pattern


def test_a_decision_for_two_comes_back_when_an_identifier_agrees_since():
    numbered = KIM | {"rrn": "A"}
    ruled = rule_on(different=[(0, 1)])

    for then, expected in (((KIM, KIM), [(0, 1, "CONTRADICTED")]), ((numbered, numbered), [])):
        linking = link(numbered, numbered, rulings=replace(ruled, different_known=known(*then)))

        assert groups_of(linking) == []
        assert reviews_of(linking) == expected


def test_a_decision_for_one_comes_back_when_identifiers_differ_since():
    sides = [KIM | {"rrn": "A"}, KIM | {"rrn": "B"}]
    ruled = rule_on(same=[(0, 1)])

    for then, expected in (((KIM, KIM), [(0, 1, "CONTRADICTED")]), (sides, [])):
        linking = link(*sides, rulings=replace(ruled, same_known=known(*then)))

        assert groups_of(linking) == [[0, 1]]
        assert reviews_of(linking) == expected


def test_pairs_are_news_only_where_a_fresh_record_takes_part():
    namesakes = [KIM | {"rrn": "A"}, KIM | {"rrn": "B"}]

    assert reviews_of(link(*namesakes, is_fresh=[False, False])) == []
    for is_fresh in ([True, False], [False, True]):
        assert reviews_of(link(*namesakes, is_fresh=is_fresh)) == [(0, 1, "NUMBERS_DIFFER")]


def test_the_evidence_of_a_record_is_its_strongest_agreement():
    linking = link(KIM, KIM | {"rrn": "A"}, KIM | {"rrn": "A", "email": EMAIL}, BORN | {"email": EMAIL})

    assert groups_of(linking) == [[0, 1, 2, 3]]
    assert linking.evidence.tolist() == [1, 2, 1, 2]
    assert [RULES[rule] for rule in linking.rule.tolist()] == ["NBM", "RRN", "RRN", "NBE"]
    assert linking.weight[1] == linking.weight[2] > max(linking.weight[0], linking.weight[3])


def test_two_groups_are_asked_about_once_with_their_strongest_pair():
    one, other = BORN | {"rrn": "A"}, BORN | {"rrn": "B"}
    linking = link(one, one | {"mobile": MOBILE}, other, other | {"mobile": MOBILE})

    assert groups_of(linking) == [[0, 1], [2, 3]]
    assert len(reviews_of(linking)) == 1


def test_a_cut_holds_for_its_two_sources_in_either_order():
    cuts = {("*", "*"): Cut(0, -6), ("CALL", "POLICY"): Cut(20, 15)}

    for sources in ([1, 2], [2, 1]):
        linking = link(KIM, KIM, sources=sources, cuts=cuts)

        assert (groups_of(linking), reviews_of(linking)) == ([], [])
    assert groups_of(link(KIM, KIM, sources=[1, 1], cuts=cuts)) == [[0, 1]]


def test_below_the_cut_for_links_a_person_is_asked():
    cuts = {("*", "*"): Cut(0, -6), ("CALL", "POLICY"): Cut(20, 5)}

    linking = link(KIM, KIM, sources=[1, 2], cuts=cuts)

    assert groups_of(linking) == []
    assert reviews_of(linking) == [(0, 1, "NAME_BIRTH")]


@pytest.mark.parametrize(
    ("held", "rule"),
    [
        ({"rrn": "same", "ci": "same", "name": "exact", "birth": "exact", "mobile": "same"}, "RRN"),
        ({"ci": "same", "name": "exact", "birth": "exact", "mobile": "same"}, "CI"),
        ({"brn": "same", "crn": "same", "kind": "organisation"}, "BRN"),
        ({"crn": "same", "kind": "organisation"}, "CRN"),
        ({"name": "exact", "birth": "exact", "mobile": "same", "phone": "same", "email": "same"}, "NBM"),
        ({"name": "exact", "birth": "exact", "phone": "same", "email": "same"}, "NBP"),
        ({"name": "exact", "birth": "exact", "email": "same", "address": "dwelling"}, "NBE"),
        ({"name": "exact", "birth": "exact", "address": "dwelling"}, "NBA"),
        ({"name": "exact", "birth": "exact", "address": "building"}, "MODEL"),
        ({"name": "exact", "birth": "exact", "mobile": "prefix"}, "MODEL"),
        ({"name": "near", "birth": "exact", "mobile": "same"}, "MODEL"),
        ({"name": "exact", "birth": "slip", "mobile": "same"}, "MODEL"),
        ({"rrn": "other"}, "MODEL"),
    ],
)
def test_rules_of(held, rule):
    assert [RULES[code] for code in rules_of(np.array([pattern(**held)])).tolist()] == [rule]


def test_together_keeps_each_pair_once_in_order():
    one = Scored(np.array([0, 2]), np.array([5, 3]), np.array([1.0, 2.0]), np.array([7, 8]))
    other = Scored(np.array([2, 0]), np.array([3, 1]), np.array([2.0, 3.0]), np.array([8, 9]))

    found = together([one, other])

    assert found.left.tolist() == [0, 0, 2]
    assert found.right.tolist() == [1, 5, 3]
    assert found.weight.tolist() == [3.0, 1.0, 2.0]
    assert found.pattern.tolist() == [9, 7, 8]


CELLS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["김철수", "김철슈", "박영희", "김민지", "Kim Cheolsu", ""]),
        "birth": st.sampled_from(["", "1980", "1980-05-17", "1980-05-18", "2012-09-09"]),
        "mobile": st.sampled_from(["", MOBILE, "016-477-3122", "010-8254-9071"]),
        "email": st.sampled_from(["", EMAIL, "chulsoo08@naver.com"]),
        "address": st.sampled_from(["", HOME, ELSEWHERE]),
        "rrn": st.sampled_from(["", "", "A", "B"]),
        "ci": st.sampled_from(["", "", "A", "B"]),
    },
    optional={"kind": st.just("ORG"), "brn": st.sampled_from(["A", "B"])},
)
STOCKS = st.lists(CELLS, max_size=12)


def told(cells: Sequence[Cells], linking: Linking, order: Sequence[int]) -> tuple[list[object], list[object]]:
    """Groups as row numbers, and the review pairs as what their records hold: of equal records either may stand for
    both. order: the number of each row."""
    groups = sorted(sorted(order[row] for row in group) for group in groups_of(linking))
    held = [str(sorted(cells[row].items())) for row in order]
    pairs = sorted((reason, *sorted((held[left], held[right]))) for left, right, reason in reviews_of(linking))
    return groups, pairs


@given(st.data(), STOCKS)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_order_of_the_input_makes_no_difference(data, cells):
    order = data.draw(st.permutations(range(len(cells))))

    plain, mixed = link(*cells), link(*(cells[row] for row in order))

    assert told(cells, plain, range(len(cells))) == told(cells, mixed, order)


@given(STOCKS)
@settings(max_examples=20, deadline=None, derandomize=True)
def test_the_number_of_parts_makes_no_difference(cells):
    plain = link(*cells)

    for parts in (3, 8):
        cut = link(*cells, parts=parts)

        assert cut.group.tolist() == plain.group.tolist()
        assert cut.rule.tolist() == plain.rule.tolist()
        assert cut.evidence.tolist() == plain.evidence.tolist()
        assert reviews_of(cut) == reviews_of(plain)


@given(STOCKS)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_evidence_lies_within_a_group_and_review_pairs_between_two(cells):
    linking = link(*cells)

    sizes = np.bincount(linking.group, minlength=1)[linking.group]
    for row, (rule, evidence) in enumerate(zip(linking.rule.tolist(), linking.evidence.tolist(), strict=True)):
        assert (RULES[rule] == "FIRST") == (evidence < 0)
        assert evidence < 0 or (linking.group[evidence] == linking.group[row] and evidence != row)
        assert evidence >= 0 or sizes[row] == 1
    pairs = [(linking.group[left], linking.group[right]) for left, right, _reason in reviews_of(linking)]
    assert all(one != other for one, other in pairs)
    assert len({frozenset(pair) for pair in pairs}) == len(pairs)
