"""The pages of breaches: who sees them, recording, drawing, telling by hand and by file, and the end."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from consent.forms.breaches import DrawForm
from consent.models import Breach, BreachDraw, BreachNotice
from consent.services import breaches_notices
from tests.accounts.builders import make_staff
from tests.consent.outflowing import WORDS, looked, make_breach
from tests.customers.builders import make_customer
from tests.customers.protecting import protect
from tests.relations.keeping import browser_of, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
VERBS = ("report", "post", "confirm", "clear", "close", "find", "empty", "add", "sent", "proofs")


@pytest.fixture
def officer(purposes):
    return make_staff("PRIVACY_OFFICER", employee_number="P1", language="en")


def now_breach(**fields):
    """A breach of two hours ago, by the clock of the pages."""
    now = timezone.now()
    return make_breach(**({"known_at": now - timedelta(hours=2), "at": now} | fields))


def page_of(breach, verb="detail"):
    return reverse(f"consent:breach-{verb}", args=[breach.pk])


def list_people(breach, officer, number=1):
    people = [make_customer() for _each in range(number)]
    breaches_notices.add_affected(breach=breach, customers=people, by=officer, at=timezone.now())
    return people


def typed(at):
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


def test_strangers_see_no_breaches_and_an_auditor_handles_none(officer):
    breach = now_breach()
    (customer,) = list_people(breach, officer)
    pages = [reverse("consent:breach-list"), page_of(breach), page_of(breach, "letter"), page_of(breach, "draws")]
    stranger, auditor = browser_of(make_staff("FP")), browser_of(make_staff("AUDITOR"))

    assert [stranger.get(url).status_code for url in pages] == [403] * 4
    assert [auditor.get(url).status_code for url in pages] == [200] * 4
    assert auditor.get(page_of(breach, "affected")).status_code == 403
    assert [auditor.post(page_of(breach, verb)).status_code for verb in VERBS] == [403] * len(VERBS)
    assert [auditor.get(url).status_code for url in (reverse("consent:breach-record"), page_of(breach, "revise"))] == [
        403,
        403,
    ]
    assert browser_of(officer).get(reverse("consent:breach-detail", args=[1])).status_code == 404
    assert customer.number not in auditor.get(page_of(breach)).content.decode()


def test_a_breach_is_recorded_completed_and_read_as_a_letter(officer):
    client = browser_of(officer)
    assert "No breach is open" in client.get(reverse("consent:breach-list")).content.decode()
    known = timezone.now() - timedelta(hours=1)
    given = {"kind": "LEAK", "known_at": typed(known), "circumstances": "협력사 계정 도용", "items": ["name"]}

    refused = client.post(reverse("consent:breach-record"), given | {"known_at": "2999-01-01T00:00"})
    page = client.post(reverse("consent:breach-record"), given).url
    breach = Breach.objects.get()

    assert "Choose a time that is over" in refused.content.decode()
    assert page == page_of(breach)
    assert "nobody can be told yet" in client.get(page_of(breach, "letter")).content.decode()
    client.post(page_of(breach, "revise"), WORDS | {"items": ["name", "mobile"], "by_hacking": "on"})
    letter = client.get(page_of(breach, "letter")).content.decode()
    assert "nobody can be told yet" not in letter
    assert "개인정보보호부 02-100-2000" in letter
    shown = client.get(page).content.decode()
    assert "hours left" in shown
    assert "Report to the Personal Information Protection Commission" in shown


def test_the_affected_are_drawn_listed_told_and_the_breach_closed(officer):
    breach, client, now = now_breach(), browser_of(officer), timezone.now()
    customer = make_customer(name="김하나")
    looked([customer.pk], now - timedelta(hours=3))
    conditions = {"first": typed(now - timedelta(hours=5)), "last": typed(now), "reason": "도용된 계정"}

    refused = client.post(page_of(breach, "find"), conditions | {"pages": "no:page"})
    assert refused.status_code == 400
    assert "The trail knows no such pages: no:page" in refused.content.decode()
    assert client.post(page_of(breach, "find"), conditions | {"reason": "음"}).status_code == 400
    client.post(page_of(breach, "find"), conditions | {"staff": "E-STOLEN"})
    from consent.services.breaches_draws import resume_draws

    resume_draws()
    assert BreachDraw.objects.get().found_count == 1
    shown = client.get(page_of(breach, "affected"))
    assert [(line.customer_id, line.entries, bool(line.name)) for line in shown.context["lines"]] == [
        (customer.pk, 1, True)
    ]
    sending = {"channel": "SMS", "sent_at": typed(now), "proof": "발송 1"}
    assert client.post(page_of(breach, "sent"), sending | {"customer": [str(customer.pk)]}).status_code == 302
    assert client.post(page_of(breach, "sent"), sending | {"all": "1"}).status_code == 400
    assert BreachNotice.objects.get().proof == "발송 1"
    assert client.post(page_of(breach, "close"), {"note": "조치 완료"}).status_code == 302
    assert Breach.objects.get().state == "CLOSED"
    assert "breach-act" not in client.get(page_of(breach)).content.decode()


def test_customers_are_put_on_the_list_by_hand_if_the_reader_sees_them(officer):
    breach, client, customer = now_breach(), browser_of(officer), make_customer()

    refused = client.post(page_of(breach, "add"), {"numbers": "C-999999999-9"})
    client.post(page_of(breach, "add"), {"numbers": customer.number})

    assert "There are no such customers" in refused.content.decode()
    assert list(breach.notices.values_list("customer", flat=True)) == [customer.pk]


def test_a_protected_customer_is_told_by_the_number_alone(officer):
    breach = now_breach()
    (customer,) = list_people(breach, officer)
    protect(customer, by=officer)
    compliance = browser_of(make_staff("COMPLIANCE_OFFICER", language="en"))

    (line,) = compliance.get(page_of(breach, "affected")).context["lines"]

    assert (line.name, line.url) == ("", "")
    assert line.number[2:11] == customer.number[:9]


def test_a_file_of_proofs_is_taken_in_on_the_page(officer):
    breach, client, now = now_breach(), browser_of(officer), timezone.now()
    (customer,) = list_people(breach, officer)
    content = f"customer,sent_at,channel,proof\n{customer.number},{typed(now)},SMS,M-1\n1,{typed(now)},SMS,M-2\n"

    def upload(data):
        return client.post(page_of(breach, "proofs"), {"upload": SimpleUploadedFile("p.csv", data)})

    taken, refused = upload(content.encode()), upload(b"a\n1\n")

    assert (taken.context["imported"].sent, taken.context["rejects"][0][0]) == (1, 3)
    assert (refused.status_code, "does not name the columns" in refused.content.decode()) == (400, True)


@pytest.mark.parametrize(
    ("written", "pages"),
    [
        ("", ()),
        ("customer page, Source record", ("customers:customer-detail", "customers:record-detail")),
        ("customers:customer-detail\nCustomer page", ("customers:customer-detail",)),
        ("Pairs for review", ("customers:pair-list", "customers:pair-list-moved")),
    ],
)
def test_pages_of_the_trail_are_written_as_the_trail_calls_them(written, pages):
    times = {"first": "2026-01-01T00:00", "last": "2026-01-02T00:00", "reason": "도용된 계정"}
    with override("en"):
        form = DrawForm(times | {"pages": written})

        assert form.is_valid()
    assert form.cleaned_data["pages"] == pages


def test_reports_postings_confirmation_and_clearing_are_noted(officer):
    client, now = browser_of(officer), timezone.now()
    breach, clear = now_breach(kind="POSSIBLE", by_hacking=True), now_breach(kind="POSSIBLE")

    client.post(page_of(breach, "report"), {"reported_at": typed(now), "reference": "KISA-1"})
    client.post(page_of(breach, "post"), {"posted_on": f"{timezone.localdate():%Y-%m-%d}"})
    client.post(page_of(breach, "confirm"), {"kind": "LEAK"})
    short = client.post(page_of(clear, "clear"), {"reason": "x"}).content.decode()
    assert "Say a little more: at least 5 letters." in short
    client.post(page_of(clear, "clear"), {"reason": "열람 없음"})
    breach.refresh_from_db()
    clear.refresh_from_db()

    assert (breach.report_reference, breach.posted_on, breach.kind) == ("KISA-1", timezone.localdate(), "LEAK")
    assert (clear.state, clear.closing) == ("CLEARED", "열람 없음")
    again = client.post(page_of(clear, "clear"), {"reason": "열람 없음"}, follow=True)
    assert "The breach is closed. Nothing was done." in again.content.decode()


def test_lists_cost_the_same_for_one_and_for_three(officer):
    client, breach = browser_of(officer), now_breach()
    list_people(breach, officer)
    urls = [reverse("consent:breach-list"), page_of(breach, "affected")]
    before = [queries_of(client, url) for url in urls]
    list_people(breach, officer, 2)
    now_breach()
    now_breach()

    assert [queries_of(client, url) for url in urls] == before


def test_the_file_of_the_affected_reads_as_the_list(officer):
    from consent.outflow_exports import AffectedExport

    breach, export = now_breach(), AffectedExport()
    list_people(breach, officer, 2)
    conditions = export.understood({"breach": [breach.number], "state": ["untold"]}, officer)

    rows = list(export.rows(officer, conditions))

    assert [len(row) for row in rows] == [len(export.columns(officer, conditions))] * 2
    assert export.count(officer, conditions | {"state": "sent"}, 10) == 0
    assert export.count(make_staff("AUDITOR"), conditions, 10) == 0
    assert list(export.rows(officer, export.understood({"breach": ["x"]}, officer))) == []
