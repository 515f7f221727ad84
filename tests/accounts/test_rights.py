"""The record of rights: every grant, change and revocation leaves a row that nobody alters; the page to read it."""

import ast
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts import rights_record, services
from accounts.models import Channel, Notice, RightsChange, Staff, StaffSession
from accounts.notice_words import sentence_of
from accounts.rights_words import KINDS, details_in_words
from accounts.services.rights import record_change
from tests.accounts.builders import make_branch, make_staff

pytestmark = pytest.mark.django_db
PAGE = "/accounts/rights/"
NOW = datetime(2031, 5, 20, 9, tzinfo=ZoneInfo("Asia/Seoul"))


def recorded(staff: Staff | None = None) -> list[tuple[str, dict]]:
    """What the record says of this person, or of everybody, the oldest first."""
    return list(RightsChange.objects.filter(staff=staff).order_by("pk").values_list("kind", "what"))


def officer(*roles: str) -> Client:
    """A browser of somebody who may read the record, unless told otherwise."""
    client = Client()
    client.force_login(make_staff(*(roles or ("ADMINISTRATOR",)), language="en"))
    return client


def test_roles_given_and_taken_are_recorded_once_with_who_did_it():
    services.synchronise_roles(settings.ROLES)
    staff, boss = make_staff(), make_staff()

    for _twice in range(2):
        services.assign_role(staff=staff, role="FP", by=boss, reason="위촉")
    for _twice in range(2):
        services.withdraw_role(staff=staff, role="FP", by=boss, reason="해촉")

    found = RightsChange.objects.filter(staff=staff, kind__startswith="ROLE").order_by("pk")
    assert list(found.values_list("kind", "what", "by", "reason")) == [
        ("ROLE_GIVEN", {"role": "FP"}, boss.pk, "위촉"),
        ("ROLE_TAKEN", {"role": "FP"}, boss.pk, "해촉"),
    ]


def test_what_a_role_may_do_is_recorded_when_it_changes():
    clerk = {"name": "Clerk", "permissions": ["accounts.view_staff"]}
    services.synchronise_roles({"CLERK": clerk})
    services.synchronise_roles({"CLERK": clerk})
    services.synchronise_roles({"CLERK": clerk | {"permissions": ["accounts.view_branch"]}})
    services.synchronise_roles({})

    view_staff, view_branch = "accounts.view_staff", "accounts.view_branch"
    assert [what for kind, what in recorded() if kind == "ROLE_DEFINED"] == [
        {"role": "CLERK", "gained": [view_staff], "lost": []},
        {"role": "CLERK", "gained": [view_branch], "lost": [view_staff]},
        {"role": "CLERK", "gained": [], "lost": [view_branch]},
    ]


def test_an_administration_that_drifted_open_is_recorded_when_it_is_closed():
    staff = make_staff("FP")
    Staff.objects.filter(pk=staff.pk).update(is_staff=True)

    services.synchronise_roles(settings.ROLES)

    assert recorded(staff)[-1] == ("ADMINISTRATION_CLOSED", {})


def test_hiring_moving_leaving_and_coming_back_are_recorded():
    one, other, boss = make_branch("B1"), make_branch("B2"), make_staff()
    channel = Channel.objects.create(code="GA", name="대리점", english_name="Agencies")
    staff = services.hire_staff(employee_number="E1", name="이하늘", branch=one, by=boss)

    services.move_staff(staff=staff, branch=other, by=boss, at=NOW)
    services.move_staff(staff=staff, branch=other, by=boss, at=NOW)
    services.change_channel(staff=staff, channel=channel, by=boss, at=NOW)
    services.deactivate_staff(staff=staff, by=boss, at=NOW, reason="퇴사")
    services.reactivate_staff(staff=staff, by=boss, at=NOW, reason="재입사")

    assert recorded(staff) == [
        ("HIRED", {"branch": "B1", "channel": ""}),
        ("MOVED", {"from": "B1", "to": "B2"}),
        ("CHANNEL_CHANGED", {"from": "", "to": "GA"}),
        ("DEACTIVATED", {}),
        ("REACTIVATED", {}),
    ]
    assert set(RightsChange.objects.filter(staff=staff).values_list("by", flat=True)) == {boss.pk}


