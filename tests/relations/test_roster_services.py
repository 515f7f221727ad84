"""Rosters: received, checked, applied whole or not at all, cancelled, taken up again."""

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from customers.models import Customer, SourceRecord
from customers.sealing import Sealer
from customers.services.duplicates import Advice, check_duplicates
from relations.models import CoverEnd, GroupMember, Roster
from relations.services import groups_matching, rosters, rosters_applying, rosters_checks
from relations.services.rosters_applying import rrn_place
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, make_ci, make_rrn, person
from tests.relations.rosters import (
    ON,
    applied,
    as_upload,
    checked,
    counts,
    employee,
    holder,
    make_group,
    members,
    problems,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
RRN = make_rrn("850302", 2)


@pytest.fixture
def steward():
    return make_staff("DATA_STEWARD")


def receive(group, rows, by, **more):
    given = {"upload": as_upload(rows), "on": ON, "is_full": True, "at": NOW, "is_queued": False} | more
    return rosters.receive_roster(contract=group, organisation=holder(group), by=by, **given)


def test_a_list_is_checked_without_changing_anything(steward):
    roster = checked(make_group(), [employee(), employee("1002", "박두리", "1990-13-01")], by=steward)

    assert (roster.state, counts(roster)) == ("CHECKED", {"JOIN": 1, "REJECT": 1})
    assert problems(roster) == {3: ["BAD_BIRTH_DATE"]}
    assert (GroupMember.objects.count(), Path(roster.file_path).exists()) == (0, False)


def test_what_a_list_said_is_sealed_and_removed_when_it_is_over(steward):
    roster = checked(make_group(), [employee(주민등록번호=RRN)], by=steward)
    (row,) = roster.rows.all()

    assert RRN.encode() not in bytes(row.content_sealed)
    rosters.cancel_roster(roster=roster, by=steward)
    row.refresh_from_db()
    assert (row.content_sealed, Roster.objects.get().state) == (None, "CANCELLED")


def test_a_resident_number_is_sealed_to_its_member(steward):
    group = make_group()
    roster = applied(group, [employee(주민등록번호=RRN)], by=steward)

    member = GroupMember.objects.get()
    assert (member.rrn_mask, bytes(member.rrn_index)) == (
        "850302-2******",
        Sealer(settings.KEYS).index("rrn", RRN.replace("-", "")),
    )
    assert Sealer(settings.KEYS).open(member.rrn_sealed, rrn_place(member.pk)) == RRN.replace("-", "")
    assert [row.content_sealed for row in roster.rows.all()] == [None]


def test_a_list_is_applied_and_the_same_list_changes_nothing(steward):
    group = make_group()
    rows = [employee(), employee("1001", "박두리", "2015-05-05", 관계="자녀", 입사일=""), employee("1002", "최세라")]

    first = applied(group, rows, by=steward)
    held = list(GroupMember.objects.order_by("pk").values())
    again = applied(group, rows, by=steward)

    assert (counts(first), counts(again)) == ({"JOIN": 3}, {"SAME": 3})
    assert (first.counts["hints"], again.counts["hints"]) == ([], ["SAME_FILE"])
    assert members(group) == [
        ("1001", "SELF", "김하나", None),
        ("1002", "SELF", "최세라", None),
        ("1001", "CHILD", "박두리", None),
    ]
    own = {"last_roster_id": again.pk}
    assert list(GroupMember.objects.order_by("pk").values()) == [member | own for member in held]
    assert GroupMember.objects.get(relation="CHILD").principal.name == "김하나"


def test_cover_begins_when_the_list_says_or_somebody_joined_but_not_before_the_contract(steward):
    group = make_group()
    rows = [
        employee("1", "김하나", 입사일="2010-01-01"),
        employee("2", "박두리", 입사일="2024-03-04"),
        employee("3", "최세라", 보장개시일="2025-01-01"),
        employee("4", "정네모", 입사일=""),
    ]

    applied(group, rows, by=steward)

    assert list(GroupMember.objects.order_by("employee_no").values_list("cover_from", flat=True)) == [
        date(2020, 5, 1),
        date(2024, 3, 4),
        date(2025, 1, 1),
        ON,
    ]


def test_a_later_list_changes_members_and_lets_them_leave(steward):
    group = make_group()
    rows = [employee(str(number), name) for number, name in enumerate(("김하나", "박두리", "최세라", "정네모"), 1001)]
    applied(group, rows, by=steward)

    later = [
        employee("1001", "김하나", 휴대전화="010-2743-9381"),
        employee("1002", "박두리", 퇴사일="2026-11-10"),
        rows[2],
    ]
    roster = applied(group, later, by=steward, on=date(2026, 11, 20))

    assert counts(roster) == {"CHANGE": 1, "SAME": 1, "LEAVE": 2}
    assert members(group) == [
        ("1001", "SELF", "김하나", None),
        ("1002", "SELF", "박두리", date(2026, 11, 11)),
        ("1003", "SELF", "최세라", None),
        ("1004", "SELF", "정네모", date(2026, 11, 20)),
    ]
    assert GroupMember.objects.get(employee_no="1001").mobile == "01027439381"
    assert counts(applied(group, later, by=steward, on=date(2026, 11, 20))) == {"SAME": 3}


def test_a_list_of_changes_lets_nobody_leave_whom_it_does_not_name(steward):
    group = make_group()
    applied(group, [employee(), employee("1002", "박두리")], by=steward)

    applied(group, [employee("1003", "최세라")], by=steward, is_full=False)

    assert [until for *_rest, until in members(group)] == [None] * 3


def test_many_leavers_are_confirmed_by_their_number(steward):
    group = make_group()
    applied(group, [employee(), employee("1002", "박두리"), employee("1003", "최세라")], by=steward)
    roster = checked(group, [employee()], by=steward)

    for typed in (None, 1, 3):
        with pytest.raises(rosters.LeaversNotConfirmed) as refused:
            rosters.request_application(roster=roster, confirmed=typed, by=steward)
        assert refused.value.count == 2
    assert rosters.request_application(roster=roster, confirmed=2, by=steward).state == "APPLYING"


def test_a_list_that_nobody_checked_or_that_is_over_is_neither_applied_nor_cancelled(steward):
    group = make_group()
    waiting = receive(group, [employee()], steward)
    over = applied(group, [employee()], by=steward)

    for roster in (waiting, over):
        with pytest.raises(rosters.NotNow):
            rosters.request_application(roster=roster, confirmed=None, by=steward)
    with pytest.raises(rosters.NotNow):
        rosters.cancel_roster(roster=over, by=steward)


def test_an_older_list_is_refused(steward):
    group = make_group()
    applied(group, [employee()], by=steward, on=date(2026, 11, 10))

    with pytest.raises(rosters.OlderRoster) as refused:
        receive(group, [employee()], steward)
    assert refused.value.on == date(2026, 11, 10)


def test_a_list_of_a_day_to_come_or_for_another_organisation_is_refused(steward):
    group, other = make_group(), make_group("G2", name="(주)노을상사", serial=2)

    with pytest.raises(rosters.DayToCome):
        receive(group, [employee()], steward, on=date(2026, 11, 24))
    with pytest.raises(rosters.NotGroupContract):
        rosters.receive_roster(
            contract=group,
            organisation=holder(other),
            upload=as_upload([employee()]),
            on=ON,
            is_full=True,
            by=steward,
            at=NOW,
            is_queued=False,
        )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY_FILE"),
        ("사번,성명,생년월일\n".encode(), "EMPTY_FILE"),
        ("사번,이메일\n1,a@b.kr\n".encode(), "HEADER_MISSING"),
        (b"PK\x03\x04 no workbook", "NOT_EXCEL"),
    ],
)
def test_a_file_that_is_no_list_fails_with_the_reason(steward, content, code):
    from django.core.files.uploadedfile import SimpleUploadedFile

    roster = receive(make_group(), [], steward, upload=SimpleUploadedFile("a.csv", content))

    roster = rosters_checks.check_roster(roster=roster)

    assert roster.state == "FAILED"
    assert f'"code": "{code}"' in roster.problem
    assert not Path(roster.file_path).exists()


