"""Every address as every role: nowhere stands a raw value that the rules withhold from the reader, in whatever form.

The views are those of the resolver, so that a new one is covered without being listed. What is withheld is asked of
the read path itself (`customers.reading.disclosure`), what is shown is searched in the bytes that go out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import product
from urllib.parse import unquote_plus, urlencode

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.exporting.lists import may_export
from accounts.models import Export, Staff
from accounts.purposes import purpose_of
from accounts.services.export_runs import make_export
from accounts.services.exports import request_export
from consent.models import Breach
from customers import formats
from customers.models import Customer
from customers.panels import changes
from customers.reading import Level, Place, catalogue, disclosure
from customers.tables import COLUMNS
from tests.addresses import Filler, View, all_views
from tests.customers.profiles import AS_PART, rest_of, whole_page
from tests.customers.test_pages_profile import MOST_QUERIES
from tests.planting import ITEMS, SALES, VIEWERS, Planted, Population, name
from tests.population import plant

BACKEND = "django.contrib.auth.backends.ModelBackend"
OPENED = ("own", "vip", "retired", "near", "set", "granted", "split", "agent")
"""Whose pages are opened: of the apps above, whose pages all ask the master who may be seen, the first four."""
WORDS: Mapping[str, tuple[str, ...]] = {
    "customers:customer-list": (
        "?columns=" + "&columns=".join(("mobile", "phone_home", "email", "address", "company", "birth_date", "keeper")),
        "?sort=-birth_date",
        "?name=뷔",
        "?phone=0374",
    ),
    "customers:search": (
        "?q=뷔",
        "?q=0374",
        "?q=01079010374",
        "?q=bloom01petal@planted.example",
        "?q=19500408",
        "?q=새누리로",
    ),
    "customers:customer-detail": ("?as_of=2026-11-22", "?as_of=2026-11-29", "?part=all", "?part=below"),
    "customers:pair-list": ("?state=SAME", "?grade=VIP"),
    "customers:pair-detail": ("?preview=1",),
    "customers:pair-preview": ("?survivor=right",),
    "customers:merge-preview": ("?with={near}", "?with={vip}", "?with={far}&survivor={far}"),
    "customers:record-move": ("?into={near}", "?into={vip}"),
    "customers:value-pin": ("?record={record}",),
    "admin:autocomplete": ("?app_label=customers&model_name=mapping&field_name=source&term=뷔",),
}
"""Words of addresses that open more than the bare page; of `{near}` the number of that customer is put in."""
TYPED: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "customers:duplicate-check": (
        {"name": name(1), "birth_date": "1950-04-08"},
        {"name": name(1), "mobile": "010-7901-0374"},
        {"email": "bloom05petal@planted.example", "name": name(5)},
    ),
}
"""What is sent to pages that answer with customers and change nothing."""
REJECTED = frozenset({"BAD", "BADDAY", "GRPNEARBAD", "GRPFARBAD"})
AS_SENT = frozenset({"customers:feed-rejects", "relations:roster-rejects"})
"""The one exception: rows that could not be read go back to whoever loads files as they were sent, or they could not be
corrected and fed again. They are nobody's values yet, and the download has a permission and stands on the trail."""
REFUSALS = frozenset({302, 403, 405})
BROKEN = Planted("an answer", "that failed", "", "")
COUNTS: Counter[str] = Counter()


@dataclass(frozen=True)
class Answer:
    """What went out. typed: what the reader wrote, which a page may repeat."""

    view: View
    address: str
    response: HttpResponse
    typed: str = ""


