"""What a password must be, which may not come again, and who must choose a new one."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts import password_rules, services
from accounts.models import PastPassword, RightsChange, Staff, StaffSession
from accounts.words import why_signed_out
from tests.accounts.builders import PASSWORD, make_staff


@pytest.mark.parametrize(
    ("password", "holds"),
    [
        ("abcdefghij", False),
        ("abcdefghi1", True),
        ("abcdefg1", False),
        ("Abcdefg1", True),
        ("Abcdef1", False),
        ("가나다라마바사아자차", False),
        ("가나다라마바사아자1", True),
        ("abc def ghi", True),
    ],
)
def test_ten_characters_of_two_classes_or_eight_of_three_are_enough(password, holds):
    assert password_rules.is_long_enough(password) is holds


@pytest.mark.parametrize(
    ("password", "holds"),
    [
        ("river-19850131", True),
        ("river-850131-x", True),
        ("river-1985.01.31", True),
        ("river-1985-13-41", False),
        ("x01012345678y", True),
        ("x010-1234-5678", True),
        ("x02-345-6789y", True),
        ("call-1588-1234", True),
        ("river-2026", False),
        ("hannun-demo-2026", False),
        ("river-99", False),
    ],
)
def test_digits_that_read_as_a_day_or_a_telephone_number_are_found(password, holds):
    assert password_rules.holds_birth_or_phone(password) is holds


@pytest.mark.parametrize(
    ("password", "holds"),
    [
        ("my-E12345-word", True),
        ("my-e12345-word", True),
        ("김하나-river-7", True),
        ("김 하 나-river-7", True),
        ("quiet-river-7", False),
    ],
)
def test_employee_number_and_name_are_found(password, holds):
    assert password_rules.names_the_person(password, employee_number="E12345", name="김 하나") is holds


def codes_of(password: str, staff: Staff) -> set[str]:
    try:
        validate_password(password, staff)
    except ValidationError as refusal:
        return {error.code for error in refusal.error_list}
    return set()


@pytest.mark.django_db
def test_the_last_three_passwords_and_the_present_one_do_not_come_again():
    staff, now = make_staff(password="lazy-river-0"), timezone.now()
    for number in range(1, 5):
        staff = services.choose_password(staff=staff, password=f"lazy-river-{number}", at=now + timedelta(days=number))

    refused = [number for number in range(6) if "password_used_lately" in codes_of(f"lazy-river-{number}", staff)]

    assert refused == [2, 3, 4]


@pytest.mark.django_db
def test_a_password_that_was_never_chosen_is_refused_as_the_present_one():
    assert codes_of(PASSWORD, make_staff(password=PASSWORD)) == {"password_used_lately"}


@pytest.mark.django_db
def test_past_passwords_are_kept_as_hashes():
    services.choose_password(staff=make_staff(), password="lazy-river-1", at=timezone.now())

    assert "lazy-river-1" not in str(PastPassword.objects.values_list().get())


@pytest.mark.django_db
def test_a_changed_password_ends_the_sessions_everywhere_else(client):
    staff = make_staff(password=PASSWORD)
    elsewhere = Client()
    for one in (client, elsewhere):
        one.force_login(staff)
        one.get("/")

    new = {"new_password1": "lazy-river-1", "new_password2": "lazy-river-1"}
    client.post("/accounts/password/", {"old_password": PASSWORD} | new)

    assert client.get("/").status_code == 200
    assert elsewhere.get("/").url == "/accounts/login/?next=/"
    told = elsewhere.get("/accounts/login/").context["signed_out"]
    assert told == why_signed_out(StaffSession.Ending.PASSWORD_CHANGED)


@pytest.mark.django_db
def test_who_was_handed_a_password_chooses_another_before_anything_else(client):
    admin, staff = make_staff("ADMINISTRATOR"), make_staff("FP", employee_number="E1", password=PASSWORD)
    handed = services.hand_over_password(staff=staff, by=admin, at=timezone.now(), reason="분실")
    client.post("/accounts/login/", {"username": "E1", "password": handed})

    assert [client.get(url).url for url in ("/", "/customers/", "/accounts/profile/")] == ["/accounts/password/"] * 3
    assert client.get("/accounts/password/").status_code == 200
    again = {"new_password1": handed, "new_password2": handed}
    refused = client.post("/accounts/password/", {"old_password": handed} | again)
    assert list(refused.context["form"].errors) == ["new_password2"]
    new = {"new_password1": "lazy-river-1", "new_password2": "lazy-river-1"}
    client.post("/accounts/password/", {"old_password": handed} | new)

    assert client.get("/").status_code == 200
    assert Staff.objects.get(pk=staff.pk).must_change_password is False


@pytest.mark.django_db
def test_an_administrator_makes_a_password_that_is_shown_once_and_recorded(client):
    admin, staff = make_staff("ADMINISTRATOR"), make_staff("FP", password=PASSWORD)
    client.force_login(admin)

    answer = client.post(f"/accounts/staff/{staff.pk}/access/password/", {"reason": "휴대전화 분실"})

    password = answer.context["password"]
    assert re.fullmatch(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    staff.refresh_from_db()
    assert (staff.check_password(password), staff.must_change_password) == (True, True)
    change = RightsChange.objects.get(kind="PASSWORD_HANDED_OVER")
    assert (change.staff, change.by, change.reason) == (staff, admin, "휴대전화 분실")
    assert password not in str(change.what)


@pytest.mark.django_db
def test_nobody_makes_a_password_for_themselves(client):
    admin = make_staff("ADMINISTRATOR", password=PASSWORD)
    client.force_login(admin)

    assert client.post(f"/accounts/staff/{admin.pk}/access/password/", {"reason": "x"}).status_code == 403
    with pytest.raises(services.OwnAccess):
        services.hand_over_password(staff=admin, by=admin, at=timezone.now(), reason="x")
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)


@pytest.mark.django_db
def test_the_page_says_what_a_password_must_be(client):
    client.force_login(make_staff())

    help_text = str(client.get("/accounts/password/").context["form"].fields["new_password1"].help_text)

    assert help_text.count("<li>") == 5
