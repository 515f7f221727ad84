"""What a roster would change among the members of a group contract, row by row. Pure.

Nobody leaves by a row that cannot be taken: a member whom such a row may mean stays. Nobody leaves twice either, so
that the same file again changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from relations.rules.rosters import SELF, Entry

JOIN, CHANGE, SAME, LEAVE, REJECT = "JOIN", "CHANGE", "SAME", "LEAVE", "REJECT"
ACTIONS = (JOIN, CHANGE, SAME, LEAVE, REJECT)
LEFT, DEPENDANT = "LEFT", "DEPENDANT"
COMPARED = ("employee_no", "name", "birth_date", "sex", "mobile", "email", "joined_on", "cover_from")
MOSTLY_UNKNOWN = "MOSTLY_UNKNOWN"
"""The hint that more than half of the employees were never heard of: is it the list of another company?"""


@dataclass(frozen=True, slots=True)
class Known:
    """A member as it stands. cover_until: None while nobody said that the cover ends."""

    id: int
    relation: str
    employee_no: str
    name: str
    birth_date: date | None
    cover_from: date
    cover_until: date | None = None
    sex: str = ""
    rrn_index: bytes = b""
    mobile: str = ""
    email: str = ""
    joined_on: date | None = None
    left_on: date | None = None
    principal_id: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one row, or of a member whom the list leaves out. entry: None for the latter; cover_until: the
    first day without cover, of who leaves; principal: line of the employee's row, or None where they are known."""

    line: int
    action: str
    entry: Entry | None = None
    member_id: int | None = None
    changed: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    cover_until: date | None = None
    because: str = ""
    principal_line: int | None = None
    principal_id: int | None = None


@dataclass(frozen=True)
class Plan:
    """All steps by line. leaving: how many of the `known_count` open members would leave; hints: codes."""

    steps: tuple[Step, ...]
    known_count: int
    hints: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(step.action for step in self.steps)
        return {action: found[action] for action in ACTIONS}

    @property
    def leaving(self) -> int:
        return self.counts[LEAVE]

    @property
    def takes_confirmation(self) -> bool:
        """Whether so many leave that somebody must say that this is meant."""
        return 2 * self.leaving > self.known_count


def plan(entries: Sequence[Entry], known: Iterable[Known], *, on: date, is_full: bool) -> Plan:
    """What a list of the day `on` does to these members. is_full: whoever is not on it has left."""
    return _Planner(list(known), on=on, is_full=is_full).planned(entries)


def bare(employee_no: str) -> str:
    """A number as it is compared: spreadsheets drop the noughts in front."""
    return employee_no.lstrip("0") or "0"


def _key(one: Entry | Known) -> tuple[object, ...]:
    return bare(one.employee_no), one.relation, one.name, one.birth_date


