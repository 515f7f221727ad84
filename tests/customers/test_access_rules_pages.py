"""The pages of the rules of access: who may do what, drafting in the matrix, differences, two people, replay."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers import paging, reading
from customers.access import SHIPPED, definition_of
from customers.models import AccessRules
from customers.services import access_rules
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW
from tests.customers.golden.permits import login, permitted
from tests.customers.matching import said, words

pytestmark = pytest.mark.usefixtures("master")
LIST, DRAFT, BACK = "/customers/access-rules/", "/customers/access-rules/draft/", "/customers/access-rules/way-back/"
MANAGER = "matrix-OWN-BRANCH_MANAGER-2"


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Versions of one number differ between tests, though never within an installation."""
    for _turn in range(2):
        reading.rules_version.cache_clear()
        cache.delete(reading.RULES_KEY)
        if not _turn:
            yield


def typed(client: Client, **fields: object) -> dict[str, object]:
    """The form of a draft as the page offers it, but for these fields."""
    form = client.get(DRAFT).context["form"]
    parts = [form, form.matrix, *form.exceptions, *form.items, *form.limits]
    sent = {field.html_name: field.value() for part in parts for field in part if field.value() is not None}
    return sent | {"comment": "지점장에게 공개"} | fields


def make_draft(**fields: object) -> AccessRules:
    """A draft that shows branch managers private items of own customers whole."""
    definition = definition_of(SHIPPED)
    for row in definition["rules"]:
        if row[:5] == ["BRANCH_MANAGER", "", 2, "OWN", ""]:
            row[5:] = ["FULL", False]
    defaults = {"by": make_staff(name="정다은"), "at": NOW, "definition": definition, "comment": "지점장에게 공개"}
    return access_rules.draft_rules(**defaults | fields)


def page_of(rules: AccessRules, tail: str = "") -> str:
    return f"{LIST}{rules.version}/{tail}"


@pytest.mark.parametrize(
    ("permissions", "views", "writes", "publishes"),
    [
        ((), 403, 403, 403),
        (("view_accessrules",), 200, 403, 403),
        (("view_accessrules", "add_accessrules"), 200, 302, 403),
        (("view_accessrules", "publish_accessrules"), 200, 403, 302),
    ],
)
def test_each_permission_opens_what_it_opens(permissions, views, writes, publishes):
    rules = make_draft()
    client = login(*permissions)

    assert [client.get(page).status_code for page in (LIST, page_of(rules), f"{LIST}0/")] == [views] * 3
    assert client.get(DRAFT).status_code == (200 if writes == 302 else 403)
    assert client.post(BACK).status_code == writes
    assert client.post(page_of(rules, "publish/")).status_code == publishes


def test_what_is_unknown_is_not_found():
    client = login("view_accessrules", "add_accessrules", "publish_accessrules")

    pages = [client.get(f"{LIST}9/"), client.get(f"{DRAFT}?from=9"), client.post(f"{LIST}9/publish/")]

    assert [page.status_code for page in pages] == [404] * 3


def test_the_list_begins_with_the_rules_that_hannun_brings():
    page = login("view_accessrules").get(LIST)

    assert [(line.version, line.state) for line in page.context["lines"]] == [(0, "LIVE")]


def test_the_list_needs_as_many_queries_for_three_as_for_one():
    client = login("view_accessrules")
    make_draft()
    client.get(LIST)
    counts = []
    for more in (0, 2):
        for _number in range(more):
            make_draft()
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_list_is_paged(monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    for _number in range(3):
        make_draft()
    client = login("view_accessrules")

    first = client.get(LIST)
    second = client.get(f"{LIST}?older_than={first.context['page'].older_than}")

    assert [[line.version for line in page.context["lines"]] for page in (first, second)] == [[3, 2], [1, 0]]


def test_the_form_as_it_is_offered_says_what_is_in_use():
    client = login("view_accessrules", "add_accessrules")

    answer = client.post(DRAFT, typed(client))

    assert "This is what the rules in use say already." in words(answer)
    assert AccessRules.objects.count() == 0


def test_a_draft_is_written_in_the_matrix_and_compared():
    client = login("view_accessrules", "add_accessrules")

    answer = client.post(DRAFT, typed(client, **{MANAGER: "FULL", "item-birth_date-grade": "2"}))

    report = client.get(answer.url).context["report"]
    assert [(one.subject, one.before, one.after, one.tone) for one in report.changes] == [
        ("Branch manager / 2 · private / own customers", "masked, opens with a reason", "whole", "wider"),
        ("Birth date", "3 · internal / birth date", "2 · private / birth date", "narrower"),
    ]
    assert [(one.role, one.wider, one.narrower) for one in report.reach if one.wider] == [("Branch manager", 11, 1)]
    assert (report.of, report.live, report.is_own) == (7 * 32, 0, True)


def test_an_exception_a_limit_and_a_mask_are_kept():
    client = login("view_accessrules", "add_accessrules")
    number = len([rule for rule in SHIPPED.rules if rule.purpose or rule.place])
    more = {
        f"exception{number}-role": "FP",
        f"exception{number}-purpose": "CLAIMS",
        f"exception{number}-grade": "2",
        f"exception{number}-scope": "OWN",
        f"exception{number}-place": "LIST",
        f"exception{number}-cell": "REVEAL",
        "limit1-channel": "GA",
        "limit1-level": "NOTHING",
        "limit1-basis": "NONE",
        "limit1-clause": "위탁계약 제7조",
        "limit1-lifted_by": "개인정보 보호책임자",
        "limit1-items": ["email", "address"],
        "item-mobile-mask": "ALL",
    }

    client.post(DRAFT, typed(client, **more))

    kept = AccessRules.objects.get().definition
    assert ["FP", "CLAIMS", 2, "OWN", "LIST", "MASKED", True] in kept["rules"]
    assert kept["limits"][1] == {
        "channel": "GA",
        "items": ["address", "email"],
        "level": "NOTHING",
        "clause": "위탁계약 제7조",
        "lifted_by": "개인정보 보호책임자",
        "basis": "NONE",
    }
    assert kept["items"] == {"mobile": [2, "ALL"]}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"comment": ""}, ""),
        ({"matrix-OWN-FP-0": "FULL"}, "Some rules cannot be used. They are marked below."),
        ({"exception9-role": "FP", "exception9-grade": "2"}, "An exception names a purpose, a place or both."),
        (
            {
                "exception9-role": "FP",
                "exception9-grade": "0",
                "exception9-purpose": "SALES",
                "exception9-cell": "FULL",
            },
            "Of health and claims no more may be told than that there is something.",
        ),
        ({"limit1-channel": "GA"}, "This is needed."),
        ({"exception9-role": "FP", "exception9-grade": "x"}, "Some rules cannot be used. They are marked below."),
    ],
)
def test_a_draft_with_faults_is_shown_again(more, sentence):
    client = login("view_accessrules", "add_accessrules")

    answer = client.post(DRAFT, typed(client, **{MANAGER: "FULL"} | more))

    assert answer.status_code == 200
    assert sentence in words(answer)
    assert AccessRules.objects.count() == 0


