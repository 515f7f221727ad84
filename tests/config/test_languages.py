"""Every page speaks the language of its reader: Korean unless the reader chose English, and never both at once."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from html.parser import HTMLParser

import pytest
from django.conf import settings as hannun
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import override

from config.messages import HANGUL, LATIN, foreign_words
from customers.models import Customer, FeedRun, Mapping, SourceSystem
from customers.search.examples import EXAMPLES
from customers.standard.regions import REGIONS
from tests.accounts.builders import make_staff
from tests.accounts.test_strangers import ALL

pytestmark = pytest.mark.django_db
VOID = set("area base br col embed hr img input link meta source track wbr".split())
# Machine text: programs, keys of the keyboard, codes, JSON.
UNSPOKEN = {"script", "style", "code", "kbd", "pre", "textarea"}
# Columns of the administration that show data of either language, whatever the reader's.
DATA = {"field-code", "field-english_name", "field-name", "field-survivorship", "field-owner_department"}
SPOKEN_ATTRIBUTES = ("title", "placeholder", "aria-label", "data-label")


class Shown(HTMLParser):
    """What a page says in its own language: texts and titles, without machine text and parts in another language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language, self.texts, self._hidden = language, [], [False]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        hidden = self._hidden[-1] or tag in UNSPOKEN or held.get("lang") not in (None, self.language)
        hidden = hidden or not DATA.isdisjoint((held.get("class") or "").split())
        if not hidden:
            self.texts += [held[name] for name in SPOKEN_ATTRIBUTES if held.get(name)]
        if tag not in VOID:
            self._hidden.append(hidden)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self._hidden) > 1:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self._hidden[-1] and data.strip():
            self.texts.append(data.strip())


def shown_at(client: Client, url: str, language: str) -> list[str]:
    """The texts of a page; empty where there is none for this reader."""
    answer = client.get(url, follow=True)
    if not answer.headers["Content-Type"].startswith("text/html"):
        return []
    page = Shown(language)
    page.feed(answer.content.decode())
    return page.texts


def pages() -> Iterator[str]:
    """The addresses that take no parameter."""
    for name in ALL:
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue


def is_english(word: str) -> bool:
    """Whether a foreign word is a word and not a code or a number: POLICY, E00001, C-000000001-3."""
    return word not in LATIN and not word.isupper() and not re.search(r"[\d_]", word)


@pytest.fixture
def stock() -> list[str]:
    """The set-up of a new installation with one customer, one feed run and one mapping; the pages of these."""
    call_command("setup", verbosity=0)
    now, source = timezone.now(), SourceSystem.objects.get(code="POLICY")
    run = FeedRun.objects.create(
        source=source, layout="customers", file_name="계약", file_path="x", requested_at=now, state="DONE"
    )
    definition = {"columns": {"source_key": {"from": ["고객번호"]}, "name": {"from": ["고객명"]}}}
    mapping = Mapping.objects.create(name="매핑", source=source, layout="customers", definition=definition)
    customer = Customer.objects.create(
        number="0000000013", kind="PERSON", name="박서준", sort_name="박서준", created_at=now, updated_at=now
    )
    return [
        f"{customer.get_absolute_url()}?part=all",
        reverse("customers:feed-detail", args=[run.pk]),
        reverse("customers:mapping-test", args=[mapping.pk]),
    ]


@pytest.mark.parametrize("role", hannun.ROLES)
def test_a_korean_page_says_nothing_in_english(client, stock, role):
    client.force_login(make_staff(role, language="ko"))

    said = {url: shown_at(client, url, "ko") for url in [*pages(), *stock]}

    assert {
        (url, text) for url, texts in said.items() for text in texts if any(map(is_english, foreign_words(text)))
    } == set()


@pytest.mark.parametrize("role", ["DATA_STEWARD", "FP", "ADMINISTRATOR"])
def test_an_english_page_says_nothing_in_korean(client, role):
    client.force_login(make_staff(role, language="en", name="Kim"))

    said = {url: shown_at(client, url, "en") for url in pages()}

    names = {"한국어", *(region.name for region in REGIONS), *(example for example, _meaning in EXAMPLES)}
    assert {
        (url, text) for url, texts in said.items() for text in texts if HANGUL.search(text) and text not in names
    } == set()


def test_a_stranger_is_asked_in_korean_to_log_in(client):
    said = shown_at(client, "/customers/", "ko")

    assert "로그인" in said
    assert [text for text in said if any(map(is_english, foreign_words(text)))] == []


@pytest.mark.parametrize(("language", "title"), [("ko", "화면을 찾을 수 없습니다"), ("en", "There is no such page")])
def test_pages_of_errors_speak_the_language_of_the_reader(client, language, title):
    client.force_login(make_staff(language=language))

    assert title in shown_at(client, "/nowhere/", language)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_dates_and_numbers_are_written_alike_in_both_languages(language):
    with override(language):
        written = [localize(value) for value in (date(2026, 11, 2), datetime(2026, 11, 2, 14, 5), 1234567)]

    assert written == ["2026-11-02", "2026-11-02 14:05", "1,234,567"]


def test_a_faulty_form_says_so_in_korean(client):
    client.force_login(make_staff("ADMINISTRATOR", employee_number="E1"))

    answer = client.post("/admin/accounts/channel/add/", {"code": "lower case"})

    assert answer.context["adminform"].form.errors == {
        "code": ["영문 대문자, 숫자, 하이픈(-), 밑줄(_)만 쓸 수 있습니다."],
        "name": ["필수 항목입니다."],
        "english_name": ["필수 항목입니다."],
    }
