"""The second factor: set up, shown once per code, asked of whom the settings say, reset by somebody else."""

import time
from binascii import unhexlify
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken

from accounts import login_state, second_factor, services
from accounts.factor_keys import CannotOpenKey
from accounts.models import AuthenticatorApp, RightsChange, Staff, StaffSession
from accounts.words import why_signed_out
from tests.accounts.builders import PASSWORD, make_staff

pytestmark = pytest.mark.django_db
KEY = "3132333435363738393031323334353637383930"
SET_UP, STEP = "/accounts/second-factor/", "/accounts/login/second-factor/"


@pytest.fixture
def staff() -> Staff:
    return make_staff("ADMINISTRATOR", employee_number="E1", password=PASSWORD)


def code(*, later: int = 0) -> str:
    """What an app with KEY shows, or will show in so many seconds."""
    totp = TOTP(unhexlify(KEY))
    totp.time = time.time() + later
    return f"{totp.token():06}"


def set_up(staff: Staff) -> list[str]:
    """Set up an app with KEY, with the code of half a minute ago, so that the present one is unused."""
    return services.set_up_second_factor(staff=staff, key=KEY, code=code(later=-30), at=timezone.now())


def log_in(client: Client, **fields: str):
    return client.post("/accounts/login/", {"username": "E1", "password": PASSWORD} | fields)


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def test_without_a_second_factor_the_password_is_enough(client, staff):
    assert log_in(client).url == "/"
    assert is_signed_in(client)


def test_with_one_the_password_alone_opens_nothing(client, staff):
    set_up(staff)

    assert log_in(client, next="/accounts/sessions/").url == STEP
    assert not is_signed_in(client)
    assert StaffSession.objects.count() == 0
    assert client.post(STEP, {"code": code()}).url == "/accounts/sessions/"
    assert is_signed_in(client)


def test_the_second_step_must_follow_the_first_within_minutes(client, staff):
    set_up(staff)
    log_in(client)
    session = client.session
    session[login_state.PENDING] |= {"at": time.time() - login_state.SECOND_STEP_WITHIN.total_seconds() - 1}
    session.save()

    assert client.post(STEP, {"code": code()}).url == "/accounts/login/"
    assert not is_signed_in(client)


def test_nobody_begins_with_the_second_step(client, staff):
    set_up(staff)

    assert [client.get(STEP).url, client.post(STEP, {"code": code()}).url] == ["/accounts/login/"] * 2


def test_an_account_closed_between_the_steps_stays_closed(client, staff):
    set_up(staff)
    log_in(client)
    Staff.objects.update(is_active=False)

    assert client.post(STEP, {"code": code()}).url == "/accounts/login/"


def test_a_code_counts_once(client, staff):
    set_up(staff)
    shown = code()
    services.check_second_factor(staff=staff, code=shown)

    with pytest.raises(services.WrongCode):
        services.check_second_factor(staff=staff, code=shown)


def test_wrong_codes_make_the_next_one_wait_twice_as_long(staff):
    set_up(staff)
    waits = []
    for _attempt in range(3):
        with pytest.raises(services.WrongCode):
            services.check_second_factor(staff=staff, code="000000" if code() != "000000" else "000001")
        with pytest.raises(services.TooManyCodes) as refusal:
            services.check_second_factor(staff=staff, code=code())
        device = AuthenticatorApp.objects.get()
        waits.append((refusal.value.until - device.throttling_failure_timestamp).total_seconds())
        AuthenticatorApp.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(hours=1))

    assert waits == [1, 2, 4]
    assert services.check_second_factor(staff=staff, code=code()) is False


def test_the_page_says_how_long_to_wait(client, staff):
    set_up(staff)
    log_in(client)
    client.post(STEP, {"code": "000000" if code() != "000000" else "000001"})

    answer = client.post(STEP, {"code": code()})

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["code"])
    assert not is_signed_in(client)