def test_two_exceptions_of_one_thing_are_refused():
    client = login("view_accessrules", "add_accessrules")
    twice = {}
    for number in (9, 10):
        twice |= {
            f"exception{number}-role": "FP",
            f"exception{number}-purpose": "CLAIMS",
            f"exception{number}-grade": "2",
        }
        twice |= {f"exception{number}-scope": "OWN", f"exception{number}-cell": "MASKED"}

    answer = client.post(DRAFT, typed(client, **twice))

    assert "Two rules speak of the same role, purpose, grade, scope and place." in words(answer)


def test_a_draft_is_published_by_another_person():
    author = permitted("view_accessrules", "publish_accessrules")
    rules = make_draft(by=author)
    own, other = Client(), login("view_accessrules", "publish_accessrules")
    own.force_login(author)

    answers = [client.post(page_of(rules, "publish/"), {"seen": "0"}, follow=True) for client in (own, other, other)]

    assert [said(answer)[-1] for answer in answers] == [
        "You wrote this draft, so another person must put it to use.",
        "The rules were put to use. They hold everywhere from now on.",
        "This version is no draft any more.",
    ]


def test_a_draft_whose_differences_are_old_is_shown_again():
    rules, other = make_draft(), make_draft()
    client = login("view_accessrules", "publish_accessrules")
    seen = re.search(r'name="seen" value="(\d+)"', client.get(page_of(rules)).content.decode())[1]
    access_rules.publish_rules(rules=other, by=make_staff(), at=NOW)

    answer = client.post(page_of(rules, "publish/"), {"seen": seen}, follow=True)

    assert said(answer) == [
        "Other rules were put to use since you looked. Nothing was done; this is how the draft differs from them."
    ]
    assert AccessRules.objects.get(pk=rules.pk).state == "DRAFT"


def test_only_buttons_that_work_are_shown():
    author = permitted("view_accessrules", "add_accessrules", "publish_accessrules")
    rules = make_draft(by=author)
    own, other = Client(), login("view_accessrules", "publish_accessrules")
    own.force_login(author)

    found = [re.findall(r'action="([^"]+)"', client.get(page_of(rules)).content.decode()) for client in (own, other)]

    assert [[one for one in actions if one.startswith(LIST)] for actions in found] == [[], [page_of(rules, "publish/")]]


def test_the_way_back_is_drafted_for_a_second_person():
    access_rules.publish_rules(rules=make_draft(), by=make_staff(), at=NOW)
    client = login("view_accessrules", "add_accessrules")

    answer = client.post(BACK, follow=True)

    assert said(answer) == ["The rules from before were drafted. Another person can put them to use."]
    assert AccessRules.objects.get(state="DRAFT").comment == "↩ v0"
    assert answer.context["report"].changes[0].after == "masked, opens with a reason"


def test_there_is_nothing_before_the_first_rules():
    answer = login("view_accessrules", "add_accessrules").post(BACK, follow=True)

    assert said(answer) == ["The rules in use are the first. There is nothing to go back to."]


@pytest.mark.parametrize(
    ("day", "version"), [("2026-11-22", 0), ("2026-11-23", 1), ("9999-12-31", 1), ("2026-13-01", None), ("x", None)]
)
def test_the_list_tells_which_rules_were_in_use_on_a_day(day, version):
    access_rules.publish_rules(rules=make_draft(), by=make_staff(), at=NOW + timedelta(hours=1))

    page = login("view_accessrules").get(LIST, {"on": day})

    assert page.context["was"] == version


def test_a_resident_number_in_the_words_of_a_draft_is_masked():
    rules = make_draft(comment="예: 850302-2123456")
    client = login("view_accessrules")

    pages = [client.get(url).content.decode() for url in (LIST, page_of(rules))]

    assert ["850302-2123456" in page for page in pages] == [False, False]
