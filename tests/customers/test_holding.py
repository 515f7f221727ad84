"""Counting, giving out and destroying what all apps hold, on rows of the apps above."""

from datetime import date

import pytest

from customers import holding
from relations.models import OrphanNote, Relationship
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, make_customer
from tests.relations.relating import make_relationship

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
RELATION, NOTE = "relations.Relationship", "relations.OrphanNote"
GOLDEN, HISTORY = "customers.Customer", "customers.HistoricalCustomer"


def filled() -> tuple[int, int]:
    """Two customers who are something to each other, one of them explained as kept by nobody."""
    one, other = make_customer(name="가나다"), make_customer(name="라마바")
    make_relationship(one, other, kind="REFERRER", evidence="소개 카드")
    OrphanNote.objects.create(customer=one, why="DIGITAL", until=date(2027, 1, 1), by=make_staff(), at=NOW)
    return one.pk, other.pk


def some(counted: dict[str, dict[int, int]]) -> dict[str, dict[int, int]]:
    return {kind: found for kind, found in counted.items() if found}


def test_rows_are_counted_for_everybody_they_are_about():
    one, other = filled()

    each = {one: 1, other: 1}
    assert some(holding.counts([one, other])) == {RELATION: each, NOTE: {one: 1}, GOLDEN: each, HISTORY: each}


def test_a_customer_is_given_what_is_held_and_no_keys_of_others():
    one, _other = filled()

    exported = {kind: rows for kind, rows in holding.export(one).items() if rows}

    assert exported.keys() == {RELATION, NOTE, GOLDEN, HISTORY}
    assert exported[NOTE][0]["why"] == "DIGITAL"
    assert exported[RELATION][0]["evidence"] == "소개 카드"
    assert not {"id", "customer", "first", "second"} & {*exported[NOTE][0], *exported[RELATION][0]}


def test_what_is_destroyed_is_told_by_kind_and_gone():
    one, other = filled()

    erased = {kind: count for kind, count in holding.erase([one], NOW).items() if count}

    assert erased == {RELATION: 1, NOTE: 1, GOLDEN: 1, HISTORY: 1}
    assert some(holding.counts([one, other])) == {GOLDEN: {other: 1}, HISTORY: {other: 1}}
    assert not Relationship.objects.exists()


def test_a_holder_that_fails_leaves_everything(settings):
    one, other = filled()
    settings.CUSTOMER_HOLDERS = [*settings.CUSTOMER_HOLDERS, "tests.customers.test_holding.Failing"]

    with pytest.raises(RuntimeError):
        holding.erase([one], NOW)

    assert Relationship.objects.count() == 1
    assert other


class Failing(holding.ForeignKeyHolder):
    """Holds what another holds already, and cannot let go of it."""

    model = "relations.OrphanNote"

    def erase(self, customers: list[int], at: object) -> dict[str, int]:
        raise RuntimeError
