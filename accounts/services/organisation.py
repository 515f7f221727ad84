"""Entering a whole organisation: what an installation starts with, and files of branches and staff."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import Branch, Channel, RightsChange, Staff
from accounts.services.branches import hold_tree, open_branch, rewrite_paths

BRANCH_COLUMNS = ("code", "name", "kind", "parent_code")
STAFF_COLUMNS = ("employee_number", "name", "branch_code", "job", "channel")
BATCH = 2_000


class OrganisationProblem(Exception):
    """A file cannot be taken over; the message names the file, the line and what is wrong. Nothing was changed."""


@dataclass(frozen=True)
class Organisation:
    """How many rows the files held."""

    branch_count: int
    staff_count: int


@dataclass(frozen=True)
class Row:
    """One line of a file. place: `file:line`, for messages."""

    place: str
    cells: dict[str, str]


def open_channels(definitions: dict[str, tuple[str, str]]) -> None:
    """Enter the channels that are not there yet; the names of the others stay as administrators left them.

    definitions: `{code: (Korean name, English name)}`.
    """
    rows = [Channel(code=code, name=name, english_name=english) for code, (name, english) in definitions.items()]
    Channel.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def open_head_office(*, code: str, name: str) -> Branch:
    """The head office of that code; opened if it is not there yet."""
    found = Branch.objects.filter(code=code).first()
    return found or open_branch(code=code, name=name, kind=Branch.Kind.HEAD_OFFICE)


@transaction.atomic
def load_organisation(branches_csv: Path, staff_csv: Path) -> Organisation:
    """Enter or refresh branches and staff from two CSV files (UTF-8), in sets. Raises OrganisationProblem.

    branches_csv: code, name, kind, parent_code; staff_csv: employee_number, name, branch_code, job, channel (code).
    New staff have no password and nobody can log in as them; passwords, roles and languages of others stay.
    """
    hold_tree()
    branches = _read(branches_csv, BRANCH_COLUMNS)
    staff = _read(staff_csv, STAFF_COLUMNS)
    paths, places = _paths(), _places(staff)
    for level in _levels(branches):
        _enter_branches(level)
    rewrite_paths()
    _enter_staff(staff)
    _record(paths, places, staff)
    return Organisation(branch_count=len(branches), staff_count=len(staff))


def _read(file: Path, columns: tuple[str, ...]) -> list[Row]:
    """The rows of a file whose first column is its key, given once and not empty."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = set(columns) - set(reader.fieldnames or ())
        if missing:
            raise OrganisationProblem(f"{file.name}: no column {', '.join(sorted(missing))}.")
        rows = [
            Row(f"{file.name}:{reader.line_num}", {column: (cells[column] or "").strip() for column in columns})
            for cells in reader
        ]
    seen: set[str] = set()
    for row in rows:
        key = row.cells[columns[0]]
        if not key or key in seen:
            raise OrganisationProblem(f"{row.place}: {columns[0]} {key!r} is empty or there already.")
        seen.add(key)
    return rows


def _levels(rows: list[Row]) -> Iterator[list[Row]]:
    """The branches from the top down, so that each finds the one above it in the database."""
    waiting = rows
    while waiting:
        own = {row.cells["code"] for row in waiting}
        level = [row for row in waiting if row.cells["parent_code"] not in own]
        if not level:
            raise OrganisationProblem(f"{waiting[0].place}: the branch stands below itself.")
        yield level
        placed = {row.cells["code"] for row in level}
        waiting = [row for row in waiting if row.cells["code"] not in placed]


def _enter_branches(rows: list[Row]) -> None:
    above = {branch.code: branch for branch in Branch.objects.filter(code__in=[r.cells["parent_code"] for r in rows])}
    entered = []
    for row in rows:
        code, name, kind, parent_code = (row.cells[column] for column in BRANCH_COLUMNS)
        parent = above.get(parent_code)
        if kind not in Branch.Kind or (parent is None and (parent_code or kind != Branch.Kind.HEAD_OFFICE)):
            raise OrganisationProblem(f"{row.place}: kind {kind!r} or parent_code {parent_code!r} is not known.")
        path = f"{parent.path if parent else '/'}{code}/"
        entered.append(Branch(code=code, name=name, kind=kind, parent=parent, path=path))
    Branch.objects.bulk_create(
        entered,
        BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "kind", "parent"],
    )


def _enter_staff(rows: list[Row]) -> None:
    branches = dict(Branch.objects.values_list("code", "pk"))
    channels = set(Channel.objects.values_list("code", flat=True))
    entered = []
    for row in rows:
        number, name, branch_code, job, channel = (row.cells[column] for column in STAFF_COLUMNS)
        if branch_code not in branches or (channel and channel not in channels):
            raise OrganisationProblem(f"{row.place}: branch {branch_code!r} or channel {channel!r} is not known.")
        entered.append(
            Staff(
                employee_number=number,
                name=name,
                branch_id=branches[branch_code],
                job=job,
                channel_id=channel or None,
                password=make_password(None),
            )
        )
    Staff.objects.bulk_create(
        entered,
        BATCH,
        update_conflicts=True,
        unique_fields=["employee_number"],
        update_fields=["name", "branch", "job", "channel"],
    )


def _paths() -> dict[str, str]:
    """{branch code: path}"""
    return dict(Branch.objects.values_list("code", "path"))


def _places(rows: list[Row]) -> dict[str, tuple[int, str, str]]:
    """{employee number: id, branch code, channel code} of those of the file who are there."""
    numbers = [row.cells["employee_number"] for row in rows]
    held = Staff.objects.filter(employee_number__in=numbers)
    columns = held.values_list("employee_number", "pk", "branch__code", "channel")
    return {number: (pk, branch or "", channel or "") for number, pk, branch, channel in columns}


def _record(paths: dict[str, str], places: dict[str, tuple[int, str, str]], rows: list[Row]) -> None:
    """Note in the record of rights what the files changed: branches opened and moved, staff entered and moved.

    paths, places: as they were before.
    """
    now, made = timezone.now(), []
    for code, path in _paths().items():
        if code not in paths:
            made.append(RightsChange(at=now, kind="BRANCH_OPENED", what={"branch": code, "path": path}))
        elif paths[code] != path:
            what = {"branch": code, "from": paths[code], "to": path}
            made.append(RightsChange(at=now, kind="BRANCH_MOVED", what=what))
    for number, (pk, branch, channel) in _places(rows).items():
        if number not in places:
            what = {"branch": branch, "channel": channel}
            made.append(RightsChange(at=now, staff_id=pk, kind="HIRED", what=what))
            continue
        _pk, old_branch, old_channel = places[number]
        for kind, old, new in (("MOVED", old_branch, branch), ("CHANNEL_CHANGED", old_channel, channel)):
            if old != new:
                made.append(RightsChange(at=now, staff_id=pk, kind=kind, what={"from": old, "to": new}))
    RightsChange.objects.bulk_create(made, BATCH)
