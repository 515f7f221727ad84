"""The finances of the demonstration, and the run through what all apps add to it."""

import io
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.services import open_head_office
from customers.models import Customer
from customers.services import demonstration
from relations.demo.finances import seed
from relations.models import FinancialFact, PolicyElsewhere, RiskProfile
from relations.services import finances
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def adults(count: int) -> None:
    make_staff("FP", employee_number="F00001")
    for place in range(count):
        make_customer(birth_date=f"{1950 + place % 50}-03-02", keeper_id="F00001")
    make_customer(birth_date=timezone.localdate() - timedelta(days=3000))
    make_customer(kind="ORG", name="(주)한빛상사")


def rows() -> list[list[dict[str, object]]]:
    """All finances, but for keys and the instant of recording."""
    fields = ("customer__number", "as_of", "told_by", "consented_on", "consent_method", "evidence")
    return [list(table.objects.order_by("pk").values(*fields)) for table in finances.TABLES]


def test_a_share_of_the_adults_has_finances_and_a_second_call_adds_none():
    adults(60)

    counts = seed(timezone.now())
    made = rows()
    again = seed(timezone.now())

    assert counts == {
        "financial facts": FinancialFact.objects.count(),
        "policies elsewhere": PolicyElsewhere.objects.count(),
        "risk profiles": RiskProfile.objects.count(),
    }
    assert min(counts.values()) > 0
    assert again == dict.fromkeys(counts, 0)
    assert rows() == made
    known = Customer.objects.filter(financialfacts__isnull=False).distinct()
    assert 5 < known.count() < 40
    assert {customer.kind for customer in known} == {"PERSON"}
    assert set(FinancialFact.objects.values_list("recorded_by__employee_number", flat=True)) == {"F00001"}


def test_the_same_customers_get_the_same():
    adults(30)
    noon = timezone.now()
    seed(noon)
    first = rows()
    for table in finances.TABLES:
        table.objects.all().delete()

    seed(noon)

    assert rows() == first


def test_seed_above_runs_every_seed_in_order_and_tells_of_each(settings):
    adults(20)
    settings.DEMO_SEEDS = ["relations.demo.finances.seed", "relations.demo.finances.seed"]
    told = []

    seeded = demonstration.seed_above(at=timezone.now(), on_seeded=told.append)

    assert list(seeded) == told
    assert [each.name for each in told] == ["finances", "finances"]
    assert [sum(each.counts.values()) > 0 for each in told] == [True, False]


def test_the_command_tells_what_each_seed_added_and_a_second_load_adds_nothing(tmp_path, settings):
    settings.IS_DEMONSTRATION, settings.DEMO_SEEDS = False, ["relations.demo.finances.seed"]
    open_head_office(code="H000", name="본사")
    told = []
    for _time in range(2):
        written = io.StringIO()
        call_command("demo_data", "--customers", 150, "--seed", 3, "--out", str(tmp_path), "--load", stdout=written)
        told += [line for line in written.getvalue().splitlines() if line.startswith("finances: ")]

    first, second = told
    assert re.fullmatch(
        r"finances: \d+ financial facts, \d+ policies elsewhere, \d+ risk profiles \(\d+\.\d s\)", first
    )
    assert second.startswith("finances: nothing new (")
