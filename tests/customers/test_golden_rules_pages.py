"""The pages of the rules of survivorship: who may do what, drafting, rehearsing, publishing, going back."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from customers import paging
from customers.models import Customer, GoldenRules, Rehearsal
from customers.services import golden_rehearsals, golden_rules, golden_stock
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, feed, make_rrn, person
from tests.customers.golden.permits import login, permitted
from tests.customers.matching import said, words

pytestmark = pytest.mark.usefixtures("master")
LIST, DRAFT, BACK = "/customers/golden-rules/", "/customers/golden-rules/draft/", "/customers/golden-rules/roll-back/"
BY_TRUST = {"mobile": ["TRUST", "RECENCY", "CERTAINTY"]}


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Versions of one number differ between tests, though never within an installation."""
    golden_rules.version_of.cache_clear()
    cache.delete(golden_stock.PROGRESS_KEY)


@pytest.fixture
def customer() -> Customer:
    """A customer whose mobile the draft would change."""
    rrn = make_rrn("850302", 2)
    feed([person(source_key="P", rrn=rrn, mobile="010-1111-2222")])
    feed([person(source_key="T", rrn=rrn, mobile="010-3333-4444", as_of="2026-11-02")], "TM")
    return Customer.objects.get()


def make_draft(definition: dict[str, object] = BY_TRUST, **fields: object) -> GoldenRules:
    by = fields.pop("by", None) or make_staff(name="정다은")
    return golden_rules.draft_rules(by=by, at=NOW, definition=definition, comment="신뢰도를 앞세움")


def make_rehearsed(**fields: object) -> tuple[GoldenRules, Rehearsal]:
    """A draft with a rehearsal that has finished."""
    rules = make_draft(**fields)
    rehearsal = golden_rehearsals.request_golden_rehearsal(rules=rules, by=rules.created_by, at=NOW)
    return rules, golden_rehearsals.rehearse_golden(rehearsal=rehearsal)


def page_of(rules: GoldenRules, tail: str = "") -> str:
    return f"{LIST}{rules.version}/{tail}"


def typed(**ranks: list[str]) -> dict[str, str]:
    """A form of a draft: the shipped rules but for these. {item: components in order}"""
    form = login("view_goldenrules", "add_goldenrules").get(DRAFT).context["form"]
    sent = {field.html_name: field.value() for rank in form.ranks for field in rank}
    for item, names in ranks.items():
        places = [name for name in sent if name.startswith(f"{item}-")]
        sent |= dict(zip(places, [*names, *[""] * len(places)], strict=False))
    return sent | {"comment": "신뢰도를 앞세움"}


@pytest.mark.parametrize(
    ("permissions", "views", "writes", "publishes"),
    [
        ((), 403, 403, 403),
        (("view_goldenrules",), 200, 403, 403),
        (("view_goldenrules", "add_goldenrules"), 200, 302, 403),
        (("view_goldenrules", "publish_goldenrules"), 200, 403, 302),
    ],
)
def test_each_permission_opens_what_it_opens(customer, permissions, views, writes, publishes):
    rules, rehearsal = make_rehearsed()
    client = login(*permissions)

    seen = [LIST, page_of(rules), f"{LIST}0/", f"{LIST}rehearsals/{rehearsal.pk}/mobile/"]
    assert [client.get(page).status_code for page in seen] == [views] * 4
    assert client.get(DRAFT).status_code == (200 if writes == 302 else 403)
    assert client.post(page_of(rules, "rehearse/")).status_code == writes
    assert client.post(page_of(rules, "publish/")).status_code == publishes
    assert client.post(BACK).status_code == publishes


def test_what_is_unknown_is_not_found(customer):
    rules, rehearsal = make_rehearsed()
    client = login("view_goldenrules", "add_goldenrules", "publish_goldenrules")
    pages = [f"{LIST}9/", f"{DRAFT}?from=9", f"{LIST}rehearsals/{rehearsal.pk}/email/", f"{LIST}rehearsals/0/mobile/"]

    assert [client.get(page).status_code for page in pages] == [404] * 4
    assert [client.post(f"{LIST}{version}/{act}/").status_code for version in (0, 9) for act in ("rehearse", "publish")]
    assert client.get(page_of(rules, "publish/")).status_code == 405


