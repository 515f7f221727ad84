"""The search for households on small stocks: what ties, what does not, and what people decided."""

from collections.abc import Sequence

import numpy as np
import pytest

from relations.rules.household_groups import ROLES, grouped, roles_of
from relations.rules.household_search import Decided, Suggested, search
from relations.rules.household_ties import MOST_ON_ONE, UNKNOWN, YEAR, Held, Part, Stock, Tie, packed, sharing, ties_of
from relations.rules.household_weights import LIVING, LIVING_BASE, probability, weighed

TODAY = 46_347  # 2026-11-23
KIM, LEE = 1, 2


def person(age: int | None = 40, sex: str = "M", **fields: object) -> dict[str, object]:
    """Somebody of this age; home, unit, phone, mobile: keys, surname: a key."""
    return {"age": age, "sex": sex, "surname": 0, "home": 0, "unit": 7, "phone": 0, "mobile": 0} | fields


def held(people: Sequence[dict[str, object]], name: str) -> Held:
    having = [place for place, each in enumerate(people) if each[name]]
    return Held(np.array(having, np.int64), np.array([people[place][name] for place in having], np.uint64))


def stock(*people: dict[str, object], roles: Sequence[tuple[int, int, Part]] = ()) -> Stock:
    """A stock of these persons. roles: contract, person and part."""
    homes = np.array([each["home"] for each in people], np.uint64)
    return Stock(
        ids=np.arange(len(people)) + 101,
        birth=np.array(
            [UNKNOWN if each["age"] is None else TODAY - int(each["age"] * YEAR) for each in people], np.int64
        ),
        is_man=np.array([each["sex"] == "M" for each in people], bool),
        is_woman=np.array([each["sex"] == "F" for each in people], bool),
        surname=np.array([each["surname"] for each in people], np.int64),
        home=homes,
        unit=np.array([each["unit"] if each["home"] else 0 for each in people], np.int64),
        district=np.zeros(len(people), np.int64),
        zone=np.zeros(len(people), np.uint64),
        is_flat=homes > 0,
        seen=np.full(len(people), TODAY - 100),
        today=TODAY,
        homes=held(people, "home"),
        zones=Held(np.empty(0, np.int64), np.empty(0, np.uint64)),
        phones=held(people, "phone"),
        mobiles=held(people, "mobile"),
        contract=np.array([contract for contract, _person, _part in roles], np.int64),
        party=np.array([party for _contract, party, _part in roles], np.int64),
        part=np.array([part for *_rest, part in roles], np.int8),
    )


def found(of: Stock, **decided: Decided) -> list[Suggested]:
    return search(of, ties_of(of), {kind: decided.get(kind, Decided()) for kind in ("LIVING", "PAYER")})


def groups(suggested: Suggested) -> list[list[int]]:
    ends = np.cumsum(suggested.size)
    return [sorted(suggested.member[end - size : end].tolist()) for end, size in zip(ends, suggested.size, strict=True)]


FATHER = person(45, "M", surname=KIM, home=11)
MOTHER = person(43, "F", surname=LEE, home=11)
SON = person(12, "M", surname=KIM, home=11)
STRANGER = person(44, "F", surname=LEE, home=12)


def test_a_family_in_one_flat_is_one_household():
    living, payer = found(stock(FATHER, STRANGER, MOTHER, SON))

    assert groups(living) == [[0, 2, 3]]
    assert [ROLES[role] for role in living.role] == ["HEAD", "SPOUSE", "CHILD"]
    assert living.member.tolist() == [0, 2, 3]
    assert len(payer) == 0
    assert 0.9 < living.score[0] < 1


def test_an_address_or_number_of_many_ties_nobody():
    crowd = [person(40, "F", home=11, phone=5) for _ in range(MOST_ON_ONE + 1)]

    assert len(ties_of(stock(*crowd))) == 0


@pytest.mark.parametrize(
    "people",
    [
        (person(40, "M", home=11, unit=0), person(41, "F", home=11, unit=0)),  # a building of which no unit is known
        (person(60, "M", home=11), person(34, "M", home=12, phone=5), person(33, "F", home=12)),
        (person(50, "M", home=11, phone=5), person(30, "M", home=12, phone=5)),  # a grown child who moved out
        (person(40, "M"), person(40, "M")),
    ],
)
def test_weak_evidence_puts_nobody_together_with_the_first(people):
    living, _payer = found(stock(*people))

    assert all(0 not in group for group in groups(living))


def test_two_couples_in_one_house_are_two_households():
    people = [
        person(45, "M", surname=1, home=11, phone=5),
        person(44, "F", surname=2, home=11, phone=5),
        person(10, "F", surname=1, home=11, phone=5),
        person(52, "M", surname=3, home=11, phone=6),
        person(50, "F", surname=4, home=11, phone=6),
        person(20, "F", surname=3, home=11, phone=6),
    ]

    apart = Decided(
        refused=np.unique([int(packed(np.int64(one), np.int64(two))) for one in (0, 1, 2) for two in (3, 4, 5)]).astype(
            np.uint64
        )
    )
    living, _payer = found(stock(*people), LIVING=apart)

    assert groups(living) == [[0, 1, 2], [3, 4, 5]]


def test_colleagues_under_one_group_contract_are_not_tied():
    of = stock(person(40, "M"), person(38, "F"), roles=[(1, 0, Part.INSURED), (1, 1, Part.INSURED)])

    assert len(ties_of(of)) == 0


