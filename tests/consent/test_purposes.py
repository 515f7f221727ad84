"""Purposes and recipients: the list with what lives on each, opening and closing."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessEntry
from consent.models import Purpose, Recipient, Text
from consent.reports.purposes import purpose_list
from consent.reports.texts_counts import Live, Shares
from consent.services.purposes import CodeTaken, open_purpose
from consent.services.texts import draft_text
from tests.consent.texting import answer, compliance, login, published, purpose, recipient, words
from tests.customers.builders import NOW, make_customer
from tests.customers.matching import said
from tests.customers.matching import words as shown

pytestmark = [pytest.mark.django_db]
OFFICER = "COMPLIANCE_OFFICER"
LIST, RECIPIENTS = "/consent/purposes/", "/consent/recipients/"
OPENED = {
    "code": "SURVEY",
    "name": "만족도 조사",
    "english_name": "Survey",
    "kind": "COLLECTION",
    "basis": "CONSENT",
    "clause": "개인정보 보호법 제15조 제1항",
    "items": ["name"],
    "channels": ["SMS"],
    "retention_months": 12,
    "reconfirm_months": 0,
}
CLOSING = {"because": "서비스 종료"}
REGISTERED = {"code": "LAB", "name": "연구소", "kind": "THIRD_PARTY", "country": "KR", "task": "연구", "answers": "on"}


def queries_of(client: object, page: str) -> int:
    client.get(page)
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


@pytest.mark.parametrize(("role", "sees"), [("FP", 403), ("BRANCH_MANAGER", 403), ("AUDITOR", 200)])
def test_a_stranger_opens_and_changes_nothing(purposes, role, sees):
    client, one, card = login(role), purpose(), recipient()

    assert [client.get(page).status_code for page in (LIST, f"{LIST}{one.pk}/", RECIPIENTS)] == [sees] * 3
    assert [client.get(page).status_code for page in (f"{LIST}open/", f"{RECIPIENTS}register/")] == [403] * 2
    assert [client.post(page).status_code for page in (f"{LIST}open/", f"{RECIPIENTS}register/")] == [403] * 2
    assert client.post(f"{LIST}{one.pk}/close/").status_code == 403
    assert client.post(f"{RECIPIENTS}{card.pk}/close/").status_code == 403


def test_the_list_shows_what_lives_on_each_purpose(purposes):
    answer(make_customer()), answer(make_customer(), "REFUSED"), answer(make_customer(), days=1)

    line = next(line for line in purpose_list(NOW).lines if line.purpose.code == "MARKETING")

    assert (line.in_use.live, line.shares.given, line.shares.refused) == (Live(1, 1), Live(1, 1), Live(1, 1))
    page = shown(login(OFFICER).get(LIST))
    assert "Marketing and solicitation" in page
    assert "no answers yet" in page


def test_the_bar_has_a_part_for_each_answer():
    shares = Shares({"GIVEN": Live(2, 2), "WITHDRAWN": Live(1, 1), "LAPSED": Live(1, 1)})

    assert [(part.kind, part.x, part.width) for part in shares.bar] == [
        ("given", "0.0", "50.0"),
        ("withdrawn", "50.0", "25.0"),
        ("lapsed", "75.0", "25.0"),
    ]
    assert (shares.percent, shares.total, Shares().bar, Shares().percent) == (50, 4, (), 0)


def test_the_lists_say_when_there_is_nothing(master):
    client = login(OFFICER)

    assert "No purpose was opened" in shown(client.get(LIST))
    assert "Nobody receives data" in shown(client.get(RECIPIENTS))


@pytest.mark.parametrize("page", [LIST, RECIPIENTS])
def test_a_list_needs_as_many_queries_for_three_as_for_one(purposes, page):
    kept = purpose("PROVISION_AFFILIATE")
    Text.objects.filter(purpose=kept).get().recipients.add(recipient())
    client = login(OFFICER)
    nine = queries_of(client, page)
    # Texts of a purpose stay, so the others are hidden where nobody looks for them.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM consent_text WHERE purpose_id <> %s", [kept.pk])
        cursor.execute("DELETE FROM consent_purpose WHERE id <> %s", [kept.pk])
        cursor.execute("DELETE FROM consent_recipient WHERE id <> %s", [recipient().pk])

    assert queries_of(client, page) == nine


def test_a_purpose_is_opened_drafted_and_closed(purposes):
    client = login(OFFICER)

    sent = client.post(f"{LIST}open/", OPENED)

    made = Purpose.objects.get(code="SURVEY")
    assert sent.url == f"{LIST}{made.pk}/"
    assert (made.items, made.channels, made.is_required) == (["name"], ["SMS"], False)
    assert "Nobody is asked before a version is published." in shown(client.get(sent.url))
    again = client.post(f"{LIST}open/", OPENED)
    assert again.context["form"].errors == {"code": ["There is a purpose of this code already."]}
    assert list(client.post(f"{LIST}{made.pk}/close/", {"because": ""}).context["form"].errors) == ["because"]
    assert said(client.post(f"{LIST}{made.pk}/close/", CLOSING, follow=True)) == [
        "The purpose was closed. Nobody is asked for it any more."
    ]
    for again in (client.get, client.post):
        assert said(again(f"{LIST}{made.pk}/close/", CLOSING, follow=True)) == ["The purpose was closed before."]


def test_closing_a_purpose_takes_its_text_out_of_use_and_keeps_consents(purposes):
    customer = make_customer()
    answer(customer)

    client = login(OFFICER)
    assert "1 of 1 customer" in shown(client.get(f"{LIST}{purpose().pk}/close/"))
    closed = client.post(f"{LIST}{purpose().pk}/close/", CLOSING, follow=True)

    assert list(purpose().texts.values_list("state", "retired_because")) == [("RETIRED", "서비스 종료")]
    assert (purpose().closed_because, purpose().closed_by) == ("서비스 종료", purpose().texts.get().retired_by)
    assert shown(closed).count("서비스 종료") == 2
    assert AccessEntry.objects.get(page="consent:purpose-close", kind="CHANGE").reason == "서비스 종료"
    assert customer.consents.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"code": "small"}, "code"), ({"items": ["horoscope"]}, "items"), ({"retention_months": -1}, "retention_months")],
)
def test_a_purpose_that_is_typed_wrongly_is_not_opened(purposes, wrong, field):
    form = login(OFFICER).post(f"{LIST}open/", OPENED | wrong).context["form"]

    assert list(form.errors) == [field]


def test_a_recipient_is_registered_and_closed_when_no_text_names_it(purposes):
    client = login(OFFICER)
    client.post(f"{RECIPIENTS}register/", REGISTERED)
    made = Recipient.objects.get(code="LAB")
    assert (made.answers, made.closed_on) == (True, None)
    again = client.post(f"{RECIPIENTS}register/", REGISTERED)
    assert again.context["form"].errors == {"code": ["There is a recipient of this code already."]}
    abroad = client.post(f"{RECIPIENTS}register/", REGISTERED | {"code": "X", "kind": "ABROAD"})
    assert abroad.context["form"].errors == {"country": ["A recipient abroad is in another country."]}

    assert said(client.post(f"{RECIPIENTS}{made.pk}/close/", follow=True)) == ["The recipient was closed."]
    assert said(client.post(f"{RECIPIENTS}{made.pk}/close/", follow=True)) == ["The recipient was closed before."]


def test_countries_are_shown_by_name_to_staff_and_in_korean_to_customers(purposes):
    client, of = login(OFFICER), purpose("TRANSFER_ABROAD")
    said = words(recipients=(recipient("REINSURER"),))
    text = draft_text(purpose=of, words=said, by=compliance(), at=NOW)

    assert "Germany" in shown(client.get(RECIPIENTS))
    assert "(국가: 독일)" in shown(client.get(f"/consent/texts/{text.pk}/"))
    wrong = client.post(f"{RECIPIENTS}register/", REGISTERED | {"country": "QQ"})
    assert list(wrong.context["form"].errors) == ["country"]


def test_a_recipient_that_a_text_in_use_names_stays_open(purposes):
    of = purpose("PROVISION_AFFILIATE")
    published(of, recipients=(recipient(),))

    answered = login(OFFICER).post(f"{RECIPIENTS}{recipient().pk}/close/", follow=True)

    assert said(answered) == ["Texts in use name this recipient. Replace them first: 제휴사 제공 v2"]
    assert "Replace the texts that name it first." in shown(answered)
    assert f"{RECIPIENTS}{recipient().pk}/close/" not in answered.content.decode()
    assert f"{RECIPIENTS}{recipient('CALL_CENTRE').pk}/close/" in answered.content.decode()
    assert recipient().closed_on is None


def test_a_code_is_taken_once(purposes):
    fields = {"name": "x", "english_name": "x", "kind": "COLLECTION", "basis": "CONSENT", "clause": "x"}

    with pytest.raises(CodeTaken):
        open_purpose(code="MARKETING", **fields)
