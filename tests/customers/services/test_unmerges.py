"""Taking a merge back: exactly what moved goes back, what came since is asked, and no later run joins the two again."""

from datetime import timedelta

import pytest

from accounts.models import Staff
from customers.models import (
    Act,
    ChangeEvent,
    Customer,
    CustomerStaffGrant,
    Duty,
    Link,
    Merge,
    MovedChild,
    Pair,
    Ruling,
)
from customers.services import corrections, merges, proposals, splits, stock, unmerges, wishes
from tests.accounts.builders import make_staff
from tests.customers.builders import contract, feed, grant, make_ci, make_customer, make_rrn, party, person
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
    unmerge,
)

pytestmark = pytest.mark.usefixtures("master")
RRN = make_rrn("850302", 2, 11111)


@pytest.fixture
def steward() -> Staff:
    return make_staff("DATA_STEWARD")


def without_rulings(state: dict[str, list]) -> dict[str, list]:
    """What an unmerge restores: everything but what it rules itself, and what links now rest on."""
    return {kind: rows for kind, rows in state.items() if kind not in ("rulings", "links")}


def test_an_unmerge_gives_back_exactly_what_the_merge_moved(steward):
    feed([person(source_key="K0", mobile="010-1111-2222")])
    feed([person(source_key="K1", name="박두리", birth_date="1971-01-01", email="a@example.kr")])
    feed([contract()], layout="contracts")
    feed([party(party_source_key="K1")], layout="parties")
    one, other = Customer.objects.order_by("pk")
    both, single = make_staff(), make_staff()
    for customer, staff in ((one, both), (other, both), (other, single)):
        grant(customer, staff)
    wishes.pin_value(customer=other, item="email", record=record("K1"), by=steward, at=now(), reason_code="EVIDENCE")
    before = everything()
    merge(one, other, by=steward)
    at = now()

    act = unmerge(other, by=steward, at=at, reason_code="MISTAKE", comment="다른 사람")

    assert without_rulings(everything()) == without_rulings(before)
    assert everything()["links"] == before["links"]
    assert rulings_in_force() == [(["K0"], "DIFFERENT", ["K1"])]
    assert (act.kind, act.by, act.at, act.reason_code, act.comment) == ("UNMERGE", steward, at, "MISTAKE", "다른 사람")
    assert Merge.objects.get().ended_by == act
    assert sorted(MovedChild.objects.filter(act=act).values_list("kind", "from_id", "into_id")) == [
        ("customers.CustomerStaffGrant", one.pk, other.pk),
        ("customers.CustomerStaffGrant", one.pk, other.pk),
        ("customers.Link", one.pk, other.pk),
        ("customers.Wish", one.pk, other.pk),
    ]
    assert ChangeEvent.objects.filter(customer=other, kind="UNMERGED").count() == 1
    assert Customer.history.filter(id=other.pk).latest("history_id").history_user == steward


def test_the_preview_tells_the_unmerge_and_leaves_nothing_behind(steward):
    one, other = people(2)
    merge(one, other, by=steward)
    before, acts = everything(), Act.objects.count()

    preview = unmerges.preview_unmerge(retired=other, by=steward, at=now())

    assert (everything(), Act.objects.count()) == (before, acts)
    assert (preview.holder, preview.newcomers, [each.pk for each in preview.after]) == (one, (), [one.pk, other.pk])
    assert {kind: count for kind, count in preview.counts.items() if count} == {"customers.Link": 1}
    assert [(each.state, each.record_count) for each in preview.after] == [("ACTIVE", 1), ("ACTIVE", 1)]


def test_only_a_merged_customer_comes_back(steward):
    one, other = people(2)
    merge(one, other, by=steward)
    unmerge(other, by=steward)

    for customer in (one, other):
        with pytest.raises(unmerges.NotMerged):
            unmerge(customer, by=steward)


def test_nothing_comes_back_when_persons_have_moved_all_of_it(steward):
    one, other, third = people(3)
    merge(one, other, by=steward)
    splits.move_record(record=record("K1"), into=third, by=steward, at=now())

    with pytest.raises(unmerges.NothingLeft):
        unmerge(other, by=steward)

    other.refresh_from_db()
    assert other.state == "MERGED"


