"""Group contracts of the demonstration: lists of members as HR departments send them, two of which were applied for
each company, and one that waits in the folder of the demonstration to be sent by hand."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from xlsxwriter import Workbook

from accounts.models import Staff
from customers.models import Contract
from customers.sealing import Sealer, place_of
from customers.services.demonstration import busiest_keeper
from relations.models import CoverEnd, GroupMember, Roster
from relations.rules.rosters import SELF, TITLES
from relations.services import groups_matching, rosters, rosters_applying, rosters_checks

MOST_CONTRACTS, LEAST_MEMBERS, MOST_MEMBERS = 6, 4, 60
GIVEN = ("서연", "민준", "지우", "하은", "도윤", "수아", "예준", "지호", "유진", "현우", "채원", "시우")
FAMILY = "김이박최정강조윤장임한오"
HEADER = tuple(TITLES.values())
FOLDER = "rosters"
STEWARD = "steward"
INSURED = """
SELECT DISTINCT ON (record.id) contract.id, record.source_key, record.employee_no, record.name, record.birth_date,
    record.sex, record.mobile, record.email, record.rrn_sealed
FROM customers_contract contract
JOIN customers_contractparty party
    ON party.source_id = contract.source_id AND party.contract_no = contract.contract_no AND party.role = 'INSURED'
JOIN customers_sourcerecord record
    ON record.source_id = party.source_id AND record.source_key = party.party_source_key AND record.kind = 'PERSON'
