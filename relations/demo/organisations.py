"""Head offices, branches, groups and contact persons of the demonstration's organisations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import Staff
from customers.models import Customer
from relations.models import Affiliation, Officer
from relations.rules.organisations import OfficerFacts, PlaceFacts
from relations.services import organisation_affiliations, organisation_officers, organisations

MOST = 240
GROUP = 4
"""Of so many organisations in a row the first stands above the others."""
BRANCHES = (
    ("부산지점", "부산광역시 해운대구 센텀중앙로 97", "48058"),
    ("대구영업소", "대구광역시 수성구 동대구로 390", "42087"),
    ("광주공장", "광주광역시 광산구 하남산단6번로 107", "62214"),
    ("대전지점", "대전광역시 유성구 대덕대로 480", "34126"),
)
FAMILY, GIVEN = "김이박최정강조윤장임", ("서연", "민준", "지우", "하은", "도윤", "수아", "예준", "지호", "유진", "현우")
DUTIES = (Officer.Duty.PEOPLE, Officer.Duty.INSURANCE, Officer.Duty.FINANCE)
TITLES = {"PEOPLE": "인사팀장", "INSURANCE": "복리후생 담당", "FINANCE": "재무팀 과장"}


def seed(at: datetime) -> dict[str, int]:
    """Plausible rows, of which a second call makes none; {kind: rows made}."""
    counts = {"head_offices": organisations.adopt_head_offices(by=None, at=at)}
    if Affiliation.objects.exists() or Officer.objects.exists():
        return counts | {"branches": 0, "affiliations": 0, "officers": 0}
    by = Staff.objects.filter(employee_number="steward").first()
    held = Customer.objects.filter(kind="ORG", state=Customer.State.ACTIVE).exclude(company_no="")
    chosen = list(held.order_by("-source_count", "pk")[:MOST])
    today = timezone.localdate(at)
    return counts | {
        "branches": _branches(chosen, today, by, at),
        "affiliations": _affiliations(chosen, today, by, at),
        "officers": _officers(chosen, today, by, at),
    }


def _branches(chosen: Sequence[Customer], today: date, by: Staff | None, at: datetime) -> int:
    made = 0
    for place, organisation in enumerate(chosen):
        for offset in range(place % 3):
            name, address, postcode = BRANCHES[(place + offset) % len(BRANCHES)]
            kind = "PLANT" if name.endswith("공장") else "BRANCH"
            facts = PlaceFacts(kind, name, "ORGANISATION", "", address, postcode, "", 5 + place * 7 % 180)
            since = today - timedelta(days=400 + place * 37 % 3000)
            organisations.add_place(organisation=organisation, facts=facts, on=since, by=by, at=at)
            made += 1
    return made


def _affiliations(chosen: Sequence[Customer], today: date, by: Staff | None, at: datetime) -> int:
    """Groups of four: two stand below the first, one below the second; every third group has one that left."""
    made = 0
    for group in range(len(chosen) // (GROUP * 2)):
        top, first, second, third = chosen[group * GROUP * 2 : group * GROUP * 2 + GROUP]
        since = today - timedelta(days=900 + group * 61 % 2000)
        for parent, child, kind, share in (
            (top, first, "SUBSIDIARY", Decimal("67.50")),
            (top, second, "AFFILIATE", Decimal("28.00")),
            (first, third, "SUBSIDIARY", Decimal("100")),
        ):
            edge = organisation_affiliations.add_affiliation(
                parent=parent, child=child, kind=kind, share_percent=share, basis="REGISTER", on=since, by=by, at=at
            )
            if group % 3 == 0 and child is second:
                left = since + timedelta(days=500)
                organisation_affiliations.end_affiliation(affiliation=edge, on=left, by=by, at=at)
            made += 1
    return made


def _officers(chosen: Sequence[Customer], today: date, by: Staff | None, at: datetime) -> int:
    """One or two contact persons each, the first a customer where somebody who works there is one; of every fifth
    organisation the person has changed."""
    made, working = 0, _working_at(chosen)
    for place, organisation in enumerate(chosen):
        since = today - timedelta(days=300 + place * 53 % 1500)
        for offset in range(1 + place % 2):
            person = working.get(organisation.company_no) if offset == 0 else None
            facts = _facts(place, offset, person)
            named = organisation_officers.add_officer(
                organisation=organisation, facts=facts, on=since, by=by, at=at, customer=person
            )
            made += 1
            if place % 5 == 0 and offset == 0:
                organisation_officers.change_officer(
                    officer=named, facts=_facts(place + 3, 0, None), on=today - timedelta(days=90), by=by, at=at
                )
                made += 1
    return made


def _working_at(chosen: Sequence[Customer]) -> Mapping[str, Customer]:
    """{business number: somebody who works there and is a customer}"""
    numbers = {organisation.company_no for organisation in chosen}
    people = Customer.objects.filter(kind="PERSON", state=Customer.State.ACTIVE, company_no__in=numbers).exclude(
        name=""
    )
    return {person.company_no: person for person in people.order_by("-pk")}


def _facts(place: int, offset: int, person: Customer | None) -> OfficerFacts:
    duty = DUTIES[(place + offset) % len(DUTIES)]
    name = person.name if person else FAMILY[place % 10] + GIVEN[(place // 3 + offset) % 10]
    phone, mailbox = f"02-{3000 + place * 7}-{1200 + offset * 11 + place}", f"desk{place + offset}@hanbit.co.kr"
    return OfficerFacts(str(duty), name, "ORGANISATION", TITLES[duty], phone, mailbox)
