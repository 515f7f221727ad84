"""Bad input and ill will against consent: what was tried once, and must go on being refused with a clear answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Staff
from consent.forms.contact import CheckForm
from consent.models import (
    Consent,
    ContactDecision,
    ContactRefusal,
    DestructionBatch,
    DoNotCallList,
    Purpose,
    Receipt,
    RightsItem,
    Verification,
)
from consent.rules.contact import is_service
from consent.services import batches_running, do_not_call, retention_batches
from consent.services.consents import adopt_consents
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.at_once import beside
from tests.consent.consenting import back_date_texts, consents, says
from tests.consent.contacting import make_reachable, refuse, say
from tests.consent.retaining import hold, propose, sent
from tests.consent.test_consents_api import System
from tests.customers.builders import NOW, feed, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
HASH = "a" * 64


@pytest.fixture(autouse=True)
def _ready(purposes: None) -> None:
    back_date_texts()
    cache.clear()


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


# Services


def body_of(service: str, customer: Customer) -> dict[str, object]:
    """What each service takes, whole and right."""
    number, soon = customer.number, (timezone.localtime() + timedelta(days=1)).isoformat()
    given = {"purpose": "MARKETING", "channel": "SMS", "answer": "GIVEN"}
    bodies: dict[str, dict[str, object]] = {
        "rights-requests": {"kind": "CORRECTION", "via": "WEB", "wording": "고쳐 주세요", "items": {"name": "김하나"}},
        "consents": {"customer": number, "method": "WEB", "answered_at": "2026-11-20T10:00", "answers": [given]},
        "consents/withdraw": {"customer": number, "purposes": ["MARKETING"]},
        "may-contact": {"customer": number, "channel": "SMS", "purpose": "MARKETING", "contact_at": soon},
        "may-contact/many": {"customers": [number], "channel": "SMS", "purpose": "MARKETING", "contact_at": soon},
        "verifications": {
            "customer": number, "method": "MOBILE", "is_verified": "true", "agency": "NICE", "reference": "T1",
            "verified_at": "2026-11-20T09:30:00+09:00",
        },
    }  # fmt: skip
    return bodies[service]


@pytest.mark.parametrize(
    ("service", "odd", "field"),
    [
        ("rights-requests", {"items": {"name": "김\x00하나"}}, "items"),
        ("rights-requests", {"items": {"name": "\ud800"}}, "items"),
        ("consents", {"evidence_digest": f"{HASH}\n"}, "evidence_digest"),
        ("consents/withdraw", {"purposes": ["\x00"]}, "purposes"),
        ("consents/withdraw", {"purposes": ["\ud800"]}, "purposes"),
        ("may-contact", {"contact_at": "0001-01-01T00:00:00+14:00"}, "contact_at"),
        ("may-contact", {"contact_at": "9999-12-31T23:59:59-12:00"}, "contact_at"),
        ("may-contact/many", {"contact_at": "0001-01-01T00:00:00+14:00"}, "contact_at"),
        ("may-contact/many", {"contact_at": "9999-12-31T23:59:59-12:00"}, "contact_at"),
        ("verifications", {"evidence_digest": f"{HASH}\n"}, "evidence_digest"),
        ("verifications", {"verified_at": "0001-01-01T00:00:00+14:00"}, "verified_at"),
    ],
)
def test_what_no_database_or_calendar_holds_is_a_field_that_cannot_be_read(service, odd, field):
    system, customer = System(), make_reachable()
    body = body_of(service, customer)

    refused, told = system.send(f"/services/{service}/", **body | odd)

    assert (refused, told["error"]["code"], told["error"]["fields"]) == (400, "FIELDS", [field])
    assert not any(model.objects.exists() for model in (Consent, ContactDecision, RightsItem, Verification))
    assert system.send(f"/services/{service}/", **body)[0] in (200, 201)


@pytest.mark.parametrize("code", ["INTEGRATED_USE", "NIGHT_ADVERTISING", "UNIQUE_IDENTIFIER", "PROVISION_AFFILIATE"])
def test_a_consent_to_something_else_is_none_to_be_contacted(code):
    system, customer = System(), make_reachable()
    say(customer, purpose=code, channel="ANY")
    body = body_of("may-contact", customer) | {"purpose": code}

    refused, told = system.send("/services/may-contact/", **body)

    assert (refused, told["error"]["code"]) == (422, "NO_CONTACTS")
    assert system.send("/services/may-contact/many/", **body | {"customers": [customer.number]})[0] == 422
    assert not ContactDecision.objects.exists()
    assert set(dict(CheckForm().fields["purpose"].choices)) == {"MARKETING", "CONTRACT_SERVICE"}


# Contacts


def test_a_question_about_the_past_does_not_go_round_a_withdrawal():
    system, customer, now = System(), make_reachable(), timezone.now()
    say(customer)
    say(customer, "WITHDRAWN", at=now - timedelta(seconds=1))
    today = body_of("may-contact", customer) | {"contact_at": (now - timedelta(seconds=2)).isoformat()}
    long_ago = today | {"contact_at": (now - timedelta(days=2)).isoformat()}

    answers = [system.send("/services/may-contact/", **body) for body in (today, long_ago)]

    # A question of the first two seconds of a day is one about yesterday.
    assert answers[0][1].get("reason", "WITHDRAWN") == "WITHDRAWN"
    assert (answers[1][0], answers[1][1]["error"]["fields"]) == (400, ["contact_at"])
    assert not ContactDecision.objects.filter(is_allowed=True).exists()


def test_advertising_is_no_duty_whatever_basis_somebody_gives_it():
    officer = browser_of(make_staff("COMPLIANCE_OFFICER", language="en"))
    sent_ = {
        "code": "SALES", "name": "판매", "english_name": "Sales", "kind": "MARKETING", "basis": "CONTRACT",
        "clause": "내부 기준", "channels": ["SMS"], "retention_months": "0", "reconfirm_months": "0",
    }  # fmt: skip

    told = officer.post("/consent/purposes/open/", sent_).content.decode()

    assert "Advertising needs the consent of the customer." in told
    assert not Purpose.objects.filter(code="SALES").exists()
    assert [is_service(kind, "CONTRACT") for kind in ("MARKETING", "NIGHT", "SERVICE")] == [False, False, True]


def test_the_refusal_of_the_address_is_lifted_and_no_other():
    planner = make_staff("FP")
    customer = make_reachable(keeper=planner)
    refuse(customer, "OPT_OUT", "SMS")
    refuse(customer, "DO_NOT_CONTACT")
    chosen, client = ContactRefusal.objects.get(kind="OPT_OUT"), browser_of(planner)
    sent_ = {"kind": "DO_NOT_CONTACT", "channel": "ANY", "because": "고객이 전화로 문자 수신을 원함"}

    client.post(f"/consent/{customer.number}/contacts/refusals/{chosen.pk}/lift/", sent_)

    assert list(ContactRefusal.objects.filter(lifted_at=None).values_list("kind", flat=True)) == ["DO_NOT_CONTACT"]


# Days


@pytest.mark.parametrize(("said_on", "count"), [("2026-02-28", 0), ("2026-03-01", 1)])
def test_whoever_was_born_on_29_february_is_of_age_on_1_march(said_on, count):
    feed([person(source_key="K1", birth_date="2012-02-29", marketing_consent_on=said_on)])

    assert adopt_consents(at=NOW) == count


# Two at once


@pytest.mark.django_db(transaction=True)
def test_a_hold_that_is_placed_while_a_batch_begins_keeps_its_customer():
    customer = sent("K1")
    batch = propose([customer])
    DestructionBatch.objects.filter(pk=batch.pk).update(state="APPROVED")

    with beside(lambda: hold(customer)):
        batches_running.run_batch(batch=batch)

    customer.refresh_from_db()
    assert (customer.state, batch.items.get().refusal) == ("ACTIVE", "HOLD")


@pytest.mark.django_db(transaction=True)
def test_a_consent_that_is_recorded_while_a_batch_begins_goes_with_its_customer():
    customer = sent("K1")
    batch = propose([customer])
    DestructionBatch.objects.filter(pk=batch.pk).update(state="APPROVED")

    with beside(lambda: consents(customer, evidence="녹취 77")):
        batches_running.run_batch(batch=batch)

    customer.refresh_from_db()
    # The answer is kept under the bare number as proof; where the document lies is not.
    assert (customer.state, Receipt.objects.get().evidence, says(customer)) == ("DESTROYED", "", "GIVEN")


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_sent_twice_at_once_is_taken_in_once():
    content = "번호,등록일\n010-7391-0624,2026-11-01\n".encode()

    def load() -> DoNotCallList:
        return do_not_call.load_list(content=content, name="a.csv", as_of=date(2026, 11, 2), by=None, at=NOW)

    with beside(load), pytest.raises(do_not_call.AlreadyLoaded):
        load()

    assert DoNotCallList.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_propose_the_same_customer_at_once_follow_each_other():
    customer = sent("K1")

    with beside(lambda: propose([customer])), pytest.raises(retention_batches.AlreadyProposed):
        propose([customer])

    assert DestructionBatch.objects.count() == 1
