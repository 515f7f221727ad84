"""The demonstration of outflows and breaches: made once, by the services, on whatever stock there is."""

import pytest
from django.utils import timezone

from consent.demo.outflows import FLOWS, seed
from consent.models import Breach, BreachNotice, LegalNumber, Outflow, Transfer
from consent.reports.breaches import breach_lines
from consent.reports.outflows import outflows_in
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]


@pytest.mark.parametrize("people", [0, 20])
def test_the_seed_shows_what_runs_what_is_late_and_two_breaches_and_adds_nothing_twice(people):
    make_staff("COMPLIANCE_OFFICER", employee_number="compliance")
    make_staff("PRIVACY_OFFICER", employee_number="privacy")
    for _each in range(people):
        make_customer()
    at = timezone.now()

    counts = seed(at)

    assert counts == {"outflows": len(FLOWS) + 2, "transfers": Transfer.objects.count(), "breaches": 2}
    assert outflows_in("late", timezone.localdate(at)).count() == 2
    assert list(Breach.objects.order_by("pk").values_list("state", flat=True)) == ["CLOSED", "OPEN"]
    assert BreachNotice.objects.filter(breach__state="OPEN").count() == people
    (line,) = breach_lines(Breach.objects.filter(state="OPEN"), at)
    assert line.clock.hours == 32
    assert LegalNumber.objects.count() == 1
    assert set(seed(at).values()) == {0}
    assert Outflow.objects.count() == len(FLOWS) + 2


def test_without_the_accounts_of_the_demonstration_nothing_is_made():
    assert seed(timezone.now()) == {"outflows": 0, "transfers": 0, "breaches": 0}
