"""`manage.py export_links FILE`: which source record belongs to which customer."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from customers.services import stock


class Command(BaseCommand):
    """Writes `source,source_key,customer_number`, one line per linked record, in that order."""

    help = "Export the links of all source records as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="Print the count as JSON.")

    def handle(self, **options: object) -> None:
        try:
            count = stock.export_links(path=options["file"])
        except OSError as problem:
            raise CommandError(f"{options['file']}: {problem.strerror}") from problem
        self.stdout.write(json.dumps({"links": count}) if options["json"] else f"{count:,}")
