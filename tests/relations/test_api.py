"""Relationships as systems register, end and read them."""

import json
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.models import AccessEntry, Staff
from customers.models import Customer
from customers.services.destroying import destroy_customers
from relations.models import Relationship
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer, make_retired
from tests.customers.protecting import protect
from tests.relations.relating import make_relationship, on_contracts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
REGISTER = "/services/relations/"
BOTH = ("relations.read", "relations.write")


class System:
    """A service client with a key."""

    def __init__(self, *scopes: str, staff: Staff | None = None) -> None:
        now = timezone.now()
        self.staff = staff or make_staff("SERVICE_CLIENT")
        issued = services.issue_key(
            staff=self.staff,
            name="key",
            scopes=scopes or BOTH,
            networks=[],
            expires_at=now + timedelta(days=1),
            by=make_staff("ADMINISTRATOR"),
            at=now,
        )
        self.key, self.client = {"Authorization": f"Bearer {issued.token}"}, Client()

    def send(self, path: str = REGISTER, *, once: str = "", **sent: object) -> tuple[int, dict[str, object]]:
        headers = self.key | ({"Idempotency-Key": once} if once else {})
        answer = self.client.post(path, json.dumps(sent), "application/json", headers=headers)
        return answer.status_code, answer.json()

    def read(self, customer: Customer, query: str = "") -> tuple[int, dict[str, object]]:
        answer = self.client.get(f"/services/customers/{customer.number}/relations/{query}", headers=self.key)
        return answer.status_code, answer.json()


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def born(year: int, **fields: object) -> Customer:
    return make_customer(birth_date=date(year, 6, 1), **fields)


def couple(**more: object) -> dict[str, object]:
    return {"first": born(1960).number, "second": born(1990).number, "kind": "PARENT"} | more


def test_each_service_asks_for_its_scope():
    reader, writer, customer = System("relations.read"), System("relations.write"), make_customer()

    assert [reader.send(**couple())[0], writer.read(customer)[0], reader.read(customer)[0]] == [403, 403, 200]
    assert Client().post(REGISTER, "{}", "application/json").status_code == 401


def test_a_system_registers_and_is_on_the_trail_with_both():
    system = System()
    sent = couple(said_by="온라인창구", started_on="1990-06-01")

    status, told = system.send(**sent)

    made = Relationship.objects.get()
    assert (status, told["id"], told["accepted"]) == (201, made.pk, [])
    assert (made.basis, made.recorded_by, made.evidence) == ("SYSTEM", system.staff, "온라인창구")
    entry = AccessEntry.objects.order_by("pk").last()
    assert (entry.kind, entry.page) == ("SERVICE", "services:relation-register")
    assert set(entry.customers) == {made.first_id, made.second_id}


def test_what_cannot_be_is_refused_in_both_languages():
    sent = couple()
    swapped = sent | {"first": sent["second"], "second": sent["first"]}

    status, told = System().send(**swapped)

    assert (status, told["error"]["code"]) == (422, "IMPOSSIBLE")
    reason = told["error"]["reasons"][0]
    assert (reason["code"], reason["en"]) == (
        "TOO_YOUNG",
        "A parent is at least 12 years older than the child, a grandparent 24 years.",
    )
    assert set(reason) == {"code", "ko", "en"}


def test_a_warning_is_accepted_by_its_code():
    system, sent = System(), couple(first=born(1976).number)

    refused = system.send(**sent)
    accepted = system.send(**sent, accepted=["PARENT_YOUNG"])

    assert (refused[0], refused[1]["error"]["reasons"][0]["code"]) == (422, "PARENT_YOUNG")
    assert (accepted[0], accepted[1]["accepted"]) == (201, ["PARENT_YOUNG"])


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({}, ["first", "kind", "second"]),
        ({"first": "1", "second": "x", "kind": "UNCLE"}, ["first", "kind", "second"]),
    ],
)
def test_fields_that_cannot_be_read_are_named(sent, fields):
    status, told = System().send(**sent)

    assert (status, told["error"]["code"], told["error"]["fields"]) == (400, "FIELDS", fields)


@pytest.mark.parametrize("body", ["", "[]", "{", "\x00", '"text"'])
def test_a_body_that_is_no_object_is_refused(body):
    system = System()

    answer = system.client.post(REGISTER, body, "application/json", headers=system.key)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "UNREADABLE")


