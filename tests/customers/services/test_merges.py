"""Merging by a person's decision: what it does, what it refuses, what its preview says, and that the way does not
matter."""

import pytest

from accounts.models import Staff
from customers.models import (
    Act,
    ActCustomer,
    ChangeEvent,
    Customer,
    Link,
    Merge,
    MovedChild,
    Pair,
    Proposal,
    Ruling,
    SourceRecord,
)
from customers.services import merges, stock, wishes
from customers.stewardship import Why
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, company, contract, feed, grant, make_rrn, party, person
from tests.customers.ruling import rule_pair
from tests.customers.stewarding import (
    everything,
    golden,
    holders,
    merge,
    now,
    people,
    record,
    rulings_in_force,
    together,
)

pytestmark = pytest.mark.usefixtures("master")


@pytest.fixture
def steward() -> Staff:
    return make_staff("DATA_STEWARD")


def make_pair(one: str, other: str, **fields: object) -> Pair:
    """A pair that waits for a person."""
    left, right = sorted((record(one).pk, record(other).pk))
    return Pair.objects.create(left_id=left, right_id=right, **{"reason": "ALIKE", "found_at": NOW} | fields)


def states() -> list[tuple[str, str | None]]:
    """(state, number of the survivor) of every customer, the oldest first."""
    return list(Customer.objects.order_by("pk").values_list("state", "merged_into__number"))


def test_a_merge_moves_the_records_retires_the_numbers_and_chooses_anew(steward):
    feed([person(source_key="K0", name="김하나", birth_date="1985-03-02", mobile="010-1111-2222")])
    feed([person(source_key="K1", name="김하나", birth_date="1971-01-01", email="a@example.kr")], "TM")
    one, other = Customer.objects.order_by("pk")
    at = now()

    act = merge(one, other, by=steward, at=at, comment="여권 사본으로 확인")

    assert holders() == {"K0": one.number, "K1": one.number}
    assert states() == [("ACTIVE", None), ("MERGED", one.number)]
    values = golden(one)
    assert (values["mobile"], values["email"], values["record_count"], values["source_count"]) == (
        *("01011112222", "a@example.kr"),
        *(2, 2),
    )
    assert (act.kind, act.by, act.at, act.reason_code, act.comment, act.model_version) == (
        *("MERGE", steward, at, "DOCUMENT", "여권 사본으로 확인"),
        0,
    )
    assert sorted(ActCustomer.objects.values_list("act", "customer")) == [(act.pk, one.pk), (act.pk, other.pk)]
    assert rulings_in_force() == [(["K0"], "SAME", ["K1"])]
    assert Ruling.objects.get().act == act


def test_a_merge_is_told_in_events_and_in_the_history_of_both(steward):
    one, other = people(2)
    sequence = ChangeEvent.objects.latest("sequence").sequence

    merge(one, other, by=steward)

    events = ChangeEvent.objects.filter(sequence__gt=sequence).order_by("sequence")
    assert list(events.values_list("customer", "kind")) == [(other.pk, "MERGED"), (one.pk, "LINKED")]
    newest = [Customer.history.filter(id=each.pk).latest("history_id") for each in (one, other)]
    assert [(row.history_user, row.state) for row in newest] == [(steward, "ACTIVE"), (steward, "MERGED")]


def test_several_are_merged_at_once_and_stay_together(steward):
    one, *others = people(5)

    merge(others[1], one, others[0], others[2], by=steward)
    stock.match_stock(at=now(), by=None)

    assert together() == [["K0", "K1", "K2", "K3"], ["K4"]]
    assert states()[2] == ("ACTIVE", None)
    assert rulings_in_force() == [(["K0"], "SAME", [key]) for key in ("K1", "K2", "K3")]


