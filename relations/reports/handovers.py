"""Handovers as their readers see them: the board of a plan, its customers, what waits for a receiver or a leaver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import Staff
from customers import formats
from relations.models import Handover, HandoverItem, StaffMove
from relations.people import Face, faces
from relations.words import handovers as words

State, ItemState = Handover.State, HandoverItem.State
TONES = {"DRAFT": "secondary", "OFFERED": "azure", "REFUSED": "red", "RUNNING": "yellow", "DONE": "green"}
ITEM_TONES = {"OFFERED": "azure", "ACCEPTED": "green", "RETURNED": "red", "DONE": "green"}
RECEIVED = ("PLANNED", "OFFERED", "ACCEPTED", "RETURNED", "DONE")
MOST_LEFT_OUT = 50
MOST_PEOPLE = 200  # of those who go, and of the receivers
RECENT_DAYS = 30


@dataclass(frozen=True)
class MoveRow:
    """Somebody who goes, with what they hold: `[(words, count), …]`."""

    move: StaffMove
    kind: str
    counts: list[tuple[str, int]]


@dataclass(frozen=True)
class ReceiverRow:
    """What is meant for a receiver, and how he answered so far."""

    staff_id: int
    name: str
    planned: int
    offered: int
    accepted: int
    returned: int
    done: int


@dataclass(frozen=True)
class LeftOut:
    """Somebody who would have been without a keeper."""

    face: Face
    reason: str


@dataclass(frozen=True)
class Board:
    """A handover at one glance. counts: {item state: customers}; due: the last day to answer; days_left: to that day,
    below 0 when it is over."""

    handover: Handover
    tone: str
    moves: list[MoveRow]
    move_count: int
    counts: dict[str, int]
    receivers: list[ReceiverRow]
    receiver_count: int
    without_receiver: int
    due: date | None
    days_left: int | None
    left_out: list[LeftOut]
    left_out_count: int
    refused_rows: list[tuple[int, str, str]]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def is_there(self) -> bool:
        """Whether there is a plan to show: none while the first is being made, nor when that failed."""
        return not self.handover.planning or self.total > 0

    @property
    def more_moves(self) -> int:
        return self.move_count - len(self.moves)

    @property
    def more_receivers(self) -> int:
        return self.receiver_count - len(self.receivers)

    @property
    def answered(self) -> int:
        return self.total - self.counts["PLANNED"] - self.counts["OFFERED"]

    @property
    def percent(self) -> int:
        return 100 * (self.counts["ACCEPTED"] + self.counts["DONE"]) // self.total if self.total else 0

    @property
    def is_due(self) -> bool:
        return self.handover.takes_effect_on <= timezone.localdate()


@dataclass(frozen=True)
class ItemLine:
    """A customer of a handover. held: what comes along, `[(words, count), …]`; why: the rules, with `points` in all."""

    item: HandoverItem
    face: Face | None
    state: str
    tone: str
    to: str
    why: str
    points: int
    held: list[tuple[str, int]]
    visit: str
    told: str


def handovers_of(viewer: Staff) -> QuerySet[Handover]:
    """The plans that `viewer` may see: those of the own branch and below it, or all; not those of a mere planner."""
    if viewer.has_perm("customers.view_every_customer"):
        return Handover.objects.all()
    if viewer.branch is None or not viewer.has_perm("customers.view_branch_customers"):
        return Handover.objects.none()
    return Handover.objects.filter(branch__path__startswith=viewer.branch.path)


def board_of(handover: Handover, viewer: Staff) -> Board:
    """A fixed number of queries, however many customers. The trail has those who are named as left out."""
    items = HandoverItem.objects.filter(handover=handover)
    counts = dict.fromkeys(ItemState.values, 0)
    counts |= dict(items.values_list("state").annotate(count=Count("pk")).order_by())
    due = _due(handover)
    return Board(
        handover=handover,
        tone=TONES.get(handover.state, "secondary"),
        moves=_moves(handover),
        move_count=StaffMove.objects.filter(handover=handover).count(),
        counts=counts,
        receivers=_receivers(items),
        receiver_count=items.exclude(to_staff=None).values("to_staff").distinct().count(),
        without_receiver=items.filter(to_staff=None).count(),
        due=due,
        days_left=(due - timezone.localdate()).days if due else None,
        left_out=_left_out(handover, viewer),
        left_out_count=handover.counts.get("left_out", 0),
        refused_rows=[
            (line, number, str(words.REFUSED_ROWS.get(code, code)))
            for line, number, code in handover.counts.get("refused_rows", [])
        ],
    )


def _due(handover: Handover) -> date | None:
    """The last day to answer: some days after the offer, and never after the day itself."""
    if handover.offered_at is None or handover.state not in (State.OFFERED, State.REFUSED):
        return None
    last = timezone.localdate(handover.offered_at) + timedelta(days=settings.HANDOVER_ANSWER_DAYS)
    return min(last, handover.takes_effect_on)


def _moves(handover: Handover) -> list[MoveRow]:
    moves = StaffMove.objects.filter(handover=handover).select_related("staff__branch", "to_branch").order_by("pk")
    return [MoveRow(move, str(move.get_kind_display()), counted(move.counts)) for move in moves[:MOST_PEOPLE]]


def counted(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Counts with their words, in a steady order."""
    return [(str(label), counts.get(key, 0)) for key, label in words.COUNTS.items()]


