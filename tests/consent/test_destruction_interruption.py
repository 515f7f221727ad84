"""A destruction that is killed at any point goes on where it stopped, and its certificate is exact all the same."""

import os
from collections import Counter

import pytest

from consent.models import DestructionBatch, DestructionItem, Recipient
from consent.rules.certificates import numbers_digest
from consent.services import batches_copies, batches_running, retention_batches
from consent.services.seeding import set_up_consent
from customers import holding
from customers.models import ChangeEvent, Customer
from tests.accounts.builders import make_staff
from tests.consent.retaining import due, sent
from tests.customers.builders import NOW, feed_file
from tests.customers.services.test_interruption import committed, file_of, launch, observer, until

__all__ = ["committed", "launch", "observer"]
pytestmark = pytest.mark.usefixtures("committed")
COUNT = int(os.environ.get("HANNUN_DESTROYED", "3000"))  # 10,000 shows the same in a few minutes
SIZE = COUNT * 21 // 20  # records of about so many people
CHUNK = 500
RUN = "from consent.models import DestructionBatch; from consent.services.batches_running import run_batch; "
RUN += "run_batch(batch=DestructionBatch.objects.get())"


def counted(customers: list[int]) -> dict[str, int]:
    """Rows of every kind, in sets of the size of a step."""
    total: Counter[str] = Counter()
    for first in range(0, len(customers), CHUNK):
        for kind, rows in holding.counts(customers[first : first + CHUNK]).items():
            total[kind] += sum(rows.values())
    return {kind: count for kind, count in total.items() if count}


def test_a_killed_destruction_of_thousands_goes_on_and_its_certificate_is_exact(tmp_path, launch) -> None:
    set_up_consent()
    Recipient.objects.update(answers=False)
    other = sent("OTHER", name="박남김")
    feed_file(file_of(SIZE, tmp_path))
    ids = sorted(Customer.objects.exclude(pk=other.pk).filter(state="ACTIVE").values_list("pk", flat=True))[:COUNT]
    numbers = list(Customer.objects.filter(pk__in=ids).values_list("number", flat=True))
    before, left = counted(ids), counted([other.pk])
    privacy = make_staff("PRIVACY_OFFICER")
    batch = retention_batches.propose_batch(
        action="DESTROY",
        origin="RETENTION",
        customers=dict.fromkeys(ids, due()),
        by=None,
        at=NOW,
        basis="보유 기간 경과",
    )
    retention_batches.approve_batch(batch=batch, by=privacy, at=NOW)
    done = DestructionItem.objects.filter(state="DONE")

    for step in (1, COUNT // CHUNK // 3, COUNT // CHUNK // 2):
        runner = launch("shell", "-v0", "-c", RUN)
        until(lambda step=step: done.count() >= step * CHUNK, 240)
        runner.kill()
        runner.wait(10)
        gone = Customer.objects.filter(state="DESTROYED").count()
        batch.refresh_from_db()
        assert gone == done.count() == batch.done_count
        assert gone % CHUNK == 0
        assert gone < len(ids)
    until(lambda: batches_running.resume_batches() == [batch.pk], 60)

    copy = batch.copies.get()
    assert (copy.source.code, copy.count_asked, sorted(copy.customers)) == ("POLICY", len(ids), ids)
    batches_copies.answer_copy(copy=copy, by=privacy, at=NOW)
    batch = DestructionBatch.objects.get()
    assert (batch.state, batch.done_count, batch.skipped_count) == ("CLOSED", len(ids), 0)
    assert {kind: counts[0] for kind, counts in batch.certificate["counts"].items()} == before
    assert {after for _before, after in batch.certificate["counts"].values()} == {0}
    assert batch.certificate["numbers_digest"] == numbers_digest(numbers)
    assert ChangeEvent.objects.filter(kind="DESTROYED").count() == len(ids)
    assert counted([other.pk]) == left
    other.refresh_from_db()
    assert other.name == "박남김"
