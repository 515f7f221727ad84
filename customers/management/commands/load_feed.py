"""`manage.py load_feed SOURCE FILE`: take a file into the master, now, in this process."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from customers.feeds.layouts import LAYOUTS
from customers.feeds.reasons import file_reason
from customers.management.answering import AnsweringCommand
from customers.models import FeedRun, Mapping, SourceSystem
from customers.services import feeds


class Command(AnsweringCommand):
    """Exit status 0 only when the file was loaded (or, with --dry-run, would have been)."""

    help = "Load a feed file of a source: customers, contracts or contract parties."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="Code of the source system, such as POLICY.")
        parser.add_argument("file", type=Path, help="CSV, TSV or Excel; encoding and delimiter are found out.")
        parser.add_argument("--layout", choices=sorted(LAYOUTS), default="customers")
        parser.add_argument("--mapping", help="Name of a mapping; without it the canonical layout.")
        parser.add_argument("--dry-run", action="store_true", help="The same counts, but nothing is written.")
        parser.add_argument("--json", action="store_true", help="Print the outcome as JSON.")

    def answer(self, **options: object) -> dict[str, object]:
        return feeds.counts_of(feeds.run_feed(run=self._request(options), on_progress=self._progress(options)))

    def _request(self, options: dict[str, object]) -> FeedRun:
        source = SourceSystem.objects.filter(code=options["source"], is_active=True).first()
        if source is None:
            raise CommandError(file_reason("UNKNOWN_SOURCE", {"source": options["source"]}))
        mapping = None
        if options["mapping"]:
            mapping = Mapping.objects.filter(
                name=options["mapping"], source=source, layout=options["layout"], state=Mapping.State.LIVE
            ).first()
            if mapping is None:
                raise CommandError(file_reason("UNKNOWN_MAPPING", {"mapping": options["mapping"]}))
        try:
            path = options["file"].resolve()
            path.is_file()
        except OSError:  # such as a name that is too long for any file
            raise CommandError(file_reason("NO_FILE", {"file": options["file"].name[:200]})) from None
        return feeds.request_feed(
            source=source,
            layout=options["layout"],
            mapping=mapping,
            file=feeds.FeedFile(path, path.name),
            is_dry_run=options["dry_run"],
            by=None,
            at=timezone.now(),
            is_queued=False,
        )

    def _progress(self, options: dict[str, object]) -> object:
        if options["json"] or options["verbosity"] < 1 or not self.stderr.isatty():
            return lambda run: None
        return lambda run: self.stderr.write(
            f"\r{run.get_step_display()} {run.percent:3d} % · {run.rows_read:,}", ending=""
        )
