"""Consents as systems record, withdraw and read them."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import AccessEntry
from consent.models import Receipt
from customers.formats import day
from customers.models import Customer
from tests.consent.consenting import back_date_texts, consents, merge, says
from tests.customers.builders import NOW, make_customer
from tests.customers.protecting import protect
from tests.relations.test_api import System as RelationsSystem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
RECORD, WITHDRAW = "/services/consents/", "/services/consents/withdraw/"


class System(RelationsSystem):
    """A service client whose key opens consents."""

    def __init__(self, *scopes: str) -> None:
        super().__init__(*(scopes or ("consent.read", "consent.write")))

    def held(self, customer: Customer, query: str = "") -> tuple[int, dict[str, object]]:
        answer = self.client.get(f"/services/customers/{customer.number}/consents/{query}", headers=self.key)
        return answer.status_code, answer.json()


@pytest.fixture(autouse=True)
def _ready(purposes: None) -> None:
    back_date_texts()
    cache.clear()


def told(customer: Customer, *answers: dict[str, str], **more: object) -> dict[str, object]:
    given = {"purpose": "MARKETING", "channel": "SMS", "answer": "GIVEN"}
    usual = {"customer": customer.number, "method": "WEB", "answered_at": "2026-11-20T10:00", "key": "W-1"}
    return usual | {"answers": list(answers) or [given]} | more


def test_each_service_asks_for_its_scope():
    reader, writer, customer = System("consent.read"), System("consent.write"), make_customer()
    assert [reader.send(RECORD, **told(customer))[0], writer.held(customer)[0], reader.held(customer)[0]] == [
        403,
        403,
        200,
    ]
    assert reader.send(WITHDRAW, customer=customer.number)[0] == 403
    assert Client().post(RECORD, "{}", "application/json").status_code == 401


def test_a_system_records_answers_once_for_each_key_and_reads_what_holds():
    system, customer = System(), make_customer()
    refused = {"purpose": "MARKETING", "channel": "PHONE", "answer": "REFUSED"}
    given = {"purpose": "PROVISION_AFFILIATE", "answer": "GIVEN", "recipient": "AFFILIATE_CARD", "text": "1"}

    status, first = system.send(RECORD, **told(customer, refused, given, evidence="로그 77"))
    again, second = system.send(RECORD, **told(customer, refused, given, evidence="로그 77"))

    assert (status, again) == (201, 200)
    assert first["receipt"] == second["receipt"]
    assert (first["proof"], first["answered_at"]) == (2, "2026-11-20T10:00:00+09:00")
    assert Receipt.objects.get().taken_by == system.staff
    _status, held = system.held(customer)
    assert [
        (one["purpose"], one["channel"], one["recipient"], one["answer"], one["text"]) for one in held["consents"]
    ] == [
        ("MARKETING", "PHONE", None, "REFUSED", 1),
        ("PROVISION_AFFILIATE", "ANY", "AFFILIATE_CARD", "GIVEN", 1),
    ]
    entry = AccessEntry.objects.order_by("pk").last()
    assert (entry.page, list(entry.customers)) == ("services:consent-list", [customer.pk])


def test_what_holds_is_told_for_any_instant_and_of_the_survivor():
    system, one, other = System(), make_customer(), make_customer()
    consents(one)
    merge(other, one, at=NOW)

    status, now = system.held(other)
    _status, then = system.held(one, "?as_of=2026-11-22")

    assert (status, now["asked"], now["customer"], len(now["consents"])) == (200, other.number, one.number, 1)
    assert then["consents"] == []
    assert system.held(one, "?as_of=x")[0] == 400


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"customer": "000000000-0"}, 404, "UNKNOWN_CUSTOMER"),
        ({"customer": "x"}, 400, "FIELDS"),
        ({"method": "PIGEON"}, 400, "FIELDS"),
        ({"answered_at": "yesterday"}, 400, "FIELDS"),
        ({"answered_at": "2199-01-01T00:00"}, 422, "ANSWERED_IN_FUTURE"),
        ({"answered_at": "2019-01-01T00:00+09:00"}, 422, "TEXT_UNFIT"),
        ({"answers": "all"}, 400, "ANSWERS"),
        ({"answers": [1]}, 400, "ANSWERS"),
        ({"answers": []}, 422, "NOTHING_ANSWERED"),
        ({"answers": [{"purpose": "X", "answer": "GIVEN"}]}, 422, "UNKNOWN_ANSWER"),
        ({"answers": [{"purpose": "MARKETING", "answer": "LAPSED", "channel": "SMS"}]}, 400, "FIELDS"),
        ({"answers": [{"purpose": "MARKETING", "answer": "GIVEN", "channel": "ANY"}]}, 422, "WRONG_CHANNEL"),
        ({"answers": [{"purpose": "PROVISION_AFFILIATE", "answer": "GIVEN"}]}, 422, "WRONG_RECIPIENT"),
        ({"evidence_digest": "1"}, 400, "FIELDS"),
    ],
)
def test_what_is_wrong_is_answered_with_its_code_in_both_languages(more, status, code):
    customer = make_customer()
    answered, sent = System().send(RECORD, **told(customer) | more)
    assert (answered, sent["error"]["code"]) == (status, code)
    assert {"code", "ko", "en"} <= sent["error"].keys()
    assert Receipt.objects.count() == 0


def test_protected_and_gone_customers_are_out_of_reach():
    system, protected = System(), make_customer()
    protect(protected)
    gone = make_customer(state="SEPARATED", separated_at=NOW)
    survivor, merged = make_customer(), make_customer()
    merge(merged, survivor)

    assert system.send(RECORD, **told(protected))[0] == 404
    assert system.send(RECORD, **told(gone))[1]["error"] | {"ko": "", "en": ""} == {
        "code": "KEPT_APART",
        "field": "customer",
        "since": day(NOW),
        "ko": "",
        "en": "",
    }
    assert system.held(gone)[0] == 410
    assert system.send(RECORD, **told(merged))[1]["error"]["into"] == survivor.number


def test_withdrawing_takes_one_call():
    system, customer = System(), make_customer()
    consents(customer)

    assert (
        system.send(WITHDRAW, customer=customer.number, purposes=["NONSENSE"])[1]["error"]["code"] == "UNKNOWN_PURPOSE"
    )
    assert system.send(WITHDRAW, customer=customer.number, channel="SMS") == (200, {"receipt": None})
    status, sent = system.send(WITHDRAW, customer=customer.number, purposes=["MARKETING"])

    assert (status, sent["proof"]) == (200, 3)
    assert says(customer, at=timezone.now()) == "WITHDRAWN"
