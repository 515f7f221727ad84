"""The check of a roster: every row is read and told what it would do, and nothing of it holds yet."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from customers.feeds.layouts import LAYOUTS
from customers.feeds.mapping import CompiledMapping
from customers.feeds.parsing import parse
from customers.feeds.reading import Opened, open_feed
from customers.feeds.refusal import UnreadableFile
from customers.feeds.rejects import is_reject_file, without_notes
from customers.sealing import Sealer, place_of
from customers.standard import business_number
from relations.models import GroupMember, Roster, RosterRow
from relations.rules.rosters import SYNONYMS, TITLES, Entry, HeaderUnfit, places_of, read_entry
from relations.rules.rosters_changes import Known, Plan, Step, plan
from relations.services import rosters

log = logging.getLogger(__name__)
CHUNK = 1_000
MOST_ROWS = 200_000
SAME_FILE = "SAME_FILE"  # the hint that the very file was applied before
WHOLE_LINE = "line"  # where the cells of an unreadable row stand


class RosterBusy(Exception):
    """Another process is at work on this roster."""


@dataclass(frozen=True)
class Row:
    """A row as read: its cells by column, or the whole of it where it has none, and the code of why."""

    line: int
    cells: Mapping[str, str]
    problem: str = ""


@contextmanager
def only_one(roster: Roster) -> Iterator[None]:
    """Be the only process at this roster. Raises RosterBusy."""
    if not rosters.take_roster(roster.pk):
        raise RosterBusy
    try:
        yield
    finally:
        rosters.leave_roster(roster.pk)


def check_roster(*, roster: Roster) -> Roster:
    """Read a list and say of every row what it would do; may be called again after any interruption.

    A file that cannot be read leaves it FAILED with the reason. Raises RosterBusy, and OperationalError or
    InterfaceError when the database is away.
    """
    with only_one(roster):
        roster.refresh_from_db()
        if roster.state not in (Roster.State.WAITING, Roster.State.CHECKING):
            return roster
        _note(roster, state=Roster.State.CHECKING, done=0, total=0, problem="")
        RosterRow.objects.filter(roster=roster).delete()
        try:
            _check(roster)
        except UnreadableFile as problem:
            _fail(roster, problem.code, {**problem.details, "file": roster.file_name})
        except HeaderUnfit as problem:
            _fail(roster, f"HEADER_{problem.code}", {"columns": ", ".join(problem.titles)})
        except (OperationalError, InterfaceError):
            connection.close()
            raise
        except OSError as problem:
            report(roster, problem)
            _fail(roster, "DISK", {})
        except Exception as problem:  # whatever it was, a person waits for the end of this check
            report(roster, problem)
            _fail(roster, "FAULT", {})
    return roster


def report(roster: Roster, problem: Exception) -> None:
    """Log where it broke. The message of the exception is left out: it may quote a row of the file."""
    places = "".join(traceback.format_tb(problem.__traceback__))
    log.error("Roster %s was stopped by %s:\n%s", roster.pk, type(problem).__name__, places)


def _check(roster: Roster) -> None:
    rows = list(read_rows(Path(roster.file_path)))
    planned = plan_of(roster, entries_of(roster, rows))
    _note(roster, total=len(planned.steps))
    write_steps(roster, planned, rows, on_chunk=lambda done: _note(roster, done=done))
    _note(roster, state=Roster.State.CHECKED, counts=counts_of(roster, planned))
    rosters.remove_file(roster)


def _note(roster: Roster, **changes: object) -> None:
    for name, value in changes.items():
        setattr(roster, name, value)
    roster.save(update_fields=list(changes))


def _fail(roster: Roster, code: str, details: Mapping[str, object]) -> None:
    RosterRow.objects.filter(roster=roster).delete()
    problem = json.dumps({"code": code, "details": {name: str(value) for name, value in details.items()}})
    _note(roster, state=Roster.State.FAILED, problem=problem, counts={})
    rosters.remove_file(roster)


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a list, in any encoding or as a workbook. Raises UnreadableFile, HeaderUnfit."""
    known = [title for column, titles in SYNONYMS.items() for title in (TITLES[column], *titles.split())]
    opened = open_feed(path, headers=known)
    if is_reject_file(opened.header):
        opened = without_notes(opened)
    places = places_of(opened.header)
    count = 0
    for row in _cut(opened, places):
        count += 1
        if count > MOST_ROWS:
            raise UnreadableFile("TOO_MANY_ROWS", most=f"{MOST_ROWS:,}")
        yield row
    if not count:
        raise UnreadableFile("EMPTY_FILE", file=path.name)


