"""Input of the pages of holds and of separated data."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.free_text import without_resident_numbers
from consent.models import Hold
from customers.filters import DateInput
from customers.inputs import ReasonField, StyledForm

LONGEST_CLAUSE = 100


class ClauseField(forms.CharField):
    """The clause that something rests on."""

    def __init__(self, **options: object) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(max_length=LONGEST_CLAUSE, widget=widget, **{"label": gettext_lazy("Clause")} | options)

    def clean(self, value: object) -> str:
        return without_resident_numbers(super().clean(value))


class LaterField(forms.DateField):
    """A day after today."""

    def __init__(self, **options: object) -> None:
        super().__init__(widget=DateInput, input_formats=["%Y-%m-%d"], **options)


class PlainReasonField(ReasonField):
    """Why, without the resident numbers that nobody was to write."""

    def clean(self, value: object) -> str:
        return without_resident_numbers(super().clean(value))


class HoldForm(StyledForm):
    """Why a customer stays, on which clause, until when it is looked at again."""

    scope = forms.ChoiceField(label=gettext_lazy("What is forbidden"), choices=Hold.Scope)
    reason = PlainReasonField(help_text=gettext_lazy("Such as a lawsuit, an investigation or a claim in dispute."))
    clause = ClauseField()
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Such as the number of the case."),
    )
    review_on = LaterField(label=gettext_lazy("Looked at again on"))

    def _prepare(self) -> None:
        self.fields["review_on"].widget.attrs["min"] = (timezone.localdate() + timedelta(days=1)).isoformat()

    def clean_reference(self) -> str:
        return without_resident_numbers(self.cleaned_data["reference"])


class ReleaseForm(StyledForm):
    """Why a hold ends."""

    because = PlainReasonField(label=gettext_lazy("Why the hold ends"))


class ExtendForm(StyledForm):
    """Until when a hold goes on."""

    review_on = LaterField(label=gettext_lazy("Looked at again on"))

    def _prepare(self) -> None:
        self.fields["review_on"].widget.attrs["min"] = (timezone.localdate() + timedelta(days=1)).isoformat()


class SeparatedForm(StyledForm):
    """Why somebody looks at data that are kept apart."""

    reason = PlainReasonField()
    clause = ClauseField(help_text=gettext_lazy("The law that asks for it, such as 신용정보법 제20조의2 제2항."))


class ToldForm(StyledForm):
    """How a customer was told that separated data were used."""

    how = forms.CharField(
        label=gettext_lazy("How the customer was told"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_how(self) -> str:
        return without_resident_numbers(self.cleaned_data["how"])
