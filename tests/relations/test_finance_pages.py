"""The finances of a customer on pages: seen, recorded, withdrawn; and by whom not."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessEntry, Staff
from customers.models import Customer
from relations.models import FinancialFact, PolicyElsewhere, RiskProfile
from relations.panels import finances as panels
from relations.services import finances
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer, make_retired, make_rrn
from tests.customers.profiles import whole_page
from tests.relations.finances import BOLD, CAREFUL, days_ago, record, record_policy, record_profile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
TOLD = {"told_by": "CUSTOMER", "consent_method": "PHONE", "evidence": "통화"}


def client_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def planner(**fields: object) -> Staff:
    return make_staff("FP", employee_number="F00001", language="en", **fields)


def kept(**fields: object) -> Customer:
    """A customer of the planner."""
    return make_customer(**{"keeper_id": "F00001"} | fields)


def address(name: str, customer: Customer, *more: object) -> str:
    return reverse(f"relations:{name}", args=[customer.number, *more])


def said(**cells: object) -> dict[str, object]:
    today = timezone.localdate().isoformat()
    return TOLD | {"as_of": today, "consented_on": today} | cells


def lines(client: Client, customer: Customer) -> dict[str, list[tuple[str, str, str]]]:
    """{part of the page: (label, value, age)} as it is shown."""
    report = client.get(address("finance-list", customer)).context["report"]
    parts = {"now": report.counted, "policies": report.policies, "earlier": report.earlier, "out": report.withdrawn}
    return {name: [(line.label, line.value.text, line.stage) for line in held] for name, held in parts.items() if held}


def test_facts_are_shown_as_ranges_that_fade_and_what_is_too_old_only_as_known():
    customer, client = kept(), client_of(planner())
    record(customer, "INCOME", 42_000_000, 42_000_000)
    record(customer, "INCOME", 10_000_000, 20_000_000, as_of=days_ago(500))
    record(customer, "ASSETS", 450_000_000, 480_000_000, as_of=days_ago(700), told_by="DOCUMENT")
    record(customer, "DEBTS", 77_000_000, 77_000_000, as_of=days_ago(2000))
    record_policy(customer)

    assert lines(client, customer) == {
        "now": [
            ("Income a year", "30 million to 50 million won", "Fresh"),
            ("Assets", "300 million to 1 billion won", "Ageing"),
            ("Debts", "was known", "Was known, too old to be told"),
        ],
        "policies": [("Policies elsewhere", "다른생명 · Cancer · 50,000 to 100,000 won a month", "Fresh")],
        "earlier": [("Income a year", "up to 30 million won", "Old: ask again")],
    }
    page = client.get(address("finance-list", customer)).content.decode()
    assert [figure for figure in ("42", "48", "77,000", "77000") if f"{figure}0" in page] == []


def test_in_korean_sums_are_written_as_they_are_spoken():
    customer, staff = kept(), planner()
    record(customer)
    record(customer, "ASSETS", 120_000_000, 5_000_000_001)
    Staff.objects.filter(pk=staff.pk).update(language="ko")

    values = [line[1] for line in lines(client_of(Staff.objects.get(pk=staff.pk)), customer)["now"]]

    assert [value.replace(" 이상", "").replace(" or more", "") for value in values][1].startswith("1억")
    assert "3천만" in values[0]
    assert "5천만" in values[0]


def test_a_valid_profile_tells_its_level_and_an_expired_one_does_not():
    customer, client = kept(birth_date="1950-01-01"), client_of(planner())
    valid = record_profile(customer)

    shown = lines(client, customer)["now"]
    RiskProfile.objects.filter(pk=valid.pk).update(as_of=days_ago(800), valid_until=days_ago(1))
    expired = client.get(address("finance-list", customer))

    assert shown == [("Risk profile", "5 Aggressive investor", f"Valid until {valid.valid_until}")]
    line = expired.context["report"].profile
    assert (line.value.text, line.stage, line.tone) == ("no valid profile", f"Expired on {days_ago(1)}", "red")
    assert "Aggressive" not in expired.content.decode()
    assert "The risk profile has expired" in expired.content.decode()
    assert "Elderly investor" in expired.content.decode()


def test_what_was_withdrawn_is_told_without_its_value():
    staff, customer = planner(), kept()
    made = record(customer, "DEBTS", 77_000_000, 77_000_000, evidence="카드론")
    finances.withdraw_fact(fact=made, reason="잘못 들었음", by=staff, at=timezone.now())

    page = client_of(staff).get(address("finance-list", customer))

    assert lines(client_of(staff), customer) == {"out": [("Debts", "", "Fresh")]}
    assert "카드론" not in page.content.decode()
    assert "잘못 들었음" in page.content.decode()
    assert page.context["report"].stands is False


def test_the_page_is_empty_where_nothing_is_known():
    assert "Nothing that counts is known" in client_of(planner()).get(address("finance-list", kept())).content.decode()


def test_a_planner_records_a_band_and_a_range_of_their_own():
    customer, client = kept(), client_of(planner())

    client.post(address("finance-record", customer, "income"), said(band="3"))
    client.post(address("finance-record", customer, "capacity"), said(low="15", high="25"))
    client.post(address("finance-record", customer, "assets"), said(low="30000"))

    made = FinancialFact.objects.order_by("pk").values_list(
        "kind", "low", "high", "told_by", "recorded_by__employee_number"
    )
    assert list(made) == [
        ("INCOME", 30_000_000, 50_000_000, "CUSTOMER", "F00001"),
        ("CAPACITY", 150_000, 250_000, "CUSTOMER", "F00001"),
        ("ASSETS", 300_000_000, None, "CUSTOMER", "F00001"),
    ]


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ({"band": "3", "consented_on": ""}, "Say when and how the customer consented."),
        ({"band": "3", "consent_method": ""}, "Say when and how the customer consented."),
        ({"band": "3", "consented_on": days_ago(-3).isoformat()}, "This day has not come yet."),
        ({"band": "3", "consented_on": days_ago(900).isoformat()}, "This consent is too old."),
        ({"band": "3", "as_of": days_ago(-3).isoformat()}, "This day has not come yet."),
        ({}, "Choose a range, or type one of your own."),
        ({"band": "3", "low": "5"}, "Choose a range, or type one of your own."),
        ({"low": "9", "high": "5"}, "This cannot be right."),
        ({"low": "-9", "high": "5"}, "greater than or equal to 0"),
        ({"low": "99999999"}, "This cannot be right."),
        ({"band": "99"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_recorded_is_refused_beside_its_field(cells, complaint):
    customer = kept()

    answer = client_of(planner()).post(address("finance-record", customer, "income"), said(**cells))

    assert (answer.status_code, complaint in answer.content.decode().replace("&#x27;", "'")) == (200, True)
    assert not FinancialFact.objects.exists()


def test_a_policy_elsewhere_is_recorded_and_withdrawn():
    customer, client = kept(), client_of(planner())
    cells = {"insurer": f"다른생명 {make_rrn('850302', 2)}", "product_group": "CANCER", "monthly_premium": "60000"}

    client.post(address("policy-record", customer), said(**cells, ends_on="2040-01-01"))
    made = PolicyElsewhere.objects.get()
    answer = client.post(address("policy-withdraw", customer, made.pk), {"reason": "해지 확인"}, follow=True)

    made.refresh_from_db()
    assert (made.insurer, made.monthly_premium, made.withdrawn_because) == (
        "다른생명 850302-2******",
        60_000,
        "해지 확인",
    )
    assert "It was withdrawn." in answer.content.decode()


def test_the_questionnaire_gives_the_level_and_refuses_a_gap():
    customer, client = kept(), client_of(planner())

    gap = client.post(address("risk-record", customer), said(**CAREFUL | {"LOSS": ""}))
    client.post(address("risk-record", customer), said(**BOLD))

    assert "Answer this question." in gap.content.decode()
    assert list(RiskProfile.objects.values_list("customer", "level")) == [(customer.pk, 5)]


def test_withdrawing_twice_says_so_and_all_at_once_ends_everything():
    customer, client = kept(), client_of(planner())
    made = record(customer)
    where = address("finance-withdraw", customer, made.pk)
    client.post(where, {"reason": "잘못 들음"})

    again = client.post(where, {"reason": "잘못 들음"}, follow=True)
    record_policy(customer)
    record_profile(customer)
    all_of_it = client.post(address("finances-withdraw", customer), {"reason": "동의 철회"}, follow=True)
    nothing = client.post(address("finances-withdraw", customer), {"reason": "동의 철회"}, follow=True)

    assert "This was withdrawn meanwhile." in again.content.decode()
    assert "All of it was withdrawn." in all_of_it.content.decode()
    assert "There was nothing to withdraw." in nothing.content.decode()


def test_a_fact_is_withdrawn_only_under_its_own_customer_and_with_a_reason():
    customer, other, client = kept(), kept(), client_of(planner())
    made = record(customer)

    assert client.post(address("finance-withdraw", other, made.pk), {"reason": "잘못 들음"}).status_code == 404
    assert client.post(address("finance-withdraw", customer, made.pk), {"reason": ""}).status_code == 200
    assert client.get(address("finance-withdraw", customer, made.pk)).status_code == 200
    assert FinancialFact.objects.standing().count() == 1


PAGES = [
    ("finance-list", ()),
    ("finance-record", ("income",)),
    ("policy-record", ()),
    ("risk-record", ()),
    ("finances-withdraw", ()),
]


@pytest.mark.parametrize(("name", "more"), PAGES)
def test_a_stranger_finds_nothing_and_who_may_not_is_refused(name, more):
    customer, company = kept(), kept(kind="ORG", name="(주)한빛상사")
    retired = make_retired(customer, keeper_id="F00001")
    mine, stranger = client_of(planner()), client_of(make_staff("FP"))
    campaign, compliance = client_of(make_staff("CAMPAIGN_MANAGER")), client_of(make_staff("COMPLIANCE_OFFICER"))
    where = address(name, customer, *more)

    assert [each.get(where).status_code for each in (mine, stranger, campaign, compliance)] == [200, 404, 403, 403]
    assert [mine.get(address(name, other, *more)).status_code for other in (company, retired)] == [404, 404]
    assert [each.post(where, said(band="3")).status_code for each in (stranger, campaign)] == [
        405 if name == "finance-list" else 404,
        405 if name == "finance-list" else 403,
    ] or name == "finance-list"


def test_a_steward_sees_and_does_not_record():
    customer, client = kept(), client_of(make_staff("DATA_STEWARD", language="en"))
    made = record(customer)

    page = client.get(address("finance-list", customer))

    assert page.context["report"].current[0].value.text == "30 million to 50 million won"
    assert address("finance-withdraw", customer, made.pk) not in page.content.decode()
    assert [client.get(address(name, customer, *more)).status_code for name, more in PAGES[1:]] == [403] * 4
    assert client.post(address("finance-withdraw", customer, made.pk), {"reason": "잘못 들음"}).status_code == 403


def test_a_manager_is_told_by_the_rules_of_access_that_there_is_something():
    staff = make_staff("BRANCH_MANAGER", language="en", employee_number="M00001")
    customer = kept(keeper_id="M00001")
    record(customer, evidence="급여명세")
    record_profile(customer)

    page = client_of(staff).get(address("finance-list", customer))

    assert [line.value.text for line in page.context["report"].counted] == ["***", "***"]
    assert "급여명세" not in page.content.decode()
    assert "Masked by default" in page.content.decode()


def test_who_works_for_campaigns_sees_none_whatever_else_they_are():
    customer, client = kept(), client_of(make_staff("FP", "CAMPAIGN_MANAGER", employee_number="F00001"))
    record(customer)
    client.post(reverse("accounts:purpose"), {"purpose": "CAMPAIGN"})
    client.get(customer.get_absolute_url())

    assert client.get(address("finance-list", customer)).status_code == 403
    assert "finances" not in [panel.id for panel in whole_page(client, customer).context["panels"]]


def test_the_panel_shows_what_counts_in_one_query_and_hides_from_others():
    staff, customer, company = planner(), kept(), kept(kind="ORG", name="(주)한빛상사")
    for place in range(3):
        record(customer, "INCOME", 1, 2 + place)
        record_policy(customer, insurer=f"다른생명{place}")
        record_profile(customer, as_of=days_ago(place))
    client = client_of(staff)
    client.get(customer.get_absolute_url())
    page = whole_page(client, customer)
    viewer = Staff.objects.get(pk=staff.pk)
    panels.finances(kept(), viewer)
    with CaptureQueriesContext(connection) as captured:
        panel = panels.finances(Customer.objects.get(pk=customer.pk), viewer)

    assert len(captured.captured_queries) == 1 + 1  # the customer, fetched here, and the three tables
    assert (panel.count, len(panel.content.report.policies), panel.content.can_record) == (5, 3, True)
    assert "finances" in [each.id for each in page.context["panels"]]
    assert address("finance-list", customer) in page.content.decode()
    assert panels.finances(company, viewer) is None
    assert panels.finances(customer, make_staff("COMPLIANCE_OFFICER")) is None


def test_the_page_costs_as_many_queries_for_three_facts_as_for_one():
    staff, one, three = planner(), kept(), kept()
    for place, customer in enumerate((one, three, three, three)):
        record(customer, "INCOME", 1, 2 + place, by=staff)
    client, counts = client_of(staff), []
    client.get(address("finance-list", one))
    for customer in (one, three):
        with CaptureQueriesContext(connection) as captured:
            client.get(address("finance-list", customer))
        counts.append(len(captured))

    assert counts[0] == counts[1]
    assert counts[0] < 15


def test_what_was_seen_and_recorded_is_on_the_trail_with_the_customer():
    customer, client = kept(), client_of(planner())

    client.get(address("finance-list", customer))
    client.post(address("finance-record", customer, "income"), said(band="3"))

    entries = AccessEntry.objects.filter(page__startswith="relations:").order_by("pk")
    assert list(entries.values_list("page", "customers")) == [
        ("relations:finance-list", [customer.pk]),
        ("relations:finance-record", [customer.pk]),
    ]
