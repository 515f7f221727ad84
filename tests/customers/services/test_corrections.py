"""Corrections: a record of the source STEWARD that wins its items, follows its customer, and is taken back exactly."""

import json
from datetime import date, timedelta

import pytest
from django.conf import settings

from accounts.models import Staff
from customers.golden.projection import GOLDEN_COLUMNS
from customers.golden.survivorship import Reason
from customers.models import Act, Customer, FeedRun, Link, Pair, Ruling, SourceRecord, Wish
from customers.sealing import Sealer, place_of
from customers.services import corrections, matching, rekeying, wishes
from customers.services.acting import AlreadyTakenBack
from customers.services.projection import project_again
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, company, feed, make_brn, make_customer, make_retired, make_rrn, person

pytestmark = pytest.mark.usefixtures("master")
RRN, OTHER_RRN = make_rrn("850302", 2), make_rrn("850302", 2, 34567)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def steward() -> Staff:
    return make_staff("DATA_STEWARD")


@pytest.fixture
def customer() -> Customer:
    """A customer of two sources, its real name verified."""
    same = {"rrn": RRN, "sex": "F", "address": "서울특별시 강남구 테헤란로 12"}
    feed([person(**same, source_key="P", mobile="010-1111-2222", real_name_verified_on="2026-01-01")])
    feed([person(**same, source_key="B", mobile="010-3333-4444", as_of="2026-11-02")], "BANCA")
    return Customer.objects.get()


def golden(customer: Customer) -> dict[str, object]:
    """Every column of the golden row as it stands."""
    return Customer.objects.filter(pk=customer.pk).values(*GOLDEN_COLUMNS, "number", "state").get()


def correct(customer: Customer, by: Staff, at: object = NOW, **values: str) -> Act:
    return corrections.correct_value(customer=customer, values=values, by=by, at=at, reason_code="DOCUMENT")


@pytest.mark.parametrize(
    ("values", "golden_values"),
    [
        ({"name": " 김한나 "}, {"name": "김한나", "sort_name": "김한나"}),
        ({"birth_date": "19850303"}, {"birth_date": date(1985, 3, 3)}),
        ({"sex": "남"}, {"sex": "M"}),
        ({"mobile": "010 9876 5432"}, {"mobile": "01098765432"}),
        ({"phone_home": "02-312-4568"}, {"phone_home": "023124568"}),
        ({"email": "Hana@Example.kr"}, {"email": "Hana@example.kr"}),
        ({"rrn": OTHER_RRN}, {"rrn_mask": "850302-2******"}),
        (
            {"address": "부산 해운대구 센텀중앙로 5", "postcode": "48058"},
            {"address": "부산광역시 해운대구 센텀중앙로 5", "region": "부산광역시", "postcode": "48058"},
        ),
        (
            {"company_name": "(주)한빛상사", "company_no": make_brn(), "employee_no": "77"},
            {"company_name": "(주)한빛상사", "company_no": make_brn().replace("-", ""), "employee_no": "77"},
        ),
    ],
)
def test_a_correction_is_read_as_a_feed_is_and_wins(customer, steward, values, golden_values):
    act = correct(customer, steward, **values)

    after = golden(customer)
    assert {name: after[name] for name in golden_values} == golden_values
    record = corrections.record_of(act)
    assert {after["provenance"][item][0] for item in act.details["items"]} == {record.pk}
    assert (after["record_count"], after["source_count"]) == (3, 3)


def test_a_correction_outranks_a_verified_record(customer, steward):
    correct(customer, steward, name="김한나")

    assert golden(customer)["provenance"]["name"] == [
        corrections.record_of(Act.objects.get()).pk,
        int(Reason.PINNED),
    ]


