"""Plain builders of group contracts and rosters."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Staff
from customers.models import Contract, Customer
from relations.models import GroupMember, Roster
from relations.services import groups_matching, rosters, rosters_applying, rosters_checks
from tests.customers.builders import NOW, company, contract, feed, make_brn, party

HEADER = ("사번", "성명", "주민등록번호", "생년월일", "관계", "입사일", "퇴사일", "휴대전화", "이메일")
ON = date(2026, 11, 1)


def employee(number: str = "1001", name: str = "김하나", born: str = "1985-03-02", **cells: str) -> dict[str, str]:
    """A row of a roster."""
    return {"사번": number, "성명": name, "생년월일": born, "관계": "본인", "입사일": "2020-01-02"} | cells


def make_group(key: str = "G1", *, name: str = "(주)한빛상사", serial: int = 1, **cells: str) -> Contract:
    """A group contract of an organisation of its own."""
    feed([company(source_key=f"O-{key}", name=name, company_no=make_brn(serial))], "CORP")
    row = contract(contract_no=key, product_group="GROUP", product_name="단체보장보험", started_on="2020-05-01")
    feed([row | cells], "CORP", "contracts")
    feed([party(contract_no=key, party_source_key=f"O-{key}")], "CORP", "parties")
    return Contract.objects.get(contract_no=key)


def as_upload(rows: Iterable[Mapping[str, str]], name: str = "명부.csv") -> SimpleUploadedFile:
    """A list as a company sends it."""
    written = io.StringIO(newline="")
    rows = list(rows)
    header = list(dict.fromkeys([*HEADER, *(title for row in rows for title in row)]))
    writer = csv.DictWriter(written, header, "")
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile(name, written.getvalue().encode("utf-8-sig"))


def checked(
    group: Contract,
    rows: Iterable[Mapping[str, str]],
    *,
    by: Staff,
    on: date = ON,
    is_full: bool = True,
    at: datetime = NOW,
) -> Roster:
    """A list that was received and checked."""
    roster = rosters.receive_roster(
        contract=group,
        organisation=holder(group),
        upload=as_upload(rows),
        on=on,
        is_full=is_full,
        by=by,
        at=at,
        is_queued=False,
    )
    return rosters_checks.check_roster(roster=roster)


def applied(
    group: Contract, rows: Iterable[Mapping[str, str]], *, by: Staff, at: datetime = NOW, **more: object
) -> Roster:
    """A list that was received, checked, applied, and whose members were compared with the stock."""
    roster = checked(group, rows, by=by, at=at, **more)
    rosters.request_application(roster=roster, confirmed=roster.counts.get("LEAVE"), by=by, is_queued=False)
    roster = rosters_applying.apply_roster(roster=Roster.objects.get(pk=roster.pk))
    groups_matching.match_members(contract_id=group.pk, at=at)
    return roster


def holder(group: Contract) -> Customer:
    """The organisation of a group contract."""
    return rosters.holder_of(group)


def counts(roster: Roster) -> dict[str, int]:
    """The rows of a roster by what they would do, without noughts."""
    roster.refresh_from_db()
    return {
        action: roster.counts[action]
        for action in ("JOIN", "CHANGE", "SAME", "LEAVE", "REJECT")
        if roster.counts[action]
    }


def problems(roster: Roster) -> dict[int, list[str]]:
    """{line: what was found}"""
    return {row.line: row.problems for row in roster.rows.order_by("line") if row.problems}


def members(group: Contract) -> list[tuple[str, str, str, object]]:
    """Number, relation, name and end of cover of every member."""
    rows = GroupMember.objects.filter(contract=group).order_by("pk")
    return list(rows.values_list("employee_no", "relation", "name", "cover_until"))
