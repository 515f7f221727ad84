"""Locked out, a second factor set up and shown, a recovery code, an idle sign-out that keeps what was written.

In a real browser.
"""

import time
from base64 import b32decode
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from axes.models import AccessAttempt
from django.utils.timezone import localtime, now
from django_otp.oath import TOTP

from accounts.models import AuthenticatorApp, Staff, StaffSession
from tests.accounts.builders import PASSWORD, make_staff
from tests.journeys.test_feeds import settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

FORM = "/accounts/service-keys/issue/"


@pytest.fixture
def admin(transactional_db: None) -> Staff:
    make_staff("SERVICE_CLIENT", employee_number="portal", name="온라인창구")
    return make_staff("ADMINISTRATOR", employee_number="admin", name="조민재", password=PASSWORD)


def log_in(page: "Page", number: str = "admin", password: str = PASSWORD) -> None:
    page.fill("input[name=username]", number)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")


def code_of(staff: Staff, *, later: int = 0) -> str:
    """What the app of `staff` shows, or will show in so many seconds."""
    totp = TOTP(AuthenticatorApp.objects.get(user=staff).bin_key)
    totp.time = time.time() + later
    return f"{totp.token():06}"


def test_five_failures_lock_the_login_and_say_until_when(page: "Page", axe, live_server, admin):
    page.goto(f"{live_server.url}/accounts/login/")
    for _attempt in range(5):
        log_in(page, password="wrong-password")
        page.wait_for_load_state("load")

    page.wait_for_selector(".empty-title")
    settled(page, axe)

    ends_at = localtime(AccessAttempt.objects.get().attempt_time + timedelta(minutes=30))
    assert f"{ends_at:%H:%M}" in page.text_content(".empty")
    assert any("429" in error for error in page.hannun_errors)
    page.hannun_errors.clear()


def test_a_second_factor_is_set_up_shown_and_replaced_by_a_recovery_code(
    page: "Page", axe, live_server, settings, admin
):
    settings.LOGIN_SECOND_FACTOR_ROLES = ["ADMINISTRATOR"]
    page.goto(f"{live_server.url}{FORM}")
    log_in(page)
    page.wait_for_url("**/accounts/second-factor/")
    settled(page, axe)
    key = "".join(page.text_content("#factor-key").split())
    totp = TOTP(b32decode(key))
    totp.time = time.time()
    page.fill("input[name=code]", f"{totp.token():06}")
    page.press("input[name=code]", "Enter")
    page.wait_for_selector("#recovery-codes")
    settled(page, axe)
    codes = page.locator("#recovery-codes code").all_text_contents()
    assert len(set(codes)) == 10
    page.goto(f"{live_server.url}{FORM}")
    page.wait_for_selector("select[name=staff]")

    sign_out(page)
    log_in(page)
    page.wait_for_url("**/login/second-factor/")
    settled(page, axe)
    page.fill("input[name=code]", "000000")
    page.press("input[name=code]", "Enter")
    page.wait_for_selector(".form-error")
    time.sleep(1.1)  # after the first wrong code the next one counts in a second
    page.fill("input[name=code]", code_of(admin, later=30))
    page.press("input[name=code]", "Enter")
    page.wait_for_selector(".user-menu")

    sign_out(page)
    log_in(page)
    page.wait_for_url("**/login/second-factor/")
    page.fill("input[name=code]", codes[3].upper())
    page.press("input[name=code]", "Enter")
    page.wait_for_selector(".user-menu")
    page.goto(f"{live_server.url}/accounts/second-factor/")
    settled(page, axe)
    assert "9" in page.text_content(".card-body")


def test_an_idle_person_is_warned_signed_out_and_finds_the_text_again(page: "Page", axe, live_server, settings, admin):
    settings.LOGIN_IDLE_SECONDS, settings.LOGIN_WARNING_SECONDS = 16, 10
    page.goto(f"{live_server.url}{FORM}")
    log_in(page)
    page.wait_for_selector("input[name=name]")
    page.fill("input[name=name]", "고객 포털 운영")
    page.fill("textarea[name=networks]", "10.20.0.0/16\n10.30.0.7")
    page.select_option("select[name=staff]", label="온라인창구 (portal)")
    page.check("input[name=scopes]")
    page.wait_for_selector("#session-warning[open]")
    axe(page)
    page.keyboard.press("Enter")  # the first button stays signed in
    page.wait_for_selector("#session-warning[open]", state="hidden")
    page.wait_for_selector("#session-warning[open]")

    page.wait_for_url("**/accounts/login/?next=**", timeout=30_000)
    settings.LOGIN_IDLE_SECONDS = 600
    settled(page, axe)
    assert page.is_visible("#signed-out")
    assert [session.ended_because for session in StaffSession.objects.all()] == ["IDLE"]
    log_in(page)
    page.wait_for_selector("#draft-restored")
    settled(page, axe)

    assert page.input_value("input[name=name]") == "고객 포털 운영"
    assert page.input_value("textarea[name=networks]") == "10.20.0.0/16\n10.30.0.7"
    assert page.is_checked("input[name=scopes]")
    page.click("#draft-restored button")
    assert page.input_value("input[name=name]") == ""
    assert not page.is_checked("input[name=scopes]")


def test_what_is_sent_after_the_session_ended_is_not_lost(page: "Page", live_server, admin):
    page.goto(f"{live_server.url}{FORM}")
    log_in(page)
    page.wait_for_selector("input[name=name]")
    page.fill("input[name=name]", "고객 포털 운영")
    page.select_option("select[name=staff]", label="온라인창구 (portal)")
    page.check("input[name=scopes]")
    end_all_sessions()
    page.press("input[name=name]", "Enter")
    page.wait_for_url("**/accounts/login/?next=**")
    log_in(page)
    page.wait_for_selector("#draft-restored")

    page.press("input[name=name]", "Enter")
    page.wait_for_selector("#issued-key")
    page.goto(f"{live_server.url}{FORM}")

    assert page.input_value("input[name=name]") == ""


def test_what_one_person_wrote_is_not_shown_to_the_next(page: "Page", live_server, admin):
    make_staff("ADMINISTRATOR", employee_number="other", name="한지우", password=PASSWORD)
    page.goto(f"{live_server.url}{FORM}")
    log_in(page)
    page.fill("input[name=name]", "고객 포털 운영")
    end_all_sessions()
    page.reload()
    log_in(page, number="other")
    page.wait_for_selector("input[name=name]")

    assert page.input_value("input[name=name]") == ""
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('hannun-draft'))") == []


def sign_out(page: "Page") -> None:
    page.click(".user-menu summary")
    page.click("form[action$='/logout/'] button")
    page.wait_for_url("**/accounts/login/")


def end_all_sessions() -> None:
    StaffSession.objects.open().update(ended_at=now(), ended_because="BY_ADMINISTRATOR")
