import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.home import Card, CardLink, administration, cards_for, what_comes_next
from accounts.menu import entries_for
from accounts.models import Channel, Staff
from customers.models import Customer, FeedRun, SourceSystem
from tests.accounts.builders import make_branch, make_staff

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def make_source(code: str = "POLICY") -> SourceSystem:
    channel, _created = Channel.objects.get_or_create(code="FP", name="전속 설계사", english_name="Financial planners")
    return SourceSystem.objects.create(
        code=code, name="계약관리", english_name="Policies", channel=channel, owner_department="계약부", trust=80
    )


def make_customer(number: str, **fields: object) -> Customer:
    defaults = {"kind": "PERSON", "name": "박서준", "sort_name": "박서준", "created_at": NOW, "updated_at": NOW}
    return Customer.objects.create(number=number, **defaults | fields)


def make_run(source: SourceSystem, **fields: object) -> FeedRun:
    defaults = {"layout": "customers", "file_name": "policy.csv", "file_path": "policy.csv", "requested_at": NOW}
    return FeedRun.objects.create(source=source, **defaults | fields)


def shown(staff: Staff) -> list[tuple[str, str]]:
    """Title and figure of every card, in Korean or, before the catalogue is compiled, in English."""
    return [(card.icon, card.figure) for card in cards_for(staff)]


def test_an_fp_counts_the_customers_that_he_keeps():
    planner, other = make_staff("FP"), make_staff("FP")
    for number in range(3):
        make_customer(f"K{number}", keeper=planner)
    make_customer("K8", keeper=other)

    assert shown(planner) == [("users", "3명")]


def test_a_branch_manager_counts_the_customers_of_the_branch_and_below():
    head = make_branch("H0")
    own, elsewhere = make_branch("B1", parent=head), make_branch("B2", parent=head)
    below = make_branch("T1", parent=own)
    for number, branch in enumerate([own, below, elsewhere]):
        make_customer(f"K{number}", main_branch=branch)

    assert shown(make_staff("BRANCH_MANAGER", branch=own)) == [("users", "2명")]


def test_a_steward_counts_the_whole_stock_but_not_merged_customers_and_sees_the_newest_feeds():
    survivor = make_customer("K1")
    make_customer("K2", state="MERGED", merged_into=survivor, merged_at=NOW)
    source = make_source()
    runs = [make_run(source, requested_at=NOW + timezone.timedelta(minutes=minute)) for minute in range(7)]

    pairs, customers, households, feeds = cards_for(make_staff("DATA_STEWARD"))

    assert (pairs.icon, customers.icon, customers.figure) == ("git-compare", "users", "1명")
    assert households.icon == "users-group"
    assert feeds.content == runs[:1:-1]


def test_the_count_stops_where_that_of_the_list_does(monkeypatch):
    from customers import cards, paging

    monkeypatch.setattr(paging, "MOST_COUNTED", 2)
    for number in range(3):
        make_customer(f"K{number}")
    staff = make_staff("CAMPAIGN_MANAGER")

    from django.utils.translation import override

    with override("en"):
        assert cards.customers_in_scope(staff).figure == "More than 2"


def test_an_administrator_finds_the_tables_to_keep():
    titles = [link.url for link in administration(make_staff("ADMINISTRATOR")).links]

    tables = "accounts_channel accounts_branch accounts_staff customers_sourcesystem customers_mapping"
    expected = [f"admin:{table}_changelist" for table in f"{tables} customers_item customers_code".split()]
    assert sorted(titles) == sorted(reverse(name) for name in expected)


@pytest.mark.parametrize(("role", "is_explained"), [("SERVICE_CLIENT", True), ("AUDITOR", False), ("FP", False)])
def test_an_account_that_opens_hardly_a_page_is_told_why(role, is_explained):
    card = what_comes_next(make_staff(role))

    assert (card is not None) is is_explained


def test_a_card_can_be_composed_from_any_app(settings):
    settings.HOME_CARDS = ["tests.accounts.test_home.greeting", "accounts.home.administration"]

    assert cards_for(make_staff()) == [Card("Hello", "star", links=[CardLink("There", "/there/")])]


def greeting(staff: Staff) -> Card | None:
    return Card("Hello", "star", links=[CardLink("There", "/there/")])


