"""Single customers opened to single people: for a reason, until an instant, on the record."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Notice, RightsChange, Staff
from customers import tasks
from customers.models import Customer, CustomerStaffGrant
from customers.services import grants
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, make_customer, make_retired
from tests.customers.protecting import open_to, protect
from tests.customers.stewarding import merge, people, unmerge

pytestmark = pytest.mark.usefixtures("master")


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def officer(**fields: object) -> Staff:
    return make_staff("PRIVACY_OFFICER", language="en", **fields)


def changes_of(staff: Staff) -> list[tuple[str, str, str]]:
    rows = RightsChange.objects.filter(staff=staff, kind__in=("CUSTOMER_GRANTED", "GRANT_ENDED")).order_by("pk")
    return [(row.kind, row.what["customer"], row.what.get("because", "")) for row in rows]


def facts(grant: CustomerStaffGrant) -> tuple[object, ...]:
    names = ("user_id", "content_object_id", "kind", "reason", "granted_by_id", "granted_at", "ends_at")
    return tuple(getattr(grant, name) for name in names)


def test_grant_customer_opens_one_customer_tells_the_person_and_is_recorded():
    planner, customer, by = make_staff("FP"), make_customer(), officer()
    ends_at = NOW + timedelta(days=3)

    made = grants.grant_customer(
        customer=customer, staff=planner, kind="CASE", reason="민원 12", ends_at=ends_at, by=by, at=NOW
    )

    assert facts(made) == (planner.pk, customer.pk, "CASE", "민원 12", by.pk, NOW, ends_at)
    assert changes_of(planner) == [("CUSTOMER_GRANTED", customer.number, "")]
    notice = Notice.objects.get(staff=planner)
    assert (notice.kind, notice.url) == ("CUSTOMER_GRANTED", customer.get_absolute_url())


@pytest.mark.parametrize(
    ("days", "refusal"),
    [(0, grants.EndsTooSoon), (-1, grants.EndsTooSoon), (91, grants.EndsTooLate), (90, None)],
)
def test_a_grant_ends_within_the_days_of_the_setting(days, refusal):
    planner, customer = make_staff("FP"), make_customer()
    ends_at = NOW + timedelta(days=days)

    if refusal is None:
        assert open_to(planner, customer, ends_at=ends_at).ends_at == ends_at
    else:
        with pytest.raises(refusal):
            open_to(planner, customer, ends_at=ends_at)


def test_grant_customer_refuses_what_would_open_nothing_or_oneself():
    by, customer, planner = officer(), make_customer(), make_staff("FP")
    gone = make_staff("FP", is_active=False)
    open_to(planner, customer)

    for staff, target, refusal in (
        (by, customer, grants.OwnGrant),
        (gone, customer, grants.CannotLook),
        (make_staff("ADMINISTRATOR"), customer, grants.CannotLook),
        (planner, customer, grants.AlreadyGranted),
        (planner, make_retired(customer), grants.NotActive),
    ):
        with pytest.raises(refusal):
            open_to(staff, target, by=by)
    with pytest.raises(ValueError, match="BREAK_GLASS"):
        open_to(make_staff("FP"), customer, kind="BREAK_GLASS")
    assert CustomerStaffGrant.objects.count() == 1


def test_a_grant_that_is_over_makes_room_for_a_new_one():
    planner, customer = make_staff("FP"), make_customer()
    old = open_to(planner, customer)

    new = open_to(planner, customer, at=old.ends_at, reason="민원 13")

    assert list(CustomerStaffGrant.objects.values_list("pk", "reason")) == [(new.pk, "민원 13")]
    assert changes_of(planner) == [
        ("CUSTOMER_GRANTED", customer.number, ""),
        ("GRANT_ENDED", customer.number, "TIME"),
        ("CUSTOMER_GRANTED", customer.number, ""),
    ]


def test_end_grant_closes_the_customer_at_once_and_tells_the_person():
    planner, customer, by = make_staff("FP"), make_customer(), officer()
    at = timezone.now()
    held = open_to(planner, customer, at=at)

    grants.end_grant(grant=held, by=by, at=at, reason="사안 종결")

    assert list(Customer.objects.visible_to(planner)) == []
    assert changes_of(planner)[-1] == ("GRANT_ENDED", customer.number, "PERSON")
    told = Notice.objects.filter(staff=planner).latest("pk")
    assert (told.kind, told.what["by"]) == ("GRANT_ENDED", by.employee_number)
    with pytest.raises(grants.AlreadyEnded):
        grants.end_grant(grant=held, by=by, at=at)


def test_the_sweep_takes_away_what_is_over_and_nothing_else():
    planner, (over, holding, endless) = make_staff("FP"), (make_customer(), make_customer(), make_customer())
    open_to(planner, over, at=timezone.now() - timedelta(days=11))
    open_to(planner, holding, at=timezone.now())
    left = open_to(planner, endless, at=timezone.now())
    CustomerStaffGrant.objects.filter(pk=left.pk).update(ends_at=None)

    tasks.end_grants()
    tasks.end_grants()

    assert set(CustomerStaffGrant.objects.values_list("content_object", flat=True)) == {holding.pk, endless.pk}
    ended = [row for row in changes_of(planner) if row[0] == "GRANT_ENDED"]
    assert ended == [("GRANT_ENDED", over.number, "TIME")]


def test_a_dropped_grant_comes_back_with_its_reason_and_end():
    survivor, retired = people(2)
    planner, steward = make_staff("FP"), make_staff("DATA_STEWARD")
    kept = open_to(planner, survivor, at=timezone.now())
    dropped = open_to(
        planner, retired, at=timezone.now(), kind="NAMED", reason="전담", ends_at=timezone.now() + timedelta(days=80)
    )
    before = facts(dropped)

    merge(survivor, retired, by=steward, at=timezone.now())
    merged = list(CustomerStaffGrant.objects.values_list("pk", flat=True))
    retired.refresh_from_db()
    unmerge(retired, by=steward, at=timezone.now())

    assert merged == [kept.pk]
    back = CustomerStaffGrant.objects.get(pk=dropped.pk)
    assert facts(back) == before


def test_a_moved_grant_comes_back_as_it_was_and_one_that_ended_meanwhile_does_not():
    survivor, retired = people(2)
    staying, ending = make_staff("FP"), make_staff("FP")
    steward, at = make_staff("DATA_STEWARD"), timezone.now()
    one, other = open_to(staying, retired, at=at), open_to(ending, retired, at=at)

    merge(survivor, retired, by=steward, at=timezone.now())
    moved = set(CustomerStaffGrant.objects.values_list("pk", "content_object"))
    grants.end_grant(grant=other, by=officer(), at=at)
    retired.refresh_from_db()
    unmerge(retired, by=steward, at=timezone.now())

    assert moved == {(one.pk, survivor.pk), (other.pk, survivor.pk)}
    assert list(CustomerStaffGrant.objects.values_list("pk", "content_object")) == [(one.pk, retired.pk)]


def test_a_grant_of_the_survivor_that_is_over_does_not_drop_one_that_holds():
    survivor, retired = people(2)
    planner = make_staff("FP")
    open_to(planner, survivor, at=timezone.now() - timedelta(days=30))
    open_to(planner, retired, at=timezone.now())

    merge(survivor, retired, by=make_staff("DATA_STEWARD"), at=timezone.now())

    assert list(Customer.objects.visible_to(planner).filter(state="ACTIVE")) == [survivor]


def test_the_officer_gives_and_ends_grants_on_the_page_of_a_customer():
    customer, planner, client = (
        make_customer(),
        make_staff("FP", name="한가람", branch=make_branch()),
        browser_of(officer()),
    )
    address = f"/customers/{customer.number}/grants/"
    ends_on = timezone.localdate() + timedelta(days=5)
    empty = client.get(address).content.decode()

    given = {"staff": planner.employee_number, "kind": "NAMED", "reason": "전담 설계사", "ends_on": ends_on.isoformat()}
    sent = client.post(address, given)
    held = CustomerStaffGrant.objects.get()
    again = client.post(address, given)
    [line] = client.get(address).context["lines"]
    ended = client.post(f"/customers/grants/{held.pk}/end/", {"next": address})

    assert "The customer is open to no single person" in empty
    assert (sent.status_code, timezone.localtime(held.ends_at).date(), held.kind) == (302, ends_on, "NAMED")
    assert "open to this person already" in again.content.decode()
    assert (line.staff, line.kind, line.used, line.is_over) == (str(planner), "Named person", "", False)
    assert (ended.status_code, ended.url, CustomerStaffGrant.objects.count()) == (302, address, 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("staff", "nobody"),
        ("staff", ""),
        ("kind", "BREAK_GLASS"),
        ("reason", "x"),
        ("ends_on", "2020-01-01"),
        ("ends_on", ""),
    ],
)
def test_the_form_refuses_what_is_no_grant(field, value):
    customer, client = make_customer(), browser_of(officer())
    ends_on = timezone.localdate() + timedelta(days=5)
    given = {
        "staff": make_staff("FP").employee_number,
        "kind": "CASE",
        "reason": "민원 12",
        "ends_on": ends_on.isoformat(),
    }

    page = client.post(f"/customers/{customer.number}/grants/", given | {field: value})

    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert not CustomerStaffGrant.objects.exists()


def test_the_list_is_narrowed_by_person_and_kind_and_tells_the_last_use():
    planner, other, customer = (
        make_staff("FP", employee_number="F00001"),
        make_staff("FP"),
        make_customer(name="두나래"),
    )
    open_to(planner, customer, at=timezone.now())
    open_to(other, make_customer(), at=timezone.now(), kind="NAMED")
    client = browser_of(officer())
    browser_of(planner).get(customer.get_absolute_url())

    mine = client.get("/customers/grants/?staff=F00001").context["lines"]
    named = client.get("/customers/grants/?kind=NAMED").context["lines"]
    none = client.get("/customers/grants/?kind=NAMED&staff=F00001").content.decode()

    assert [(line.name, bool(line.used)) for line in mine] == [("두나래", True)]
    assert [(line.staff, line.used) for line in named] == [(str(other), "")]
    assert "No grant is like this" in none


def test_the_list_needs_as_many_queries_for_three_rows_as_for_one(django_assert_max_num_queries):
    by = officer()
    client = browser_of(by)
    open_to(make_staff("FP"), make_customer(), by=by, at=timezone.now())
    client.get("/customers/grants/")
    client.get("/customers/grants/")
    with django_assert_max_num_queries(20) as one:
        client.get("/customers/grants/")
    for _number in range(2):
        open_to(make_staff("FP", branch=make_branch()), make_customer(), at=timezone.now())

    with django_assert_max_num_queries(len(one)) as three:
        client.get("/customers/grants/")
    assert len(three) == len(one)


def test_the_lead_neither_sees_nor_ends_grants_on_protected_customers():
    customer, planner = make_customer(), make_staff("FP")
    protect(customer)
    held = open_to(planner, customer, at=timezone.now())
    client = browser_of(make_staff("STEWARD_LEAD"))

    listed = client.get("/customers/grants/").context["lines"]
    answers = [
        client.get(f"/customers/{customer.number}/grants/").status_code,
        client.post(f"/customers/grants/{held.pk}/end/").status_code,
    ]

    assert (listed, answers) == ([], [404, 404])


@pytest.mark.parametrize("role", ["FP", "DATA_STEWARD", "COMPLIANCE_OFFICER", "ADMINISTRATOR"])
def test_who_may_not_grant_is_forbidden(role):
    customer = make_customer()
    held = open_to(make_staff("FP"), customer)
    client = browser_of(make_staff(role))

    pages = ["/customers/grants/", f"/customers/{customer.number}/grants/"]
    assert [client.get(page).status_code for page in pages] == [403, 403]
    assert client.post(pages[1], {}).status_code == 403
    assert client.post(f"/customers/grants/{held.pk}/end/").status_code == 403
    assert CustomerStaffGrant.objects.count() == 1
