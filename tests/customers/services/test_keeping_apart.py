"""Rulings on several records a side: what gives way, what is left of them, and that none is lost by another."""

import pytest

from accounts.models import Staff
from customers.models import Act, Ruling
from customers.services import keeping_apart
from customers.services.acting import begin_act
from tests.accounts.builders import make_staff
from tests.customers.stewarding import now, people, record, rulings_in_force

pytestmark = pytest.mark.usefixtures("master")


@pytest.fixture
def steward() -> Staff:
    return make_staff("DATA_STEWARD")


@pytest.fixture
def act(steward) -> Act:
    """An act on records of four customers, K0 to K3."""
    people(4)
    return begin_act(kind=Act.Kind.DIFFERENT, by=steward, at=now())


def ids(*keys: str) -> list[int]:
    return [record(key).pk for key in keys]


def apart(act: Act, one: list[str], other: list[str], **fields: object) -> Ruling | None:
    return keeping_apart.rule_apart(ids(*one), ids(*other), act=act, by=act.by, at=now(), **fields)


def rule(act: Act, one: str, other: str, answer: str) -> Ruling:
    left, right = ids(one, other)
    return keeping_apart.rule(left=left, right=right, answer=answer, act=act, by=act.by, at=now())


def test_two_sides_are_ruled_apart_by_one_ruling(act):
    apart(act, ["K2", "K0"], ["K3", "K1"], reason="다른 사람")

    assert rulings_in_force() == [(["K0", "K2"], "DIFFERENT", ["K1", "K3"])]
    assert Ruling.objects.get().reason == "다른 사람"


def test_a_ruling_that_stands_on_a_pair_is_not_lost_by_one_on_more_records(act):
    first = rule(act, "K0", "K1", "DIFFERENT")

    apart(act, ["K0"], ["K1", "K2"])

    assert rulings_in_force() == [(["K0"], "DIFFERENT", ["K1"]), (["K0"], "DIFFERENT", ["K1", "K2"])]
    assert Ruling.objects.get(pk=first.pk).withdrawn_at is None


def test_where_every_pair_is_ruled_upon_nothing_is_added(act):
    rule(act, "K0", "K1", "DIFFERENT")

    assert apart(act, ["K0"], ["K1"]) is None
    assert rulings_in_force() == [(["K0"], "DIFFERENT", ["K1"])]


def test_a_new_ruling_on_two_records_leaves_what_the_old_one_says_of_others(act):
    old = apart(act, ["K0", "K2"], ["K1", "K3"], reason="다른 사람")

    rule(act, "K0", "K1", "SAME")

    assert rulings_in_force() == [
        (["K0"], "SAME", ["K1"]),
        (["K1", "K3"], "DIFFERENT", ["K2"]),
        (["K0"], "DIFFERENT", ["K3"]),
    ]
    assert set(Ruling.objects.filter(answer="DIFFERENT").values_list("reason", flat=True)) == {"다른 사람"}
    assert (act.details["withdrew"], len(act.details["parts"][str(old.pk)])) == ([old.pk], 2)


def test_what_gave_way_holds_again_instead_of_its_rest(act, steward):
    before = apart(act, ["K0", "K2"], ["K1", "K3"])
    later = begin_act(kind=Act.Kind.MERGE, by=steward, at=now())
    rule(later, "K0", "K1", "SAME")
    taking = begin_act(kind=Act.Kind.TAKE_BACK, by=steward, at=now())

    keeping_apart.undo_rulings(later, taking, now())

    assert rulings_in_force() == [(["K0", "K2"], "DIFFERENT", ["K1", "K3"])]
    assert taking.details["restored"] == [before.pk]


def test_the_rulings_between_groups_are_found_whatever_side_they_stand_on(act):
    ruling = apart(act, ["K0", "K2"], ["K1", "K3"])
    zero, one, two, three = ids("K0", "K1", "K2", "K3")

    assert keeping_apart.rulings_across({two: 1, three: 2}) == [ruling]
    assert keeping_apart.rulings_across({two: 1, three: 1}) == []
    assert keeping_apart.rulings_across({zero: 1, two: 2}) == []
    assert keeping_apart.rulings_across({zero: 1, one: 1, two: 2}) == [ruling]


def test_what_only_the_leaving_records_held_together_stays_together(act):
    rule(act, "K0", "K1", "SAME")
    rule(act, "K0", "K2", "SAME")
    rule(act, "K0", "K3", "SAME")
    own, *others = ids("K0", "K1", "K2")

    keeping_apart.part_from([own], others, act, by=act.by, at=now())

    assert rulings_in_force() == [(["K0"], "SAME", ["K3"]), (["K1"], "SAME", ["K2"])]
