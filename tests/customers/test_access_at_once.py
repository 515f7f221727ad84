"""What changes rights holds for the next request of a session that goes on: movers, rules, the catalogue."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import Channel
from customers import reading
from customers.access import SHIPPED, definition_of
from customers.models import Item
from customers.reading import catalogue, forget_catalogue, graded, live_rules
from customers.services import access_rules
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, make_customer
from tests.customers.matching import words

pytestmark = pytest.mark.usefixtures("master")


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Versions of one number differ between tests, though never within an installation."""
    for turn in range(2):
        reading.rules_version.cache_clear()
        cache.delete(reading.RULES_KEY)
        forget_catalogue()
        if not turn:
            yield


def test_a_mover_loses_the_customers_of_the_old_branch_at_the_next_request():
    head = make_branch()
    old, new = make_branch(parent=head), make_branch(parent=head)
    manager, client = make_staff("BRANCH_MANAGER", branch=old), Client()
    there, here = make_customer(main_branch=old), make_customer(main_branch=new)
    client.force_login(manager)
    before = [client.get(customer.get_absolute_url()).status_code for customer in (there, here)]

    services.move_staff(staff=manager, branch=new, at=NOW)

    assert before == [200, 404]
    assert [client.get(customer.get_absolute_url()).status_code for customer in (there, here)] == [404, 200]


def test_a_branch_that_moved_takes_its_customers_out_of_sight_at_the_next_request():
    head = make_branch()
    region, other = make_branch(parent=head), make_branch(parent=head)
    branch = make_branch(parent=region)
    manager, client = make_staff("BRANCH_MANAGER", branch=region), Client()
    customer = make_customer(main_branch=branch)
    client.force_login(manager)
    before = client.get(customer.get_absolute_url()).status_code

    services.move_branch(branch=branch, parent=other)

    assert (before, client.get(customer.get_absolute_url()).status_code) == (200, 404)


def test_the_limit_of_a_new_channel_holds_at_the_next_request():
    planner, client = make_staff("FP"), Client()
    customer = make_customer(keeper=planner, mobile="01011112222")
    client.force_login(planner)
    before = "010-1111-2222" in words(client.get(customer.get_absolute_url()))

    services.change_channel(staff=planner, channel=Channel.objects.get(code="BANCASSURANCE"), at=NOW)

    assert (before, "010-1111-2222" in words(client.get(customer.get_absolute_url()))) == (True, False)


def test_rules_put_to_use_hold_at_the_next_request(django_capture_on_commit_callbacks):
    planner, client = make_staff("FP"), Client()
    customer = make_customer(keeper=planner, mobile="01011112222")
    client.force_login(planner)
    before = "010-1111-2222" in words(client.get(customer.get_absolute_url()))
    definition = definition_of(SHIPPED) | {"items": {"mobile": [1, "PHONE"]}}
    rules = access_rules.draft_rules(by=make_staff(), at=NOW, definition=definition)

    with django_capture_on_commit_callbacks(execute=True):
        access_rules.publish_rules(rules=rules, by=make_staff(), at=NOW)

    assert (before, "010-1111-2222" in words(client.get(customer.get_absolute_url()))) == (True, False)


def change_item(client: Client, code: str, **fields: object) -> int:
    """Send the form of the back office with these fields changed."""
    page = reverse("admin:customers_item_change", args=[code])
    form = client.get(page).context["adminform"].form
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return client.post(page, sent | fields).status_code


def test_grade_and_mask_are_not_changed_by_one_person_in_the_back_office(client):
    client.force_login(make_staff("ADMINISTRATOR", language="en"))

    status = change_item(client, "mobile", grade=4, mask="NONE")

    page = words(client.get(reverse("admin:customers_item_change", args=["mobile"])))
    item = Item.objects.get(code="mobile")
    assert (status, item.grade, item.mask) == (302, 2, "PHONE")
    assert "Two people change grade and mask: with a draft of the rules of access." in page


def test_a_name_changed_in_the_back_office_is_read_at_once(client, django_capture_on_commit_callbacks):
    client.force_login(make_staff("ADMINISTRATOR"))
    assert catalogue()["mobile"].name == "휴대전화"

    with django_capture_on_commit_callbacks(execute=True):
        change_item(client, "mobile", name="휴대폰")

    assert catalogue()["mobile"].name == "휴대폰"


def test_a_new_item_begins_private_and_hidden(client):
    client.force_login(make_staff("ADMINISTRATOR"))
    add = reverse("admin:customers_item_add")
    form = client.get(add).context["adminform"].form
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    sent |= {"code": "pension", "name": "연금", "english_name": "Pension", "area": "BASIC", "purpose": "심사"}
    sent |= {"owner_department": "심사부", "steward_department": "심사부", "grade": 4, "mask": "NONE"}

    status = client.post(add, sent).status_code

    assert (status, *graded(catalogue()["pension"], live_rules())) == (302, 2, "ALL")
