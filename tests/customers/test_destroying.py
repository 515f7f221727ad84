"""Customers who are kept apart, come back, or are destroyed: everything of the house hangs on some of them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from accounts.models import Export
from accounts.trail import append
from accounts.trail.verifying import verify
from customers import holding
from customers.models import ChangeEvent, Contract, ContractParty, Customer, GoneKey, Link, SourceRecord
from customers.services import apart
from customers.services.destroying import (
    AlreadyApart,
    AlreadyDestroyed,
    NotApart,
    TooManyAtOnce,
    UnknownCustomers,
    destroy_customers,
    return_customers,
    separate_customers,
)
from tests.customers.builders import contract, feed, make_customer, make_retired, outcome, party, person
from tests.customers.dumping import changed, dump, traces
from tests.planting import Population
from tests.population import plant

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 1, tzinfo=UTC)
LATER = AT + timedelta(days=30)
ONLY_GROW = ("public.customers_changeevent", "public.customers_eventcounter")


def standing() -> list[int]:
    return list(Customer.objects.filter(state="ACTIVE").order_by("pk").values_list("pk", flat=True))


def of(planted: Population, customers: list[int]) -> list[tuple[str, str]]:
    """(item, raw value) of whatever was planted of these customers and of nobody else."""
    return [(value.item, value.text) for value, owners in planted.owners().items() if owners and owners <= {*customers}]


def with_merged(customers: list[int]) -> list[int]:
    return [*customers, *Customer.objects.filter(merged_into__in=customers).values_list("pk", flat=True)]


def test_whoever_comes_back_is_exactly_as_before():
    plant()
    everyone, before = standing(), dump()

    separate_customers(customers=everyone, at=AT)
    return_customers(customers=everyone, at=LATER)

    assert changed(before, dump(), but=ONLY_GROW) == []


def test_what_two_share_comes_back_with_the_second():
    plant()
    everyone, before = standing(), dump()
    first, second = everyone[::2], everyone[1::2]

    separate_customers(customers=first, at=AT)
    separate_customers(customers=second, at=AT)
    return_customers(customers=first, at=LATER)
    return_customers(customers=second, at=LATER)

    assert changed(before, dump(), but=ONLY_GROW) == []


def test_nothing_of_those_kept_apart_is_left_outside_their_schema():
    planted = plant()
    everyone = standing()
    values = of(planted, with_merged(everyone))

    separate_customers(customers=everyone, at=AT)

    outside = {table: rows for table, rows in dump().items() if not table.startswith("separated.")}
    assert len(values) > 100
    assert traces(values, outside) == []
    assert [found for holder in holding.going_apart() for found in holder.count(everyone).values() if found] == []
    assert set(Customer.objects.filter(pk__in=everyone).values_list("state", "separated_at")) == {("SEPARATED", AT)}


def _seen_and_copied(planted: Population, customer: Customer) -> tuple[str, str]:
    """Looks at a customer and a file that holds it, with its name wherever people write one; the raw value of that."""
    name, staff = customer.name, planted.others["lead"]
    about = {"at": timezone.now(), "result": 200, "customers": [customer.pk], "employee_number": staff.employee_number}
    append(kind="SEARCH", page="customers:search", conditions=json.dumps({"q": name}, ensure_ascii=False), **about)
    append(kind="VIEW", page="customers:customer-detail", reason=f"{name} 고객 상담", **about)
    export = Export.objects.filter(state="READY").first() or Export.objects.first()
    Export.objects.filter(pk=export.pk).update(reason=f"{name} 고객 문의", conditions={"name": name})
    append(kind="EXPORT", page="accounts:export-detail", target=f"pk={export.pk}", reason=f"{name} 고객 문의", **about)
    return "name", name


def test_nothing_of_the_destroyed_is_left_anywhere_and_the_others_are_as_they_were():
    planted = plant()
    gone = [planted.notable[word].pk for word in ("own", "set", "stay", "vip", "near")]
    others = [one for one in standing() if one not in gone]
    values = of(planted, with_merged(gone))
    values += [_seen_and_copied(planted, Customer.objects.get(pk=gone[0]))]
    numbers = dict(Customer.objects.filter(pk__in=with_merged(gone)).values_list("pk", "number"))
    golden = list(Customer.objects.filter(pk__in=others).order_by("pk").values())
    records = list(SourceRecord.objects.filter(link__customer__in=others).order_by("pk").values())
    found = holding.counts(with_merged(gone))

    destroyed = destroy_customers(customers=gone, at=AT)

    assert len(values) >= 12
    assert traces(values, dump()) == []
    assert verify().faults == ()
    rows = Customer.objects.filter(pk__in=numbers)
    assert dict(rows.values_list("pk", "number")) == numbers
    assert set(rows.values_list("state", "destroyed_at", "merged_into", "name", "kind")) == {
        ("DESTROYED", AT, None, "", "")
    }
    assert list(Customer.objects.filter(pk__in=others).order_by("pk").values()) == golden
    assert list(SourceRecord.objects.filter(link__customer__in=others).order_by("pk").values()) == records
    assert {kind: sum(counts.values()) for kind, counts in destroyed.before.items()} == {
        kind: sum(counts.values()) for kind, counts in found.items()
    }
    assert {kind for kind, counts in destroyed.after.items() if counts} == set()
    events = ChangeEvent.objects.filter(kind="DESTROYED", occurred_at=AT).values_list("customer", flat=True)
    assert set(events) == set(numbers)


def test_who_was_kept_apart_is_destroyed_as_whole_as_any_other():
    planted = plant()
    gone = [planted.notable[word].pk for word in ("own", "set", "stay")]
    values = of(planted, with_merged(gone))
    before = holding.counts(with_merged(gone))
    separate_customers(customers=standing(), at=AT)

    destroyed = destroy_customers(customers=gone, at=LATER)

    assert traces(values, dump()) == []
    assert destroyed.before.keys() == before.keys()
    return_customers(
        customers=list(Customer.objects.filter(state="SEPARATED", merged_into=None).values_list("pk", flat=True)),
        at=LATER,
    )
    assert traces(values, dump()) == []


@pytest.mark.parametrize(
    ("act", "state", "problem"),
    [
        (separate_customers, "SEPARATED", AlreadyApart),
        (separate_customers, "DESTROYED", AlreadyDestroyed),
        (separate_customers, "MERGED", UnknownCustomers),
        (separate_customers, "", UnknownCustomers),
        (return_customers, "ACTIVE", NotApart),
        (return_customers, "DESTROYED", AlreadyDestroyed),
        (return_customers, "MERGED", UnknownCustomers),
        (destroy_customers, "DESTROYED", AlreadyDestroyed),
        (destroy_customers, "MERGED", UnknownCustomers),
        (destroy_customers, "", UnknownCustomers),
    ],
)
def test_whom_an_act_cannot_be_done_to_stops_all_of_it(act, state, problem):
    other = make_customer(**({"state": "SEPARATED", "separated_at": AT} if act is return_customers else {}))
    named = _in_state(state)
    before = dump()

    with pytest.raises(problem) as raised:
        act(customers=[other.pk, named], at=LATER)

    assert raised.value.args == ([named],)
    assert changed(before, dump()) == []


def _in_state(state: str) -> int:
    if state == "":
        return 999_999_999
    if state == "MERGED":
        return make_retired(make_customer()).pk
    dates = {"SEPARATED": {"separated_at": AT}, "DESTROYED": {"destroyed_at": AT}}.get(state, {})
    return make_customer(state=state, **dates).pk


def test_more_than_fivehundred_are_refused():
    with pytest.raises(TooManyAtOnce):
        destroy_customers(customers=list(range(1, 502)), at=AT)


@pytest.mark.usefixtures("master")
class TestContracts:
    def shared(self) -> tuple[int, int]:
        """Two customers with a contract of each and one of both."""
        feed([person(source_key="X", name="가나다"), person(source_key="Y", name="라마바", birth_date="1990-01-01")])
        feed([contract(contract_no=number) for number in ("P-X", "P-Y", "P-XY")], layout="contracts")
        roles = [("P-X", "X"), ("P-Y", "Y"), ("P-XY", "X"), ("P-XY", "Y")]
        feed([party(contract_no=number, party_source_key=key) for number, key in roles], layout="parties")
        owner = dict(Link.objects.values_list("record__source_key", "customer"))
        return owner["X"], owner["Y"]

    def left(self) -> tuple[list[str], list[tuple[str, str]]]:
        contracts = Contract.objects.order_by("contract_no").values_list("contract_no", flat=True)
        roles = ContractParty.objects.order_by("contract_no", "party_source_key")
        return list(contracts), list(roles.values_list("contract_no", "party_source_key"))

    def test_a_contract_of_somebody_else_too_stays_without_the_role(self):
        one, _other = self.shared()

        destroy_customers(customers=[one], at=AT)

        assert self.left() == (["P-XY", "P-Y"], [("P-XY", "Y"), ("P-Y", "Y")])

    def test_a_contract_goes_with_the_last_who_has_a_role(self):
        one, other = self.shared()

        destroy_customers(customers=[one], at=AT)
        destroy_customers(customers=[other], at=AT)

        assert self.left() == ([], [])

    def test_who_is_kept_apart_keeps_a_contract_whose_other_party_is_destroyed(self):
        one, other = self.shared()
        separate_customers(customers=[one], at=AT)
        destroy_customers(customers=[other], at=AT)

        return_customers(customers=[one], at=LATER)

        assert self.left() == (["P-X", "P-XY"], [("P-X", "X"), ("P-XY", "X")])

    def test_a_full_file_brings_nobody_back(self):
        one, _other = self.shared()
        destroy_customers(customers=[one], at=AT)

        again = feed([person(source_key="X", name="가나다"), person(source_key="Z", name="사아자")])
        contracts = feed([contract(contract_no=number) for number in ("P-X", "P-XY")], layout="contracts")
        roles = [("P-X", "X"), ("P-XY", "X"), ("P-XY", "Y")]
        parties = feed([party(contract_no=no, party_source_key=key) for no, key in roles], layout="parties")

        refused = {"DESTROYED": 1}
        assert outcome(again) == {"read": 2, "new": 1, "rejected": 1, "reject_reasons": refused, "customers_created": 1}
        assert outcome(contracts) == {"read": 2, "unchanged": 1, "rejected": 1, "reject_reasons": refused}
        assert outcome(parties)["rejected"] == 2
        assert self.left() == (["P-XY", "P-Y"], [("P-XY", "Y"), ("P-Y", "Y")])

    def test_of_a_refused_row_the_reject_file_tells_the_line_and_the_day_alone(self):
        one, _other = self.shared()
        destroy_customers(customers=[one], at=AT)

        run = feed([person(source_key="X", name="가나다")])

        with open(run.reject_path, encoding="utf-8-sig") as file:
            text = file.read()
        assert "가나다" not in text
        assert text.splitlines()[1].startswith("2,,2027-03-01,")

    def test_who_comes_back_is_fed_again(self):
        one, _other = self.shared()
        separate_customers(customers=[one], at=AT)
        refused = feed([person(source_key="X", name="가나다", mobile="010-7412-8836")])
        return_customers(customers=[one], at=LATER)

        taken = feed([person(source_key="X", name="가나다", mobile="010-7412-8836", as_of="2026-11-02")])

        assert outcome(refused) == {"read": 1, "rejected": 1, "reject_reasons": {"KEPT_APART": 1}}
        assert outcome(taken) == {"read": 1, "changed": 1, "customers_changed": 1}
        assert GoneKey.objects.count() == 0


def test_the_schema_is_closed_to_a_role_that_is_not_its_own():
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE hannun_reader_of_a_test")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO hannun_reader_of_a_test")
        cursor.execute("SET LOCAL ROLE hannun_reader_of_a_test")
        cursor.execute("SELECT count(*) FROM customers_customer")
        for statement in ("SELECT count(*) FROM separated.kept", "DELETE FROM separated.kept"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(statement)


def test_the_role_of_the_schema_sees_nothing_else():
    with connection.cursor() as cursor, apart.keeper_of_the_separated():
        cursor.execute("SELECT count(*) FROM separated.kept")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("SELECT count(*) FROM customers_customer")
