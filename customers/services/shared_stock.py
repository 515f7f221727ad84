"""What a match run has read of the stock, kept as files that all processes of a machine share until the run is over.

The first process that needs it reads the database; a machine that joins later reads for itself. The files lie in a
folder for this installation alone, named for the run and for the state of the stock that it looks at.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connection

from customers.dedup.comparison import Circumstances
from customers.dedup.fitting import circumstances_of
from customers.dedup.model import Model
from customers.dedup.records import Records, Rows
from customers.models import MatchRun
from customers.services.snapshot import read_stock

WATERMARK = """
SELECT concat_ws('-',
    (SELECT max(id) FROM customers_sourcerecord),
    (SELECT last FROM customers_eventcounter),
    (SELECT concat_ws('-', count(*), extract(epoch FROM max(finished_at))) FROM customers_feedrun),
    (SELECT concat_ws('-', count(*), extract(epoch FROM max(withdrawn_at))) FROM customers_ruling))
"""
ARRAYS = ("ids", "source", "customer")
# Raised when the engine cuts the key space or keeps its arrays in another way: a run that an older Hannun began then
# starts anew, or parts of two kinds would miss pairs between them.
CUT = 2


class StockChanged(Exception):
    """The stock is no longer what this run began to look at."""


@dataclass(frozen=True)
class SharedStock:
    """Every record of the stock and its circumstances."""

    records: Records
    circumstances: Circumstances


def watermark() -> str:
    """What changes with every change of a record, a link or a ruling, and of how the engine cuts a run."""
    with connection.cursor() as cursor:
        cursor.execute(WATERMARK)
        return f"{cursor.fetchone()[0]}-{CUT}"


def open_stock(run: MatchRun, model: Model) -> SharedStock:
    """The stock as this run looks at it. Raises StockChanged."""
    folder = _folder(run)
    if not folder.is_dir():
        _write(run, model, folder)
    return _opened(folder)


def drop_stocks(but: MatchRun | None = None) -> None:
    """Remove the files of every run but one."""
    kept = _folder(but).name if but else ""
    if settings.MATCH_DIR.is_dir():
        for folder in settings.MATCH_DIR.iterdir():
            if folder.name != kept:
                shutil.rmtree(folder, ignore_errors=True)  # another process may be at the same


def _folder(run: MatchRun) -> Path:
    mark = "".join(letter if letter.isalnum() else "-" for letter in run.watermark)
    return settings.MATCH_DIR / f"run-{run.pk}-{mark}"


def _write(run: MatchRun, model: Model, folder: Path) -> None:
    """Read the stock and write its files; of two processes that do so at once the second one's are dropped."""
    records = read_stock()
    if watermark() != run.watermark:
        raise StockChanged
    circumstances = circumstances_of(records.rows, model)
    settings.MATCH_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="making-", dir=settings.MATCH_DIR))
    try:
        records.rows.save(made)
        for name in ARRAYS:
            np.save(made / f"{name}.npy", getattr(records, name))
        for name in Circumstances.__dataclass_fields__:
            np.save(made / f"{name}.npy", getattr(circumstances, name))
        os.replace(made, folder)
    except OSError:
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)  # gone already where it has become the folder


def _opened(folder: Path) -> SharedStock:
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in ARRAYS}
    circumstances = {
        name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in Circumstances.__dataclass_fields__
    }
    is_fresh = np.ones(len(arrays["ids"]), bool)
    return SharedStock(Records(**arrays, is_fresh=is_fresh, rows=Rows.open(folder)), Circumstances(**circumstances))
