"""Rosters as companies write them: which column is which, and what a row says of one person. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from customers.feeds.mapping import folded
from customers.feeds.parsing import CONTROL
from customers.standard import birth_date, business_number, email, person_name, phone, plain_date, resident_number, sex
from customers.standard.certainty import DOUBTFUL, UNUSABLE
from customers.standard.text import tidy

LONGEST = 100  # letters of a cell; no name and no number of an employee is longer
SELF, OTHER = "SELF", "OTHER"
TITLES = {
    "employee_no": "사번",
    "name": "성명",
    "rrn": "주민등록번호",
    "birth_date": "생년월일",
    "sex": "성별",
    "relation": "관계",
    "joined_on": "입사일",
    "left_on": "퇴사일",
    "cover_from": "보장개시일",
    "mobile": "휴대전화",
    "email": "이메일",
    "company_no": "사업자등록번호",
}
"""The columns of a roster, by what they are called in a file that Hannun writes."""
SYNONYMS = {
    "employee_no": "사원번호 직원번호 임직원번호 행번 군번 사번(피보험자) employee_no employeenumber empno",
    "name": "이름 사원명 직원명 성함 피보험자명 피보험자 대상자명 name",
    "rrn": "주민번호 주민등록번호(외국인등록번호) 외국인등록번호 실명번호 rrn",
    "birth_date": "생일 생년월일(8자리) 출생일 birthdate birth_date",
    "sex": "성 남녀 sex gender",
    "relation": "가족관계 피보험자관계 본인과의관계 구분 관계구분 relation",
    "joined_on": "입사일자 입사년월일 고용일 채용일 joined_on",
    "left_on": "퇴사일자 퇴직일 퇴직일자 탈퇴일 left_on",
    "cover_from": "보장개시일자 보험개시일 보장시작일 책임개시일 cover_from",
    "mobile": "휴대폰 핸드폰 휴대전화번호 휴대폰번호 연락처 전화번호 mobile",
    "email": "전자우편 메일 이메일주소 e-mail email",
    "company_no": "사업자번호 회사사업자번호 company_no",
}
POSITIONS = {
    folded(title).replace(" ", ""): column
    for column, titles in SYNONYMS.items()
    for title in (TITLES[column], *titles.split())
}
REQUIRED = ("employee_no", "name")
RELATIONS = {
    **dict.fromkeys("본인 직원 사원 임직원 임원 종업원 주피보험자 self employee".split(), SELF),
    **dict.fromkeys("배우자 처 남편 아내 부인 spouse".split(), "SPOUSE"),
    **dict.fromkeys("자녀 자 녀 아들 딸 장남 장녀 차남 차녀 child".split(), "CHILD"),
    **dict.fromkeys("부모 부 모 아버지 어머니 부친 모친 parent".split(), "PARENT"),
    **dict.fromkeys("기타 형제 자매 형제자매 조부 조모 장인 장모 시부 시모 other".split(), OTHER),
}
REMARKS = frozenset(("MOBILE_UNUSABLE", "EMAIL_UNUSABLE", "SEX_UNKNOWN", "RRN_UNSURE"))
"""Findings with which a row is taken all the same; all others keep it out."""


class HeaderUnfit(Exception):
    """The header is not that of a roster: columns that are missing, or named twice, by their titles."""

    def __init__(self, code: str, titles: Sequence[str]) -> None:
        super().__init__(code, *titles)
        self.code, self.titles = code, tuple(titles)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row in standard form. line: of the file; rrn: 13 digits; rrn_index: its blind index, empty without a number;
    problems: codes, of which those in `REMARKS` do no harm."""

    line: int
    employee_no: str = ""
    relation: str = SELF
    name: str = ""
    birth_date: date | None = None
    sex: str = ""
    rrn: str = ""
    rrn_mask: str = ""
    rrn_index: bytes = b""
    mobile: str = ""
    email: str = ""
    joined_on: date | None = None
    left_on: date | None = None
    cover_from: date | None = None
    problems: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether the row by itself can be taken."""
        return REMARKS.issuperset(self.problems)


@dataclass
class _Cells:
    """The cells of a row while it is read, with what was found wrong."""

    cells: Mapping[str, str]
    problems: list[str] = field(default_factory=list)

    def text(self, column: str) -> str:
        return tidy(self.cells.get(column, ""))

    def day(self, column: str) -> date | None:
        form = plain_date(self.cells.get(column, ""))
        if form.certainty == UNUSABLE and "PLACEHOLDER" not in form.problems:
            self.problems.append(f"BAD_{column.upper()}")
        return None if "OPEN_END" in form.problems else form.value


def places_of(header: Sequence[str]) -> dict[str, int]:
    """{column: position} of a header, whatever a company calls its columns. Raises HeaderUnfit."""
    places: dict[str, int] = {}
    for position, title in enumerate(header):
        column = POSITIONS.get(folded(title).replace(" ", ""))
        if column in places:
            raise HeaderUnfit("TWICE", [TITLES[column]])
        if column:
            places[column] = position
    missing = [column for column in REQUIRED if column not in places]
    if "rrn" not in places and "birth_date" not in places:
        missing.append("birth_date")
    if missing:
        raise HeaderUnfit("MISSING", [TITLES[column] for column in missing])
    return places


def read_entry(
    line: int, cells: Mapping[str, str], *, on: date, company_numbers: frozenset[str], index: Callable[[str], bytes]
) -> Entry:
    """What a row says. on: the day that the list tells of; company_numbers: business numbers that are the company's
    own, where known; index: the blind index of a resident number."""
    row = _Cells(cells)
    if any(len(cell) > LONGEST or CONTROL.search(cell) for cell in cells.values()):
        return Entry(line, problems=("UNREADABLE",))
    rrn, mask, born, kind = _identity(row, on)
    employee_no, name = row.text("employee_no"), person_name(row.text("name")).value or ""
    row.problems += [code for code, missing in (("NO_EMPLOYEE_NO", not employee_no), ("NO_NAME", not name)) if missing]
    relation = _relation(row)
    days = {column: row.day(column) for column in ("joined_on", "left_on", "cover_from")}
    row.problems += _impossible(born, on, days)
    if _is_of_another(row.text("company_no"), company_numbers):
        row.problems.append("OTHER_COMPANY")
    return Entry(
        line=line,
        employee_no=employee_no,
        relation=relation,
        name=name,
        birth_date=born,
        sex=kind,
        rrn=rrn,
        rrn_mask=mask,
        rrn_index=index(rrn) if rrn else b"",
        mobile=_mobile(row),
        email=_email(row),
        problems=tuple(dict.fromkeys(row.problems)),
        **days,
    )


def _identity(row: _Cells, on: date) -> tuple[str, str, date | None, str]:
    """Resident number, its mask, birth date and sex; what the number says stands in for what the row leaves out."""
    number, born, kind = (
        resident_number(row.cells.get("rrn", ""), on),
        birth_date(row.cells.get("birth_date", ""), on),
        sex(row.cells.get("sex", "")),
    )
    if row.text("rrn") and not number.value:
        row.problems.append("BAD_RRN")
    elif number.value and number.certainty == DOUBTFUL:
        row.problems.append("RRN_UNSURE")
    if row.text("birth_date") and born.value is None:
        row.problems.append("BAD_BIRTH_DATE")
    if born.value and number.birth_date and born.value != number.birth_date and not born.is_lunar:
        row.problems.append("BIRTH_DIFFERS")
    if row.text("sex") and not kind.value:
        row.problems.append("SEX_UNKNOWN")
    when = number.birth_date or born.value
    if when is None and not {"BAD_RRN", "BAD_BIRTH_DATE"} & set(row.problems):
        row.problems.append("NO_BIRTH_DATE")
    return number.value or "", number.mask if number.value else "", when, number.sex or kind.value


def _relation(row: _Cells) -> str:
    word = row.text("relation").replace(" ", "").casefold()
    relation = RELATIONS.get(word, "") if word else SELF
    if not relation:
        row.problems.append("UNKNOWN_RELATION")
    return relation


def _impossible(born: date | None, on: date, days: Mapping[str, date | None]) -> list[str]:
    """What cannot be so, whatever the truth is."""
    joined, left, covered = days["joined_on"], days["left_on"], days["cover_from"]
    return [
        code
        for code, holds in (
            ("LEFT_BEFORE_JOINED", joined and left and left < joined),
            ("JOINED_BEFORE_BIRTH", joined and born and joined <= born),
            ("JOINED_AFTER_LIST", joined and joined > on),
            ("COVERED_BEFORE_BIRTH", covered and born and covered < born),
            ("LEFT_BEFORE_COVERED", covered and left and left < covered),
        )
        if holds
    ]


def _is_of_another(number: str, own: frozenset[str]) -> bool:
    """Whether a row names a company by a readable number that is none of its own."""
    value = business_number(number).value
    return bool(value and own and value not in own)


def _mobile(row: _Cells) -> str:
    form = phone(row.cells.get("mobile", ""))
    if row.text("mobile") and not form.value:
        row.problems.append("MOBILE_UNUSABLE")
    return form.value or ""


def _email(row: _Cells) -> str:
    form = email(row.cells.get("email", ""))
    if row.text("email") and not form.value:
        row.problems.append("EMAIL_UNUSABLE")
    return form.value or ""
