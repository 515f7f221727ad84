"""What is told of rosters: findings, hints and faults in whole sentences."""

from __future__ import annotations

import json

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.feeds.reasons import FILE_REASONS, ROW_REASONS, file_reason, row_reason
from relations.models import GroupMember, Roster, RosterRow

PROBLEMS: dict[str, Promise] = {
    "UNREADABLE": _("A cell is longer than 100 characters or holds characters that nobody types."),
    "NO_EMPLOYEE_NO": _("The employee number is missing."),
    "NO_NAME": _("The name is missing or cannot be read."),
    "NO_BIRTH_DATE": _("Neither birth date nor resident number is given."),
    "BAD_BIRTH_DATE": _("The birth date is no day that can be."),
    "BAD_RRN": _("The resident number cannot be one."),
    "BIRTH_DIFFERS": _("Birth date and resident number contradict each other."),
    "UNKNOWN_RELATION": _("The relation to the employee is not known."),
    "BAD_JOINED_ON": _("The day of joining is no day that can be."),
    "BAD_LEFT_ON": _("The day of leaving is no day that can be."),
    "BAD_COVER_FROM": _("The first day of cover is no day that can be."),
    "LEFT_BEFORE_JOINED": _("The person would have left before joining."),
    "JOINED_BEFORE_BIRTH": _("The person would have joined before being born."),
    "JOINED_AFTER_LIST": _("The person joins after the day that the list tells of."),
    "COVERED_BEFORE_BIRTH": _("The cover would begin before the person was born."),
    "LEFT_BEFORE_COVERED": _("The person would have left before the cover began."),
    "OTHER_COMPANY": _("The business number is that of another company."),
    "TWICE": _("The same person stands in the file twice. The first row is taken."),
    "TWICE_DIFFERENT": _("The same person stands in the file twice, and the rows differ. None of them is taken."),
    "EMPLOYEE_NO_TWICE": _("Two employees of the file have the same number."),
    "EMPLOYEE_NO_TAKEN": _("The number belongs to another employee, who has not left."),
    "NO_EMPLOYEE": _("There is no employee of this number to whom the dependant could belong."),
    "UNKNOWN_LEAVER": _("The person who leaves is not among the members."),
    "MOBILE_UNUSABLE": _("The mobile number cannot be used. The row is taken without it."),
    "EMAIL_UNUSABLE": _("The e-mail address cannot be used. The row is taken without it."),
    "SEX_UNKNOWN": _("The sex is not known. The row is taken without it."),
    "RRN_UNSURE": _("The check digit of the resident number is wrong. The row is taken with it."),
}
"""By code: what was found in a row. Codes of rows that cannot be cut into cells are those of feeds."""
FAULTS: dict[str, Promise] = {
    "HEADER_MISSING": _("The header lacks these columns: %(columns)s."),
    "HEADER_TWICE": _("The header names these columns twice: %(columns)s."),
    "TOO_MANY_ROWS": _("The file has more than %(most)s rows. Cut it into several lists of changes."),
    "CHANGED_MEANWHILE": _(
        "The members were changed after this list was checked, so nothing was applied. Look at what it would do now."
    ),
    "FAULT": _("A fault of the program stopped it, and nothing was applied. The log of the worker tells more."),
}
HINTS: dict[str, Promise] = {
    "SAME_FILE": _("The very same file was applied before."),
    "MOSTLY_UNKNOWN": _("More than half of the employees are not known. Is this the list of another company?"),
}
CHANGES: dict[str, Promise] = {
    "employee_no": _("Employee number"),
    "name": _("Name"),
    "birth_date": _("Birth date"),
    "sex": _("Sex"),
    "rrn": _("Resident number"),
    "mobile": _("Mobile"),
    "email": _("E-mail"),
    "joined_on": _("Joined on"),
    "left_on": _("Left on"),
    "cover_from": _("Covered from"),
}
ACTIONS: dict[str, Promise] = {
    RosterRow.Action.JOIN: _("Joins the group"),
    RosterRow.Action.CHANGE: _("Changes"),
    RosterRow.Action.SAME: _("Stays as it is"),
    RosterRow.Action.LEAVE: _("Leaves the group"),
    RosterRow.Action.REJECT: _("Cannot be taken"),
}
STATES: dict[str, Promise] = {
    Roster.State.WAITING: _("Waiting for its check"),
    Roster.State.CHECKING: _("Being checked"),
    Roster.State.CHECKED: _("Checked, not applied"),
    Roster.State.APPLYING: _("Being applied"),
    Roster.State.APPLIED: _("Applied to the contract"),
    Roster.State.CANCELLED: _("List cancelled"),
    Roster.State.FAILED: _("Cannot be read"),
}
RELATIONS: dict[str, Promise] = {
    GroupMember.Relation.SELF: _("Employee"),
    GroupMember.Relation.SPOUSE: _("Spouse"),
    GroupMember.Relation.CHILD: _("Son or daughter"),
    GroupMember.Relation.PARENT: _("Parent"),
    GroupMember.Relation.OTHER: _("Other dependant"),
}
TONES = {
    RosterRow.Action.JOIN: "green",
    RosterRow.Action.CHANGE: "azure",
    RosterRow.Action.LEAVE: "yellow",
    RosterRow.Action.REJECT: "red",
}
STATE_TONES = {
    Roster.State.CHECKED: "azure",
    Roster.State.APPLIED: "green",
    Roster.State.FAILED: "red",
    Roster.State.CHECKING: "blue",
    Roster.State.APPLYING: "blue",
}


def problem(code: str) -> str:
    """What was found in a row."""
    return str(PROBLEMS[code]) if code in PROBLEMS else row_reason(code) if code in ROW_REASONS else code


def fault(roster: Roster) -> str:
    """Why a list was stopped or given back, '' where it was not."""
    if not roster.problem:
        return ""
    told = json.loads(roster.problem)
    if told["code"] in FAULTS:
        return str(FAULTS[told["code"]]) % told["details"]
    return file_reason(told["code"], told["details"]) if told["code"] in FILE_REASONS else told["code"]


def hints(roster: Roster) -> list[str]:
    """What somebody should ask themselves before applying a list."""
    return [str(HINTS[code]) for code in roster.counts.get("hints", ()) if code in HINTS]


def changed(codes: list[str]) -> str:
    """The items that a row changes."""
    return ", ".join(str(CHANGES[code]) for code in codes if code in CHANGES)


def relation(code: str) -> str:
    """A relation to the employee."""
    return str(RELATIONS[code]) if code else ""
