"""`manage.py bench_matching`: the matching engine beside Splink on the same records, interleaved, in one run.

The FEBRL sets come first: there ours takes the way of every feed, and only who was found to be one is compared.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from django.core.management.base import BaseCommand, CommandError

from customers.bench.database import own_database
from customers.bench.febrl import FEBRL
from customers.bench.matching import EngineResult, run_engine
from customers.bench.population import Prepared, prepare
from customers.bench.sets import judge
from customers.bench.splink import SplinkMissing, SplinkResult, run_splink
from customers.bench.splink_febrl import run_splink_febrl
from customers.bench.truth import Score, score

Result = EngineResult | SplinkResult
Run = TypeVar("Run")


@dataclass
class Rounds:
    """All rounds of one engine at one size."""

    runs: list[Result] = field(default_factory=list)

    def figures(self, prepared: Prepared) -> dict[str, object]:
        """Medians over the rounds, and the score of the last one."""
        last = self.runs[-1]
        judged = score(prepared.entities(), last.clusters)
        return {
            "seconds": round(statistics.median(run.engine_seconds for run in self.runs), 2),
            "phases": {name: round(seconds, 2) for name, seconds in last.seconds.items()},
            "peak_mb": round(max(run.peak_mb for run in self.runs)),
            "candidates": last.candidates,
            **figures_of(judged),
        }


def figures_of(judged: Score) -> dict[str, float]:
    """What a score is told by."""
    return {name: round(getattr(judged, name), 4) for name in ("precision", "recall", "f1")}


class Command(BaseCommand):
    """Records come from the FEBRL sets and from the demo generator; what was prepared in --folder is used again."""

    help = "Measure the matching engine beside Splink (requirements-bench.txt) on the same records."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sets", default=",".join(FEBRL), help="FEBRL sets, by commas; none where empty.")
        parser.add_argument(
            "--records", default="100000,1000000,3000000", help="Sizes in source records, by commas; none where empty."
        )
        parser.add_argument("--rounds", type=int, default=3, help="Rounds of each engine; the median counts.")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--folder", type=Path, help="Where populations are kept; a passing one without it.")
        parser.add_argument("--without-splink", action="store_true", help="Measure our engine alone.")
        parser.add_argument("--json", type=Path, help="Write the figures to this file as well.")

    def handle(self, **options: object) -> None:
        names = [name for name in options["sets"].split(",") if name]
        if unknown := set(names) - set(FEBRL):
            raise CommandError(f"No such set: {', '.join(sorted(unknown))}")
        try:
            sizes = [int(size) for size in options["records"].split(",") if size]
        except ValueError:
            raise CommandError("Sizes are whole numbers separated by commas.") from None
        results = [self._set(name, options) for name in names]
        with tempfile.TemporaryDirectory(prefix="hannun-bench-") as passing:
            folder = options["folder"] or Path(passing)
            results += [self._measure(folder / f"{size}-{options['seed']}", size, options) for size in sizes]
        if options["json"]:
            options["json"].write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")

    def _set(self, name: str, options: dict[str, object]) -> dict[str, object]:
        with own_database():
            judged = judge(name, 0, 0)
        self.stdout.write(f"{name}, {judged.records:,} records")
        scores = {"hannun": judged.score}
        if not options["without_splink"]:
            scores["splink"] = self._splink(lambda: run_splink_febrl(name))
        figures = {engine: figures_of(found) for engine, found in scores.items()}
        for engine, told in figures.items():
            self.stdout.write(f"  {engine:8} {json.dumps(told)}")
        return {"set": name, "records": judged.records, **figures}

    def _measure(self, folder: Path, size: int, options: dict[str, object]) -> dict[str, object]:
        prepared = prepare(folder, size, options["seed"])
        self.stdout.write(f"{prepared.records:,} records")
        rounds = {"hannun": Rounds()} | ({} if options["without_splink"] else {"splink": Rounds()})
        for _round in range(options["rounds"]):
            rounds["hannun"].runs.append(run_engine(prepared))
            if "splink" in rounds:
                rounds["splink"].runs.append(self._splink(lambda: run_splink(prepared)))
        result = {"records": prepared.records}
        for name, of_engine in rounds.items():
            result[name] = of_engine.figures(prepared)
            self.stdout.write(f"  {name:8} {json.dumps(result[name])}")
        return result

    def _splink(self, run: Callable[[], Run]) -> Run:
        try:
            return run()
        except SplinkMissing as missing:
            raise CommandError(str(missing)) from None
