"""Organisations for tests, and what is kept of them."""

from datetime import date

from accounts.models import Staff
from customers.models import Customer
from relations.models import Affiliation, Officer, PlaceOfBusiness
from relations.rules.organisations import OfficerFacts, PlaceFacts
from relations.services import organisation_affiliations, organisation_officers, organisations
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, make_customer

SINCE = date(2024, 1, 1)


def make_organisation(name: str = "(주)한빛상사", **fields: object) -> Customer:
    return make_customer(kind="ORG", name=name, **fields)


def add_place(organisation: Customer, kind: str = "BRANCH", **facts: object) -> PlaceOfBusiness:
    on, by = facts.pop("on", SINCE), facts.pop("by", None)
    told = PlaceFacts(**{"kind": kind, "name": "부산지점", "basis": "ORGANISATION"} | facts)
    return organisations.add_place(organisation=organisation, facts=told, on=on, by=by, at=NOW)


def add_officer(organisation: Customer, name: str = "김담당", **facts: object) -> Officer:
    on, customer = facts.pop("on", SINCE), facts.pop("customer", None)
    told = OfficerFacts(**{"duty": "PEOPLE", "name": name, "basis": "ORGANISATION"} | facts)
    return organisation_officers.add_officer(
        organisation=organisation, facts=told, on=on, by=None, at=NOW, customer=customer
    )


def affiliate(parent: Customer, child: Customer, *, on: date | None = SINCE, **more: object) -> Affiliation:
    told = {"kind": "SUBSIDIARY", "basis": "REGISTER", "by": None, "at": NOW} | more
    return organisation_affiliations.add_affiliation(parent=parent, child=child, on=on, **told)


def steward() -> Staff:
    return make_staff("DATA_STEWARD", language="en")


def kept() -> dict[str, list[object]]:
    """Every row of the three tables."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in (PlaceOfBusiness, Affiliation, Officer)
    }
