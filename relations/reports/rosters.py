"""Rosters: their list, one with what its rows would do, and the file of the rows that cannot be taken."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import translation

from accounts.models import Staff
from customers.access import Place
from customers.feeds.parsing import harmless
from customers.feeds.rejects import OWN_COLUMNS
from customers.models import Customer
from customers.querysets import sees_everyone
from relations.models import Roster, RosterRow
from relations.people import Face, faces
from relations.rules.rosters import TITLES
from relations.services.rosters_checks import WHOLE_LINE, opened_rows
from relations.words import rosters as words

MOST_PROBLEMS = 12
AT_WORK = (Roster.State.WAITING, Roster.State.CHECKING, Roster.State.APPLYING)


@dataclass(frozen=True, slots=True)
class Figure:
    """How many rows do one thing. action: as the rows are narrowed by."""

    action: str
    label: str
    count: int
    tone: str


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row of a roster without anything that somebody's data could be: where it stands and what it would do."""

    line: int
    action: str
    tone: str
    relation: str
    changed: str
    problems: tuple[str, ...]
    is_missing: bool


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A roster in the list."""

    roster: Roster
    face: Face | None
    state: str
    tone: str


@dataclass(frozen=True)
class RosterReport:
    """A roster as its page tells it. percent: of its rows that are checked; leaving: how many to type, 0 for none."""

    roster: Roster
    face: Face | None
    state: str
    tone: str
    fault: str
    hints: list[str]
    figures: list[Figure]
    problems: list[tuple[str, int]]
    percent: int
    leaving: int
    is_at_work: bool
    may_apply: bool
    may_cancel: bool
    has_rejects: bool


def visible_rosters(viewer: Staff) -> QuerySet[Roster]:
    """The rosters of organisations that the viewer may see."""
    rosters = Roster.objects.select_related("contract", "uploaded_by", "applied_by")
    if sees_everyone(viewer):
        return rosters
    return rosters.filter(organisation__in=Customer.objects.visible_to(viewer))


def roster_lines(rosters: list[Roster], viewer: Staff) -> list[RosterLine]:
    """The lines of some rosters."""
    shown = faces(viewer, [roster.organisation_id for roster in rosters], Place.LIST)
    return [
        RosterLine(roster, shown.get(roster.organisation_id), str(words.STATES[roster.state]), tone_of(roster))
        for roster in rosters
    ]


def tone_of(roster: Roster) -> str:
    """The colour of a roster's state."""
    return words.STATE_TONES.get(roster.state, "secondary")


def roster_report(roster: Roster, viewer: Staff) -> RosterReport:
    """What the page of a roster tells this reader."""
    may_load = viewer.has_perm("relations.load_roster")
    counts, is_checked = roster.counts, roster.state == Roster.State.CHECKED
    return RosterReport(
        roster=roster,
        face=faces(viewer, [roster.organisation_id]).get(roster.organisation_id),
        state=str(words.STATES[roster.state]),
        tone=tone_of(roster),
        fault=words.fault(roster),
        hints=words.hints(roster) if is_checked else [],
        figures=_figures(roster),
        problems=_problems(roster) if counts else [],
        percent=100 * roster.done // roster.total if roster.total else 0,
        leaving=counts.get("LEAVE", 0) if counts.get("takes_confirmation") else 0,
        is_at_work=roster.state in AT_WORK,
        may_apply=may_load and is_checked,
        may_cancel=may_load and roster.state in (Roster.State.WAITING, Roster.State.CHECKED, Roster.State.FAILED),
        has_rejects=may_load and is_checked and counts.get("REJECT", 0) > 0,
    )


def _figures(roster: Roster) -> list[Figure]:
    return [
        Figure(str(action), str(label), roster.counts.get(action, 0), words.TONES.get(action, ""))
        for action, label in words.ACTIONS.items()
        if roster.counts
    ]


def _problems(roster: Roster) -> list[tuple[str, int]]:
    """What was found, the most frequent first."""
    found = Counter(
        code for codes in roster.rows.exclude(problems=[]).values_list("problems", flat=True) for code in codes
    )
    return [(words.problem(code), count) for code, count in found.most_common(MOST_PROBLEMS)]


def row_lines(rows: list[RosterRow]) -> list[RowLine]:
    """Rows in words."""
    return [
        RowLine(
            row.line,
            str(words.ACTIONS[row.action]),
            words.TONES.get(row.action, "secondary"),
            words.relation(row.relation),
            words.changed(row.changed),
            tuple(map(words.problem, row.problems)),
            row.action == RosterRow.Action.LEAVE and not row.relation,
        )
        for row in rows
    ]


def reject_file(roster: Roster) -> bytes:
    """The rows that cannot be taken, with line, column and reason, ready to be corrected and sent again as a list of
    changes. It is UTF-8 with a mark, in Korean; it holds what the company sent, resident numbers among it."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([*OWN_COLUMNS, *TITLES.values()])
    with translation.override("ko"):
        for row, cells in opened_rows(roster, action=RosterRow.Action.REJECT):
            reasons = " ".join(words.problem(code) for code in row.problems)
            sent = [cells.get(column, "") for column in TITLES]
            writer.writerow([row.line, "", harmless(cells.get(WHOLE_LINE, "")), reasons, *map(harmless, sent)])
    return written.getvalue().encode("utf-8-sig")
