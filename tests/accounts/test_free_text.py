"""Resident numbers that somebody writes into words of their own are kept nowhere whole."""

import json

import pytest
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import AccessCase, AccessEntry, RightsChange
from accounts.services import cases
from accounts.services.exports import refuse_export
from accounts.services.rights import record_change
from tests.accounts.builders import make_branch, make_staff
from tests.accounts.exporting import asked
from tests.accounts.trails import at, saw_them

WRITTEN, KEPT = "고객 900101-1234567 확인", "고객 900101-1****** 확인"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (WRITTEN, KEPT),
        ("9001011234567", "9001011******"),
        ("９００１０１１２３４５６７", "９００１０１１******"),
        ("900101 - 1234567", "900101 - 1******"),
        ("01012345678", "01012345678"),
        ("", ""),
    ],
)
def test_of_a_resident_number_the_last_six_digits_are_masked(text, kept):
    assert without_resident_numbers(text) == kept


@pytest.mark.django_db
def test_the_trail_and_the_record_of_rights_keep_no_reason_with_a_resident_number():
    staff = make_staff("AUDITOR")

    saw_them(staff, "2031-07-01 10:00", reason=WRITTEN, target="month=900101-1234567")
    record_change(staff=staff, by=None, at=timezone.now(), kind="LOGIN_UNLOCKED", reason=WRITTEN)

    entry = AccessEntry.objects.of_staff(staff).get()
    assert (entry.reason, entry.target) == (KEPT, "month=900101-1******")
    assert RightsChange.objects.get(staff=staff, kind="LOGIN_UNLOCKED").reason == KEPT


@pytest.mark.django_db
def test_a_search_of_the_trail_keeps_no_resident_number_typed_for_an_employee_number(client):
    auditor = make_staff("AUDITOR")
    client.force_login(auditor)

    client.get("/accounts/trail/?staff=900101-1234567")

    entry = AccessEntry.objects.of_staff(auditor).get(page="accounts:trail-list")
    assert json.loads(entry.conditions)["staff"] == "900101-1******"


@pytest.mark.django_db
def test_a_file_is_asked_for_and_refused_without_a_resident_number(settings):
    settings.EXPORT_LISTS = {"numbers": "tests.accounts.exporting.NumbersExport"}
    settings.EXPORT_CEILINGS = {"DATA_STEWARD": 1}
    head = make_branch()
    by, lead = make_staff("DATA_STEWARD", branch=head), make_staff("STEWARD_LEAD", branch=head)

    export = asked(by, reason=WRITTEN)
    refused = refuse_export(export=export, by=lead, at=timezone.now(), reason=WRITTEN)

    assert (refused.reason, refused.decision) == (KEPT, KEPT)


@pytest.mark.django_db
def test_a_case_is_closed_without_a_resident_number():
    by, now = make_staff("COMPLIANCE_OFFICER"), at("2031-07-10 05:30")
    case = AccessCase.objects.create(
        kind="BREADTH", staff=make_staff("FP"), day=now.date(), facts={}, customers=[], found_at=now
    )
    cases.take_case(case=case, by=by, at=now)

    closed = cases.close_case(case=case, finding="MISUSE", comment=WRITTEN, by=by, at=now)

    assert closed.comment == KEPT
