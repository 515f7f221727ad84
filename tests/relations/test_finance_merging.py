"""Finances in a merge and its taking back; what is held is given out and destroyed."""

import pytest
from django.utils import timezone

from customers import holding, merging
from relations.services import finances
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer
from tests.customers.stewarding import differences, everything, merge, people, unmerge
from tests.relations.finances import days_ago, record, record_policy, record_profile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
KINDS = ("relations.FinancialFact", "relations.PolicyElsewhere", "relations.RiskProfile")


def all_of_it() -> dict[str, list[object]]:
    """What the master holds, and all finances."""
    own = {table._meta.label: list(table.objects.order_by("pk").values()) for table in finances.TABLES}
    return everything() | own


def counts(*customers: object) -> dict[str, dict[int, int]]:
    found = merging.children([customer.pk for customer in customers])
    return {kind: found[kind] for kind in KINDS}


def test_the_survivor_has_the_facts_of_both_and_each_gets_exactly_its_own_back():
    steward = make_staff("DATA_STEWARD")
    survivor, retired, third = people(3)
    for place, customer in enumerate((survivor, retired, third)):
        record(customer, "INCOME", 1, 2 + place, as_of=days_ago(place))
        record_policy(customer, insurer=f"생명{place}")
        record_profile(customer)
    withdrawn = record(retired, "DEBTS", 1, 2)
    finances.withdraw_fact(fact=withdrawn, reason="잘못 들음", by=steward, at=timezone.now())
    before, counted = all_of_it(), counts(survivor, retired, third)

    merge(survivor, retired, by=steward)
    merged = counts(survivor, retired, third)
    retired.refresh_from_db()
    unmerge(retired, by=steward, keep_apart=False)

    assert counted[KINDS[0]] == {survivor.pk: 1, retired.pk: 2, third.pk: 1}
    assert merged == {
        KINDS[0]: {survivor.pk: 3, third.pk: 1},
        KINDS[1]: {survivor.pk: 2, third.pk: 1},
        KINDS[2]: {survivor.pk: 2, third.pk: 1},
    }
    assert list(differences(before, all_of_it())) == []


def test_the_very_same_fact_of_both_stands_twice_and_comes_apart():
    steward = make_staff("DATA_STEWARD")
    survivor, retired = people(2)
    record(survivor)
    record(retired)
    before = all_of_it()

    merge(survivor, retired, by=steward)
    retired.refresh_from_db()
    unmerge(retired, by=steward, keep_apart=False)

    assert list(differences(before, all_of_it())) == []


def test_everything_held_is_given_out_and_destroyed():
    customer, other = make_customer(), make_customer()
    for each in (customer, other):
        record(each, evidence="급여명세")
        record_policy(each)
        record_profile(each)

    given = {kind: rows for kind, rows in holding.export(customer.pk).items() if kind in KINDS}
    destroyed = holding.erase([customer.pk], timezone.now())

    assert {kind: len(rows) for kind, rows in given.items()} == dict.fromkeys(KINDS, 1)
    assert (given[KINDS[0]][0]["low"], given[KINDS[0]][0]["evidence"]) == (30_000_000, "급여명세")
    assert given[KINDS[1]][0]["insurer"] == "다른생명"
    assert given[KINDS[2]][0]["answers"]["LOSS"] == "MUCH"
    assert {kind: destroyed[kind] for kind in KINDS} == dict.fromkeys(KINDS, 1)
    assert counts(customer, other) == {kind: {other.pk: 1} for kind in KINDS}
