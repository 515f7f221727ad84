"""Sessions: how long they last, how many there may be, who ends them, and what their user is told."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.browsers import browser_in_words
from accounts.login_state import ACTED_AT
from accounts.models import RightsChange, Staff, StaffSession
from accounts.words import why_signed_out
from tests.accounts.builders import PASSWORD, make_staff

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
Ending = StaffSession.Ending


@pytest.fixture
def staff() -> Staff:
    return make_staff("AUDITOR", employee_number="E1", password=PASSWORD)


def signed_in(staff: Staff, **extra: str) -> Client:
    """A browser of `staff` that has opened a page."""
    client = Client(**extra)
    client.force_login(staff)
    client.get("/accounts/profile/")
    return client


def acted(client: Client, at: datetime) -> None:
    """Let the last act of the person have been at that instant."""
    session = client.session
    session[ACTED_AT] = at.timestamp()
    session.save()


def acted_at(client: Client) -> float:
    return client.session[ACTED_AT]


def told(client: Client) -> str:
    """What the login page tells this browser, once."""
    return client.get(LOGIN).context["signed_out"]


def endings() -> list[str]:
    return list(StaffSession.objects.order_by("pk").values_list("ended_because", flat=True))


def test_a_session_is_entered_with_its_place_and_browser_and_without_its_key(staff):
    client = signed_in(staff, REMOTE_ADDR="10.1.2.3", HTTP_USER_AGENT="Mozilla/5.0 " + "x" * 400)

    row = StaffSession.objects.get()
    assert (row.staff, row.address, len(row.user_agent)) == (staff, "10.1.2.3", 200)
    assert row.key_hash == services.fingerprint(client.session.session_key)
    assert client.session.session_key not in str(StaffSession.objects.values_list().get())


def test_a_session_ends_after_ten_idle_minutes(staff, settings):
    client, now = signed_in(staff), timezone.now()

    acted(client, now - timedelta(seconds=settings.LOGIN_IDLE_SECONDS - 2))
    assert client.get("/accounts/profile/").status_code == 200
    acted(client, now - timedelta(seconds=settings.LOGIN_IDLE_SECONDS + 1))
    answer = client.get("/accounts/profile/")

    assert (answer.status_code, answer.url) == (302, f"{LOGIN}?next=/accounts/profile/")
    assert (endings(), told(client), told(client)) == (["IDLE"], why_signed_out(Ending.IDLE), "")


def test_a_session_ends_after_eight_hours_of_work(staff, settings):
    client = signed_in(staff)
    StaffSession.objects.update(started_at=timezone.now() - timedelta(seconds=settings.LOGIN_LONGEST_SECONDS))

    assert client.get("/").status_code == 302
    assert (endings(), told(client)) == (["TOO_LONG"], why_signed_out(Ending.TOO_LONG))


def test_only_a_person_keeps_a_session_alive(staff, settings):
    client = signed_in(staff)
    before = timezone.now() - timedelta(seconds=settings.LOGIN_IDLE_SECONDS / 2)
    acted(client, before)

    client.get("/accounts/profile/", headers={"X-Hannun-Background": "1"})
    by_the_page = acted_at(client)
    client.post("/accounts/stay/")

    assert by_the_page == before.timestamp()
    assert acted_at(client) > before.timestamp() + 1


def test_acts_close_together_are_written_down_once(staff, settings):
    client = signed_in(staff)
    soon = timezone.now() - timedelta(seconds=settings.LOGIN_IDLE_SECONDS / 100)
    acted(client, soon)

    client.get("/accounts/profile/")

    assert acted_at(client) == soon.timestamp()


def test_the_row_of_a_session_is_touched_at_most_once_a_minute(staff):
    client, row = signed_in(staff), StaffSession.objects.get()

    for seconds in (59, 61):
        StaffSession.objects.update(last_seen_at=timezone.now() - timedelta(seconds=seconds))
        before = StaffSession.objects.get().last_seen_at
        client.get("/accounts/profile/")
        row.refresh_from_db()
        assert (row.last_seen_at != before) is (seconds == 61)


def test_a_page_that_tells_of_idleness_ends_the_session_and_leads_back(staff):
    client = signed_in(staff)

    answer = client.post("/accounts/idle/", {"next": "/customers/?q=1"})

    assert (answer.status_code, answer.url) == (302, f"{LOGIN}?next=/customers/%3Fq%3D1")
    assert (endings(), told(client)) == (["IDLE"], why_signed_out(Ending.IDLE))


def test_a_page_that_tells_of_idleness_never_leads_elsewhere(staff):
    answer = signed_in(staff).post("/accounts/idle/", {"next": "https://elsewhere.example/"})

    assert answer.url == f"{LOGIN}?next=/"


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/customers/feeds/upload/?a=1", "/customers/feeds/upload/%3Fa%3D1"),
        ("http://elsewhere.example/customers/", "/"),
        ("http://[no-address", "/"),
        ("", "/"),
    ],
)
def test_what_is_sent_after_the_end_leads_back_to_the_page_with_the_form(staff, referer, back):
    client = signed_in(staff)
    StaffSession.objects.update(ended_at=timezone.now(), ended_because=Ending.BY_ADMINISTRATOR)

    answer = client.post("/accounts/sessions/end/", headers={"Referer": referer})

    assert answer.url == f"{LOGIN}?next={back}"


def test_logging_out_ends_the_session_and_tells_nothing(staff):
    client = signed_in(staff)

    client.post("/accounts/logout/")

    assert (endings(), told(client)) == (["SIGNED_OUT"], "")


def test_a_fourth_place_ends_the_oldest_and_tells_it_why(staff):
    places = [signed_in(staff) for _place in range(4)]

    assert [place.get("/accounts/profile/").status_code for place in places] == [302, 200, 200, 200]
    assert (endings(), told(places[0])) == (["TOO_MANY", "", "", ""], why_signed_out(Ending.TOO_MANY))


def test_places_of_others_do_not_count(staff):
    for _place in range(3):
        signed_in(staff)
    signed_in(make_staff())

    assert endings() == [""] * 4


def test_where_i_am_signed_in_marks_this_place_and_ends_another(staff):
    here, there = signed_in(staff), signed_in(staff)
    stranger = StaffSession.objects.get(pk=StaffSession.objects.latest("pk").pk)

    page = here.get("/accounts/sessions/")
    assert page.context["present"].key_hash == services.fingerprint(here.session.session_key)
    assert len(page.context["sessions"]) == 2
    answer = here.post(f"/accounts/sessions/{stranger.pk}/end/", follow=True)

    assert [message.level_tag for message in answer.context["messages"]] == ["success"]
    assert there.get("/").status_code == 302
    assert told(there) == why_signed_out(Ending.BY_OWNER)
    again = here.post(f"/accounts/sessions/{stranger.pk}/end/", follow=True)
    assert [message.level_tag for message in again.context["messages"]] == ["warning"]


def test_all_others_are_ended_at_once(staff):
    here, *others = (signed_in(staff) for _place in range(3))

    here.post("/accounts/sessions/end/")

    assert [one.get("/accounts/profile/").status_code for one in (here, *others)] == [200, 302, 302]


def test_a_session_of_somebody_else_is_not_there_to_be_ended(staff):
    signed_in(make_staff())
    other = StaffSession.objects.get()

    assert signed_in(staff).post(f"/accounts/sessions/{other.pk}/end/").status_code == 404
    assert StaffSession.objects.get(pk=other.pk).ended_at is None


def test_the_list_needs_as_many_queries_for_three_sessions_as_for_one(
    staff, django_assert_max_num_queries, django_assert_num_queries
):
    client = signed_in(staff)
    client.get("/accounts/sessions/")
    with django_assert_max_num_queries(20) as first:
        client.get("/accounts/sessions/")
    for key in ("a", "b"):
        services.open_session(staff=staff, key=key, at=timezone.now(), address="", user_agent="")

    with django_assert_num_queries(len(first)):
        assert len(client.get("/accounts/sessions/").context["sessions"]) == 3


def test_an_administrator_ends_a_session_for_a_reason_that_is_recorded(staff):
    admin, place = make_staff("ADMINISTRATOR"), signed_in(staff)
    row = StaffSession.objects.get()
    client = signed_in(admin)
    url = f"/accounts/staff/{staff.pk}/access/sessions/{row.pk}/end/"

    without = client.post(url, follow=True)
    assert ([message.level_tag for message in without.context["messages"]], endings()[0]) == (["error"], "")
    client.post(url, {"reason": "분실 신고"})

    assert (place.get("/").status_code, told(place)) == (302, why_signed_out(Ending.BY_ADMINISTRATOR))
    change = RightsChange.objects.get(kind="SESSION_ENDED")
    assert (change.staff, change.by, change.reason) == (staff, admin, "분실 신고")
    assert client.get(f"/accounts/staff/{staff.pk}/access/").context["ended"][0] == row


def test_the_address_names_the_session_of_that_person_or_nothing(staff):
    signed_in(staff)
    row, other = StaffSession.objects.get(), make_staff()

    answer = signed_in(make_staff("ADMINISTRATOR")).post(
        f"/accounts/staff/{other.pk}/access/sessions/{row.pk}/end/", {"reason": "x"}
    )

    assert answer.status_code == 404


def test_an_account_that_is_closed_in_the_administration_is_signed_out_at_once(staff):
    place = signed_in(staff)
    form = {"employee_number": "E1", "name": staff.name, "language": "ko", "roles": ["AUDITOR"]}

    signed_in(make_staff("ADMINISTRATOR")).post(f"/admin/accounts/staff/{staff.pk}/change/", form)

    assert Staff.objects.get(pk=staff.pk).is_active is False
    assert endings()[0] == "DEACTIVATED"
    assert (place.get("/").status_code, told(place)) == (302, why_signed_out(Ending.DEACTIVATED))


def test_an_account_that_is_closed_past_the_services_is_signed_out_too(staff):
    place = signed_in(staff)
    Staff.objects.update(is_active=False)

    assert (place.get("/").status_code, told(place)) == (302, why_signed_out(Ending.DEACTIVATED))
    assert endings() == ["DEACTIVATED"]


@pytest.mark.parametrize("role", ["FP", "AUDITOR", "PRIVACY_OFFICER"])
def test_others_neither_see_nor_end_the_sessions_of_a_person(staff, role):
    signed_in(staff)
    row = StaffSession.objects.get()
    client = signed_in(make_staff(role))

    answers = [
        client.get(f"/accounts/staff/{staff.pk}/access/"),
        client.post(f"/accounts/staff/{staff.pk}/access/sessions/{row.pk}/end/", {"reason": "x"}),
        client.post(f"/accounts/staff/{staff.pk}/access/unlock/", {"reason": "x"}),
        client.post(f"/accounts/staff/{staff.pk}/access/second-factor/reset/", {"reason": "x"}),
        client.post(f"/accounts/staff/{staff.pk}/access/password/", {"reason": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5


def test_an_administrator_does_not_act_on_a_superuser(staff):
    root = make_staff(is_superuser=True)
    client = signed_in(make_staff("ADMINISTRATOR"))

    assert client.get(f"/accounts/staff/{root.pk}/access/").context["may_act"] is False
    assert client.post(f"/accounts/staff/{root.pk}/access/password/", {"reason": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML) Chrome/142.0 Safari/537.36",
            "Chrome 142, Windows",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/141.0",
            "Edge 141, Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18.1 Safari/605",
            "Safari 18, macOS",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile Safari/604",
            "Safari 17, iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Whale/3.1 Safari/537", "Whale 3, Android"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_browsers_are_named_in_words(user_agent, words):
    assert browser_in_words(user_agent) == words
