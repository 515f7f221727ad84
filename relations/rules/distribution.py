"""Which planner takes over which customer: by rules that are open, with the points of each choice. Pure.

A household goes to one receiver as long as anybody has room for it. The points are whole numbers, so that they can be
told and added up; of equal points the receiver with the lower id wins, so that a plan made twice is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

WEIGHTS: Mapping[str, int] = {
    "CAPACITY": 30,  # for a receiver who keeps nobody yet; nothing for one who is full
    "TENURE": 10,  # for two years and more
    "PERSISTENCY": 20,  # for a hundred percent; nothing for sixty and less
    "COMPLAINTS": -5,  # for each, three at most
    "BRANCH": 30,  # the same branch
    "REGION": 10,  # another branch of the same region
    "HOUSEHOLD": 15,  # keeps others of the household
    "PROPOSED": 40,  # named by the one who leaves
}
"""Points that a rule gives at most, by its code; a handover keeps those it was planned with."""
TENURE_YEARS = 2
LEAST_PERSISTENCY, MOST_PERSISTENCY = 60, 100
MOST_COMPLAINTS = 3
NO_ROOM, NOBODY = "NO_ROOM", "NOBODY"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who may take customers. branch: path of the branch; room: how many more; persistency: percent.

    None where a figure is not known, which counts as the average of those that are.
    """

    staff_id: int
    branch: str
    room: int
    capacity: int
    years: float | None = None
    persistency: float | None = None
    complaints: int | None = None


