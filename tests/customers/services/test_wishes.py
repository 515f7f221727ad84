"""Pins and preferences: what they do to golden values, what they refuse, how they end and are taken back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Staff
from customers import tasks
from customers.golden.projection import GOLDEN_COLUMNS
from customers.golden.survivorship import Reason
from customers.models import Act, ActCustomer, ChangeEvent, Customer, SourceRecord, SourceSystem, Wish
from customers.services import wishes
from customers.services.acting import AlreadyTakenBack
from customers.services.projection import project_again
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, make_customer, make_retired, make_rrn, person

pytestmark = pytest.mark.usefixtures("master")
RRN = make_rrn()
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def steward() -> Staff:
    return make_staff("DATA_STEWARD")


@pytest.fixture
def customer() -> Customer:
    """A customer of three sources that disagree on mobile and e-mail; BANCA is the newest."""
    feed([person(source_key="P", rrn=RRN, mobile="010-1111-2222", email="a@example.kr", as_of="2026-01-01")])
    feed([person(source_key="B", rrn=RRN, mobile="010-3333-4444", email="b@example.kr", as_of="2026-03-01")], "BANCA")
    feed([person(source_key="T", rrn=RRN, mobile="010-5555-6666", as_of="2026-02-01")], "TM")
    return Customer.objects.get()


def record(key: str) -> SourceRecord:
    return SourceRecord.objects.get(source_key=key)


def golden(customer: Customer) -> dict[str, object]:
    """Every column of the golden row as it stands."""
    columns = [*GOLDEN_COLUMNS, "number", "state"]
    return Customer.objects.filter(pk=customer.pk).values(*columns).get()


def chosen(customer: Customer, item: str) -> tuple[str, str]:
    """Source key of the record that won an item, and why."""
    won, reason = golden(customer)["provenance"][item]
    return SourceRecord.objects.get(pk=won).source_key, Reason(reason).name


def pin(customer: Customer, key: str, by: Staff, item: str = "mobile", **more: object) -> Act:
    more = {"at": NOW, "reason_code": "CUSTOMER_SAID"} | more
    return wishes.pin_value(customer=customer, item=item, record=record(key), by=by, **more)


def prefer(customer: Customer, source: str, by: Staff, **more: object) -> Act:
    more = {"at": NOW, "reason_code": "EVIDENCE"} | more
    return wishes.prefer_source(customer=customer, source=SourceSystem.objects.get(code=source), by=by, **more)


def test_a_pinned_record_wins_its_item_and_no_other(customer, steward):
    before = golden(customer)

    act = pin(customer, "T", steward, comment="전화로 확인")

    after = golden(customer)
    assert chosen(customer, "mobile") == ("T", "PINNED")
    assert {name for name in after if after[name] != before[name]} == {"mobile", "provenance"}
    assert (act.kind, act.by, act.at, act.reason_code, act.comment, act.details) == (
        *("PIN", steward, NOW, "CUSTOMER_SAID", "전화로 확인"),
        {"item": "mobile", "record": record("T").pk},
    )
    assert list(act.customers.values_list("customer", flat=True)) == [customer.pk]


def test_a_pin_is_told_in_events_and_history(customer, steward):
    pin(customer, "T", steward)

    newest = ChangeEvent.objects.order_by("sequence").last()
    assert (newest.customer_id, newest.kind, newest.items) == (customer.pk, "CHANGED", ["mobile"])
    row = customer.history.order_by("history_id").last()
    assert (row.mobile, row.history_user, row.history_date) == ("01055556666", steward, NOW)


def test_a_pin_taken_back_leaves_the_golden_row_as_it_was(customer, steward):
    before = golden(customer)
    act = pin(customer, "T", steward)

    undone = wishes.take_back_wish(act=act, by=steward, at=LATER)

    assert golden(customer) == before
    act.refresh_from_db()
    assert (undone.kind, act.taken_back_by, undone.details) == ("TAKE_BACK", undone, {"act": act.pk})
    assert list(Wish.objects.values_list("withdrawn_at", flat=True)) == [LATER]
    assert ActCustomer.objects.filter(act=undone, customer=customer).count() == 1


def test_a_wish_is_withdrawn_singly(customer, steward):
    act = pin(customer, "T", steward)

    wishes.withdraw_wish(wish=act.wishes.get(), by=steward, at=LATER)

    assert chosen(customer, "mobile") == ("B", "RECENCY")


def test_an_act_is_taken_back_once(customer, steward):
    act = pin(customer, "T", steward)
    wishes.take_back_wish(act=act, by=steward, at=LATER)

    with pytest.raises(AlreadyTakenBack):
        wishes.take_back_wish(act=act, by=steward, at=LATER)


def test_only_a_wish_is_taken_back_as_one(customer, steward):
    act = Act.objects.create(kind=Act.Kind.MERGE, by=steward, at=NOW)

    with pytest.raises(wishes.NoWish):
        wishes.take_back_wish(act=act, by=steward, at=LATER)


def test_the_newest_of_two_pins_holds_and_the_older_comes_back(customer, steward):
    pin(customer, "T", steward)
    newer = pin(customer, "P", steward, at=LATER)

    assert chosen(customer, "mobile") == ("P", "PINNED")
    wishes.take_back_wish(act=newer, by=steward, at=LATER)
    assert chosen(customer, "mobile") == ("T", "PINNED")


@pytest.mark.parametrize(
    ("acts", "mobile", "email"),
    [
        ([("prefer", "POLICY", "")], ("P", "PREFERRED"), ("P", "PREFERRED")),
        ([("prefer", "TM", "")], ("T", "PREFERRED"), ("B", "RECENCY")),
        ([("prefer", "TM", "mobile")], ("T", "PREFERRED"), ("B", "RECENCY")),
        ([("prefer", "TM", "mobile"), ("prefer", "POLICY", "")], ("T", "PREFERRED"), ("P", "PREFERRED")),
        ([("pin", "T", "mobile"), ("prefer", "POLICY", "")], ("T", "PINNED"), ("P", "PREFERRED")),
        ([("pin", "T", "mobile"), ("prefer", "POLICY", "mobile")], ("P", "PREFERRED"), ("B", "RECENCY")),
        ([("prefer", "POLICY", "mobile"), ("pin", "T", "mobile")], ("T", "PINNED"), ("B", "RECENCY")),
        ([("prefer", "BANCA", "")], ("B", "PREFERRED"), ("B", "PREFERRED")),
    ],
)
def test_an_items_own_wish_outranks_one_on_all_items_and_the_newest_holds(customer, steward, acts, mobile, email):
    for kind, what, item in acts:
        if kind == "pin":
            pin(customer, what, steward, item=item)
        else:
            prefer(customer, what, steward, item=item)

    assert (chosen(customer, "mobile"), chosen(customer, "email")) == (mobile, email)


def test_within_a_preferred_source_the_rule_decides(customer, steward):
    feed([person(source_key="P2", rrn=RRN, mobile="010-7777-8888", as_of="2026-01-02")])

    prefer(customer, "POLICY", steward)

    assert chosen(customer, "mobile") == ("P2", "RECENCY")


def test_a_pin_holds_against_newer_deliveries(customer, steward):
    pin(customer, "T", steward)

    feed([person(source_key="O", rrn=RRN, mobile="010-9999-0000", as_of="2026-11-20")], "ONLINE")

    assert chosen(customer, "mobile") == ("T", "PINNED")


def test_a_pinned_record_that_holds_the_item_no_more_is_passed_over(customer, steward):
    pin(customer, "T", steward)

    feed([person(source_key="T", rrn=RRN, mobile="", as_of="2026-11-20")], "TM")

    assert chosen(customer, "mobile") == ("B", "RECENCY")


def test_a_pin_on_what_all_agree_on_changes_no_value(customer, steward):
    before = golden(customer)

    pin(customer, "T", steward, item="name")

    after = golden(customer)
    assert chosen(customer, "name") == ("T", "AGREED")
    assert {name for name in after if after[name] != before[name]} == {"provenance"}


def test_a_pin_holds_to_the_end_of_its_last_day(customer, steward):
    last = date(2026, 11, 25)
    pin(customer, "T", steward, ends_on=last)

    assert wishes.end_wishes(at=NOW + timedelta(days=2)) == 0
    assert chosen(customer, "mobile") == ("T", "PINNED")
    assert wishes.end_wishes(at=NOW + timedelta(days=3)) == 1
    assert chosen(customer, "mobile") == ("B", "RECENCY")
    assert wishes.end_wishes(at=NOW + timedelta(days=4)) == 0


def test_the_daily_task_ends_what_is_over(customer, steward):
    pin(customer, "T", steward, ends_on=timezone.localdate(), at=timezone.now())
    Wish.objects.update(ends_on=timezone.localdate() - timedelta(days=1))

    tasks.end_wishes()

    assert chosen(customer, "mobile") == ("B", "RECENCY")
    assert Wish.objects.get().withdrawn_at is not None


def test_a_pin_that_has_ended_counts_no_more_in_any_projection(customer, steward):
    pin(customer, "T", steward, ends_on=NOW.date())

    assert project_again(customer_ids=[customer.pk], at=NOW + timedelta(days=1)) == 1
    assert chosen(customer, "mobile") == ("B", "RECENCY")


def test_an_ended_pin_can_still_be_taken_back(customer, steward):
    act = pin(customer, "T", steward, ends_on=NOW.date())
    wishes.end_wishes(at=NOW + timedelta(days=1))

    wishes.take_back_wish(act=act, by=steward, at=NOW + timedelta(days=2))

    act.refresh_from_db()
    assert act.taken_back_by is not None


def test_what_cannot_be_pinned_is_refused_and_nothing_is_written(customer, steward):
    other = person(source_key="X", name="박다른", birth_date="1970-01-01", mobile="010-2222-3333")
    feed([other])

    with pytest.raises(wishes.NotLinked):
        pin(customer, "X", steward)
    with pytest.raises(wishes.NotHeld):
        pin(customer, "T", steward, item="email")
    with pytest.raises(wishes.EndsInThePast):
        pin(customer, "T", steward, ends_on=NOW.date() - timedelta(days=1))
    with pytest.raises(wishes.NotActive):
        pin(make_retired(customer), "T", steward)
    with pytest.raises(wishes.NotLinked):
        prefer(customer, "ONLINE", steward)
    with pytest.raises(wishes.NotHeld):
        prefer(customer, "TM", steward, item="email")
    with pytest.raises(wishes.NotActive):
        prefer(make_retired(customer), "TM", steward)
    assert (Act.objects.count(), Wish.objects.count()) == (0, 0)


def test_wishes_of_one_customer_leave_others_alone(customer, steward):
    feed([person(source_key="Y", name="박다른", birth_date="1970-01-01", mobile="010-2222-3333")], "TM")
    other = Customer.objects.exclude(pk=customer.pk).get()
    before = golden(other)

    prefer(customer, "TM", steward)

    assert project_again(customer_ids=[customer.pk, other.pk], at=LATER) == 0
    assert golden(other) == before


def test_the_wishes_in_force_are_told_oldest_first(customer, steward):
    first, second = pin(customer, "T", steward), prefer(customer, "POLICY", steward, at=LATER)
    pin(customer, "B", steward, ends_on=NOW.date())

    on = NOW.date() + timedelta(days=1)
    assert [wish.act for wish in wishes.wishes_in_force(customer, on=on)] == [first, second]
    assert list(wishes.wishes_in_force(make_customer(), on=on)) == []
