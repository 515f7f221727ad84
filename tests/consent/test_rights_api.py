"""Systems bring requests of data subjects to the desk."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts import services
from consent.models import RightsRequest
from tests.accounts.builders import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
URL = "/services/rights-requests/"
BODY = {"kind": "ACCESS", "via": "WEB", "wording": "제 정보를 보여 주세요.", "items": ["DATA", "LOOKS"]}


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def token(scope: str = "consent.write") -> str:
    now = timezone.now()
    issued = services.issue_key(
        staff=make_staff("SERVICE_CLIENT"),
        name="key",
        scopes=[scope],
        networks=[],
        expires_at=now + timedelta(days=1),
        by=make_staff("ADMINISTRATOR"),
        at=now,
    )
    return issued.token


def send(body: object, key: str | None = None, **headers: str) -> tuple[int, dict[str, object]]:
    named = {"Authorization": f"Bearer {key or token()}"} | headers
    answer = Client().post(URL, json.dumps(body), "application/json", headers=named)
    return answer.status_code, answer.json()


def test_a_request_is_answered_with_its_number_and_last_day():
    status, told = send(BODY | {"received_on": "2026-11-20"})

    request = RightsRequest.objects.get()
    assert (status, told) == (201, {"number": request.number, "due_on": "2026-11-30"})
    assert (request.via, request.customer, request.asker) == ("WEB", None, "SELF")
    assert list(request.items.order_by("pk").values_list("item", flat=True)) == ["DATA", "LOOKS"]


def test_a_correction_brings_its_values():
    send(BODY | {"kind": "CORRECTION", "items": {"mobile": "010-9999-0001"}})

    assert RightsRequest.objects.get().items.get().wish == "010-9999-0001"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "OTHER"}, 400, "FIELDS"),
        ({"wording": ""}, 400, "FIELDS"),
        ({"wording": 7}, 400, "FIELDS"),
        ({"items": []}, 422, "UNKNOWN_ITEM"),
        ({"items": ["NOTHING"]}, 422, "UNKNOWN_ITEM"),
        ({"items": ["DATA", "DATA"]}, 422, "UNKNOWN_ITEM"),
        ({"items": "DATA"}, 422, "UNKNOWN_ITEM"),
        ({"items": {"DATA": 7}}, 422, "UNKNOWN_ITEM"),
        ({"received_on": "2999-01-01"}, 422, "RECEIVED_LATER"),
    ],
)
def test_what_cannot_be_is_refused(change, status, code):
    answered, told = send(BODY | change)

    assert (answered, told["error"]["code"]) == (status, code)
    assert not RightsRequest.objects.exists()


def test_another_scope_opens_nothing_and_the_same_key_records_once():
    assert send(BODY, token("consent.read"))[0] == 403
    key = token()

    first = send(BODY, key, **{"Idempotency-Key": "A1"})

    assert send(BODY, key, **{"Idempotency-Key": "A1"}) == first
    assert RightsRequest.objects.count() == 1