def test_the_protected_do_not_exist_for_systems():
    system, hidden = System(), born(1990)
    protect(hidden)
    absent = "0000000000"

    assert system.send(**couple(second=hidden.number)) == system.send(**couple(second=absent))
    status, told = system.read(hidden)
    assert (status, told["error"]["code"]) == (404, "UNKNOWN_CUSTOMER")


def test_the_same_request_sent_again_is_done_once():
    system, sent = System(), couple()

    first, again = (system.send(once="a-1", **sent) for _ in range(2))
    other = system.send(once="a-1", **sent | {"kind": "GUARDIAN"})
    without = system.send(**sent)

    assert first == again
    assert (first[0], other[0], other[1]["error"]["code"]) == (201, 422, "KEY_REUSED")
    assert (without[0], without[1]["error"]["reasons"][0]["code"]) == (422, "ALREADY")
    assert Relationship.objects.count() == 1


def test_the_key_of_one_client_is_not_that_of_another():
    one, other = System(), System()

    assert [one.send(once="a-1", **couple())[0], other.send(once="a-1", **couple())[0]] == [201, 201]


def test_a_client_ends_what_it_registered_and_nothing_else():
    system, other = System(), System()
    made = system.send(**couple())[1]["id"]
    told = make_relationship(born(1950), born(1980))

    assert other.send(f"{REGISTER}{made}/end/", because="OTHER")[0] == 404
    assert system.send(f"{REGISTER}{told.pk}/end/", because="OTHER")[0] == 404
    assert system.send(f"{REGISTER}{made}/end/", because="NOBODY")[0] == 400
    assert system.send(f"{REGISTER}{made}/end/", because="OTHER", ended_on="2999-01-01")[0] == 422
    assert system.send(f"{REGISTER}{made}/end/", because="OTHER")[0] == 200
    assert system.send(f"{REGISTER}{made}/end/", because="OTHER")[0] == 404


def test_relations_are_read_from_either_side_without_names():
    held = on_contracts({"POLICYHOLDER": "A", "INSURED": "B"})
    silent, consented = make_customer(name="라마바"), make_customer(name="사아자", marketing_consent_on="2026-01-01")
    for other in (silent, consented):
        make_relationship(held["A"], other)

    status, told = System().read(held["A"])

    seen = [(each["other"], each["kind"], each["origin"], each["is_silhouette"]) for each in told["relations"]]
    assert (status, told["customer"], told["count"]) == (200, held["A"].number, 3)
    assert seen == [
        (None, "CHILD", "PERSON", True),
        (consented.number, "CHILD", "PERSON", False),
        (held["B"].number, "INSURED", "CONTRACT", False),
    ]
    assert not {"라마바", "사아자", held["B"].name} & set(str(told).split("'"))


def test_the_silhouette_is_not_on_the_trail_and_the_others_are():
    customer, silent = make_customer(), make_customer()
    consented = make_customer(marketing_consent_on="2026-01-01")
    for other in (silent, consented):
        make_relationship(customer, other)

    System().read(customer)

    assert set(AccessEntry.objects.order_by("pk").last().customers) == {customer.pk, consented.pk}


def test_what_is_over_is_told_when_asked_for():
    customer = make_customer()
    make_relationship(customer, make_customer(), ended_on=date(2026, 1, 1), ended_at="2026-01-01T00:00Z")
    system = System()

    assert [system.read(customer)[1]["count"], system.read(customer, "?ended=1")[1]["count"]] == [0, 1]


def test_a_retired_number_answers_with_its_survivor():
    survivor = make_customer()
    make_relationship(survivor, make_customer())

    told = System().read(make_retired(survivor))[1]

    assert (told["customer"], told["count"]) == (survivor.number, 1)


def test_a_destroyed_number_answers_since_when_and_takes_part_in_nothing():
    gone, system = born(1960), System()
    at = timezone.now()
    destroy_customers(customers=[gone.pk], at=at)

    read, sent = system.read(gone), system.send(**couple(first=gone.number))

    assert [read[0], sent[0]] == [410, 410]
    assert [(body["error"]["code"], body["error"]["since"]) for body in (read[1], sent[1])] == [
        ("DESTROYED", f"{timezone.localdate(at)}")
    ] * 2
    assert Relationship.objects.count() == 0
