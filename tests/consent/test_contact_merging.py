"""Refusals and circumstances through real merges: they stay where they were said, count for whoever it is, and are
found again when customers come apart."""

import pytest
from django.utils import translation

from accounts.models import Staff
from consent.merging.contact import StandsAgainstContacts
from consent.models import ContactRefusal
from consent.services.contact_refusals import lift_refusal, refuse_contact
from consent.services.contacting import may_contact
from consent.services.contacting_many import may_contact_many
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.consent.contacting import purpose_of, say
from tests.customers.stewarding import merge, now, people, unmerge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
OPTED_OUT = {"kind": "OPT_OUT", "channel": "MAIL"}


@pytest.fixture
def steward() -> Staff:
    return make_staff("STEWARD_LEAD")


def three() -> list[Customer]:
    """Three customers in scope who agreed to letters."""
    found = people(3, address="서울특별시 종로구 새누리로 1")
    Customer.objects.update(gate="IN_SCOPE")
    for customer in found:
        say(customer, channel="MAIL")
    return list(Customer.objects.order_by("pk"))


def asked(customer: Customer) -> str:
    """The answer about a letter, which the set gives too."""
    Customer.objects.filter(pk=customer.pk).update(gate="IN_SCOPE")
    customer.refresh_from_db()
    words = {"channel": "MAIL", "purpose": purpose_of("MARKETING"), "at": now()}
    reason = str(may_contact(customer=customer, **words).reason)
    assert may_contact_many(customers=[customer.pk], by=None, **words).counts == {reason: 1}
    return reason


def test_a_refusal_of_one_holds_for_the_merged_customer_and_goes_back_with_its_own(steward: Staff):
    first, second, _third = three()
    refuse_contact(customer=second, said_at=now(), by=steward, at=now(), **OPTED_OUT)
    assert [asked(first), asked(second)] == ["ALLOWED", "OPTED_OUT"]

    merge(first, second, by=steward)

    assert [asked(first), asked(second)] == ["OPTED_OUT", "MERGED"]
    unmerge(Customer.objects.get(pk=second.pk), by=steward)
    assert [asked(first), asked(second)] == ["ALLOWED", "OPTED_OUT"]


def test_what_was_taken_back_on_the_way_stays_taken_back_for_the_last_survivor_alone(steward: Staff):
    first, second, third = three()
    refuse_contact(customer=first, said_at=now(), by=steward, at=now(), **OPTED_OUT)
    merge(second, first, by=steward)
    lift_refusal(customer=second, because="다시 받겠다고 함", by=steward, at=now(), **OPTED_OUT)
    assert asked(second) == "ALLOWED"

    merge(third, second, by=steward)

    assert asked(third) == "ALLOWED"
    assert ContactRefusal.objects.filter(lifted_at=None).get().customer == first
    unmerge(Customer.objects.get(pk=first.pk), by=steward)
    assert [asked(first), asked(third)] == ["OPTED_OUT", "ALLOWED"]


def test_what_the_last_survivor_takes_back_counts_for_numbers_that_were_forwarded_to_it(steward: Staff):
    first, second, third = three()
    refuse_contact(customer=first, said_at=now(), by=steward, at=now(), **OPTED_OUT)
    refuse_contact(customer=third, said_at=now(), by=steward, at=now(), **OPTED_OUT)
    merge(second, first, by=steward)
    lift_refusal(customer=third, because="다시 받겠다고 함", by=steward, at=now(), **OPTED_OUT)
    merge(third, second, by=steward)
    assert asked(third) == "OPTED_OUT"

    lift_refusal(customer=third, because="다시 받겠다고 함", by=steward, at=now(), **OPTED_OUT)

    assert asked(third) == "ALLOWED"


def test_a_refusal_of_the_survivor_is_found_under_every_number_that_comes_back(steward: Staff):
    first, second, third = three()
    merge(first, second, third, by=steward)

    refuse_contact(customer=first, said_at=now(), by=steward, at=now(), **OPTED_OUT)

    for retired in (second, third):
        unmerge(Customer.objects.get(pk=retired.pk), by=steward)
    assert [asked(each) for each in (first, second, third)] == ["OPTED_OUT"] * 3


def test_the_preview_of_a_merge_tells_first_who_wants_no_contact(steward: Staff):
    first, second, _third = three()
    refuse_contact(customer=second, said_at=now(), by=steward, at=now(), **OPTED_OUT)

    with translation.override("en"):
        told = StandsAgainstContacts().cautions([first, second], steward)
        none = StandsAgainstContacts().cautions([second], steward)

    assert [(caution.label, caution.cells, caution.then) for caution in told] == [
        ("Refuses advertisements · Letter", ("Nothing said", "Wants no contact"), "Wants no contact")
    ]
    assert none == StandsAgainstContacts().cautions([first, second], make_staff("ADMINISTRATOR")) == []
