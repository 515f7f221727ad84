import pytest
from django.utils import timezone

from customers.demo import generate
from customers.models import Customer
from customers.services import demonstration
from relations.demo.households import seed
from relations.models import Household, HouseholdSuggestion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def test_the_demonstration_has_households_and_suggestions_once(tmp_path):
    generate(600, 3, tmp_path)
    demonstration.load_demo(folder=tmp_path)

    first, second = seed(timezone.now()), seed(timezone.now())

    assert first["households"] == Household.objects.count() > 20
    assert first["suggested households"] == HouseholdSuggestion.objects.waiting().count() > 20
    assert second == {"households": 0, "suggested households": 0}
    assert not Customer.objects.filter(memberships__ended_because="DEATH").exists()
