"""What the demonstration shows of contacts, and what is measured of them: made once, on whatever stock there is."""

import pytest
from django.utils import timezone

from consent.bench.contact import measure
from consent.demo import contact as demo
from consent.models import Circumstance, Consent, ContactDecision, ContactRefusal, ContactStop, DoNotCallNumber
from consent.reports.do_not_call import changed_numbers, register_of
from tests.accounts.builders import make_staff
from tests.consent.contacting import make_reachable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]


def test_the_seed_shows_every_part_and_adds_nothing_twice(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(demo, "LISTED", 500)
    officer = make_staff("COMPLIANCE_OFFICER", employee_number="compliance")
    at = timezone.now()
    for _each in range(60):
        make_reachable(updated_at=at)

    first = demo.seed(at)

    assert first["numbers on the register"] == DoNotCallNumber.objects.count() > 10
    assert first["questions"] == 120
    assert len(changed_numbers(officer)) == 3
    assert register_of(timezone.localdate(at)).standing > 0
    assert (ContactStop.objects.exclude(ended_at=None).count(), ContactStop.objects.filter(ended_at=None).count()) == (
        1,
        0,
    )
    counts = [model.objects.count() for model in (ContactRefusal, Circumstance, ContactDecision)]
    assert set(demo.seed(at).values()) == {0}
    assert [model.objects.count() for model in (ContactRefusal, Circumstance, ContactDecision)] == counts


def test_the_seed_does_without_customers():
    assert set(demo.seed(timezone.now()).values()) == {0}


def test_the_measurement_leaves_nothing_behind():
    staff = make_staff("COMPLIANCE_OFFICER")
    assert measure(staff=staff) == {}
    for _each in range(20):
        make_reachable()

    told = measure(staff=staff, sample=5)

    assert (told["customers"], told["one_ms"]["p95"] > 0, told["all_seconds"] > 0) == (20, True, True)
    assert [model.objects.count() for model in (Consent, ContactRefusal, ContactDecision, DoNotCallNumber)] == [0] * 4
