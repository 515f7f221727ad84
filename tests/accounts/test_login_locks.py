"""Locks after failed logins: on the account, on the address, and what the locked are told."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.models import RightsChange
from tests.accounts.builders import PASSWORD, make_staff

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def attempt(number: str, word: str = "wrong", *, address: str = "10.1.1.1", **extra: str):
    return Client().post(LOGIN, {"username": number, "password": word}, REMOTE_ADDR=address, **extra)


def fail(count: int, number: str = "E1", **given: str) -> list[int]:
    return [attempt(number, **given).status_code for _attempt in range(count)]


def without_csrf_and_time(html: str) -> str:
    """A page without the parts that differ by the moment at which it was made."""
    return re.sub(r"\d\d:\d\d|[A-Za-z0-9]{64}", "", html)


def test_an_account_locks_for_every_address(settings):
    make_staff(employee_number="E1", password=PASSWORD)
    fail(settings.AXES_FAILURE_LIMIT)

    assert attempt("E1", PASSWORD, address="10.9.9.9").status_code == 429


def test_an_address_locks_after_failures_with_many_accounts(settings):
    settings.LOGIN_ADDRESS_FAILURES = 8
    make_staff(employee_number="E1", password=PASSWORD)

    statuses = [attempt(f"X{number}").status_code for number in range(8)]

    assert statuses == [200] * 7 + [429]
    assert attempt("E1", PASSWORD).status_code == 429
    assert attempt("E1", PASSWORD, address="10.9.9.9").status_code == 302


def test_an_address_that_many_share_bears_more_failures_than_an_account(settings):
    make_staff(employee_number="E1", password=PASSWORD)
    for number in range(settings.AXES_FAILURE_LIMIT + 5):
        attempt(f"X{number}")

    assert settings.LOGIN_ADDRESS_FAILURES == 50
    assert attempt("E1", PASSWORD).status_code == 302


def test_whoever_knows_one_password_does_not_clear_the_address(settings):
    settings.LOGIN_ADDRESS_FAILURES = 8
    make_staff(employee_number="E1", password=PASSWORD)
    for number in range(7):
        attempt(f"X{number}")
    assert attempt("E1", PASSWORD).status_code == 302

    assert attempt("X9").status_code == 429


def test_the_address_is_not_what_the_request_writes_of_itself(settings):
    settings.LOGIN_ADDRESS_FAILURES = 8
    for number in range(8):
        attempt(f"X{number}", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")

    assert attempt("X9", HTTP_X_FORWARDED_FOR="198.51.100.99").status_code == 429


def test_the_locked_page_says_until_when_and_whom_to_ask(settings):
    settings.LOGIN_HELP = "IT 헬프데스크 02-1234-5678"
    make_staff(employee_number="E1", password=PASSWORD)
    fail(settings.AXES_FAILURE_LIMIT)

    answer = attempt("E1", PASSWORD)

    newest = AccessAttempt.objects.latest("attempt_time").attempt_time
    assert answer.context["until"] == newest + timedelta(minutes=30)
    assert settings.LOGIN_HELP in answer.content.decode()
    assert 1790 < int(answer.headers["Retry-After"]) <= 1800


def test_trying_while_locked_does_not_lengthen_the_lock(settings):
    fail(settings.AXES_FAILURE_LIMIT)
    first = attempt("E1").context["until"]

    assert attempt("E1").context["until"] == first


def test_a_lock_does_not_tell_whether_the_account_exists(settings):
    make_staff(employee_number="E1", password=PASSWORD)

    known, unknown = fail(7, "E1", address="10.1.1.1"), fail(7, "E9", address="10.2.2.2")
    pages = [attempt(number, address="10.3.3.3") for number in ("E1", "E9")]

    assert known == unknown
    assert [page.status_code for page in pages] == [429, 429]
    words = [without_csrf_and_time(page.content.decode()) for page in pages]
    assert words[0] == words[1]


def test_an_administrator_unlocks_for_a_reason_that_is_recorded(client, settings):
    admin, staff = make_staff("ADMINISTRATOR"), make_staff(employee_number="E1", password=PASSWORD)
    fail(settings.AXES_FAILURE_LIMIT)
    client.force_login(admin)

    client.post(f"/accounts/staff/{staff.pk}/access/unlock/", {"reason": "본인 확인 통화"})

    assert attempt("E1", PASSWORD).status_code == 302
    change = RightsChange.objects.get(kind="LOGIN_UNLOCKED")
    assert (change.staff, change.by, change.reason) == (staff, admin, "본인 확인 통화")


def test_nobody_unlocks_their_own_account():
    staff = make_staff("ADMINISTRATOR")

    with pytest.raises(services.OwnAccess):
        services.unlock_login(staff=staff, by=staff, at=timezone.now())


@pytest.mark.parametrize(
    ("page", "field", "first"),
    [
        ("/accounts/password/", "old_password", 200),
        ("/accounts/second-factor/codes/", "password", 302),
    ],
)
def test_who_is_signed_in_guesses_the_own_password_no_more_often_than_at_the_login(
    client, settings, page, field, first
):
    staff = make_staff(employee_number="E1", password=PASSWORD)
    client.force_login(staff)
    new = {"new_password1": "chosen-by-a-thief", "new_password2": "chosen-by-a-thief"}

    guesses = [client.post(page, new | {field: f"guess {number}"}) for number in range(settings.AXES_FAILURE_LIMIT)]
    right = client.post(page, new | {field: PASSWORD})

    assert [answer.status_code for answer in guesses] == [first] * (settings.AXES_FAILURE_LIMIT - 1) + [429]
    assert (right.status_code, attempt("E1", PASSWORD).status_code) == (429, 429)
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)