def test_nobody_closes_or_opens_their_own_account_nor_twice():
    staff, boss = make_staff(), make_staff()

    with pytest.raises(services.OwnAccess):
        services.deactivate_staff(staff=staff, by=staff, at=NOW)
    with pytest.raises(services.AlreadyActive):
        services.reactivate_staff(staff=staff, by=boss, at=NOW)
    services.deactivate_staff(staff=staff, by=boss, at=NOW)
    with pytest.raises(services.AlreadyInactive):
        services.deactivate_staff(staff=staff, by=boss, at=NOW)


def test_a_leaver_loses_every_session():
    staff = make_staff()
    services.open_session(staff=staff, key="k" * 32, at=NOW, address="", user_agent="")

    services.deactivate_staff(staff=staff, at=NOW)

    assert StaffSession.objects.values_list("ended_because", flat=True).get() == "DEACTIVATED"


def test_branches_opened_moved_closed_and_opened_again_are_recorded():
    head = make_branch("H0")
    region, branch = make_branch("R1", parent=head), make_branch("B1", parent=head)

    services.move_branch(branch=branch, parent=region)
    services.move_branch(branch=branch, parent=region)
    services.close_branch(branch=branch, on=date(2031, 5, 1))
    services.reopen_branch(branch=branch)

    assert [(kind, what) for kind, what in recorded() if what.get("branch") == "B1"] == [
        ("BRANCH_OPENED", {"branch": "B1", "path": "/H0/B1/"}),
        ("BRANCH_MOVED", {"branch": "B1", "from": "/H0/B1/", "to": "/H0/R1/B1/"}),
        ("BRANCH_CLOSED", {"branch": "B1", "day": "2031-05-01"}),
        ("BRANCH_REOPENED", {"branch": "B1"}),
    ]


def test_files_of_the_organisation_are_recorded_by_what_they_change(tmp_path):
    branches, staff = tmp_path / "branches.csv", tmp_path / "staff.csv"
    branches.write_text("code,name,kind,parent_code\nH0,본사,HEAD_OFFICE,\nR1,본부,REGION,H0\nB1,지점,BRANCH,H0\n")
    staff.write_text("employee_number,name,branch_code,job,channel\nE1,이하늘,B1,FP,\nE2,박바다,B1,FP,\n")
    services.load_organisation(branches, staff)
    before = RightsChange.objects.count()
    services.load_organisation(branches, staff)
    assert RightsChange.objects.count() == before

    branches.write_text("code,name,kind,parent_code\nH0,본사,HEAD_OFFICE,\nR1,본부,REGION,H0\nB1,지점,BRANCH,R1\n")
    staff.write_text("employee_number,name,branch_code,job,channel\nE1,이하늘,R1,FP,\nE2,박바다,B1,FP,\n")
    services.load_organisation(branches, staff)

    assert recorded()[-1] == ("BRANCH_MOVED", {"branch": "B1", "from": "/H0/B1/", "to": "/H0/R1/B1/"})
    assert recorded(Staff.objects.get(employee_number="E1")) == [
        ("HIRED", {"branch": "B1", "channel": ""}),
        ("MOVED", {"from": "B1", "to": "R1"}),
    ]
    assert len(recorded(Staff.objects.get(employee_number="E2"))) == 1


def test_an_account_with_every_right_is_recorded(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "nine-lives-of-a-cat")
    call_command("createsuperuser", interactive=False, employee_number="root", name="최초관리자", verbosity=0)

    root = Staff.objects.get(employee_number="root")
    assert (root.is_superuser, recorded(root)) == (True, [("SUPERUSER_MADE", {})])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_rightschange SET kind = 'NOTHING'",
        "DELETE FROM accounts_rightschange",
        "TRUNCATE accounts_rightschange",
    ],
)
def test_the_record_cannot_be_altered(statement):
    record_change(staff=None, by=None, at=NOW, kind="RULES_PUBLISHED")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert RightsChange.objects.filter(kind="RULES_PUBLISHED").exists()


