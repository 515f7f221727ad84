"""`manage.py setup`: everything that an installation needs before its first feed. Repeatable."""

from __future__ import annotations

import json
from argparse import ArgumentParser

from django.core.management import call_command
from django.core.management.base import BaseCommand

from customers.services import seeding


class Command(BaseCommand):
    """What an administrator has changed since is left alone."""

    help = "Make channels, roles, head office, sources, items and code tables that are not there yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print what was made as JSON.")

    def handle(self, **options: object) -> None:
        call_command("setup_accounts", verbosity=0)
        made = seeding.set_up_master()
        if options["json"]:
            self.stdout.write(json.dumps(made))
        elif options["verbosity"]:
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in made.items()))
