"""`manage.py match_stock`: match the whole stock with the live model, and project the customers that changed."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.dedup.fitting import TooLittleToLearn
from customers.management.answering import AnsweringCommand
from customers.models import MatchRun
from customers.services import match_models, matching


class Command(AnsweringCommand):
    """Repeatable: a second run changes nothing. Workers that listen to the broker take their share of the parts."""

    help = "Match the whole stock and project the customers that changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fit", action="store_true", help="Learn the weights from the stock first, and use them.")
        parser.add_argument("--parts", type=int, help="Cut the work into so many parts; without it by the size.")
        parser.add_argument("--json", action="store_true", help="Print the counts as JSON.")

    def answer(self, **options: object) -> dict[str, object]:
        if options["fit"]:
            self._fit()
        run = matching.request_match_run(by=None, at=timezone.now(), is_queued=False)
        try:
            run = matching.lead_match_run(run=run, parts=options["parts"])
        except matching.RunBusy:
            raise CommandError(_("Another process is matching the stock now.")) from None
        if run.state != MatchRun.State.DONE:
            raise CommandError(_("Matching ended as: %(state)s") % {"state": run.get_state_display()})
        return run.counts

    def _fit(self) -> None:
        try:
            model = match_models.fit_model(by=None, at=timezone.now())
        except TooLittleToLearn:
            raise CommandError(_("Too few records carry the same identifier to learn from them.")) from None
        match_models.publish_model(model=model, by=None, at=timezone.now())