def test_what_a_rule_has_taken_elsewhere_is_fetched_when_nothing_else_is_left(steward):
    one, other = people(2)
    merge(one, other, by=steward)
    elsewhere = make_customer()
    Link.objects.filter(record__source_key="K1").update(customer=elsewhere)

    unmerge(other, by=steward)

    assert holders() == {"K0": one.number, "K1": other.number}
    elsewhere.refresh_from_db()
    assert elsewhere.merged_into == other


def merged_by_rule(steward: Staff) -> tuple[Customer, Customer]:
    """Two customers that a third record made one: the older, and the retired."""
    feed([person(source_key="K0", rrn=RRN)], "POLICY")
    feed([person(source_key="K1", ci=make_ci(), birth_date="")], "ONLINE")
    one, other = Customer.objects.order_by("pk")
    feed([person(source_key="K2", rrn=RRN, ci=make_ci())], "BANCA")
    assert holders() == dict.fromkeys(("K0", "K1", "K2"), one.number)
    return one, other


@pytest.mark.parametrize("goes", [True, False])
def test_a_merge_by_rule_comes_apart_and_no_run_joins_it_again(steward, goes):
    one, other = merged_by_rule(steward)

    unmerge(other, by=steward, answers={record("K2").pk: goes})

    expected = [["K0"], ["K1", "K2"]] if goes else [["K0", "K2"], ["K1"]]
    for _time in range(10):
        stock.match_stock(at=now(), by=None)
        assert together() == expected
    assert holders()["K1"] == other.number


def test_links_that_rested_on_the_other_side_rest_on_the_decision(steward):
    one, other = merged_by_rule(steward)
    at = now()

    unmerge(other, by=steward, at=at, answers={record("K2").pk: False})

    links = dict(Link.objects.values_list("record__source_key", "rule"))
    assert links["K1"] == "RULED"
    link = Link.objects.get(record__source_key="K1")
    assert (link.linked_by, link.linked_at, link.evidence_record, link.weight, link.pattern) == (
        *(steward, at),
        *(None, None, None),
    )


def test_without_a_decision_to_keep_apart_the_rules_may_join_again(steward):
    one, other = merged_by_rule(steward)

    unmerge(other, by=steward, answers={record("K2").pk: True}, keep_apart=False)
    assert together() == [["K0"], ["K1", "K2"]]
    stock.match_stock(at=now(), by=None)

    assert together() == [["K0", "K1", "K2"]]


def test_records_that_came_since_are_asked_and_the_engine_suggests(steward):
    feed([person(source_key="K0", rrn=RRN), person(source_key="K1", name="박두리", rrn=make_rrn("700101", 2, 22222))])
    one, other = Customer.objects.order_by("pk")
    merge(one, other, by=steward)
    feed([person(source_key="K2", rrn=RRN)], "TM", at=now())
    feed([person(source_key="K3", name="박두리", rrn=make_rrn("700101", 2, 22222))], "TM", at=now())
    Link.objects.filter(record__source_key__in=("K2", "K3")).update(linked_at=now())
    came = [record(key) for key in ("K2", "K3")]

    with pytest.raises(unmerges.AnswersMissing) as missing:
        unmerge(other, by=steward, answers={came[0].pk: False})
    preview = unmerges.preview_unmerge(retired=other, by=steward, at=now())

    assert missing.value.records == (came[1].pk,)
    assert [(each.record, each.fits) for each in preview.newcomers] == [(came[0], one.pk), (came[1], other.pk)]
    weights = [each.weights for each in preview.newcomers]
    assert [list(each) for each in weights] == [[one.pk, other.pk]] * 2
    assert weights[0][one.pk] > 0 > weights[0][other.pk]
    assert weights[1][other.pk] > 0 > weights[1][one.pk]
    unmerge(other, by=steward, answers={each.record.pk: each.fits == other.pk for each in preview.newcomers})
    assert holders() == {"K0": one.number, "K2": one.number, "K1": other.number, "K3": other.number}


