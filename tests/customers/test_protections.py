"""Protected customers: only named people see them, through merges too."""

import pytest
from django.test import Client

from accounts.models import RightsChange, Staff
from customers.models import Customer, Protection
from customers.services import protections
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, make_customer, make_retired, make_rrn
from tests.customers.profiles import whole_page
from tests.customers.protecting import open_to, protect
from tests.customers.stewarding import merge, now, people, unmerge

pytestmark = pytest.mark.usefixtures("master")
FEW = 9  # queries of a list


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def officer() -> Staff:
    return make_staff("PRIVACY_OFFICER", language="en")


def seen_by(staff: Staff) -> list[Customer]:
    return list(Customer.objects.visible_to(staff).order_by("pk"))


def recorded(*kinds: str) -> list[tuple[str, dict[str, object], str]]:
    changes = RightsChange.objects.filter(kind__in=kinds).order_by("pk")
    return list(changes.values_list("kind", "what", "reason"))


def test_protect_customer_hides_it_from_all_but_keeper_and_officer():
    keeper, steward, privacy = make_staff("FP"), make_staff("DATA_STEWARD"), officer()
    customer = make_customer(keeper=keeper)

    made = protections.protect_customer(customer=customer, kind="STAFF", reason="사원", by=privacy, at=NOW)

    assert (made.customer, made.kind, made.reason, made.protected_by, made.protected_at) == (
        customer,
        "STAFF",
        "사원",
        privacy,
        NOW,
    )
    assert [seen_by(staff) for staff in (keeper, steward, privacy)] == [[customer], [], [customer]]
    assert recorded("CUSTOMER_PROTECTED")[-1:] == [
        ("CUSTOMER_PROTECTED", {"customer": customer.number, "kind": "STAFF"}, "사원")
    ]


def test_protect_customer_refuses_a_second_time_and_a_retired_one():
    customer = make_customer()
    protect(customer)

    with pytest.raises(protections.AlreadyProtected):
        protect(customer)
    with pytest.raises(protections.NotActive):
        protect(make_retired(customer))
    assert protect(customer, kind="STAFF").kind == "STAFF"


def test_lift_protection_shows_the_customer_again_when_nothing_else_protects_it():
    steward, customer = make_staff("DATA_STEWARD"), make_customer()
    first, second = protect(customer), protect(customer, kind="STAFF")

    protections.lift_protection(protection=first, reason="퇴직", by=officer(), at=NOW)
    seen_between = seen_by(steward)
    protections.lift_protection(protection=second, reason="퇴직", by=officer(), at=NOW)

    assert (seen_between, seen_by(steward)) == ([], [customer])
    assert [kind for kind, what, _why in recorded("PROTECTION_ENDED") if what["customer"] == customer.number] == [
        "PROTECTION_ENDED"
    ] * 2
    with pytest.raises(protections.NotProtected):
        protections.lift_protection(protection=second, reason="퇴직", by=officer(), at=NOW)


def test_a_resident_number_in_a_reason_is_kept_masked():
    made = protect(make_customer(), reason=f"{make_rrn('850302', 2)} 배우자")

    assert made.reason == "850302-2****** 배우자"


def test_a_merge_keeps_the_protection_and_an_unmerge_gives_it_back():
    steward, viewer = make_staff("DATA_STEWARD"), make_staff("DATA_STEWARD")
    survivor, retired, third = people(3)
    made = protect(retired)

    merge(survivor, retired, by=steward)
    merged = (Protection.objects.get(pk=made.pk).customer, seen_by(viewer))
    retired.refresh_from_db()
    unmerge(retired, by=steward)

    assert merged == (survivor, [retired, third])  # of the retired number nothing is shown but where it went
    assert Protection.objects.get(pk=made.pk).customer == retired
    assert seen_by(viewer) == [survivor, third]


