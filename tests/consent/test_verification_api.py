"""Verifications as systems send them."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts import services
from consent.models import Verification
from tests.accounts.builders import make_staff
from tests.customers.builders import make_ci, make_customer
from tests.customers.protecting import protect

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
URL = "/services/verifications/"


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def send(body: object, scope: str = "consent.write") -> tuple[int, dict[str, object]]:
    now = timezone.now()
    issued = services.issue_key(
        staff=make_staff("SERVICE_CLIENT"), name="key", scopes=[scope], networks=[],
        expires_at=now + timedelta(days=1), by=make_staff("ADMINISTRATOR"), at=now,
    )  # fmt: skip
    answer = Client().post(
        URL, json.dumps(body), "application/json", headers={"Authorization": f"Bearer {issued.token}"}
    )
    return answer.status_code, answer.json()


def body(about: object, **fields: object) -> dict[str, object]:
    usual = {"customer": about.number, "method": "MOBILE", "is_verified": "true", "agency": "NICE"}
    return usual | {"reference": "T1", "verified_at": "2026-11-20T09:30:00+09:00"} | fields


def code_of(answer: tuple[int, dict[str, object]]) -> tuple[int, str]:
    return answer[0], answer[1]["error"]["code"]


def test_a_system_records_a_verification_and_the_same_message_again_is_the_same():
    customer = make_customer(gate="NEITHER")

    status, told = send(body(customer, ci=make_ci(1), expires_on="2099-01-01"))
    again = send(body(customer, ci=make_ci(1), expires_on="2099-01-01"))

    made = Verification.objects.get()
    assert (status, told) == (201, {"id": made.pk, "customer": customer.number, "gate": "NO_CONSENT"})
    assert again == (200, told)
    assert (made.method, made.is_verified, made.recorded_by.employee_number != "") == ("MOBILE", True, True)


def test_another_message_under_a_known_reference_is_refused():
    send(body(make_customer()))

    assert code_of(send(body(make_customer()))) == (409, "REFERENCE_KNOWN")


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"is_verified": "perhaps"}, 400, "FIELDS"),
        ({"verified_at": "2026-11-20T09:30:00"}, 400, "FIELDS"),
        ({"verified_at": "yesterday"}, 400, "FIELDS"),
        ({"customer": "12"}, 400, "FIELDS"),
        ({"reference": ""}, 400, "FIELDS"),
        ({"evidence_digest": "abc"}, 400, "FIELDS"),
        ({"verified_at": "2999-01-01T00:00:00+09:00"}, 422, "IN_FUTURE"),
        ({"expires_on": "2020-01-01"}, 422, "EXPIRED"),
        ({"is_verified": "false"}, 422, "MISMATCH"),
        ({"ci": "Y"}, 422, "CI"),
    ],
)
def test_what_cannot_be_is_told_by_code_in_both_languages(fields, status, code):
    answer = send(body(make_customer(), **fields))

    assert code_of(answer) == (status, code)
    assert {"ko", "en"} <= answer[1]["error"].keys()
    assert not Verification.objects.exists()


def test_a_client_without_the_scope_and_a_protected_customer_are_out_of_reach():
    customer = make_customer()
    assert send(body(customer), scope="consent.read")[0] == 403

    protect(customer)
    assert code_of(send(body(customer))) == (404, "UNKNOWN_CUSTOMER")
