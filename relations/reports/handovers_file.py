"""The file of transfers as it was sent: its rows, and whom and what each of them means here."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from accounts.free_text import without_resident_numbers
from accounts.models import Branch, Staff
from customers.feeds.reading import Chunk, Dialect, open_feed
from relations.models import StaffMove
from relations.rules.handovers import COLUMNS, MoveLine, Refused
from relations.services.handovers import UNDER_WAY, PlannedMove

Cells = list[str]


def rows_of_upload(upload: UploadedFile) -> tuple[Cells, list[Cells]]:
    """Header and rows of a file in any encoding, or a workbook. Raises customers.feeds.refusal.UnreadableFile."""
    with tempfile.NamedTemporaryFile(suffix=Path(upload.name).suffix.lower()) as copy:
        for piece in upload.chunks():
            copy.write(piece)
        copy.flush()
        opened = open_feed(Path(copy.name), headers=COLUMNS)
        return opened.header, [row for chunk in opened.chunks for row in _rows(chunk, opened.dialect)]


def rows_of_text(text: str) -> tuple[Cells, list[Cells]]:
    """The same of lines that somebody typed, in the order of the columns, with commas or tabs between."""
    lines = [line.replace("\t", ",") for line in text.splitlines()]
    return list(COLUMNS), list(csv.reader(lines))


def _rows(chunk: Chunk, dialect: Dialect) -> Iterator[Cells]:
    if chunk.rows is not None:
        yield from chunk.rows
        return
    text = b"".join(chunk.lines or ()).decode(dialect.encoding, "replace")
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter)


def staff_in_reach(planner: Staff) -> QuerySet[Staff]:
    """Those whose transfers `planner` may plan: of the whole company, or below the own branch."""
    if planner.has_perm("customers.view_every_customer"):
        return Staff.objects.all()
    if planner.branch is None:
        return Staff.objects.none()
    return Staff.objects.filter(branch__path__startswith=planner.branch.path)


def resolve_moves(
    lines: Iterable[MoveLine | Refused], planner: Staff, day: date
) -> tuple[list[PlannedMove], list[Refused]]:
    """Whom and which branch each row means, and the rows that are refused, in the order of the file."""
    lines = list(lines)
    understood = [line for line in lines if isinstance(line, MoveLine)]
    numbers = [line.number for line in understood]
    staff = Staff.objects.select_related("branch").in_bulk(numbers, field_name="employee_number")
    near = set(staff_in_reach(planner).filter(employee_number__in=numbers).values_list("pk", flat=True))
    branches = Branch.objects.in_bulk([line.branch for line in understood if line.branch], field_name="code")
    busy = set(_busy([one.pk for one in staff.values()]))
    managing, own = set(_managing(near)), _own_branches(planner, branches)
    moves: list[PlannedMove] = []
    refused: list[Refused] = []
    for line in lines:
        code = line.code if isinstance(line, Refused) else _fault(line, staff, branches, day)
        who = staff.get(line.number)
        if not code and who is not None:
            code = "OUT_OF_REACH" if who.pk not in near else "IN_ANOTHER" if who.pk in busy else ""
        if not code and who is not None and who.pk in managing and line.branch and line.branch not in own:
            code = "BEYOND_REACH"
        if code or who is None:
            # Whoever typed a resident number for an employee number is not shown it again, nor is it kept.
            refused.append(Refused(line.line, without_resident_numbers(line.number), code))
        else:
            moves.append(PlannedMove(who, line.kind, branches.get(line.branch)))
    return moves, refused


def _busy(staff: Sequence[int]) -> QuerySet[StaffMove]:
    return StaffMove.objects.filter(staff__in=staff, handover__state__in=UNDER_WAY).values_list("staff", flat=True)


def _managing(staff: Iterable[int]) -> QuerySet[Staff]:
    """Those of them who see the customers of their branch: a move changes what they see."""
    allowed = Staff.objects.filter(pk__in=staff, groups__permissions__codename="view_branch_customers")
    return allowed.values_list("pk", flat=True)


def _own_branches(planner: Staff, branches: Mapping[str, Branch]) -> set[str]:
    """The branches to which `planner` may move whoever sees the customers of a branch: nobody gives a view of more
    than their own, least of all to themselves."""
    if planner.has_perm("customers.view_every_customer"):
        return set(branches)
    return {code for code, one in branches.items() if planner.branch and one.path.startswith(planner.branch.path)}


def _fault(line: MoveLine, staff: dict[str, Staff], branches: dict[str, Branch], day: date) -> str:
    if line.number not in staff:
        return "UNKNOWN_STAFF"
    if line.day is not None and line.day != day:
        return "OTHER_DAY"
    if not line.branch:
        return ""
    if line.branch not in branches:
        return "UNKNOWN_BRANCH"
    return "CLOSED_BRANCH" if branches[line.branch].closed_on else ""
