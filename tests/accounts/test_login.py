import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import Staff
from tests.accounts.builders import PASSWORD, make_staff

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def log_in(client: Client, number: str = "E1", password: str = PASSWORD, **fields: str):
    return client.post(LOGIN, {"username": number, "password": password} | fields)


@pytest.fixture
def staff() -> Staff:
    return make_staff(employee_number="E1", password=PASSWORD)


def test_login_leads_to_the_page_that_was_asked_for(client, staff):
    assert client.get("/accounts/profile/").url == f"{LOGIN}?next=/accounts/profile/"

    answer = log_in(client, next="/accounts/profile/")

    assert (answer.status_code, answer.url) == (302, "/accounts/profile/")
    assert client.get("/accounts/profile/").status_code == 200


def test_login_never_leads_away_from_here(client, staff):
    assert log_in(client, next="https://elsewhere.example/").url == reverse("home")


def test_login_refuses_a_wrong_password_without_saying_which_part_was_wrong(client, staff):
    wrong = log_in(client, password="wrong").context["form"].non_field_errors()
    unknown = log_in(client, number="E9").context["form"].non_field_errors()

    assert wrong == unknown
    assert len(wrong) == 1


def test_five_failures_lock_the_account_even_for_the_right_password(client, staff):
    for _attempt in range(settings.AXES_FAILURE_LIMIT - 1):
        assert log_in(client, password="wrong").status_code == 200
    assert log_in(client, password="wrong").status_code == 429

    answer = log_in(client)

    assert answer.status_code == 429
    assert "accounts/locked.html" in [template.name for template in answer.templates]
    assert "_auth_user_id" not in client.session


def test_another_account_is_not_locked_along(client, staff):
    make_staff(employee_number="E2", password=PASSWORD)
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        log_in(client, password="wrong")

    assert log_in(client, number="E2").status_code == 302


def test_the_lock_ends_after_half_an_hour(client, staff):
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        log_in(client, password="wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timezone.timedelta(minutes=31))

    assert log_in(client).status_code == 302


def test_logout_needs_a_post_and_ends_the_session(client, staff):
    client.force_login(staff)
    assert client.get("/accounts/logout/").status_code == 405

    answer = client.post("/accounts/logout/")

    assert (answer.status_code, answer.url) == (302, LOGIN)
    assert client.get("/").status_code == 302


def test_changing_the_password_needs_the_old_one_and_keeps_the_session(client, staff):
    client.force_login(staff)
    new = {"new_password1": "a-new-long-password", "new_password2": "a-new-long-password"}

    refused = client.post("/accounts/password/", {"old_password": "wrong"} | new)
    accepted = client.post("/accounts/password/", {"old_password": PASSWORD} | new)

    assert list(refused.context["form"].errors) == ["old_password"]
    assert (accepted.status_code, accepted.url) == (302, "/accounts/profile/")
    assert client.get("/").status_code == 200
    assert Staff.objects.get().check_password("a-new-long-password")


@pytest.mark.parametrize("weak", ["short", "E1234567890E1234567890"[:2] + "1111111111", "1234567890", "password1234"])
def test_changing_the_password_refuses_a_weak_one(client, weak):
    make_staff(employee_number="E11111111111", password=PASSWORD)
    client.force_login(Staff.objects.get())
    form = {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}

    assert list(client.post("/accounts/password/", form).context["form"].errors) == ["new_password2"]
    assert Staff.objects.get().check_password(PASSWORD)


def test_a_one_time_link_sets_a_password_once(client, staff):
    from django.contrib.auth.tokens import default_token_generator

    place = [urlsafe_base64_encode(force_bytes(staff.pk)), default_token_generator.make_token(staff)]
    link = reverse("accounts:password-first", args=place)
    form = {"new_password1": "chosen-by-myself", "new_password2": "chosen-by-myself"}

    page = client.get(link)
    client.post(page.url, form)
    again = client.get(link)

    assert log_in(Client(), password="chosen-by-myself").status_code == 302
    assert (again.status_code, again.context["validlink"]) == (200, False)


def test_an_employee_number_beyond_all_measure_is_a_wrong_one_and_is_not_written_down(client, staff):
    answer = log_in(client, number="E" * 300)

    assert answer.status_code == 200
    assert len(answer.context["form"].non_field_errors()) + len(answer.context["form"].errors["username"]) == 1
    assert AccessAttempt.objects.count() == 0
