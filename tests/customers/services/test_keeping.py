import pytest

from customers.models import ChangeEvent, Customer, Keeping
from customers.services.keeping import assign_keepers, release_keepers
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, contract, feed, party, person
from tests.customers.stewarding import merge, unmerge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def keeper_of(customer: Customer) -> tuple[str | None, str | None]:
    customer.refresh_from_db()
    return customer.keeper_id, customer.main_branch_id


def a_customer(key: str, **cells: str) -> Customer:
    feed([person(source_key=key, branch_code="B001", fp_code="F00001", **cells)])
    return Customer.objects.get(links__record__source_key=key)


def test_an_assigned_keeper_outranks_the_sources_and_stays_through_the_next_feed():
    by, branch = make_staff("STEWARD_LEAD"), make_branch("B002")
    customer = a_customer("K1")

    changed = assign_keepers(rows=[(customer.pk, "F00002", branch.code)], at=NOW, by=by)
    feed([person(source_key="K1", branch_code="B001", fp_code="F00003", as_of="2026-11-20")])
    feed([contract(contract_no="P-9", fp_code="F00004")], layout="contracts")
    feed([party(contract_no="P-9", party_source_key="K1")], layout="parties")

    assert changed == 1
    assert keeper_of(customer) == ("F00002", "B002")


def test_without_a_branch_the_sources_go_on_saying_it():
    customer = a_customer("K1")

    assign_keepers(rows=[(customer.pk, "F00002", "")], at=NOW, by=None)

    assert keeper_of(customer) == ("F00002", "B001")


def test_an_assignment_is_history_and_news():
    by = make_staff("STEWARD_LEAD")
    customer = a_customer("K1")

    assign_keepers(rows=[(customer.pk, "F00002", "")], at=NOW, by=by)

    newest = customer.history.order_by("-history_id").first()
    assert (newest.keeper_id, newest.history_user_id) == ("F00002", by.pk)
    event = ChangeEvent.objects.latest("sequence")
    assert (event.customer_id, event.kind, event.items) == (customer.pk, "ASSIGNED", ["keeper"])


def test_a_released_keeper_leaves_the_word_to_the_sources():
    customer = a_customer("K1")
    assign_keepers(rows=[(customer.pk, "F00002", "B002")], at=NOW, by=None)

    assert release_keepers(customer_ids=[customer.pk], at=NOW, by=None) == 1

    assert keeper_of(customer) == ("F00001", "B001")


@pytest.mark.parametrize(
    ("of_survivor", "of_retired", "together"),
    [("F00008", "F00009", "F00008"), ("", "F00009", "F00009"), ("F00008", "", "F00008")],
)
def test_of_two_assigned_keepers_the_survivors_holds_and_both_come_back(of_survivor, of_retired, together):
    survivor, retired = a_customer("K1"), a_customer("K2", name="이둘", birth_date="1990-01-01")
    rows = [(survivor.pk, of_survivor, ""), (retired.pk, of_retired, "")]
    assign_keepers(rows=[row for row in rows if row[1]], at=NOW, by=None)
    before = set(Keeping.objects.values_list("customer", "keeper"))

    lead = make_staff("STEWARD_LEAD")

    merge(survivor, retired, by=lead)
    assert keeper_of(survivor)[0] == together

    unmerge(retired, by=lead)
    assert set(Keeping.objects.values_list("customer", "keeper")) == before
    assert (keeper_of(survivor)[0], keeper_of(retired)[0]) == (of_survivor or "F00001", of_retired or "F00001")
