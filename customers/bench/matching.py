"""The matching engine on its own, in processes of its own, as it is measured beside Splink."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from customers.bench.population import Prepared
from customers.bench.splink import peak_mb
from customers.dedup.comparison import Circumstances
from customers.dedup.engine import Cuts, Scored, decide, together, weigh_part
from customers.dedup.fitting import circumstances_of
from customers.dedup.model import Model
from customers.dedup.records import Records, Rows, Rulings
from customers.dedup.storing import shipped_model

SOURCE = 1  # the cut is one for all sources here


@dataclass
class EngineResult:
    """One run of the engine alone. seconds: of each phase; peak_mb: the most memory that any process held, in MB of
    2²⁰ bytes; clusters: a number per record; candidates: pairs kept for deciding."""

    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: float = 0.0
    clusters: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    candidates: int = 0

    @property
    def engine_seconds(self) -> float:
        """From records in standard form, in memory, to clusters."""
        return sum(self.seconds.values())


def run_engine(prepared: Prepared, workers: int = 2) -> EngineResult:
    """The engine on prepared records with the shipped model, in processes of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as own:
        return own.submit(_run, prepared, workers).result()


_shared: tuple[Rows, Circumstances, Model, float, int] | None = None


def _weigh(part: int) -> tuple[Scored, float]:
    rows, circumstances, model, floor, parts = _shared
    return weigh_part(rows, circumstances, model, floor, part, parts), peak_mb()


def _run(prepared: Prepared, workers: int) -> EngineResult:
    global _shared
    packed = prepared.match_records()
    model = shipped_model()
    cuts = Cuts(model.cuts, {SOURCE: ""})
    result = EngineResult()
    rows = _timed(result, "arrange", lambda: Rows.of(packed))
    circumstances = _timed(result, "circumstances", lambda: circumstances_of(rows, model))
    _shared = rows, circumstances, model, cuts.lowest, workers
    scored = _timed(result, "weigh", lambda: _all_parts(result, workers))
    ids = np.arange(len(rows))
    records = Records(ids, np.full(len(rows), SOURCE), np.zeros(len(rows), np.int64), np.ones(len(rows), bool), rows)
    linking = _timed(result, "decide", lambda: decide(records, circumstances, model, scored, Rulings(), cuts))
    result.clusters, result.candidates = linking.group, len(scored)
    result.peak_mb = max(result.peak_mb, peak_mb())
    return result


def _all_parts(result: EngineResult, workers: int) -> Scored:
    """Every part, each in a process that shares what was read."""
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        done = list(pool.map(_weigh, range(workers)))
    result.peak_mb = max(peak for _scored, peak in done)
    return together([scored for scored, _peak in done])


def _timed(result: EngineResult, phase: str, work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    done = work()
    result.seconds[phase] = time.perf_counter() - began
    return done
