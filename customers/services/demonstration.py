"""Loading a demo population through the real feed path: organisation, mappings, every file in its order."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Count
from django.utils import timezone

from accounts.services import load_organisation
from customers.models import Customer, FeedRun, Mapping, SourceSystem
from customers.services import feeds, seeding


class DemoFileRefused(Exception):
    """A file of the population was not taken; the message names it and says why."""


@dataclass(frozen=True)
class DemoLoad:
    """What was loaded. keeper: employee number of the FP who keeps the most customers, '' if nobody keeps any."""

    runs: tuple[FeedRun, ...]
    keeper: str


def load_demo(*, folder: Path, on_file: Callable[[FeedRun], None] = lambda run: None) -> DemoLoad:
    """Load what `demo.generate` wrote to `folder`. May be repeated, also after it was cut short: files that are
    loaded already change nothing. Raises DemoFileRefused."""
    load_organisation(folder / "branches.csv", folder / "staff.csv")
    seeding.set_up_demo_mappings()
    runs = []
    for entry in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        run = _load(folder / entry["file"], entry["source"], entry["layout"], entry["mapping"])
        on_file(run)
        runs.append(run)
    return DemoLoad(tuple(runs), busiest_keeper())


def busiest_keeper() -> str:
    """The employee number of the FP who keeps the most active customers; the lowest number among equals."""
    kept = Customer.objects.filter(state=Customer.State.ACTIVE, keeper__is_active=True).values("keeper")
    busiest = kept.annotate(kept=Count("pk")).order_by("-kept", "keeper").first()
    return busiest["keeper"] if busiest else ""


def _load(path: Path, source_code: str, layout: str, mapping_name: str | None) -> FeedRun:
    source = SourceSystem.objects.get(code=source_code)
    run = feeds.request_feed(
        source=source,
        layout=layout,
        mapping=Mapping.objects.get(name=mapping_name) if mapping_name else None,
        file=feeds.FeedFile(path, path.name),
        is_dry_run=False,
        by=None,
        at=timezone.now(),
        is_queued=False,
    )
    run = feeds.run_feed(run=run)
    if run.state != FeedRun.State.DONE:
        raise DemoFileRefused(f"{path.name}: {run.error}")
    return run
