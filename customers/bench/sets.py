"""Sets whose truth is known, taken the way of every feed, matched with the cut in use, and judged. Nothing is tuned.

The social security number of FEBRL stands, with the state, where our mapping expects an e-mail address, for the master
has no item for it.
"""

from __future__ import annotations

import csv
import json
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from accounts.services import load_organisation
from customers.bench.febrl import febrl_person, write_febrl
from customers.bench.truth import Score, numbered, score
from customers.demo import generate
from customers.models import Mapping, SourceSystem
from customers.services import feeds, stock
from customers.services.demonstration import load_entry, manifest_of

DEMO = "demo"
Truth = dict[tuple[str, str], str]  # who stands behind each record that was sent, by source and key
MAPPING = Path(__file__).with_name("febrl.json")


@dataclass(frozen=True)
class Judged:
    """One set: its records, how well they were put together, and how many seconds matching took."""

    name: str
    records: int
    score: Score
    seconds: float


def judge(name: str, customers: int, seed: int) -> Judged:
    """Load a set into the empty master of this database, match it, and judge the links by its truth. A record that the
    feed rejects counts as one that was linked to nothing.

    customers, seed: of the demo population.
    """
    with tempfile.TemporaryDirectory(prefix="hannun-truth-") as made:
        folder = Path(made)
        truth = load_demo(folder, customers, seed) if name == DEMO else load_febrl(name, folder)
        began = time.perf_counter()
        stock.match_stock(at=timezone.now(), by=None)
        seconds = time.perf_counter() - began
        stock.export_links(path=folder / "links.csv")
        with (folder / "links.csv").open(encoding="utf-8", newline="") as file:
            customer_of = {(row["source"], row["source_key"]): row["customer_number"] for row in csv.DictReader(file)}
    entities, clusters = numbered(truth.values()), numbered(customer_of.get(record, record) for record in truth)
    return Judged(name, len(truth), score(entities, clusters), seconds)


def load_demo(folder: Path, customers: int, seed: int) -> Truth:
    """Load the customer records of a demo population."""
    generate(customers, seed, folder, canonical=True)
    load_organisation(folder / "branches.csv", folder / "staff.csv")
    for entry in manifest_of(folder):
        if entry["layout"] == "customers":
            load_entry(folder, entry, lambda run: None)
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {(row["source"], row["source_key"]): row["person_id"] for row in csv.DictReader(file)}


def load_febrl(name: str, folder: Path) -> Truth:
    """Load a FEBRL set."""
    definition, at = json.loads(MAPPING.read_text("utf-8")), timezone.now()
    truth = {}
    for code, path in write_febrl(name, folder).items():
        feed_mapped(code, path, definition, at)
        with path.open(encoding="utf-8", newline="") as file:
            truth |= {(code, row["rec_id"]): febrl_person(row["rec_id"]) for row in csv.DictReader(file)}
    return truth


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
