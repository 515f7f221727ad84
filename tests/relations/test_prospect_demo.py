"""Prospects of the demonstration, what is planted for the walks, and the measurement."""

from collections import Counter

import pytest
from django.utils import timezone

from customers.services.duplicates import BLIND_SECONDS
from relations.bench import prospects as bench
from relations.demo import prospects as demo
from relations.models import Prospect, ProspectDispute, ProspectEvent
from tests import planting
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import feed, person
from tests.relations.planting_prospects import plant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def test_the_demonstration_has_prospects_of_several_planners_and_two_before_the_desk_once():
    for _place in range(4):
        make_staff("FP", branch=make_branch())

    counts = demo.seed(timezone.now())

    assert counts == {"prospects": 26, "disputes": 2}
    assert demo.seed(timezone.now()) == {"prospects": 0, "disputes": 0}
    assert Counter(Prospect.objects.values_list("state", flat=True)) == {"ACTIVE": 23, "REVIEW": 2, "RELEASED": 1}
    assert set(ProspectDispute.objects.values_list("kind", flat=True)) == {"CLAIM", "REVIEW"}
    assert ProspectEvent.objects.filter(kind="CONTACTED").count() == 8


def test_without_planners_there_are_no_prospects():
    assert demo.seed(timezone.now()) == {"prospects": 0, "disputes": 0}


def test_the_measurement_asks_in_all_three_ways_and_writes_nothing():
    make_staff("FP", branch=make_branch())
    names = ("김하나", "박두리", "최세라", "정네모")
    feed(
        [
            person(
                source_key=f"K{n}", name=names[n % 4], birth_date=f"19{60 + n}-03-02", mobile=f"010-3{n:02}7-31{n:02}"
            )
            for n in range(20)
        ]
    )

    told = bench.measure(requests=30)

    assert told["customers"] == 20
    assert told["work_p50_ms"] <= told["work_p95_ms"]
    assert told["waited_p95_ms"] >= 1000 * BLIND_SECONDS
    assert not Prospect.objects.exists()


def test_what_is_planted_belongs_to_its_customers():
    planted = planting.plant_master()
    known = len(planted.values)

    plant(planted)

    owners = planted.owners()
    own = [value for value in planted.values[known:] if value.text]
    assert Counter(value.item for value in own) == {"mobile": 2, "email": 2, "address": 2}
    assert {next(iter(owners[value])) for value in own} == {
        planted.notable[word].pk for word in ("prospect near", "prospect far")
    }
    assert set(ProspectDispute.objects.values_list("kind", flat=True)) == {"CLAIM", "REVIEW"}
