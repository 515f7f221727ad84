"""`manage.py rotate_keys`: seal every identifier anew under the active key of HANNUN_KEYS."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from customers.management.answering import AnsweringCommand
from customers.services import sealing


class Command(AnsweringCommand):
    """May be cut off and repeated. An old key may be taken out of HANNUN_KEYS once this has ended well."""

    help = "Seal every identifier anew under the active key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the counts as JSON.")

    def answer(self, **options: object) -> dict[str, object]:
        try:
            return asdict(sealing.rotate_all_keys())
        except sealing.KeyMissing as problem:
            raise CommandError(_("The key %(key)s is not in HANNUN_KEYS.") % {"key": problem}) from None
        except sealing.ValueBroken as problem:
            table, row = problem.args
            message = _("A sealed value does not open at its place: table %(table)s, row %(row)s.")
            raise CommandError(message % {"table": table, "row": row}) from None
