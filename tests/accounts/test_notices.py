"""Notices: told on the home page until they are read, kept on a page of their own."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string
from django.utils.translation import override

from accounts.home import notices as notices_card
from accounts.models import Notice, Staff
from accounts.notice_words import sentence_of
from accounts.services import notices
from tests.accounts.builders import make_staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
WHAT = {"by": "E7", "number": "C-000012345-9", "ends": "2026-11-23 19:00"}


def tell(staff: Staff, number: int = 1, *, at: datetime = AT, url: str = "/customers/") -> list[Notice]:
    """So many notices of emergency access, each a minute after the one before."""
    told = []
    for place in range(number):
        told += notices.notify(staff=[staff], kind="GLASS_BROKEN", at=at + timedelta(minutes=place), what=WHAT, url=url)
    return told


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def test_notify_role_tells_everybody_who_holds_it_and_works_here():
    first, second = make_staff("PRIVACY_OFFICER"), make_staff("PRIVACY_OFFICER")
    make_staff("PRIVACY_OFFICER", is_active=False)
    make_staff("FP")

    notices.notify_role(role="PRIVACY_OFFICER", kind="GLASS_BROKEN", at=AT, what=WHAT)

    assert list(Notice.objects.order_by("pk").values_list("staff", flat=True)) == [first.pk, second.pk]


def test_a_notice_is_a_sentence_and_one_without_words_is_told_plainly():
    [known] = tell(make_staff())
    unknown = Notice(kind="OF_TOMORROW", what={})
    lacking = Notice(kind="GLASS_BROKEN", what={"by": "E7"})

    with override("en"):
        said = [sentence_of(notice) for notice in (known, unknown, lacking)]

    assert said == [
        "Emergency access: E7 opened customer C-000012345-9 until 2026-11-23 19:00. Look whether the reason holds.",
        "There is news for you.",
        "There is news for you.",
    ]


def test_no_two_apps_have_words_for_one_kind():
    kinds = [kind for path in settings.NOTICE_WORDS for kind in import_string(path)]

    assert sorted(set(kinds)) == sorted(kinds)


def test_the_card_shows_unread_notices_newest_first_and_is_hidden_without_any():
    staff = make_staff("FP")
    assert notices_card(staff) is None
    older, newer = tell(staff, 2)
    tell(make_staff("FP"))

    assert [line.notice for line in notices_card(staff).content] == [newer, older]
    notices.read_notice(notice=newer, at=AT)
    assert [line.notice for line in notices_card(staff).content] == [older]


def test_the_card_stands_on_the_home_page():
    staff = make_staff("FP", language="en")
    tell(staff)

    assert "E7 opened customer C-000012345-9" in browser_of(staff).get("/").content.decode()


def test_reading_a_notice_twice_keeps_the_first_instant():
    [notice] = tell(make_staff())

    notices.read_notice(notice=notice, at=AT)
    notices.read_notice(notice=notice, at=AT + timedelta(days=1))

    notice.refresh_from_db()
    assert notice.read_at == AT


def test_look_reads_the_notice_and_leads_where_it_says():
    staff = make_staff("FP")
    [notice] = tell(staff)
    [foreign] = tell(staff, url="https://elsewhere.example/")
    client = browser_of(staff)

    looked = client.post(f"/accounts/notices/{notice.pk}/read/", {"look": ""})
    only_read = client.post(f"/accounts/notices/{notice.pk}/read/")
    led_away = client.post(f"/accounts/notices/{foreign.pk}/read/", {"look": ""})

    assert [answer.url for answer in (looked, only_read, led_away)] == [
        "/customers/",
        "/accounts/notices/",
        "/accounts/notices/",
    ]
    assert not Notice.objects.filter(read_at=None).exists()


def test_all_are_marked_as_read_at_once_and_nobody_elses():
    staff, other = make_staff(language="en"), make_staff()
    tell(staff, 2)
    tell(other)

    page = browser_of(staff).post("/accounts/notices/read/", follow=True).content.decode()

    assert "2 notices were marked as read." in page
    assert list(Notice.objects.filter(read_at=None).values_list("staff", flat=True)) == [other.pk]


def test_the_page_keeps_what_was_read_and_turns_by_id():
    staff = make_staff(language="en")
    client = browser_of(staff)
    empty = client.get("/accounts/notices/").content.decode()
    told = tell(staff, 52)
    notices.read_notices(staff=staff, at=AT + timedelta(days=1))

    first = client.get("/accounts/notices/")
    second = client.get(f"/accounts/notices/{first.context['next_url']}")
    nonsense = client.get("/accounts/notices/?older_than=x")

    assert "No notice has come yet" in empty
    assert [line.notice for line in first.context["lines"]] == told[:1:-1]
    assert [line.notice for line in second.context["lines"]] == told[1::-1]
    assert (second.context["next_url"], second.context["previous_url"], nonsense.status_code) == (None, "?", 200)


def test_the_page_needs_as_many_queries_for_three_rows_as_for_one(django_assert_max_num_queries):
    staff = make_staff()
    client = browser_of(staff)
    tell(staff)
    client.get("/accounts/notices/")
    with django_assert_max_num_queries(10) as one:
        client.get("/accounts/notices/")
    tell(staff, 2)

    with django_assert_max_num_queries(len(one)):
        client.get("/accounts/notices/")


def test_a_notice_of_somebody_else_is_not_found():
    [notice] = tell(make_staff())

    answer = browser_of(make_staff()).post(f"/accounts/notices/{notice.pk}/read/")

    notice.refresh_from_db()
    assert (answer.status_code, notice.read_at) == (404, None)
