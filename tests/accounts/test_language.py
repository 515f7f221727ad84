import re

import pytest
from django.test import Client

from accounts.models import Staff
from tests.accounts.builders import make_staff

pytestmark = pytest.mark.django_db
LANGUAGE = "/accounts/language/"


def shown_in(client: Client, path: str = "/accounts/login/", **headers: str) -> str:
    return client.get(path, headers=headers).headers["Content-Language"]


def test_strangers_see_korean_whatever_their_browser_asks_for(client):
    assert shown_in(client, accept_language="en-GB,en;q=0.9") == "ko"


def test_strangers_see_the_language_they_chose_last(client):
    answer = client.post(LANGUAGE, {"language": "en", "next": "/accounts/login/"})

    assert (answer.status_code, answer.url) == (302, "/accounts/login/")
    assert shown_in(client) == "en"
    assert client.cookies["hannun_language"]["httponly"] is True


def test_staff_see_their_own_language_and_not_that_of_the_cookie(client):
    client.cookies["hannun_language"] = "en"
    client.force_login(make_staff(language="ko"))

    assert shown_in(client, "/accounts/profile/", accept_language="en") == "ko"


def test_staff_keep_the_language_they_choose(client):
    staff = make_staff()
    client.force_login(staff)

    client.post(LANGUAGE, {"language": "en", "next": "/accounts/profile/"})

    assert Staff.objects.get().language == "en"
    assert shown_in(client, "/accounts/profile/") == "en"
    assert shown_in(Client()) == "ko"


def test_language_goes_back_to_pages_of_ours_only(client):
    assert client.post(LANGUAGE, {"language": "en", "next": "//elsewhere.example/"}).url == "/"


@pytest.mark.parametrize("language", ["fr", "", "../ko"])
def test_language_refuses_what_we_do_not_speak(client, language):
    assert client.post(LANGUAGE, {"language": language}).status_code == 400
    client.cookies["hannun_language"] = language
    assert shown_in(client) == "ko"


def test_language_needs_a_post_and_the_token_of_the_form():
    assert Client().get(LANGUAGE).status_code == 405
    assert Client(enforce_csrf_checks=True).post(LANGUAGE, {"language": "en"}).status_code == 403


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_language_is_offered_by_its_own_name(client, language):
    client.cookies["hannun_language"] = language

    page = client.get("/accounts/login/").content.decode()

    offered = re.findall(r'<button[^>]* lang="(\w+)".*?(\w+)\s*</button>', page, re.DOTALL)
    assert offered == [("ko", "한국어"), ("en", "English")]