def _cut(opened: Opened, places: Mapping[str, int]) -> Iterator[Row]:
    """Rows by line; those that cannot be cut into cells stand behind the others of their chunk."""
    mapping = CompiledMapping(LAYOUTS["customers"], tuple(opened.header), {}, {})
    for chunk in opened.chunks:
        parsed = parse(chunk, opened.dialect, mapping)
        for line, cells in zip(parsed.lines, parsed.rows, strict=True):
            yield Row(line, {column: cells[place] for column, place in places.items()})
        for reject in parsed.rejects:
            yield Row(reject.line, {WHOLE_LINE: " ".join(reject.cells)}, reject.reason)


def entries_of(roster: Roster, rows: Sequence[Row]) -> list[Entry]:
    """The rows in standard form, by line."""
    sealer = Sealer(settings.KEYS)
    own = roster.organisation.company_no
    numbers = frozenset([business_number(own).value]) if own else frozenset()
    more = {"on": roster.on, "company_numbers": numbers - {None, ""}, "index": lambda rrn: sealer.index("rrn", rrn)}
    entries = [
        Entry(row.line, problems=(row.problem,)) if row.problem else read_entry(row.line, row.cells, **more)
        for row in rows
    ]
    return sorted(entries, key=lambda entry: entry.line)


def plan_of(roster: Roster, entries: Sequence[Entry]) -> Plan:
    """What a list does to the members as they are now."""
    return plan(entries, known_members(roster.contract_id), on=roster.on, is_full=roster.is_full)


def known_members(contract_id: int) -> list[Known]:
    """The members of a contract, former ones among them."""
    names = [name for name in Known.__dataclass_fields__ if name != "rrn_index"]
    rows = GroupMember.objects.filter(contract=contract_id).order_by("pk").values(*names, "rrn_index")
    return [Known(**{**row, "rrn_index": bytes(row["rrn_index"] or b"")}) for row in rows]


def counts_of(roster: Roster, planned: Plan) -> dict[str, object]:
    """What a roster keeps of its plan."""
    applied = Roster.objects.filter(contract=roster.contract_id, state=Roster.State.APPLIED)
    same = [SAME_FILE] if applied.filter(file_digest=roster.file_digest).exists() else []
    return {
        **planned.counts,
        "known": planned.known_count,
        "takes_confirmation": planned.takes_confirmation,
        "hints": [*planned.hints, *same],
    }


def write_steps(roster: Roster, planned: Plan, rows: Sequence[Row], on_chunk: object = None) -> None:
    """The steps of a plan as rows, each chunk a transaction of its own; the cells of rows that were read are sealed."""
    sealer, cells = Sealer(settings.KEYS), {row.line: row.cells for row in rows}
    for start in range(0, len(planned.steps), CHUNK):
        chunk = planned.steps[start : start + CHUNK]
        with transaction.atomic():
            RosterRow.objects.bulk_create(_row_of(roster, step, cells.get(step.line), sealer) for step in chunk)
        if on_chunk:
            on_chunk(start + len(chunk))


def _row_of(roster: Roster, step: Step, cells: Mapping[str, str] | None, sealer: Sealer) -> RosterRow:
    is_read = step.entry is not None and cells is not None
    return RosterRow(
        roster=roster,
        line=step.line,
        action=step.action,
        relation=step.entry.relation if step.entry and step.entry.name else "",
        member_id=step.member_id,
        changed=list(step.changed),
        problems=list(step.problems),
        content_sealed=_sealed(roster, step.line, cells, sealer) if is_read else None,
    )


def _sealed(roster: Roster, line: int, cells: Mapping[str, str], sealer: Sealer) -> bytes:
    return sealer.seal(json.dumps(cells, ensure_ascii=False), _place(roster, line))


def _place(roster: Roster, line: int) -> str:
    return place_of("cells", "ROSTER", f"{roster.pk}:{line}")


def opened_rows(roster: Roster, **narrowed: object) -> Iterator[tuple[RosterRow, Mapping[str, str]]]:
    """The rows of a roster whose cells are still there, with these, by line."""
    sealer = Sealer(settings.KEYS)
    held = RosterRow.objects.filter(roster=roster, content_sealed__isnull=False, **narrowed)
    for row in held.order_by("line").iterator(CHUNK):
        yield row, json.loads(sealer.open(row.content_sealed, _place(roster, row.line)))


def rows_again(roster: Roster) -> list[Row]:
    """The rows of a checked list as they were read."""
    unread = {WHOLE_LINE}
    return [
        Row(row.line, cells, row.problems[0] if unread & cells.keys() and row.problems else "")
        for row, cells in opened_rows(roster)
    ]