@dataclass
class _Planner:
    known: list[Known]
    on: date
    is_full: bool
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open = [one for one in self.known if one.cover_until is None]
        self.closed = sorted((one for one in self.known if one.cover_until is not None), key=lambda one: one.id)
        self.found_open, self.found_closed = _Finder(self.open), _Finder(self.closed)
        self.mentioned: set[int] = set()

    def planned(self, entries: Sequence[Entry]) -> Plan:
        refused = _refused_together(entries)
        for entry in entries:
            self.steps.append(self._step(entry, refused.get(entry.line, ())))
        self._refuse_two_of_one()
        self._look_for_employees()
        last = max((entry.line for entry in entries), default=1)
        self.steps += self._missing(last + 1)
        return Plan(tuple(self.steps), len(self.open), self._hints())

    def _step(self, entry: Entry, refused: tuple[str, ...]) -> Step:
        """What a row does, taken by itself."""
        held, closed = self.found_open.find(entry), None
        if held is None:
            closed = self.found_closed.find(entry)
        if held is not None:
            self.mentioned.add(held.id)
        problems = (*entry.problems, *refused)
        if not entry.is_sound or refused:
            return Step(entry.line, REJECT, entry, held.id if held else None, problems=problems)
        if held is not None:
            return self._of_open(entry, held, problems)
        if closed is not None and (entry.left_on or closed.cover_until > self.on):
            return self._of_closed(entry, closed, problems)
        if entry.left_on is not None:
            return Step(entry.line, REJECT, entry, problems=(*problems, "UNKNOWN_LEAVER"))
        if entry.relation == SELF and (other := self.found_open.employee(entry.employee_no)):
            self.mentioned.add(other.id)
            return Step(entry.line, REJECT, entry, problems=(*problems, "EMPLOYEE_NO_TAKEN"))
        return Step(entry.line, JOIN, entry, problems=problems)

    def _of_open(self, entry: Entry, held: Known, problems: tuple[str, ...]) -> Step:
        changed = _changed(entry, held)
        if entry.left_on is not None:
            until, because = entry.left_on + timedelta(days=1), LEFT if held.relation == SELF else DEPENDANT
            return Step(entry.line, LEAVE, entry, held.id, changed, problems, until, because)
        return Step(entry.line, CHANGE if changed else SAME, entry, held.id, changed, problems)

    def _of_closed(self, entry: Entry, held: Known, problems: tuple[str, ...]) -> Step:
        """A row of somebody whose cover has an end already: the same end again, another one, or none after all."""
        same = entry.left_on is not None and held.left_on in (None, entry.left_on)
        if same:
            return Step(entry.line, SAME, entry, held.id, problems=problems)
        until = entry.left_on + timedelta(days=1) if entry.left_on else None
        return Step(entry.line, CHANGE, entry, held.id, ("left_on",), problems, until, LEFT if until else "")

    def _refuse_two_of_one(self) -> None:
        """Two rows that would change one member are both refused, for nobody knows which one is right."""
        times = Counter(step.member_id for step in self.steps if step.member_id is not None and step.action != REJECT)
        self.steps = [
            _rejected(step, "TWICE_DIFFERENT") if times.get(step.member_id, 0) > 1 and step.action != REJECT else step
            for step in self.steps
        ]

    def _look_for_employees(self) -> None:
        """Tie dependants to their employee: a row of this list, or a member who stays."""
        by_no = {
            bare(step.entry.employee_no): step
            for step in self.steps
            if step.entry.relation == SELF and step.action in (JOIN, CHANGE, SAME)
        }
        leaving = {step.member_id for step in self.steps if step.action == LEAVE}
        self.steps = [self._tied(step, by_no, leaving) for step in self.steps]

    def _tied(self, step: Step, by_no: dict[str, Step], leaving: set[int | None]) -> Step:
        if step.entry.relation == SELF or step.action not in (JOIN, CHANGE, SAME):
            return step
        employee = by_no.get(bare(step.entry.employee_no))
        if employee is not None and employee.member_id is not None:
            return replace(step, principal_id=employee.member_id)
        if employee is not None:
            return replace(step, principal_line=employee.line)
        held = self.found_open.employee(step.entry.employee_no)
        stays = held is not None and held.id not in leaving and (not self.is_full or held.id in self.mentioned)
        if stays:
            return replace(step, principal_id=held.id)
        was_closed = step.action == SAME and step.member_id not in {one.id for one in self.open}
        return step if was_closed else _rejected(step, "NO_EMPLOYEE")

    def _missing(self, line: int) -> list[Step]:
        """Whoever is left out of a whole list leaves, and dependants leave with their employee."""
        left_out = [
            one for one in self.open if self.is_full and one.id not in self.mentioned and one.cover_from <= self.on
        ]
        gone = {step.member_id: step.cover_until for step in self.steps if step.action == LEAVE}
        gone |= {one.id: self.on for one in left_out if one.id not in gone}
        already = {step.member_id for step in self.steps if step.action == LEAVE}
        steps = []
        for one in self.open:
            with_employee = gone.get(one.principal_id) if one.principal_id else None
            until = with_employee or (gone.get(one.id) if one.id not in already else None)
            if until is None or one.id in already:
                continue
            because = LEFT if one.relation == SELF or with_employee else DEPENDANT
            steps.append(Step(line, LEAVE, member_id=one.id, cover_until=until, because=because))
            line += 1
        return steps

    def _hints(self) -> tuple[str, ...]:
        employees = [step for step in self.steps if step.entry is not None and step.entry.relation == SELF]
        unknown = sum(step.action == JOIN or "EMPLOYEE_NO_TAKEN" in step.problems for step in employees)
        return (MOSTLY_UNKNOWN,) if self.open and 2 * unknown > len(employees) else ()


