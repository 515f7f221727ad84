"""What a feed writes of the standard forms: certainties and keys in their order, regions as the table says."""

from datetime import date, timedelta

import numpy as np
import pytest

from customers.models import Code, SourceRecord
from customers.standard.matching import MATCH_RECORD
from customers.standard.record import CERTAINTY_ORDER

from ..builders import NOW, feed, make_ci, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
NAME, BIRTH = {"name": "김철수", "birth_date": ""}, "1990-01-05"
# Item, cells that hold nothing else but a name, its certainty.
ITEMS = [
    ("birth_date", {"birth_date": "90-01-05"}, "2"),
    ("sex", {"sex": "남"}, "4"),
    ("rrn", {"rrn": "없음"}, "1"),
    ("ci", {"ci": make_ci()}, "3"),
    ("mobile", {"mobile": "1092345678"}, "3"),
    ("phone_home", {"phone_home": "02-555-1234"}, "4"),
    ("email", {"email": "hong@naver.con"}, "2"),
    ("address", {"address": "서울 강남구 테헤란로 123"}, "3"),
    ("company", {"company_name": "(주)한빛"}, "4"),
    ("company_no", {"company_no": "101-81-00002"}, "2"),
    ("crn", {"crn": "110199-0000016"}, "4"),
    ("passport", {"passport": "M70512345"}, "3"),
    ("account_no", {"account_no": "110-345-678901"}, "3"),
]
KEYS_OF_INTEREST = "rrn ci brn crn name birth mobile phone email dwelling street postcode employee".split()
# Keys that a cell beside the name gives.
KEYS = [
    ({"birth_date": BIRTH}, ["birth"]),
    ({"rrn": "900101-1970015"}, ["rrn", "birth"]),
    ({"ci": make_ci()}, ["ci"]),
    ({"mobile": "010-9234-5678"}, ["mobile"]),
    ({"mobile": "02-555-1234"}, ["phone"]),
    ({"phone_home": "02-555-1234"}, ["phone"]),
    ({"phone_home": "010-9234-5678"}, ["mobile"]),
    ({"phone_home": "1588-1234"}, []),
    ({"email": "hong@naver.com"}, ["email"]),
    ({"address": "서울 강남구 테헤란로 123", "postcode": "06133"}, ["dwelling", "street", "postcode"]),
    ({"company_no": "101-81-00001", "employee_no": "17"}, ["employee"]),
    ({"company_no": "101-81-00001"}, []),
    ({"crn": "110199-0000016"}, ["crn"]),
    ({"kind": "ORG", "name": "(주)한빛", "company_no": "101-81-00001"}, ["brn"]),
]


def fed(**cells: str) -> SourceRecord:
    """The record of one row."""
    feed([person(source_key="K1", **NAME | cells)])
    return SourceRecord.objects.get(source_key="K1")


@pytest.mark.parametrize(("item", "cells", "certainty"), ITEMS)
def test_certainties_are_written_in_their_order(item, cells, certainty):
    record = fed(**cells)

    written = dict(zip(CERTAINTY_ORDER, record.certainties, strict=True))
    assert {name: grade for name, grade in written.items() if grade != "0"} == {"name": "4", item: certainty}


@pytest.mark.parametrize(("cells", "names"), KEYS)
def test_match_keys_are_written_in_their_order(cells, names):
    row = np.frombuffer(bytes(fed(**cells).match_keys), MATCH_RECORD)[0]

    held = {name for name in KEYS_OF_INTEREST if row[name]}
    assert held == {"name", *names}


def test_birth_and_sex_come_from_the_first_part_of_a_resident_number():
    record = fed(rrn="900105-1******")

    assert (record.birth_date, record.sex, record.rrn_mask) == (date(1990, 1, 5), "M", "900105-1******")
    assert record.certainties[:4] == "4221"


def test_an_edit_of_the_code_table_takes_effect_on_the_next_feed():
    yesterday = NOW.date() - timedelta(days=1)
    row = person(source_key="K1", address="탐라특별자치도 서귀포시 중문로 1", postcode="63535")
    feed([row])
    before = SourceRecord.objects.get(source_key="K1")

    Code.objects.filter(table="REGION", name="제주특별자치도").update(valid_to=yesterday)
    Code.objects.create(
        table="REGION",
        code="탐라특별자치도",
        name="탐라특별자치도",
        aliases="제주",
        postcode_prefixes="63",
        valid_from=NOW.date(),
    )
    feed([row | {"source_key": "K2"}, row | {"source_key": "K3", "address": "제주 서귀포시 중문로 1"}])

    found = SourceRecord.objects.filter(source_key__in=["K2", "K3"]).order_by("source_key")
    assert (before.region, before.certainties[8]) == ("", "2")
    assert [(record.address, record.region, record.certainties[8]) for record in found] == [
        ("탐라특별자치도 서귀포시 중문로 1", "탐라특별자치도", "4")
    ] * 2


def test_regions_are_those_hannun_brings_while_the_table_is_empty():
    Code.objects.filter(table="REGION").delete()

    assert fed(address="서울 강남구 테헤란로 123").region == "서울특별시"