def test_who_pays_for_another_is_told():
    of = stock(
        person(60, "F", home=11, surname=KIM),
        person(30, "M", home=12, surname=KIM),
        roles=[(1, 0, Part.PAYER), (1, 1, Part.HOLDER), (1, 1, Part.INSURED)],
    )

    living, payer = found(of)

    assert (groups(living), groups(payer)) == ([], [[0, 1]])
    assert [ROLES[role] for role in payer.role] == ["HEAD", "CHILD"]
    assert Tie(int(payer.evidence[0])) & Tie.PAYS


def test_who_pays_within_one_home_is_no_household_of_payers():
    of = stock(FATHER, MOTHER, roles=[(1, 0, Part.PAYER), (1, 1, Part.HOLDER)])

    living, payer = found(of)

    assert (groups(living), groups(payer)) == ([[0, 1]], [])


def test_who_pays_for_a_grown_child_of_one_home_is_told_all_the_same():
    of = stock(FATHER, person(28, "M", surname=KIM, home=11), roles=[(1, 0, Part.PAYER), (1, 1, Part.HOLDER)])

    living, payer = found(of)

    assert (groups(living), groups(payer)) == ([[0, 1]], [[0, 1]])


@pytest.mark.parametrize(
    ("ages", "sexes", "is_seldom"),
    [
        ((45, 38), "MF", False),
        ((45, 36), "MF", True),  # a couple
        ((15, 10), "MM", False),
        ((15, 8), "MM", True),  # brothers
        ((45, 12), "FF", False),
        ((31, 12), "FF", True),
        ((56, 12), "FF", True),  # mother and child
        ((56, 30), "FF", False),
        ((80, 30), "FF", False),  # grandmother
        ((80, None), "FF", False),
    ],
)
def test_years_between_two_are_told_where_they_are_seldom(ages, sexes, is_seldom):
    ties = ties_of(stock(*(person(age, sex, home=11) for age, sex in zip(ages, sexes, strict=True))))

    assert [bool(Tie(kind) & Tie.SELDOM) for kind in ties.evidence.tolist()] == [is_seldom]


def test_a_household_grows_and_is_never_suggested_as_it_is():
    of = stock(FATHER, MOTHER, SON)
    couple = Decided(member=np.array([0, 1]), household=np.array([9, 9]))
    whole = Decided(member=np.array([0, 1, 2]), household=np.array([9, 9, 9]))

    growing, nothing = found(of, LIVING=couple)[0], found(of, LIVING=whole)[0]

    assert (groups(growing), growing.household.tolist(), len(nothing)) == ([[0, 1, 2]], [9], 0)


def test_two_households_are_never_joined():
    two = Decided(member=np.array([0, 1]), household=np.array([8, 9]))

    living, _payer = found(stock(FATHER, MOTHER), LIVING=two)

    assert len(living) == 0


def test_the_refused_are_not_put_together_again():
    refused = Decided(refused=packed(np.array([0]), np.array([1])))

    assert groups(found(stock(FATHER, MOTHER))[0]) == [[0, 1]]
    assert len(found(stock(FATHER, MOTHER), LIVING=refused)[0]) == 0


def test_an_empty_stock_has_no_households():
    assert [len(each) for each in found(stock())] == [0, 0]


def test_the_same_stock_gives_the_same_answer():
    people = [person(20 + place % 50, "MF"[place % 2], surname=place % 5, home=11 + place // 3) for place in range(60)]

    one, two = found(stock(*people))[0], found(stock(*people))[0]

    assert groups(one) == groups(two)
    assert one.score.tolist() == two.score.tolist()


def test_a_chain_of_ties_falls_apart():
    left, right = np.array([0, 1, 2, 3]), np.array([1, 2, 3, 4])

    of = grouped(5, left, right, np.full(4, 2.0), need=0.5, missing=-2.0)

    assert of.label.tolist() == [0, 0, 2, 2, 4]


def test_groups_stay_below_their_greatest_size():
    left, right = np.triu_indices(20, 1)

    of = grouped(20, left, right, np.full(len(left), 3.0), need=0.0, missing=0.0)

    assert max(np.bincount(of.label)) <= 8


def test_values_are_shared_in_pairs():
    pairs = sharing(Held(np.array([4, 1, 9, 1, 7]), np.array([5, 5, 5, 5, 6], np.uint64)))

    assert pairs.tolist() == packed(np.array([1, 1, 4]), np.array([4, 9, 9])).tolist()


def test_weights_of_several_bits_count_where_all_are_there():
    evidence = np.array([Tie.HOME | Tie.FLAT, Tie.HOME, Tie.COUPLE | Tie.SURNAME], np.int32)

    assert weighed(evidence, LIVING, LIVING_BASE).round(6).tolist() == [2.5, 0.7, 0.7]
    assert probability(np.array([-1000.0, 0.0, 1000.0])).round(3).tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("ages", "sexes", "roles"),
    [
        ((45, 43, 12, 70), "MFMF", ["HEAD", "SPOUSE", "CHILD", "PARENT"]),
        ((30, 28), "MM", ["HEAD", "SIBLING"]),
        ((70, 40, 10), "FMM", ["HEAD", "CHILD", "GRANDCHILD"]),
        ((40, None), "MF", ["HEAD", "COHABITANT"]),
        ((10, 8), "MF", ["HEAD", "SIBLING"]),
    ],
)
def test_roles_follow_from_ages(ages, sexes, roles):
    of = stock(*(person(age, sex) for age, sex in zip(ages, sexes, strict=True)))
    group = np.zeros(len(of), np.int64)
    duty = np.array([1, *[0] * (len(of) - 1)])

    order, role = roles_of(group, of.birth, of.is_man, of.is_woman, duty, TODAY)

    assert [ROLES[role[order.tolist().index(place)]] for place in range(len(of))] == roles
