"""What systems ask of destruction: requests with receipts, and answers about copies."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.models import Staff
from consent.models import DestructionBatch, Recipient
from consent.services import batches_running, retention_batches
from tests.accounts.builders import make_staff
from tests.consent.retaining import hold, propose, sent
from tests.customers.builders import NOW
from tests.customers.protecting import protect

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
ASK, ANSWER, COPIES = "/services/destruction-requests/", "/services/copy-answers/", "/services/copies/"


@pytest.fixture(autouse=True)
def _nothing_kept(purposes: None) -> None:
    cache.clear()
    Recipient.objects.update(answers=False)


@pytest.fixture
def client() -> Client:
    return client_of(make_staff("SERVICE_CLIENT"))


def client_of(staff: Staff, scope: str = "consent.destroy") -> Client:
    now = timezone.now()
    issued = services.issue_key(
        staff=staff, name="key", scopes=[scope], networks=[], expires_at=now + timedelta(days=1),
        by=make_staff("ADMINISTRATOR"), at=now,
    )  # fmt: skip
    return Client(headers={"Authorization": f"Bearer {issued.token}"})


def post(client: Client, url: str, body: object, **headers: str) -> tuple[int, dict[str, object]]:
    answer = client.post(url, json.dumps(body), "application/json", headers=headers)
    return answer.status_code, answer.json()


def asked(number: str, **more: object) -> dict[str, object]:
    return {"customer": number, "clause": "개인정보 보호법 제36조", "reason": "본인 요구에 따른 파기"} | more


def code_of(answer: tuple[int, dict[str, object]]) -> tuple[int, str]:
    return answer[0], answer[1]["error"]["code"]


def carried_out(batch: DestructionBatch) -> DestructionBatch:
    retention_batches.approve_batch(batch=batch, by=make_staff("PRIVACY_OFFICER"), at=NOW)
    return batches_running.run_batch(batch=batch)


def test_a_request_gets_a_receipt_by_which_its_way_can_be_followed(client: Client) -> None:
    customer = sent("K1")

    status, told = post(client, ASK, asked(customer.number))

    batch = DestructionBatch.objects.get()
    assert (status, told["receipt"], told["state"]) == (202, batch.number, "PROPOSED")
    assert (batch.origin, batch.action, batch.proposed_by.groups.get().name) == ("SERVICE", "DESTROY", "SERVICE_CLIENT")
    carried_out(batch)
    told = client.get(f"{ASK}{batch.number}/").json()
    assert (told["state"], told["certificate"]) == ("DONE", None)
    assert code_of(post(client, ASK, asked(customer.number)))[0] == 422


def test_the_same_request_again_is_answered_as_before_and_another_as_a_conflict(client: Client) -> None:
    body = asked(sent("K1").number)
    first = post(client, ASK, body, **{"Idempotency-Key": "1"})
    assert post(client, ASK, body, **{"Idempotency-Key": "1"}) == first
    assert code_of(post(client, ASK, body)) == (409, "ALREADY_ASKED")
    assert DestructionBatch.objects.count() == 1


def test_a_hold_or_a_live_contract_is_told_with_clause_and_until(client: Client) -> None:
    held, live = sent("K1"), sent("K2", ended="live")
    placed = hold(held)

    status, told = post(client, ASK, asked(held.number))
    because = told["error"]["because"]
    assert (status, because["code"], because["clause"]) == (422, "HOLD", placed.clause)
    assert because["until"] == placed.review_on.isoformat()
    assert set(because) == {"code", "ko", "en", "clause", "until"}
    assert post(client, ASK, asked(live.number))[1]["error"]["because"]["code"] == "LIVE_ROLE"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], (400, "UNREADABLE")),
        ({}, (400, "FIELDS")),
        ({"customer": "12", "clause": "x", "reason": "본인 요구"}, (400, "FIELDS")),
        ({"customer": 12, "clause": "x", "reason": "본인 요구"}, (400, "FIELDS")),
    ],
)
def test_what_cannot_be_read_is_refused(client: Client, body: object, expected: tuple[int, str]) -> None:
    assert code_of(post(client, ASK, body)) == expected


def test_unknown_and_protected_customers_and_keys_of_another_scope_are_refused(client: Client) -> None:
    customer = sent("K1")
    protect(customer)
    assert code_of(post(client, ASK, asked(customer.number))) == (404, "UNKNOWN_CUSTOMER")
    other = client_of(make_staff("SERVICE_CLIENT"), "consent.read")
    assert [other.post(url).status_code for url in (ASK, ANSWER)] == [403, 403]
    assert other.get(COPIES).status_code == 403
    assert Client().post(ASK).status_code == 401


def test_a_client_follows_its_own_requests_alone(client: Client) -> None:
    _status, told = post(client, ASK, asked(sent("K1").number))
    other = client_of(make_staff("SERVICE_CLIENT"))
    assert other.get(f"{ASK}{told['receipt']}/").status_code == 404
    assert client.get(f"{ASK}D2026-000000/").status_code == 404


def test_a_source_finds_its_copies_and_answers_customer_by_customer(client: Client) -> None:
    first, second = sent("K1"), sent("K2")
    batch = carried_out(propose([first, second]))

    found = client.get(COPIES, {"holder": "POLICY"})
    (waiting,) = found.json()["copies"]
    assert (waiting["batch"], waiting["customers"]) == (batch.number, sorted([first.number, second.number]))
    body = {"batch": batch.number, "holder": "POLICY"}
    gone = {"customer": first.number, "state": "DESTROYED"}
    kept = {"customer": second.number, "state": "KEPT", "because": "소송 증거 보존", "until": "2027-01-01"}
    assert code_of(post(client, ANSWER, body | {"items": [gone]})) == (422, "NOT_COMPLETE")
    stranger = {"customer": sent("K3").number, "state": "DESTROYED"}
    assert code_of(post(client, ANSWER, body | {"items": [gone, kept, stranger]})) == (422, "NOT_ASKED")
    silent = {"customer": second.number, "state": "KEPT"}
    assert code_of(post(client, ANSWER, body | {"items": [gone, silent]})) == (400, "FIELDS")
    assert code_of(post(client, ANSWER, body | {"items": "all"})) == (400, "FIELDS")

    answer = post(client, ANSWER, body | {"items": [gone, kept]})

    assert answer == (200, {"state": "KEPT", "destroyed": 1, "kept": 1})
    batch.refresh_from_db()
    assert (batch.state, batch.certificate["copies"][0]["reason"]) == ("CLOSED", "소송 증거 보존")
    assert code_of(post(client, ANSWER, body | {"items": [gone, kept]})) == (404, "UNKNOWN_COPY")
    assert client.get(COPIES, {"holder": "POLICY"}).json() == {"copies": []}
