"""Whatever is merged and taken apart, in any order, everything that hangs on people and organisations is there at every
moment, and exactly where it was once all of it is taken back.

`HANNUN_HISTORIES` says how many histories are tried; the run of all tests tries 10.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.apps import apps
from django.db import transaction
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Staff
from customers import holding
from customers.models import Act, Contract, Customer, Keeping
from customers.services import merges, taking_back, unmerges
from customers.services.keeping import assign_keepers
from relations.models import Affiliation, GroupMember, Keeper, Officer, OrphanNote, PlaceOfBusiness, Prospect
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, company, contract, feed, make_brn, person
from tests.customers.stewarding import NAMES
from tests.relations import finances
from tests.relations.housing import opened, suggested
from tests.relations.keeping import DAY, plan
from tests.relations.relating import make_relationship

pytestmark = pytest.mark.usefixtures("master")
HISTORIES = int(os.environ.get("HANNUN_HISTORIES", "10"))
REFUSALS = (
    *(merges.MergeOfItself, merges.NotActive, merges.KindsDiffer),
    *(unmerges.NotMerged, unmerges.NothingLeft, taking_back.LaterActsFirst),
)
PEOPLE, ORGANISATIONS = 6, 4
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["merge", "merge", "three", "unmerge", "take_back"]), st.integers(0, 23), st.integers(0, 23)
    ),
    min_size=3,
    max_size=10,
)
# What only ever grows, and so is not compared: what happened to households and prospects.
LOGS = {"HouseholdEvent", "ProspectEvent"}


def tables() -> dict[str, list[dict[str, object]]]:
    """Every row of every table of relations, and whom the company made keeper."""
    models = [model for model in apps.get_app_config("relations").get_models() if model.__name__ not in LOGS]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in (*models, Keeping)}


def held() -> dict[str, int]:
    """How many rows of each kind of relations are about anybody, whatever number they stand under."""
    everybody = list(Customer.objects.values_list("pk", flat=True))
    counted = holding.counts(everybody)
    return {kind: sum(counts.values()) for kind, counts in counted.items() if kind.startswith("relations.")}


def populate() -> None:
    """Six people and four organisations with all that can hang on them, also on two that may become one."""
    feed([person(source_key=f"P{n}", name=NAMES[n], birth_date=f"19{60 + n}-03-02") for n in range(PEOPLE)])
    names = ("한빛상사", "가람물산", "다솔식품", "마루건설")
    feed([company(source_key=f"O{n}", name=names[n], company_no=make_brn(n + 1)) for n in range(ORGANISATIONS)], "CORP")
    people, organisations = (list(Customer.objects.filter(kind=kind).order_by("pk")) for kind in ("PERSON", "ORG"))
    _homes(people)
    _keepers(people)
    for n, one in enumerate(people[:4]):
        finances.record(one, "INCOME", 1_000_000 * (n + 1), 2_000_000 * (n + 1))
        finances.record_policy(one, insurer=f"다른생명{n}")
    _offices(organisations, people)
    _group(organisations[0], people)


def _homes(people: list[Customer]) -> None:
    opened(people[0], people[1])
    opened(people[2], people[3])
    opened(people[1], people[4], kind="PAYER")
    suggested(people[4], people[5])
    suggested(people[0], people[2], people[5], kind="PAYER")
    make_relationship(people[0], people[1], kind="SPOUSE")
    make_relationship(people[0], people[4], kind="REFERRER")
    make_relationship(people[1], people[4], kind="REFERRER")
    make_relationship(people[5], people[0], kind="PARENT")
    make_relationship(people[2], people[3], kind="SIBLING")


def _keepers(people: list[Customer]) -> None:
    branch, lead = make_branch("H01"), make_staff("STEWARD_LEAD")
    staff = [make_staff("FP", employee_number=f"F0000{n}", branch=branch) for n in range(3)]
    for n, one in enumerate(people[:4]):
        for kind, by in (("FP", staff[n % 2]), *((("MANAGER", staff[2]),) if n == 3 else ())):
            Keeper.objects.create(
                customer=one, staff=by, kind=kind, why="BY_HAND", started_on=date(2026, 1, 1), recorded_at=NOW
            )
    assign_keepers(rows=[(one.pk, f"F0000{n % 2}", "") for n, one in enumerate(people[:4])], at=NOW, by=lead)
    plan((staff[0], "LEAVES", None), by=lead, branch=branch, takes_effect_on=DAY)
    for one in people[4:]:
        OrphanNote.objects.create(customer=one, why="DIGITAL", until=date(2027, 1, 1), by=lead, at=NOW)
    for n, one in enumerate(people[3:5]):
        Prospect.objects.create(
            **{"number": f"P00000000{n}", "fp": staff[n], "customer": one, "state": "ACTIVE", "answer": "NONE"},
            **{"path": "EVENT", "acquired_on": DAY, "consented_on": DAY, "consent_method": "PAPER"},
            **{"consent_evidence": "동의서", "consent_items": ["mobile"], "expires_on": DAY, "registered_at": NOW},
        )


def _offices(organisations: list[Customer], people: list[Customer]) -> None:
    one, other, third, fourth = organisations
    said = {"basis": "REGISTER", "recorded_at": NOW, "started_on": date(2020, 1, 1)}
    for place in (one, other, third):
        PlaceOfBusiness.objects.create(organisation=place, kind="HEAD_OFFICE", name="본사", **said)
        PlaceOfBusiness.objects.create(organisation=place, kind="BRANCH", name="지점", **said)
    Affiliation.objects.create(parent=one, child=other, kind="SUBSIDIARY", **said)
    Affiliation.objects.create(parent=other, child=third, kind="SUBSIDIARY", **said)
    Affiliation.objects.create(parent=one, child=fourth, kind="AFFILIATE", **said)
    Officer.objects.create(organisation=one, customer=people[2], duty="PEOPLE", name="담당", **said)
    Officer.objects.create(organisation=third, customer=people[3], duty="CHIEF", name="대표", **said)


def _group(organisation: Customer, people: list[Customer]) -> None:
    feed([contract(contract_no="G-1", product_group="GROUP")], "CORP", "contracts")
    for n, one in enumerate(people[:3]):
        GroupMember.objects.create(
            contract=Contract.objects.get(contract_no="G-1"),
            organisation=organisation,
            customer=one,
            relation="SELF",
            employee_no=f"100{n}",
            name=NAMES[n],
            cover_from=date(2026, 1, 1),
        )


def chosen(draw: int, *, state: str = "ACTIVE", kind: str = "") -> Customer | None:
    found = Customer.objects.filter(state=state)
    found = list((found.filter(kind=kind) if kind else found).order_by("pk"))
    return found[draw % len(found)] if found else None


def step(what: str, one: int, other: int, by: Staff) -> None:
    if what in ("merge", "three"):
        first = chosen(one)
        draws = (other, one + other)[: 2 if what == "three" else 1]
        retired = {each.pk: each for draw in draws if (each := chosen(draw, kind=first.kind)) != first}
        merges.merge_customers(survivor=first, retired=[*retired.values()], by=by, at=now(), is_approved=True)
    elif what == "unmerge" and (retired := chosen(one, state="MERGED")):
        unmerges.unmerge_customer(retired=retired, by=by, at=now(), answers={}, keep_apart=other % 2 == 0)
    elif what == "take_back" and (acts := standing()):
        taking_back.take_back_act(act=acts[one % len(acts)], by=by, at=now(), answers={})


def standing() -> list[Act]:
    """Merges and unmerges that nobody took back, the newest first."""
    return list(Act.objects.in_force().filter(kind__in=("MERGE", "UNMERGE")).order_by("-pk"))


@contextmanager
def forgotten() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(
    max_examples=HISTORIES,
    deadline=None,
    derandomize=HISTORIES <= 40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=STEPS)
def test_merges_lose_nothing_of_relations_and_leave_no_trace_once_they_are_taken_back(history):
    with forgotten():
        populate()
        by = make_staff("DATA_STEWARD")
        before, counted = tables(), held()
        for what, one, other in history:
            try:
                with transaction.atomic():
                    step(what, one, other, by)
            except REFUSALS:
                continue
            assert held() == counted
        for act in standing():
            taking_back.take_back_act(act=act, by=by, at=now(), answers={})
        after = tables()

    assert [label for label, rows in before.items() if rows != after[label]] == []
    assert sum(map(len, before.values())) > 40
