"""`manage.py export_links FILE`: which source record belongs to which customer."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError

from customers.feeds.reasons import file_reason
from customers.management.answering import AnsweringCommand
from customers.services import stock


class Command(AnsweringCommand):
    """Writes `source,source_key,customer_number`, one line per linked record, in that order."""

    help = "Export the links of all source records as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="Print the count as JSON.")

    def answer(self, **options: object) -> dict[str, object]:
        try:
            return {"links": stock.export_links(path=options["file"])}
        except OSError as problem:
            raise CommandError(file_reason("NOT_WRITTEN", {"file": options["file"]})) from problem
