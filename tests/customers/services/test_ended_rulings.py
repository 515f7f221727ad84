"""Rulings with a last day: after it the rules decide again, and the pair is open with the old decision shown."""

from datetime import date, datetime, timedelta

import pytest

from customers.models import Link, Pair, Ruling, SourceRecord
from customers.services.ended_rulings import end_rulings
from tests.accounts.builders import make_staff
from tests.customers.builders import KST, NOW, feed, make_rrn, person
from tests.customers.many_pairs import decide, make_pair_of, make_pairs
from tests.customers.ruling import rule_pair

pytestmark = pytest.mark.usefixtures("master")
LAST = date(2026, 11, 30)
AFTER = datetime(2026, 12, 1, 3, tzinfo=KST)


def customers() -> int:
    return Link.objects.values("customer").distinct().count()


@pytest.mark.parametrize(
    ("at", "has_ended"),
    [
        (datetime(2026, 11, 30, 23, 59, tzinfo=KST), False),
        (datetime(2026, 12, 1, tzinfo=KST), True),
        (datetime(2027, 3, 1, tzinfo=KST), True),
    ],
)
def test_a_ruling_holds_to_the_end_of_its_last_day_in_korea(at, has_ended):
    (pair,) = make_pairs(1)
    decide(pair, "LEGITIMATE", ends_on=LAST)

    ended = end_rulings(at=at)

    ruling = Ruling.objects.get()
    assert ended == ([ruling.pk] if has_ended else [])
    assert ruling.withdrawn_at == (at if has_ended else None)


def test_rulings_without_an_end_and_withdrawn_ones_stay_as_they_are():
    pairs = make_pairs(2)
    decide(pairs[0])
    decide(pairs[1], "LEGITIMATE", ends_on=LAST)
    Ruling.objects.filter(left=pairs[1].left).update(withdrawn_at=NOW)

    assert end_rulings(at=AFTER) == []
    assert set(Ruling.objects.values_list("withdrawn_at", flat=True)) == {None, NOW}


def related() -> tuple[SourceRecord, SourceRecord]:
    """Records of one name and birth date whose numbers differ, which the engine leaves to a person."""
    feed([person(source_key=f"K{number}", rrn=make_rrn("850302", 2, serial=number)) for number in (1, 2)])
    one, other = SourceRecord.objects.order_by("source_key")
    return one, other


def test_the_pair_is_open_again_and_tells_the_ended_decision():
    related()
    pair = Pair.objects.get()
    decide(pair, "LEGITIMATE", ends_on=LAST)
    before = customers()

    end_rulings(at=AFTER)

    pair.refresh_from_db()
    assert (pair.state, pair.closed_at, pair.contradicts) == ("OPEN", None, Ruling.objects.get())
    assert (before, customers()) == (2, 2)


def test_records_that_only_the_ruling_kept_apart_come_together_by_rule():
    rrn = make_rrn("850302", 2)
    feed([person(source_key="K1", rrn=rrn), person(source_key="K2", rrn=rrn)])
    one, other = SourceRecord.objects.order_by("source_key")
    make_pair_of(one, other)
    rule_pair(one=one, other=other, answer="DIFFERENT", ends_on=LAST, by=make_staff("DATA_STEWARD"), at=NOW)
    before = customers()

    end_rulings(at=AFTER)

    pair = Pair.objects.get()
    assert (before, customers()) == (2, 1)
    assert (pair.state, pair.overtaken_by, pair.contradicts) == ("OVERTAKEN", "JOINED", Ruling.objects.get())


def test_records_that_only_the_ruling_held_together_come_apart_and_are_asked_about():
    one, other = related()
    rule_pair(one=one, other=other, answer="SAME", ends_on=LAST, by=make_staff("DATA_STEWARD"), at=NOW)
    before = customers()

    end_rulings(at=AFTER)

    pair = Pair.objects.get()
    assert (before, customers()) == (1, 2)
    assert (pair.state, pair.contradicts) == ("OPEN", Ruling.objects.get())


def test_many_rulings_end_at_once_and_a_second_call_changes_nothing():
    for pair in make_pairs(3):
        decide(pair, "LEGITIMATE", ends_on=LAST)

    assert len(end_rulings(at=AFTER)) == 3
    assert end_rulings(at=AFTER + timedelta(days=1)) == []
    assert set(Ruling.objects.values_list("withdrawn_at", flat=True)) == {AFTER}


def test_the_task_ends_rulings_of_days_gone_by():
    from customers import tasks

    (pair,) = make_pairs(1)
    decide(pair, "LEGITIMATE", ends_on=date(2020, 1, 1))

    tasks.end_rulings()

    assert Ruling.objects.get().withdrawn_at is not None
