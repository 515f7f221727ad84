"""The pages of rosters: who may do what, what a form refuses, what is told of a list and what never."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import AccessEntry
from relations.models import GroupMember, Roster
from relations.services import rosters_applying, rosters_checks
from tests.accounts.builders import make_staff
from tests.customers.builders import make_rrn
from tests.customers.protecting import protect
from tests.relations.rosters import applied, as_upload, checked, employee, holder, make_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
LIST = "/relations/rosters/"
RRN = make_rrn("850302", 2)


def login(*roles: str) -> Client:
    client = Client()
    client.force_login(make_staff(*roles, language="en"))
    return client


@pytest.fixture
def steward():
    return make_staff("DATA_STEWARD", language="en", name="정관리")


@pytest.fixture
def client(steward):
    client = Client()
    client.force_login(steward)
    return client


def page(roster: Roster, way: str = "") -> str:
    return f"{LIST}{roster.pk}/{way}"


def words(response: object) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def send(client: Client, group, rows, **more: object) -> object:
    data = {"upload": as_upload(rows), "on": "2026-11-01", "is_full": "1"} | more
    return client.post(f"/relations/groups/{group.pk}/rosters/upload/", data)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("FP", 403),
        ("BRANCH_MANAGER", 403),
        ("CAMPAIGN_MANAGER", 403),
        ("COMPLIANCE_OFFICER", 403),
        ("ADMINISTRATOR", 403),
        ("SERVICE_CLIENT", 403),
        ("DATA_STEWARD", 200),
        ("STEWARD_LEAD", 200),
    ],
)
def test_lists_are_for_those_who_keep_group_contracts(steward, role, status):
    group = make_group()
    roster = checked(group, [employee(생년월일="x")], by=steward)
    client = login(role)

    urls = (LIST, page(roster), page(roster, "rejects/"), f"/relations/groups/{group.pk}/rosters/upload/")
    assert [client.get(url).status_code for url in urls] == [status] * 4
    assert client.post(page(roster, "apply/")).status_code == (302 if status == 200 else status)
    Roster.objects.update(state="CHECKED")
    assert client.post(page(roster, "cancel/")).status_code == (302 if status == 200 else status)


def test_a_list_of_an_organisation_that_one_may_not_see_is_not_found(client, steward):
    group = make_group()
    roster = checked(group, [employee()], by=steward)
    protect(holder(group))

    assert [client.get(url).status_code for url in (page(roster), page(roster, "rejects/"))] == [404, 404]
    assert client.get(f"/relations/groups/{group.pk}/rosters/upload/").status_code == 404
    assert [client.post(page(roster, way)).status_code for way in ("apply/", "cancel/")] == [404, 404]
    assert client.get(LIST).context["lines"] == []


def test_a_list_is_sent_checked_applied(client):
    group = make_group()

    answer = send(client, group, [employee(주민등록번호=RRN), employee("1002", "박두리", "1990-13-01")])
    roster = Roster.objects.get()
    assert (answer.status_code, answer.url, roster.on, roster.is_full) == (302, page(roster), date(2026, 11, 1), True)
    assert "hx-get" in client.get(page(roster)).content.decode()

    rosters_checks.check_roster(roster=roster)
    shown = client.get(page(roster))
    assert [(each.action, each.count) for each in shown.context["report"].figures] == [
        ("JOIN", 1),
        ("CHANGE", 0),
        ("SAME", 0),
        ("LEAVE", 0),
        ("REJECT", 1),
    ]
    assert "The birth date is no day that can be." in words(shown)
    for secret in (RRN, RRN.replace("-", ""), "850302", "박두리", "김하나"):
        assert secret not in words(shown)

    client.post(page(roster, "apply/"))
    rosters_applying.apply_roster(roster=Roster.objects.get())
    assert "Applied" in words(client.get(page(roster)))
    assert GroupMember.objects.count() == 1


def test_the_rejects_are_a_file_to_be_corrected_and_the_trail_knows_who_took_it(client, steward):
    group = make_group()
    roster = checked(group, [employee(), employee("1002", "박두리", "1990-13-01", 이메일="=A1")], by=steward)

    answer = client.get(page(roster, "rejects/"))

    assert answer["Cache-Control"] == "no-store"
    header, *lines = answer.content.decode("utf-8-sig").splitlines()
    assert header == (
        "오류행,오류항목,오류값,오류사유,사번,성명,주민등록번호,생년월일,성별,관계,입사일,퇴사일,보장개시일,휴대전화,이메일,사업자등록번호"
    )
    assert [line.split(",")[0] for line in lines] == ["3"]
    assert lines[0].endswith(",1002,박두리,,1990-13-01,,본인,2020-01-02,,,,'=A1,")
    entry = AccessEntry.objects.get(kind="EXPORT")
    assert (entry.page, entry.count, entry.conditions) == (
        "relations:roster-rejects",
        1,
        f'{{"rejects_of_roster": {roster.pk}}}',
    )


def test_a_corrected_reject_file_is_read_like_any_list(client, steward):
    group = make_group()
    roster = checked(group, [employee("1002", "박두리", "1990-13-01")], by=steward)
    corrected = client.get(page(roster, "rejects/")).content.replace(b"1990-13-01", b"1990-12-01")
    client.post(page(roster, "cancel/"))

    send(client, group, [], upload=SimpleUploadedFile("again.csv", corrected), is_full="0")
    again = rosters_checks.check_roster(roster=Roster.objects.latest("pk"))

    assert {action: again.counts[action] for action in ("JOIN", "REJECT")} == {"JOIN": 1, "REJECT": 0}
    assert client.get(page(roster, "rejects/")).status_code == 404


def test_nobody_takes_the_file_who_owes_an_answer(client, steward, monkeypatch):
    roster = checked(make_group(), [employee(생년월일="x")], by=steward)
    monkeypatch.setattr("relations.views.rosters.why_locked", lambda staff, today: "Not today.")

    assert client.get(page(roster, "rejects/")).url == page(roster)


def test_many_leavers_are_confirmed_on_the_page(client, steward):
    group = make_group()
    applied(
        group,
        [employee(str(number), name) for number, name in ((1, "김하나"), (2, "박두리"), (3, "최세라"))],
        by=steward,
    )
    roster = checked(group, [employee("1", "김하나")], by=steward)
    assert client.get(page(roster)).context["report"].leaving == 2

    for typed in ("", "1", "many"):
        told = client.post(page(roster, "apply/"), {"confirmed": typed}, follow=True)
        assert "Type their number, 2, to confirm that." in words(told)
    client.post(page(roster, "apply/"), {"confirmed": "2"})
    assert Roster.objects.get(pk=roster.pk).state == "APPLYING"


@pytest.mark.parametrize(
    ("more", "field", "problem"),
    [
        ({"upload": SimpleUploadedFile("a.pdf", b"x")}, "upload", "A file of this kind cannot be read."),
        ({"upload": SimpleUploadedFile("a.csv", b"")}, "upload", "The file is empty."),
        ({"upload": ""}, "upload", "Choose a file."),
        ({"on": "2999-01-01"}, "on", "This day is still to come."),
        ({"on": "never"}, "on", "Enter a valid date."),
    ],
)
def test_what_the_form_refuses(client, more, field, problem):
    answer = send(client, make_group(), [employee()], **more)

    with translation.override("en"):
        assert problem in " ".join(answer.context["form"].errors[field])
    assert Roster.objects.count() == 0


def test_an_older_list_is_refused_with_the_day_of_the_later_one(client, steward):
    group = make_group()
    applied(group, [employee()], by=steward, on=date(2026, 11, 10))

    answer = send(client, group, [employee()])

    assert "2026-11-10" in " ".join(answer.context["form"].errors["on"])


def test_a_contract_that_is_none_of_a_group_takes_no_list(client):
    group = make_group()
    type(group).objects.filter(pk=group.pk).update(product_group="TERM")

    assert send(client, group, [employee()]).status_code == 404


def test_what_is_over_is_told(client, steward):
    roster = applied(make_group(), [employee()], by=steward)

    assert "cannot be cancelled" in words(client.post(page(roster, "cancel/"), follow=True))
    assert "not waiting to be applied" in words(client.post(page(roster, "apply/"), follow=True))


def test_a_refused_file_says_why(client, steward):
    group = make_group()
    send(client, group, [], upload=SimpleUploadedFile("a.csv", "사번,이메일\n1,a@b.kr\n".encode()))
    rosters_checks.check_roster(roster=Roster.objects.get())

    assert "The header lacks these columns: 성명, 생년월일." in words(client.get(page(Roster.objects.get())))


def test_the_list_and_the_page_ask_as_much_for_three_as_for_one(client, steward):
    group = make_group()
    counts = []
    first = checked(group, [employee(str(number), "김하나", f"19{number}-01-01") for number in (60,)], by=steward)
    for _round in range(2):
        client.get(LIST)
        client.get(page(first))
        with CaptureQueriesContext(connection) as of_list:
            client.get(LIST)
        with CaptureQueriesContext(connection) as of_page:
            client.get(page(first))
        counts.append((len(of_list), len(of_page)))
        rows = [employee(str(number), "김하나", f"19{number}-01-01") for number in (60, 61, 62)]
        first = [checked(group, rows, by=steward) for _ in range(2)][-1]

    assert counts[0] == counts[1]


def test_rows_are_narrowed_and_paged(client, steward):
    rows = [
        employee(str(number), "김하나", (date(1960, 1, 1) + timedelta(days=number)).isoformat()) for number in range(60)
    ]
    roster = checked(make_group(), [*rows, employee("x", "")], by=steward)

    shown = client.get(page(roster))
    assert (len(shown.context["lines"]), shown.context["page"].after is not None) == (50, True)
    further = client.get(f"{page(roster)}?after={shown.context['page'].after}")
    assert [line.line for line in further.context["lines"]] == list(range(52, 63))
    back = client.get(f"{page(roster)}?before={further.context['page'].before}")
    assert (back.context["lines"], back.context["page"].before) == (shown.context["lines"], None)
    assert [line.line for line in client.get(f"{page(roster)}?action=REJECT").context["lines"]] == [62]
    assert "No row does this" in words(client.get(f"{page(roster)}?action=LEAVE"))
    assert len(client.get(f"{page(roster)}?action=NONSENSE").context["lines"]) == 50


def test_no_list_yet_says_what_to_do(client):
    assert "No company has sent a list yet" in words(client.get(LIST))
