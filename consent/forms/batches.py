"""Input of the pages of destruction, and of the services that ask for it and answer about copies."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.forms.holds import ClauseField, PlainReasonField
from consent.models import DestructionBatch
from customers.filters import DateInput
from customers.inputs import StyledForm
from customers.numbering import parse_customer_number

MOST_TYPED = 500
BETWEEN = re.compile(r"[\s,;]+")


class NumbersField(forms.CharField):
    """Customer numbers, one a line or parted by commas; clean gives them without hyphens, each once."""

    def __init__(self, **options: object) -> None:
        widget = forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=MOST_TYPED * 20, widget=widget, **options)

    def clean(self, value: object) -> list[str]:
        written = [word for word in BETWEEN.split(super().clean(value)) if word]
        numbers = {word: parse_customer_number(word) for word in written}
        if odd := [word for word, number in numbers.items() if number is None]:
            raise forms.ValidationError(_("These are no customer numbers: %(words)s") % {"words": ", ".join(odd[:5])})
        if len(numbers) > MOST_TYPED:
            raise forms.ValidationError(_("These are too many. Give 500 numbers at most."))
        return sorted({number for number in numbers.values() if number})


class ProposeForm(StyledForm):
    """Whom somebody proposes to separate or destroy, and on which basis."""

    action = forms.ChoiceField(label=gettext_lazy("What is to be done"), choices=DestructionBatch.Action)
    numbers = NumbersField(label=gettext_lazy("Customer numbers"), help_text=gettext_lazy("One a line, 500 at most."))
    clause = ClauseField()
    basis = PlainReasonField(label=gettext_lazy("Basis"))


class DecideForm(StyledForm):
    """What somebody says to a proposal."""

    reason = PlainReasonField()


class CopyForm(StyledForm):
    """What became of a copy: destroyed for all customers but those that are kept, with the reason."""

    kept = NumbersField(
        label=gettext_lazy("Customers whose copy is kept"),
        required=False,
        help_text=gettext_lazy("Numbers, one a line. Leave it empty where everything is destroyed."),
    )
    reason = PlainReasonField(label=gettext_lazy("Why it is kept"), required=False)
    until = forms.DateField(
        label=gettext_lazy("The copy is kept until"), required=False, widget=DateInput, input_formats=["%Y-%m-%d"]
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("kept") and not cleaned.get("reason"):
            self.add_error("reason", _("Say why it is kept."))
        return cleaned


class FingerprintForm(StyledForm):
    """The fingerprint of a certificate that somebody holds in their hands."""

    fingerprint = forms.RegexField(
        r"^\s*[0-9A-Fa-f]{64}\s*$",
        label=gettext_lazy("Fingerprint"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid": gettext_lazy("A fingerprint has 64 letters and digits.")},
    )


class ServiceDestructionForm(forms.Form):
    """A system asks for the destruction of one customer."""

    customer = forms.CharField(max_length=20)
    clause = ClauseField()
    reason = PlainReasonField()

    def clean_customer(self) -> str:
        number = parse_customer_number(self.cleaned_data["customer"])
        if number is None:
            raise forms.ValidationError("not a customer number", code="number")
        return number


class ServiceCopyForm(forms.Form):
    """Which copy a system answers for: a batch, and its own code as a source or a recipient."""

    batch = forms.CharField(max_length=20)
    holder = forms.CharField(max_length=20)


class ServiceItemForm(forms.Form):
    """What became of the copy of one customer: DESTROYED, or KEPT because."""

    customer = forms.CharField(max_length=20)
    state = forms.ChoiceField(choices=[("DESTROYED", "DESTROYED"), ("KEPT", "KEPT")])
    because = PlainReasonField(required=False)
    until = forms.DateField(required=False, input_formats=["%Y-%m-%d"])

    clean_customer = ServiceDestructionForm.clean_customer

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("state") == "KEPT" and not cleaned.get("because"):
            self.add_error("because", "missing")
        return cleaned