def test_a_leaver_who_is_signed_in_is_refused_at_the_next_request():
    staff, client = make_staff("FP"), Client()
    client.force_login(staff)
    assert client.get("/customers/").status_code == 200

    services.deactivate_staff(staff=staff, at=NOW)

    answer = client.get("/customers/")
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/accounts/login/")


def test_whoever_loses_a_role_loses_its_pages_at_the_next_request():
    staff, client = make_staff("DATA_STEWARD"), Client()
    client.force_login(staff)
    assert client.get("/customers/").status_code == 200

    services.withdraw_role(staff=staff, role="DATA_STEWARD")

    assert client.get("/customers/").status_code == 403


@pytest.mark.parametrize(
    ("role", "status"), [("ADMINISTRATOR", 200), ("AUDITOR", 200), ("PRIVACY_OFFICER", 200), ("FP", 403)]
)
def test_the_page_is_for_those_who_explain_rights_or_read_the_trail(role, status):
    assert officer(role).get(PAGE).status_code == status


def test_the_page_tells_what_happened_to_whom_by_whom():
    staff, boss = make_staff(employee_number="E77", name="이하늘"), make_staff(employee_number="E88", name="문태양")
    record_change(staff=staff, by=boss, at=NOW, kind="ROLE_GIVEN", what={"role": "FP"}, reason="위촉 850302-2123456")

    page = officer().get(PAGE, {"staff": "E77", "kind": "ROLE_GIVEN"})

    line = page.context["page"].lines[0]
    assert (line.kind, line.staff, line.by, line.details) == (
        "Role given",
        "이하늘 (E77)",
        "문태양 (E88)",
        (("Role", "Financial planner"),),
    )
    assert "850302-2123456" not in page.content.decode()


def test_the_page_is_narrowed_by_person_period_and_kind():
    staff, boss = make_staff(), make_staff()
    for days, kind in ((0, "MOVED"), (1, "MOVED"), (2, "DEACTIVATED")):
        record_change(staff=staff, by=boss, at=NOW + timedelta(days=days), kind=kind)
    client = officer()
    asked = [
        {"staff": staff.employee_number, "first": "2031-05-20", "last": "2031-05-21"},
        {"staff": boss.employee_number, "first": "2031-05-20"},
        {"staff": staff.employee_number, "kind": "DEACTIVATED"},
        {"staff": "nobody"},
        {"first": "2031-05-22", "last": "2031-05-20"},
    ]

    found = [len(client.get(PAGE, words).context["page"].lines) for words in asked]

    assert found == [2, 3, 1, 0, 0]


