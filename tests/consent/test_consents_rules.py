"""Rules of consents as tables of cases."""

from datetime import date

import pytest
from django.db import connection

from consent.models import Receipt
from consent.rules.consents import (
    PROOFS,
    age_on,
    expires_on,
    months_after,
    needs_representative,
    proof_of,
    receipt_number,
    strictest,
    written_receipt,
)
from consent.services.consents_sets import check_digit_in_sql
from customers.numbering import check_digit


def test_every_way_of_answering_has_a_grade_of_proof():
    assert set(PROOFS) == set(Receipt.Method.values)
    assert set(PROOFS.values()) <= {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("method", "has_evidence", "grade"),
    [
        ("PAPER", True, 1),
        ("PAPER", False, 2),
        ("TABLET", True, 1),
        ("PHONE", True, 2),
        ("PHONE", False, 3),
        ("PHONE_WEB", True, 2),
        ("WEB", True, 2),
        ("EMAIL", True, 3),
        ("EMAIL", False, 4),
        ("SOURCE", False, 3),
        ("ORAL", False, 4),
        ("ORAL", True, 4),
    ],
)
def test_proof_is_graded_alike_and_less_without_evidence(method, has_evidence, grade):
    assert proof_of(method, has_evidence=has_evidence) == grade


@pytest.mark.parametrize(
    ("answers", "holds"),
    [
        (["GIVEN"], "GIVEN"),
        (["GIVEN", "LAPSED"], "LAPSED"),
        (["LAPSED", "REFUSED", "GIVEN"], "REFUSED"),
        (["GIVEN", "WITHDRAWN"], "WITHDRAWN"),
    ],
)
def test_the_strictest_answer_holds(answers, holds):
    assert strictest(answers) == holds


def test_nothing_has_no_strictest():
    with pytest.raises(ValueError, match="empty"):
        strictest([])


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 23), 24, date(2028, 11, 23)),
    ],
)
def test_months_after_keep_the_day_where_there_is_one(day, months, later):
    assert months_after(day, months) == later


def test_without_months_a_consent_holds_until_it_is_withdrawn():
    assert expires_on(date(2026, 1, 1), 0) is None
    assert expires_on(date(2026, 1, 1), 24) == date(2028, 1, 1)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2012, 11, 23), date(2026, 11, 22), 13),
        (date(2012, 11, 23), date(2026, 11, 23), 14),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
    ],
)
def test_age_is_counted_in_full_years(born, day, age):
    assert age_on(born, day) == age
    assert needs_representative(born, day, 14) is (age < 14)


def test_nobody_of_unknown_age_is_taken_for_a_child():
    assert needs_representative(None, date(2026, 1, 1), 14) is False


def test_receipt_numbers_carry_a_check_digit():
    assert receipt_number(12345) == f"R000012345{check_digit('000012345')}"
    assert written_receipt(receipt_number(12345)) == f"R-000012345-{check_digit('000012345')}"
    with pytest.raises(ValueError, match="does not fit"):
        receipt_number(10**9)


@pytest.mark.django_db
@pytest.mark.parametrize("digits", ["000000001", "123456789", "999999999", "000020001", "700000042"])
def test_the_database_counts_the_same_check_digit(digits):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {check_digit_in_sql('digits')} FROM (SELECT %s AS digits) told", [digits])  # noqa: S608
        assert cursor.fetchone() == (check_digit(digits),)
