"""Consents in sets: adopted from sources, lapsed by night."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from consent.models import Consent, LegalNumber, Receipt
from consent.rules.consents import receipt_number
from consent.services.consents import adopt_consents, lapse_consents
from customers.models import Customer, SourceRecord
from tests.consent.consenting import answer, back_date_texts, consents, merge, rows, says, unmerge, withdraws
from tests.customers.builders import KST, NOW, feed, make_customer, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
DAY = timedelta(days=1)
EACH = ("PHONE", "SMS", "EMAIL", "MAIL")


@pytest.fixture(autouse=True)
def _texts(purposes: None) -> None:
    back_date_texts()


def told(**cells: str) -> Customer:
    """A customer whom a source knows, as it says."""
    row = person(**cells)
    feed([row])
    return Customer.objects.get(links__record__source_key=row["source_key"])


def test_a_day_of_consent_becomes_a_receipt_and_a_consent_for_each_channel_of_the_paper_forms():
    customer = told(source_key="K1", marketing_consent_on="2025-12-01")
    told(source_key="K2", name="최무언", birth_date="1970-01-01")

    assert adopt_consents(at=NOW) == 1
    assert adopt_consents(at=NOW + DAY) == 0

    receipt = Receipt.objects.get()
    assert (receipt.customer, receipt.method, receipt.proof, receipt.source.code) == (customer, "SOURCE", 3, "POLICY")
    assert receipt.number == receipt_number(receipt.pk)
    assert receipt.answered_at == datetime(2025, 12, 1, tzinfo=KST)
    assert sorted(rows(customer)) == sorted(("MARKETING", channel, "GIVEN") for channel in EACH)
    assert set(Consent.objects.values_list("expires_on", "because")) == {(date(2027, 12, 1), "SOURCE")}
    assert [says(customer, channel=channel, at=NOW) for channel in ("SMS", "VISIT", "PUSH")] == ["GIVEN", "", ""]


def test_a_later_day_renews_and_the_same_day_does_not():
    customer = told(source_key="K1", marketing_consent_on="2024-01-05")
    adopt_consents(at=NOW)
    assert says(customer, at=NOW) == "LAPSED"
    feed([person(source_key="K1", marketing_consent_on="2026-11-20", as_of="2026-11-21")])

    assert adopt_consents(at=NOW) == 1
    assert says(customer, at=NOW + 300 * DAY) == "GIVEN"
    assert len(rows(customer)) == 8


def test_a_day_to_come_waits_and_a_child_is_left_out():
    told(source_key="K1", marketing_consent_on="2026-12-24", name="미래인")
    told(source_key="K2", marketing_consent_on="2025-01-01", birth_date="2015-05-05", name="어린이")

    assert adopt_consents(at=NOW) == 0
    assert adopt_consents(at=datetime(2026, 12, 24, tzinfo=KST)) == 1


def test_a_withdrawal_here_is_not_undone_by_the_old_day_of_a_source():
    customer = told(source_key="K1", marketing_consent_on="2025-12-01")
    adopt_consents(at=NOW)
    withdraws(customer, at=NOW)

    adopt_consents(at=NOW + DAY)

    assert says(customer, at=NOW + 2 * DAY) == "WITHDRAWN"


def test_what_a_source_tells_no_more_is_taken_back():
    customer = told(source_key="K1", marketing_consent_on="2025-12-01")
    adopt_consents(at=NOW)
    feed([person(source_key="K1", as_of="2026-11-22")])

    adopt_consents(at=NOW + DAY)
    adopt_consents(at=NOW + 2 * DAY)

    assert says(customer, at=NOW + 3 * DAY) == "WITHDRAWN"
    taken = Consent.objects.filter(answer="WITHDRAWN")
    assert set(taken.values_list("because", "at")) == {("SOURCE_TOOK_BACK", NOW + DAY)}
    assert taken.count() == 4


def test_a_day_that_a_source_corrects_to_an_earlier_one_is_taken_back():
    customer = told(source_key="K1", marketing_consent_on="2026-10-01")
    adopt_consents(at=NOW)
    feed([person(source_key="K1", marketing_consent_on="2025-10-01", as_of="2026-11-22")])

    adopt_consents(at=NOW + DAY)

    assert says(customer, at=NOW + 2 * DAY) == "WITHDRAWN"


def _move(record: SourceRecord, into: Customer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_link SET customer_id = %s WHERE record_id = %s", [into.pk, record.pk])


def test_a_record_that_goes_to_another_customer_takes_its_consent_along():
    customer = told(source_key="K1", marketing_consent_on="2025-12-01")
    adopt_consents(at=NOW)
    other = make_customer()
    _move(SourceRecord.objects.get(source_key="K1"), other)

    adopt_consents(at=NOW + DAY)

    assert [says(customer, at=NOW + 2 * DAY), says(other, at=NOW + 2 * DAY)] == ["WITHDRAWN", "GIVEN"]


def test_the_consent_of_a_record_that_a_merge_brought_stays_with_its_number():
    one = told(source_key="K1", name="김하나")
    other = told(source_key="K2", name="박두리", birth_date="1970-07-07", marketing_consent_on="2025-12-01")
    merge(other, one, at=NOW)

    adopt_consents(at=NOW + DAY)

    assert [row[2] for row in rows(other)] == ["GIVEN"] * 4
    assert rows(one) == []
    assert says(one, at=NOW + 2 * DAY) == "GIVEN"
    unmerge(other, at=NOW + 3 * DAY)
    adopt_consents(at=NOW + 4 * DAY)
    assert [says(one, at=NOW + 5 * DAY), says(other, at=NOW + 5 * DAY)] == ["", "GIVEN"]


def test_what_ran_out_is_written_down_once():
    customer = make_customer()
    consents(customer, answer(), answer("INTEGRATED_USE"), at=NOW)
    day = date(2028, 11, 23)

    assert lapse_consents(day=day - DAY, at=NOW + 730 * DAY) == 0
    assert lapse_consents(day=day, at=NOW + 731 * DAY) == 1
    assert lapse_consents(day=day + DAY, at=NOW + 732 * DAY) == 0

    lapsed = Consent.objects.get(answer="LAPSED")
    assert (lapsed.channel, lapsed.because, lapsed.at) == ("PHONE", "EXPIRED", datetime(2028, 11, 23, tzinfo=KST))
    assert says(customer, at=NOW + 731 * DAY) == "LAPSED"


def test_what_was_renewed_refused_or_withdrawn_does_not_lapse():
    renewed, refused, withdrawn = (make_customer() for _ in range(3))
    for customer in (renewed, refused, withdrawn):
        consents(customer)
    consents(renewed, at=NOW + 400 * DAY)
    consents(refused, answer(said="REFUSED"), at=NOW + 400 * DAY)
    withdraws(withdrawn, at=NOW + 400 * DAY)

    assert lapse_consents(day=date(2028, 12, 1), at=NOW + 740 * DAY) == 0
    assert [says(each, at=NOW + 740 * DAY) for each in (renewed, refused, withdrawn)] == [
        "GIVEN",
        "REFUSED",
        "WITHDRAWN",
    ]


def test_a_renewal_that_is_told_after_the_night_counts_as_if_it_had_been_told_before():
    customer = make_customer()
    consents(customer)
    lapse_consents(day=date(2028, 11, 23), at=NOW + 731 * DAY)

    consents(customer, at=NOW + 700 * DAY, recorded_at=NOW + 735 * DAY)

    assert says(customer, at=NOW + 736 * DAY) == "GIVEN"


def test_where_silence_keeps_a_consent_it_is_given_anew_from_its_day_on():
    LegalNumber.objects.create(name="silence_keeps_consent", value=1, starts_on=date(2020, 1, 1), set_at=NOW)
    customer = make_customer()
    consents(customer)

    assert lapse_consents(day=date(2031, 1, 1), at=NOW + 1500 * DAY) == 2

    kept = Consent.objects.filter(because="SILENCE").order_by("at")
    assert list(kept.values_list("answer", "expires_on")) == [
        ("GIVEN", date(2030, 11, 23)),
        ("GIVEN", date(2032, 11, 23)),
    ]
    assert says(customer, at=NOW + 1500 * DAY) == "GIVEN"