def test_the_page_is_paged_in_both_directions(monkeypatch):
    monkeypatch.setattr(rights_record, "PAGE_SIZE", 2)
    staff, client = make_staff(), officer()
    for days in range(5):
        record_change(staff=staff, by=None, at=NOW + timedelta(days=days // 2), kind="MOVED", what={"to": str(days)})
    narrowed = {"staff": staff.employee_number, "kind": "MOVED"}

    def shown(**more: str) -> tuple[list[str], object]:
        page = client.get(PAGE, narrowed | more).context["page"]
        return [line.details[0][1] for line in page.lines], page

    first, page = shown()
    second, page_two = shown(older_than=page.older_than)
    third, page_three = shown(older_than=page_two.older_than)
    back, _page = shown(newer_than=page_three.newer_than)

    assert (first, second, third, back) == (["4", "3"], ["2", "1"], ["0"], ["2", "1"])
    assert (page.newer_than, page_three.older_than) == (None, None)


def test_the_page_needs_as_many_queries_for_three_as_for_one():
    staff, boss, client = make_staff(), make_staff(), officer()
    narrowed, counts = {"staff": staff.employee_number, "kind": "MOVED"}, []
    client.get(PAGE)
    for more in (1, 2):
        for _number in range(more):
            record_change(staff=staff, by=boss, at=NOW, kind="MOVED", what={"to": "B1"})
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE, narrowed)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_page_is_empty_with_a_hint():
    page = officer().get(PAGE, {"staff": "nobody"})

    assert "Widen the period or take a filter away." in page.content.decode()


def test_codes_instants_and_numbers_of_a_record_are_told_in_words():
    what = {
        "customer": "0000000013",
        "kind": "BREAK_GLASS",
        "purpose": "SERVICE",
        "ends_at": "2031-05-20T02:47:56.448857+00:00",
        "granted_at": "never",
        "is_found": False,
        "gained": ["b", "c"],
        "channel": "FP",
        "path": None,
    }

    with override("en"):
        told = list(details_in_words(what))

    assert told == [
        ("Customer number", "C-000000001-3"),
        ("Kind", "Emergency access"),
        ("Purpose", "Policy service"),
        ("Ends at", "2031-05-20 11:47"),
        ("Granted at", "never"),
        ("Customer found", "No"),
        ("May now", "b, c"),
        ("Channel", "FP"),
    ]


@pytest.mark.parametrize("kind", ["PASSWORD_HANDED_OVER", "PASSWORD_LINK_ISSUED", "SECOND_FACTOR_RESET"])
def test_privacy_officers_are_told_when_somebody_could_act_as_another(kind):
    officer, admin, other = make_staff("PRIVACY_OFFICER"), make_staff("ADMINISTRATOR"), make_staff("FP")

    record_change(staff=other, by=admin, at=NOW, kind=kind)
    record_change(staff=other, by=admin, at=NOW, kind="MOVED")

    (notice,) = Notice.objects.all()
    assert (notice.staff, notice.url) == (officer, "/accounts/rights/")
    assert notice.what == {"staff": other.employee_number, "by": admin.employee_number}
    with override("en"):
        assert other.employee_number in sentence_of(notice)


def test_every_kind_that_a_service_records_has_words():
    root = Path(settings.BASE_DIR)
    calls = [
        node
        for folder in ("accounts", "customers")
        for path in (root / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record_change"
    ]
    kinds = [word.value for call in calls for word in call.keywords if word.arg == "kind"]

    named = {kind.value for kind in kinds if isinstance(kind, ast.Constant)}
    assert len(named) > 10
    assert named - KINDS.keys() == set()


def test_the_back_office_closes_moves_and_records(client):
    own, other = make_branch("B1"), make_branch("B2")
    staff = make_staff("FP", branch=own, name="이하늘")
    boss = make_staff("ADMINISTRATOR")
    client.force_login(boss)
    sent = {"name": "이하늘", "branch": other.pk, "job": "FP", "language": "ko", "roles": ["AUDITOR"]}

    answer = client.post(f"/admin/accounts/staff/{staff.pk}/change/", sent)

    staff.refresh_from_db()
    assert (answer.status_code, staff.is_active, staff.branch, staff.job) == (302, False, other, "FP")
    found = RightsChange.objects.filter(staff=staff, by=boss).order_by("pk").values_list("kind", "what")
    assert list(found) == [
        ("MOVED", {"from": "B1", "to": "B2"}),
        ("DEACTIVATED", {}),
        ("ROLE_GIVEN", {"role": "AUDITOR"}),
        ("ROLE_TAKEN", {"role": "FP"}),
    ]


def test_nobody_closes_the_own_account_in_the_back_office(client):
    boss = make_staff("ADMINISTRATOR", name="조민재")
    client.force_login(boss)

    answer = client.post(f"/admin/accounts/staff/{boss.pk}/change/", {"name": "조민재", "language": "ko"})

    boss.refresh_from_db()
    assert (answer.status_code, boss.is_active) == (302, True)