def test_ten_recovery_codes_each_open_once_and_none_is_kept(client, staff):
    codes = set_up(staff)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert (len(set(codes)), len(kept)) == (10, 10)
    assert not {one.replace("-", "") for one in codes} & kept

    log_in(client)
    assert client.post(STEP, {"code": codes[0].upper().replace("-", " ")}).url == "/"

    assert is_signed_in(client)
    assert second_factor.unused_codes(staff) == 9
    with pytest.raises(services.WrongCode):
        services.check_second_factor(staff=staff, code=codes[0])


def test_recovery_codes_of_one_person_open_nothing_of_another(staff):
    other = make_staff()
    set_up(other)

    codes = set_up(staff)

    with pytest.raises(services.WrongCode):
        services.check_second_factor(staff=other, code=codes[0])


def test_setting_up_shows_picture_key_and_codes_once(client, staff):
    client.force_login(staff)

    page = client.get(SET_UP)
    offered = client.session[login_state.OFFERED_KEY]
    assert page.context["picture"].startswith("data:image/svg+xml")
    assert page.context["written_key"] == second_factor.key_in_words(offered)
    assert client.get(SET_UP).context["written_key"] == page.context["written_key"]
    wrong = client.post(SET_UP, {"code": "12"})
    assert list(wrong.context["form"].errors) == ["code"]
    assert not second_factor.has_second_factor(staff)
    totp = TOTP(unhexlify(offered))
    totp.time = time.time()
    done = client.post(SET_UP, {"code": f"{totp.token():06}"})

    assert len(done.context["codes"]) == 10
    assert second_factor.has_second_factor(staff)
    assert login_state.OFFERED_KEY not in client.session
    assert RightsChange.objects.filter(kind="SECOND_FACTOR_SET_UP", staff=staff).count() == 1


def test_replacing_the_app_asks_for_the_password(client, staff):
    set_up(staff)
    client.force_login(staff)
    client.get(SET_UP)
    totp = TOTP(unhexlify(client.session[login_state.OFFERED_KEY]))
    totp.time = time.time()

    refused = client.post(SET_UP, {"code": f"{totp.token():06}", "password": "wrong"})
    assert list(refused.context["form"].errors) == ["password"]
    assert AuthenticatorApp.objects.get().bin_key.hex() == KEY
    client.post(SET_UP, {"code": f"{totp.token():06}", "password": PASSWORD})

    assert AuthenticatorApp.objects.get().bin_key.hex() != KEY


def test_new_recovery_codes_close_the_old_ones_and_ask_for_the_password(client, staff):
    old = set_up(staff)
    client.force_login(staff)

    refused = client.post(f"{SET_UP}codes/", {"password": "wrong"})
    new = client.post(f"{SET_UP}codes/", {"password": PASSWORD}).context["codes"]

    assert refused.status_code == 302
    assert len(set(new) - set(old)) == 10
    with pytest.raises(services.WrongCode):
        services.check_second_factor(staff=staff, code=old[0])
    StaticToken.objects.first().device.throttle_reset()
    assert services.check_second_factor(staff=staff, code=new[0]) is True


def test_recovery_codes_come_only_with_an_app(client, staff):
    client.force_login(staff)

    answer = client.post(f"{SET_UP}codes/", {"password": PASSWORD}, follow=True)

    assert [message.level_tag for message in answer.context["messages"]] == ["warning"]


def test_a_role_that_needs_it_is_led_to_set_it_up_before_anything_else(client, staff, settings):
    settings.LOGIN_SECOND_FACTOR_ROLES = ["ADMINISTRATOR"]
    log_in(client)

    urls = ("/", "/admin/", "/accounts/sessions/", "/accounts/profile/", "/accounts/service-keys/")
    assert [client.get(url).url for url in urls] == [SET_UP] * len(urls)
    assert client.get(SET_UP).status_code == 200
    totp = TOTP(unhexlify(client.session[login_state.OFFERED_KEY]))
    totp.time = time.time()
    client.post(SET_UP, {"code": f"{totp.token():06}"})

    assert [client.get(url).status_code for url in urls] == [200] * len(urls)


def test_a_session_that_has_not_shown_it_opens_no_administration(client, staff, settings):
    set_up(staff)
    client.force_login(staff)
    assert client.get("/admin/").status_code == 200
    settings.LOGIN_SECOND_FACTOR_ROLES = ["ADMINISTRATOR"]

    assert client.get("/admin/").url == STEP
    client.post(STEP, {"code": code()})

    assert client.get("/admin/").status_code == 200


