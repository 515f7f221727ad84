import pytest

from customers.models import ChangeEvent, Customer, SourceRecord
from customers.services.duplicates import Blind, check_duplicates
from customers.services.intake import CannotRead, KeyTaken, take_in_record, withdraw_record
from tests.customers.builders import NOW, feed, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
CELLS = {
    "name": "한여름",
    "birth_date": "1991-07-08",
    "mobile": "010-2345-6789",
    "address": "서울특별시 종로구 새문안로 1",
}


def take_in(key: str = "P1", **cells: str):
    return take_in_record(
        source_code="PROSPECT", source_key=key, cells=CELLS | cells, kind="PERSON", at=NOW, by=None, fp_code="F00001"
    )


def test_what_is_typed_becomes_a_customer_with_its_values_and_keeper():
    taken = take_in()

    customer = taken.customer
    assert taken.is_new_customer
    assert (customer.name, str(customer.birth_date), customer.mobile) == ("한여름", "1991-07-08", "01023456789")
    assert (customer.keeper_id, customer.gate, customer.record_count) == ("F00001", "NEITHER", 1)
    assert [(event.customer_id, event.kind) for event in ChangeEvent.objects.all()] == [(customer.pk, "CREATED")]


def test_the_engine_links_it_to_a_customer_who_is_there_and_finds_it_for_the_next():
    feed([person(source_key="K1", **CELLS)])

    taken = take_in()

    assert not taken.is_new_customer
    assert Customer.objects.count() == 1
    assert check_duplicates(record=CELLS, asked_by=None, at=NOW).matches[0].customer_id == taken.customer.pk
    assert check_duplicates(record=CELLS, asked_by=None, at=NOW).blind is Blind.NONE


def test_a_feed_that_comes_later_links_to_it():
    taken = take_in()

    feed([person(source_key="K1", **CELLS)])

    linked = SourceRecord.objects.filter(link__customer=taken.customer).order_by("pk")
    assert list(linked.values_list("source__code", flat=True)) == ["PROSPECT", "POLICY"]


def test_a_key_is_taken_once():
    take_in()

    with pytest.raises(KeyTaken):
        take_in()


def test_what_cannot_be_read_is_told_and_nothing_is_kept():
    with pytest.raises(CannotRead) as refused:
        take_in(mobile="전화 없음")

    assert [problem.item for problem in refused.value.problems] == ["mobile"]
    assert not SourceRecord.objects.exists()


def test_a_withdrawn_record_leaves_the_customer_to_the_others():
    feed([person(source_key="K1", name="한여름", birth_date="1991-07-08", mobile="010-2345-6789")])
    taken = take_in()

    assert withdraw_record(record=taken.record, at=NOW, by=None) == taken.customer

    taken.customer.refresh_from_db()
    assert (taken.customer.record_count, taken.customer.address) == (1, "")
    assert withdraw_record(record=SourceRecord.objects.get(source_key="K1"), at=NOW, by=None) is None


def test_a_withdrawn_record_stays_out_when_somebody_alike_comes():
    taken = take_in()
    withdraw_record(record=taken.record, at=NOW, by=None)

    feed([person(source_key="K1", **CELLS)])

    assert not SourceRecord.objects.filter(pk=taken.record.pk, link__isnull=False).exists()
    assert Customer.objects.get(links__record__source_key="K1") != taken.customer
