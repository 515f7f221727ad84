"""The customer of a day: shown then, known now of then, and now."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.utils import translation

from accounts.models import Staff
from customers.models import Customer, Link, MovedChild, SourceRecord
from customers.numbering import written_number
from customers.reports.as_of import AsOfReport, as_of_report
from customers.reports.as_of_remarks import Asked
from customers.services.wishes import pin_value
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import KST, make_customer, make_rrn, person
from tests.customers.histories import bring_back, changed, fed, make_act, merge, move

pytestmark = pytest.mark.usefixtures("master", "english")
SAME = {"name": "김하나", "birth_date": "1985-03-02", "sex": "F"}
RRN = make_rrn("850302", 2)


@pytest.fixture
def english() -> Iterator[None]:
    """All sentences in English."""
    with translation.override("en"):
        yield


def day(month: int, number: int, hour: int = 9, year: int = 2024) -> datetime:
    return datetime(year, month, number, hour, tzinfo=KST)


def as_of(
    instant: datetime, own: Customer, answering: Customer | None = None, viewer: Staff | None = None
) -> AsOfReport:
    """The report at an instant. answering: the customer that the number leads to now."""
    own = Customer.objects.get(pk=own.pk)
    customer = Customer.objects.get(pk=answering.pk) if answering else own
    viewer = viewer or make_staff("DATA_STEWARD", language="en")
    return as_of_report(own, customer, viewer, Asked(f"{instant:%Y-%m-%dT%H:%M}", instant))


def mobile(report: AsOfReport) -> tuple:
    """The row of the mobile: shown, known, now, shown otherwise, changed since."""
    (row,) = (row for row in report.rows if row.label == "Mobile")
    return row.shown, row.known.text if row.known else None, row.now, row.is_otherwise, row.is_changed


def latecomer() -> Customer:
    """A customer whose second record, true from February, arrived in June, and whose first changed in October."""
    fed([person(**SAME, rrn=RRN, source_key="P1", mobile="010-1111-2222", as_of="2024-01-05")], at=day(1, 10))
    late = person(**SAME, rrn=RRN, source_key="B1", mobile="010-3333-4444", as_of="2024-02-01")
    fed([late], "BANCA", at=day(6, 10))
    newer = person(**SAME, rrn=RRN, source_key="P1", mobile="010-5555-6666", as_of="2024-10-01")
    return fed([newer], at=day(10, 2))


def test_what_was_shown_what_is_known_and_what_holds_now_differ_by_a_record_that_arrived_late():
    report = as_of(day(3, 1), latecomer())

    assert mobile(report) == ("010-1111-2222", "010-3333-4444", "010-5555-6666", True, True)
    (known,) = (row.known for row in report.rows if row.label == "Mobile")
    assert (known.source, known.as_of, known.late) == ("Bancassurance(BANCA)", "2024-02-01", "arrived on 2024-06-10")
    assert known.reason == (
        "The value of Bancassurance(BANCA) was chosen because it is of 2024-02-01, newer than that of"
        " Policy administration(POLICY) (2024-01-05)."
    )
    assert report.shown_since == "2024-01-10 09:00"
    assert report.summary == ["1 item was shown otherwise", "3 items have changed since"]


def test_the_records_in_force_then_say_when_they_arrived():
    report = as_of(day(3, 1), latecomer())

    assert [(one.source, one.key, one.version, one.as_of, one.presence_word, one.since) for one in report.records] == [
        ("Policy administration(POLICY)", "P1", 1, "2024-01-05", "There already", ""),
        ("Bancassurance(BANCA)", "B1", 1, "2024-02-01", "Arrived only later", "arrived on 2024-06-10"),
    ]
    assert [bool(one.url) for one in report.records] == [False, True]  # P1 has been replaced since


@pytest.mark.parametrize(
    ("instant", "values"),
    [
        (day(1, 10), ("010-1111-2222", "010-1111-2222", "010-5555-6666", False, True)),
        (day(6, 10, 8), ("010-1111-2222", "010-3333-4444", "010-5555-6666", True, True)),
        (day(6, 10), ("010-3333-4444", "010-3333-4444", "010-5555-6666", False, True)),
        (day(10, 1), ("010-3333-4444", "010-5555-6666", "010-5555-6666", True, False)),
        (day(10, 2), ("010-5555-6666", "010-5555-6666", "010-5555-6666", False, False)),
    ],
)
def test_every_change_shows_from_its_very_instant(instant, values):
    assert mobile(as_of(instant, latecomer())) == values


def test_what_a_person_pinned_since_is_known_of_then_by_the_version_of_then():
    customer, steward = latecomer(), make_staff("DATA_STEWARD")
    record = SourceRecord.objects.get(source_key="P1")
    pin_value(customer=customer, item="mobile", record=record, by=steward, at=day(11, 1), reason_code="DOCUMENT")

    report = as_of(day(7, 1), customer)

    assert mobile(report) == ("010-3333-4444", "010-1111-2222", "010-5555-6666", True, True)
    (known,) = (row.known for row in report.rows if row.label == "Mobile")
    assert known.reason == "The value of Policy administration(POLICY) was chosen because a person pinned it."


def test_a_customer_that_was_not_known_yet_shows_nothing_but_what_is_known_now():
    report = as_of(day(1, 7), latecomer())

    assert mobile(report) == ("", "010-1111-2222", "010-5555-6666", False, True)
    assert report.shown_since == ""
    assert [remark.text for remark in report.remarks] == [
        "Hannun did not know this customer yet: it came to be on 2024-01-10."
    ]


def test_of_a_day_before_every_record_there_is_nothing():
    report = as_of(day(1, 4), latecomer())

    assert (report.rows, report.records) == ((), ())
    assert [remark.text for remark in report.remarks] == [
        "Hannun did not know this customer yet: it came to be on 2024-01-10."
    ]


def test_a_row_that_its_source_confirmed_later_held_from_the_day_it_was_loaded():
    row = person(**SAME, source_key="P1", mobile="010-1111-2222")
    fed([row | {"as_of": "2024-01-05"}], at=day(1, 10))
    customer = fed([row | {"as_of": "2024-08-01"}], at=day(8, 2))

    report = as_of(day(3, 1), customer)

    assert mobile(report) == ("010-1111-2222", "010-1111-2222", "010-1111-2222", False, False)
    assert [one.as_of for one in report.records] == ["2024-01-10"]


def test_what_the_master_keeps_is_shown_beside_what_holds_now():
    old, new, keeper = make_branch("B1"), make_branch("B2"), make_staff("FP", name="한가람", employee_number="F1")
    customer = fed([person(**SAME, as_of="2024-01-05")], at=day(1, 10))
    changed(customer, at=day(2, 1), main_branch=old, message="주소 확인 요청")
    changed(customer, at=day(5, 1), main_branch=new, keeper=keeper, message="")

    report = as_of(day(3, 1), customer)

    kept = {row.label: (row.shown, row.now, row.is_changed) for row in report.rows if row.is_of_master}
    assert (kept["main branch"], kept["keeper"], kept["message to pass on"]) == (
        ("B1 지점", "B2 지점", True),
        ("", "한가람 (F1)", True),
        ("주소 확인 요청", "", True),
    )


def test_a_resident_number_is_compared_as_far_as_the_history_keeps_it():
    fed([person(**SAME, rrn=RRN, source_key="P1", as_of="2024-01-05")], at=day(1, 10))
    customer = fed([person(**SAME, rrn=make_rrn("850302", 6), source_key="P1", as_of="2024-05-05")], at=day(5, 10))

    (row,) = (row for row in as_of(day(3, 1), customer).rows if row.shown.startswith("850302"))

    assert (row.shown, row.known.text, row.now, row.is_changed) == (
        "850302-2******",
        "850302-2******",
        "850302-6******",
        True,
    )


def two_merged_in_june() -> tuple[Customer, Customer]:
    """A retired customer and its survivor, which were two until June."""
    retired = fed([person(**SAME, source_key="P1", mobile="010-1111-2222", as_of="2024-01-05")], at=day(1, 10))
    other = person(name="김한아", birth_date="1985-03-02", source_key="B1", mobile="010-3333-4444", as_of="2024-02-01")
    survivor = fed([other], "BANCA", at=day(2, 10))
    merge(retired, survivor, at=day(6, 1), by=make_staff("DATA_STEWARD", name="정다은"), reason_code="DOCUMENT")
    return retired, survivor


def test_a_retired_number_shows_its_own_values_of_before_its_merge():
    retired, survivor = two_merged_in_june()

    report = as_of(day(3, 1), retired, survivor)

    assert report.number == retired.number
    assert mobile(report) == ("010-1111-2222", "010-3333-4444", "010-3333-4444", True, False)
    assert [(one.key, one.presence_word, one.since) for one in report.records] == [
        ("P1", "There already", ""),
        ("B1", "Came to this customer only later", "with this customer since 2024-06-01"),
    ]
    assert [(remark.text, remark.number) for remark in report.remarks] == [
        (
            "This number was retired later, on 2024-06-01. What is known now rests on all records of"
            f" {written_number(survivor.number)}.",
            survivor.number,
        )
    ]


def test_without_acts_the_links_made_by_the_merge_are_those_of_the_retired():
    retired, survivor = two_merged_in_june()
    Link.objects.filter(record__source_key="P1").update(linked_at=day(6, 1))
    MovedChild.objects.all().delete()

    report = as_of(day(3, 1), retired, survivor)

    assert [(one.key, one.presence) for one in report.records] == [("P1", "there"), ("B1", "elsewhere")]


def test_a_number_that_was_retired_by_then_leads_to_the_number_it_was_merged_into():
    retired, survivor = two_merged_in_june()

    report = as_of(day(7, 1), retired, survivor)

    assert report.rows == ()
    assert [(remark.text, remark.url) for remark in report.remarks] == [
        (
            f"This number was retired by then: it had been merged into {written_number(survivor.number)} on"
            " 2024-06-01.",
            f"/customers/{survivor.number}/?as_of=2024-07-01T09:00",
        )
    ]


def test_the_survivor_tells_which_number_was_a_customer_of_its_own_and_which_records_came_with_it():
    retired, survivor = two_merged_in_june()

    report = as_of(day(3, 1), survivor)

    assert [(remark.text, remark.number) for remark in report.remarks] == [
        (
            f"{written_number(retired.number)} was a customer of its own then; it was merged into this one on"
            " 2024-06-01.",
            retired.number,
        )
    ]
    assert [(one.key, one.presence_word, one.since) for one in report.records] == [
        ("P1", "Came to this customer only later", "with this customer since 2024-06-01"),
        ("B1", "There already", ""),
    ]


def test_a_customer_that_came_out_since_is_named_with_the_records_that_it_took():
    retired, survivor = two_merged_in_june()
    merged = retired.merges_away.get()
    back = bring_back(merged, at=day(9, 1), by=make_staff("DATA_STEWARD"))

    reports = [as_of(day(7, 1), survivor), as_of(day(7, 1), back)]

    assert [[remark.text for remark in report.remarks] for report in reports] == [
        [
            f"{written_number(back.number)} was part of this customer then; it came out again on 2024-09-01.",
            "1 source record that this customer had then belongs to another customer now, since 2024-09-01.",
        ],
        [f"This number was retired by then: it had been merged into {written_number(survivor.number)} on 2024-06-01."],
    ]
    assert mobile(reports[1]) == ("", "010-1111-2222", "010-1111-2222", False, False)


def test_a_record_that_left_and_returned_was_there():
    retired, survivor = two_merged_in_june()
    merged = retired.merges_away.get()
    back = bring_back(merged, at=day(9, 1))

    assert [one.presence_word for one in as_of(day(3, 1), back).records] == ["There already"]


def test_a_record_that_was_moved_away_is_counted():
    _retired, survivor = two_merged_in_june()
    other = make_customer(created_at=day(1, 1))
    act = make_act(survivor, other, kind="MOVE", at=day(8, 1))
    move(survivor.links.filter(record__source_key="P1").values_list("pk", flat=True), other, act)

    report = as_of(day(7, 1), survivor)

    assert [remark.text for remark in report.remarks] == [
        "1 source record that this customer had then belongs to another customer now, since 2024-08-01."
    ]
    assert [one.key for one in report.records] == ["B1"]


def test_of_many_numbers_merged_since_ten_are_named():
    survivor = make_customer(created_at=day(1, 1))
    for number in range(12):
        merge(make_customer(created_at=day(1, 2)), survivor, at=day(6, 1 + number))

    remarks = as_of(day(1, 3), survivor).remarks

    assert (len(remarks), remarks[-1].text) == (12, "2 more numbers were merged into this one later.")


def test_an_organisation_has_its_own_items():
    customer = changed(make_customer(kind="ORG", name="(주)한빛상사", crn="1101111234567"), at=day(1, 1))

    report = as_of(day(2, 1), customer)

    assert [row.label for row in report.rows if not row.is_of_master] == ["Name", "Corporate number"]
    assert ("Birth date" in report.blanks, "Business number" in report.blanks) == (False, True)


def test_records_are_listed_for_those_who_may_see_source_records():
    customer = latecomer()
    steward = make_staff("DATA_STEWARD")
    steward.groups.get().permissions.remove(*steward.groups.get().permissions.filter(codename="view_sourcerecord"))

    report = as_of(day(3, 1), customer, viewer=Staff.objects.get(pk=steward.pk))

    assert (report.records, bool(report.rows)) == ((), True)


def test_a_birth_date_is_compared_with_its_calendar():
    customer = changed(make_customer(birth_date=date(1985, 3, 2)), at=day(1, 1))
    changed(customer, at=day(4, 1), is_lunar=True)

    (row,) = (row for row in as_of(day(2, 1), customer).rows if row.label == "Birth date")

    assert (row.shown, row.now, row.is_changed) == ("1985-03-02", "1985-03-02 (lunar)", True)
