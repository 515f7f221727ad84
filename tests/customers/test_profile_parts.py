"""The 360° page in two answers: what comes first and what after, who gets either, and what the trail keeps of both."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessEntry, Staff
from customers import profile
from customers.services.destroying import destroy_customers
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, make_customer, make_retired
from tests.customers.profiles import AS_PART, page_below, rest_of, whole_page
from tests.customers.protecting import protect

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
LEADING = ["basics", "differences", "contact-points", "contacts", "contracts"]
PARTS = ("below", "all")


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def login(*roles: str, **fields: object) -> Client:
    return browser_of(make_staff(*roles, language="en", **fields))


def entries() -> list[tuple[str, str, list[int]]]:
    """Page, kind and customers of what was shown, the oldest first."""
    found = AccessEntry.objects.filter(page="customers:customer-detail").order_by("at", "lane", "number")
    return list(found.values_list("page", "kind", "customers"))


def test_the_leading_panels_come_first_and_all_others_after_them():
    client, customer = login("DATA_STEWARD"), make_customer()

    page = client.get(customer.get_absolute_url())
    rest = rest_of(client, page)
    whole = whole_page(client, customer)

    first, second = ([panel.id for panel in answer.context["panels"]] for answer in (page, rest))
    assert first == LEADING
    assert {*first, *second} == {panel.id for panel in whole.context["panels"]}
    assert [panel.id for panel in whole.context["panels"] if panel.id in second] == second
    assert [template.name for template in rest.templates][0] == "customers/_customer_below.html"
    assert ("below_url" in whole.context, "<html" in rest.content.decode()) == (False, False)


def test_the_index_names_from_the_start_what_is_certain_to_come():
    client, customer = login("DATA_STEWARD"), make_customer()

    page = client.get(customer.get_absolute_url())
    rest = rest_of(client, page)

    first = {line.heading.id: (line.is_there, line.count) for line in page.context["index"]}
    later = {line.heading.id: (line.is_there, line.count) for line in rest.context["index"]}
    assert first["timeline"] == (True, None)
    assert first["group-cover"] == (False, None)
    assert later["consents"] == (True, 0)
    assert ("group-cover" in later, "basics" in later) == (False, False)
    assert {name for name, (is_there, _count) in first.items() if is_there} >= later.keys()
    assert '<a id="to-group-cover" href="#group-cover" hidden>' in page.content.decode()
    assert '<a id="to-consents" href="#consents" hx-swap-oob="true">' in rest.content.decode()


def test_a_panel_that_shows_only_sometimes_is_named_once_it_is_there():
    client, customer = login("PRIVACY_OFFICER"), make_customer()

    page = client.get(customer.get_absolute_url())

    index = {line.heading.id for line in page.context["index"] if line.is_there}
    shown = {panel.id for panel in [*page.context["panels"], *rest_of(client, page).context["panels"]]}
    assert index - shown == set()


@pytest.mark.parametrize("role", ["DATA_STEWARD", "FP", "ADMINISTRATOR"])
def test_who_may_not_see_a_panel_does_not_find_it_in_the_index(role):
    staff = make_staff(role)
    customer = make_customer(keeper=staff)

    page = browser_of(staff).get(customer.get_absolute_url())

    lines = [line.heading.id for line in page.context["index"]] if page.status_code == 200 else []
    assert ("history" in lines) == staff.has_perm("customers.view_customer_history")


def test_whoever_opens_the_part_below_as_a_page_gets_the_whole_page():
    client, customer = login("DATA_STEWARD"), make_customer()

    opened = client.get(customer.get_absolute_url(), {"part": "below"})

    whole = whole_page(client, customer)
    assert [panel.id for panel in opened.context["panels"]] == [panel.id for panel in whole.context["panels"]]
    assert "HX-Request" in opened.headers["Vary"]


def test_the_words_of_the_address_stay():
    client, customer = login("DATA_STEWARD"), make_customer()

    page = client.get(customer.get_absolute_url(), {"from": "search", "part": "nothing"})

    assert page.context["whole_url"] == f"{customer.get_absolute_url()}?from=search&part=all"
    assert page.context["below_url"].startswith(f"{customer.get_absolute_url()}?from=search&part=below&look=")
    assert f'<noscript><p><a class="btn" href="{customer.get_absolute_url()}?from=search&amp;part=all">' in (
        page.content.decode()
    )


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", [(), ("ADMINISTRATOR",), ("SERVICE_CLIENT",)])
def test_either_part_is_forbidden_to_those_who_may_not_see_customers(role, part):
    url = make_customer().get_absolute_url()

    assert login(*role).get(url, {"part": part}, headers=AS_PART).status_code == 403


@pytest.mark.parametrize("part", PARTS)
def test_neither_part_is_found_by_those_out_of_whose_scope_the_customer_is(part):
    customer = make_customer(main_branch=make_branch("B1"))

    assert login("FP").get(customer.get_absolute_url(), {"part": part}, headers=AS_PART).status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_neither_part_of_a_protected_customer_is_found_by_those_who_are_not_named(part):
    customer = make_customer()
    protect(customer)

    assert login("DATA_STEWARD").get(customer.get_absolute_url(), {"part": part}, headers=AS_PART).status_code == 404


def test_the_sign_of_a_look_opens_nothing_to_somebody_else():
    customer, stranger = make_customer(main_branch=make_branch("B1")), login("FP")

    page = login("DATA_STEWARD").get(customer.get_absolute_url())

    assert rest_of(stranger, page).status_code == 404


def test_both_parts_of_a_retired_number_are_the_page_of_its_retirement():
    client, retired = login("DATA_STEWARD"), make_retired(make_customer())

    for answer in (page_below(client, retired), whole_page(client, retired)):
        assert [template.name for template in answer.templates][0] == "customers/customer_retired.html"


def test_a_customer_who_is_gone_has_no_parts():
    client, customer = login("COMPLIANCE_OFFICER"), make_customer()
    page = client.get(customer.get_absolute_url())

    destroy_customers(customers=[customer.pk], at=NOW)

    assert [rest_of(client, page).status_code, whole_page(client, customer).status_code] == [410, 410]
    assert rest_of(login("FP"), page).status_code == 404


def test_the_page_of_another_day_is_whole_whatever_part_is_asked_for():
    customer = make_customer()

    answers = [page_below(login(role), customer, as_of="2026-01-01") for role in ("DATA_STEWARD", "CAMPAIGN_MANAGER")]

    assert [template.name for template in answers[0].templates][0] == "customers/customer_as_of.html"
    assert answers[1].status_code == 403


def test_a_page_in_two_answers_is_one_look():
    client, customer = login("DATA_STEWARD"), make_customer()

    rest_of(client, client.get(customer.get_absolute_url()))

    assert entries() == [("customers:customer-detail", "VIEW", [customer.pk])]


def test_a_rest_that_no_page_asked_for_is_a_look_of_its_own():
    client, customer, other = login("DATA_STEWARD"), make_customer(), make_customer()
    page = client.get(customer.get_absolute_url())
    look = {"look": page.context["below_url"].rpartition("look=")[2]}

    asked = [
        page_below(client, customer),
        page_below(client, customer, look="1vP0aA:forged"),
        page_below(client, other, **look),
        rest_of(login("DATA_STEWARD"), page),
    ]

    assert [answer.status_code for answer in asked] == [200, 200, 200, 200]
    assert [customers for _page, _kind, customers in entries()] == [
        [customer.pk],
        [customer.pk],
        [customer.pk],
        [other.pk],
        [customer.pk],
    ]


def test_a_rest_that_is_asked_for_much_later_is_a_look_of_its_own(monkeypatch):
    client, customer = login("DATA_STEWARD"), make_customer()
    page = client.get(customer.get_absolute_url())

    monkeypatch.setattr(profile, "ONE_LOOK", timedelta(seconds=-1))
    rest_of(client, page)

    assert len(entries()) == 2


def test_a_refused_rest_is_on_the_trail():
    client, customer = login("DATA_STEWARD"), make_customer()
    page = client.get(customer.get_absolute_url())
    protect(customer)

    rest_of(client, page)

    results = AccessEntry.objects.filter(page="customers:customer-detail").order_by("at", "lane", "number")
    assert list(results.values_list("result", "customers")) == [(200, [customer.pk]), (404, [customer.pk])]


def test_a_print_of_the_page_is_noted_once_with_its_customer():
    client, customer = login("DATA_STEWARD"), make_customer()
    rest_of(client, client.get(customer.get_absolute_url()))

    client.post(reverse("accounts:print-noted"), {"path": customer.get_absolute_url()})

    printed = AccessEntry.objects.filter(kind="PRINT").values_list("customers", flat=True)
    assert list(printed) == [[customer.pk]]
