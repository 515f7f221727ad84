"""Customers whom nobody keeps: counted by reason, given out by the rules, or explained for a time."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Staff
from customers.models import Customer
from customers.numbering import written_number
from relations.keeper_cards import orphans as orphans_card
from relations.models import Keeper, OrphanNote, Prospect
from relations.reports import orphans as reports
from relations.reports.orphans import OrphanCounts, orphan_counts, orphans_among
from relations.services import orphans
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, make_customer
from tests.customers.stewarding import merge, unmerge
from tests.relations.keeping import browser_of, make_kept, make_places, make_planner, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
TODAY = timezone.localdate(NOW)


@pytest.fixture
def company(master: None) -> dict[str, object]:
    """A branch with a planner who works and one who left; a customer of each, one of nobody, one of somebody unknown,
    all with contracts, and one without a contract."""
    found: dict[str, object] = dict(make_places())
    found["manager"] = make_staff("BRANCH_MANAGER", branch=found["one"], employee_number="M1", language="en")
    found["lead"] = make_staff("STEWARD_LEAD", branch=found["head"], employee_number="L1", language="en")
    found["F1"] = make_planner("F1", found["one"])
    make_planner("F2", found["one"], is_active=False)
    keys = {"kept": "F1", "left": "F2", "unknown": "F9", "nobody": ""}
    found |= {name: make_kept(planner, "B001")[0] for name, planner in keys.items()}
    found["idle"] = make_kept("", "B001", with_contracts=False)[0]
    return found


def reasons(viewer: Staff) -> dict[int, str]:
    rows = orphans_among(Customer.objects.visible_to(viewer), on=TODAY)
    return {row.pk: row.reason for row in rows}


def test_an_orphan_has_a_contract_or_a_prospect_and_no_keeper_who_works_here(company):
    expected = {company["left"].pk: "LEFT", company["unknown"].pk: "UNKNOWN", company["nobody"].pk: "NOBODY"}
    assert reasons(company["lead"]) == expected
    assert reasons(company["manager"]) == expected
    words = {"state": "ACTIVE", "answer": "NONE", "path": "VISIT", "consent_method": "PAPER", "consent_evidence": "1"}
    days = {"acquired_on": TODAY, "consented_on": TODAY, "expires_on": TODAY, "registered_at": NOW}
    Prospect.objects.create(
        number="P1", fp=company["F1"], customer=company["idle"], consent_items=["name"], **words, **days
    )

    assert reasons(company["lead"]) == expected | {company["idle"].pk: "NOBODY"}
    assert orphan_counts(company["lead"], on=TODAY) == OrphanCounts({"NOBODY": 2, "UNKNOWN": 1, "LEFT": 1}, 0)


def test_orphans_are_given_out_by_the_rules_with_the_points_kept(company):
    given = orphans.assign_orphans(customer_ids=None, by=company["manager"], at=NOW)

    assert given == orphans.GivenOut(assigned=3, left=0)
    assert orphan_counts(company["lead"], on=TODAY).open == 0
    rows = Keeper.objects.filter(why="ORPHAN")
    assert {row.staff.employee_number for row in rows} == {"F1"}
    assert '["BRANCH", 30]' in rows[0].note
    assert Customer.objects.visible_to(Staff.objects.get(pk=company["F1"].pk)).count() == 4
    with pytest.raises(orphans.NoOrphans):
        orphans.assign_orphans(customer_ids=[company["kept"].pk], by=company["manager"], at=NOW)


def test_whoever_finds_nobody_with_room_stays_counted(company, settings):
    settings.KEEPER_CAPACITY = 2

    assert orphans.assign_orphans(customer_ids=None, by=company["manager"], at=NOW) == orphans.GivenOut(1, 2)
    assert orphan_counts(company["lead"], on=TODAY).open == 2


def test_an_explanation_holds_until_its_day_and_then_the_customer_counts_again(company):
    given = {"why": "DIGITAL", "by": company["manager"], "at": NOW}
    ids = [company["nobody"].pk]

    for until in (TODAY - timedelta(days=1), TODAY + timedelta(days=91)):
        with pytest.raises(orphans.UntilRefused):
            orphans.explain_orphans(customer_ids=ids, until=until, **given)
    orphans.explain_orphans(customer_ids=ids, until=TODAY, note="온라인 선호", **given)
    orphans.explain_orphans(customer_ids=ids, until=TODAY + timedelta(days=5), **given)

    assert list(OrphanNote.objects.order_by("pk").values_list("note", "ended_at")) == [("온라인 선호", NOW), ("", None)]
    assert orphan_counts(company["lead"], on=TODAY) == OrphanCounts({"NOBODY": 0, "UNKNOWN": 1, "LEFT": 1}, 1)
    assert orphan_counts(company["lead"], on=TODAY + timedelta(days=6)).open == 3
    with pytest.raises(orphans.NoOrphans):
        orphans.explain_orphans(customer_ids=[company["kept"].pk], until=TODAY, **given)
    orphans.assign_orphans(customer_ids=ids, by=company["manager"], at=NOW)
    assert OrphanNote.objects.filter(ended_at=None).count() == 0


def test_a_merge_keeps_one_explanation_and_an_unmerge_gives_exactly_back(company):
    ids = [company["nobody"].pk, company["unknown"].pk]
    orphans.explain_orphans(customer_ids=ids, why="DIGITAL", until=TODAY, by=company["lead"], at=NOW)
    orphans.explain_orphans(customer_ids=ids[:1], why="CLOSING", until=TODAY, by=company["lead"], at=NOW)
    rows = list(OrphanNote.objects.order_by("pk").values())

    merge(company["unknown"], company["nobody"], by=company["lead"])
    held = OrphanNote.objects.order_by("pk").values_list("customer", "ended_at")
    assert [(customer, ended is None) for customer, ended in held] == [(ids[1], True), (ids[1], False), (ids[0], True)]
    unmerge(company["nobody"], by=company["lead"])

    assert list(OrphanNote.objects.order_by("pk").values()) == rows


def test_a_stranger_sees_no_orphans_and_gives_none_out(company):
    url = reverse("relations:orphan-list")
    planner, officer = browser_of(company["F1"]), browser_of(make_staff("COMPLIANCE_OFFICER"))

    assert planner.get(url).status_code == 403
    assert officer.get(url).status_code == 200
    for name in ("orphan-assign", "orphan-explain"):
        assert officer.post(reverse(f"relations:{name}"), {"customer": company["left"].pk}).status_code == 403
    far = browser_of(make_staff("BRANCH_MANAGER", branch=company["far"]))
    far.post(reverse("relations:orphan-assign"), {"customer": company["left"].pk})
    assert Keeper.objects.filter(why="ORPHAN").count() == 0


def test_the_page_narrows_explains_and_gives_out(company):
    manager, url = browser_of(company["manager"]), reverse("relations:orphan-list")

    assert [line.pk for line, _reason in manager.get(url + "?reason=LEFT").context["lines"]] == [company["left"].pk]
    assert manager.post(reverse("relations:orphan-explain"), {"customer": company["left"].pk}).status_code == 200
    until = timezone.localdate() + timedelta(days=3)
    explained = {"customer": company["left"].pk, "why": "CLOSING", "until": f"{until}", "note": "해지 예정"}
    manager.post(reverse("relations:orphan-explain"), explained)
    assert "해지 예정" in manager.get(url + "?explained=yes").content.decode()
    assert len(manager.get(url).context["lines"]) == 2
    manager.post(reverse("relations:orphan-assign"), {"all": "1"})
    assert b"Nobody is left without an explanation" in manager.get(url).content


def test_the_list_costs_the_same_for_one_and_for_three(company):
    manager, url = browser_of(company["manager"]), reverse("relations:orphan-list") + "?reason=NOBODY"
    before = queries_of(manager, url)
    make_kept("", "B001", 2)

    assert queries_of(manager, url) == before


@pytest.mark.parametrize("few", [0, 5_000])
def test_what_takes_long_to_count_is_known_from_lately_until_it_is_counted_anew(company, monkeypatch, few):
    for name, value in {"LONG": -1.0, "KEPT_TIMES": 1_000_000, "FEW": few}.items():
        monkeypatch.setattr(reports, name, value)
    lead, today = company["lead"], timezone.localdate()
    browser, url = browser_of(lead), reverse("relations:orphan-list")
    assert len(browser.get(url + "?part=all").context["lines"]) == 3

    make_kept("", "B001")
    orphans.assign_orphans(customer_ids=[company["left"].pk], by=lead, at=timezone.now())

    page = browser.get(url).context
    assert page["counts"].open == 3
    # Of the few that are known by name nobody is told who has a keeper by now.
    assert len(page["lines"]) == (2 if few else 3)
    assert browser.get(url + "?explained=yes").context["lines"] == []
    reports.count_anew(lead, on=today)
    known = reports.known_lately(lead, on=today)
    assert (known.counts.open, browser.get(url).context["counts"].open) == (3, 3)
    assert len(browser.get(url + "?reason=NOBODY").context["lines"]) == 2


def test_where_counting_takes_long_the_page_asks_for_all_of_it_by_itself(company, monkeypatch):
    monkeypatch.setattr(reports, "LONG", -1.0)
    browser, url = browser_of(company["lead"]), reverse("relations:orphan-list") + "?reason=LEFT"

    page = browser.get(url)

    assert page.context["late_url"] == url + "&part=all"
    assert f'hx-get="{url}&amp;part=all"' in page.content.decode()
    assert written_number(company["left"].number) not in page.content.decode()
    assert orphans_card(company["lead"]).figure == ""
    part = browser.get(page.context["late_url"], headers={"HX-Request": "true"})
    assert [line.pk for line, _reason in part.context["lines"]] == [company["left"].pk]
    assert ("hx-trigger" in part.content.decode(), "<html" in part.content.decode()) == (False, False)
    assert "late_url" not in browser.get(url).context
    assert orphans_card(company["lead"]).figure == "3"


def test_an_explanation_that_is_refused_is_shown_again_however_long_the_counting_takes(company, monkeypatch):
    monkeypatch.setattr(reports, "LONG", -1.0)

    page = browser_of(company["lead"]).post(reverse("relations:orphan-explain"), {"customer": company["left"].pk})

    assert (page.status_code, len(page.context["lines"])) == (200, 3)


def test_the_start_page_tells_those_who_can_give_them_out(company):
    assert orphans_card(company["manager"]).figure == "3"
    assert orphans_card(company["F1"]) is None
    browser_of(company["manager"]).post(reverse("relations:orphan-assign"), {"all": "1"})
    assert orphans_card(company["manager"]) is None


def test_a_customer_of_another_branch_is_no_orphan_of_this_manager(company):
    make_customer(main_branch_id="B003")

    assert len(reasons(company["manager"])) == 3
