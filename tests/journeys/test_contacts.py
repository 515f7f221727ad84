"""A compliance officer asks, records a refusal, asks again, stops a channel and sees what it held back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from consent.models import ContactStop
from customers.models import Customer
from tests.accounts.builders import PASSWORD, make_staff
from tests.consent.contacting import make_reachable, say
from tests.journeys.test_feeds import login, settled
from tests.snapshots import CONSENT, MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def customer(transactional_db: None) -> Customer:
    """Somebody who agreed to e-mails, which wake nobody at whatever hour this runs."""
    MASTER.put()
    CONSENT.put()
    make_staff("COMPLIANCE_OFFICER", employee_number="officer", password=PASSWORD)
    made = make_reachable()
    say(made, channel="EMAIL")
    return made


def ask(page: "Page", url: str, customer: Customer) -> None:
    """A question with the keyboard alone: the number stands in the address, the channel is chosen, Enter asks."""
    page.goto(f"{url}/consent/contacts/check/?number={customer.number}")
    page.select_option("[name=channel]", "EMAIL")
    page.press("[name=number]", "Enter")


def test_from_the_question_to_the_stop(page: "Page", axe: Callable, live_server: object, customer: Customer):
    url = live_server.url
    login(page, url, "officer")
    ask(page, url, customer)
    page.wait_for_selector(".contact-answer.is-yes")
    settled(page, axe)

    page.goto(f"{url}/consent/{customer.number}/contacts/refuse/")
    settled(page, axe)
    page.click(".contact-form button[type=submit]")
    page.wait_for_selector(".contact-grave")
    settled(page, axe)
    ask(page, url, customer)
    page.wait_for_selector(".contact-answer.is-no")

    page.goto(f"{url}/consent/contacts/stops/make/")
    page.select_option("[name=channel]", "EMAIL")
    page.fill("[name=reason]", "문안 오류 확인")
    page.click(".contact-form button[type=submit]")
    page.wait_for_selector("#stop-held")
    ask(page, url, customer)
    page.wait_for_selector(".contact-answer.is-no")
    page.goto(f"{url}/consent/contacts/stops/{ContactStop.objects.get().pk}/")
    assert page.locator("section[aria-labelledby=stop-held] tbody tr").count() == 1
    settled(page, axe)
    for place in ("contacts/", "do-not-call/", "do-not-call/load/", "contacts/refusals/"):
        page.goto(f"{url}/consent/{place}")
        settled(page, axe)
