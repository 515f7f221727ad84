"""`manage.py verify_trail`: whether anything of the trail was changed, taken away or put in."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.trail.verifying import Fault, Verdict, verify
from accounts.trail_words import fault_words


class Command(BaseCommand):
    """One line per fault, on the standard output; progress on the standard error. Exit status 1 where there is any."""

    help = "Check the whole trail, or some days of it, for changes, gaps and deletions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=_day, help="First day, such as 2026-11-01.")
        parser.add_argument("--to", dest="last", type=_day, help="Last day.")
        parser.add_argument("--day", type=_day, help="A single day.")
        parser.add_argument("--json", action="store_true", help="Print the verdict as JSON.")

    def handle(self, **options: object) -> None:
        with translation.override("ko"):
            first, last = options["day"] or options["first"], options["day"] or options["last"]
            if first and last and first > last:
                raise CommandError(_("The last day lies before the first one."))
            is_told = options["verbosity"] and not options["json"]
            verdict = verify(first=first, last=last, on_progress=self._progress if is_told else None)
            if options["json"]:
                self.stdout.write(json.dumps(_as_json(verdict), ensure_ascii=False))
            else:
                self._tell(verdict)
            if verdict.faults:
                raise CommandError(_("The trail is not whole: %(count)s faults.") % {"count": len(verdict.faults)})

    def _progress(self, done: int, total: int) -> None:
        words = _("%(done)s of %(total)s entries read") % {"done": f"{done:,}", "total": f"{total:,}"}
        self.stderr.write(f"\r{words}", ending="" if done < total else "\n")

    def _tell(self, verdict: Verdict) -> None:
        for fault in verdict.faults:
            self.stdout.write(fault_words(fault))
        told = _("%(entries)s entries in %(chains)s chains read; days are signed until %(day)s.")
        until = verdict.anchored_until or _("(none yet)")
        self.stdout.write(told % {"entries": f"{verdict.entries:,}", "chains": verdict.chains, "day": until})
        if not verdict.faults:
            self.stdout.write(self.style.SUCCESS(_("The trail is whole.")))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("A day is written as 2026-11-01.") from None


def _as_json(verdict: Verdict) -> dict[str, object]:
    return {
        "faults": [_fault_as_json(fault) for fault in verdict.faults],
        "entries": verdict.entries,
        "chains": verdict.chains,
        "anchored_until": verdict.anchored_until and verdict.anchored_until.isoformat(),
    }


def _fault_as_json(fault: Fault) -> dict[str, object]:
    return {
        "kind": fault.kind,
        "month": fault.month and f"{fault.month:%Y-%m}",
        "lane": fault.lane,
        "number": fault.number,
        "last": fault.last,
        "day": fault.day and fault.day.isoformat(),
    }