@pytest.mark.parametrize("keeps_first", [True, False])
def test_the_way_of_a_merge_decides_nothing_but_the_number(steward, keeps_first):
    feed([person(source_key="K0", name="김하나", mobile="010-1111-2222", rrn=make_rrn("850302", 2))])
    feed([person(source_key="K1", name="김한나", mobile="010-3333-4444", as_of="2026-11-09")], "TM")
    feed([contract(contract_no="P-1"), contract(contract_no="P-2", premium="900000")], layout="contracts")
    feed([party(contract_no="P-1", party_source_key="K0")], layout="parties")
    first, second = Customer.objects.order_by("pk")
    survivor, retired = (first, second) if keeps_first else (second, first)
    staff = make_staff()
    for customer in (first, second):
        grant(customer, staff)

    preview = merges.preview_merge(survivor=survivor, retired=[retired], by=steward, at=now())
    merge(survivor, retired, by=steward)

    expected = {"mobile": "01033334444", "record_count": 2, "source_count": 2, "difference_count": 2, "name": "김하나"}
    values = golden(survivor)
    assert {name: values[name] for name in expected} == expected
    assert {kind: of[survivor.pk] for kind, of in merges.children([survivor.pk]).items() if of} == {
        "customers.Link": 2,
        "customers.ContractParty": 1,
        "customers.CustomerStaffGrant": 1,
    }
    assert preview.counts_after["customers.Link"] == 2
    key_of = dict(SourceRecord.objects.values_list("pk", "source_key"))
    assert {item: key_of[won] for item, (won, _reason) in values["provenance"].items()} == {
        **{"name": "K0", "birth_date": "K0", "sex": "K0", "rrn": "K0", "mobile": "K1"},
    }


def test_the_preview_is_the_merge_and_leaves_nothing_behind(steward):
    one, other = people(2)
    make_pair("K0", "K1")
    grant(other, make_staff())
    before = everything()
    counted = [model.objects.count() for model in (Act, MovedChild, Merge, ChangeEvent, ActCustomer)]

    preview = merges.preview_merge(survivor=one, retired=[other], by=steward, at=now())

    assert everything() == before
    assert [model.objects.count() for model in (Act, MovedChild, Merge, ChangeEvent, ActCustomer)] == counted
    assert [each.pk for each in preview.before] == [one.pk, other.pk]
    assert {kind: of for kind, of in preview.counts.items() if of} == {
        "customers.Link": {one.pk: 1, other.pk: 1},
        "customers.CustomerStaffGrant": {other.pk: 1},
    }
    assert not any(preview.stayed.values())
    merge(one, other, by=steward)
    assert {name: getattr(preview.after, name) for name in golden(one)} == golden(one)


def test_the_preview_tells_a_keeper_and_a_branch_that_the_staff_list_lacks(steward):
    one, other = people(2)
    Customer.objects.update(keeper="F77777", main_branch="B77777")

    preview = merges.preview_merge(survivor=one, retired=[other], by=steward, at=now())

    assert [(each.keeper, each.main_branch) for each in preview.before] == [(None, None)] * 2


def test_a_grant_that_both_have_is_lost_to_nobody(steward):
    one, other = people(2)
    staff = make_staff()
    for customer in (one, other):
        grant(customer, staff)

    preview = merges.preview_merge(survivor=one, retired=[other], by=steward, at=now())

    kind = "customers.CustomerStaffGrant"
    assert (preview.counts[kind], preview.counts_after[kind], preview.shared) == (
        {one.pk: 1, other.pk: 1},
        1,
        {kind: 1},
    )
    assert preview.is_whole


def test_a_pair_between_the_two_closes(steward):
    one, other, _third = people(3)
    between, beyond = make_pair("K0", "K1"), make_pair("K1", "K2")

    act = merge(one, other, by=steward)

    assert act.details["closed"] == [between.pk]
    assert list(Pair.objects.order_by("pk").values_list("pk", "state", "overtaken_by")) == [
        (between.pk, "OVERTAKEN", "JOINED"),
        (beyond.pk, "OPEN", ""),
    ]


@pytest.mark.parametrize("number", [0, 1])
def test_a_customer_is_not_merged_with_itself(steward, number):
    one, _other = people(2)

    with pytest.raises(merges.MergeOfItself):
        merge(one, *[one] * number, by=steward)


def test_a_merged_customer_is_refused_and_named(steward):
    one, other, third = people(3)
    merge(one, other, by=steward)

    with pytest.raises(merges.NotActive) as refused:
        merge(third, other, by=steward)

    assert refused.value.numbers == (other.number,)


def test_a_person_and_an_organisation_are_never_one(steward):
    feed([person(source_key="K0"), company(source_key="K1")])
    one, other = Customer.objects.order_by("pk")

    with pytest.raises(merges.KindsDiffer):
        merge(one, other, by=steward)


def test_nobody_looks_at_more_than_fifty(steward, monkeypatch):
    monkeypatch.setattr(merges, "MOST_MERGED", 2)
    one, *others = people(3)

    with pytest.raises(merges.TooManyToMerge):
        merge(one, *others, by=steward)