class _Finder:
    """Members by what tells them: resident number, number with name and birth date, number with one of the two."""

    def __init__(self, members: Sequence[Known]) -> None:
        self._by_rrn = {one.rrn_index: one for one in members if one.rrn_index}
        self._by_key = {_key(one): one for one in members}
        self._by_no: dict[tuple[str, str], list[Known]] = defaultdict(list)
        for one in members:
            self._by_no[bare(one.employee_no), one.relation].append(one)

    def find(self, entry: Entry) -> Known | None:
        """The member whom a row means, None where there is none or more than one could be meant."""
        if entry.rrn_index and (held := self._by_rrn.get(entry.rrn_index)) and held.relation == entry.relation:
            return held
        if (held := self._by_key.get(_key(entry))) and _may_be_one(entry, held):
            return held
        likely = [
            one
            for one in self._by_no.get((bare(entry.employee_no), entry.relation), ())
            if _may_be_one(entry, one) and (one.name == entry.name or one.birth_date == entry.birth_date)
        ]
        return likely[0] if len(likely) == 1 else None

    def employee(self, employee_no: str) -> Known | None:
        """The employee of this number."""
        return next(iter(self._by_no.get((bare(employee_no), SELF), ())), None)


def _may_be_one(entry: Entry, held: Known) -> bool:
    """Whether no resident number speaks against it."""
    return not (entry.rrn_index and held.rrn_index and entry.rrn_index != held.rrn_index)


def _changed(entry: Entry, held: Known) -> tuple[str, ...]:
    """The items for which a row has another value; an empty cell says nothing."""
    changed = [
        name for name in COMPARED if (value := getattr(entry, name)) not in ("", None) and value != getattr(held, name)
    ]
    if "employee_no" in changed and bare(entry.employee_no) == bare(held.employee_no):
        changed.remove("employee_no")
    if entry.rrn_index and entry.rrn_index != held.rrn_index:
        changed.append("rrn")
    return tuple(changed)


def _refused_together(entries: Sequence[Entry]) -> dict[int, tuple[str, ...]]:
    """{line: why} of rows that do not go with others of the file. Of equal rows the first is taken."""
    refused: dict[int, tuple[str, ...]] = {}
    groups: dict[object, list[Entry]] = defaultdict(list)
    numbers: dict[str, set[object]] = defaultdict(set)
    for entry in entries:
        if entry.is_sound:
            who = entry.rrn_index or _key(entry)
            groups[who].append(entry)
            if entry.relation == SELF:
                numbers[bare(entry.employee_no)].add(who)
    for same in groups.values():
        first, *others = same
        if any(_content(one) != _content(first) for one in others):
            refused |= {one.line: ("TWICE_DIFFERENT",) for one in same}
        else:
            refused |= {one.line: ("TWICE",) for one in others}
        if first.relation == SELF and len(numbers[bare(first.employee_no)]) > 1:
            refused |= {one.line: ("EMPLOYEE_NO_TWICE",) for one in same}
    return refused


def _content(entry: Entry) -> Entry:
    return replace(entry, line=0, problems=())


def _rejected(step: Step, problem: str) -> Step:
    return Step(step.line, REJECT, step.entry, step.member_id, problems=(*step.problems, problem))
