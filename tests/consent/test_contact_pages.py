"""The pages about contacts: who may see them, what they show, what their buttons do."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent.models import Circumstance, ContactDecision, ContactRefusal, ContactStop, DoNotCallList, DoNotCallNumber
from consent.panels.contact import contacts
from consent.services.contacting import may_contact
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.consent.contacting import make_reachable, merge_into, purpose_of, refuse, register, say, stop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
BOARD, CHECK, DUE, REGISTER = (
    f"/consent/{word}" for word in ("contacts/", "contacts/check/", "contacts/refusals/", "do-not-call/")
)
STOPS = f"{BOARD}stops/"


def login(*roles: str, **fields: object) -> Client:
    """A browser of somebody who reads English."""
    client = Client()
    client.force_login(make_staff(*roles, **{"language": "en"} | fields))
    return client


def officer() -> Client:
    return login("COMPLIANCE_OFFICER")


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def said(response: object) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def place(customer: Customer, rest: str = "") -> str:
    return f"/consent/{customer.number}/contacts/{rest}"


def now_text() -> str:
    return timezone.localtime().strftime("%Y-%m-%dT%H:%M")


def noon_ahead() -> str:
    """Tomorrow in the afternoon, when it is night nowhere."""
    return (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT14:00")


def test_strangers_see_nothing():
    customer, made = make_reachable(), stop()
    refuse(customer)
    number = register(customer.mobile, date(2026, 1, 1), customer)
    loaded = DoNotCallList.objects.create(
        name="a.csv", digest="0" * 64, as_of=date(2026, 1, 1), loaded_at=timezone.now()
    )
    refusal = ContactRefusal.objects.get()
    own = [place(customer, rest) for rest in ("", "refuse/", f"refusals/{refusal.pk}/lift/", "circumstances/record/")]
    company = [
        *(BOARD, f"{STOPS}make/", f"{STOPS}{made.pk}/", REGISTER, f"{REGISTER}load/"),
        *(
            f"{REGISTER}lists/{loaded.pk}/",
            f"{REGISTER}months/2026-01/decide/",
            f"{REGISTER}numbers/{number.pk}/follow/",
        ),
    ]
    outsider, planner = login("ADMINISTRATOR"), login("FP")

    assert [outsider.get(address).status_code for address in (*own, *company, CHECK, DUE)] == [403] * 14
    assert [planner.get(address).status_code for address in own] == [404] * 4
    assert [planner.get(address).status_code for address in company] == [403] * 8
    assert planner.post(f"{DUE}{refusal.pk}/tell/").status_code == 404
    assert planner.post(place(customer, "circumstances/1/end/")).status_code == 404
    assert login("AUDITOR").post(f"{STOPS}{made.pk}/", {"because": "이제 됨"}).status_code == 403
    assert officer().get(f"{REGISTER}months/2026-13/decide/").status_code == 404


def test_every_page_opens_empty_and_says_so():
    client, customer = officer(), make_reachable()

    assert "Nothing is stopped" in text_of(client, BOARD)
    assert "Nobody asked today" in text_of(client, BOARD)
    assert "No list was taken in yet" in text_of(client, REGISTER)
    assert "Nobody waits for an answer" in text_of(client, DUE)
    assert "The customer refused no contact" in text_of(client, place(customer))
    assert "Nothing was asked yet" in text_of(client, CHECK)
    assert "Nothing waits for a decision in this month" in text_of(client, f"{REGISTER}months/2026-01/decide/")


def test_a_question_is_answered_with_reason_clause_and_words_and_kept():
    client, customer = officer(), make_reachable()
    say(customer, "WITHDRAWN")
    sent = {"number": customer.number, "channel": "SMS", "purpose": "MARKETING", "contact_at": noon_ahead()}

    answer = client.post(CHECK, sent).content.decode()

    assert "No, do not contact" in answer
    assert "The consent was withdrawn" in answer
    assert "개인정보 보호법 제37조" in answer
    assert "You took your consent back" in answer
    kept = ContactDecision.objects.get()
    assert (kept.customer, kept.reason, kept.asked_by.language) == (customer, "WITHDRAWN", "en")
    say(customer, at=timezone.now() - timedelta(seconds=5))
    assert "Yes, contact is allowed" in client.post(CHECK, sent).content.decode()


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"number": "C-1"}, "This is no customer number."),
        ({"number": "7000000013"}, "You see no customer of this number."),
        ({"contact_at": "2020-01-01T10:00"}, "This day is over."),
    ],
)
def test_a_question_that_cannot_be_asked_is_not_kept(more: dict[str, str], problem: str):
    customer = make_reachable()
    sent = {"number": customer.number, "channel": "SMS", "purpose": "MARKETING", "contact_at": noon_ahead()}

    answer = officer().post(CHECK, sent | more).content.decode()

    assert problem in answer or "This is no customer number." in answer
    assert not ContactDecision.objects.exists()


def test_a_planner_asks_of_own_customers_alone():
    planner = make_staff("FP", language="en")
    client = Client()
    client.force_login(planner)
    own, other = make_reachable(keeper_id=planner.employee_number), make_reachable()
    sent = {"channel": "MAIL", "purpose": "CONTRACT_SERVICE", "contact_at": noon_ahead()}

    assert "Yes, contact is allowed" in client.post(CHECK, sent | {"number": own.number}).content.decode()
    assert "You see no customer" in client.post(CHECK, sent | {"number": other.number}).content.decode()
    assert list(ContactDecision.objects.values_list("customer", flat=True)) == [own.pk]


def test_a_refusal_is_recorded_shown_told_and_lifted():
    client, customer = officer(), make_reachable()
    say(customer)
    sent = {"kind": "DO_NOT_CONTACT", "channel": "ANY", "said_at": now_text(), "via": "지점"}

    answer = client.post(place(customer, "refuse/"), sent, follow=True)

    assert said(answer) == ["The refusal was recorded. It holds from this moment on."]
    assert "No solicitation" in answer.content.decode()
    again = client.post(place(customer, "refuse/"), sent).content.decode()
    assert "The customer refused the same before" in again
    refusal = ContactRefusal.objects.get()
    assert customer.number in text_of(client, DUE)
    told = client.post(f"{DUE}{refusal.pk}/tell/", follow=True)
    assert said(told) == ["It was noted that the customer was told."]
    assert said(client.post(f"{DUE}{refusal.pk}/tell/", follow=True)) == ["The result was told before."]
    lift = place(customer, f"refusals/{refusal.pk}/lift/")
    assert "Wants no contact" in text_of(client, lift)
    words = {"kind": refusal.kind, "channel": refusal.channel, "because": "전화로 다시 받겠다고 함"}
    assert said(client.post(lift, words, follow=True)) == ["The refusal was lifted by the customer's own word."]
    assert client.get(lift).status_code == 404


def test_a_circumstance_is_recorded_and_ended():
    client, customer = officer(), make_reachable()
    sent = {"kind": "DEAD_CONTACT", "channel": "", "started_on": timezone.localdate().isoformat(), "reference": "R-1"}

    refused = client.post(place(customer, "circumstances/record/"), sent).content.decode()
    made = client.post(place(customer, "circumstances/record/"), sent | {"channel": "MAIL"}, follow=True)

    assert "Name the contact point" in refused
    assert said(made) == ["It was recorded, and holds from this moment on."]
    row = Circumstance.objects.get()
    end = place(customer, f"circumstances/{row.pk}/end/")
    assert said(client.post(end, follow=True)) == ["It was recorded that this is over."]
    assert said(client.post(end, follow=True)) == ["This was over already."]


def test_a_stop_is_made_shows_what_it_holds_back_and_is_ended():
    client, customer = officer(), make_reachable()
    say(customer)

    made = client.post(f"{STOPS}make/", {"purpose": "MARKETING", "channel": "ANY", "reason": "문안 오류"}, follow=True)

    assert said(made) == ["Contacts are stopped from this moment on. Those who watch over it were told."]
    stopped = ContactStop.objects.get()
    again = client.post(f"{STOPS}make/", {"purpose": "MARKETING", "channel": "ANY", "reason": "문안 오류"})
    assert "This is stopped already." in again.content.decode()
    may_contact(customer=customer, channel="SMS", purpose=purpose_of("MARKETING"), at=timezone.now())
    shown = text_of(client, f"{STOPS}{stopped.pk}/")
    assert customer.number in shown
    assert "Stopped for the whole company" in shown
    assert "문안 오류" in text_of(client, BOARD)
    ended = client.post(f"{STOPS}{stopped.pk}/", {"because": "문안 수정 완료"}, follow=True)
    assert said(ended) == ["The stop was ended. Contacts may be made again as far as nothing else stands."]
    assert said(client.post(f"{STOPS}{stopped.pk}/", {"because": "문안 수정 완료"}, follow=True)) == [
        "This stop was over already."
    ]


def upload(text: str, name: str = "list.csv") -> dict[str, object]:
    return {"upload": SimpleUploadedFile(name, text.encode()), "as_of": timezone.localdate().isoformat()}


def test_a_list_is_taken_in_once_with_its_rejects():
    client = officer()
    text = "번호,등록일\n010-7700-0001,2024-01-05\n없음,2026-01-05\n"

    taken = client.post(f"{REGISTER}load/", upload(text), follow=True)

    assert said(taken) == ["The list was taken in. Its numbers are not called from this moment on."]
    assert "No telephone number" in taken.content.decode()
    assert said(client.post(f"{REGISTER}load/", upload(text), follow=True)) == [
        "This file was taken in before. Nothing was changed."
    ]
    assert "no text" in client.post(f"{REGISTER}load/", upload("a\0b")).content.decode()
    assert "No row of this file" in client.post(f"{REGISTER}load/", upload("a,b\n")).content.decode()
    assert "Only CSV" in client.post(f"{REGISTER}load/", upload(text, "a.pdf")).content.decode()
    assert "list.csv" in text_of(client, REGISTER)


@pytest.mark.parametrize(("decision", "standing"), [("KEEP", 2), ("RELEASE", 0)])
def test_a_month_is_decided_with_a_second_look(decision: str, standing: int):
    client = officer()
    for number in (1, 2):
        register(f"0107000000{number}", date(2026, 1, number))
    page = f"{REGISTER}months/2026-01/decide/"
    sent = {"decision": decision, "reason": "기간 만료 확인", "count": "1"}

    assert "2 registrations of this month wait" in client.post(page, sent).content.decode()
    assert client.post(page, sent | {"count": "2"}, follow=True).status_code == 200

    waiting = DoNotCallNumber.objects.filter(released_at=None)
    assert (waiting.count(), waiting.filter(expires_on__gt=timezone.localdate()).count()) == (standing, standing)


def test_a_changed_number_is_decided():
    client, customer = officer(), make_reachable()
    number = register("01070000009", date(2030, 1, 1), customer)
    page = f"{REGISTER}numbers/{number.pk}/follow/"
    assert page in text_of(client, REGISTER)

    decided = client.post(page, {"decision": "AGAIN", "reason": "번호 변경 확인"}, follow=True)

    assert said(decided) == ["It was decided about the registration."]
    assert DoNotCallNumber.objects.filter(released_at=None, moved_from=number).count() == 2
    assert said(client.post(page, {"decision": "RELEASE", "reason": "번호 변경 확인"}, follow=True)) == [
        "Somebody decided about this registration before."
    ]


def fill(count: int) -> None:
    """So many rows in every list."""
    for place_ in range(count):
        customer = make_reachable()
        refuse(customer, at=timezone.now())
        register(customer.mobile, date(2026, 1, 1), customer)
        register(f"0105{count}55{place_:04}", date(2027, 1, 1), make_reachable())
        may_contact(customer=customer, channel="SMS", purpose=purpose_of("MARKETING"), at=timezone.now())


def test_lists_take_the_same_queries_for_one_row_and_for_three():
    client, made = officer(), stop("MARKETING")
    pages = [BOARD, DUE, REGISTER, f"{STOPS}{made.pk}/"]
    fill(1)
    one = [queries(client, page) for page in pages]
    fill(2)

    assert [queries(client, page) for page in pages] == one


def test_the_page_of_a_customer_takes_the_same_queries_for_one_row_and_for_three():
    client, customer = officer(), make_reachable()
    counts = []
    for channels in (("SMS",), ("PHONE", "EMAIL")):
        for channel in channels:
            refuse(customer, "OPT_OUT", channel)
            Circumstance.objects.create(
                customer=customer, kind="COMPLAINT", reference=channel, started_on=date(2026, 1, 1),
                recorded_at=timezone.now(),
            )  # fmt: skip
            may_contact(customer=customer, channel=channel, purpose=purpose_of("MARKETING"), at=timezone.now())
        counts.append(queries(client, place(customer)))

    assert counts[0] == counts[1]


def test_what_stands_under_a_merged_number_is_shown_and_can_be_lifted():
    client, customer = officer(), make_reachable()
    retired = merge_into(customer)
    refuse(retired, "OPT_OUT", "SMS")
    refusal = ContactRefusal.objects.get()

    assert "under C-" in text_of(client, place(customer))
    lift = place(customer, f"refusals/{refusal.pk}/lift/")
    words = {"kind": "OPT_OUT", "channel": "SMS", "because": "전화로 다시 받겠다고 함"}
    assert said(client.post(lift, words, follow=True)) == ["The refusal was lifted by the customer's own word."]


def test_the_panel_tells_yes_and_no_in_two_queries():
    viewer = make_staff("DATA_STEWARD", language="en")
    customer = make_reachable()
    say(customer, channel="EMAIL")
    contacts(customer, viewer)
    viewer = type(viewer).objects.get(pk=viewer.pk)
    fresh = Customer.objects.with_holders().get(pk=customer.pk)
    viewer.has_perm("consent.view_contactrefusal")
    panel = contacts(fresh, viewer)

    lines = {line.code: (line.service.is_allowed, line.solicitation.reason) for line in panel.content.contact.lines}
    assert lines["EMAIL"] == (True, "ALLOWED")
    assert lines["MAIL"] == (True, "NO_CONSENT")
    assert "FAX" not in lines
    anew = Customer.objects.with_holders().get(pk=customer.pk)
    with CaptureQueriesContext(connection) as counted:
        contacts(anew, viewer)
    own = [query["sql"] for query in counted if "consent_" in query["sql"]]
    assert len(own) == 2
    assert contacts(customer, make_staff("ADMINISTRATOR")) is None


def test_the_panel_stands_on_the_page_of_the_customer_with_its_banner():
    client, customer = officer(), make_reachable()
    refuse(customer)

    page = text_of(client, customer.get_absolute_url())

    assert "May we contact?" in page
    assert "No solicitation" in page