def test_only_what_came_while_the_two_were_one_is_asked(steward):
    a, b, c = people(3)
    merge(b, a, by=steward)
    feed([person(source_key="B1", name="박두리", birth_date="1961-03-11", mobile="010-5555-1111")])
    Link.objects.filter(record__source_key="B1").update(customer=b.pk, linked_at=now())
    feed([person(source_key="C1", name="최세라", birth_date="1962-03-12", mobile="010-5555-2222")])
    Link.objects.filter(record__source_key="C1").update(customer=c.pk, linked_at=now())
    merge(c, b, by=steward)
    feed([person(source_key="C2", name="최세라", birth_date="1962-03-12", mobile="010-5555-3333")])
    Link.objects.filter(record__source_key="C2").update(customer=c.pk, linked_at=now())

    asked = {}
    for customer in (a, b):
        with pytest.raises(unmerges.AnswersMissing) as missing:
            unmerge(customer, by=steward)
        asked[customer] = set(missing.value.records)

    assert asked == {a: {record("B1").pk, record("C2").pk}, b: {record("C2").pk}}


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_chain_comes_apart_in_either_order(steward, order):
    a, b, c = people(3)
    before = everything()
    merge(b, a, by=steward)
    merge(c, b, by=steward)

    for name in order:
        unmerge({"a": a, "b": b}[name], by=steward)

    assert without_rulings(everything()) == without_rulings(before)
    stock.match_stock(at=now(), by=None)
    assert together() == [["K0"], ["K1"], ["K2"]]


@pytest.mark.parametrize("centre", [0, 1, 2])
def test_of_three_in_one_merge_the_rest_stays_together(steward, centre):
    customers = people(3)
    survivor = customers[2] if centre != 2 else customers[1]
    merge(survivor, *[each for each in customers if each != survivor], by=steward)

    unmerge(customers[centre], by=steward)

    rest = [f"K{place}" for place in range(3) if place != centre]
    assert together() == sorted([[f"K{centre}"], rest])
    for _time in range(3):
        stock.match_stock(at=now(), by=None)
        assert together() == sorted([[f"K{centre}"], rest])


def test_an_earlier_decision_that_the_merge_overruled_holds_again(steward):
    one, other, third = people(3)
    fields = {"answer": "DIFFERENT", "ruled_by": steward, "ruled_at": now()}
    Ruling.objects.create(left=record("K0"), right=record("K1"), right_also=[record("K2").pk], **fields)
    before = rulings_in_force()
    merge(one, other, by=steward)

    unmerge(other, by=steward, keep_apart=False)

    assert rulings_in_force() == before == [(["K0"], "DIFFERENT", ["K1", "K2"])]


def test_a_correction_typed_since_goes_with_the_record_that_it_is_bound_to(steward):
    one, other = people(2, mobile="010-1111-2222")
    merge(other, one, by=steward)
    corrections.correct_value(
        customer=other, values={"mobile": "010-9999-8888"}, by=steward, at=now(), reason_code="CUSTOMER_SAID"
    )

    unmerge(one, by=steward)

    assert [golden(each)["mobile"] for each in (one, other)] == ["01099998888", "01011112222"]
    assert [golden(each)["record_count"] for each in (one, other)] == [2, 1]
    stock.match_stock(at=now(), by=None)
    assert [golden(each)["record_count"] for each in (one, other)] == [2, 1]


