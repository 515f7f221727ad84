"""Consents of the demonstration, of the file, of what is held, and the bench on a small stock."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consent.bench import night
from consent.bench.consents import measure
from consent.consent_exports import ConsentExport
from consent.demo.consents import seed
from consent.models import Consent, Receipt
from customers import holding
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.consent.consenting import answer, back_date_texts, consents, merge
from tests.customers.builders import NOW, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]


@pytest.fixture(autouse=True)
def _texts(purposes: None) -> None:
    back_date_texts()


def test_the_demonstration_answers_in_every_way_and_only_once():
    for _ in range(60):
        make_customer(birth_date="1980-01-01")

    first, again = seed(NOW), seed(NOW + timedelta(days=1))

    assert 15 < first["receipts"] < 60
    assert again["receipts"] == again["consents adopted"] == 0
    assert {"GIVEN", "REFUSED"} <= set(Consent.objects.values_list("answer", flat=True))
    assert Receipt.objects.filter(recorded_at__gt=NOW).count() == 0
    assert Receipt.objects.exclude(number__regex=r"^R[0-9]{10}$").count() == 0


def test_the_file_reads_as_the_list():
    customer, lead = make_customer(name="김하나"), make_staff("STEWARD_LEAD", language="en")
    consents(customer, answer(), answer(channel="SMS", said="REFUSED"))
    export = ConsentExport()
    conditions = export.understood({"answer": ["REFUSED"], "is_weak": [""], "purpose": ["MARKETING"]}, lead)

    assert conditions == {"answer": "REFUSED", "purpose": "MARKETING"}
    assert export.count(lead, conditions, 10) == 1
    (row,) = export.rows(lead, conditions)
    assert len(row) == len(export.columns(lead, conditions))
    assert len(export.in_words(conditions | {"is_weak": "on"}, is_whole=False)) == 3


def test_after_a_destruction_answers_prove_what_was_done_and_hold_nothing_of_the_person():
    child, parent = make_customer(birth_date=date(2020, 1, 1)), make_customer(birth_date=date(1985, 1, 1))
    receipt = consents(
        child, by_role="LEGAL_REP", representative=parent, evidence="가족관계증명서 김하나", evidence_digest="a" * 64
    )
    other = make_customer()
    consents(other, answer(said="REFUSED"))
    merge(other, child)
    exported = holding.export(child.pk)
    holders = [one for one in holding.holders() if set(one.holds) & {"consent.Receipt", "consent.ConsentConflict"}]

    for holder in holders:
        holder.erase([child.pk], NOW)
    receipt.refresh_from_db()

    assert exported["consent.Receipt"][0]["evidence"] == "가족관계증명서 김하나"
    assert exported["consent.Consent"][0]["purpose__name"] == "상품·서비스 안내 및 가입 권유"
    assert len(exported["consent.ConsentConflict"]) == 1
    assert (receipt.evidence, receipt.evidence_digest, receipt.representative, receipt.method) == (
        "",
        "",
        None,
        "PAPER",
    )
    assert holding.counts([child.pk])["consent.ConsentConflict"] == {}
    assert Consent.objects.filter(customer=child).count() == 1


def test_the_bench_of_a_night_leaves_nothing():
    customers = [make_customer() for _ in range(20)]

    figures = night.measure()

    assert (figures["customers"], figures["consents"]) == (20, 100)
    assert figures["all_s"] >= figures["lapse_s"]
    assert Consent.objects.count() == 0
    assert list(Customer.objects.order_by("pk")) == customers


def test_the_bench_measures_and_leaves_nothing():
    for _ in range(20):
        make_customer()

    figures = measure(customers=1_000, on=timezone.localdate() + timedelta(days=1))

    assert (figures["customers"], figures["consents"]) == (20, 100)
    assert figures["lapsed"] % 5 == 0
    assert figures["lapsed"] > 0
    assert Consent.objects.count() == 0
    assert Customer.objects.count() == 20
