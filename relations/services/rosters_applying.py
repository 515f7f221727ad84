"""Applying a roster: members join, change and leave in one transaction, which holds whole or not at all."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from customers.sealing import Sealer, place_of
from relations import tasks
from relations.models import CoverEnd, GroupMember, Roster, RosterRow
from relations.rules.rosters import SELF, Entry
from relations.rules.rosters_changes import CHANGE, JOIN, LEAVE, Plan, Step
from relations.services import groups_ends, rosters, rosters_checks

log = logging.getLogger(__name__)
BATCH = 2_000
WAITS = timedelta(minutes=1)  # before a list that nobody took up is taken up again
COPIED = ("name", "birth_date", "sex", "mobile", "email", "joined_on", "employee_no", "cover_from")
WRITTEN = (*COPIED, "rrn_mask", "rrn_sealed", "rrn_index", "left_on", "cover_until", "principal_id")
# A list may change ten thousand members: they are written in statements of the driver, one round trip for many.
REWRITE = f"UPDATE relations_groupmember SET {', '.join(f'{name} = %s' for name in WRITTEN)} WHERE id = %s"  # noqa: S608 - columns of our own
NAME_MEMBERS = """
UPDATE relations_rosterrow row SET member_id = joined.id
FROM unnest(%s::int[], %s::bigint[]) AS joined(line, id) WHERE row.roster_id = %s AND row.line = joined.line
"""


def apply_roster(*, roster: Roster) -> Roster:
    """Apply a list that somebody let go; lists of one contract take turns. May be called again after any interruption.

    Where the members changed since the check so that the list would do something else now, nothing is applied: it is
    CHECKED again, with what it would do. Raises RosterBusy, and OperationalError or InterfaceError when the database
    is away.
    """
    with rosters_checks.only_one(roster):
        roster.refresh_from_db()
        if roster.state != Roster.State.APPLYING:
            return roster
        try:
            _apply(roster, timezone.now())
        except (OperationalError, InterfaceError):
            connection.close()
            raise
        except Exception as problem:  # whatever it was, a person waits for the end of it
            rosters_checks.report(roster, problem)
            _give_back(roster, "FAULT")
    return roster


@transaction.atomic
def _apply(roster: Roster, at: datetime) -> None:
    rosters.hold_contract(roster.contract_id)
    rows = rosters_checks.rows_again(roster)
    planned = rosters_checks.plan_of(roster, rosters_checks.entries_of(roster, rows))
    counts = rosters_checks.counts_of(roster, planned)
    if counts != roster.counts or _does_otherwise(roster, planned) or rosters.is_overtaken(roster):
        RosterRow.objects.filter(roster=roster).delete()
        rosters_checks.write_steps(roster, planned, rows)
        roster.counts, roster.total = counts, len(planned.steps)
        roster.save(update_fields=["counts", "total"])
        _give_back(roster, "CHANGED_MEANWHILE")
        return
    _Writer(roster, at).write(planned)
    roster.state, roster.applied_at = Roster.State.APPLIED, at
    roster.save(update_fields=["state", "applied_at"])
    rosters.forget_contents(roster)
    log.info("Roster %s was applied", roster.pk)
    tasks.match_members.delay_on_commit(contract_id=roster.contract_id)


def _does_otherwise(roster: Roster, planned: Plan) -> bool:
    """Whether the steps are not those that somebody looked at, even where they are as many."""
    told = RosterRow.objects.filter(roster=roster).values_list("line", "action", "member")
    return set(told) != {(step.line, step.action, step.member_id) for step in planned.steps}


def _give_back(roster: Roster, code: str) -> None:
    """Let people look at the list again."""
    roster.state, roster.applied_by = Roster.State.CHECKED, None
    roster.problem = json.dumps({"code": code, "details": {}})
    roster.save(update_fields=["state", "applied_by", "problem"])


@dataclass
class _Writer:
    """Writes the steps of one list."""

    roster: Roster
    at: datetime

    def write(self, planned: Plan) -> None:
        self.sealer = Sealer(settings.KEYS)
        self.began = self.roster.contract.started_on
        steps = planned.steps
        self._change([step for step in steps if step.member_id is not None and step.action in (CHANGE, LEAVE)])
        self._note_seen([step.member_id for step in steps if step.member_id is not None])
        joined = self._join([step for step in steps if step.action == JOIN and step.entry.relation == SELF], {})
        self._join([step for step in steps if step.action == JOIN and step.entry.relation != SELF], joined)

    def _join(self, steps: Sequence[Step], employees: Mapping[int, int]) -> dict[int, int]:
        """New members; {line: id}. employees: those who joined with the same list, likewise."""
        ids = _next_ids(len(steps))
        made = [
            self._new(step, key, step.principal_id or employees.get(step.principal_line))
            for step, key in zip(steps, ids, strict=True)
        ]
        GroupMember.objects.bulk_create(made, batch_size=BATCH)
        lines = {step.line: key for step, key in zip(steps, ids, strict=True)}
        with connection.cursor() as cursor:
            cursor.execute(NAME_MEMBERS, [list(lines), list(lines.values()), self.roster.pk])
        return lines

    def _new(self, step: Step, key: int, principal: int | None) -> GroupMember:
        member = GroupMember(
            pk=key,
            contract_id=self.roster.contract_id,
            organisation_id=self.roster.organisation_id,
            principal_id=principal,
            relation=step.entry.relation,
            cover_from=self._covered_from(step.entry),
            first_roster=self.roster,
            last_roster=self.roster,
        )
        self._copy(step.entry, [name for name in COPIED if name != "cover_from"], member)
        self._seal(step.entry, member)
        return member

    def _covered_from(self, entry: Entry) -> date:
        """The day that the list says; else when they joined, but not before the contract began."""
        return entry.cover_from or max(day for day in (entry.joined_on or self.roster.on, self.began) if day)

    def _copy(self, entry: Entry, names: Sequence[str], member: GroupMember) -> None:
        for name in names:
            setattr(member, name, getattr(entry, name))

    def _seal(self, entry: Entry, member: GroupMember) -> None:
        if entry.rrn:
            member.rrn_mask, member.rrn_index = entry.rrn_mask, entry.rrn_index
            member.rrn_sealed = self.sealer.seal(entry.rrn, rrn_place(member.pk))

    def _change(self, steps: Sequence[Step]) -> None:
        members = GroupMember.objects.in_bulk([step.member_id for step in steps])
        ended: dict[int, str] = {}
        for step in steps:
            member = members[step.member_id]
            self._copy(step.entry, [name for name in step.changed if name in COPIED], member) if step.entry else None
            if "rrn" in step.changed:
                self._seal(step.entry, member)
            if step.principal_id:
                member.principal_id = step.principal_id
            if step.action == LEAVE or "left_on" in step.changed:
                member.left_on = step.entry.left_on if step.entry else None
                member.cover_until = step.cover_until
                ended[member.pk] = step.because
        with connection.cursor() as cursor:
            rows = [[getattr(member, name) for name in WRITTEN] + [member.pk] for member in members.values()]
            cursor.executemany(REWRITE, rows)
        self._tell_ends([members[key] for key in ended], ended)

    def _tell_ends(self, members: Sequence[GroupMember], because: Mapping[int, str]) -> None:
        CoverEnd.objects.filter(member__in=members, seen_at=None).delete()  # an end that is moved or taken back
        groups_ends.note_cover_ends(
            members=[member for member in members if member.cover_until], because=because, at=self.at
        )

    def _note_seen(self, members: Sequence[int]) -> None:
        GroupMember.objects.filter(pk__in=members).update(last_roster=self.roster)


def rrn_place(member_id: int) -> str:
    """The place that the resident number of a member is sealed to."""
    return place_of("rrn", "ROSTER", str(member_id))


def _next_ids(count: int) -> list[int]:
    """Ids for new members, so that a number is sealed to its row before that is written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('relations_groupmember', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [key for (key,) in cursor.fetchall()]


def resume_rosters() -> list[int]:
    """Take up again the lists that a dead process left behind; returns their ids. Safe to call at any time."""
    resumed, late = [], timezone.now() - WAITS
    for roster in Roster.objects.exclude(state__in=("CHECKED", "APPLIED", "CANCELLED", "FAILED")).order_by("pk"):
        if roster.state == Roster.State.WAITING and roster.uploaded_at > late:
            continue
        try:
            if roster.state == Roster.State.APPLYING:
                apply_roster(roster=roster)
            else:
                rosters_checks.check_roster(roster=roster)
        except rosters_checks.RosterBusy:
            continue
        resumed.append(roster.pk)
    return resumed
