"""The pages of texts: who may do what, the preview, what is missing, publishing by a second person, asking again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AccessEntry
from consent.models import CleanupAsk, Text
from consent.services import texts
from tests.consent.texting import answer, compliance, login, published, purpose, recipient, words
from tests.customers.builders import NOW, make_customer
from tests.customers.matching import said
from tests.customers.matching import words as shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
OFFICER = "COMPLIANCE_OFFICER"


def drafted(**more: object) -> Text:
    return texts.draft_text(purpose=purpose(), words=words(**more), by=compliance(), at=NOW)


def page(text: Text, tail: str = "") -> str:
    return f"/consent/texts/{text.pk}/{tail}"


def typed(**more: object) -> dict[str, object]:
    """The fields of a draft that says everything."""
    fields = vars(words()) | {"comment": "문구 정비"} | more
    return {name: value for name, value in fields.items() if value not in (None, False)}


@pytest.mark.parametrize(
    ("role", "sees", "writes"),
    [("FP", 403, 403), ("SERVICE_CLIENT", 403, 403), ("AUDITOR", 200, 403), ("DATA_STEWARD", 200, 403)],
)
def test_a_stranger_opens_and_changes_nothing(role, sees, writes):
    client, text = login(role), drafted()

    assert client.get(page(text)).status_code == sees
    assert client.get(f"/consent/purposes/{text.purpose_id}/draft/").status_code == writes
    assert client.get(page(text, "revise/")).status_code == writes
    assert client.get(page(text, "again/")).status_code == writes
    acts = [client.post(page(text, f"{act}/")).status_code for act in ("discard", "publish", "retire")]
    assert acts == [writes] * 3
    assert Text.objects.get(pk=text.pk).state == "DRAFT"


def test_a_draft_is_written_on_the_page_and_shown_as_the_customer_reads_it():
    client = login(OFFICER)
    url = f"/consent/purposes/{purpose().pk}/draft/"
    assert client.get(url).context["form"].initial["title"] == "상품·서비스 안내 및 가입 권유"

    sent = client.post(url, typed(title="새 상품 안내", items=["name", "email"]))

    text = purpose().texts.get(state="DRAFT")
    assert sent.url == page(text)
    words_ = shown(client.get(page(text)))
    assert "[선택] 새 상품 안내" in words_
    assert "이름, 이메일" in words_
    assert "You wrote this draft, so another person must put it to use." in words_
    assert "Changes since v1" in words_


def test_what_is_typed_wrongly_is_said_beside_the_field():
    client, url = login(OFFICER), f"/consent/purposes/{purpose().pk}/draft/"
    over = (timezone.localdate() - timedelta(days=1)).isoformat()

    forms = [
        client.post(url, typed(**wrong)).context["form"]
        for wrong in (
            {"title": ""},
            {"items": ["horoscope"]},
            {"is_material": "on"},
            {"is_material": "on", "ask_again_by": over},
        )
    ]

    assert [list(form.errors) for form in forms] == [["title"], ["items"], ["ask_again_by"], ["ask_again_by"]]
    assert not Text.objects.filter(state="DRAFT").exists()


def test_the_same_words_again_are_no_version():
    published()

    refused = login(OFFICER).post(f"/consent/purposes/{purpose().pk}/draft/", typed())

    assert refused.context["form"].non_field_errors() == ["This is what the newest version says already."]


def test_what_is_missing_stands_on_the_page_and_keeps_it_from_being_published():
    text, client = drafted(retention="필요한 동안"), login(OFFICER)

    assert "1 thing is missing, so this draft cannot be published." in shown(client.get(page(text)))
    answered = client.post(page(text, "publish/"), follow=True)

    assert said(answered) == [
        "The text is not complete. Missing: Says how long they are kept, by a period or an event "
        "(개인정보 보호법 제15조 제2항)"
    ]
    assert Text.objects.get(pk=text.pk).state == "DRAFT"


def test_a_second_person_publishes_and_nobody_else():
    text, author, second = drafted(), login(OFFICER), login(OFFICER)
    author.force_login(text.drafted_by)

    refused = author.post(page(text, "publish/"), follow=True)
    done = second.post(page(text, "publish/"), follow=True)

    assert said(refused) == ["You wrote this draft, so another person must put it to use."]
    assert said(done) == ["The version was published. Its words never change from now on."]
    assert Text.objects.get(pk=text.pk).digest in shown(done)
    assert "says what was published" in shown(done)


def test_a_published_version_whose_recipients_were_changed_is_found_out():
    text = published()
    text.recipients.add(recipient())

    assert "does not say what was published" in shown(login(OFFICER).get(page(text)))


def test_a_published_version_cannot_be_revised_or_thrown_away():
    text, client = published(), login(OFFICER)

    answers = [
        client.get(page(text, "revise/"), follow=True),
        client.post(page(text, "revise/"), typed(title="다시"), follow=True),
        client.post(page(text, "discard/"), follow=True),
    ]

    assert [said(each) for each in answers] == [["This version is no draft any more."]] * 3


def test_a_version_is_revised_and_thrown_away():
    text, client = drafted(), login(OFFICER)

    client.post(page(text, "revise/"), typed(title="고친 제목"), follow=True)
    assert Text.objects.get(pk=text.pk).title == "고친 제목"
    gone = client.post(page(text, "discard/"), follow=True)
    assert gone.redirect_chain == [(f"/consent/purposes/{text.purpose_id}/", 302)]


def test_a_version_is_taken_out_of_use_with_a_reason_that_its_history_shows():
    client, first = login(OFFICER), purpose().texts.get()
    answer(make_customer())
    asked = shown(client.get(page(first, "retire/")))
    assert "1 of 1 customer" in asked

    done = client.post(page(first, "retire/"), {"because": "감독원 지적"}, follow=True)

    assert said(done) == ["The version was taken out of use. Nobody is asked until another is published."]
    assert "감독원 지적" in shown(done)
    assert "감독원 지적" in shown(client.get(f"/consent/purposes/{purpose().pk}/"))
    entry = AccessEntry.objects.get(page="consent:text-retire", kind="CHANGE")
    assert entry.reason == "감독원 지적"
    again = [client.get(page(first, "retire/"), follow=True), client.post(page(first, "retire/"), follow=True)]
    assert [said(each) for each in again] == [["This version is not in use."]] * 2


@pytest.mark.parametrize("because", ["", "    ", "짧음"])
def test_without_a_reason_no_version_goes_out_of_use(because):
    refused = login(OFFICER).post(page(purpose().texts.get(), "retire/"), {"because": because})

    assert list(refused.context["form"].errors) == ["because"]
    assert purpose().texts.get().state == "PUBLISHED"


def test_a_version_that_was_replaced_shows_what_took_its_place_and_why():
    first = purpose().texts.get()
    text = published(comment="연락 방법을 모두 적음")
    client = login(OFFICER)

    for where in (page(first), f"/consent/purposes/{text.purpose_id}/"):
        assert "Version 2 took its place : 연락 방법을 모두 적음" in shown(client.get(where))
    Text.objects.filter(pk=text.pk).update(published_at=NOW + timedelta(days=1))
    assert "No reason was kept." in shown(client.get(page(first)))


def test_a_material_version_leads_to_asking_again_and_the_questions_are_opened():
    customer = make_customer()
    answer(customer)
    due = timezone.localdate() + timedelta(days=90)
    text, client = drafted(is_material=True, ask_again_by=due), login(OFFICER)

    sent = client.post(page(text, "publish/"))
    assert sent.url == page(text, "again/")
    assert client.get(sent.url).context["report"].customers == 1
    opened = client.post(sent.url, {"by_day": due.isoformat()}, follow=True)

    assert said(opened) == ["1 question was opened."]
    assert CleanupAsk.objects.get().due_on == due
    over = client.post(sent.url, {"by_day": "2020-01-01"})
    assert "This day is over." in shown(over)


def test_what_is_unknown_is_not_found():
    client = login(OFFICER)

    assert client.get("/consent/texts/0/").status_code == 404
    assert client.get("/consent/purposes/0/draft/").status_code == 404
    assert client.post("/consent/texts/0/publish/").status_code == 404
    assert client.get(page(published(), "publish/")).status_code == 405
