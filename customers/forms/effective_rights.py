"""Whose rights are to be explained, for which customer and item; it stands in the address."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from accounts.purposes import Purpose
from accounts.styling import styled
from customers import access_words as words
from customers.access import Place
from customers.models import Customer
from customers.numbering import parse_customer_number
from customers.reading import CatalogueItem


class ExplainForm(forms.Form):
    """staff is found by the employee number, customer by the customer number as written or bare."""

    staff = forms.CharField(
        label=gettext_lazy("Employee number"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    customer = forms.CharField(
        label=gettext_lazy("Customer number"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "C-000000000-0"}),
    )
    item = forms.ChoiceField(label=gettext_lazy("Item"), required=False)
    purpose = forms.ChoiceField(
        label=gettext_lazy("purpose"),
        required=False,
        choices=[("", gettext_lazy("where the role begins")), *Purpose.choices],
    )
    place = forms.ChoiceField(label=gettext_lazy("Place"), required=False, choices=list(words.PLACES.items()))

    def __init__(self, data: QueryDict | None = None, *, items: Mapping[str, CatalogueItem]) -> None:
        super().__init__(data)
        self.fields["item"].choices = [
            ("", gettext_lazy("all items")),
            *((code, item.label) for code, item in items.items()),
        ]
        styled(self)

    def clean_staff(self) -> Staff:
        number = self.cleaned_data["staff"]
        found = Staff.objects.select_related("branch", "channel").filter(employee_number=number).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has this employee number."))
        return found

    def clean_customer(self) -> Customer | None:
        written = self.cleaned_data["customer"]
        if not written:
            return None
        number = parse_customer_number(written)
        found = Customer.objects.with_holders().filter(number=number).first() if number else None
        if found is None:
            raise forms.ValidationError(_("There is no customer of this number."))
        return found

    def clean_place(self) -> Place:
        return Place(self.cleaned_data["place"] or Place.PROFILE)
