"""The whole way of an uploaded file on real parts: page, broker, a Celery process, database, golden customers."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from customers.feeds.layouts import LAYOUTS
from customers.models import Customer, FeedRun, SourceRecord, SourceSystem
from tests.accounts.builders import make_staff
from tests.customers.builders import as_text, make_rrn, person
from tests.working import wait_until

pytestmark = pytest.mark.usefixtures("transactional_db", "master")


def send(client: Client, name: str, content: bytes) -> FeedRun:
    """The run of an uploaded file, when it is over."""
    fields = {"source": SourceSystem.objects.get(code="POLICY").pk, "layout": "customers"}
    client.post("/customers/feeds/upload/", fields | {"upload": SimpleUploadedFile(name, content)})
    run = FeedRun.objects.latest("pk")
    wait_until(lambda: FeedRun.objects.get(pk=run.pk).is_over)
    return FeedRun.objects.get(pk=run.pk)


def test_a_worker_loads_what_the_page_received_and_says_what_it_cannot_read(worker):
    rrn = make_rrn()
    rows = [person(source_key="K1", name="한가람", rrn=rrn), person(source_key="K2", name=""), person(source_key="K3")]
    client = Client()
    client.force_login(make_staff("DATA_STEWARD"))

    run = send(client, "customers.csv", as_text(rows, LAYOUTS["customers"].columns).encode("cp949"))
    refused = send(client, "book.xlsx", b"no workbook at all")

    assert (run.state, run.error, run.encoding, run.attempts) == ("DONE", "", "cp949", 1)
    assert (run.rows_read, run.rows_new, run.rows_rejected, run.customers_created) == (3, 2, 1, 2)
    assert list(SourceRecord.objects.order_by("pk").values_list("source_key", flat=True)) == ["K1", "K3"]
    assert set(Customer.objects.values_list("name", flat=True)) == {"한가람", "김하나"}
    assert not Path(run.file_path).exists()
    assert (refused.state, "book.xlsx" in refused.error, "Excel" in refused.error) == ("FAILED", True, True)
    log = worker.log("worker").read_text()
    assert (rrn in log, "한가람" in log) == (False, False)
