"""The gate of the demonstration: plausible, the same each time, and added once."""

import time

import pytest
from django.utils import timezone

from consent.demo.gate import seed
from consent.models import CleanupAsk, GateChange, Verification
from consent.reports.gate import customers_to_let_go
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]


def test_the_demonstration_has_a_clean_up_under_way():
    staff, today = make_staff("FP", employee_number="F00001"), timezone.localdate()
    for place in range(400):
        name = {"real_name_verified_on": today if place % 3 else None}
        consent = {"marketing_consent_on": today if place % 4 else None}
        gate = ("IN_SCOPE" if place % 4 else "NO_CONSENT") if place % 3 else ("UNVERIFIED" if place % 4 else "NEITHER")
        make_customer(
            keeper=staff, main_branch_id="B001", gate=gate, birth_date=today.replace(year=1980), **name | consent
        )

    began = time.perf_counter()
    counts = seed(timezone.now())
    again = seed(timezone.now())

    assert time.perf_counter() - began < 10
    assert counts == {
        "verifications": Verification.objects.count(),
        "changes of the gate": GateChange.objects.count(),
        "questions of the clean-up": CleanupAsk.objects.count(),
    }
    assert min(counts.values()) > 0
    assert again == dict.fromkeys(counts, 0)
    assert set(CleanupAsk.objects.values_list("state", flat=True)) == {"OPEN", "DONE", "REFUSED", "UNREACHED"}
    assert not CleanupAsk.objects.filter(opened_on__gt=today).exists()
    assert not CleanupAsk.objects.filter(closed_on__gt=today).exists()
    assert customers_to_let_go(today)
