"""What the demonstration shows of keepers: made once, by the services, on whatever stock there is."""

import pytest
from django.utils import timezone

from customers.models import Customer
from relations.demo.keepers import seed
from relations.models import Handover, Keeper
from relations.reports.orphans import orphan_counts
from tests.accounts.builders import PASSWORD, make_staff
from tests.relations.keeping import make_kept, make_places, make_planner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def test_the_seed_leaves_nobody_without_a_keeper_or_an_explanation_and_adds_nothing_twice():
    places = make_places()
    lead = make_staff("STEWARD_LEAD", employee_number="lead", branch=places["head"])
    make_staff("BRANCH_MANAGER", employee_number="manager", branch=places["one"], job="지점장")
    make_planner("F00001", places["one"], password=PASSWORD)
    for number in ("F00002", "F00003", "F00004"):
        make_planner(number, places["one"])
        make_kept(number, "B001", 3)
    make_kept("F00001", "B001", 2)
    make_kept("F99999", "B001", 4)
    vip = Customer.objects.order_by("pk").first()
    Customer.objects.filter(pk=vip.pk).update(grade="VIP")
    at = timezone.now()

    first = seed(at)

    assert first == {
        "keepers": 11,
        "terms": 4,
        "managers": 1,
        "managed": 2,
        "explained": 2,
        "given out": 2,
        "handed over": Handover.objects.get().items.count(),
    }
    assert orphan_counts(lead, on=timezone.localdate(at)).open == 0
    assert Handover.objects.get().state == "OFFERED"
    rows = Keeper.objects.count()
    assert set(seed(at).values()) == {0}
    assert Keeper.objects.count() == rows


def test_the_seed_adopts_keepers_where_there_are_no_accounts():
    places = make_places()
    make_planner("F00001", places["one"])
    make_kept("F00001", "B001")

    assert seed(timezone.now()) == {"keepers": 1, "terms": 1}
