"""Input of the page of customers whom nobody keeps."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy

from customers.inputs import StyledForm
from relations.forms.keepers import DayField
from relations.models import OrphanNote


class ExplainForm(StyledForm):
    """Why customers have no keeper, and until when that may stay so."""

    why = forms.ChoiceField(label=gettext_lazy("Why nobody keeps them"), choices=OrphanNote.Why)
    until = DayField(label=gettext_lazy("Holds until"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def _prepare(self) -> None:
        last = timezone.localdate() + timedelta(days=settings.ORPHAN_NOTE_DAYS)
        self.fields["until"].widget.attrs["max"] = last.isoformat()
