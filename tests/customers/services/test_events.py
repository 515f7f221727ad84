"""Change events: one sequence without a gap, whatever writers come together or give up."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from customers.models import ChangeEvent, EventCounter
from customers.services.events import record_events
from tests.customers.builders import NOW, company, feed, make_brn, make_rrn, person


def sequences() -> list[int]:
    return list(ChangeEvent.objects.order_by("sequence").values_list("sequence", flat=True))


def kinds(after: int = 0) -> list[tuple[str, list[str]]]:
    return list(ChangeEvent.objects.filter(sequence__gt=after).order_by("sequence").values_list("kind", "items"))


@pytest.mark.django_db
def test_events_are_numbered_in_their_order():
    assert record_events(events=[("7", "CREATED", "{name,rrn}"), ("8", "CREATED", "{}")], at=NOW) == 2
    assert record_events(events=[("7", "CHANGED", "{mobile}")], at=NOW, feed_run_id=5) == 3

    rows = ChangeEvent.objects.order_by("sequence").values_list("sequence", "customer", "kind", "items", "feed_run")
    assert list(rows) == [
        (1, 7, "CREATED", ["name", "rrn"], None),
        (2, 8, "CREATED", [], None),
        (3, 7, "CHANGED", ["mobile"], 5),
    ]
    assert EventCounter.objects.get().last == 3


@pytest.mark.django_db
def test_no_event_takes_no_number():
    assert record_events(events=[], at=NOW) == 0
    assert sequences() == []


@pytest.mark.django_db
def test_a_writer_that_gives_up_leaves_no_gap():
    record_events(events=[("1", "CREATED", "{}")], at=NOW)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record_events(events=[("2", "CREATED", "{}"), ("3", "CREATED", "{}")], at=NOW)
        raise ZeroDivisionError
    record_events(events=[("4", "CREATED", "{}")], at=NOW)

    assert list(ChangeEvent.objects.order_by("sequence").values_list("sequence", "customer")) == [(1, 1), (2, 4)]


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_share_one_sequence_and_one_that_gives_up_leaves_no_gap():
    ready = threading.Barrier(4)

    def write(writer: int) -> None:
        ready.wait()
        for turn in range(15):
            try:
                with transaction.atomic():
                    record_events(events=[(str(writer), "CHANGED", "{}")] * 3, at=NOW)
                    if writer == 3 or turn % 5 == writer:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                continue
        connection.close()

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sequences() == list(range(1, 3 * 12 * 3 + 1))
    assert EventCounter.objects.get().last == 3 * 12 * 3
    held = list(ChangeEvent.objects.order_by("sequence").values_list("customer", flat=True))
    assert [
        set(held[start : start + 3]) for start in range(0, len(held), 3) if len(set(held[start : start + 3])) > 1
    ] == []


@pytest.mark.usefixtures("master")
def test_the_kind_of_an_event_says_what_happened():
    feed([person(source_key="K1", rrn=make_rrn(), mobile="010-2345-6789")], "POLICY")
    feed([company(source_key="K2", company_no=make_brn())], "CORP")
    created = kinds()
    feed([person(source_key="K1", rrn=make_rrn())], "BANCA")
    feed([person(source_key="K1", rrn=make_rrn(), mobile="010-2345-0000", as_of="2026-11-02")], "POLICY")
    feed([person(source_key="K1", rrn=make_rrn(), fp_code="F00001", as_of="2026-11-02")], "BANCA")
    feed([person(source_key="K1", rrn=make_rrn(), as_of="2026-11-09")], "BANCA", at=NOW + timedelta(days=1))

    assert created == [
        ("CREATED", ["birth_date", "gate", "kind", "mobile", "name", "rrn", "sex", "sources"]),
        ("CREATED", ["company", "gate", "kind", "name", "sources"]),
    ]
    assert kinds(after=2) == [
        ("LINKED", ["sources"]),
        ("CHANGED", ["mobile"]),
        ("ASSIGNED", ["keeper"]),
        ("ASSIGNED", ["keeper"]),
    ]


@pytest.mark.usefixtures("master")
def test_an_event_names_items_and_never_values():
    feed([person(rrn=make_rrn(), mobile="010-2345-6789", address="서울 강남구 테헤란로 12")])

    with connection.cursor() as cursor:
        cursor.execute("SELECT event::text FROM customers_changeevent event")
        text = str(cursor.fetchall())
    assert [value for value in ("김하나", "2345", "테헤란로", "900101") if value in text] == []
