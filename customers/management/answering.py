"""Commands that answer in Korean for people, and with `--json` as one document on stdout, also when they fail."""

from __future__ import annotations

import json

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from psycopg.errors import UndefinedColumn, UndefinedTable

# What the database itself says may quote a row, so it is not passed on.
NO_ANSWER = _("The database did not answer, so everything was taken back. Run the same command again.")
OTHER_VERSION = _("The database is that of another version of Hannun. Run migrate and setup first, then this command.")


def check_text(options: dict[str, object]) -> None:
    """Refuse arguments with bytes that are no characters: neither the database nor a page can hold them.

    Raises CommandError.
    """
    try:
        "".join(map(str, options.values())).encode()
    except UnicodeEncodeError:
        raise CommandError(gettext("An argument is no text in UTF-8.")) from None


class AnsweringCommand(BaseCommand):
    """Exit status 0 only on success. A subclass writes `answer` and returns what `--json` prints."""

    def handle(self, **options: object) -> None:
        with translation.override("ko"):
            try:
                check_text(options)
                outcome = self.answer(**options)
            except CommandError as refusal:
                self._fail(options, {"error": str(refusal)})
            except (DatabaseError, psycopg.Error) as problem:
                is_other = isinstance(problem.__cause__ or problem, (UndefinedTable, UndefinedColumn))
                self._fail(options, {"error": gettext(OTHER_VERSION if is_other else NO_ANSWER)})
            else:
                if outcome.get("error"):
                    self._fail(options, outcome)
                self._say(options, outcome)

    def answer(self, **options: object) -> dict[str, object]:
        """Do the work. Returns the outcome; one with a filled `error` is a failure. Raises CommandError."""
        raise NotImplementedError

    def _fail(self, options: dict[str, object], outcome: dict[str, object]) -> None:
        if options["json"]:
            self._say(options, outcome)
        raise CommandError(str(outcome["error"])) from None

    def _say(self, options: dict[str, object], outcome: dict[str, object]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
            return
        if not options["verbosity"]:
            return
        for name, value in outcome.items():
            self.stdout.write(f"{name:18} {f'{value:,}' if type(value) is int else value}")