def test_the_record_of_a_correction_says_whose_it_is_and_what_was_typed(customer, steward):
    act = correct(customer, steward, mobile="010-9876-5432", rrn=OTHER_RRN)

    record = SourceRecord.objects.select_related("source", "feed_run", "link").get(source__code="STEWARD")
    sent = dict(zip(record.feed_run.columns, json.loads(record.raw), strict=True))
    assert {column: cell for column, cell in sent.items() if cell} == {
        "mobile": "010-9876-5432",
        "rrn": "850302-2******",
    }
    assert (record.source_key, record.as_of, record.loaded_at, record.withdrawn_at) == (f"A{act.pk}", NOW, NOW, None)
    assert (record.link.customer_id, record.link.rule, record.link.linked_by) == (customer.pk, "RULED", steward)
    assert Sealer(settings.KEYS).open(record.rrn_sealed, place_of("rrn", "STEWARD", record.source_key)) == (
        OTHER_RRN.replace("-", "")
    )
    assert (record.name, record.certainties[0]) == ("", "0")


def test_a_resident_number_in_another_field_is_masked_before_it_is_kept(customer, steward):
    correct(customer, steward, company_name=f"한빛상사 {RRN}")

    record = SourceRecord.objects.get(source__code="STEWARD")
    kept = json.dumps({name: str(value) for name, value in vars(record).items()}, ensure_ascii=False)
    assert [number for number in (RRN, RRN.replace("-", ""), RRN[-6:]) if number in kept] == []


def test_a_correction_taken_back_leaves_the_golden_row_as_it_was(customer, steward):
    before = golden(customer)
    act = correct(customer, steward, mobile="010-9876-5432", name="김한나")

    undone = corrections.take_back_correction(act=act, by=steward, at=LATER)

    assert golden(customer) == before
    act.refresh_from_db()
    record = corrections.record_of(act)
    assert (act.taken_back_by, undone.kind, record.withdrawn_at) == (undone, "TAKE_BACK", LATER)
    assert not Link.objects.filter(record=record).exists()
    assert Ruling.objects.get().withdrawn_at == LATER
    assert set(Wish.objects.values_list("withdrawn_at", flat=True)) == {LATER}
    assert list(undone.customers.values_list("customer", flat=True)) == [customer.pk]


def test_of_two_corrections_the_newer_holds_until_it_is_taken_back(customer, steward):
    before = golden(customer)
    older, newer = (
        correct(customer, steward, mobile="010-9876-5432"),
        correct(customer, steward, mobile="010-2222-9999"),
    )

    assert golden(customer)["mobile"] == "01022229999"
    corrections.take_back_correction(act=newer, by=steward, at=LATER)
    assert golden(customer)["mobile"] == "01098765432"
    corrections.take_back_correction(act=older, by=steward, at=LATER)
    assert golden(customer) == before


def test_all_corrections_belong_to_one_finished_run(customer, steward):
    correct(customer, steward, mobile="010-9876-5432")
    correct(customer, steward, mobile="010-2222-9999")

    run = FeedRun.objects.get(source__code="STEWARD")
    assert (run.layout, run.state, run.step) == ("customers", "DONE", "FINISHED")
    assert SourceRecord.objects.filter(feed_run=run).count() == 2


def test_a_correction_takes_no_part_in_matching(customer, steward):
    feed([person(source_key="X", name="박다른", birth_date="1970-01-01", mobile="010-9876-5432", as_of="2026-11-01")])
    correct(customer, steward, mobile="010-9876-5432", name="박다른", birth_date="1970-01-01")

    record = SourceRecord.objects.get(source__code="STEWARD")
    indexed = [name for name in vars(record) if name.endswith("_key") and name != "source_key"]
    assert {name: getattr(record, name) for name in indexed} == dict.fromkeys(indexed)
    assert set(bytes(record.match_keys)) == {0}
    after = golden(customer)
    run = matching.lead_match_run(run=matching.request_match_run(by=None, at=LATER, is_queued=False))
    assert (run.state, run.counts["records_moved"], run.counts["customers_merged"]) == ("DONE", 0, 0)
    assert (golden(customer), Pair.objects.count()) == (after, 0)


