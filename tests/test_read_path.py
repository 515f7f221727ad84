"""Every page as every role: no identifier stands anywhere in the clear, whatever the page."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Branch, Staff
from accounts.services import assign_role, hire_staff
from customers.demo import generate
from customers.models import Act, Customer, FeedRun, Mapping, Merge, Pair, SourceRecord
from customers.services.demonstration import load_demo

CUSTOMERS = 120
IDENTIFIERS = ("rrn", "ci", "passport", "account_no")
TEXTS = ("ㄱ", "김", "1234", "19850101")


@pytest.fixture(scope="module")
def raw_values(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[set[str]]:
    """A loaded population, rolled back at the end, and every identifier that stands in its files, bare and as sent."""
    folder = tmp_path_factory.mktemp("population")
    with django_db_blocker.unblock():
        held = transaction.atomic()
        held.__enter__()
        call_command("setup", verbosity=0)
        generate(CUSTOMERS, 11, folder, canonical=True, today=date(2026, 11, 23))
        load_demo(folder=folder)
        yield identifiers_of(folder)
        transaction.set_rollback(True)
        held.__exit__(None, None, None)


def identifiers_of(folder: Path) -> set[str]:
    """All identifiers of the files; those of the whole length, for a cut one is no identifier."""
    found: set[str] = set()
    for path in folder.glob("*_customers.csv"):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                found |= {row[column].strip() for column in IDENTIFIERS}
    bare = {re.sub(r"[^0-9A-Za-z+/=]", "", value) for value in found}
    return {value for value in found | bare if len(value) >= 9 and re.search(r"\d{4}|==$", value)}


def staff_of(role: str) -> Staff:
    """A member of staff who plays this role in the branch with the most customers."""
    code = (
        Customer.objects.exclude(main_branch=None).values_list("main_branch", flat=True).order_by("main_branch").first()
    )
    staff = hire_staff(employee_number=f"R{role[:12]}", name="열람자", job="", branch=Branch.objects.get(code=code))
    assign_role(staff=staff, role=role)
    return Staff.objects.get(pk=staff.pk)


def addresses(staff: Staff) -> Iterator[str]:
    """Every page with personal data that there is: lists, searches, profiles, records as sent, feeds, back office."""
    yield reverse("home")
    columns = "".join(f"&columns={column}" for column in ("mobile", "address", "email", "company", "birth_date"))
    yield f"{reverse('customers:customer-list')}?sort=name{columns}"
    for text in TEXTS:
        yield f"{reverse('customers:search')}?q={text}"
    yield from pages_of_stewardship()
    for customer in Customer.objects.visible_to(staff).filter(state="ACTIVE").order_by("-difference_count", "pk")[:12]:
        yield reverse("customers:customer-detail", args=[customer.number])
        yield f"{reverse('customers:customer-detail', args=[customer.number])}?as_of=2026-11-23"
        for page in ("customer-merge", "wish-list"):
            yield reverse(f"customers:{page}", args=[customer.number])
        for page, item in (("value-pin", "mobile"), ("value-correct", "mobile"), ("value-pin", "rrn")):
            yield reverse(f"customers:{page}", args=[customer.number, item])
        for record in SourceRecord.objects.filter(link__customer=customer).order_by("pk")[:3]:
            for page in ("record-detail", "record-split", "record-move"):
                yield reverse(f"customers:{page}", args=[customer.number, record.pk])
    yield reverse("customers:feed-list")
    for run in FeedRun.objects.order_by("pk")[:6]:
        yield reverse("customers:feed-detail", args=[run.pk])
    yield reverse("customers:mapping-list")
    yield reverse("admin:index")
    for mapping in Mapping.objects.order_by("pk")[:3]:
        yield reverse("admin:customers_mapping_change", args=[mapping.pk])


def pages_of_stewardship() -> Iterator[str]:
    """The queue, what was decided, and the rules."""
    lists = "pair-list proposal-list act-list second-look-list second-look-next bulk-list bulk-prepare".split()
    yield from (reverse(f"customers:{page}") for page in (*lists, "golden-rules-list"))
    for pair in Pair.objects.order_by("pk")[:6]:
        yield reverse("customers:pair-detail", args=[pair.pk])
        yield reverse("customers:pair-preview", args=[pair.pk])
    for act in Act.objects.order_by("pk")[:3]:
        yield reverse("customers:act-detail", args=[act.pk])
    for merge in Merge.objects.select_related("retired").order_by("pk")[:3]:
        yield reverse("customers:customer-detail", args=[merge.retired.number])
        yield reverse("customers:customer-unmerge", args=[merge.retired.number])


@pytest.mark.parametrize("role", settings.ROLES)
def test_no_page_shows_an_identifier_in_the_clear(raw_values, db, role):
    staff = staff_of(role)
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")

    shown = {}
    for address in addresses(staff):
        answer = client.get(address)
        assert answer.status_code in (200, 302, 403), address
        body = answer.content.decode() if answer.status_code == 200 else ""
        if leaked := {value for value in raw_values if value in body}:
            shown[address] = leaked

    assert shown == {}


def test_the_population_has_identifiers_to_look_for(raw_values, db):
    assert sum(bool(re.fullmatch(r"\d{6}-\d{7}", value)) for value in raw_values) > 50
    assert SourceRecord.objects.exclude(rrn_index=None).count() > 50


def test_the_crawl_opens_profiles_and_records_as_sent(raw_values, db):
    pages = list(addresses(staff_of("DATA_STEWARD")))

    assert sum("/records/" in page for page in pages) > 10


def test_an_fp_finds_only_the_customers_kept(raw_values, db):
    keeper = Customer.objects.filter(keeper__is_active=True).values_list("keeper", flat=True).order_by("keeper").first()
    planner = Staff.objects.get(employee_number=keeper)
    assign_role(staff=planner, role="FP")
    client = Client()
    client.force_login(Staff.objects.get(pk=planner.pk), backend="django.contrib.auth.backends.ModelBackend")

    answers = {
        customer.keeper_id == keeper: client.get(
            reverse("customers:customer-detail", args=[customer.number])
        ).status_code
        for customer in Customer.objects.filter(state="ACTIVE").order_by("pk")
    }

    assert answers == {True: 200, False: 404}
