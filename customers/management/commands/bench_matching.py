"""`manage.py bench_matching`: the matching engine beside Splink on the same records, interleaved, in one run."""

from __future__ import annotations

import json
import statistics
import tempfile
from argparse import ArgumentParser
from dataclasses import dataclass, field
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from customers.bench.matching import EngineResult, run_engine
from customers.bench.population import Prepared, prepare
from customers.bench.splink import SplinkMissing, SplinkResult, run_splink
from customers.bench.truth import score

Result = EngineResult | SplinkResult


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
            "precision": round(judged.precision, 4),
            "recall": round(judged.recall, 4),
            "f1": round(judged.f1, 4),
        }


class Command(BaseCommand):
    """Records come from the demo generator; what was prepared in --folder is used again."""

    help = "Measure the matching engine beside Splink (requirements-bench.txt) on the same records."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--records", default="100000,1000000,3000000", help="Sizes in source records, by commas.")
        parser.add_argument("--rounds", type=int, default=3, help="Rounds of each engine; the median counts.")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--folder", type=Path, help="Where populations are kept; a passing one without it.")
        parser.add_argument("--without-splink", action="store_true", help="Measure our engine alone.")
        parser.add_argument("--json", type=Path, help="Write the figures to this file as well.")

    def handle(self, **options: object) -> None:
        try:
            sizes = [int(size) for size in options["records"].split(",")]
        except ValueError:
            raise CommandError("Sizes are whole numbers separated by commas.") from None
        with tempfile.TemporaryDirectory(prefix="hannun-bench-") as passing:
            folder = options["folder"] or Path(passing)
            results = [self._measure(folder / f"{size}-{options['seed']}", size, options) for size in sizes]
        if options["json"]:
            options["json"].write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")

    def _measure(self, folder: Path, size: int, options: dict[str, object]) -> dict[str, object]:
        prepared = prepare(folder, size, options["seed"])
        self.stdout.write(f"{prepared.records:,} records")
        rounds = {"hannun": Rounds()} | ({} if options["without_splink"] else {"splink": Rounds()})
        for _round in range(options["rounds"]):
            rounds["hannun"].runs.append(run_engine(prepared))
            if "splink" in rounds:
                rounds["splink"].runs.append(self._splink(prepared))
        result = {"records": prepared.records}
        for name, of_engine in rounds.items():
            result[name] = of_engine.figures(prepared)
            self.stdout.write(f"  {name:8} {json.dumps(result[name])}")
        return result

    def _splink(self, prepared: Prepared) -> SplinkResult:
        try:
            return run_splink(prepared)
        except SplinkMissing as missing:
            raise CommandError(str(missing)) from None
