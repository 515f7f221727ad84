"""Raw identifiers stand nowhere but in the files that sources send and in the reject files for them."""

import logging
import re
from pathlib import Path

import pytest
from django.db import connection

from customers.demo import generate
from customers.models import FeedRun, SourceRecord
from customers.sealing import Sealer, place_of
from customers.services import demonstration
from tests.customers.builders import contract, feed, feed_file, make_ci, make_mapping, make_rrn, person, write_file
from tests.customers.demo.reading import Demo

pytestmark = pytest.mark.usefixtures("master")
RRN, OTHER_RRN = make_rrn(), make_rrn("850302", 2, 76543)
CI, PASSPORT, ACCOUNT = make_ci(), "M40712358", "110-234-567890"


def database_text() -> str:
    """Everything in every table, as text; binary columns once more as the characters they might hold."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - names from the database itself
            found += [row for (row,) in cursor.fetchall()]
    text = "\n".join(found)
    binary = [bytes.fromhex(digits).decode("latin-1") for digits in re.findall(r"\\\\x((?:[0-9a-f]{2})+)", text)]
    return text + "\n" + "\n".join(binary)


def spellings(value: str) -> set[str]:
    """The value as it might be written."""
    return {value, value.replace("-", ""), value.replace("-", " ")}


def leaked(text: str, *values: str) -> list[str]:
    return [spelling for value in values for spelling in spellings(value) if spelling in text]


def test_the_search_for_leaks_finds_some():
    SourceRecord.objects.all()
    feed([person(source_key="K1", company_name=ACCOUNT, employee_no=CI)])

    assert sorted(leaked(database_text(), ACCOUNT, CI, RRN)) == sorted([ACCOUNT, CI])


def test_identifiers_in_their_columns_are_sealed():
    feed([person(source_key="K1", rrn=RRN, ci=CI, passport=PASSPORT, account_no=ACCOUNT)], "BANCA")
    feed([person(source_key="K1", rrn=RRN, ci=CI, passport=PASSPORT, account_no=ACCOUNT, name="김한나")], "BANCA")

    assert leaked(database_text(), RRN, CI, PASSPORT, ACCOUNT) == []


def test_sealed_identifiers_open_at_their_place(settings):
    feed([person(source_key="K1", rrn=RRN, ci=CI, passport=PASSPORT, account_no=ACCOUNT)], "BANCA")

    record, sealer = SourceRecord.objects.get(), Sealer(settings.KEYS)
    items = {"rrn": "rrn", "ci": "ci", "passport": "passport", "account": "account_no"}
    opened = {
        item: sealer.open(getattr(record, f"{column}_sealed"), place_of(item, "BANCA", "K1"))
        for column, item in items.items()
    }
    assert opened == {"rrn": RRN.replace("-", ""), "ci": CI, "passport": PASSPORT, "account_no": "110234567890"}
    assert bytes(record.rrn_index) == sealer.index("rrn", RRN.replace("-", ""))
    assert (record.rrn_mask, record.passport_mask, record.account_mask) == (
        "900101-1******",
        "M4071****",
        "110-***-***890",
    )


@pytest.mark.parametrize(
    "cells",
    [
        {"name": f"김하나 {RRN}"},
        {"name": f"김하나({RRN.replace('-', '')})"},
        {"address": f"서울 강남구 {RRN}"},
        {"company_name": f"한빛 {RRN} {OTHER_RRN}"},
        {"employee_no": RRN},
        {"fp_code": RRN},
        {"branch_code": RRN},
        {"email": f"{RRN}@naver.com"},
        {"phone_home": RRN.replace("-", "")},
        {"company_no": RRN},
        {"birth_date": RRN},
        {"as_of": RRN},
        {"sex": RRN},
        {"kind": RRN},
        {"postcode": RRN},
        {"source_key": RRN},
        {"source_key": RRN.replace("-", "")},
        {"source_key": f"C{RRN}"},
        {"ci": RRN},
        {"passport": RRN},
        {"account_no": RRN},
        {"rrn": f"{RRN} / {OTHER_RRN}"},
        {"rrn": RRN.replace("-", " - ")},
        {"rrn": RRN[:-1] + "x"},
        {"rrn": RRN, "name": f"{OTHER_RRN} 김하나"},
    ],
    ids=str,
)
def test_a_resident_number_where_none_belongs_is_kept_nowhere(cells, caplog):
    caplog.set_level(logging.DEBUG)

    run = feed([person(**cells)])

    assert (run.state, run.rows_read) == ("DONE", 1)
    assert leaked(database_text() + caplog.text, RRN, OTHER_RRN) == []


def test_a_resident_number_in_a_column_that_no_rule_takes_is_kept_nowhere():
    mapping = make_mapping(
        {"columns": {"source_key": {"from": ["번호"]}, "name": {"from": ["이름"]}, "rrn": {"from": ["앞", "뒤"]}}}
    )
    front, back = RRN.split("-")
    text = f"번호,이름,메모,앞,뒤\nK1,김하나,배우자 {OTHER_RRN},{front},{back}\n"

    run = feed_file(write_file(text.encode()), mapping=mapping)

    assert (run.state, run.rows_new) == ("DONE", 1)
    assert SourceRecord.objects.get().rrn_mask == "900101-1******"
    assert leaked(database_text(), RRN, OTHER_RRN, back) == []


def test_a_resident_number_in_a_contract_is_kept_nowhere():
    run = feed([contract(product_name=f"종신 {RRN}", branch_code=RRN, fp_code=RRN)], layout="contracts")
    feed([contract(contract_no=RRN)], layout="contracts")

    assert run.rows_read == 1
    assert leaked(database_text(), RRN) == []


def test_a_rejected_row_stands_in_the_reject_file_alone(caplog):
    caplog.set_level(logging.DEBUG)

    run = feed([person(rrn=RRN, ci=CI, passport=PASSPORT, account_no=ACCOUNT, birth_date="내일")])

    assert leaked(database_text() + caplog.text, RRN, CI, PASSPORT, ACCOUNT) == []
    assert sorted(leaked(Path(run.reject_path).read_text("utf-8-sig"), RRN)) == [RRN]


def test_a_fault_of_the_database_tells_the_log_nothing_of_the_row(caplog):
    caplog.set_level(logging.DEBUG)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no %', NEW.name USING DETAIL = NEW.raw, ERRCODE = 'data_exception'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON customers_sourcerecord FOR EACH ROW EXECUTE FUNCTION refuse()"
        )

    run = feed([person(name="남궁민수", address="서울 강남구 테헤란로 77", mobile="010-2345-6789")])

    assert (run.state, run.rows_new) == ("FAILED", 0)
    told = caplog.text + run.error + str(FeedRun.objects.values().get(pk=run.pk))
    assert "DataError" in caplog.text
    assert [word for word in ("남궁", "테헤란로", "2345") if word in told] == []


def test_nothing_of_the_demo_population_is_readable(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    demo = Demo(tmp_path, generate(300, 5, tmp_path))

    loaded = demonstration.load_demo(folder=tmp_path)

    rows = list(demo.canonical("customers"))
    secret = {row[item] for row in rows for item in ("rrn", "ci", "passport", "account_no") if row.get(item)}
    text = database_text() + caplog.text
    values = {value for value in secret if len(value) > 7 and "*" not in value and not value.endswith("000000")}
    assert len(values) > 300
    assert leaked(text, *values) == []
    assert {run.state for run in loaded.runs} == {"DONE"}


def test_a_resident_number_in_the_name_of_a_file_is_not_kept_as_its_name():
    path = write_file(b"source_key,name\n")
    named = path.rename(path.with_name(f"{RRN}.csv"))

    assert feed_file(named).file_name == f"{RRN[:8]}******.csv"