def test_whoever_acted_on_the_merged_view_is_told_once(steward):
    keeper, colleague = make_staff("FP", employee_number="F00001"), make_staff("DATA_STEWARD")
    one, other, third = people(3)
    Customer.objects.filter(pk=one.pk).update(keeper="F00001")
    merged_at = now()
    act = merge(one, other, third, by=steward, at=merged_at)
    pinned_at = now()
    wishes.pin_value(customer=one, item="name", record=record("K1"), by=colleague, at=pinned_at, reason_code="EVIDENCE")
    Customer.objects.filter(pk=one.pk).update(keeper="F00001")
    at = now()

    preview = unmerges.preview_unmerge(retired=other, by=steward, at=at)
    undone = unmerge(other, by=steward, at=at)

    told = {keeper.pk: ("KEEPS", merged_at), colleague.pk: ("DECIDED", pinned_at)}
    assert preview.witnesses == told
    assert {each.staff_id: (each.text_code, each.since) for each in Duty.objects.all()} == told
    assert set(Duty.objects.values_list("act", "customer", "created_at", "done_at")) == {(undone.pk, one.pk, at, None)}
    assert act.merges.filter(ended_by=None).get().retired == third


def test_pairs_open_again_only_where_the_rules_may_decide_again(steward):
    one, other = people(2)
    fields = {"reason": "ALIKE", "found_at": now()}
    pair = Pair.objects.create(left=record("K0"), right=record("K1"), **fields)
    merge(one, other, by=steward)
    unmerge(other, by=steward, keep_apart=True)
    assert Pair.objects.get().state == "OVERTAKEN"

    merge(one, other, by=steward)
    Pair.objects.filter(pk=pair.pk).update(state="OPEN")
    unmerge(other, by=steward, keep_apart=False)

    assert Pair.objects.get().state == "OPEN"


def test_a_number_that_came_back_may_be_merged_again(steward):
    one, other = people(2)
    for _time in range(3):
        merge(one, other, by=steward)
        unmerge(other, by=steward)
    merge(other, one, by=steward)

    assert holders() == dict.fromkeys(("K0", "K1"), other.number)
    assert Merge.objects.filter(ended_by=None).values_list("retired", "survivor").get() == (one.pk, other.pk)


def test_a_grant_given_to_the_survivor_since_stays_there(steward):
    one, other = people(2)
    staff = make_staff()
    merge(one, other, by=steward)
    grant(one, staff)

    unmerge(other, by=steward)

    assert list(CustomerStaffGrant.objects.values_list("user", "content_object")) == [(staff.pk, one.pk)]


def test_a_merge_of_two_persons_is_told_by_who_proposed_it(steward):
    one, other = people(2)
    Customer.objects.filter(pk=one.pk).update(grade="VIP")
    with pytest.raises(merges.SecondPersonNeeded) as needed:
        merges.merge_customers(survivor=one, retired=[other], by=steward, at=now())
    proposal = proposals.propose_merge(survivor=one, retired=[other], why=needed.value.why, by=steward, at=now())
    approver = make_staff("STEWARD_LEAD")

    act = proposals.approve_merge(proposal=proposal, by=approver, at=now() + timedelta(minutes=1))
    unmerge(other, by=approver)

    assert act.by == steward
    assert together() == [["K0"], ["K1"]]


def test_what_was_merged_anew_stays_when_an_earlier_merge_comes_apart(steward):
    a, b, c = people(3)
    merge(b, a, by=steward)
    merge(c, b, by=steward)
    unmerge(a, by=steward)
    merge(c, a, by=steward)

    unmerge(b, by=steward)
    assert together() == [["K0", "K2"], ["K1"]]
    assert list(Customer.objects.order_by("pk").values_list("merged_into", flat=True)) == [c.pk, None, None]
    unmerge(a, by=steward)

    assert together() == [["K0"], ["K1"], ["K2"]]


def test_a_record_that_a_person_moved_on_stays_where_it_was_moved(steward):
    feed([person(source_key="K0", rrn=RRN), person(source_key="K1", rrn=RRN)])
    feed([person(source_key="X0", name="박두리", birth_date="1971-01-01")])
    feed([person(source_key="Y0", name="최세라", birth_date="1972-01-01")])
    one, into, third = Customer.objects.order_by("pk")
    merge(into, one, by=steward)
    splits.move_record(record=record("K1"), into=third, by=steward, at=now())
    splits.move_record(record=record("K1"), into=into, by=steward, at=now())

    unmerge(one, by=steward)

    assert together() == [["K0"], ["K1", "X0"], ["Y0"]]