def test_both_protections_stand_after_a_merge_and_part_again():
    survivor, retired = people(2)
    one, other = protect(survivor), protect(retired)
    steward = make_staff("DATA_STEWARD")

    merge(survivor, retired, by=steward)
    merged = set(Protection.objects.values_list("pk", "customer"))
    retired.refresh_from_db()
    unmerge(retired, by=steward, at=now())

    assert merged == {(one.pk, survivor.pk), (other.pk, survivor.pk)}
    assert set(Protection.objects.values_list("pk", "customer")) == {(one.pk, survivor.pk), (other.pk, retired.pk)}


def test_the_officer_protects_and_lifts_on_pages():
    customer, client = make_customer(), browser_of(officer())

    page = client.get(f"/customers/{customer.number}/protect/")
    sent = client.post(f"/customers/{customer.number}/protect/", {"kind": "VIP", "reason": "널리 알려진 인물"})
    protection = Protection.objects.get()
    profile = whole_page(client, customer).content.decode()
    lift = f"/customers/{customer.number}/protections/{protection.pk}/lift/"
    asked = client.get(lift)
    lifted = client.post(lift, {"reason": "더는 필요 없음"})

    assert [page.status_code, sent.status_code, asked.status_code, lifted.status_code] == [200, 302, 200, 302]
    assert "VIP, named people only" in profile
    assert f"/protections/{protection.pk}/lift/" in profile
    assert not Protection.objects.exists()


def test_a_protection_needs_a_reason():
    customer = make_customer()

    page = browser_of(officer()).post(f"/customers/{customer.number}/protect/", {"kind": "VIP", "reason": " "})

    assert (page.status_code, list(page.context["form"].errors), Protection.objects.count()) == (200, ["reason"], 0)


def test_the_keeper_is_told_that_only_named_people_see_the_customer():
    keeper = make_staff("FP", language="en")
    customer = make_customer(keeper=keeper)
    protect(customer)

    page = whole_page(browser_of(keeper), customer)

    assert "VIP, named people only" in page.content.decode()
    assert "named-people" not in {panel.id for panel in page.context["panels"]}


def test_the_list_tells_who_is_protected_why_and_how_many_people_were_named():
    customer, client = make_customer(name="한가람", keeper=make_staff("FP", name="두나래")), browser_of(officer())
    protect(customer)
    open_to(make_staff("FP"), customer, kind="NAMED")
    empty = browser_of(officer()).get("/customers/protected/?older_than=1")

    lines = client.get("/customers/protected/").context["lines"]

    assert [(line.name, line.kind, line.keeper[:3], line.people) for line in lines] == [("한가람", "VIP", "두나래", 1)]
    assert "No customer is protected" in empty.content.decode()


def test_the_list_needs_as_many_queries_for_three_rows_as_for_one(django_assert_max_num_queries):
    privacy = officer()
    client = browser_of(privacy)
    protect(make_customer(), by=privacy)
    client.get("/customers/protected/")
    client.get("/customers/protected/")
    with django_assert_max_num_queries(FEW) as one:
        client.get("/customers/protected/")
    for _number in range(2):
        customer = make_customer(keeper=make_staff("FP"))
        protect(customer, by=privacy)
        open_to(make_staff("FP"), customer, by=privacy)

    with django_assert_max_num_queries(len(one)) as three:
        client.get("/customers/protected/")
    assert len(three) == len(one)


@pytest.mark.parametrize("role", ["FP", "DATA_STEWARD", "STEWARD_LEAD", "COMPLIANCE_OFFICER", "ADMINISTRATOR"])
def test_who_may_not_protect_is_forbidden(role):
    customer = make_customer()
    protection = protect(customer)
    client = browser_of(make_staff(role))
    own = f"/customers/{customer.number}"

    pages = ["/customers/protected/", f"{own}/protect/", f"{own}/protections/{protection.pk}/lift/"]
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]
    assert [client.post(page, {"reason": "그냥 궁금"}).status_code for page in pages[1:]] == [403, 403]
    assert Protection.objects.count() == 1


def test_a_protection_of_another_customer_is_not_found():
    customer, other, client = make_customer(), make_customer(), browser_of(officer())
    protection = protect(other)

    page = client.post(f"/customers/{customer.number}/protections/{protection.pk}/lift/", {"reason": "잘못된 주소"})

    assert (page.status_code, Protection.objects.count()) == (404, 1)