def reasons(one: Customer, other: Customer, by: Staff) -> tuple[Why, ...]:
    """Why this merge takes a second person."""
    with pytest.raises(merges.SecondPersonNeeded) as refused:
        merges.merge_customers(survivor=one, retired=[other], by=by, at=now())
    return refused.value.why


def test_identifiers_that_contradict_take_a_second_person(steward):
    feed([person(source_key="K0", rrn=make_rrn("850302", 2, 11111)), person(source_key="K1", rrn=make_rrn())])
    one, other = Customer.objects.order_by("pk")

    assert reasons(one, other, steward) == (Why.IDENTIFIERS,)
    assert states() == [("ACTIVE", None)] * 2


def test_a_valuable_customer_takes_a_second_person(steward):
    one, other = people(2)
    Customer.objects.filter(pk=other.pk).update(grade="VIP")

    assert reasons(one, other, steward) == (Why.VALUE,)


def test_an_earlier_decision_takes_a_second_person_and_gives_way_to_both(steward):
    one, other = people(2)
    rule_pair(one=record("K0"), other=record("K1"), answer="DIFFERENT", by=steward, at=now())

    assert reasons(one, other, steward) == (Why.DECIDED_OTHERWISE,)
    act = merge(one, other, by=steward)
    stock.match_stock(at=now(), by=None)

    assert rulings_in_force() == [(["K0"], "SAME", ["K1"])]
    assert act.details["withdrew"] == [Ruling.objects.order_by("pk").first().pk]
    assert together() == [["K0", "K1"]]


def test_what_a_decision_says_of_others_outlives_a_merge_that_overrules_a_part_of_it(steward):
    one, other, third = people(3)
    ruling = Ruling.objects.create(
        left=record("K0"),
        right=record("K1"),
        right_also=[record("K2").pk],
        answer="DIFFERENT",
        ruled_by=steward,
        ruled_at=NOW,
        reason="동명이인",
    )

    assert reasons(one, other, steward) == (Why.DECIDED_OTHERWISE,)
    act = merge(one, other, by=steward)

    assert rulings_in_force() == [(["K0"], "DIFFERENT", ["K2"]), (["K0"], "SAME", ["K1"])]
    rest = Ruling.objects.get(answer="DIFFERENT", withdrawn_at=None)
    assert (rest.act, rest.reason, act.details["parts"]) == (act, "동명이인", {str(ruling.pk): [rest.pk]})
    assert reasons(one, third, steward) == (Why.DECIDED_OTHERWISE,)


def test_proposals_on_either_customer_close_themselves(steward):
    one, other, third = people(3)
    proposal = Proposal.objects.create(
        survivor=third,
        retired_ids=[one.pk],
        why=["VALUE"],
        reason_code="EVIDENCE",
        proposed_by=make_staff(),
        proposed_at=NOW,
    )

    merge(one, other, by=steward)

    assert Proposal.objects.get(pk=proposal.pk).state == "OVERTAKEN"


def test_a_pin_goes_with_its_customer_and_holds_for_the_survivor(steward):
    feed([person(source_key="K0", mobile="010-1111-2222", as_of="2026-11-05")])
    feed([person(source_key="K1", name="박두리", birth_date="1970-01-01", mobile="010-3333-4444")])
    one, other = Customer.objects.order_by("pk")
    wishes.pin_value(
        customer=other, item="mobile", record=record("K1"), by=steward, at=now(), reason_code="CUSTOMER_SAID"
    )

    merge(one, other, by=steward)

    assert golden(one)["mobile"] == "01033334444"
    assert sorted(MovedChild.objects.values_list("kind", "from_id", "into_id")) == [
        ("customers.Link", other.pk, one.pk),
        ("customers.Wish", other.pk, one.pk),
    ]


def test_records_that_come_later_find_the_survivor(steward):
    feed([person(source_key="K0", rrn=make_rrn("850302", 2, 11111))])
    feed([person(source_key="K1", name="박두리", birth_date="1970-01-01", rrn=make_rrn("700101", 2, 22222))])
    one, other = Customer.objects.order_by("pk")
    merge(one, other, by=steward)

    feed([person(source_key="K2", name="박두리", birth_date="1970-01-01", rrn=make_rrn("700101", 2, 22222))], "TM")

    assert holders() == dict.fromkeys(("K0", "K1", "K2"), one.number)
    assert Link.objects.get(record__source_key="K2").customer == one
