"""What systems send about relationships, checked before anything is done with it."""

from __future__ import annotations

from django import forms

from accounts.free_text import without_resident_numbers
from customers.numbering import parse_customer_number
from relations.forms.relationships import LONGEST_EVIDENCE
from relations.models import Relationship
from relations.rules.relationships import Unlikely


class NumberField(forms.CharField):
    """A customer number, with or without its hyphens."""

    def clean(self, value: object) -> str:
        number = parse_customer_number(super().clean(value))
        if number is None:
            raise forms.ValidationError("not a customer number", code="number")
        return number


class ServiceRegisterForm(forms.Form):
    """first is `kind` to second: PARENT says that the first is the parent of the second."""

    first = NumberField(max_length=20)
    second = NumberField(max_length=20)
    kind = forms.ChoiceField(choices=Relationship.Kind)
    said_by = forms.CharField(max_length=LONGEST_EVIDENCE, required=False)
    started_on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    valid_until = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    accepted = forms.MultipleChoiceField(required=False, choices=[(each.value, each.value) for each in Unlikely])

    def clean_said_by(self) -> str:
        return without_resident_numbers(self.cleaned_data["said_by"])


class ServiceEndForm(forms.Form):
    """Why a relationship is over, and the first day on which it no longer holds; without it, today."""

    because = forms.ChoiceField(choices=Relationship.EndedBecause)
    ended_on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
