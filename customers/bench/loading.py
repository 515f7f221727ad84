"""How fast a population is loaded, beside a bare COPY of the same rows into one table without index, in one run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from psycopg import sql

from accounts.services import load_organisation
from customers.models import FeedRun
from customers.services.demonstration import load_entry, manifest_of

BLOCK = 1 << 18
BARE = sql.Identifier("bench_bare")


@dataclass(frozen=True)
class Loaded:
    """One file: seconds of the bare COPY, until its rows stood standardised, and with links and golden values."""

    file: str
    layout: str
    rows: int
    bare_seconds: float
    standardised_seconds: float
    whole_seconds: float


def load_population(folder: Path, on_file: Callable[[Loaded], None]) -> list[Loaded]:
    """Load every canonical file of a generated population, each right after its bare COPY."""
    load_organisation(folder / "branches.csv", folder / "staff.csv")
    measured = []
    for entry in manifest_of(folder):
        bare = copy_bare(folder / entry["file"])
        standardised, whole, run = load(folder, entry)
        loaded = Loaded(entry["file"], entry["layout"], run.rows_read, bare, standardised, whole)
        on_file(loaded)
        measured.append(loaded)
    return measured


def copy_bare(path: Path) -> float:
    """Seconds that a COPY of the file into one unindexed table of text columns takes, commit included."""
    with path.open(encoding="utf-8") as file:
        header = file.readline().rstrip("\r\n").split(",")
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in header)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(BARE))
        cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(BARE, columns))
    began = time.perf_counter()
    statement = sql.SQL("COPY {} FROM STDIN (FORMAT csv, HEADER)").format(BARE)
    with connection.cursor() as cursor, cursor.copy(statement) as copy, path.open("rb") as file:
        while block := file.read(BLOCK):
            copy.write(block)
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE {}").format(BARE))
    return seconds


def load(folder: Path, entry: Mapping[str, str]) -> tuple[float, float, FeedRun]:
    """Seconds until the rows stood standardised, seconds until all was done, and the run. Raises DemoFileRefused."""
    reached: dict[str, float] = {}
    began = time.perf_counter()
    run = load_entry(folder, entry, lambda now: reached.setdefault(str(now.step), time.perf_counter() - began))
    whole = time.perf_counter() - began
    return reached.get(str(FeedRun.Step.LINKING), whole), whole, run


def summary(measured: list[Loaded]) -> dict[str, object]:
    """Customer records only: rows a second of each way, and the two shares of the bare COPY."""
    customers = [loaded for loaded in measured if loaded.layout == "customers"]
    rows = sum(loaded.rows for loaded in customers)
    bare = sum(loaded.bare_seconds for loaded in customers)
    standardised = sum(loaded.standardised_seconds for loaded in customers)
    whole = sum(loaded.whole_seconds for loaded in customers)
    return {
        "records": rows,
        "bare_copy_rows_per_second": round(rows / bare),
        "standardised_rows_per_second": round(rows / standardised),
        "whole_rows_per_second": round(rows / whole),
        "standardised_share_of_bare_copy": round(bare / standardised, 4),
        "whole_share_of_bare_copy": round(bare / whole, 4),
        "contract_rows": sum(loaded.rows for loaded in measured if loaded.layout != "customers"),
        "contract_seconds": round(sum(m.whole_seconds for m in measured if m.layout != "customers"), 2),
    }
