"""Organisations in the population of the walks: near and far ones, with places, affiliates, contact persons, owners.

Nouns of addresses: `place` → PlaceOfBusiness, `owner` → ItemOwner, `affiliation` → Affiliation, `officer` → Officer.
"""

from __future__ import annotations

from customers.models import SourceSystem
from relations.models import ItemOwner
from relations.rules.organisations import OfficerFacts, PlaceFacts
from relations.services import organisation_affiliations, organisation_officers, organisations
from tests.customers.builders import NOW, company, feed, make_brn
from tests.planting import Planted, Population
from tests.relations.organising import SINCE

KEYS = ("ORGOWN", "ORGNEAR", "ORGFAR")


def plant(planted: Population) -> None:
    """One organisation of the FP, one of the near branch, one of the far one; each with rows of its own."""
    near, far = planted.branches["near"].code, planted.branches["far"].code
    own, other = planted.viewers["FP"].employee_number, planted.others["keeper"].employee_number
    held = {"ORGOWN": (near, own), "ORGNEAR": (near, other), "ORGFAR": (far, other)}
    feed([_row(key, place, *held[key]) for place, key in enumerate(KEYS)], "CORP")
    found = {key: planted.customer(key) for key in KEYS}
    planted.notable |= {key.lower(): customer for key, customer in found.items()}
    for place, key in enumerate(KEYS):
        _keep(planted, place, key)
    for child in ("ORGNEAR", "ORGFAR"):
        organisation_affiliations.add_affiliation(
            parent=found["ORGOWN"], child=found[child], kind="SUBSIDIARY", basis="REGISTER", on=SINCE, by=None, at=NOW
        )
    by = planted.viewers["DATA_STEWARD"]
    for item, ended in (("address", None), ("name", NOW)):
        ItemOwner.objects.create(
            item=item,
            source=SourceSystem.objects.get(code="CORP"),
            reason="합의",
            decided_by=by,
            decided_at=NOW,
            ended_by=by if ended else None,
            ended_at=ended,
        )


def _row(key: str, place: int, branch: str, keeper: str) -> dict[str, str]:
    return company(
        source_key=key,
        name=f"(주)뷔{'강낭덩'[place]}물산",
        company_no=make_brn(8100 + place),
        branch_code=branch,
        fp_code=keeper,
        as_of="2026-11-01",
    )


def _keep(planted: Population, place: int, key: str) -> None:
    """A head office, a branch that closed, and two contact persons whose values stand nowhere else."""
    organisation = planted.customer(key)
    shown = {"address": f"서울특별시 종로구 새누리로 {4700 + place}", "phone_home": f"02-7981-{place}138"}
    facts = PlaceFacts("HEAD_OFFICE", "본사", "REGISTER", address=shown["address"], phone=shown["phone_home"])
    organisations.add_place(organisation=organisation, facts=facts, on=SINCE, by=None, at=NOW)
    told = {"mobile": f"010-7982-{place}264", "email": f"bloom9{place}desk@planted.example"}
    person = planted.notable["own"] if place == 0 else None
    officer = OfficerFacts("PEOPLE", f"뷔담{'강낭덩'[place]}", "ORGANISATION", "", told["mobile"], told["email"])
    organisation_officers.add_officer(
        organisation=organisation, facts=officer, on=SINCE, by=None, at=NOW, customer=person
    )
    planted.values += [Planted(item, text, "CORP", key) for item, text in (shown | told).items()]
