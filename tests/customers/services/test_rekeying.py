"""Records of an older Hannun: their match keys are made anew from what their columns hold."""

from importlib import import_module

import pytest
from django.db import connection

from customers.dedup.blocking import INDEXED_KEYS
from customers.models import SourceRecord
from customers.services.rekeying import rekey_records
from tests.customers.builders import company, feed, make_brn, make_ci, make_rrn, person

pytestmark = pytest.mark.usefixtures("master")
CONTACTS = {"mobile": "010-2345-6789", "phone_home": "02-555-1234", "email": "hana@naver.com"}
HOME = {"address": "서울 강남구 테헤란로 12, 101동 301호", "postcode": "06133"}
ROWS = [
    person(source_key="K1", rrn=make_rrn("850302", 2), ci=make_ci(), **CONTACTS, **HOME),
    person(source_key="K2", birth_date="음력 1960.3.2", mobile="011-234-5678", name="Nguyen Van An"),
    person(source_key="K3", birth_date="1990", company_no=make_brn(), employee_no="17", address="1 Main St, Sydney"),
    company(source_key="K4", company_no=make_brn(), crn="110111-0000013", **HOME),
]


def keys() -> list[tuple]:
    rows = SourceRecord.objects.order_by("source_key").values_list("match_keys", *INDEXED_KEYS)
    return [(bytes(packed), *indexed) for packed, *indexed in rows]


def test_old_match_keys_become_what_a_feed_writes_today():
    feed(ROWS)
    today = keys()
    SourceRecord.objects.update(match_keys=b"older", **dict.fromkeys(INDEXED_KEYS))

    assert rekey_records() == 4

    assert keys() == today
    assert rekey_records() == 0


def test_names_in_roman_letters_are_keyed_anew_and_no_others():
    forget = import_module("customers.migrations.0015_roman_names_from_any_word").FORGET
    feed(ROWS)
    today = keys()

    with connection.cursor() as cursor:
        cursor.execute(forget)
    forgotten = [packed == b"" for packed, *_indexed in keys()]

    assert (forgotten, rekey_records()) == ([False, True, False, False], 1)
    assert keys() == today