def test_other_roles_are_not_asked(client, settings):
    settings.LOGIN_SECOND_FACTOR_ROLES = ["ADMINISTRATOR"]
    make_staff("AUDITOR", employee_number="E1", password=PASSWORD)

    assert log_in(client).url == "/"
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("networks", "address", "needs"),
    [
        ([], "203.0.113.9", False),
        (["10.0.0.0/8"], "10.1.2.3", False),
        (["10.0.0.0/8"], "203.0.113.9", True),
        (["10.0.0.0/8", "2001:db8::/32"], "2001:db8::1", False),
        (["10.0.0.0/8"], "::ffff:10.1.2.3", False),
        (["10.0.0.0/8"], "", True),
    ],
)
def test_outside_the_trusted_networks_everybody_needs_it(settings, networks, address, needs):
    settings.LOGIN_TRUSTED_NETWORKS = networks

    assert second_factor.needs_second_factor(make_staff("FP"), address) is needs


def test_who_moves_out_of_the_trusted_networks_must_show_it_there(client, staff, settings):
    settings.LOGIN_TRUSTED_NETWORKS = ["10.0.0.0/8"]
    set_up(staff)
    client.force_login(staff)

    assert client.get("/", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert client.get("/", REMOTE_ADDR="203.0.113.9").url == STEP


def test_an_administrator_resets_it_and_the_person_is_signed_out(client, staff):
    other = make_staff("FP", employee_number="E2", password=PASSWORD)
    set_up(other)
    place = Client()
    place.force_login(other)
    place.get("/")
    client.force_login(staff)

    client.post(f"/accounts/staff/{other.pk}/access/second-factor/reset/", {"reason": "휴대전화 분실"})

    assert not second_factor.has_second_factor(other)
    assert StaticToken.objects.count() == 0
    assert place.get("/").status_code == 302
    told = place.get("/accounts/login/").context["signed_out"]
    assert told == why_signed_out(StaffSession.Ending.FACTOR_RESET)
    change = RightsChange.objects.get(kind="SECOND_FACTOR_RESET")
    assert (change.staff, change.by, change.reason) == (other, staff, "휴대전화 분실")


def test_nobody_resets_their_own(client, staff):
    set_up(staff)
    client.force_login(staff)

    assert client.post(f"/accounts/staff/{staff.pk}/access/second-factor/reset/", {"reason": "x"}).status_code == 403
    with pytest.raises(services.OwnAccess):
        services.reset_second_factor(staff=staff, by=staff, at=timezone.now(), reason="x")
    assert second_factor.has_second_factor(staff)


def test_the_keys_of_second_factors_stand_in_no_table_of_the_administration(client):
    client.force_login(make_staff(is_superuser=True, is_staff=True))

    assert [client.get(f"/admin/otp_{kind}/").status_code for kind in ("totp", "static")] == [404, 404]


def test_unlocking_forgets_wrong_codes_too(staff):
    set_up(staff)
    with pytest.raises(services.WrongCode):
        services.check_second_factor(staff=staff, code="000000" if code() != "000000" else "000001")

    services.unlock_login(staff=staff, by=make_staff("ADMINISTRATOR"), at=timezone.now(), reason="x")

    assert services.check_second_factor(staff=staff, code=code()) is False


def test_the_key_of_the_app_is_sealed_for_its_owner(staff):
    set_up(staff)
    app = AuthenticatorApp.objects.get()
    assert (len(app.key), app.bin_key.hex()) == (80, KEY)
    assert KEY not in app.key

    app.user_id = make_staff().pk

    with pytest.raises(CannotOpenKey):
        str(app.bin_key)


def test_a_key_that_cannot_be_opened_any_more_lets_nobody_in(client, staff):
    set_up(staff)
    AuthenticatorApp.objects.update(key="00" * 40)
    log_in(client)

    answer = client.post(STEP, {"code": code()})

    assert list(answer.context["form"].errors) == ["code"]
    assert not is_signed_in(client)
