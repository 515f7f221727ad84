"""The pages of the rights desk, for those who may open them and for those who may not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessEntry
from consent.models import Outflow, Purpose, Recipient, RightsItem, RightsRequest, Transfer
from consent.reports.rights_history import provisions_of
from consent.services import packs
from consent.services.rights import Asked, take_back_request
from tests.accounts.builders import make_staff
from tests.consent.desk import accepted, asker, granted, recorded
from tests.consent.texting import login
from tests.customers.builders import NOW

pytestmark = pytest.mark.django_db
LIST = "/consent/rights/"


@pytest.fixture
def desk(purposes):
    return make_staff("PRIVACY_OFFICER", employee_number="privacy")


@pytest.fixture
def client_of_desk(desk, client):
    client.force_login(desk)
    return client


def test_strangers_open_nothing(desk):
    request = accepted(customer=asker(), by=desk)
    item = request.items.get()
    packs.make_pack(request=granted(request, desk), by=desk, at=NOW)
    stranger = Client()
    stranger.force_login(make_staff("CAMPAIGN_MANAGER"))
    pages = {
        "get": ["rights-list", "rights-register", "rights-detail", "rights-letter", "rights-identify"],
        "post": [
            *("rights-accept", "rights-put-off", "rights-refuse", "rights-take-back", "rights-tell"),
            *("rights-pack-make", "rights-pack-download"),
        ],
    }

    for method, names in pages.items():
        for name in names:
            bare = name in ("rights-list", "rights-register")
            address = reverse(f"consent:{name}", args=[] if bare else [request.pk])
            assert getattr(stranger, method)(address).status_code == 403, name
    assert stranger.get(reverse("consent:rights-item-decide", args=[item.pk])).status_code == 403
    assert stranger.get(reverse("consent:rights-receipt", args=[request.pk])).status_code == 403
    other = Client()
    other.force_login(make_staff("FP"))
    assert other.get(reverse("consent:rights-receipt", args=[request.pk])).status_code == 404


def test_a_request_of_a_customer_whom_the_reader_does_not_see_is_not_there(desk):
    from customers.models import Protection

    customer = asker()
    request = accepted(customer=customer, by=desk)
    Protection.objects.create(customer=customer, kind="VIP", reason="보호", protected_by=desk, protected_at=NOW)
    compliance = Client()
    compliance.force_login(make_staff("COMPLIANCE_OFFICER"))

    assert compliance.get(reverse("consent:rights-detail", args=[request.pk])).status_code == 404
    assert request.number not in compliance.get(LIST).content.decode()


def test_whoever_takes_a_request_in_gets_its_receipt_and_no_more(desk):
    planner = make_staff("FP")
    mine = Client()
    mine.force_login(planner)
    form = {"via": "BRANCH", "asker": "SELF", "received_on": timezone.localdate(), "items": ["DATA", "LOOKS"]}

    answer = mine.post(f"{LIST}register/?kind=ACCESS", form | {"wording": "제 정보를 모두 보여 주세요."})

    request = RightsRequest.objects.get()
    assert answer.status_code == 302
    assert answer.url == reverse("consent:rights-receipt", args=[request.pk])
    assert request.number in mine.get(answer.url).content.decode()
    assert mine.get(reverse("consent:rights-detail", args=[request.pk])).status_code == 403


def test_registration_refuses_a_form_that_asks_nothing(client_of_desk):
    form = {"via": "BRANCH", "asker": "SELF", "received_on": timezone.localdate(), "wording": "열람을 요구합니다"}

    answer = client_of_desk.post(f"{LIST}register/?kind=ACCESS", form)

    assert answer.status_code == 200
    assert "form-error" in answer.content.decode() or "alert-danger" in answer.content.decode()
    assert not RightsRequest.objects.exists()


def test_the_list_shows_what_is_due_first_with_its_clock(client_of_desk, desk):
    today = timezone.localdate()
    late = recorded(by=desk, received_on=today - timedelta(days=12), at=timezone.now())
    soon = recorded(by=desk, received_on=today - timedelta(days=9), at=timezone.now())

    lines = client_of_desk.get(LIST).context["lines"]

    assert [(line.number, line.clock_tone) for line in lines] == [(late.number, "red"), (soon.number, "yellow")]
    assert [line.number for line in client_of_desk.get(f"{LIST}?clock=SOON").context["lines"]] == [soon.number]
    assert client_of_desk.get(f"{LIST}?mine=on&kind=STOP").context["lines"] == []


def test_an_empty_list_says_so(client_of_desk):
    assert "empty-title" in client_of_desk.get(LIST).content.decode()


def test_the_list_pages_by_day_and_key(client_of_desk, desk, monkeypatch):
    monkeypatch.setattr("consent.reports.rights.PAGE_SIZE", 2)
    today = timezone.localdate()
    made = [recorded(by=desk, received_on=today - timedelta(days=place // 2), at=timezone.now()) for place in range(5)]
    expected = sorted(made, key=lambda each: (each.due_on, each.pk))
    first = client_of_desk.get(LIST).context["page"]

    second = client_of_desk.get(f"{LIST}?after={first.after}").context["page"]
    third = client_of_desk.get(f"{LIST}?after={second.after}").context["page"]
    back = client_of_desk.get(f"{LIST}?before={third.before}").context["page"]

    assert [*first.rows, *second.rows, *third.rows] == expected
    assert (first.before, third.after) == (None, None)
    assert back.rows == second.rows


def test_the_list_asks_as_often_for_one_as_for_three(client_of_desk, desk, django_assert_num_queries):
    customers = [asker(), asker(name="박두리", birth_date="1970-01-01"), asker(name="최세라", birth_date="1971-01-01")]
    accepted(customer=customers[0], by=desk)
    client_of_desk.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client_of_desk.get(LIST)
    for customer in customers[1:]:
        accepted(customer=customer, by=desk)

    with django_assert_num_queries(len(one)):
        client_of_desk.get(LIST)


def test_identity_is_checked_on_somebody_whom_the_reader_sees(client_of_desk, desk):
    customer, request = asker(), recorded(by=desk)
    page = reverse("consent:rights-identify", args=[request.pk])

    found = client_of_desk.get(f"{page}?q=김하나").content.decode()
    answer = client_of_desk.post(page, {"number": customer.number, "how": "주민등록증 A-1"})
    unknown = client_of_desk.post(page, {"number": "0000000000", "how": "주민등록증"})

    request.refresh_from_db()
    assert "with=" in found
    assert answer.status_code == 302
    assert (request.customer, request.identified_how, request.identified_by) == (customer, "주민등록증 A-1", desk)
    assert unknown.status_code == 200


def test_the_desk_goes_from_acceptance_to_the_answer(client_of_desk, desk):
    customer = asker()
    request = accepted("CREDIT_CORRECTION", Asked("mobile", "010-9999-0001"), customer=customer, by=desk)
    detail = reverse("consent:rights-detail", args=[request.pk])
    item = RightsItem.objects.get(request=request)

    shown = client_of_desk.get(detail).content.decode()
    client_of_desk.post(reverse("consent:rights-item-decide", args=[item.pk]), {"decision": "GRANTED"})
    client_of_desk.post(reverse("consent:rights-tell", args=[request.pk]), {"tell-how": "등기우편 1-1"})

    request.refresh_from_db()
    assert "010-9999-0001" not in shown
    assert request.state == "ANSWERED"
    assert "들어 드립니다" in client_of_desk.get(reverse("consent:rights-letter", args=[request.pk])).content.decode()


def test_a_letter_says_to_staff_what_still_keeps_it_from_being_an_answer(desk):
    client, request = login("PRIVACY_OFFICER"), accepted("ACCESS", "DATA", customer=asker(), by=desk)
    letter, detail = (reverse(f"consent:rights-{page}", args=[request.pk]) for page in ("letter", "detail"))
    waits, nothing = "1 item waits for its decision.", "The request was taken back, so there is no answer to send."
    open_ = client.get(letter).content.decode()
    assert (waits in open_, nothing in open_) == (True, False)

    take_back_request(request=request, how="전화", by=desk, at=NOW)

    ended = client.get(letter).content.decode()
    assert (waits in ended, nothing in ended) == (False, True)
    assert letter not in client.get(detail).content.decode()


def test_a_refusal_without_a_clause_comes_back(client_of_desk, desk):
    item = accepted(customer=asker(), by=desk).items.get()
    page = reverse("consent:rights-item-decide", args=[item.pk])

    answer = client_of_desk.post(page, {"decision": "REFUSED", "clause": "", "explanation": ""})

    item.refresh_from_db()
    assert answer.status_code == 200
    assert item.decision == "OPEN"


def test_putting_off_beyond_the_limit_comes_back_with_the_reason(client_of_desk, desk):
    request = accepted("WITHDRAWAL", "MARKETING", customer=asker(), by=desk)
    far = {"later-reason": "자료를 모으는 중입니다", "later-until": "2030-01-01"}

    answer = client_of_desk.post(reverse("consent:rights-put-off", args=[request.pk]), far)

    assert answer.status_code == 400


def test_a_pack_is_taken_as_a_file_and_stands_on_the_trail(client_of_desk, desk):
    request = granted(accepted("ACCESS", "DATA", customer=asker(), by=desk), desk)
    client_of_desk.post(reverse("consent:rights-pack-make", args=[request.pk]))
    download = reverse("consent:rights-pack-download", args=[request.pk])

    pdf = client_of_desk.post(download, {"form": "PDF"})
    html = client_of_desk.post(download, {"form": "HTML"})

    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert pdf["Content-Disposition"] == f'attachment; filename="{request.number}.pdf"'
    assert "010-7391-0624" in html.content.decode()
    entries = AccessEntry.objects.filter(page="consent:rights-pack-download").order_by("number")
    assert [(entry.kind, entry.customers) for entry in entries] == [("EXPORT", [request.customer_id])] * 2
    assert client_of_desk.post(download, {"form": "ZIP"}).status_code == 302
    assert client_of_desk.get(download).status_code == 405


def test_the_passphrase_of_an_archive_is_shown_once(client_of_desk, desk):
    request = granted(accepted("PORTABILITY", "DATA", customer=asker(), by=desk), desk)

    shown = client_of_desk.post(reverse("consent:rights-pack-make", args=[request.pk]))

    passphrase = shown.context["passphrase"]
    assert passphrase in shown.content.decode()
    assert passphrase not in client_of_desk.get(reverse("consent:rights-detail", args=[request.pk])).content.decode()


def test_the_page_of_the_customer_warns_of_what_is_not_used(client_of_desk, desk):
    customer = asker()
    accepted("CORRECTION", Asked("mobile", "010-9999-0001"), customer=customer, by=desk)

    page = client_of_desk.get(customer.get_absolute_url()).content.decode()

    assert "desk-stopped" in page


def test_a_corrected_credit_information_names_who_received_it_in_the_last_six_months(client_of_desk, desk):
    now = timezone.now()
    for code, months in (("CREDIT_REGISTRY", 2), ("AFFILIATE_CARD", 8)):
        outflow = Outflow.objects.create(
            recipient=Recipient.objects.get(code=code),
            purpose=Purpose.objects.get(code="PROVISION_CREDIT"),
            items=["name"],
            clause="신용정보법 제32조",
            way="전용선",
            started_on=timezone.localdate() - timedelta(days=900),
            recorded_at=now,
        )
        Transfer.objects.create(outflow=outflow, sent_at=now - timedelta(days=30 * months), customer_count=3)
    request = accepted("CREDIT_CORRECTION", Asked("mobile", "010-9999-0001"), customer=asker(), by=desk)
    letter = reverse("consent:rights-letter", args=[request.pk])
    before = client_of_desk.get(letter).context["told"]
    granted(request, desk)

    assert before == (6, [])
    assert client_of_desk.get(letter).context["told"] == (6, ["한국신용정보원"])
    lines = provisions_of(timezone.localdate() - timedelta(days=3 * 365), timezone.localdate())
    assert [(line.recipient, line.count) for line in lines] == [("제휴 카드사", 1), ("한국신용정보원", 1)]


def test_a_deletion_that_is_proposed_already_is_told_and_not_proposed_twice(client_of_desk, desk):
    customer = asker()
    granted(accepted("DELETION", "ALL", customer=customer, by=desk), desk)
    again = accepted("DELETION", "ALL", customer=customer, by=desk).items.get()

    answer = client_of_desk.post(reverse("consent:rights-item-decide", args=[again.pk]), {"decision": "GRANTED"})

    again.refresh_from_db()
    assert (answer.status_code, again.decision) == (200, "OPEN")
    assert "이미 파기 대상에 올라 있는 고객입니다." in answer.content.decode()
