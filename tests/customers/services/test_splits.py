"""Splitting a record off and moving one: what goes along, what is refused, and that later runs obey."""

import pytest

from accounts.models import Staff
from customers.models import ActCustomer, Customer, Link, MovedChild, SourceRecord
from customers.services import corrections, merges, splits, stock, taking_back
from tests.accounts.builders import make_staff
from tests.customers.builders import company, feed, make_rrn, person
from tests.customers.ruling import rule_pair
from tests.customers.stewarding import golden, holders, merge, now, people, record, rulings_in_force, together

pytestmark = pytest.mark.usefixtures("master")
RRN = make_rrn("850302", 2, 11111)


@pytest.fixture
def steward() -> Staff:
    return make_staff("DATA_STEWARD")


@pytest.fixture
def customer() -> Customer:
    """A customer whom three sources tell of; the rules join them all."""
    for key, source in (("K0", "POLICY"), ("K1", "TM"), ("K2", "BANCA")):
        feed([person(source_key=key, rrn=RRN, mobile=f"010-1111-000{key[1]}")], source)
    return Customer.objects.get()


def split(key: str, by: Staff, **more: object) -> tuple[object, Customer]:
    return splits.split_record(record=record(key), by=by, **{"at": now(), "reason_code": "EVIDENCE"} | more)


def move(key: str, into: Customer, by: Staff, **more: object) -> object:
    more = {"at": now(), "reason_code": "EVIDENCE"} | more
    return splits.move_record(record=record(key), into=into, by=by, **more)


def test_a_record_is_split_off_and_no_run_takes_it_back(customer, steward):
    at = now()

    act, new = split("K1", steward, at=at, comment="번호를 잘못 적은 기록")

    assert (act.kind, act.by, act.at, act.reason_code, act.comment) == (
        *("SPLIT", steward, at, "EVIDENCE", "번호를 잘못 적은 기록"),
    )
    assert (new.state, new.mobile, new.record_count, new.number > customer.number) == ("ACTIVE", "01011110001", 1, True)
    assert golden(customer)["record_count"] == 2
    assert sorted(ActCustomer.objects.filter(act=act).values_list("customer", flat=True)) == [customer.pk, new.pk]
    link = Link.objects.get(record__source_key="K1")
    assert (link.rule, link.linked_by, link.linked_at, link.evidence_record) == ("RULED", steward, at, None)
    assert Customer.history.get(id=new.pk).history_user == steward
    assert rulings_in_force() == [(["K0", "K2"], "DIFFERENT", ["K1"])]
    for _time in range(10):
        stock.match_stock(at=now(), by=None)
        assert together() == [["K0", "K2"], ["K1"]]


def test_a_record_is_moved_and_stays_there(customer, steward):
    feed([person(source_key="X0", name="박두리", birth_date="1971-01-01")])
    into = Customer.objects.latest("pk")

    act = move("K1", into, steward)

    assert (act.kind, sorted(act.customers.values_list("customer", flat=True))) == ("MOVE", [customer.pk, into.pk])
    assert [golden(each)["record_count"] for each in (customer, into)] == [2, 2]
    assert rulings_in_force() == [(["K1"], "SAME", ["X0"]), (["K0", "K2"], "DIFFERENT", ["K1"])]
    for _time in range(3):
        stock.match_stock(at=now(), by=None)
        assert together() == [["K0", "K2"], ["K1", "X0"]]


def test_a_move_overrules_what_kept_the_record_from_its_new_customer(customer, steward):
    feed([person(source_key="X0", name="박두리", birth_date="1971-01-01")])
    rule_pair(one=record("K1"), other=record("X0"), answer="DIFFERENT", by=steward, at=now())

    move("K1", Customer.objects.latest("pk"), steward)
    stock.match_stock(at=now(), by=None)

    assert together() == [["K0", "K2"], ["K1", "X0"]]


def test_a_correction_goes_with_the_record_that_it_is_bound_to(customer, steward):
    corrections.correct_value(
        customer=customer, values={"mobile": "010-9999-8888"}, by=steward, at=now(), reason_code="CUSTOMER_SAID"
    )

    _act, new = split("K0", steward)
    stock.match_stock(at=now(), by=None)

    assert [golden(each)["mobile"] for each in (new, customer)] == ["01099998888", "01011110002"]
    assert [golden(each)["record_count"] for each in (new, customer)] == [2, 2]


def test_a_correction_itself_is_neither_split_off_nor_moved(customer, steward):
    corrections.correct_value(
        customer=customer, values={"mobile": "010-9999-8888"}, by=steward, at=now(), reason_code="CUSTOMER_SAID"
    )
    correction = SourceRecord.objects.get(source__code="STEWARD").source_key

    with pytest.raises(splits.IsCorrection):
        split(correction, steward)


def test_the_only_record_stays(steward):
    one, other = people(2)
    corrections.correct_value(
        customer=one, values={"mobile": "010-9999-8888"}, by=steward, at=now(), reason_code="CUSTOMER_SAID"
    )

    with pytest.raises(splits.OnlyRecord):
        split("K0", steward)
    with pytest.raises(splits.OnlyRecord):
        move("K0", other, steward)

    assert holders()["K0"] == one.number
    assert not MovedChild.objects.exists()


def test_a_record_does_not_move_to_where_it_is(customer, steward):
    with pytest.raises(splits.AlreadyThere):
        move("K1", customer, steward)


def test_a_record_does_not_move_to_a_customer_that_is_merged(customer, steward):
    feed([person(source_key="X0", name="박두리", birth_date="1971-01-01")])
    feed([person(source_key="X1", name="최세라", birth_date="1972-01-01")])
    retired, survivor = Customer.objects.order_by("pk")[1:]
    merge(survivor, retired, by=steward)

    with pytest.raises(merges.NotActive) as refused:
        move("K1", retired, steward)

    assert refused.value.numbers == (retired.number,)


def test_a_person_does_not_move_to_an_organisation(customer, steward):
    feed([company(source_key="X0")])

    with pytest.raises(merges.KindsDiffer):
        move("K1", Customer.objects.latest("pk"), steward)


def test_a_record_of_nobody_is_neither_split_off_nor_moved(customer, steward):
    Link.objects.filter(record__source_key="K1").delete()

    with pytest.raises(splits.BelongsToNobody):
        split("K1", steward)


def test_a_record_that_held_others_together_leaves_them_together(steward):
    one, other, third = people(3)
    merge(one, other, third, by=steward)

    split("K0", steward)
    stock.match_stock(at=now(), by=None)

    assert together() == [["K0"], ["K1", "K2"]]
    assert rulings_in_force() == [(["K1"], "SAME", ["K2"]), (["K0"], "DIFFERENT", ["K1", "K2"])]


def test_a_record_that_was_moved_ties_its_old_customer_to_nobody(steward):
    a, b, c, d = people(4)
    merge(b, a, by=steward)
    move("K0", c, steward)

    act = merge(d, c, by=steward)
    taking_back.take_back_act(act=act, by=steward, at=now())
    stock.match_stock(at=now(), by=None)

    assert together() == [["K0", "K2"], ["K1"], ["K3"]]
