"""The demonstration's organisations, and those of the walks."""

import pytest

from customers.models import Customer
from relations.bench.organisations import measure
from relations.demo.organisations import seed
from relations.models import Affiliation, ItemOwner, Officer, PlaceOfBusiness
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, company, feed, make_brn, person
from tests.planting import plant_master
from tests.relations.planting_organisations import plant as plant_organisations

pytestmark = pytest.mark.usefixtures("master")
ADDRESS = "서울특별시 종로구 새누리로 "


def stock(number: int) -> None:
    feed(
        [
            company(
                name=f"(주)한{chr(0xAC00 + 40 * place)}상사",
                company_no=make_brn(place),
                address=f"{ADDRESS}{place + 1}",
            )
            for place in range(number)
        ]
    )
    feed([person(company_name="(주)한가상사", company_no=make_brn(0))])


def test_seed_makes_plausible_rows_and_a_second_call_none():
    stock(17)

    made = seed(NOW)

    assert made == {"head_offices": 17, "branches": 16, "affiliations": 6, "officers": 29}
    assert PlaceOfBusiness.objects.filter(kind="HEAD_OFFICE").count() == 17
    assert Officer.objects.exclude(customer=None).count() == 1
    assert Officer.objects.exclude(successor=None).count() == 4
    assert Affiliation.objects.exclude(ended_on=None).count() == 1
    assert seed(NOW) == dict.fromkeys(made, 0)


def test_the_planted_population_has_organisations_near_and_far():
    planted = plant_master()

    plant_organisations(planted)

    numbers = [planted.notable[key].pk for key in ("orgown", "orgnear", "orgfar")]
    assert Customer.objects.filter(pk__in=numbers, kind="ORG").count() == 3
    counts = [model.objects.count() for model in (PlaceOfBusiness, Affiliation, Officer, ItemOwner)]
    assert counts == [3, 2, 3, 2]


def test_measure_names_every_figure_and_leaves_the_stock_as_it_was():
    stock(3)

    figures = measure(viewer=make_staff("DATA_STEWARD"), at=NOW)

    assert figures.keys() == {"organisations", "list_ms", "page_ms_worst", "overview_ms", "head_offices_ms"}
    assert figures["organisations"] == 3
    assert PlaceOfBusiness.objects.count() == 0
