"""`manage.py match_stock`: link every record that has no customer yet, and look again at the whole stock."""

from __future__ import annotations

from argparse import ArgumentParser

from django.utils import timezone

from customers.management.answering import AnsweringCommand
from customers.services import stock


class Command(AnsweringCommand):
    """Repeatable: a second run changes nothing."""

    help = "Match the whole stock and project the customers that changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the counts as JSON.")

    def answer(self, **options: object) -> dict[str, object]:
        return stock.match_stock(at=timezone.now(), by=None).counts
