"""What the tests of households share: persons, households as verbs make them, suggestions as a search writes them."""

from collections.abc import Sequence
from datetime import date

from accounts.models import Staff
from customers.models import Customer
from relations.models import Household, HouseholdSuggestion, Membership, SuggestedMember
from relations.services import households
from relations.services.household_places import Deed, Entry
from tests.customers.builders import NOW

TODAY = date(2026, 11, 23)
LONG_AGO = date(2020, 1, 1)


def deed(by: Staff | None = None, on: date | None = TODAY, because: str = "OTHER", **more: object) -> Deed:
    return Deed(by, NOW, on, because, **more)


def entries(*customers: Customer, roles: Sequence[str] = ("HEAD", "SPOUSE", "CHILD", "CHILD")) -> list[Entry]:
    return [Entry(customer, role) for customer, role in zip(customers, roles, strict=False)]


def opened(*customers: Customer, kind: str = "LIVING", on: date | None = LONG_AGO, **more: object) -> Household:
    """A household of these persons, the first its head."""
    basis = more.pop("basis", "PERSON")
    return households.open_household(kind=kind, entries=entries(*customers, **more), basis=basis, deed=deed(on=on))


def suggested(*customers: Customer, kind: str = "LIVING", **fields: object) -> HouseholdSuggestion:
    """A suggestion that waits, with a tie between each two neighbours."""
    ties = [[place, place + 1, 0.9, ["HOME", "FLAT", "SURNAME"]] for place in range(len(customers) - 1)]
    values = {"score": 0.9, "size": len(customers), "ties": ties, "made_at": NOW} | fields
    suggestion = HouseholdSuggestion.objects.create(kind=kind, **values)
    roles = ["HEAD", "SPOUSE", *["CHILD"] * len(customers)]
    for place, customer in enumerate(customers):
        SuggestedMember.objects.create(suggestion=suggestion, customer=customer, position=place, role=roles[place])
    return suggestion


def places(household: Household) -> list[tuple[int, str, bool, date | None, date | None, str]]:
    """Customer, role, primary or not, from, until and why it ended, of every place a household ever had."""
    return list(
        Membership.objects.filter(household=household)
        .order_by("pk")
        .values_list("customer", "role", "is_primary", "started_on", "ended_on", "ended_because")
    )


def open_places(household: Household) -> list[tuple[int, str, bool]]:
    return list(
        Membership.objects.filter(household=household, ended_at=None)
        .order_by("pk")
        .values_list("customer", "role", "is_primary")
    )


def told(household: Household) -> list[tuple[str, int | None, str]]:
    """What happened to a household: kind, customer and why."""
    return list(household.events.order_by("pk").values_list("kind", "customer", "because"))