def _receivers(items: QuerySet[HandoverItem]) -> list[ReceiverRow]:
    states = {state: Count("pk", filter=Q(state=state)) for state in RECEIVED}
    rows = items.exclude(to_staff=None).values_list("to_staff", "to_staff__name", "to_staff__employee_number")
    counted_rows = rows.annotate(**{f"count_{state.lower()}": each for state, each in states.items()})
    # Who has not answered stands first.
    ordered = counted_rows.order_by("-count_offered", "to_staff__employee_number")
    return [ReceiverRow(pk, f"{name} ({number})", *counts) for pk, name, number, *counts in ordered[:MOST_PEOPLE]]


def _left_out(handover: Handover, viewer: Staff) -> list[LeftOut]:
    shown = handover.left_out[:MOST_LEFT_OUT]
    seen = faces(viewer, [customer for customer, _code in shown])
    return [
        LeftOut(seen[customer], str(words.LEFT_OUT.get(code, code))) for customer, code in shown if customer in seen
    ]


def gives_up_customers(staff: Staff, on: date) -> bool:
    """Whether this is the day on which customers of `staff` go to others, or a later one of a change that is refused:
    nothing is taken out by them then."""
    going = StaffMove.objects.filter(staff=staff, handover__takes_effect_on__lte=on)
    return going.filter(handover__state__in=(State.OFFERED, State.REFUSED, State.RUNNING)).exists()


def with_people(items: QuerySet[HandoverItem]) -> QuerySet[HandoverItem]:
    """Items with what a line needs, in the same query."""
    return items.select_related("handover", "from_staff", "to_staff__branch", "proposed_staff")


def item_lines(items: Sequence[HandoverItem], viewer: Staff) -> list[ItemLine]:
    """Customers of handovers as lines; one query more for who they are, as far as the reader may know."""
    seen = faces(viewer, [item.customer_id for item in items])
    return [_line(item, seen.get(item.customer_id)) for item in items]


def _line(item: HandoverItem, face: Face | None) -> ItemLine:
    labels = {"contracts": words.COUNTS["contracts"], "household": words.COUNTS["housemates"]}
    return ItemLine(
        item=item,
        face=face,
        state=str(words.ITEM_STATES[item.state]),
        tone=ITEM_TONES.get(item.state, "secondary"),
        to=str(item.to_staff) if item.to_staff else "",
        why=words.why(item.why),
        points=sum(points for _code, points in item.why),
        held=[(str(label), item.held.get(key, 0)) for key, label in labels.items()],
        visit=formats.day(item.joint_visit_on),
        told=formats.day(item.notice_sent_on),
    )


def offered_to(staff: Staff) -> QuerySet[HandoverItem]:
    """What waits for an answer of this receiver."""
    open_ones = HandoverItem.objects.for_receiver(staff).filter(handover__state__in=(State.OFFERED, State.REFUSED))
    return with_people(open_ones)


def received_by(staff: Staff) -> QuerySet[HandoverItem]:
    """What this receiver accepted, or got within the last thirty days."""
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    taken = Q(state=ItemState.ACCEPTED, handover__state__in=(State.OFFERED, State.REFUSED, State.RUNNING))
    done = Q(state=ItemState.DONE, handover__finished_at__gte=since)
    return with_people(HandoverItem.objects.filter(taken | done, to_staff=staff))


def given_away_by(staff: Staff) -> QuerySet[HandoverItem]:
    """Whom this member of staff is to hand over, or handed over within the last thirty days."""
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    going = Q(handover__state__in=(State.DRAFT, State.OFFERED, State.REFUSED, State.RUNNING))
    return with_people(HandoverItem.objects.filter(going | Q(handover__finished_at__gte=since), from_staff=staff))
