"""Whatever people do, taking all of it back leaves what the sources alone would have made.

`HANNUN_HISTORIES` says how many histories are tried; the run of all tests tries 30.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Staff
from customers.golden.projection import GOLDEN_COLUMNS
from customers.models import Act, Customer, CustomerStaffGrant, Link, Merge, SourceRecord, Wish
from customers.services import corrections, merges, splits, stock, taking_back, unmerges, wishes
from tests.accounts.builders import make_staff
from tests.customers.builders import feed, grant, make_rrn, person
from tests.customers.stewarding import NAMES

pytestmark = pytest.mark.usefixtures("master")
HISTORIES = int(os.environ.get("HANNUN_HISTORIES", "30"))
REFUSALS = (
    *(merges.MergeOfItself, merges.NotActive, unmerges.NotMerged, unmerges.NothingLeft),
    *(splits.OnlyRecord, splits.AlreadyThere, splits.IsCorrection, splits.BelongsToNobody),
    *(wishes.NotLinked, wishes.NotHeld, corrections.NoRecord, taking_back.LaterActsFirst),
)
SOURCES = ("POLICY", "TM", "BANCA")
Row = tuple[str, dict[str, str]]


def row(who: int, source: int, version: int) -> Row:
    """A version of what a source says of a person. The even persons have a resident number that two of the sources
    know; the last two share a home and a birth date, as twins do; the third version brings the number of the next."""
    birth = (60 + 2 * (who // 2)) if who >= 6 else 60 + who
    cells = {
        "source_key": f"P{who}",
        "name": NAMES[who],
        "birth_date": f"19{birth}-03-02",
        "as_of": f"2026-11-0{version + 1}",
    }
    cells["mobile"] = f"0102000{who}00{source if version else 0}"
    if who % 2 == 0 and source < 2 or version == 2:
        serial = who + (version == 2)
        cells["rrn"] = make_rrn(f"{60 + serial}0302", 2, 10_000 + serial)
    if source == 2:
        cells["address"] = "서울 강남구 역삼로 1"
    return SOURCES[source], person(**cells)


class World:
    """The master as a history finds it, and what it was fed."""

    def __init__(self, by: Staff) -> None:
        self.by = by
        self.fed: list[list[Row]] = []
        self.numbers: set[str] = set()
        self.wished = 0

    def feed(self, rows: list[Row]) -> None:
        """Take rows of one source into the master."""
        self.fed.append(rows)
        feed([cells for _source, cells in rows], rows[0][0])

    def customer(self, draw: int, *, state: str = "ACTIVE") -> Customer | None:
        held = list(Customer.objects.filter(state=state).order_by("pk"))
        return held[draw % len(held)] if held else None

    def record(self, draw: int) -> SourceRecord:
        held = list(SourceRecord.objects.order_by("pk"))
        return held[draw % len(held)]

    def look(self) -> None:
        """Whatever happened: every record has a customer, which is active; no number is lost or given out twice."""
        self.numbers |= set(Customer.objects.values_list("number", flat=True))
        assert Customer.objects.count() == len(self.numbers)
        assert not Link.objects.exclude(customer__state="ACTIVE").exists()
        assert Link.objects.count() == SourceRecord.objects.filter(withdrawn_at=None).count()
        retired = list(Customer.objects.filter(state="MERGED").order_by("pk").values_list("pk", flat=True))
        assert (
            list(Merge.objects.filter(ended_by=None).order_by("retired").values_list("retired", flat=True)) == retired
        )
        assert not Customer.objects.filter(state="MERGED").exclude(merged_into__state="ACTIVE").exists()
        assert Wish.objects.count() == self.wished
        assert not CustomerStaffGrant.objects.exclude(content_object__state="ACTIVE").exists()


def do_feed(world: World, one: int, other: int) -> None:
    world.feed([row(one % 8, other % 3, other // 3 % 3)])


def do_merge(world: World, one: int, other: int) -> None:
    chosen = {
        customer.pk: customer for customer in (world.customer(one), world.customer(other), world.customer(one + other))
    }
    survivor, *retired = list(chosen.values())[: 2 + other % 2]
    merges.merge_customers(survivor=survivor, retired=retired, by=world.by, at=now(), is_approved=True)


def do_unmerge(world: World, one: int, other: int) -> None:
    retired = world.customer(one, state="MERGED")
    if retired is None:
        raise unmerges.NotMerged
    preview = unmerges.preview_unmerge(retired=retired, by=world.by, at=now())
    answers = {each.record.pk: each.fits == retired.pk for each in preview.newcomers}
    unmerges.unmerge_customer(retired=retired, by=world.by, at=now(), answers=answers, keep_apart=other % 2 == 0)


def do_split(world: World, one: int, _other: int) -> None:
    splits.split_record(record=world.record(one), by=world.by, at=now())


def do_move(world: World, one: int, other: int) -> None:
    splits.move_record(record=world.record(one), into=world.customer(other), by=world.by, at=now())


def do_pin(world: World, one: int, other: int) -> None:
    record = world.record(one)
    customer = Customer.objects.get(links__record=record) if hasattr(record, "link") else world.customer(other)
    item = ("mobile", "name", "address")[other % 3]
    wishes.pin_value(customer=customer, item=item, record=record, by=world.by, at=now(), reason_code="EVIDENCE")
    world.wished += 1


def do_correct(world: World, one: int, other: int) -> None:
    values = {"mobile": f"010-9000-{other % 10_000:04}"}
    corrections.correct_value(
        customer=world.customer(one), values=values, by=world.by, at=now(), reason_code="CUSTOMER_SAID"
    )
    world.wished += 1


def do_grant(world: World, one: int, other: int) -> None:
    staff = list(Staff.objects.order_by("pk"))[other % 2]
    grant(world.customer(one), staff)


def do_match(_world: World, _one: int, _other: int) -> None:
    stock.match_stock(at=now(), by=None)


def do_take_back(world: World, one: int, _other: int) -> None:
    acts = standing_acts()
    if acts:
        take_back(acts[one % len(acts)], world.by)


STEPS: dict[str, Callable[[World, int, int], None]] = {
    name.removeprefix("do_"): step for name, step in globals().items() if name.startswith("do_")
}
KINDS = [*STEPS, "feed", "feed", "merge", "merge"]
HISTORY = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 23), st.integers(0, 23)), min_size=4, max_size=14)


def standing_acts() -> list[Act]:
    """What people did and nobody took back, the newest first."""
    return list(Act.objects.in_force().filter(by__isnull=False).exclude(kind="TAKE_BACK").order_by("-pk"))


def take_back(act: Act, by: Staff) -> None:
    answers = {each.record.pk: each.fits for each in taking_back.newcomers_of_act(act)}
    taking_back.take_back_act(act=act, by=by, at=now(), answers=answers)


def golden_state() -> dict[tuple[str, ...], dict[str, object]]:
    """{the records of a customer: its golden values, and whence they come}, whatever its number."""
    name_of = {
        pk: f"{source}:{key}"
        for pk, source, key in SourceRecord.objects.values_list("pk", "source__code", "source_key")
    }
    held: dict[int, list[str]] = {}
    for customer, record in Link.objects.values_list("customer", "record"):
        held.setdefault(customer, []).append(name_of[record])
    state = {}
    for values in Customer.objects.filter(pk__in=held).values("pk", *GOLDEN_COLUMNS):
        provenance = values.pop("provenance")
        values["provenance"] = {item: (name_of[won], reason) for item, (won, reason) in provenance.items()}
        state[tuple(sorted(held[values.pop("pk")]))] = values
    return state


@contextmanager
def forgotten() -> Iterator[None]:
    """What is done within is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fresh(fed: list[list[Row]]) -> dict[tuple[str, ...], dict[str, object]]:
    """What the sources alone make of what they sent."""
    with forgotten():
        for rows in fed:
            feed([cells for _source, cells in rows], rows[0][0])
        stock.match_stock(at=now(), by=None)
        return golden_state()


@settings(
    max_examples=HISTORIES,
    deadline=None,
    derandomize=HISTORIES <= 40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=HISTORY)
def test_what_people_did_leaves_no_trace_once_it_is_taken_back(history):
    with forgotten():
        world = World(make_staff("DATA_STEWARD"))
        make_staff()
        for source in range(2):
            world.feed([row(who, source, 0) for who in range(0, 8, 2)])
        for kind, one, other in history:
            try:
                with transaction.atomic():
                    STEPS[kind](world, one, other)
            except REFUSALS:
                pass
            world.look()
        for act in standing_acts():
            take_back(act, world.by)
            world.look()
        stock.match_stock(at=now(), by=None)
        world.look()
        left = golden_state()

    assert left == fresh(world.fed)
