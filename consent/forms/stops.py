"""Input of stops for the whole company."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from consent.forms.contact import EVERY_CHANNEL, ContactForm, PurposeField
from consent.words.contact import ALL_PURPOSES
from customers.inputs import ReasonField


class StopForm(ContactForm):
    """What is stopped, and why."""

    purpose = PurposeField(label=gettext_lazy("Purpose"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=EVERY_CHANNEL)
    reason = ReasonField()

    def _prepare(self) -> None:
        self.fields["purpose"].offer(empty=ALL_PURPOSES)


class StopEndForm(ContactForm):
    """Why contacts may be made again."""

    because = ReasonField(label=gettext_lazy("Why contacts may be made again"))
