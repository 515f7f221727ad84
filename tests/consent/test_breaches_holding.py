"""Notices of breaches in a merge, in what is given out to a person, and after a destruction."""

import pytest

from consent.holding.breaches import BreachNotices
from consent.models import BreachNotice
from consent.services import breaches_notices
from tests.accounts.builders import make_staff
from tests.consent.outflowing import make_breach
from tests.customers.builders import NOW, make_customer
from tests.customers.stewarding import merge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]


def told(*customers, breach=None):
    """Customers on the list of a breach, who were told."""
    breach, officer = breach or make_breach(), make_staff("PRIVACY_OFFICER")
    breaches_notices.add_affected(breach=breach, customers=customers, by=officer, at=NOW)
    breaches_notices.record_notices(
        breach=breach, customers=None, channel="SMS", sent_at=NOW, proof="발송 7", by=officer, at=NOW
    )
    return breach


def test_a_merge_leaves_notices_where_they_are():
    one, two = make_customer(), make_customer()
    told(one, two)

    merge(one, two, by=make_staff("STEWARD_LEAD"))

    assert set(BreachNotice.objects.values_list("customer", flat=True)) == {one.pk, two.pk}


def test_a_person_is_given_out_of_which_breach_they_were_told():
    customer = make_customer()
    breach = told(customer)

    (row,) = BreachNotices().export(customer.pk)["consent.BreachNotice"]

    assert (row["breach__number"], row["channel"], row["sent_at"], row["proof"]) == (
        breach.number,
        "SMS",
        NOW,
        "발송 7",
    )


def test_after_a_destruction_who_was_told_stays_bare_and_who_was_not_is_off_the_list():
    gone, other = make_customer(), make_customer()
    told(gone, other)
    open_breach = make_breach()
    breaches_notices.add_affected(breach=open_breach, customers=[gone, other], by=make_staff("PRIVACY_OFFICER"), at=NOW)
    holder = BreachNotices()

    counts = holder.count([gone.pk])
    erased = holder.erase([gone.pk], NOW)

    assert (counts, erased) == ({"consent.BreachNotice": {gone.pk: 1}}, {"consent.BreachNotice": 1})
    assert holder.count([gone.pk]) == {"consent.BreachNotice": {}}
    assert list(BreachNotice.objects.filter(customer=gone).values_list("channel", "proof", "sent_at")) == [
        ("SMS", "", NOW)
    ]
    assert BreachNotice.objects.filter(customer=other).count() == 2
