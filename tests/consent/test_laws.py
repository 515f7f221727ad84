"""The registry of laws: what it begins with, a clause that changes and the tasks it makes, owners of items."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.models import Notice
from consent.law_seeds import LAWS, OWNERS
from consent.law_seeds_clauses import CLAUSES
from consent.models import Clause, ClauseLink, Law, LawTask, LegalNumber
from consent.numbers import NUMBERS
from consent.reports.laws import things
from consent.rules.laws import Gap, Owned, departments, gaps_of, task_due
from consent.services import laws, laws_owners
from consent.services.law_seeding import set_up_laws
from customers.models import Item
from tests.accounts.builders import make_staff
from tests.consent.texting import compliance
from tests.customers.builders import NOW

pytestmark = pytest.mark.django_db
CITED = (
    "헌법 · 공공기관의 개인정보보호에 관한 법률 · 정보통신망 이용촉진 및 정보보호 등에 관한 법률(정보통신망법) · "
    "전자정부구현을 위한 행정업무 등의 전자화촉진에 관한 법률 · 신용정보의 이용 및 보호에 관한 법률(신용정보법) · "
    "주민등록법 · 호적법 · 도로교통법 · 자동차관리법령 · 국세기본법 · 예금자보호법 · 보험업법령 · 의료법 · "
    "전자거래기본법 · 전자상거래 등에서의 소비자보호에 관한 법률 · 응급의료에 관한 법률 · 국가인권위원회법 · "
    "전자서명법 · 정보화촉진기본법 · 정보통신기반보호법 · 보건의료기본법 · 사회보장기본법 · 약사법 · 정신보건법 · "
    "통신비밀보호법 · 금융실명거래 및 비밀보장에 관한 법률 · (입법 예정) 개인정보보호법"
).split(" · ")


@pytest.fixture
def registry(purposes: None) -> None:
    set_up_laws()


def clause(code: str = "NETWORK", article: str = "제50조 제8항") -> Clause:
    return Clause.objects.get(law__code=code, article=article, ends_on=None)


def change(of: Clause | None = None, *, starts_on: date = date(2027, 1, 1), **more: object) -> Clause:
    fields = {"summary": "수신 동의를 매년 다시 확인한다.", "grade": "V", "by": compliance(), "at": NOW}
    return laws.change_clause(clause=of or clause(), starts_on=starts_on, **fields | more)


def test_every_law_that_the_source_document_cites_is_there_under_its_old_name(registry):
    cited = set(Law.objects.values_list("cited_as", flat=True))

    assert [name for name in CITED if name not in cited] == []
    assert Law.objects.get(cited_as="호적법").successor.name == "가족관계의 등록 등에 관한 법률"
    assert Law.objects.get(cited_as="공공기관의 개인정보보호에 관한 법률").repealed_on == date(2011, 9, 30)


def test_setting_up_twice_makes_nothing_twice_and_leaves_changes_alone(purposes):
    made = set_up_laws()
    assert made == {
        "laws": len(LAWS),
        "clauses": len(CLAUSES),
        "links": sum(len(links.split()) for *_rest, links in CLAUSES),
    }
    change()
    laws.unlink_clause(link=ClauseLink.objects.filter(law__code="PIPA").first())

    assert set_up_laws() == {"laws": 0, "clauses": 0, "links": 0}


def test_the_command_sets_up_the_registry_too(master):
    call_command("setup", verbosity=0)

    assert Law.objects.count() == len(LAWS)


def test_everything_that_hangs_on_a_clause_exists_and_somebody_answers_for_it(registry):
    known = {key for _kind, rows in things() for key, _name in rows}
    hanging = {f"{link.kind}:{link.key}" for link in ClauseLink.objects.all()}

    assert sorted(hanging - known) == []
    assert set(OWNERS.values()) <= set(settings.ROLES)


def test_every_number_of_the_law_hangs_on_a_clause_or_is_our_own(registry):
    linked = set(ClauseLink.objects.filter(kind="NUMBER").values_list("key", flat=True))

    alone = {name for name, meaning in NUMBERS.items() if name not in linked}
    assert (
        sorted(alone & {"night_from", "reconfirm_months", "access_days", "breach_hours", "destroy_within_days"}) == []
    )


def test_a_changed_clause_ends_the_wording_before_and_asks_every_owner():
    set_up_laws()
    owner, other = make_staff("ADMINISTRATOR"), make_staff("FP")
    before = clause()

    after = change(before)

    before.refresh_from_db()
    assert (before.ends_on, after.starts_on, after.ends_on) == (date(2026, 12, 31), date(2027, 1, 1), None)
    tasks = list(LawTask.objects.order_by("pk"))
    links = ClauseLink.objects.filter(law=before.law, article=before.article)
    assert {(task.kind, task.key, task.owner_role) for task in tasks} == set(
        links.values_list("kind", "key", "owner_role")
    )
    assert {task.due_on for task in tasks} == {date(2026, 12, 31)}
    told = Notice.objects.filter(kind="LAW_TASKS_OPENED")
    count = sum(task.owner_role == "ADMINISTRATOR" for task in tasks)
    assert list(told.filter(staff=owner).values_list("what", "url")) == [({"count": count}, "/consent/laws/tasks/")]
    assert not told.filter(staff=other).exists()


def test_days_for_looking_at_things_follow_the_numbers_of_the_law():
    set_up_laws()
    LegalNumber.objects.create(name="law_task_days", value=50, starts_on=NOW.date(), reason="내부 기준", set_at=NOW)

    change()

    assert LawTask.objects.values_list("due_on", flat=True).distinct().get() == NOW.date() + timedelta(days=50)


@pytest.mark.parametrize(
    ("starts_on", "due"),
    [
        (date(2027, 1, 1), date(2026, 12, 31)),
        (date(2026, 12, 1), date(2026, 12, 23)),
        (date(2026, 11, 1), date(2026, 12, 23)),
        (date(2026, 12, 24), date(2026, 12, 23)),
        (date(2026, 12, 25), date(2026, 12, 24)),
    ],
)
def test_things_are_looked_at_before_the_clause_begins_if_there_is_time(starts_on, due):
    assert task_due(starts_on, date(2026, 11, 23), 30) == due


def test_what_cannot_be_changed_is_refused():
    set_up_laws()
    before = clause()
    with pytest.raises(laws.StartsBefore):
        change(before, starts_on=before.starts_on)
    change(before)
    with pytest.raises(laws.AlreadyEnded):
        change(before, starts_on=date(2028, 1, 1))
    with pytest.raises(laws.ArticleTaken):
        laws.add_clause(
            law=before.law, article=before.article, summary="x", grade="M", starts_on=NOW.date(), by=None, at=NOW
        )
    with pytest.raises(laws.CodeTaken):
        laws.register_law(code="NETWORK", name="x", area="OTHER")


def test_a_law_does_not_come_after_itself():
    set_up_laws()
    old, new = Law.objects.get(code="FAMILY_OLD"), Law.objects.get(code="FAMILY")

    for law, successor in ((old, old), (new, old)):
        with pytest.raises(laws.OwnSuccessor):
            laws.edit_law(law=law, successor=successor)
    assert laws.edit_law(law=old, successor=None).successor is None


def test_a_law_that_was_looked_at_is_due_again_after_some_months():
    set_up_laws()

    law = laws.review_law(law=Law.objects.get(code="PIPA"), on=date(2026, 8, 31))

    assert (law.reviewed_on, law.review_by) == (date(2026, 8, 31), date(2027, 2, 28))


def test_a_task_is_done_once():
    set_up_laws()
    change()
    task, by = LawTask.objects.first(), compliance()

    laws.finish_task(task=task, result="바꿀 것 없음", by=by, at=NOW)

    task.refresh_from_db()
    assert (task.result, task.done_by, task.done_at) == ("바꿀 것 없음", by, NOW)
    with pytest.raises(laws.AlreadyDone):
        laws.finish_task(task=task, result="다시", by=by, at=NOW)


def test_a_thing_hangs_on_an_article_once():
    set_up_laws()
    link = {
        "law": clause().law,
        "article": "제50조 제8항",
        "kind": "ITEM",
        "key": "mobile",
        "owner_role": "STEWARD_LEAD",
    }

    laws.link_clause(**link)
    with pytest.raises(laws.LinkedAlready):
        laws.link_clause(**link)


@pytest.mark.parametrize(
    ("owner", "steward", "gaps"),
    [
        ("고객정보관리부", "데이터관리팀", ()),
        ("", "데이터관리팀", (Gap.NO_OWNER,)),
        ("  ", "", (Gap.NO_OWNER, Gap.NO_STEWARD)),
        ("고객정보관리부, 계약관리부", "데이터관리팀", (Gap.TWO_OWNERS,)),
        ("고객정보관리부/계약관리부", "가팀·나팀", (Gap.TWO_OWNERS, Gap.TWO_STEWARDS)),
        ("고객정보관리부 및 계약관리부", "데이터관리팀", (Gap.TWO_OWNERS,)),
    ],
)
def test_an_item_has_one_owner_and_one_steward(owner, steward, gaps):
    assert gaps_of(Owned("name", owner, steward)) == gaps


def test_a_word_that_only_looks_like_two_departments_is_one():
    assert departments("및밑정보부") == ("및밑정보부",)


def test_whoever_decides_about_owners_is_asked_once_and_until_a_day(registry):
    asked = make_staff("COMPLIANCE_OFFICER")
    Item.objects.filter(code="email").update(owner_department="")
    Item.objects.filter(code="mobile").update(steward_department="가팀, 나팀")

    assert laws_owners.ask_for_owners(at=NOW) == 2
    assert laws_owners.ask_for_owners(at=NOW) == 0

    tasks = LawTask.objects.order_by("key").values_list("key", "owner_role", "due_on", "clause__law__code")
    due = NOW.date() + timedelta(days=30)
    assert list(tasks) == [
        ("email", "COMPLIANCE_OFFICER", due, "CREDIT"),
        ("mobile", "COMPLIANCE_OFFICER", due, "CREDIT"),
    ]
    assert Notice.objects.filter(staff=asked, kind="LAW_TASKS_OPENED").values_list("what", flat=True).get() == {
        "count": 2
    }


def test_without_its_article_nobody_can_be_asked_about_owners(purposes):
    Item.objects.filter(code="email").update(owner_department="")

    with pytest.raises(laws_owners.NoClause):
        laws_owners.ask_for_owners(at=NOW)
