"""Retention in the demonstration: every step of a batch, made through the services, once."""

import time

import pytest
from django.utils import timezone

from consent.demo.retention import seed
from consent.models import DestructionBatch, Hold, Recipient, SeparatedUse
from consent.reports.batches import verify
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.customers.builders import feed, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]


def test_the_demonstration_shows_every_step_once(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    for role, number in (("PRIVACY_OFFICER", "privacy"), ("COMPLIANCE_OFFICER", "compliance")):
        make_staff(role, employee_number=number)
    rows = [
        person(source_key=f"D{place:03}", name=f"김{chr(0xAC00 + place * 91)}", birth_date=f"19{10 + place}-03-02")
        for place in range(60)
    ]
    feed(rows)
    began = time.perf_counter()

    made, again = seed(timezone.now()), seed(timezone.now())

    assert (made, again) == ({"holds": 4, "batches": 5}, {"holds": 0, "batches": 0})
    assert time.perf_counter() - began < 60
    states = DestructionBatch.objects.order_by("pk").values_list("action", "state", "item_count")
    assert list(states) == [
        ("DESTROY", "CLOSED", 6),
        ("DESTROY", "DONE", 8),
        ("SEPARATE", "CLOSED", 4),
        ("SEPARATE", "PROPOSED", 8),
        ("DESTROY", "PROPOSED", 5),
    ]
    digests = DestructionBatch.objects.exclude(digest="").values_list("digest", flat=True)
    assert [verify(digest).is_true for digest in digests] == [True, True]
    assert Customer.objects.filter(state="DESTROYED").count() == 14
    assert (Hold.objects.count(), SeparatedUse.objects.count()) == (4, 1)
    assert Recipient.objects.filter(answers=True).exists()
