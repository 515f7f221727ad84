"""What the start page tells a steward, and duties that are done there."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Staff
from customers import cards, stewardship_words
from customers.models import Customer, Duty
from customers.services import duties, queue
from customers.stewardship import Why
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, make_customer
from tests.customers.histories import make_act
from tests.customers.matching import said, words
from tests.customers.pairs import customers_of, decide, steward, waiting

pytestmark = pytest.mark.usefixtures("master")


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def make_duty(staff: Staff, **fields: object) -> Duty:
    customer = fields.pop("customer", None) or make_customer()
    held = {"act": make_act(customer, at=NOW), "text_code": "KEEPS", "since": NOW, "created_at": NOW}
    return Duty.objects.create(staff=staff, customer=customer, **held | fields)


def test_the_card_counts_what_waits():
    by, other = steward(), steward()
    pairs = waiting(4)
    for pair, author in ((pairs[2], other), (pairs[3], by)):
        Customer.objects.filter(pk=customers_of(pair)[0].pk).update(grade="VIP")
        decide(pair, "SAME", by=author, at=timezone.now())
    queue.reckon_worth()
    queue.take_next(by=by, at=timezone.now(), condition={})

    page = words(browser_of(by).get("/"))

    assert "2 pairs wait" in page
    assert "Before you: 1 · Merges to approve: 1" in page


@pytest.mark.parametrize("role", ["FP", "AUDITOR", "ADMINISTRATOR"])
def test_who_decides_nothing_has_no_card(role):
    assert cards.review(make_staff(role)) is None


def test_duties_are_told_and_done():
    staff = make_staff("FP", language="en")
    customer = make_customer(keeper_id=staff.employee_number)
    duty = make_duty(staff, customer=customer)
    make_duty(make_staff("FP"))
    client = browser_of(staff)

    page = words(client.get("/"))
    done = client.post(f"/customers/duties/{duty.pk}/finish/", follow=True)

    assert "A customer that you keep has come apart into two." in page
    assert page.count("Since") == 1
    assert said(done) == ["Marked as done."]
    duty.refresh_from_db()
    assert duty.done_at is not None
    assert cards.duties(staff) is None
    assert said(client.post(f"/customers/duties/{duty.pk}/finish/", follow=True)) == ["It was done before."]


def test_a_duty_about_a_hidden_customer_names_no_number():
    staff = make_staff("FP", language="en")
    duty = make_duty(staff)

    (line,) = cards.duties(staff).content

    assert (line.duty, line.number, line.url) == (duty, "", "")


def test_the_duty_of_somebody_else_is_not_found():
    duty = make_duty(make_staff("FP"))

    assert browser_of(make_staff("FP")).post(f"/customers/duties/{duty.pk}/finish/").status_code == 404
    with pytest.raises(duties.NotYourDuty):
        duties.finish_duty(duty=duty, by=steward(), at=NOW)


def test_every_reason_for_a_second_person_has_words():
    assert set(stewardship_words.WHY) == set(Why)
