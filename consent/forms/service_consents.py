"""What systems send about consents, checked before anything is done with it."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.dateparse import parse_datetime

from consent.forms.consents import DIGEST, FIRST_YEAR, LAST_YEAR, LONGEST_EVIDENCE, instant_of
from consent.models import Channel, Consent, Receipt
from customers.numbering import parse_customer_number

LONGEST_KEY = 80
LONGEST_CODE = 30
ANSWERS = [choice for choice in Consent.Answer.choices if choice[0] != Consent.Answer.LAPSED]


class NumberField(forms.CharField):
    """A customer number, with or without its hyphens; '' where it may be left out and is."""

    def clean(self, value: object) -> str:
        written = super().clean(value)
        number = parse_customer_number(written) if written else ""
        if number is None:
            raise forms.ValidationError("not a customer number", code="number")
        return number


class InstantField(forms.CharField):
    """An instant as ISO 8601 has it, in Korean time unless it names another offset."""

    def clean(self, value: object) -> datetime | None:
        written = super().clean(value)
        if not written:
            return None
        found = instant_of(written) if parse_datetime(written) else None
        if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise forms.ValidationError("not an instant", code="instant")
        return found


class CodesField(forms.MultipleChoiceField):
    """Any codes; whether there are such is looked up."""

    def valid_value(self, value: str) -> bool:
        return 0 < len(value) <= LONGEST_CODE  # what no database keeps, `fields_of` refuses


class ServiceReceiptForm(forms.Form):
    """One occasion; its answers are read one by one with `ServiceAnswerForm`."""

    customer = NumberField(max_length=20)
    method = forms.ChoiceField(choices=Receipt.Method)
    answered_at = InstantField(max_length=40)
    by_role = forms.ChoiceField(choices=Receipt.Role, required=False)
    representative = NumberField(max_length=20, required=False)
    key = forms.CharField(max_length=LONGEST_KEY, required=False)
    evidence = forms.CharField(max_length=LONGEST_EVIDENCE, required=False)
    evidence_digest = forms.RegexField(DIGEST, required=False)

    def clean_by_role(self) -> str:
        return self.cleaned_data["by_role"] or Receipt.Role.SELF.value


class ServiceAnswerForm(forms.Form):
    """One answer. text: the number of the version that was read; without it the one in use at that instant."""

    purpose = forms.CharField(max_length=LONGEST_CODE)
    answer = forms.ChoiceField(choices=ANSWERS)
    channel = forms.ChoiceField(choices=Channel, required=False)
    recipient = forms.CharField(max_length=20, required=False)
    text = forms.RegexField(r"\A[1-9][0-9]{0,5}\Z", required=False)

    def clean_channel(self) -> str:
        return self.cleaned_data["channel"] or Channel.ANY.value


class ServiceWithdrawForm(forms.Form):
    """What is taken back: everything, unless purposes or a channel are named."""

    customer = NumberField(max_length=20)
    purposes = CodesField(required=False)
    channel = forms.ChoiceField(choices=Channel, required=False)
    said_at = InstantField(max_length=40, required=False)
    method = forms.ChoiceField(choices=Receipt.Method, required=False)
    via = forms.CharField(max_length=LONGEST_EVIDENCE, required=False)

    def clean_channel(self) -> str | None:
        return self.cleaned_data["channel"] or None

    def clean_method(self) -> str:
        return self.cleaned_data["method"] or Receipt.Method.WEB.value
