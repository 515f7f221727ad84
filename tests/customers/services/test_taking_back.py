"""Taking acts back: everything is as it was, later acts go first, and what came since is asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import Staff
from customers.models import Act, Customer, Link, Pair
from customers.services import corrections, deciding, splits, stock, taking_back, unmerges, wishes
from customers.services.acting import AlreadyTakenBack
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, grant, make_rrn, person
from tests.customers.stewarding import (
    differences,
    everything,
    merge,
    now,
    people,
    record,
    rulings_in_force,
    together,
    unmerge,
)

pytestmark = pytest.mark.usefixtures("master")
RRN = make_rrn("850302", 2, 11111)


@pytest.fixture
def steward() -> Staff:
    return make_staff("DATA_STEWARD")


@pytest.fixture
def customers() -> list[Customer]:
    """A customer of two records, one of one, with a grant and a pair that waits."""
    feed([person(source_key="K0", rrn=RRN, mobile="010-1111-2222")])
    feed([person(source_key="K1", rrn=RRN, mobile="010-3333-4444")], "TM")
    feed([person(source_key="K2", name="박두리", birth_date="1971-01-01", email="a@example.kr")])
    one, other = Customer.objects.order_by("pk")
    staff = make_staff()
    for each in (one, other):
        grant(each, staff)
    Pair.objects.create(left=record("K1"), right=record("K2"), reason="ALIKE", found_at=NOW)
    return [one, other]


def take_back(act: Act, by: Staff, **more: object) -> Act:
    return taking_back.take_back_act(act=act, by=by, **{"at": now()} | more)


def decided(pair: Pair, by: Staff, answer: str, **more: object) -> Act:
    """The act of a decision on a pair as it stands."""
    pair = Pair.objects.select_related("left__link", "right__link").get(pk=pair.pk)
    seen = deciding.mark_of(pair)
    return deciding.decide_pair(pair=pair, answer=deciding.Answer(answer, **more), seen=seen, by=by, at=now())


def put_off(pair: Pair, by: Staff, days: int) -> Act:
    """The act that puts a pair off for so many days."""
    seen = deciding.mark_of(Pair.objects.select_related("left__link", "right__link").get(pk=pair.pk))
    return deciding.put_pair_off(pair=pair, until=(NOW + timedelta(days=days)).date(), seen=seen, by=by, at=NOW)


ACTS: dict[str, Callable[[list[Customer], Staff], Act]] = {
    "merge": lambda held, by: merge(held[0], held[1], by=by),
    "merge the other way": lambda held, by: merge(held[1], held[0], by=by),
    "split": lambda held, by: splits.split_record(record=record("K1"), by=by, at=now())[0],
    "move": lambda held, by: splits.move_record(record=record("K1"), into=held[1], by=by, at=now()),
    "same": lambda held, by: decided(Pair.objects.get(), by, "SAME"),
    "different": lambda held, by: decided(Pair.objects.get(), by, "DIFFERENT"),
    "legitimate": lambda held, by: decided(Pair.objects.get(), by, "LEGITIMATE", kind="NAMESAKES"),
    "later": lambda held, by: deciding.put_pair_off(
        pair=Pair.objects.get(),
        until=now().date(),
        seen=deciding.mark_of(Pair.objects.select_related("left__link", "right__link").get()),
        by=by,
        at=NOW,
    ),
    "pin": lambda held, by: wishes.pin_value(
        customer=held[0], item="mobile", record=record("K0"), by=by, at=now(), reason_code="EVIDENCE"
    ),
    "correct": lambda held, by: corrections.correct_value(
        customer=held[0], values={"mobile": "010-9999-8888"}, by=by, at=now(), reason_code="EVIDENCE"
    ),
}


@pytest.mark.parametrize("kind", ACTS)
def test_an_act_that_is_taken_back_leaves_everything_as_it_was(customers, steward, kind):
    before = everything()
    act = ACTS[kind](customers, steward)
    assert list(differences(before, everything())) != []
    at, other = now(), make_staff("DATA_STEWARD")

    taken = take_back(act, other, at=at, reason_code="MISTAKE", comment="잘못 눌렀음")

    after = everything()
    if kind == "split":  # the number that the split gave out answers for ever, for where its record went
        assert after["customers"].pop()["merged_into"] == customers[0].pk
    assert list(differences(before, after)) == []
    act.refresh_from_db()
    assert act.taken_back_by == taken
    assert (taken.kind, taken.by, taken.at, taken.reason_code, taken.comment) == (
        *("TAKE_BACK", other, at, "MISTAKE", "잘못 눌렀음"),
    )
    assert set(act.customers.values_list("customer", flat=True)) <= set(
        taken.customers.values_list("customer", flat=True)
    )


def test_an_unmerge_that_is_taken_back_leaves_everything_merged_as_it_was(customers, steward):
    first = merge(customers[0], customers[1], by=steward)
    before = everything()
    act = unmerge(customers[1], by=steward)

    take_back(act, steward)

    after = everything()
    assert [each.pop("merged_at") < now() for state in (before, after) for each in state["customers"][1:]] == [True] * 2
    assert list(differences(before, after)) == []
    assert first.taken_back_by is None


def test_a_merge_is_taken_back_after_its_unmerge_was(customers, steward):
    before = everything()
    act = merge(customers[0], customers[1], by=steward)
    undone = unmerge(customers[1], by=steward)
    take_back(undone, steward)
    undone = unmerge(customers[1], by=steward)
    take_back(undone, steward)

    take_back(act, steward)

    assert list(differences(before, everything())) == []
    stock.match_stock(at=now(), by=None)
    assert together() == [["K0", "K1"], ["K2"]]


def test_a_decision_that_was_overruled_in_between_holds_again_in_the_end(customers, steward):
    decided(Pair.objects.get(), steward, "DIFFERENT")
    before = everything()
    act = merge(customers[0], customers[1], by=steward)
    undone = unmerge(customers[1], by=steward)
    assert rulings_in_force() == [(["K1"], "DIFFERENT", ["K2"]), (["K0", "K1"], "DIFFERENT", ["K2"])]
    take_back(undone, steward)
    assert rulings_in_force() == [(["K0"], "SAME", ["K2"])]

    take_back(act, steward)

    assert list(differences(before, everything())) == []


def test_an_unmerge_by_rule_that_is_taken_back_restores_what_links_rest_on(steward):
    feed([person(source_key="K0", rrn=RRN)])
    feed([person(source_key="K1", mobile="010-1111-2222", name="박두리", birth_date="1971-01-01")], "TM")
    one, other = Customer.objects.order_by("pk")
    feed([person(source_key="K1", rrn=RRN, mobile="010-1111-2222", as_of="2026-11-02")], "TM")
    assert together() == [["K0", "K1"]]
    links = everything()["links"]

    act = unmerge(other, by=steward)
    assert everything()["links"] != links
    take_back(act, steward)

    assert everything()["links"] == links
    assert rulings_in_force() == []


@pytest.mark.parametrize("survivor", [0, 1])
def test_an_unmerge_is_taken_back_after_rules_have_merged_the_two_again(customers, steward, survivor):
    """Whichever number the rules keep: they are one already, and what people did is undone all the same."""
    act = merge(customers[survivor], customers[1 - survivor], by=steward)
    undone = unmerge(customers[1 - survivor], by=steward, keep_apart=False)
    feed([person(source_key="K2", rrn=RRN, as_of="2026-11-02")])
    assert together() == [["K0", "K1", "K2"]]
    retired = [one.pk for one in Customer.objects.filter(state="MERGED")]

    take_back(undone, steward)
    taken = take_back(act, steward)

    assert together() == [["K0", "K1", "K2"]]
    assert [one.pk for one in Customer.objects.filter(state="MERGED")] == retired
    assert rulings_in_force() == []
    assert len(taken.details["kept"]) == 1


def test_an_unmerge_whose_customer_rules_have_merged_elsewhere_waits_for_its_unmerge(steward):
    one, _other, third = people(3)
    merge(one, third, by=steward)
    undone = unmerge(third, by=steward)
    for key in ("K1", "K2"):
        feed([person(source_key=key, rrn=RRN, as_of="2026-11-02")])
    assert together() == [["K0"], ["K1", "K2"]]

    with pytest.raises(taking_back.LaterActsFirst) as refused:
        take_back(undone, steward)

    assert [(act.by, act.merges.get().retired) for act in refused.value.acts] == [(None, third)]
    unmerge(third, by=steward)
    with pytest.raises(taking_back.LaterActsFirst):
        take_back(undone, steward)


def test_a_decision_that_a_merge_overruled_waits_for_the_merge(customers, steward):
    pair = Pair.objects.get()
    decision = decided(pair, steward, "DIFFERENT")
    act = merge(customers[0], customers[1], by=steward)

    with pytest.raises(taking_back.LaterActsFirst) as refused:
        take_back(decision, steward)

    assert refused.value.acts == [act]
    for each in (act, decision):
        take_back(each, steward)
    pair.refresh_from_db()
    assert (pair.state, rulings_in_force()) == ("OPEN", [])


def test_a_decision_that_was_taken_back_never_holds_again(customers, steward):
    decision = decided(Pair.objects.get(), steward, "DIFFERENT")
    act = merge(customers[0], customers[1], by=steward)
    undone = unmerge(customers[1], by=steward, keep_apart=False)
    take_back(decision, steward)

    for each in (undone, act):
        take_back(each, steward)

    assert rulings_in_force() == []


def test_a_pair_that_was_put_off_again_stays_put_off(customers, steward):
    pair = Pair.objects.get()
    first, second = (put_off(pair, steward, days) for days in (5, 50))

    take_back(first, steward)
    pair.refresh_from_db()
    assert pair.hold_until == (NOW + timedelta(days=50)).date()

    take_back(second, steward)
    pair.refresh_from_db()
    assert pair.hold_until is None


def test_later_acts_go_first(customers, steward):
    act = merge(customers[0], customers[1], by=steward)
    later, _new = splits.split_record(record=record("K1"), by=steward, at=now())
    newest = unmerge(customers[1], by=steward)

    with pytest.raises(taking_back.LaterActsFirst) as refused:
        take_back(act, steward)

    assert refused.value.acts == [newest, later]
    for each in (newest, later, act):
        take_back(each, steward)
    assert together() == [["K0", "K1"], ["K2"]]


def test_an_act_is_taken_back_once(customers, steward):
    act = merge(customers[0], customers[1], by=steward)
    taken = take_back(act, steward)

    with pytest.raises(AlreadyTakenBack):
        take_back(act, steward)
    with pytest.raises(taking_back.NotToBeTakenBack):
        take_back(taken, steward)


def test_what_a_rule_did_is_not_taken_back_but_unmerged(steward):
    feed([person(source_key="K0", rrn=RRN)])
    feed([person(source_key="K1", name="박두리", birth_date="1971-01-01")], "TM")
    feed([person(source_key="K1", rrn=RRN, as_of="2026-11-02")], "TM")

    with pytest.raises(taking_back.NotToBeTakenBack):
        take_back(Act.objects.get(), steward)


def test_records_that_came_since_a_merge_go_with_whom_they_are_said_to(steward):
    customers = people(3)
    act = merge(customers[0], *customers[1:], by=steward)
    for key in ("N0", "N1", "N2"):
        feed([person(source_key=key, name="한다솜", birth_date=f"1980-01-0{int(key[1]) + 1}")])
    Link.objects.filter(record__source_key__startswith="N").update(customer=customers[0], linked_at=now())

    asked = taking_back.newcomers_of_act(act)
    with pytest.raises(unmerges.AnswersMissing):
        take_back(act, steward)
    answers = {each.record.pk: customers[place].pk for place, each in enumerate(asked)}
    take_back(act, steward, answers=answers)

    assert [each.record.source_key for each in asked] == ["N0", "N1", "N2"]
    assert [list(each.weights) for each in asked] == [[customers[0].pk, customers[2].pk, customers[1].pk]] * 3
    assert together() == [["K0", "N0"], ["K1", "N1"], ["K2", "N2"]]


def test_a_decision_that_parted_a_customer_lets_the_rules_join_it_again(customers, steward):
    pair = Pair.objects.create(left=record("K0"), right=record("K1"), reason="CONTRADICTED", found_at=NOW)
    act = decided(pair, steward, "DIFFERENT")
    assert together() == [["K0"], ["K1"], ["K2"]]

    take_back(act, steward)

    assert together() == [["K0", "K1"], ["K2"]]
    assert rulings_in_force() == []
    assert Pair.objects.get(pk=pair.pk).state in ("OPEN", "OVERTAKEN")


def test_a_confirmed_customer_waits_again(customers, steward):
    pair = Pair.objects.create(left=record("K0"), right=record("K1"), reason="CONTRADICTED", found_at=NOW)
    act = decided(pair, steward, "SAME")
    assert (act.kind, rulings_in_force()) == ("SAME", [(["K0"], "SAME", ["K1"])])

    take_back(act, steward)

    assert (rulings_in_force(), together()) == ([], [["K0", "K1"], ["K2"]])


def test_a_merge_that_somebody_else_took_apart_meanwhile_is_told(customers, steward):
    act = merge(customers[0], customers[1], by=steward)
    undone = unmerge(customers[1], by=steward)

    with pytest.raises(taking_back.LaterActsFirst) as refused:
        take_back(act, steward)

    assert refused.value.acts == [undone]


def test_a_split_whose_customer_went_on_leaves_it_there(customers, steward):
    act, new = splits.split_record(record=record("K1"), by=steward, at=now())
    feed([person(source_key="N0", name="김하나", mobile="010-3333-4444")])
    Link.objects.filter(record__source_key="N0").update(customer=new.pk)

    take_back(act, steward)

    assert together() == [["K0", "K1"], ["K2"], ["N0"]]
    new.refresh_from_db()
    assert (new.state, new.record_count) == ("ACTIVE", 1)


def test_where_rules_left_nothing_to_part_only_what_was_ruled_is_undone(customers, steward):
    act = merge(customers[0], customers[1], by=steward)
    Link.objects.filter(record__source_key__in=("K0", "K1")).update(customer=people(4)[3].pk)

    taken = take_back(act, steward)

    assert rulings_in_force() == []
    customers[1].refresh_from_db()
    assert (customers[1].state, taken.details["kept"]) == ("MERGED", [act.merges.get().pk])
    assert {"K0", "K1"} <= {key for keys in together() for key in keys}


def test_nothing_of_a_take_back_stays_when_a_record_has_no_answer(customers, steward):
    act = merge(customers[0], customers[1], by=steward)
    feed([person(source_key="N0", name="한다솜", birth_date="1980-01-01")])
    Link.objects.filter(record__source_key="N0").update(customer=customers[0], linked_at=now())
    before, acts = everything(), Act.objects.count()

    with pytest.raises(unmerges.AnswersMissing):
        take_back(act, steward)

    assert (everything(), Act.objects.count()) == (before, acts)