WHERE contract.id = ANY(%s) AND record.birth_date IS NOT NULL AND record.name <> '' AND record.employee_no <> ''
ORDER BY record.id
"""
Row = dict[str, str]


def seed(at: datetime) -> dict[str, int]:
    """Lists of a few companies as of two days, and one more in the folder `rosters`; a second call adds none."""
    if Roster.objects.exists():
        return {"rosters": 0, "group members": 0, "ends of group cover": 0}
    today, by = timezone.localdate(at), Staff.objects.filter(employee_number=STEWARD).first()
    for place, (contract, employees) in enumerate(_groups()):
        first = list(_list_of(employees, place, today))
        _apply(contract, first, today - timedelta(days=60), f"단체명부_{contract.contract_no}.xlsx", by, at)
        second = list(_later(first, _leavers(contract, employees), place, today))
        _apply(contract, second, today - timedelta(days=20), f"단체명부_변경_{contract.contract_no}.xlsx", by, at)
        if not place:
            _keep_for_the_hand(contract, second, today)
    return {
        "rosters": Roster.objects.count(),
        "group members": GroupMember.objects.count(),
        "ends of group cover": CoverEnd.objects.count(),
    }


def _groups() -> Iterator[tuple[Contract, list[Row]]]:
    """Group contracts in force with the employees that the group business knows, those with the most first."""
    live = Contract.objects.filter(product_group=Contract.ProductGroup.GROUP, status__in=Contract.LIVE_STATUSES)
    contracts = live.select_related("source").in_bulk()
    found: dict[int, list[Row]] = {}
    with connection.cursor() as cursor:
        cursor.execute(INSURED, [list(contracts)])
        for contract_id, *values in cursor.fetchall():
            found.setdefault(contract_id, []).append(_row(contracts[contract_id].source.code, *values))
    largest = sorted(found, key=lambda contract_id: (-len(found[contract_id]), contract_id))
    chosen = [key for key in largest if len(found[key]) >= LEAST_MEMBERS and rosters.holder_of(contracts[key])]
    for contract_id in chosen[:MOST_CONTRACTS]:
        yield contracts[contract_id], _once(found[contract_id])[:MOST_MEMBERS]


def _once(employees: Sequence[Row]) -> list[Row]:
    """Each number once: the group business knows some employees twice."""
    return list({row["employee_no"].lstrip("0"): row for row in reversed(employees)}.values())[::-1]


def _row(
    source: str, key: str, number: str, name: str, born: date, sex: str, mobile: str, email: str, rrn: bytes
) -> Row:
    opened = Sealer(settings.KEYS).open(rrn, place_of("rrn", source, key)) if rrn else ""
    return {
        "employee_no": number,
        "name": name,
        "rrn": f"{opened[:6]}-{opened[6:]}" if opened else "",
        "birth_date": born.isoformat(),
        "sex": {"M": "남", "F": "여"}.get(sex, ""),
        "relation": "본인",
        "mobile": mobile,
        "email": email,
    }


def _list_of(employees: Sequence[Row], place: int, today: date) -> Iterator[Row]:
    """The employees, some with their spouse or a child, and colleagues whom no other system knows."""
    for number, row in enumerate(employees):
        born = date.fromisoformat(row["birth_date"])
        joined = max(date(born.year + 22, 3, 2), today - timedelta(days=400 + 53 * number % 4000))
        yield row | {"joined_on": min(joined, today - timedelta(days=90)).isoformat()}
        if number % 3 == 0:
            yield _dependant(row, "배우자", born + timedelta(days=431), number + place)
        if number % 4 == 0:
            yield _dependant(row, "자녀", date(min(born.year + 31, today.year - 1), 5, 5), number + place)
        if number % 7 == 0:
            yield _stranger(number, place, today)


def _dependant(row: Row, relation: str, born: date, number: int) -> Row:
    family = row["name"][:1] if relation == "자녀" else FAMILY[number % len(FAMILY)]
    name = family + GIVEN[(number * 5 + 3) % len(GIVEN)]
    return {
        "employee_no": row["employee_no"],
        "name": name,
        "birth_date": born.isoformat(),
        "relation": relation,
    }


def _stranger(number: int, place: int, today: date) -> Row:
    return {
        "employee_no": f"9{place}{number:04}",
        "name": FAMILY[(number + place) % len(FAMILY)] + GIVEN[(number + 2 * place) % len(GIVEN)],
        "birth_date": date(1975 + number % 25, 1 + number % 12, 1 + number % 28).isoformat(),
        "relation": "본인",
        "joined_on": (today - timedelta(days=200 + number)).isoformat(),
    }


def _leavers(contract: Contract, employees: Sequence[Row]) -> set[str]:
    """The numbers of one employee, and of one more whose planner may be told, where there is one."""
    told = GroupMember.objects.filter(contract=contract, relation=SELF, customer__marketing_consent_on__isnull=False)
    kept = told.filter(customer__keeper__is_active=True).order_by("pk")
    of_the_account = kept.filter(customer__keeper=busiest_keeper())  # the planner whose account the demonstration has
    chosen = of_the_account.first() or kept.first()
    return {employees[-1]["employee_no"], *([chosen.employee_no] if chosen else [])}


def _later(rows: Sequence[Row], gone: Set[str], place: int, today: date) -> Iterator[Row]:
    """Forty days later: some have left, with those who depend on them, and somebody is new."""
    for row in rows:
        if row["employee_no"] not in gone:
            yield row
        elif row["relation"] == "본인":
            yield row | {"left_on": (today - timedelta(days=25)).isoformat()}
    yield _stranger(91 + place, place, today) | {"joined_on": (today - timedelta(days=30)).isoformat()}


def _keep_for_the_hand(contract: Contract, rows: Sequence[Row], today: date) -> None:
    """A list as HR departments send them: with joiners, a leaver, and rows that cannot be taken."""
    staying = [row for row in rows if not row.get("left_on")]
    employees = [row for row in staying if row["relation"] == "본인"]
    last = employees[-2]["employee_no"]
    kept = [row for row in staying if row["employee_no"] != last]
    wrong = [
        employees[0],
        {"employee_no": "9090001", "name": "정다온", "birth_date": "1990-02-30", "relation": "본인"},
        {"employee_no": "9090002", "name": "최한결", "rrn": "901340-1234567", "relation": "본인"},
        {"employee_no": "9099999", "name": "박새론", "birth_date": "2016-04-01", "relation": "자녀"},
    ]
    new = [_stranger(number, 7, today) | {"joined_on": today.replace(day=1).isoformat()} for number in (95, 96)]
    folder = settings.LOCAL_DIR / "demo" / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = Path(folder, f"단체명부_{contract.contract_no}.xlsx")
    path.write_bytes(workbook([*kept, *new, *wrong]))
    path.chmod(0o600)


def _apply(contract: Contract, rows: Sequence[Row], on: date, name: str, by: Staff | None, at: datetime) -> None:
    roster = rosters.receive_roster(
        contract=contract,
        organisation=rosters.holder_of(contract),
        upload=SimpleUploadedFile(name, workbook(rows)),
        on=on,
        is_full=True,
        by=by,
        at=at,
        is_queued=False,
    )
    rosters_checks.check_roster(roster=roster)
    if roster.state != Roster.State.CHECKED:
        return
    confirmed = roster.counts["LEAVE"]
    rosters.request_application(roster=roster, confirmed=confirmed, by=by, is_queued=False)
    rosters_applying.apply_roster(roster=roster)
    groups_matching.match_members(contract_id=contract.pk, at=at)


def workbook(rows: Sequence[Mapping[str, str]]) -> bytes:
    """A list as a workbook of one sheet, every cell a text."""
    written = io.BytesIO()
    with Workbook(written, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("명부")
        sheet.write_row(0, 0, HEADER)
        for place, row in enumerate(rows, 1):
            sheet.write_row(place, 0, [row.get(column, "") for column in TITLES])
        sheet.set_column(0, len(HEADER), 14)
    return written.getvalue()
