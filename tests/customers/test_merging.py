"""A customer that turns out to be another: what moves, what stays, and how the retired number answers."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group, Permission

from accounts.models import Staff
from customers import merging
from customers.models import (
    Act,
    ActCustomer,
    ChangeEvent,
    Customer,
    CustomerGroupGrant,
    CustomerStaffGrant,
    Link,
    Merge,
    MovedChild,
    Proposal,
)
from customers.services.acting import begin_act
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, make_ci, make_rrn, outcome, person

pytestmark = pytest.mark.usefixtures("master")


LATER = NOW + timedelta(days=9)
NAMES = ("김하나", "박두리", "최세라", "정네모")


def customers(count: int) -> list[Customer]:
    """So many customers of one record each, the oldest first."""
    feed(
        [
            person(source_key=f"K{number}", birth_date=f"1985-03-{number + 10}", name=NAMES[number])
            for number in range(count)
        ]
    )
    return list(Customer.objects.order_by("pk"))


def view_customer() -> Permission:
    return Permission.objects.get(codename="view_customer", content_type__app_label="customers")


def absorb(merges: list[tuple[Customer, Customer]], *, at: datetime = NOW, by: Staff | None = None) -> dict[str, int]:
    """Merge customers into others by a new act."""
    act = begin_act(kind=Act.Kind.MERGE, by=by, at=at)
    return merging.absorb(merges=[(retired.pk, into.pk) for retired, into in merges], at=at, act=act)


def restore(*retired: Customer, at: datetime = LATER) -> list[merging.Moved]:
    """Let customers come back by a new act."""
    act = begin_act(kind=Act.Kind.UNMERGE, by=None, at=at)
    merges = Merge.objects.filter(retired__in=retired, ended_by=None).select_related("retired").order_by("pk")
    return merging.restore(merges=list(merges), at=at, act=act)


def counts(**moved: int) -> dict[str, int]:
    """What `absorb` says that it moved. moved: {model: count}, of those that are not 0, of the master alone."""
    kinds = [kind for participant in merging.participants() for kind in participant.moves]
    return {kind: moved.get(kind.removeprefix("customers."), 0) for kind in kinds}


def state(customer: Customer) -> tuple:
    customer.refresh_from_db()
    return customer.state, customer.merged_into_id, customer.merged_at


def test_absorb_moves_links_and_retires():
    one, other, third = customers(3)

    moved = absorb([(other, one)])

    assert moved == counts(Link=1)
    assert sorted(Link.objects.values_list("customer", "record__source_key")) == [
        (one.pk, "K0"),
        (one.pk, "K1"),
        (third.pk, "K2"),
    ]
    assert state(other) == ("MERGED", one.pk, NOW)
    assert [state(one), state(third)] == [("ACTIVE", None, None)] * 2


def test_absorb_keeps_the_golden_values_and_the_number_of_the_retired():
    one, other = customers(2)
    before = (other.number, other.name, other.birth_date, other.record_count)

    absorb([(other, one)])

    other.refresh_from_db()
    assert (other.number, other.name, other.birth_date, other.record_count) == before


def test_absorb_writes_history_and_an_event():
    one, other = customers(2)
    events = ChangeEvent.objects.count()

    absorb([(other, one)])

    row = Customer.history.filter(id=other.pk).latest("history_id")
    assert (row.history_type, row.state, row.merged_into_id, row.merged_at, row.history_date) == (
        "~",
        "MERGED",
        one.pk,
        NOW,
        NOW,
    )
    event = ChangeEvent.objects.get(sequence=events + 1)
    assert (event.customer_id, event.kind, event.items, event.occurred_at) == (other.pk, "MERGED", [], NOW)


def test_a_retired_number_points_at_the_last_survivor_of_a_chain():
    a, b, c, d = customers(4)

    absorb([(d, c)])
    absorb([(c, b)], at=NOW + timedelta(days=1))
    absorb([(b, a)], at=NOW + timedelta(days=2))

    assert [state(customer)[:2] for customer in (b, c, d)] == [("MERGED", a.pk)] * 3
    assert [state(customer)[2] for customer in (b, c, d)] == [NOW + timedelta(days=days) for days in (2, 1, 0)]
    assert set(Link.objects.values_list("customer", flat=True)) == {a.pk}


def test_several_are_absorbed_at_once():
    a, b, c, d = customers(4)

    assert absorb([(b, a), (c, a)]) == counts(Link=2)

    assert [state(customer)[:2] for customer in (b, c, d)] == [("MERGED", a.pk), ("MERGED", a.pk), ("ACTIVE", None)]


def test_grants_hold_for_the_survivor_and_none_twice():
    one, other = customers(2)
    first, second, group = make_staff(), make_staff(), Group.objects.create(name="group")
    for staff, customer in ((first, one), (first, other), (second, other)):
        CustomerStaffGrant.objects.create(user=staff, permission=view_customer(), content_object=customer)
    CustomerGroupGrant.objects.create(group=group, permission=view_customer(), content_object=other)

    assert absorb([(other, one)]) == counts(Link=1, CustomerStaffGrant=2, CustomerGroupGrant=1)

    assert sorted(CustomerStaffGrant.objects.values_list("user", "content_object")) == sorted(
        [(first.pk, one.pk), (second.pk, one.pk)]
    )
    assert list(CustomerGroupGrant.objects.values_list("group", "content_object")) == [(group.pk, one.pk)]


def test_a_record_that_fits_two_customers_makes_them_one_under_the_older_number():
    feed([person(source_key="K1", rrn=make_rrn())], "POLICY")
    feed([person(source_key="K2", ci=make_ci(), birth_date="")], "ONLINE")
    older, younger = Customer.objects.order_by("pk")

    run = feed([person(source_key="K3", rrn=make_rrn(), ci=make_ci())], "BANCA")

    assert outcome(run) == {"read": 1, "new": 1, "customers_changed": 1, "customers_merged": 1}
    assert state(younger)[:2] == ("MERGED", older.pk)
    older.refresh_from_db()
    assert (older.record_count, older.source_count) == (3, 3)
    kinds = ChangeEvent.objects.filter(sequence__gt=2).order_by("sequence").values_list("customer", "kind", "items")
    assert list(kinds) == [(younger.pk, "MERGED", []), (older.pk, "LINKED", ["sources"])]


def test_a_number_stays_through_merges_and_loads():
    feed([person(source_key="K1", rrn=make_rrn(), name="김하나")])
    number = Customer.objects.get().number

    feed([person(source_key="K9", ci=make_ci(), name="김하나")], "ONLINE")
    feed([person(source_key="K1", rrn=make_rrn(), ci=make_ci(), name="김한나", as_of="2026-11-02")])
    feed([person(source_key="K1", rrn=make_rrn(), ci=make_ci(), name="김한라", as_of="2026-11-03")])

    assert list(Customer.objects.filter(state="ACTIVE").values_list("number", "name")) == [(number, "김한라")]


def test_absorb_notes_what_moved_and_whom_it_was_about():
    one, other = customers(2)

    absorb([(other, one)], by=make_staff())

    act = Act.objects.get()
    link = Link.objects.get(record__source_key="K1")
    assert list(MovedChild.objects.values_list("act", "kind", "object_id", "from_id", "into_id", "note")) == [
        (act.pk, "customers.Link", link.pk, other.pk, one.pk, {})
    ]
    assert list(Merge.objects.values_list("act", "retired", "survivor", "ended_by")) == [
        (act.pk, other.pk, one.pk, None)
    ]
    assert list(ActCustomer.objects.order_by("customer").values_list("customer", flat=True)) == [one.pk, other.pk]
    assert Customer.history.filter(id=other.pk).latest("history_id").history_user == act.by


def test_restore_gives_back_what_moved_and_nothing_else():
    one, other, third = customers(3)
    absorb([(other, one)])

    returned = restore(other)

    assert [(moved.kind, moved.from_id, moved.into_id) for moved in returned] == [("customers.Link", other.pk, one.pk)]
    assert sorted(Link.objects.values_list("customer", "record__source_key")) == [
        (one.pk, "K0"),
        (other.pk, "K1"),
        (third.pk, "K2"),
    ]
    assert [state(each) for each in (one, other, third)] == [("ACTIVE", None, None)] * 3
    event = ChangeEvent.objects.latest("sequence")
    assert (event.customer_id, event.kind) == (other.pk, "UNMERGED")


def test_a_grant_that_was_dropped_comes_back_under_its_own_id():
    one, other = customers(2)
    staff = make_staff()
    for customer in (one, other):
        CustomerStaffGrant.objects.create(user=staff, permission=view_customer(), content_object=customer)
    before = sorted(CustomerStaffGrant.objects.values_list("pk", "user", "content_object", "permission"))

    absorb([(other, one)])
    restore(other)

    assert sorted(CustomerStaffGrant.objects.values_list("pk", "user", "content_object", "permission")) == before


@pytest.mark.parametrize("order", [("b", "c"), ("c", "b")])
def test_a_chain_comes_apart_in_either_order(order):
    a, b, c = customers(3)
    absorb([(c, b)])
    absorb([(b, a)], at=NOW + timedelta(days=1))
    of_name = {"b": b, "c": c}

    for step, name in enumerate(order):
        restore(of_name[name], at=LATER + timedelta(days=step))

    assert sorted(Link.objects.values_list("customer", "record__source_key")) == [
        (a.pk, "K0"),
        (b.pk, "K1"),
        (c.pk, "K2"),
    ]
    assert [state(each) for each in (a, b, c)] == [("ACTIVE", None, None)] * 3


def test_the_middle_of_a_chain_takes_what_was_merged_into_it_along():
    a, b, c = customers(3)
    absorb([(c, b)])
    absorb([(b, a)], at=NOW + timedelta(days=1))

    restore(b)

    assert [state(each)[:2] for each in (a, b, c)] == [("ACTIVE", None), ("ACTIVE", None), ("MERGED", b.pk)]
    assert sorted(Link.objects.values_list("customer", "record__source_key")) == [
        (a.pk, "K0"),
        (b.pk, "K1"),
        (b.pk, "K2"),
    ]


def test_a_proposal_on_a_customer_that_a_rule_retired_closes_itself():
    a, b, c = customers(3)
    fields = {"why": ["VALUE"], "reason_code": "EVIDENCE", "proposed_by": make_staff(), "proposed_at": NOW}
    of_retired = Proposal.objects.create(survivor=c, retired_ids=[b.pk], **fields)
    of_others = Proposal.objects.create(survivor=c, retired_ids=[a.pk], **fields)

    absorb([(b, a)])

    assert list(Proposal.objects.order_by("pk").values_list("pk", "state", "decided_at")) == [
        (of_retired.pk, "OVERTAKEN", NOW),
        (of_others.pk, "OPEN", None),
    ]


class Refuses:
    """A participant that cannot move what it holds."""

    moves = ()

    def count(self, customers: list[int]) -> dict[str, dict[int, int]]:
        return {}

    def move(self, merges: merging.Merges, at: datetime) -> list[merging.Moved]:
        raise RuntimeError

    def give_back(self, moved: list[merging.Moved], at: datetime) -> list[merging.Moved]:
        return []


def test_a_participant_that_raises_leaves_everything_where_it_was(settings):
    one, other = customers(2)
    settings.CUSTOMER_MERGE_PARTICIPANTS = [
        *settings.CUSTOMER_MERGE_PARTICIPANTS,
        "tests.customers.test_merging.Refuses",
    ]
    links = sorted(Link.objects.values_list("customer", "record"))

    with pytest.raises(RuntimeError):
        absorb([(other, one)])

    assert sorted(Link.objects.values_list("customer", "record")) == links
    assert [state(each) for each in (one, other)] == [("ACTIVE", None, None)] * 2
    assert not MovedChild.objects.exists()
