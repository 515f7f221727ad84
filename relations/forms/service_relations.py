"""What systems send about relationships, checked before anything is done with it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django import forms

from accounts.free_text import without_resident_numbers
from customers.numbering import parse_customer_number
from relations.forms.relationships import LONGEST_EVIDENCE
from relations.models import Relationship
from relations.rules.relationships import Unlikely

SURROGATE = re.compile("[\ud800-\udfff]")  # half a letter, which JSON can write and no database can keep


def odd_fields(form: type[forms.Form], sent: Mapping[str, object]) -> list[str]:
    """The fields that JSON holds as something else than text, or a list of texts where there may be several: forms
    expect what browsers send."""
    return sorted(name for name, field in form.base_fields.items() if not _is_fit(field, sent.get(name)))


def _is_fit(field: forms.Field, value: object) -> bool:
    if isinstance(field, forms.MultipleChoiceField) and isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return value is None or (isinstance(value, str) and not SURROGATE.search(value))


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