def test_rows_that_cannot_be_cut_are_told_like_all_others(steward):
    from django.core.files.uploadedfile import SimpleUploadedFile

    text = "사번,성명,생년월일\n1,김하나,1985-03-02\n2,박두리\n3,최세라,1990-01-01\n"
    upload = SimpleUploadedFile("명부.csv", text.encode("cp949"))
    roster = rosters_checks.check_roster(roster=receive(make_group(), [], steward, upload=upload))

    assert (counts(roster), problems(roster)) == ({"JOIN": 2, "REJECT": 1}, {3: ["TOO_FEW_CELLS"]})


def test_a_check_or_an_application_that_was_cut_off_is_taken_up_again(steward):
    group = make_group()
    roster = receive(group, [employee(), employee("1002", "박두리")], steward, at=NOW - timedelta(minutes=5))
    Roster.objects.update(state="CHECKING", done=1)

    assert rosters_applying.resume_rosters() == [roster.pk]
    roster.refresh_from_db()
    assert (roster.state, roster.done, roster.rows.count()) == ("CHECKED", 2, 2)

    rosters.request_application(roster=roster, confirmed=None, by=steward)
    assert rosters_applying.resume_rosters() == [roster.pk]
    assert (Roster.objects.get().state, GroupMember.objects.count()) == ("APPLIED", 2)
    assert rosters_applying.resume_rosters() == []


