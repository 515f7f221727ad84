"""`manage.py demo_data --customers N --seed S`: write a demo population as files of six sources, and load it."""

from __future__ import annotations

import io
import logging
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from customers.demo import generate
from customers.management.answering import AnsweringCommand
from customers.models import FeedRun
from customers.services import demonstration


class Command(AnsweringCommand):
    """Equal arguments give equal files. truth.csv says which record is whom; it is never loaded."""

    help = "Write a Korean demo population as the files of six source systems; with --load, feed them in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, default=12_500, help="True persons and organisations, 50 or more.")
        parser.add_argument("--seed", type=int, default=1, help="Another number, another population.")
        parser.add_argument("--out", type=Path, help="Folder of the files; without it `demo` in the local folder.")
        parser.add_argument("--canonical", action="store_true", help="One file per source in the canonical layout.")
        parser.add_argument("--load", action="store_true", help="Feed the files in and refresh the demo accounts.")
        parser.add_argument("--json", action="store_true", help="Print what was made as JSON.")

    def answer(self, **options: object) -> dict[str, object]:
        folder = options["out"] or settings.LOCAL_DIR / "demo"
        is_quiet = options["json"] or not options["verbosity"]
        summary = self._written(folder, options)
        if not is_quiet:
            records = sum(summary["records"].values())
            self.stdout.write(f"{records:,} source records in {len(summary['files'])} files: {folder}")
        if options["load"]:
            summary["loaded"] = self._load(folder, is_quiet=is_quiet)
        return summary if options["json"] else {}

    def _written(self, folder: Path, options: dict[str, object]) -> dict[str, object]:
        """The files, with what they hold and how many seconds they took."""
        began = time.monotonic()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            summary = generate(options["customers"], options["seed"], folder, canonical=options["canonical"])
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        except OSError as problem:
            raise CommandError(f"{folder}: {problem.strerror}") from None
        return summary | {"seconds": round(time.monotonic() - began, 1)}

    def _load(self, folder: Path, *, is_quiet: bool) -> dict[str, object]:
        def tell(run: FeedRun) -> None:
            if not is_quiet:
                self.stdout.write(f"{run.file_name}: {run.rows_read:,} rows, {run.rows_rejected:,} rejected")

        try:
            loaded = demonstration.load_demo(folder=folder, on_file=tell)
        except demonstration.DemoFileRefused as refusal:
            raise CommandError(str(refusal)) from None
        if settings.IS_DEMONSTRATION:
            call_command("demo_accounts", keeper=loaded.keeper, verbosity=0, stdout=io.StringIO())
        seeded = self._seed(is_quiet=is_quiet)
        if not is_quiet:
            self.stdout.write(f"The FP's account is {loaded.keeper}, who keeps the most customers.")
        runs = [demonstration.feeds.counts_of(run) for run in loaded.runs]
        return {"keeper": loaded.keeper, "runs": runs, "seeded": seeded}

    def _seed(self, *, is_quiet: bool) -> dict[str, Mapping[str, int]]:
        """What the apps above added: {seed: {what: how many}}. Accounts must exist by then, for seeds act for them."""

        def tell(seeded: demonstration.Seeded) -> None:
            if not is_quiet:
                added = (f"{count:,} {_words(name)}" for name, count in seeded.counts.items() if count)
                self.stdout.write(f"{seeded.name}: {', '.join(added) or 'nothing new'} ({seeded.seconds:.1f} s)")

        logging.disable(logging.INFO)  # what services note of each single act would bury the lines above
        try:
            seeded = demonstration.seed_above(at=timezone.now(), on_seeded=tell)
        finally:
            logging.disable(logging.NOTSET)
        return {each.name: each.counts for each in seeded}


def _words(name: str) -> str:
    """`head_offices` and `LEGAL_REP` as words."""
    return name.replace("_", " ").lower()