@pytest.fixture(scope="module")
def population(django_db_setup, django_db_blocker) -> Iterator[Population]:
    """The planted population, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield plant()
        transaction.set_rollback(True)
    print(f"\nAnswers checked: {sum(COUNTS.values())} {dict(COUNTS)}")


def client_of(population: Population, viewer: str) -> Client:
    """A browser in which the viewer is signed in and has declared a purpose."""
    client = Client(raise_request_exception=False)
    client.force_login(population.viewers[viewer], backend=BACKEND)
    if viewer == SALES:
        session = client.session
        session["purpose"] = "SALES"
        session.save()
    return client


def answers(population: Population, viewer: str, only: str = "") -> Iterator[Answer]:
    """What every address answers the viewer. only: the name of a single view."""
    client, key = client_of(population, viewer), {"Authorization": f"Bearer {population.token}"}
    numbers = [population.notable[word].number for word in OPENED]
    fillers = {True: Filler(numbers), False: Filler(numbers[:4])}
    for view in all_views():
        if only and view.name != only:
            continue
        headers = key if view.name.startswith("services:") else {}
        is_open = False
        for place, words in enumerate(fillers[view.name.startswith("customers:")].words(view)):
            address = view.address(words)
            first = Answer(view, address, client.get(address, headers=headers))
            yield first
            if first.response.status_code in REFUSALS:
                if place and not is_open:  # a page that refuses at once and again is taken to refuse always
                    break
                continue
            is_open = True
            for query in _queries(population, view, words):
                asked = AS_PART if query == "?part=below" else headers
                yield Answer(view, address + query, client.get(address + query, headers=asked), query)
            if view.name.startswith("customers:") and place < 2:
                part = {"HX-Request": "true", "HX-Target": _target(view, words)}
                yield Answer(view, address, client.get(address, headers=part))
            for typed in TYPED.get(view.name, ()):
                yield Answer(view, address, client.post(address, typed), urlencode(typed))


def _queries(population: Population, view: View, words: Mapping[str, object]) -> Iterator[str]:
    numbers = {word: customer.number for word, customer in population.notable.items()}
    for query in WORDS.get(view.name, ()):
        yield query.format_map({**numbers, "record": words.get("pk", "")}) if "{" in query else query
    if view.name not in WORDS and view.name.endswith(("-list", "_changelist")):
        yield "?q=뷔&sort=name"


def _target(view: View, words: Mapping[str, object]) -> str:
    """The part of a page that asks: of a search that under the box, else the row of what is opened."""
    return "quick-results" if view.noun == "search" else f"record-{words.get('pk', '')}"


def place_of(view: View) -> Place:
    """Where the page shows values; what is no list, search or file counts as a page of one customer."""
    if "number*" in view.variables:
        return Place.PROFILE
    if "export" in view.noun:
        return Place.EXPORT
    return {"list": Place.LIST, "search": Place.SEARCH}.get(view.noun.rpartition("-")[2], Place.PROFILE)


class Withheld:
    """What the rules withhold from one viewer, in every form in which it could be written."""

    def __init__(self, population: Population, viewer: str) -> None:
        staff = Staff.objects.get(pk=population.viewers[viewer].pk)
        if viewer == SALES:
            staff.declared_purpose = "SALES"
        self.staff, self.items = staff, catalogue()
        self.visible = Customer.objects.visible_to(staff).in_bulk()
        self.owners = population.owners()
        self._forms: dict[Place, list[tuple[str, Planted]]] = {}

    def forms(self, place: Place) -> list[tuple[str, Planted]]:
        """Written forms of what is withheld at this place, each with the value."""
        if place not in self._forms:
            withheld = [value for value, owners in self.owners.items() if not self._may_see(value, owners, place)]
            self._forms[place] = [(form, value) for value in withheld for form in forms_of(value)] + self._names()
        return self._forms[place]

    def _may_see(self, value: Planted, owners: frozenset[int], place: Place) -> bool:
        item, seen = self.items[value.item], [self.visible[pk] for pk in owners if pk in self.visible]
        return any(disclosure(item, self.staff, customer, place).level is Level.FULL for customer in seen)

    def _names(self) -> list[tuple[str, Planted]]:
        """The names of customers whom the viewer does not see at all."""
        known: dict[str, set[int]] = {}
        for pk, written in Customer.history.values_list("id", "name"):
            known.setdefault(written, set()).add(pk)
        survivors = dict(Customer.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
        return [
            (written, Planted("name", written, "", ""))
            for written, pks in known.items()
            if not any(pk in self.visible or survivors.get(pk) in self.visible for pk in pks)
        ]


def forms_of(value: Planted) -> tuple[str, ...]:
    """How the value could stand in `flat` text."""
    digits = re.sub(r"\D", "", value.text)
    match value.item:
        case "mobile" | "phone_home":
            return (digits[1:],)  # with +82 and no zero as well
        case "rrn":
            return digits, digits[:6] + digits[6:]
        case "account_no":
            return (digits,)
        case "address":
            return (value.text.rpartition(" ")[2].join(("새누리로", "")),)
    return (value.text,)


def flat(response: HttpResponse) -> str:
    """All that goes out, body and headers, unpacked, decoded in every way and without blanks, hyphens and tags."""
    body = response.getvalue() if not response.streaming else b"".join(response.streaming_content)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(each) for each in packed.namelist())
    heads = "\n".join(f"{word}: {text}" for word, text in response.items()) + response.cookies.output()
    text = body.decode("utf-8", "replace") + heads
    if "\\u" in text:
        text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
    text = unescape(text)
    told = "\n".join((text, unquote_plus(text)) if "%" in text else (text,))
    told = f"{told}\n{re.sub(r'<[^>]*>', '', told)}"
    return re.sub(r"(?<=[\d가-힣])[\s\-.()/]+(?=\d)", "", told)


def leaks(population: Population, viewer: str, only: str = "") -> dict[str, set[Planted]]:
    """{address: withheld values that stand in its answer}"""
    withheld, found = Withheld(population, viewer), {}
    for answer in answers(population, viewer, only):
        COUNTS[viewer] += 1
        sent, typed = flat(answer.response), flat(HttpResponse(answer.typed))
        forms = withheld.forms(place_of(answer.view))
        shown = {value for form, value in forms if form in sent and form not in typed}
        if answer.view.name in AS_SENT:
            shown = {value for value in shown if value.key not in REJECTED}
        if answer.response.status_code >= 500:
            shown.add(BROKEN)
        if shown:
            found[f"{answer.view.name} {answer.address}"] = shown
    return found


@pytest.mark.parametrize("viewer", VIEWERS)
def test_no_answer_shows_what_the_rules_withhold(population, db, viewer):
    assert leaks(population, viewer) == {}
    assert COUNTS[viewer] > 200


@pytest.mark.parametrize("viewer", VIEWERS)
def test_no_file_holds_what_the_rules_withhold(population, db, viewer):
    staff, client = Staff.objects.get(pk=population.viewers[viewer].pk), client_of(population, viewer)
    if viewer == SALES:
        staff.declared_purpose = "SALES"
    withheld = Withheld(population, viewer).forms(Place.EXPORT)

    held = {}
    for code, kind in product(settings.EXPORT_LISTS, Export.Format.values):
        if may_export(staff, code):
            sent = flat(client.post(made_file(staff, code, kind)))
            assert staff.employee_number in sent, (code, kind)
            held[code, kind] = {value for form, value in withheld if form in sent}

    assert {which: shown for which, shown in held.items() if shown} == {}


def made_file(staff: Staff, code: str, kind: str) -> str:
    """The address of a file of a whole list with all its columns, made as the job makes it."""
    # The list of the affected is that of one breach, so it is asked for by its number.
    breach = Breach.objects.order_by("-pk").values_list("number", flat=True).first()
    words = {"columns": [column.code for column in COLUMNS], "breach": breach}
    asked = {"format": kind, "purpose": purpose_of(staff), "reason": "월간 대조 작업을 위한 파일"}
    export = request_export(list_code=code, conditions=words, by=staff, at=timezone.now(), **asked)
    assert make_export(export=export).state == Export.State.READY
    return reverse("accounts:export-download", args=[export.pk])


def test_every_planted_value_is_of_somebody_and_can_be_found(population, db):
    owners, steward = population.owners(), Staff.objects.get(pk=population.viewers["DATA_STEWARD"].pk)
    ownerless = {value.key for value, customers in owners.items() if not customers}
    customer = population.notable["own"]
    sent = flat(whole_page(client_of(population, "DATA_STEWARD"), customer))

    assert ownerless == REJECTED
    assert {value.item for value in owners} == {*ITEMS, "income", "policy_elsewhere", "risk_profile", "consent"}
    assert customer in Customer.objects.visible_to(steward)
    seen = {value.item for value in owners if customer.pk in owners[value] and any(f in sent for f in forms_of(value))}
    assert seen == {"mobile", "phone_home", "email", "address", "consent"}


@pytest.mark.parametrize("viewer", VIEWERS)
def test_neither_answer_of_the_page_of_a_customer_asks_more_than_it_may(population, db, viewer):
    client, asked = client_of(population, viewer), {}

    for word, customer in population.notable.items():
        page = client.get(customer.get_absolute_url())
        if page.context and "below_url" in page.context:
            with CaptureQueriesContext(connection) as first:
                page = client.get(customer.get_absolute_url())
            with CaptureQueriesContext(connection) as second:
                rest_of(client, page)
            asked[word] = (len(first), len(second))

    assert {word: counts for word, counts in asked.items() if max(counts) > MOST_QUERIES} == {}


def test_a_leak_in_a_diff_of_the_history_is_found(population, db, monkeypatch):
    def raw(new: object, old: object, _dossier: object) -> Iterator[changes.ItemChange]:
        yield changes.ItemChange("휴대전화", formats.phone(old.mobile) if old else "", "")

    monkeypatch.setattr(changes, "_item_changes", raw)

    found = leaks(population, "COMPLIANCE_OFFICER", only="customers:customer-detail")

    assert {value.item for values in found.values() for value in values} == {"mobile"}
