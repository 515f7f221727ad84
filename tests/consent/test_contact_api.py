"""Contacts as systems ask about them and send what stands against them."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.models import AccessEntry
from consent.models import Circumstance, ContactAsk, ContactDecision, ContactRefusal
from tests.accounts.builders import make_staff
from tests.consent.contacting import make_reachable, merge_into, say
from tests.customers.protecting import protect

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
ASK, MANY, REFUSE, HAPPENED = (
    f"/services/{word}/" for word in ("may-contact", "may-contact/many", "refusals", "circumstances")
)
NOON = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT14:00:00+09:00")


class System:
    """A service client with a key."""

    def __init__(self, *scopes: str) -> None:
        now = timezone.now()
        self.staff = make_staff("SERVICE_CLIENT")
        issued = services.issue_key(
            staff=self.staff, name="key", scopes=scopes or ("consent.read", "consent.write"), networks=[],
            expires_at=now + timedelta(days=1), by=make_staff("ADMINISTRATOR"), at=now,
        )  # fmt: skip
        self.key, self.client = {"Authorization": f"Bearer {issued.token}"}, Client()

    def send(self, path: str, *, once: str = "", **sent: object) -> tuple[int, dict[str, object]]:
        headers = self.key | ({"Idempotency-Key": once} if once else {})
        answer = self.client.post(path, json.dumps(sent), "application/json", headers=headers)
        return answer.status_code, answer.json()


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def question(number: str, **more: object) -> dict[str, object]:
    return {"customer": number, "channel": "SMS", "purpose": "MARKETING", "contact_at": NOON} | more


def test_each_service_asks_for_its_scope():
    reader, writer = System("consent.read"), System("consent.write")

    assert [writer.send(path)[0] for path in (ASK, MANY)] == [403, 403]
    assert [reader.send(path)[0] for path in (REFUSE, HAPPENED)] == [403, 403]
    assert Client().post(ASK, "{}", "application/json").status_code == 401


def test_a_system_is_answered_as_people_are_and_is_on_the_trail():
    system, customer = System(), make_reachable()
    say(customer, "REFUSED")

    status, told = system.send(ASK, **question(customer.number))

    assert (status, told["allowed"], told["reason"], told["survivor"]) == (200, False, "REFUSED", None)
    assert told["words"].keys() == told["why"].keys() == {"ko", "en"}
    assert "신용정보법 제33조" in told["clause"]
    kept = ContactDecision.objects.get()
    assert (kept.asked_by, timezone.localtime(kept.contact_at).isoformat()) == (system.staff, NOON)
    entry = AccessEntry.objects.order_by("pk").last()
    assert (entry.page, entry.customers) == ("services:contact-ask", [customer.pk])


def test_a_merged_number_is_answered_with_its_survivor():
    system, customer = System(), make_reachable()
    retired = merge_into(customer)

    told = system.send(ASK, **question(retired.number))[1]

    assert (told["reason"], told["survivor"]) == ("MERGED", customer.number)


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"channel": "PIGEON"}, 400, "FIELDS"),
        ({"channel": "ANY"}, 400, "FIELDS"),
        ({"contact_at": "2026-11-25 14:00"}, 400, "FIELDS"),
        ({"purpose": "LOVE"}, 404, "UNKNOWN_PURPOSE"),
        ({"customer": "7000000013"}, 404, "UNKNOWN_CUSTOMER"),
        ({"customer": 7}, 400, "FIELDS"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(more: dict[str, object], status: int, code: str):
    told = System().send(ASK, **question(make_reachable().number) | more)

    assert (told[0], told[1]["error"]["code"]) in ((status, code), (400, "FIELDS"))
    assert not ContactDecision.objects.exists()


def test_a_protected_customer_is_nobody_to_a_system():
    customer = make_reachable()
    protect(customer)

    assert System().send(ASK, **question(customer.number))[0] == 404


def test_many_are_answered_by_number_at_once():
    system, first, second, hidden = System(), make_reachable(), make_reachable(), make_reachable()
    say(first)
    protect(hidden)
    numbers = [first.number, second.number, hidden.number, first.number]

    status, told = system.send(
        MANY, customers=numbers, channel="SMS", purpose="MARKETING", contact_at=NOON, asked_for="LIST-7"
    )

    ask = ContactAsk.objects.get()
    assert (status, told["ask"], told["counts"], told["unknown"]) == (
        200, ask.pk, {"ALLOWED": 1, "NO_CONSENT": 1}, [hidden.number],
    )  # fmt: skip
    assert {each["customer"]: each["reason"] for each in told["answers"]} == {
        first.number: "ALLOWED",
        second.number: "NO_CONSENT",
    }
    assert (ask.asked_for, ask.asked_by) == ("LIST-7", system.staff)


@pytest.mark.parametrize("customers", [[], None, "7000000013", [7], ["x"], ["7000000013"] * 1_001])
def test_many_are_a_list_of_numbers(customers: object):
    status, told = System().send(MANY, customers=customers, channel="SMS", purpose="MARKETING")

    assert (status, told["error"]["fields"]) == (400, ["customers"])


def test_a_refusal_sent_twice_is_one():
    system, customer = System(), make_reachable()
    sent = {"customer": customer.number, "kind": "OPT_OUT", "channel": "SMS", "via": "080 수신거부"}

    first, again = system.send(REFUSE, **sent), system.send(REFUSE, **sent)

    assert [(status, told["stood"]) for status, told in (first, again)] == [(201, False), (200, True)]
    assert ContactRefusal.objects.get().said_via == "080 수신거부"
    retired = merge_into(customer)
    status, told = system.send(REFUSE, **sent | {"customer": retired.number})
    assert (status, told["error"]["code"], told["error"]["survivor"]) == (409, "CUSTOMER_GONE", customer.number)
    status, told = system.send(REFUSE, **sent | {"channel": "MAIL", "said_at": "2099-01-01T00:00:00+09:00"})
    assert (status, told["error"]["code"]) == (422, "IN_FUTURE")


def test_a_circumstance_is_sent_and_ended_by_its_reference():
    system, customer = System(), make_reachable()
    sent = {"customer": customer.number, "kind": "COMPLAINT", "reference": "VOC-1"}

    first, again = system.send(HAPPENED, **sent), system.send(HAPPENED, **sent)
    day = timezone.localdate().isoformat()
    ended, gone = system.send(HAPPENED, **sent, ended_on=day), system.send(HAPPENED, **sent, ended_on=day)

    row = Circumstance.objects.get()
    assert [first, again] == [(201, {"id": row.pk, "stood": False}), (200, {"id": row.pk, "stood": True})]
    assert ended == (200, {"id": row.pk, "ended_on": day})
    assert (gone[0], gone[1]["error"]["code"]) == (404, "NOT_OPEN")
    status, told = system.send(HAPPENED, customer=customer.number, kind="DEAD_CONTACT")
    assert (status, told["error"]["code"]) == (422, "CHANNEL")


def test_the_same_key_answers_the_same():
    system, customer = System(), make_reachable()
    sent = {"customer": customer.number, "kind": "DECEASED"}

    first, again = system.send(HAPPENED, once="a", **sent), system.send(HAPPENED, once="a", **sent)

    assert first == again
    assert first[0] == 201