def test_the_correction_of_an_organisation_is_read_as_one(steward):
    feed([company(source_key="C", company_no=make_brn())], "CORP")
    customer = Customer.objects.get()

    correct(customer, steward, name="주식회사 한빛")

    record = SourceRecord.objects.get(source__code="STEWARD")
    assert (record.kind, set(bytes(record.match_keys))) == ("ORG", {0, 1})
    assert golden(customer)["sort_name"] == "한빛"


def test_a_correction_follows_its_record_to_another_customer(customer, steward):
    act = correct(customer, steward, mobile="010-9876-5432")
    feed([person(source_key="X", name="박다른", birth_date="1970-01-01", mobile="010-2222-3333")])
    other = Customer.objects.exclude(pk=customer.pk).get()

    Link.objects.filter(record__in=[SourceRecord.objects.get(source_key="P"), corrections.record_of(act)]).update(
        customer=other
    )
    project_again(customer_ids=[customer.pk, other.pk], at=LATER)

    assert (golden(customer)["mobile"], golden(other)["mobile"]) == ("01033334444", "01098765432")
    assert [wish.act for wish in wishes.wishes_in_force(other, on=NOW.date())] == [act]
    assert list(wishes.wishes_in_force(customer, on=NOW.date())) == []


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"mobile": "없음"}, [("mobile", "PLACEHOLDER")]),
        ({"birth_date": "1985-02-30"}, [("birth_date", "IMPOSSIBLE_DATE")]),
        ({"birth_date": "1985"}, [("birth_date", "YEAR_ONLY")]),
        ({"rrn": "850302-2"}, [("rrn", "PARTIAL")]),
        ({"postcode": "06236"}, [("address", "REQUIRED")]),
        ({"employee_no": "7"}, [("company_name", "REQUIRED")]),
        ({"name": "김" * 301}, [("name", "TOO_LONG")]),
        ({"name": "김\x01"}, [("name", "CONTROL_CHARACTER")]),
        ({"nickname": "하나"}, [("nickname", "UNKNOWN_COLUMN")]),
        ({"marketing_consent_on": "2026-01-01"}, [("marketing_consent_on", "UNKNOWN_COLUMN")]),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reasons(customer, steward, values, problems):
    with pytest.raises(corrections.CannotRead) as refused:
        correct(customer, steward, **values)

    assert [(problem.item, problem.code) for problem in refused.value.problems] == problems
    assert (Act.objects.count(), SourceRecord.objects.count()) == (0, 2)


def test_what_cannot_be_corrected_is_refused(customer, steward):
    with pytest.raises(corrections.NothingTyped):
        correct(customer, steward, mobile=" ")
    with pytest.raises(corrections.NoRecord):
        correct(make_customer(), steward, mobile="010-9876-5432")
    with pytest.raises(wishes.NotActive):
        correct(make_retired(customer), steward, mobile="010-9876-5432")
    assert Act.objects.count() == 0


def test_a_correction_is_taken_back_once_and_only_as_a_whole(customer, steward):
    act = correct(customer, steward, mobile="010-9876-5432")

    with pytest.raises(wishes.NoWish):
        wishes.take_back_wish(act=act, by=steward, at=LATER)
    corrections.take_back_correction(act=act, by=steward, at=LATER)
    with pytest.raises(AlreadyTakenBack):
        corrections.take_back_correction(act=act, by=steward, at=LATER)


def test_only_a_correction_is_taken_back_as_one(customer, steward):
    act = wishes.pin_value(
        customer=customer,
        item="mobile",
        record=SourceRecord.objects.get(source_key="P"),
        by=steward,
        at=NOW,
        reason_code="DOCUMENT",
    )

    with pytest.raises(corrections.NotACorrection):
        corrections.take_back_correction(act=act, by=steward, at=LATER)


def test_renewed_match_keys_leave_a_correction_mute(customer, steward):
    act = correct(customer, steward, mobile="010-9876-5432", name="김한나", birth_date="1985-03-02")
    SourceRecord.objects.filter(pk=corrections.record_of(act).pk).update(match_keys=b"old")

    assert rekeying.rekey_records() == 1

    record = corrections.record_of(act)
    assert (set(bytes(record.match_keys)), record.name_birth_key) == ({0}, None)
