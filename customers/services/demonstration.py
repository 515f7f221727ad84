"""Loading a demo population through the real feed path: organisation, mappings, every file in its order."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.services import load_organisation
from customers.models import Customer, FeedRun, SourceSystem
from customers.models import Mapping as FeedMapping
from customers.services import feeds, seeding


class DemoFileRefused(Exception):
    """A file of the population was not taken; the message names it and says why."""


@dataclass(frozen=True)
class DemoLoad:
    """What was loaded. keeper: employee number of the FP who keeps the most customers, '' if nobody keeps any."""

    runs: tuple[FeedRun, ...]
    keeper: str


@dataclass(frozen=True)
class Seeded:
    """What one seed added to the stock. name: that of its module; counts: {what: how many}."""

    name: str
    counts: Mapping[str, int]
    seconds: float


def load_demo(*, folder: Path, on_file: Callable[[FeedRun], None] = lambda run: None) -> DemoLoad:
    """Load what `demo.generate` wrote to `folder`. May be repeated, also after it was cut short: files that are
    loaded already change nothing. Raises DemoFileRefused."""
    load_organisation(folder / "branches.csv", folder / "staff.csv")
    seeding.set_up_demo_mappings()
    runs = []
    for entry in manifest_of(folder):
        runs.append(load_entry(folder, entry))
        on_file(runs[-1])
    return DemoLoad(tuple(runs), busiest_keeper())


def seed_above(*, at: datetime, on_seeded: Callable[[Seeded], None] = lambda seeded: None) -> tuple[Seeded, ...]:
    """Let the apps above add what is theirs to a loaded stock, in the order of settings.DEMO_SEEDS: dotted functions
    `(at) -> {what: how many}`. May be repeated: a seed that finds its rows adds none."""
    seeded = []
    for path in settings.DEMO_SEEDS:
        began = time.monotonic()
        counts = import_string(path)(at)
        name = path.rpartition(".")[0].rpartition(".")[2]
        seeded.append(Seeded(name, dict(counts), round(time.monotonic() - began, 1)))
        on_seeded(seeded[-1])
    return tuple(seeded)


def busiest_keeper() -> str:
    """The employee number of the FP who keeps the most active customers; the lowest number among equals."""
    kept = Customer.objects.filter(state=Customer.State.ACTIVE, keeper__is_active=True).values("keeper")
    busiest = kept.annotate(kept=Count("pk")).order_by("-kept", "keeper").first()
    return busiest["keeper"] if busiest else ""


def manifest_of(folder: Path) -> list[dict[str, str]]:
    """The files of a population in load order: file, source, layout and mapping of each."""
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def load_entry(
    folder: Path, entry: Mapping[str, str], on_progress: Callable[[FeedRun], None] = lambda run: None
) -> FeedRun:
    """Load one file of a population here and now. Raises DemoFileRefused."""
    path, name = folder / entry["file"], entry["mapping"]
    run = feeds.request_feed(
        source=SourceSystem.objects.get(code=entry["source"]),
        layout=entry["layout"],
        mapping=FeedMapping.objects.get(name=name) if name else None,
        file=feeds.FeedFile(path, path.name),
        is_dry_run=False,
        by=None,
        at=timezone.now(),
        is_queued=False,
    )
    run = feeds.run_feed(run=run, on_progress=on_progress)
    if run.state != FeedRun.State.DONE:
        raise DemoFileRefused(f"{path.name}: {run.error}")
    return run
