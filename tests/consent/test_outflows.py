"""What leaves the house: recorded, counted, ended with proof; and the recipients as they are published."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from consent.models import Consent, Outflow, Purpose, Recipient, Transfer
from consent.reports.outflows import outflow_lines, outflows_in, recipient_groups, with_volumes
from consent.services import outflows as services
from tests.accounts.builders import make_staff
from tests.consent.outflowing import make_outflow
from tests.customers.builders import NOW, make_customer
from tests.relations.keeping import browser_of, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
TODAY = timezone.localdate(NOW)
DIGEST = "ab" * 32


@pytest.fixture
def officer(purposes):
    return make_staff("COMPLIANCE_OFFICER", employee_number="C1", language="en")


def line_of(outflow, at=NOW):
    with translation.override("en"):
        (line,) = outflow_lines(with_volumes(Outflow.objects.filter(pk=outflow.pk), at), at)
    return line


def send(outflow, count=10, days=1, **fields):
    given = {"sent_at": NOW - timedelta(days=days), "customer_count": count, "by": None, "at": NOW}
    return services.record_transfer(outflow=outflow, **(given | fields))


def answer(customer, purpose, recipient=None, value="GIVEN", at=NOW - timedelta(days=1), expires_on=None):
    Consent.objects.create(
        customer=customer, purpose=Purpose.objects.get(code=purpose), recipient=recipient, answer=value, at=at,
        expires_on=expires_on, recorded_at=at,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("recipient", "purpose", "fields", "refused"),
    [
        ("AFFILIATE_CARD", "MARKETING", {}, services.WrongPurpose),
        ("REINSURER", "MARKETING", {}, services.WrongPurpose),
        ("CALL_CENTRE", "CONTRACT_SERVICE", {"items": ["name", "rrn"]}, services.ItemsBeyond),
        ("CALL_CENTRE", "CONTRACT_SERVICE", {"started_on": TODAY + timedelta(days=1)}, services.DayWrong),
    ],
)
def test_what_may_not_flow_is_refused(recipient, purpose, fields, refused):
    with pytest.raises(refused):
        make_outflow(recipient, purpose, **fields)
    assert Outflow.objects.count() == 0


@pytest.mark.parametrize(
    ("recipient", "purpose"),
    [
        ("AFFILIATE_CARD", "PROVISION_AFFILIATE"),
        ("REINSURER", "TRANSFER_ABROAD"),
        ("MAIL_HOUSE", "MARKETING"),
        ("WAREHOUSE", "INTEGRATED_USE"),
    ],
)
def test_what_may_flow_is_recorded_once(recipient, purpose):
    made = make_outflow(recipient, purpose)

    with pytest.raises(services.RunsAlready):
        make_outflow(recipient, purpose)
    assert (made.fate, made.items) == ("RUNNING", ["name"])


def test_nothing_flows_to_a_closed_recipient():
    Recipient.objects.filter(code="CALL_CENTRE").update(closed_on=TODAY)

    with pytest.raises(services.Closed):
        make_outflow()


def test_the_same_transfer_told_twice_is_one_and_another_under_its_reference_is_refused():
    outflow = make_outflow()

    first = send(outflow, reference="T-1", digest=DIGEST.upper())
    assert send(outflow, reference="T-1", digest=DIGEST) == first
    with pytest.raises(services.ReferenceReused):
        send(outflow, 11, reference="T-1", digest=DIGEST)
    assert send(outflow) != send(outflow)
    assert Transfer.objects.count() == 3


@pytest.mark.parametrize("sent_at", [NOW + timedelta(seconds=1), NOW.replace(year=2025)])
def test_a_transfer_outside_the_time_of_the_outflow_is_refused(sent_at):
    with pytest.raises(services.SentWrong):
        send(make_outflow(), sent_at=sent_at)


def test_transfers_are_never_changed():
    made = send(make_outflow())

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Transfer.objects.filter(pk=made.pk).update(customer_count=1)


def test_volume_counts_the_last_twelve_months_and_the_last_transfer_all():
    outflow = make_outflow(started_on=date(2020, 1, 1))
    for days, count in ((1, 10), (364, 20), (365, 40), (400, 80)):
        send(outflow, count, days)

    line = line_of(outflow)

    assert (line.volume, line.transfers, line.last_at) == (30, 2, NOW - timedelta(days=1))


def test_an_outflow_ends_asks_for_the_data_and_is_late_without_proof(officer):
    outflow = make_outflow()
    send(outflow, days=2)
    ask = {"outflow": outflow, "by": officer, "at": NOW}

    for day in (TODAY - timedelta(days=3), TODAY + timedelta(days=1)):
        with pytest.raises(services.DayWrong):
            services.end_outflow(ended_on=day, **ask)
    services.end_outflow(ended_on=TODAY, **ask)
    with pytest.raises(services.NotRunning):
        services.end_outflow(ended_on=TODAY, **ask)

    assert [line_of(outflow, NOW + timedelta(days=days)).late for days in (5, 6)] == [
        (),
        ("Nobody said what became of the data",),
    ]
    with pytest.raises(services.SentWrong):
        send(outflow, sent_at=NOW + timedelta(days=1), at=NOW + timedelta(days=2))


def test_the_end_is_believed_by_a_proof_alone(officer):
    outflow = make_outflow()
    told = {"outflow": outflow, "fate": "DESTROYED", "fate_on": TODAY, "by": officer, "at": NOW}

    with pytest.raises(services.NotAsked):
        services.prove_end(proof="확인서 1", **told)
    services.end_outflow(outflow=outflow, ended_on=TODAY, by=officer, at=NOW)
    with pytest.raises(services.ProofMissing):
        services.prove_end(proof=" ", **told)
    with pytest.raises(services.DayWrong):
        services.prove_end(proof="확인서 1", **(told | {"fate_on": TODAY - timedelta(days=1)}))
    services.prove_end(proof="확인서 900101-1234567", **told)

    outflow.refresh_from_db()
    assert (outflow.fate, outflow.fate_proof) == ("DESTROYED", "확인서 900101-1******")
    make_outflow()


def test_a_contract_that_is_over_makes_a_running_outflow_late():
    outflow = make_outflow()
    Recipient.objects.filter(code="CALL_CENTRE").update(contract_until=TODAY)

    assert [list(outflows_in("late", TODAY + timedelta(days=days))) for days in (0, 1)] == [[], [outflow]]
    assert line_of(outflow, NOW + timedelta(days=1)).late == ("The contract is over, and data still flow",)


def test_consents_behind_an_outflow_name_its_recipient_and_hold_today():
    card = Recipient.objects.get(code="AFFILIATE_CARD")
    people = [make_customer() for _each in range(5)]
    for person in people[:4]:
        answer(person, "PROVISION_AFFILIATE", card)
    answer(people[1], "PROVISION_AFFILIATE", card, "WITHDRAWN", NOW - timedelta(hours=1))
    answer(people[2], "PROVISION_AFFILIATE", card, expires_on=TODAY, at=NOW - timedelta(minutes=1))
    answer(people[4], "PROVISION_AFFILIATE", Recipient.objects.get(code="CREDIT_REGISTRY"))

    provision, service = make_outflow("AFFILIATE_CARD", "PROVISION_AFFILIATE"), make_outflow()

    assert (line_of(provision).resting, line_of(service).resting) == (2, None)


def test_recipients_are_published_by_kind_with_what_flows_to_them():
    make_outflow()
    Recipient.objects.filter(code="MAIL_HOUSE").update(closed_on=TODAY)

    with translation.override("en"):
        groups = dict(recipient_groups(TODAY))

    assert [line.recipient.code for line in groups["Processor"]] == ["CALL_CENTRE"]
    assert groups["Processor"][0].since == date(2026, 1, 2)
    assert sum(len(lines) for lines in groups.values()) == 5


def test_a_stranger_sees_no_outflows_and_an_auditor_records_none(officer):
    outflow = make_outflow()
    pages = [reverse("consent:outflow-list"), reverse("consent:outflow-detail", args=[outflow.pk])]
    pages.append(reverse("consent:outflow-recipients"))
    acts = [reverse(f"consent:outflow-{verb}", args=[outflow.pk]) for verb in ("transfer", "end", "prove")]
    stranger, auditor = browser_of(make_staff("FP")), browser_of(make_staff("AUDITOR"))

    assert [stranger.get(url).status_code for url in pages] == [403, 403, 403]
    assert [auditor.get(url).status_code for url in pages] == [200, 200, 200]
    assert [auditor.post(url).status_code for url in acts] == [403, 403, 403]
    assert auditor.get(reverse("consent:outflow-record")).status_code == 403


def test_the_pages_record_send_end_and_prove(officer):
    client, today = browser_of(officer), timezone.localdate()
    assert "No outflow is recorded here" in client.get(reverse("consent:outflow-list")).content.decode()
    given = {"recipient": Recipient.objects.get(code="MAIL_HOUSE").pk, "clause": "제3조", "way": "파일"}
    given |= {"purpose": Purpose.objects.get(code="CONTRACT_SERVICE").pk, "started_on": f"{today}", "items": ""}
    del given["items"]
    asked = client.get(reverse("consent:outflow-record")).content.decode()
    assert (Purpose.objects.get(code="MARKETING").english_name in asked, "CONTRACT_SERVICE" in asked) == (True, False)
    refused = client.post(reverse("consent:outflow-record"), given | {"items": ["name", "rrn"]})
    assert "The purpose does not name these items" in refused.content.decode()

    page = client.post(reverse("consent:outflow-record"), given).url
    made = Outflow.objects.get()
    assert made.items == Purpose.objects.get(code="CONTRACT_SERVICE").items
    sent_at = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    client.post(f"{page}transfer/", {"sent_at": sent_at, "customer_count": "1200", "reference": "T-1"})
    assert client.post(f"{page}transfer/", {"sent_at": "2999-01-01T00:00", "customer_count": "1"}).status_code == 400
    assert "1,200" in client.get(page).content.decode()
    client.post(f"{page}end/", {"ended_on": f"{today}"})
    client.post(f"{page}prove/", {"fate": "DESTROYED", "fate_on": f"{today}", "proof": "파기확인서 2026-7"})
    assert "파기확인서 2026-7" in client.get(page).content.decode()
    assert [line.outflow for line in client.get(reverse("consent:outflow-list") + "?show=ended").context["lines"]] == [
        made
    ]


def test_the_list_costs_the_same_for_one_and_for_three(officer):
    client, url = browser_of(officer), reverse("consent:outflow-list") + "?show=all"
    make_outflow()
    before = queries_of(client, url)
    make_outflow("MAIL_HOUSE", "MARKETING", items=["name", "mobile"])
    make_outflow("WAREHOUSE", "INTEGRATED_USE")

    assert queries_of(client, url) == before


def test_the_file_reads_as_the_list(officer):
    from consent.outflow_exports import OutflowExport

    make_outflow("REINSURER", "TRANSFER_ABROAD")
    export = OutflowExport()

    with translation.override("en"):
        (row,) = export.rows(officer, {})

    assert len(row) == len(export.columns(officer, {}))
    assert row[:3] == ["해외 재보험사", "Abroad", "Germany"]
    assert export.count(officer, {"show": "late"}, 10) == 0