def test_a_list_that_would_do_something_else_by_now_is_looked_at_again(steward):
    group = make_group()
    one, other = (checked(group, [employee(), employee("1002", "박두리")], by=steward) for _ in range(2))
    for roster in (one, other):
        rosters.request_application(roster=roster, confirmed=None, by=steward)
        rosters_applying.apply_roster(roster=roster)

    assert (one.state, other.state, counts(other)) == ("APPLIED", "CHECKED", {"SAME": 2})
    assert "CHANGED_MEANWHILE" in other.problem
    assert GroupMember.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_lists_of_one_contract_applied_at_once_take_turns(steward):
    group = make_group()
    lists = [checked(group, [employee()], by=steward) for _ in range(2)]
    for roster in lists:
        rosters.request_application(roster=roster, confirmed=None, by=steward)
    problems_met: list[BaseException] = []
    together = threading.Barrier(2)

    def apply(roster: Roster) -> None:
        try:
            together.wait()
            rosters_applying.apply_roster(roster=roster)
        except BaseException as problem:
            problems_met.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=apply, args=[Roster.objects.get(pk=roster.pk)]) for roster in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems_met == []
    assert sorted(Roster.objects.values_list("state", flat=True)) == ["APPLIED", "CHECKED"]
    assert GroupMember.objects.count() == 1


def test_old_lists_are_cancelled_and_old_copies_removed(steward):
    group = make_group()
    old = checked(group, [employee()], by=steward)
    left = settings.FEED_DIR / rosters.FOLDER / "left-behind.csv"
    left.write_text("x")

    at = NOW + timedelta(days=settings.FEED_REJECT_DAYS + 400)
    assert rosters.remove_old_rosters(at=at) == 1
    old.refresh_from_db()
    assert (old.state, left.exists()) == ("CANCELLED", False)


def test_members_are_linked_by_the_engine_and_leave_no_trace_on_the_customer(steward):
    feed([person(source_key="K1", name="김하나", birth_date="1985-03-02", rrn=RRN, mobile="010-1111-2222")])
    feed([person(source_key="K2", name="박두리", birth_date="1990-01-01", mobile="010-3333-4444", ci=make_ci(2))])
    before = list(Customer.objects.filter(kind="PERSON").order_by("pk").values())
    records = SourceRecord.objects.count()
    group = make_group()

    applied(
        group,
        [
            employee("1", "김하나", 주민등록번호=RRN, 휴대전화="010-9999-8888", 이메일="work@hanbit.example"),
            employee("2", "박두리", "1990-01-01", 휴대전화="010-3333-4444"),
            employee("3", "최세라", "1970-07-07"),
        ],
        by=steward,
    )

    found = GroupMember.objects.order_by("employee_no").values_list("customer__links__record__source_key", flat=True)
    assert list(found) == ["K1", "K2", None]
    assert set(GroupMember.objects.values_list("matched_at", flat=True)) == {NOW}
    assert list(Customer.objects.filter(kind="PERSON").order_by("pk").values()) == before
    assert SourceRecord.objects.count() == records + 1  # that of the organisation


@pytest.mark.parametrize(
    ("name", "born", "mobile"),
    [
        ("박두리", "1990-01-01", "010-2743-9381"),
        ("박두리", "1990-01-01", ""),
        ("박둘이", "1990-01-01", "010-2743-9381"),
        ("박둘이", "1990-10-01", "010-2743-9381"),
        ("박두리", "1961-05-06", ""),
        ("한다솜", "1961-05-06", "010-2743-9381"),
    ],
)
def test_a_member_is_judged_as_a_registration_would_be(steward, name, born, mobile):
    feed([person(source_key="K1", name="박두리", birth_date="1990-01-01", mobile="010-2743-9381")])
    group = make_group()
    firm = holder(group)
    cells = {"kind": "PERSON", "name": name, "birth_date": born, "mobile": mobile, "employee_no": "1"}
    cells |= {"company_name": firm.name, "company_no": firm.company_no}
    check = check_duplicates(record=cells, asked_by=None, at=NOW)
    told = {match.advice: match for match in check.matches}

    applied(group, [employee("1", name, born, 휴대전화=mobile)], by=steward)

    member = GroupMember.objects.get()
    link, doubt = told.get(Advice.LINK), told.get(Advice.REVIEW)
    assert member.customer_id == (link.customer_id if link else None)
    assert member.match_weight == (link or doubt).weight if link or doubt else member.match_weight is None


def test_matching_goes_on_where_it_was_cut_off(steward, monkeypatch):
    monkeypatch.setattr(groups_matching, "CHUNK", 2)
    group = make_group()
    roster = checked(
        group, [employee(str(number), "김하나", f"19{number}-01-01") for number in range(60, 65)], by=steward
    )
    rosters.request_application(roster=roster, confirmed=None, by=steward)
    rosters_applying.apply_roster(roster=roster)

    Roster.objects.update(applied_at=NOW)
    groups_matching.resume_matching(at=NOW)

    assert GroupMember.objects.filter(matched_at=None).count() == 0
    assert CoverEnd.objects.count() == 0
