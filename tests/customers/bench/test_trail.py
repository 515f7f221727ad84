"""What the bench of the trail fills in is a trail that holds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AccessEntry
from accounts.trail import append
from accounts.trail.verifying import verify
from customers.bench.trail import LIST_ROWS, fill

pytestmark = pytest.mark.django_db


def test_the_filled_trail_is_whole_and_behind_what_was_there(monkeypatch):
    monkeypatch.setattr("customers.bench.trail.ROWS_A_DAY", 150)
    append(at=timezone.now(), kind="VIEW", page="before", result=200)
    today = timezone.localdate()

    fill(400, seed=7)
    append(at=timezone.now(), kind="VIEW", page="after", result=200)

    filled = AccessEntry.objects.filter(page__in=["customers:customer-list", "customers:customer-detail"])
    assert verify(first=today - timedelta(days=3), last=today).faults == ()
    assert sorted({len(entry.customers) for entry in filled.filter(address__startswith="10.")}) == [1, LIST_ROWS]
    assert filled.filter(at__lt=timezone.now() - timedelta(hours=1)).count() >= 380
