"""`manage.py match_rehearse`: what a draft of the matching model would do to the links that stand."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.management.answering import AnsweringCommand
from customers.models import MatchModel, Rehearsal
from customers.services import match_rehearsals


class Command(AnsweringCommand):
    """Repeatable: it leaves the stock as it is, and keeps what it found with the draft."""

    help = "Rehearse a draft of the matching model on today's stock, without touching it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--model", type=int, required=True, help="The version of the draft.")
        parser.add_argument("--json", action="store_true", help="Print the counts as JSON.")

    def answer(self, **options: object) -> dict[str, object]:
        model = MatchModel.objects.filter(version=options["model"]).first()
        if model is None:
            raise CommandError(_("There is no version %(version)s of the model.") % {"version": options["model"]})
        try:
            rehearsal = match_rehearsals.request_rehearsal(model=model, by=None, at=timezone.now(), is_queued=False)
            rehearsal = match_rehearsals.rehearse(rehearsal=rehearsal)
        except match_rehearsals.NotADraft:
            raise CommandError(_("This version is no draft, so there is nothing to rehearse.")) from None
        except match_rehearsals.RehearsalBusy:
            raise CommandError(_("Another process is rehearsing this draft now.")) from None
        if rehearsal.state != Rehearsal.State.DONE:
            raise CommandError(_("The rehearsal ended as: %(state)s") % {"state": rehearsal.get_state_display()})
        return {"rehearsal": rehearsal.pk, **rehearsal.counts, "seconds": rehearsal.seconds}
