"""`manage.py check_households --truth FILE`: how well a search for households does where the truth is known."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError

from customers.management.answering import AnsweringCommand
from relations.bench.households import judge


class Command(AnsweringCommand):
    """The truth is a file as `demo_data` writes it beside the population. The stock at hand is searched, and nothing is
    written."""

    help = "Search the stock for households and judge what is found by a file of known truth, per kind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--truth", type=Path, required=True, help="truth_households.csv of the loaded population.")
        parser.add_argument("--json", action="store_true", help="Print the figures as JSON.")

    def answer(self, **options: object) -> dict[str, object]:
        try:
            scores = judge(options["truth"])
        except OSError as problem:
            raise CommandError(f"{options['truth']}: {problem.strerror}") from None
        except (KeyError, UnicodeDecodeError):
            raise CommandError(f"{options['truth']} is no truth_households.csv.") from None
        return {
            kind: {
                "precision": round(score.precision, 4),
                "recall": round(score.recall, 4),
                "pairs_found": score.found_pairs,
                "pairs_true": score.true_pairs,
            }
            for kind, score in scores.items()
        }
