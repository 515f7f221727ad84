"""`manage.py setup`: everything that an installation needs before its first feed. Repeatable."""

from __future__ import annotations

from argparse import ArgumentParser

from django.conf import settings
from django.core.management import call_command
from django.utils.module_loading import import_string

from customers.management.answering import AnsweringCommand
from customers.services import rekeying, seeding


class Command(AnsweringCommand):
    """What an administrator has changed since is left alone."""

    help = "Make channels, roles, sources, items and code tables that are not there yet; renew old match keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print what was made as JSON.")

    def answer(self, **options: object) -> dict[str, object]:
        call_command("setup_accounts", verbosity=0)
        made = dict(seeding.set_up_master())
        for path in settings.SETUPS:
            made |= import_string(path)()
        return {**made, "records_rekeyed": rekeying.rekey_records()}
