"""The pages of the registry of laws: the map, one law, tasks for whoever answers, items without one owner."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.translation import override

from consent.models import Clause, ClauseLink, Law, LawTask
from consent.services import laws
from consent.services.law_seeding import set_up_laws
from customers.models import Item
from tests.consent.texting import compliance, login
from tests.customers.builders import NOW
from tests.customers.matching import said
from tests.customers.matching import words as shown

pytestmark = [pytest.mark.django_db]
OFFICER = "COMPLIANCE_OFFICER"
MAP, TASKS, REVIEWS, OWNERS = (f"/consent/laws/{tail}" for tail in ("", "tasks/", "reviews/", "owners/"))
ARTICLE = "제50조 제8항"


@pytest.fixture
def registry(purposes: None) -> None:
    set_up_laws()


def law(code: str = "NETWORK") -> Law:
    return Law.objects.get(code=code)


def clause() -> Clause:
    return Clause.objects.get(law__code="NETWORK", article=ARTICLE, ends_on=None)


def changed() -> Clause:
    """The clause changed some days from now, and its tasks opened."""
    at = timezone.now()
    starts_on = timezone.localdate() + timedelta(days=90)
    return laws.change_clause(clause=clause(), summary="매년", grade="V", starts_on=starts_on, by=compliance(), at=at)


def errors_of(response: object) -> dict[str, list[str]]:
    """What is wrong with the form on the page, as a reader of English sees it."""
    with override("en"):
        return {field: [str(error) for error in errors] for field, errors in response.context["form"].errors.items()}


def queries_of(client: Client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


@pytest.mark.parametrize(("role", "sees"), [("FP", 403), ("AUDITOR", 200)])
def test_a_stranger_opens_and_changes_nothing(registry, role, sees):
    client, one, article = login(role), law(), clause()
    link = ClauseLink.objects.first()

    pages = (MAP, REVIEWS, OWNERS, TASKS, f"{MAP}{one.pk}/")
    assert [client.get(page).status_code for page in pages] == [sees] * 5
    forms = ("register/", f"{one.pk}/edit/", f"{one.pk}/clauses/add/", f"{one.pk}/links/add/")
    assert [client.get(MAP + form).status_code for form in forms] == [403] * 4
    assert client.get(f"{MAP}clauses/{article.pk}/change/").status_code == 403
    acts = (f"{one.pk}/review/", f"links/{link.pk}/remove/", "owners/ask/")
    assert [client.post(MAP + act).status_code for act in acts] == [403] * 3


def test_the_map_has_every_area_with_old_names_and_successors(registry):
    page = shown(login(OFFICER).get(MAP))

    with translation.override("en"):
        for area in Law.Area:
            assert str(area.label) in page
    assert "호적법" in page
    assert "→ 가족관계의 등록 등에 관한 법률" in page
    assert "cited as “보험업법령”" in page


def test_the_pages_say_when_there_is_nothing(purposes):
    client = login(OFFICER)

    assert "The registry is empty" in shown(client.get(MAP))
    assert "No law is due" in shown(client.get(REVIEWS))
    assert "No task" in shown(client.get(TASKS))
    assert "Every item has one owner" in shown(client.get(OWNERS))


def test_a_law_shows_what_hangs_on_its_clauses_by_name(registry):
    page = shown(login(OFFICER).get(f"{MAP}{law().pk}/"))

    assert "수신 동의를 2년마다 다시 확인한다." in page
    assert "Marketing and solicitation" in page
    assert "Consent to advertisements is confirmed again after" in page


def test_a_law_and_its_clauses_are_entered(purposes):
    client = login(OFFICER)

    sent = client.post(f"{MAP}register/", {"code": "NEW", "name": "새 법", "area": "OTHER", "note": ""})

    made = law("NEW")
    assert sent.url == f"{MAP}{made.pk}/"
    assert "No clause was entered" in shown(client.get(sent.url))
    typed = {"article": "제1조", "summary": "목적", "grade": "V", "starts_on": "2026-01-01"}
    assert client.post(f"{sent.url}clauses/add/", typed).url == sent.url
    again = client.post(f"{sent.url}clauses/add/", typed)
    assert errors_of(again) == {"article": ["The registry has this article already. Change it instead."]}
    linked = {"article": "제1조", "thing": "ITEM:mobile", "owner_role": "STEWARD_LEAD"}
    assert client.post(f"{sent.url}links/add/", linked).url == sent.url
    twice = client.post(f"{sent.url}links/add/", linked)
    assert errors_of(twice) == {"thing": ["It hangs on this article already."]}
    unknown = client.post(f"{sent.url}links/add/", linked | {"thing": "ITEM:horoscope"})
    assert list(unknown.context["form"].errors) == ["thing"]
    client.post(f"{MAP}links/{ClauseLink.objects.get().pk}/remove/")
    assert not ClauseLink.objects.exists()


def test_a_law_is_edited_and_looked_at(registry):
    client, one = login(OFFICER), law("FAMILY")
    page = f"{MAP}{one.pk}/"
    fields = {"name": one.name, "area": one.area, "note": "확인함", "in_force_on": "2008-01-01"}

    wrong = client.post(f"{page}edit/", fields | {"repealed_on": "2007-01-01"})
    assert errors_of(wrong) == {"repealed_on": ["This is before the law was in force."]}
    circle = client.post(f"{page}edit/", fields | {"successor": law("FAMILY_OLD").pk})
    assert errors_of(circle) == {"successor": ["A law cannot come after itself."]}
    assert client.post(f"{page}edit/", fields).url == page
    client.post(f"{page}review/")

    one.refresh_from_db()
    assert (one.note, one.reviewed_on) == ("확인함", timezone.localdate())
    assert one not in [line.law for line in client.get(REVIEWS).context["lines"]]


def test_a_changed_clause_makes_tasks_of_whoever_answers(registry):
    client = login(OFFICER)
    page = f"{MAP}clauses/{clause().pk}/change/"
    before = clause()
    early = client.post(page, {"summary": "매년", "grade": "V", "starts_on": before.starts_on.isoformat()})
    assert errors_of(early) == {"__all__": ["The new wording begins after the one of now."]}

    done = client.post(page, {"summary": "매년", "grade": "V", "starts_on": "2027-03-01"}, follow=True)

    assert said(done) == ["The clause was changed. Whoever answers for what hangs on it was told."]
    assert "Earlier wordings" in shown(done)
    steward = login("STEWARD_LEAD")
    mine = steward.get(TASKS).context["report"]
    assert [(line.label, line.may_finish) for line in mine.lines] == [("Marketing consent on", True)]
    other = LawTask.objects.filter(kind="NUMBER").first()
    assert steward.post(f"{TASKS}{other.pk}/finish/", {"result": "확인"}).status_code == 404
    task = mine.lines[0].task
    assert said(steward.post(f"{TASKS}{task.pk}/finish/", {"result": ""}, follow=True)) == ["Say what came of it."]
    assert said(steward.post(f"{TASKS}{task.pk}/finish/", {"result": "확인"}, follow=True)) == ["The task was done."]
    assert said(client.post(f"{TASKS}{task.pk}/finish/", {"result": "또 확인"}, follow=True)) == [
        "The task was done before. Its result stands."
    ]
    assert [line.task.result for line in client.get(f"{TASKS}?state=done").context["report"].lines] == ["확인"]


def test_tasks_are_narrowed_to_mine_and_to_late_ones(registry):
    changed()
    late = LawTask.objects.filter(owner_role=OFFICER).first()
    LawTask.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    client = login(OFFICER)

    every = client.get(TASKS).context["report"].count
    mine = client.get(f"{TASKS}?whose=mine").context["report"]
    assert every == LawTask.objects.count() > mine.count == LawTask.objects.filter(owner_role=OFFICER).count()
    assert [line.task for line in client.get(f"{TASKS}?state=late&whose=nobody").context["report"].lines] == [late]
    assert "1 is late." in shown(client.get(MAP))


@pytest.mark.parametrize("page", [TASKS, MAP, REVIEWS])
def test_a_list_needs_as_many_queries_for_three_as_for_one(registry, page):
    changed()
    client = login(OFFICER)
    many = queries_of(client, page)
    kinds = [LawTask.objects.filter(kind=kind).first().pk for kind in ("ITEM", "PURPOSE")]
    LawTask.objects.exclude(pk__in=kinds).delete()
    ClauseLink.objects.all().delete()
    Law.objects.update(successor=None)
    kept = law("ROAD") if page == REVIEWS else law()
    Clause.objects.exclude(law=law()).delete()
    Law.objects.exclude(pk__in=[kept.pk, law().pk]).delete()

    assert queries_of(client, page) == many


def test_a_law_needs_as_many_queries_whatever_hangs_on_it(registry):
    client, page = login(OFFICER), f"{MAP}{law().pk}/"
    changed()
    many = queries_of(client, page)
    ClauseLink.objects.exclude(law=law(), article=ARTICLE).delete()
    Clause.objects.exclude(law=law(), article=ARTICLE).delete()

    assert queries_of(client, page) == many


def test_items_without_one_owner_are_listed_with_who_decides_until_when(registry):
    Item.objects.filter(code="email").update(owner_department="")
    Item.objects.filter(code="mobile").update(owner_department="가부, 나부")
    client = login(OFFICER)
    lines = client.get(OWNERS).context["lines"]
    assert [(line.code, line.gaps, line.task) for line in lines] == [
        ("mobile", ("two owners or more",), None),
        ("email", ("no owner department",), None),
    ]

    asked = client.post(f"{OWNERS}ask/", follow=True)

    assert said(asked) == ["2 questions were opened."]
    due = timezone.localdate() + timedelta(days=30)
    assert f"compliance officer, by {due}" in shown(asked)
    LawTask.objects.update(done_at=NOW, result="고객정보관리부로 정함")
    assert "고객정보관리부로 정함" in shown(client.get(OWNERS))


def test_what_is_unknown_is_not_found(registry):
    client = login(OFFICER)

    pages = (f"{MAP}0/", f"{MAP}0/edit/", f"{MAP}0/clauses/add/", f"{MAP}0/links/add/", f"{MAP}clauses/0/change/")
    assert [client.get(page).status_code for page in pages] == [404] * 5
    assert [client.post(f"{MAP}{act}").status_code for act in ("0/review/", "links/0/remove/", "tasks/0/finish/")] == [
        404
    ] * 3
