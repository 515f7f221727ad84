"""Versions of texts: two people publish, words stay, counts are right after merges, and who must be asked again."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from consent import tasks
from consent.models import CleanupAsk, Text
from consent.reports.texts_again import again_report, customers_to_ask_again
from consent.reports.texts_counts import Live, count_consents, counted
from consent.reports.texts_retired import Retirement, retirement_of
from consent.rules.texts import Demand, fingerprint
from consent.services import texts, texts_again
from consent.state import held
from customers.services.rule_versions import NotADraft, NothingChanged, OwnDraft
from tests.consent.texting import answer, compliance, published, purpose, recipient, words
from tests.customers.builders import NOW, make_customer, make_retired

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
LATER = NOW + timedelta(days=30)


def drafted(**more: object) -> Text:
    return texts.draft_text(purpose=purpose(), words=words(**more), by=compliance(), at=NOW)


def test_a_draft_takes_the_next_number_and_keeps_what_it_says():
    text = drafted(recipients=(recipient("CALL_CENTRE"),), items=("name", "mobile", "name"))

    assert (text.number, text.state, text.digest, text.items) == (2, "DRAFT", "", ["name", "mobile"])
    assert [each.code for each in text.recipients.all()] == ["CALL_CENTRE"]
    assert [text.number for text in Text.objects.published().filter(purpose=purpose())] == [1]


def test_a_second_person_publishes_and_the_version_before_retires():
    text, by = drafted(), compliance()

    texts.publish_text(text=text, by=by, at=LATER)

    text.refresh_from_db()
    assert (text.state, text.published_by, text.published_at) == ("PUBLISHED", by, LATER)
    assert text.digest == fingerprint(text.title, text.body, text.retention, text.refusal, text.items)
    assert purpose().items == ["name", "mobile"]
    assert list(purpose().texts.order_by("number").values_list("state", "retired_at", "retired_by")) == [
        ("RETIRED", LATER, by.pk),
        ("PUBLISHED", None, None),
    ]


def test_whoever_wrote_a_draft_does_not_publish_it():
    text = drafted()
    with pytest.raises(OwnDraft):
        texts.publish_text(text=text, by=text.drafted_by, at=NOW)

    second = compliance()
    texts.revise_text(text=text, words=words(title="고친 제목"), by=second, at=NOW)
    with pytest.raises(OwnDraft):
        texts.publish_text(text=text, by=second, at=NOW)


def test_a_text_that_leaves_out_what_the_law_asks_is_refused_with_what_is_missing():
    text = drafted(retention="필요한 동안", refusal="")

    with pytest.raises(texts.TextIncomplete) as refused:
        texts.publish_text(text=text, by=compliance(), at=NOW)

    assert [checked.demand for checked in refused.value.missing] == [
        Demand.RETENTION,
        Demand.REFUSAL,
        Demand.EFFECT,
        Demand.NO_DISADVANTAGE,
    ]


def test_a_version_that_asks_again_says_until_when():
    text = drafted(is_material=True)

    with pytest.raises(texts.SayUntilWhen):
        texts.publish_text(text=text, by=compliance(), at=NOW)


def test_what_cannot_be_drafted_is_refused():
    drafted()
    with pytest.raises(NothingChanged):
        drafted()
    with pytest.raises(texts.UnknownItem):
        drafted(items=("name", "horoscope"))
    closed = purpose("NIGHT_ADVERTISING")
    closed.closed_on = NOW.date()
    closed.save()
    with pytest.raises(texts.PurposeClosed):
        texts.draft_text(purpose=closed, words=words(), by=compliance(), at=NOW)


def test_what_was_published_is_no_draft_any_more():
    text = published()
    with pytest.raises(NotADraft):
        texts.publish_text(text=text, by=compliance(), at=NOW)
    with pytest.raises(NotADraft):
        texts.revise_text(text=text, words=words(title="다시"), by=compliance(), at=NOW)
    with pytest.raises(NotADraft):
        texts.discard_text(text=text)


def test_a_draft_is_thrown_away_and_a_version_in_use_is_taken_out_of_use_once():
    texts.discard_text(text=drafted())
    text = purpose().texts.get()

    texts.retire_text(text=text, because="감독원 지적", by=compliance(), at=LATER)

    assert not Text.objects.published().filter(purpose=purpose()).exists()
    with pytest.raises(texts.NotInUse):
        texts.retire_text(text=text, because="감독원 지적", by=compliance(), at=LATER)


def test_why_a_version_went_out_of_use_is_kept_and_never_changes():
    text, by = purpose().texts.get(), compliance()

    texts.retire_text(text=text, because=" 감독원 지적, 900101-1234567 민원 ", by=by, at=LATER)

    text.refresh_from_db()
    assert (text.retired_because, text.retired_by, text.retired_at) == (
        "감독원 지적, 900101-1****** 민원",
        by,
        LATER,
    )
    for change in ({"retired_because": "다른 사유"}, {"retired_by": compliance()}, {"state": "PUBLISHED"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Text.objects.filter(pk=text.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Text.objects.filter(pk=drafted().pk).update(retired_because="초안에는 없음")


def test_how_a_version_ended_names_whoever_ended_it_and_what_took_its_place():
    first, text = purpose().texts.get(), drafted()
    assert retirement_of(first, [first]) is None
    texts.publish_text(text=text, by=compliance(), at=LATER)
    first.refresh_from_db(), text.refresh_from_db()

    assert retirement_of(first, [first, text]) == Retirement(LATER, text.published_by, "", text)
    first.retired_by = None
    assert retirement_of(first, [first, text]) == Retirement(LATER, text.published_by, "", text)
    assert retirement_of(first, [first]) == Retirement(LATER, None, "", None)


def test_consents_live_on_the_version_that_they_were_given_to():
    first = purpose().texts.get()
    one, two, three = make_customer(), make_customer(), make_customer()
    answer(one), answer(one, channel="EMAIL"), answer(two), answer(three, "REFUSED")
    second = published(at=NOW + timedelta(days=1))
    answer(two, days=2)
    answer(one, "WITHDRAWN", channel="EMAIL", days=3)

    found = count_consents(at=LATER)

    assert found.versions == {first.pk: Live(1, 1), second.pk: Live(1, 1)}
    assert found.answers == {purpose().pk: {"GIVEN": Live(2, 2), "REFUSED": Live(1, 1), "WITHDRAWN": Live(1, 1)}}


def test_whoever_was_merged_counts_once_and_by_the_strictest():
    first = purpose().texts.get()
    survivor, other, apart = make_customer(), make_customer(), make_customer(state="ACTIVE")
    retired = make_customer()
    answer(survivor), answer(retired, "REFUSED"), answer(other), answer(apart)
    type(retired).objects.filter(pk=retired.pk).update(
        state="MERGED", merged_into=survivor, merged_at=NOW + timedelta(days=5)
    )
    type(apart).objects.filter(pk=apart.pk).update(state="SEPARATED", separated_at=NOW)
    make_retired(other)

    found = count_consents(at=LATER)

    assert found.versions == {first.pk: Live(1, 1)}
    assert found.answers == {purpose().pk: {"GIVEN": Live(1, 1), "REFUSED": Live(1, 1)}}
    answers = held([survivor.pk, other.pk], LATER)
    assert sorted(each.answer for keys in answers.values() for each in keys.values()) == ["GIVEN", "REFUSED"]


def test_a_consent_past_its_day_is_counted_as_lapsed():
    answer(make_customer())

    found = count_consents(at=NOW + timedelta(days=800))

    assert found.versions == {}
    assert found.answers == {purpose().pk: {"LAPSED": Live(1, 1)}}


def test_the_counts_take_one_query():
    answer(make_customer())

    with CaptureQueriesContext(
        connection,
    ) as queries:
        count_consents(at=LATER)

    assert len(queries) == 1


def test_those_who_rest_on_an_earlier_version_are_asked_again():
    stays, asked, refused, newer = (make_customer() for _ in range(4))
    answer(stays, of=purpose("CONTRACT_SERVICE"), channel="ANY")
    answer(asked), answer(asked, channel="EMAIL"), answer(refused, "REFUSED"), answer(newer)
    due = NOW.date() + timedelta(days=60)
    text = published(at=NOW + timedelta(days=1), is_material=True, ask_again_by=due)
    answer(newer, days=2)

    with override("en"):
        report = again_report(text, LATER)

    assert customers_to_ask_again(text, LATER) == [asked.pk]
    assert report.customers == 1
    assert [[(line.label, line.customers) for line in cut.lines] for cut in report.cuts] == [
        [("Taken in Hannun", 1)],
        [("No branch", 1)],
        [("E-mail", 1), ("Text message", 1)],
    ]
    day = date(2027, 3, 1)
    assert texts_again.plan_again(text=text, by_day=day, at=LATER, today=LATER.date()) == 1
    assert list(CleanupAsk.objects.values_list("customer", "kind", "due_on")) == [(asked.pk, "RECONFIRM", day)]
    assert texts_again.plan_again(text=text, by_day=day, at=LATER, today=LATER.date()) == 0
    text.refresh_from_db()
    assert text.ask_again_by == day


def test_what_cannot_be_asked_again_is_refused():
    plain = published()
    with pytest.raises(texts_again.NotMaterial):
        texts_again.plan_again(text=plain, by_day=date(2027, 3, 1), at=LATER, today=LATER.date())
    draft = drafted(title="중요한 변경", is_material=True, ask_again_by=date(2027, 3, 1))
    with pytest.raises(texts.NotInUse):
        texts_again.plan_again(text=draft, by_day=date(2027, 3, 1), at=LATER, today=LATER.date())
    texts.publish_text(text=draft, by=compliance(), at=LATER)
    with pytest.raises(texts_again.TooSoon):
        texts_again.plan_again(text=draft, by_day=LATER.date() - timedelta(days=1), at=LATER, today=LATER.date())


def test_the_job_counts_for_the_pages():
    answer(make_customer())

    tasks.count_texts()

    assert counted(NOW).answers[purpose().pk]["GIVEN"] == Live(1, 1)
    assert counted(NOW).at > NOW