def test_the_list_begins_with_the_rules_that_hannun_brings():
    page = login("view_goldenrules").get(LIST)

    assert [(line.version, line.state) for line in page.context["lines"]] == [(0, "LIVE")]
    assert "shipped rules" in words(page)


def test_the_list_shows_versions_newest_first_with_what_they_change(customer):
    make_rehearsed()
    make_draft({"email": ["TRUST"], "name": "CONTACT"})

    lines = login("view_goldenrules").get(LIST).context["lines"]

    assert [(line.version, line.state, line.changed, line.rehearsed) for line in lines] == [
        (2, "DRAFT", "Name · E-mail", None),
        (1, "DRAFT", "Mobile", 1),
        (0, "LIVE", "", None),
    ]


def test_the_list_needs_as_many_queries_for_three_as_for_one(customer):
    client = login("view_goldenrules")
    make_rehearsed()
    client.get(LIST)
    counts = []
    for more in (0, 2):
        for _number in range(more):
            make_rehearsed()
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_list_is_paged(monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    for _number in range(3):
        make_draft()
    client = login("view_goldenrules")

    first = client.get(LIST)
    second = client.get(f"{LIST}?older_than={first.context['page'].older_than}")

    assert [[line.version for line in page.context["lines"]] for page in (first, second)] == [[3, 2], [1, 0]]


def test_a_draft_is_written_item_by_item():
    client = login("view_goldenrules", "add_goldenrules")

    answer = client.post(DRAFT, typed(mobile=["TRUST", "", "RECENCY"]))

    rules = GoldenRules.objects.get()
    assert (answer.status_code, answer.url) == (302, page_of(rules))
    assert (rules.definition["mobile"], rules.definition["email"]) == (["TRUST", "RECENCY"], "CONTACT")
    assert rules.comment == "신뢰도를 앞세움"
    report = client.get(answer.url).context["report"]
    assert [(rule.label, rule.order, rule.live) for rule in report.rules if rule.differs] == [
        ("Mobile", ("Trust of the source", "Recency"), ("Certainty", "Recency", "Trust of the source"))
    ]


def test_a_draft_begins_with_any_version():
    rules = make_draft()

    form = login("view_goldenrules", "add_goldenrules").get(f"{DRAFT}?from={rules.version}").context["form"]

    mobile = next(rank for rank in form.ranks if rank.item.code == "mobile")
    assert [field.value() for field in mobile] == ["TRUST", "RECENCY", "CERTAINTY", ""]


@pytest.mark.parametrize(
    ("ranks", "comment", "wrong"),
    [
        ({"mobile": ["TRUST", "TRUST"]}, "neu", {"mobile": ["Each may be chosen once."]}),
        ({"mobile": []}, "neu", {"mobile": ["Choose what counts first."]}),
        (
            {"marketing_consent_on": ["LATEST_VALUE", "RECENCY", "TRUST"]},
            "neu",
            {
                "marketing_consent_on": [
                    "Beside the latest date there is room for the recency alone, or for all others."
                ]
            },
        ),
    ],
)
def test_a_draft_with_faults_is_shown_again(ranks, comment, wrong):
    client = login("view_goldenrules", "add_goldenrules")

    answer = client.post(DRAFT, typed(**ranks) | {"comment": comment})

    with override("en"):
        found = {rank.item.code: list(map(str, rank.non_field_errors())) for rank in answer.context["form"].ranks}
    assert {item: errors for item, errors in found.items() if errors} == wrong
    assert "Some rules cannot be used. They are marked below." in words(answer)
    assert GoldenRules.objects.count() == 0


def test_a_draft_that_changes_nothing_or_says_nothing_is_refused():
    client = login("view_goldenrules", "add_goldenrules")

    same = client.post(DRAFT, typed())
    silent = client.post(DRAFT, typed(mobile=["TRUST"]) | {"comment": ""})

    assert "This is what the rules in use say already." in words(same)
    assert list(silent.context["form"].errors) == ["comment"]
    assert GoldenRules.objects.count() == 0


def test_a_rehearsal_is_requested_shown_at_work_and_over(customer):
    rules = make_draft()
    client = login("view_goldenrules", "add_goldenrules")

    answer = client.post(page_of(rules, "rehearse/"), follow=True)

    rehearsal = Rehearsal.objects.get()
    assert said(answer) == ["The rehearsal was queued. It changes nothing."]
    assert 'hx-trigger="every 1500ms"' in answer.content.decode()
    golden_rehearsals.rehearse_golden(rehearsal=rehearsal)
    part = client.get(page_of(rules), headers={"HX-Request": "true", "HX-Target": "golden-rules"})
    assert [template.name for template in part.templates][0] == "customers/_golden_rules.html"
    assert "hx-trigger" not in part.content.decode()
    assert "The rehearsal has ended: Done." in words(part)
    report = part.context["report"].rehearsal
    assert [(item.label, item.count, item.samples) for item in report.items] == [("Mobile", 1, 1)]
    assert (report.customers, report.of, report.is_old) == (1, 1, False)


def test_a_rehearsal_of_another_stock_is_marked_as_old(customer):
    rules, _rehearsal = make_rehearsed()
    feed([person(source_key="N", name="박다른", birth_date="1970-01-01")])

    report = login("view_goldenrules").get(page_of(rules)).context["report"]

    assert report.rehearsal.is_old


def test_a_rehearsal_left_behind_can_be_asked_for_again(customer):
    rules, rehearsal = make_rehearsed()
    Rehearsal.objects.filter(pk=rehearsal.pk).update(state="RUNNING", done_share=0.5)

    page = login("view_goldenrules", "add_goldenrules").get(page_of(rules))

    assert page.context["report"].rehearsal.is_left
    assert "Nobody is at it now." in words(page)
    assert f'action="{page_of(rules, "rehearse/")}"' in page.content.decode()


def test_a_failed_rehearsal_says_why(customer):
    rules, rehearsal = make_rehearsed()
    Rehearsal.objects.filter(pk=rehearsal.pk).update(state="FAILED", error="MemoryError", counts={}, samples={})

    page = words(login("view_goldenrules").get(page_of(rules)))

    assert "The memory of the machine did not suffice." in page


def test_examples_are_shown_as_the_reader_may_see_them(customer):
    _rules, rehearsal = make_rehearsed()
    address = f"{LIST}rehearsals/{rehearsal.pk}/mobile/"
    blind = Client()
    blind.force_login(permitted("view_goldenrules", sees_all=False, branch=make_branch()))

    seen = login("view_goldenrules").get(address).context["report"]
    unseen = blind.get(address)

    assert [(line.before, line.before_source, line.after, line.after_source) for line in seen.lines] == [
        (
            "010-3333-4444",
            "Telemarketing(TM) · 2026-11-02",
            "010-1111-2222",
            "Policy administration(POLICY) · 2026-11-01",
        )
    ]
    assert (unseen.context["report"].lines, unseen.context["report"].hidden) == ((), 1)
    assert "1 example lies outside your scope and is not shown." in words(unseen)


def test_the_examples_need_as_many_queries_for_three_as_for_one(customer):
    client = login("view_goldenrules")
    rehearsals = [make_rehearsed()[1]]
    for number in range(2):
        rrn = make_rrn("700101", 1, 40000 + number)
        same = {"rrn": rrn, "name": f"박하{'가나'[number]}", "birth_date": "1970-01-01"}
        feed([person(**same, mobile=f"010-5111-22{number:02}")])
        feed([person(**same, mobile=f"010-6333-44{number:02}", as_of="2026-11-02")], "TM")
    rehearsals.append(make_rehearsed()[1])
    client.get(f"{LIST}rehearsals/{rehearsals[0].pk}/mobile/")
    counts = []
    for rehearsal in rehearsals:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{LIST}rehearsals/{rehearsal.pk}/mobile/")
        counts.append((len(rehearsal.samples["mobile"]), len(queries)))

    assert [samples for samples, _queries in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]


def test_only_buttons_that_work_are_shown(customer):
    author = permitted("view_goldenrules", "add_goldenrules", "publish_goldenrules")
    rules, _rehearsal = make_rehearsed(by=author)
    own, other = Client(), login("view_goldenrules", "publish_goldenrules")
    own.force_login(author)

    buttons = [re.findall(r'action="([^"]+)"', client.get(page_of(rules)).content.decode()) for client in (own, other)]

    ours = [[action for action in actions if action.startswith(LIST)] for actions in buttons]
    assert ours == [[page_of(rules, "rehearse/")], [page_of(rules, "publish/")]]


def test_a_draft_is_published_by_another_person(customer):
    author = permitted("view_goldenrules", "publish_goldenrules")
    rules, _rehearsal = make_rehearsed(by=author)
    own, other = Client(), login("view_goldenrules", "publish_goldenrules")
    own.force_login(author)

    answers = [client.post(page_of(rules, "publish/"), follow=True) for client in (own, other, other)]

    assert [said(answer)[-1] for answer in answers] == [
        "You wrote this draft, so another person must put it to use.",
        "The rules were put to use. All golden values are being chosen again.",
        "This version is no draft any more.",
    ]
    rules.refresh_from_db()
    assert rules.state == "LIVE"


def test_an_unrehearsed_draft_is_not_published(customer):
    rules = make_draft()

    answer = login("view_goldenrules", "publish_goldenrules").post(page_of(rules, "publish/"), follow=True)

    assert said(answer) == ["Rehearse this draft on the stock first."]


def test_the_rules_from_before_come_back_in_one_step(customer):
    rules, _rehearsal = make_rehearsed()
    publisher = permitted("view_goldenrules", "publish_goldenrules")
    golden_rules.publish_rules(rules=rules, by=publisher, at=NOW)
    client = Client()
    client.force_login(publisher)
    assert "Back to the shipped rules" in words(client.get(page_of(rules)))

    answer = client.post(BACK, follow=True)

    assert said(answer) == ["The rules from before are in use again. All golden values are being chosen again."]
    assert list(GoldenRules.objects.order_by("version").values_list("version", "state", "comment")) == [
        (1, "RETIRED", "신뢰도를 앞세움"),
        (2, "LIVE", "↩ v0"),
    ]


def test_rules_that_somebody_rolled_back_meanwhile_are_not_rolled_back_again(customer):
    rules, _rehearsal = make_rehearsed()
    client = login("view_goldenrules", "publish_goldenrules")
    client.post(page_of(rules, "publish/"))
    seen = re.search(r'name="seen" value="(\d+)"', client.get(LIST).content.decode())[1]

    client.post(BACK, {"seen": seen}, follow=True)
    answer = client.post(BACK, {"seen": seen}, follow=True)

    assert seen == str(rules.version)
    assert said(answer) == ["Something changed since you looked. Nothing was done; this is how it is now."]
    assert list(GoldenRules.objects.order_by("version").values_list("state", flat=True)) == ["RETIRED", "LIVE"]


def test_a_resident_number_in_the_words_of_a_draft_is_masked():
    rrn = make_rrn("850302", 2)
    rules = make_draft()
    GoldenRules.objects.update(comment=f"예: {rrn}")
    client = login("view_goldenrules")

    pages = [client.get(url) for url in (LIST, page_of(rules))]

    assert ["850302-2******" in words(page) for page in pages] == [True, True]
    assert [rrn in page.content.decode() for page in pages] == [False, False]


def test_there_is_nothing_before_the_first_rules():
    answer = login("view_goldenrules", "publish_goldenrules").post(BACK, follow=True)

    assert said(answer) == ["The rules in use are the first. There is nothing to go back to."]


def test_the_progress_of_the_stock_is_shown():
    cache.set(golden_stock.PROGRESS_KEY, (250, 1000))

    page = login("view_goldenrules").get(LIST)

    assert page.context["progress"] == 25
    assert 'value="25"' in page.content.decode()
