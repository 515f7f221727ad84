"""`manage.py match_stock`: link every record that has no customer yet, and look again at the whole stock."""

from __future__ import annotations

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from customers.services import stock


class Command(BaseCommand):
    """Repeatable: a second run changes nothing."""

    help = "Match the whole stock and project the customers that changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the counts as JSON.")

    def handle(self, **options: object) -> None:
        run = stock.match_stock(at=timezone.now(), by=None)
        text = json.dumps(run.counts) if options["json"] else "\n".join(f"{k:18} {v:,}" for k, v in run.counts.items())
        self.stdout.write(text)
