"""What the tests of relationships share: rows as they stand, and people who are on contracts together."""

from datetime import date, timedelta

from accounts.models import Staff
from customers.models import Customer
from relations.models import Household, Membership, Relationship
from tests.customers.builders import NOW, contract, feed, party, person

TODAY = date(2026, 11, 23)
AGE, APART = timedelta(days=14_000), timedelta(days=97)


def make_relationship(first: Customer, second: Customer, **fields: object) -> Relationship:
    """A relationship that the person told, open unless `fields` say otherwise. Alike kinds go in order."""
    if fields.get("kind", "PARENT") in Relationship.ALIKE and second.pk < first.pk:
        first, second = second, first
    defaults = {"kind": "PARENT", "basis": "PERSON", "started_on": date(2020, 1, 1), "recorded_at": NOW}
    return Relationship.objects.create(first=first, second=second, **defaults | fields)


def make_household(*members: Customer, roles: tuple[str, ...] = ("HEAD", "SPOUSE", "CHILD", "CHILD")) -> Household:
    """An open household of these members, the head first."""
    household = Household.objects.create(number=f"H{Household.objects.count() + 1:08}", kind="LIVING", opened_at=NOW)
    for member, role in zip(members, roles, strict=False):
        Membership.objects.create(household=household, customer=member, role=role, basis="PERSON", recorded_at=NOW)
    return household


def on_contracts(*contracts: dict[str, str], **fields: str) -> dict[str, Customer]:
    """Contracts with their parties, each given as {role: key of the person}; returns {key: customer}."""
    keys = list(dict.fromkeys(key for roles in contracts for key in roles.values()))
    feed(
        [
            person(source_key=key, name=f"가나{chr(0xAC00 + 28 * place)}", birth_date=f"{TODAY - AGE - place * APART}")
            for place, key in enumerate(keys)
        ]
    )
    numbers = [f"P-{place}" for place, _roles in enumerate(contracts)]
    feed([contract(contract_no=number) | fields for number in numbers], layout="contracts")
    feed(
        [
            party(contract_no=number, role=role, party_source_key=key)
            for number, roles in zip(numbers, contracts, strict=True)
            for role, key in roles.items()
        ],
        layout="parties",
    )
    return {key: Customer.objects.get(links__record__source_key=key) for key in keys}


def again(viewer: Staff) -> Staff:
    """The same person on another request, so that nothing is remembered."""
    return Staff.objects.get(pk=viewer.pk)
