"""Pages of keepers: of a customer, of a branch; who sees them, and what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Staff
from customers.models import Customer
from customers.panels.panel import panels_for
from relations.models import Keeper, KeeperTerms
from relations.panels.keepers import keepers as keepers_panel
from relations.reports import keepers as reports
from relations.reports import orphans as orphan_reports
from relations.services import keepers
from relations.services.keepers_rows import adopt_keepers
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, make_retired
from tests.customers.profiles import whole_page
from tests.relations.keeping import browser_of, make_kept, make_places, make_planner, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


@pytest.fixture
def branch(master: None) -> dict[str, object]:
    """A branch with its manager, two planners, and two customers of the first."""
    found: dict[str, object] = dict(make_places())
    found["manager"] = make_staff("BRANCH_MANAGER", branch=found["one"], employee_number="M1", language="en")
    found["F1"] = make_planner("F1", found["one"], language="en")
    found["F2"] = make_planner("F2", found["one"], language="en")
    found["kept"] = make_kept("F1", "B001", 2)
    adopt_keepers(at=NOW)
    return found


def test_a_stranger_sees_no_keepers_and_changes_none(branch):
    number = branch["kept"][0].number
    other, steward = browser_of(branch["F2"]), browser_of(make_staff("CAMPAIGN_MANAGER"))

    for name in ("keeper-assign", "keeper-release"):
        assert browser_of(branch["F1"]).post(reverse(f"relations:{name}", args=[number])).status_code == 403
    assert other.post(reverse("relations:keeper-register", args=[number])).status_code == 404
    assert other.get(reverse("relations:keeper-list", args=[number])).status_code == 404
    assert steward.get(reverse("relations:keeper-list", args=[number])).status_code == 403
    retired = make_retired(branch["kept"][0], keeper_id="F1")
    assert browser_of(branch["F1"]).get(reverse("relations:keeper-list", args=[retired.number])).status_code == 404
    for name in ("keeper-board", "keeper-unmanaged"):
        assert other.get(reverse(f"relations:{name}")).status_code == 403
    far = make_planner("F9", branch["far"])
    manager = browser_of(branch["manager"])
    assert manager.get(reverse("relations:keeper-terms", args=[far.pk])).status_code == 404
    assert manager.get(reverse("relations:keeper-board") + "?branch=B003").status_code == 404


def test_a_manager_assigns_and_releases_a_keeper_on_the_page(branch):
    customer, manager = branch["kept"][0], browser_of(branch["manager"])
    url = reverse("relations:keeper-list", args=[customer.number])

    assert b"F2" not in manager.get(url).content
    assigned = manager.post(
        reverse("relations:keeper-assign", args=[customer.number]), {"staff": "F2", "kind": "FP", "note": "요청"}
    )
    assert assigned.status_code == 302
    assert Customer.objects.get(pk=customer.pk).keeper_id == "F2"
    shown = manager.get(url).content.decode()
    assert "박담당 (F2)" in shown
    assert "요청" in shown
    manager.post(reverse("relations:keeper-release", args=[customer.number]), {"kind": "FP"})
    assert Customer.objects.get(pk=customer.pk).keeper_id == "F1"
    assert manager.post(reverse("relations:keeper-release", args=[customer.number]), {"kind": "X"}).status_code == 404


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"staff": "F9", "kind": "FP"}, "Nobody who works here has this number."),
        ({"staff": "F1", "kind": "FP"}, "This person keeps the customer already."),
        ({"staff": "F2", "kind": "MANAGER"}, "Dedicated managers are for the top grades only."),
        ({"staff": "S1", "kind": "FP"}, "This person keeps no customers, or does not work here any more."),
    ],
)
def test_what_cannot_be_assigned_is_told_on_the_page(branch, given, said):
    make_staff("DATA_STEWARD", employee_number="S1")
    manager = browser_of(branch["manager"])

    answer = manager.post(reverse("relations:keeper-assign", args=[branch["kept"][0].number]), given)

    assert (answer.status_code, said in answer.content.decode()) == (200, True)


def test_a_full_planner_is_refused_with_the_numbers(branch, settings):
    settings.KEEPER_CAPACITY = 0
    manager = browser_of(branch["manager"])

    answer = manager.post(
        reverse("relations:keeper-assign", args=[branch["kept"][0].number]), {"staff": "F2", "kind": "FP"}
    )

    assert "0 of 0 customers are kept, 1 more are wanted" in answer.content.decode()


def test_a_planner_registers_a_managed_customer_with_a_plan(branch):
    customer, planner = branch["kept"][0], browser_of(branch["F1"])
    url = reverse("relations:keeper-register", args=[customer.number])

    assert planner.post(url, {"contact_on": "2020-01-01", "purpose": "만기 안내"}).status_code == 200
    assert planner.post(url, {"contact_on": f"{timezone.localdate()}", "purpose": "만기 안내"}).status_code == 302

    kept = Keeper.objects.still_open().get(customer=customer)
    assert (kept.why, kept.next_contact_for) == ("REGISTERED", "만기 안내")
    page = whole_page(planner, customer).content.decode()
    assert "만기 안내" in page


def test_the_board_counts_what_its_links_open(branch):
    Customer.objects.filter(pk=branch["kept"][0].pk).update(grade="VIP")
    manager = browser_of(branch["manager"])

    page = manager.get(reverse("relations:keeper-board"))

    load = page.context["loads"][0]
    assert (load.staff, load.customers, load.contracts, load.premium) == (branch["F1"], 2, 2, 60000)
    assert (load.top, load.unmanaged, load.capacity) == (1, 1, 250)
    assert (page.context["orphans"].open, page.context["totals"].customers) == (0, 2)
    listed = manager.get(reverse("customers:customer-list") + "?state=ACTIVE&keeper=F1")
    assert all(customer.number in listed.content.decode().replace("-", "") for customer in branch["kept"])
    unmanaged = manager.get(reverse("relations:keeper-unmanaged"))
    assert [line.raw_number for line in unmanaged.context["lines"]] == [branch["kept"][0].number]


def test_contracts_of_many_customers_come_with_the_second_answer_of_the_board(branch, monkeypatch):
    monkeypatch.setattr(reports, "MANY", 1)
    manager, url = browser_of(branch["manager"]), reverse("relations:keeper-board")

    first = manager.get(url)

    load = first.context["loads"][0]
    assert (load.customers, load.contracts, load.premium, first.context["totals"].contracts) == (2, None, None, None)
    assert f'hx-get="{url}?part=all"' in first.content.decode()
    part = manager.get(first.context["late_url"], headers={"HX-Request": "true"})
    load = part.context["loads"][0]
    assert (load.customers, load.contracts, load.premium) == (2, 2, 60000)
    assert ("hx-trigger" in part.content.decode(), "<html" in part.content.decode()) == (False, False)
    assert b"<html" in manager.get(first.context["late_url"]).content


def test_the_board_does_not_wait_for_a_long_count_of_orphans(branch, monkeypatch):
    monkeypatch.setattr(orphan_reports, "LONG", -1.0)
    manager, url = browser_of(branch["manager"]), reverse("relations:keeper-board")

    first = manager.get(url)

    assert (first.context["orphans"], first.context["late_url"]) == (None, url + "?part=all")
    whole = manager.get(url + "?part=all")
    assert (whole.context["orphans"].open, whole.context["late_url"]) == (0, "")
    assert manager.get(url).context["late_url"] == ""


def test_a_branch_without_planners_says_so(branch):
    manager = browser_of(make_staff("BRANCH_MANAGER", branch=branch["two"], language="en"))

    assert b"No planner works here" in manager.get(reverse("relations:keeper-board")).content


def test_the_board_costs_the_same_for_one_and_for_three_planners(branch):
    manager = browser_of(branch["manager"])
    url = reverse("relations:keeper-board")
    before = queries_of(manager, url)
    make_planner("F3", branch["one"])
    make_kept("F3", "B001", 3)

    assert queries_of(manager, url) == before


def test_the_list_without_managers_costs_the_same_and_is_empty_when_all_have_one(branch):
    manager, url = browser_of(branch["manager"]), reverse("relations:keeper-unmanaged")
    assert b"Every customer of a top grade has a manager" in manager.get(url).content
    Customer.objects.filter(pk=branch["kept"][0].pk).update(grade="VIP")
    before = queries_of(manager, url)
    Customer.objects.filter(pk__in=[each.pk for each in make_kept("F1", "B001", 2)]).update(grade="VIP")

    assert queries_of(manager, url) == before


def test_terms_are_kept_by_a_manager(branch):
    manager = browser_of(branch["manager"])
    url = reverse("relations:keeper-terms", args=[branch["F1"].pk])

    assert manager.get(url).status_code == 200
    assert manager.post(url, {"capacity": "-1"}).status_code == 200
    assert (
        manager.post(url, {"capacity": "80", "persistency_percent": "91.5", "complaint_count": "1"}).status_code == 302
    )

    terms = KeeperTerms.objects.get()
    assert (terms.staff, terms.capacity, terms.persistency_percent, terms.is_closed) == (branch["F1"], 80, 91.5, False)
    assert manager.get(url).context["form"].initial["capacity"] == 80


def test_the_panel_takes_one_query_however_much_there_is(branch):
    customer = branch["kept"][0]
    viewer = Staff.objects.get(pk=branch["manager"].pk)
    for number in ("F2", "F1", "F2"):
        keepers.assign_keeper(customer=customer, staff=branch[number], at=NOW, by=None)
    panels_for(Customer.objects.get(pk=customer.pk), viewer)
    fresh = Customer.objects.get(pk=customer.pk)

    with CaptureQueriesContext(connection) as captured:
        panel = keepers_panel(fresh, viewer)

    assert len(captured) == 1
    assert [(line.staff, line.is_open) for line in panel.content.standing] == [("박담당 (F2)", True)]
    assert len(panel.content.earlier) == 3
    assert keepers_panel(fresh, make_staff("AUDITOR")) is None