@dataclass(frozen=True, slots=True)
class Seeker:
    """A customer who needs a keeper. branch: path of the branch that looks after them, '' where none does.

    household: any number that those of one household share, 0 for none; never: staff who must not be chosen;
    proposed: whom the one who leaves names; keeps_kin: staff who keep others of the household.
    """

    customer_id: int
    branch: str = ""
    household: int = 0
    never: frozenset[int] = frozenset()
    proposed: int | None = None
    keeps_kin: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who takes a customer, None for nobody; why: `[(code, points), …]`, what gave no points left out."""

    customer_id: int
    staff_id: int | None
    why: tuple[tuple[str, int], ...] = ()

    @property
    def points(self) -> int:
        return sum(points for _code, points in self.why)


@dataclass
class _Field:
    """The receivers as columns, in the order of their ids. room falls as customers are given out."""

    receivers: Sequence[Receiver]
    weights: Mapping[str, int]
    room: np.ndarray = field(init=False)
    steady: dict[str, np.ndarray] = field(init=False)
    place: dict[int, int] = field(init=False)
    near: dict[str, tuple[np.ndarray, np.ndarray]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.room = np.array([max(one.room, 0) for one in self.receivers], np.int64)
        self.capacity = np.array([max(one.capacity, 1) for one in self.receivers], np.int64)
        self.place = {one.staff_id: at for at, one in enumerate(self.receivers)}
        self.steady = {
            "TENURE": self._tenure(),
            "PERSISTENCY": self._persistency(),
            "COMPLAINTS": self._complaints(),
        }
        self.sum_of_steady = sum(self.steady.values(), np.zeros(len(self.receivers), np.int64))

    def _tenure(self) -> np.ndarray:
        served = [one.years is not None and one.years >= TENURE_YEARS for one in self.receivers]
        return np.array(served, np.int64) * self.weights["TENURE"]

    def _persistency(self) -> np.ndarray:
        percent = _averaged([one.persistency for one in self.receivers], (LEAST_PERSISTENCY + MOST_PERSISTENCY) / 2)
        share = np.clip((percent - LEAST_PERSISTENCY) / (MOST_PERSISTENCY - LEAST_PERSISTENCY), 0, 1)
        return np.rint(share * self.weights["PERSISTENCY"]).astype(np.int64)

    def _complaints(self) -> np.ndarray:
        counts = np.rint(_averaged([one.complaints for one in self.receivers], 0)).astype(np.int64)
        return np.minimum(counts, MOST_COMPLAINTS) * self.weights["COMPLAINTS"]

    def distance(self, branch: str) -> tuple[np.ndarray, np.ndarray]:
        """Points for the same branch, and for the same region, of every receiver; worked out once per branch."""
        found = self.near.get(branch)
        if found is None:
            region = region_of(branch)
            is_same = np.array([bool(branch) and one.branch == branch for one in self.receivers])
            is_near = np.array([bool(region) and one.branch.startswith(region) for one in self.receivers]) & ~is_same
            both = (is_same * self.weights["BRANCH"], is_near * self.weights["REGION"])
            found = self.near[branch] = both
        return found

    def choose(self, unit: Sequence[Seeker]) -> tuple[int | None, dict[str, int]]:
        """The place of the receiver with the most points for these customers together, and those points by code."""
        branch, region = self.distance(unit[0].branch)
        capacity = self.weights["CAPACITY"] * self.room // self.capacity
        points = self.sum_of_steady + capacity + branch + region
        extra: dict[str, dict[int, int]] = {"HOUSEHOLD": {}, "PROPOSED": {}}
        for code, staff in _named(unit):
            if staff in self.place:
                extra[code][self.place[staff]] = self.weights[code]
        for given in extra.values():
            for at, amount in given.items():
                points[at] += amount
        may = self.room >= len(unit)
        for staff in {staff for seeker in unit for staff in seeker.never}:
            if staff in self.place:
                may[self.place[staff]] = False
        if not may.any():
            return None, {}
        at = int(np.where(may, points, np.iinfo(np.int64).min).argmax())
        told = {"CAPACITY": capacity[at], **{code: each[at] for code, each in self.steady.items()}}
        told |= {"BRANCH": branch[at], "REGION": region[at], **{code: each.get(at, 0) for code, each in extra.items()}}
        return at, {code: int(amount) for code, amount in told.items() if amount}


def region_of(path: str) -> str:
    """The path of what stands above a branch: its region, or the head office; '' where nothing does."""
    parts = path.strip("/").split("/")
    return "/" + "/".join(parts[:-1]) + "/" if len(parts) > 1 else ""


def distribute(
    seekers: Iterable[Seeker], receivers: Iterable[Receiver], weights: Mapping[str, int] = WEIGHTS
) -> list[Chosen]:
    """Who takes whom, in the order of customer ids. weights: as WEIGHTS; a code that is missing counts as there."""
    field_ = _Field(sorted(receivers, key=lambda one: one.staff_id), {**WEIGHTS, **weights})
    chosen: list[Chosen] = []
    for unit in _units(seekers):
        chosen += _given(field_, unit)
    return sorted(chosen, key=lambda one: one.customer_id)


def _given(receivers: _Field, unit: Sequence[Seeker]) -> list[Chosen]:
    """A household to one receiver; where nobody has room for all of it, one by one."""
    at, points = receivers.choose(unit) if receivers.receivers else (None, {})
    if at is None and len(unit) > 1:
        return [one for seeker in unit for one in _given(receivers, [seeker])]
    if at is None:
        return [Chosen(seeker.customer_id, None, ((_why_nobody(receivers, seeker), 0),)) for seeker in unit]
    receivers.room[at] -= len(unit)
    staff = receivers.receivers[at].staff_id
    return [Chosen(seeker.customer_id, staff, tuple(points.items())) for seeker in unit]


def _why_nobody(receivers: _Field, seeker: Seeker) -> str:
    """Whether those who may take the customer are full, or there is nobody who may."""
    return NO_ROOM if set(receivers.place) - seeker.never else NOBODY


def _units(seekers: Iterable[Seeker]) -> list[list[Seeker]]:
    """Customers who stay together: those with a named receiver first, then large households, then the oldest."""
    homes: dict[tuple[int, int], list[Seeker]] = {}
    for seeker in sorted(seekers, key=lambda one: one.customer_id):
        homes.setdefault((seeker.household, 0 if seeker.household else seeker.customer_id), []).append(seeker)
    return sorted(homes.values(), key=_urgency)


def _urgency(unit: Sequence[Seeker]) -> tuple[bool, int, int]:
    return all(seeker.proposed is None for seeker in unit), -len(unit), unit[0].customer_id


def _named(unit: Sequence[Seeker]) -> set[tuple[str, int]]:
    """Staff who get points for what these customers say of them."""
    named = {("HOUSEHOLD", staff) for seeker in unit for staff in seeker.keeps_kin}
    return named | {("PROPOSED", seeker.proposed) for seeker in unit if seeker.proposed is not None}


def _averaged(figures: Sequence[float | None], usual: float) -> np.ndarray:
    """Figures with the average of the known ones, or the usual, where one is not known."""
    known = [float(figure) for figure in figures if figure is not None]
    average = sum(known) / len(known) if known else usual
    return np.array([average if figure is None else float(figure) for figure in figures], float)