@pytest.mark.parametrize(
    ("role", "icons"),
    [
        ("DATA_STEWARD", ["git-compare", "users", "users-group", "database-import"]),
        ("FP", ["users"]),
        ("BRANCH_MANAGER", ["users"]),
        ("COMPLIANCE_OFFICER", ["scale", "users", "database-import"]),
        ("PRIVACY_OFFICER", ["scale", "users", "database-import"]),
        ("CAMPAIGN_MANAGER", ["users"]),
        ("ADMINISTRATOR", ["database-import", "settings"]),
        ("AUDITOR", ["database-import"]),
        ("SERVICE_CLIENT", ["id-badge-2"]),
    ],
)
def test_every_role_has_a_start_page(client, role, icons):
    client.force_login(make_staff(role, branch=make_branch()))

    answer = client.get("/")

    assert answer.status_code == 200
    assert [card.icon for card in answer.context["cards"]] == icons


def test_home_needs_as_many_queries_for_three_rows_as_for_one(client, django_assert_num_queries):
    source, staff = make_source(), make_staff("DATA_STEWARD", "ADMINISTRATOR")
    make_run(source)
    make_customer("K1")
    client.force_login(staff)
    client.get("/")

    # the session with its member of staff, notices, reviews to answer, files, duties, permissions with the roles, pairs
    # that wait and those in hand, proposals, customers, feeds and their sources; what a session holds is in the cache;
    # suggested households, and disputes about prospects
    with django_assert_num_queries(14):
        client.get("/")
    make_run(source)
    make_run(make_source("BANCA"))
    make_customer("K2")
    make_customer("K3")
    with django_assert_num_queries(14):
        client.get("/")


def test_the_menu_shows_what_the_roles_open_and_marks_the_page(settings):
    settings.MENU = [
        ("", [("Home", "home", "", "home")]),
        (
            "People",
            [
                ("Staff", "admin:accounts_staff_changelist", "accounts.view_staff", "users"),
                ("Mine", "accounts:profile", "customers.view_customer", "user"),
            ],
        ),
        (
            "System",
            [
                ("Not built", "customers:not-built", "", "star"),
                ("Administration", "admin:index", "is_staff", "settings"),
            ],
        ),
    ]

    def lines(staff: Staff, path: str) -> list[tuple[str, bool]]:
        with override("en"):
            return [(entry.title, entry.is_active) for entry in entries_for(staff, path)]

    def sections(staff: Staff) -> list[str]:
        with override("en"):
            return [entry.section for entry in entries_for(staff, "/")]

    administrator = make_staff("ADMINISTRATOR")
    assert lines(administrator, "/admin/accounts/staff/1/change/") == [
        ("Home", False),
        ("Staff", True),
        ("Administration", False),
    ]
    assert lines(administrator, "/admin/") == [("Home", False), ("Staff", False), ("Administration", True)]
    assert lines(make_staff("FP"), "/") == [("Home", True), ("Mine", False)]
    assert lines(make_staff(), "/accounts/profile/") == [("Home", False)]
    assert sections(administrator) == ["", "People", "System"]
    assert sections(make_staff("FP")) == ["", "People"]


@pytest.mark.parametrize("path", ["/accounts/rights/", "/customers/unused-rights/"])
def test_a_page_that_is_a_tab_beside_another_lights_that_one_in_the_menu(path):
    with override("en"):
        lit = [entry.title for entry in entries_for(make_staff("AUDITOR"), path) if entry.is_active]

    assert lit == ["Rights explained"]


def test_the_menu_asks_nothing_beyond_the_permissions(django_assert_num_queries):
    staff = make_staff("DATA_STEWARD")
    staff.has_perm("customers.view_customer")

    with django_assert_num_queries(0):
        entries_for(staff, "/")


def test_profile_says_what_my_roles_allow(client):
    client.force_login(make_staff("AUDITOR", "SERVICE_CLIENT"))

    roles = client.get("/accounts/profile/").context["roles"]

    assert [(bool(role.allows)) for role in roles] == [True, False]


def test_a_stranger_who_misses_a_page_is_told_in_the_same_look():
    answer = Client().get("/no-such-page/")

    assert (answer.status_code, [template.name for template in answer.templates][:2]) == (
        404,
        ["404.html", "plain.html"],
    )


def test_the_page_for_a_fault_needs_no_database(rf):
    from django.db import connection
    from django.views.defaults import server_error

    with connection.execute_wrapper(lambda *_query: pytest.fail("The page for a fault asked the database.")):
        answer = server_error(rf.get("/"))

    assert (answer.status_code, b"mark.svg" in answer.content) == (500, True)
