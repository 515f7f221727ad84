"""A batch destroys customers on whom everything of the house hangs: the certificate counts what was there, a dump of
the whole database has nothing of them left, files with them are asked about, and the number answers."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import Export
from accounts.services import export_runs, exports
from consent.models import DestructionItem, Hold, RightsRequest
from consent.rules.retention import Due
from consent.services import batches_copies, batches_running, holds, retention_batches
from customers import holding
from customers.models import Contract, Customer, Protection
from customers.numbering import written_number
from relations.models import GroupMember
from tests.accounts.builders import make_staff
from tests.customers.dumping import dump, traces
from tests.customers.test_destroying import of, with_merged
from tests.population import plant
from tests.relations.keeping import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
GONE = ("own", "near", "vip")


def summed(counts: dict[str, dict[int, int]]) -> dict[str, int]:
    return {kind: sum(rows.values()) for kind, rows in counts.items() if sum(rows.values())}


def answer_of_a_service(number: str, privacy: object) -> dict[str, object]:
    now = timezone.now()
    issued = services.issue_key(
        staff=make_staff("SERVICE_CLIENT"), name="key", scopes=["consent.destroy"], networks=[],
        expires_at=now + timedelta(days=1), by=privacy, at=now,
    )  # fmt: skip
    sent = {"customer": number, "clause": "개인정보 보호법 제36조", "reason": "본인 요구"}
    client = Client(headers={"Authorization": f"Bearer {issued.token}"})
    return client.post("/services/destruction-requests/", json.dumps(sent), "application/json").json()


def test_a_batch_destroys_customers_with_everything_that_hangs_on_them(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    planted, privacy = plant(), make_staff("PRIVACY_OFFICER", language="en")
    customers = [planted.notable[word] for word in GONE]
    ids = [customer.pk for customer in customers]
    now = timezone.now()
    steward = make_staff("DATA_STEWARD")
    asked = {"list_code": "customers", "conditions": {}, "format": "CSV", "purpose": "STEWARDSHIP"}
    export = export_runs.make_export(
        export=exports.request_export(**asked, reason="월말 데이터 점검 자료", by=steward, at=now)
    )
    Export.objects.filter(pk=export.pk).update(downloaded_count=1)
    Contract.objects.update(status="TERMINATED")
    GroupMember.objects.update(cover_until=timezone.localdate())
    RightsRequest.objects.filter(state__in=("RECEIVED", "ACCEPTED")).update(state="TAKEN_BACK")
    for hold in Hold.objects.filter(released_at=None):
        holds.release_hold(hold=hold, because="시험을 위해 해제합니다", by=privacy, at=now)
    protected = set(Protection.objects.values_list("customer", flat=True))
    values, found = of(planted, with_merged(ids)), summed(holding.counts(with_merged(ids)))
    assert len(values) >= 12

    due = Due("REQUEST", "개인정보 보호법 제36조", None, timezone.localdate())
    batch = retention_batches.propose_batch(
        action="DESTROY", origin="RETENTION", customers=dict.fromkeys(ids, due), by=None, at=now, basis="보유 기간 경과"
    )
    retention_batches.approve_batch(batch=batch, by=privacy, at=now)
    batch = batches_running.run_batch(batch=batch)
    assert batch.done_count == len(ids), list(DestructionItem.objects.values_list("customer", "refusal"))
    taken = set(ids) - protected
    assert taken
    assert [set(copy.customers) for copy in batch.copies.filter(export=export)] == [taken]
    Export.objects.filter(pk=export.pk).update(destroyed_at=now)
    assert batches_copies.follow_copies(at=now) == 1
    for copy in batch.copies.filter(state="WAITING"):
        batches_copies.answer_copy(copy=copy, by=privacy, at=now)
    batch.refresh_from_db()

    assert batch.state == "CLOSED"
    assert {kind: before for kind, (before, _after) in batch.certificate["counts"].items()} == found
    assert {after for _before, after in batch.certificate["counts"].values()} == {0}
    assert traces(values, dump()) == []
    number = customers[0].number
    assert Customer.objects.get(number=number).state == "DESTROYED"
    browser = browser_of(privacy)
    page = browser.get(customers[0].get_absolute_url())
    assert page.status_code == 410
    assert f"{timezone.localdate():%Y-%m-%d}" in page.content.decode()
    sought = browser.get(reverse("customers:search"), {"q": written_number(number)}, follow=True).content.decode()
    assert not any(text in sought for _item, text in values)
    told = answer_of_a_service(number, privacy)
    assert told["error"]["because"]["code"] == "GONE_ALREADY"
