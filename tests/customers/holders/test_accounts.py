"""What the trail, its reviews and the register of files hold of a person, and what stays when the person is gone."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AccessCase, AccessEntry, AccessReview, ReviewItem, RightsChange, TrailWords
from accounts.services.rights import record_change
from customers.services.destroying import destroy_customers, return_customers, separate_customers
from tests.accounts.builders import make_staff
from tests.accounts.trail.entries import MONTH, NOON, as_owner, found, written
from tests.customers.builders import make_customer
from tests.customers.dumping import dump, traces

pytestmark = pytest.mark.django_db
AT = datetime(2031, 4, 1, 1, tzinfo=UTC)
SEARCHED, BECAUSE = '{"q": "뷔갑결"}', "뷔갑결 고객의 문의"


def looked_at(*customers: object, **more: object) -> tuple[date, int, int]:
    """An entry of a search that showed these customers."""
    said = {"conditions": SEARCHED, "reason": BECAUSE, "customers": [one.pk for one in customers]}
    (entry,) = written(1, **said | more)
    return entry


def test_an_entry_reads_as_it_was_written_and_holds_no_word_of_it():
    month, lane, number = looked_at(make_customer())

    entry = AccessEntry.objects.get(month=month, lane=lane, number=number)
    assert (entry.conditions, entry.reason) == (SEARCHED, BECAUSE)
    kept = {table: rows for table, rows in dump().items() if "accessentry" in table}
    assert traces([("name", "뷔갑결")], kept) == []
    assert found() == []


def test_of_a_destroyed_customer_the_words_go_and_the_chain_stays_whole():
    gone, other = make_customer(), make_customer()
    about_gone, about_other = looked_at(gone, other), looked_at(other, reason="", conditions='{"q": "다른 사람"}')

    destroy_customers(customers=[gone.pk], at=AT)

    entries = AccessEntry.objects.filter(month=MONTH, lane=about_gone[1]).in_bulk([about_gone, about_other])
    told = [(entries[one].conditions, entries[one].reason, entries[one].customers) for one in (about_gone, about_other)]
    assert told == [("", "", [gone.pk, other.pk]), ('{"q": "다른 사람"}', "", [other.pk])]
    assert traces([("name", "뷔갑결")], dump()) == []
    assert found() == []


def test_while_a_customer_is_kept_apart_the_record_of_looks_stays():
    customer = make_customer()
    looked_at(customer)
    before = list(TrailWords.objects.order_by("pk").values())

    separate_customers(customers=[customer.pk], at=AT)
    apart = list(TrailWords.objects.order_by("pk").values())
    return_customers(customers=[customer.pk], at=AT)

    assert before == apart == list(TrailWords.objects.order_by("pk").values())


def test_other_words_than_were_written_are_a_fault():
    _month, _lane, number = looked_at(make_customer())
    looked_at(make_customer())
    as_owner("ALTER TABLE accounts_trailwords DISABLE TRIGGER USER")

    as_owner("UPDATE accounts_trailwords SET reason = '다른 이유' WHERE month = '2031-03-01' AND number = %s", number)

    assert found() == [("CHANGED", str(number))]


@pytest.mark.parametrize("act", ["UPDATE accounts_trailwords SET reason = ''", "DELETE FROM accounts_trailwords"])
def test_words_are_neither_changed_nor_taken_but_by_destruction(act):
    looked_at(make_customer())

    with pytest.raises(DatabaseError), transaction.atomic():
        as_owner(act)


def test_of_a_right_on_the_person_the_reason_goes_and_nothing_else():
    gone, other = make_customer(), make_customer()
    for customer in (gone, other):
        record_change(
            staff=None, by=None, at=NOON, kind="CUSTOMER_PROTECTED", what={"customer": customer.number}, reason=BECAUSE
        )
    kept = list(RightsChange.objects.order_by("pk").values("at", "kind", "what"))

    destroy_customers(customers=[gone.pk], at=AT)

    told = RightsChange.objects.filter(kind="CUSTOMER_PROTECTED").order_by("pk")
    assert list(told.values_list("reason", flat=True)) == ["", BECAUSE]
    assert list(RightsChange.objects.order_by("pk").values("at", "kind", "what")) == kept
    with pytest.raises(DatabaseError), transaction.atomic():
        RightsChange.objects.update(reason="")


def test_what_was_asked_and_found_about_looks_at_the_person_goes():
    gone, other, staff = make_customer(), make_customer(), make_staff()
    review = AccessReview.objects.create(month=MONTH, drawn_at=NOON)
    for entry in (looked_at(gone), looked_at(other)):
        at = dict(zip(("month", "lane", "number"), entry, strict=True))
        ReviewItem.objects.create(review=review, at=NOON, staff=staff, question="뷔갑결?", answer="뷔갑결", **at)
    for day, customer in ((1, gone), (2, other)):
        words = {"customers": [customer.pk], "found_at": NOON, "comment": "뷔갑결 고객 건"}
        AccessCase.objects.create(kind="VOLUME", staff=staff, day=date(2031, 3, day), **words)

    destroy_customers(customers=[gone.pk], at=AT)

    assert list(ReviewItem.objects.order_by("number").values_list("question", "answer")) == [
        ("", ""),
        ("뷔갑결?", "뷔갑결"),
    ]
    assert list(AccessCase.objects.order_by("day").values_list("comment", flat=True)) == ["", "뷔갑결 고객 건"]
