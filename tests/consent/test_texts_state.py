"""Everybody's answers are what each customer's answers are, whatever was said and merged in which order."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from consent.models import Consent, Purpose, Receipt, Recipient
from consent.state import Held, Key, everybody, held
from customers.models import Customer
from tests.customers.builders import NOW, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
ANSWERS = ("GIVEN", "REFUSED", "WITHDRAWN", "LAPSED", "GIVEN")


def say(customer: Customer, answer: str, hours: int, **more: object) -> None:
    """A row as it stands, without the checks of the desk."""
    at = NOW + timedelta(hours=hours)
    Consent.objects.create(customer=customer, answer=answer, at=at, recorded_at=at, **more)


def merge(retired: Customer, survivor: Customer, hours: int) -> None:
    """One number becomes part of another; those that were part of it go along."""
    Customer.objects.filter(merged_into=retired).update(merged_into=survivor)
    Customer.objects.filter(pk=retired.pk).update(
        state="MERGED", merged_into=survivor, merged_at=NOW + timedelta(hours=hours)
    )


def whole(at: object) -> dict[int, dict[Key, Held]]:
    """{customer: {key: answer}} of everybody, in the one query."""
    found: dict[int, dict[Key, Held]] = {}
    with connection.cursor() as cursor:
        cursor.execute(everybody("true"), {"at": at, "day": timezone.localdate(at)})
        for customer, purpose, channel, recipient, *answer in cursor.fetchall():
            found.setdefault(customer, {})[Key(purpose, channel, recipient)] = Held(*answer)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_everybody_is_each_of_them(seed):
    people = [make_customer() for _ in range(6)]
    marketing, provision = Purpose.objects.get(code="MARKETING"), Purpose.objects.get(code="PROVISION_AFFILIATE")
    card = Recipient.objects.get(code="AFFILIATE_CARD")
    for step in range(40):
        chosen = (step * 7 + seed * 3) % len(people)
        answer = ANSWERS[(step * 5 + seed) % len(ANSWERS)]
        ends = NOW.date() + timedelta(days=step % 3) if answer == "GIVEN" and step % 4 == 0 else None
        key = (
            {"purpose": provision, "channel": "ANY", "recipient": card}
            if step % 3 == 0
            else {"purpose": marketing, "channel": ("SMS", "EMAIL")[step % 2]}
        )
        say(people[chosen], answer, step, expires_on=ends, **key)
        if step in (merges := {10: (0, 3), 18: (1 + seed % 2, 3), 26: (3, 5)}):
            merge(*(people[place] for place in merges[step]), step)

    for hours in (5, 12, 20, 30, 60):
        at = NOW + timedelta(hours=hours)
        each = {customer: keys for customer, keys in held([one.pk for one in people], at).items() if keys}
        assert whole(at) == each
    assert Receipt.objects.count() == 0
