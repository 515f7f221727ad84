"""Input of the page that tells whether somebody is a customer already."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers.feeds.parsing import without_resident_numbers
from customers.inputs import TypedField, UnechoedInput

LEAST_FIELDS = 2  # filled in; a resident number suffices alone


class DuplicateCheckForm(forms.Form):
    """What is known of a person at the counter or on the phone."""

    name = TypedField(label=gettext_lazy("Name"))
    birth_date = TypedField(label=gettext_lazy("Birth date"))
    mobile = TypedField(label=gettext_lazy("Mobile"))
    phone_home = TypedField(label=gettext_lazy("Home phone"))
    email = TypedField(label=gettext_lazy("E-mail"))
    address = TypedField(label=gettext_lazy("Address"))
    rrn = TypedField(
        label=gettext_lazy("Resident number"),
        widget=UnechoedInput,
        help_text=gettext_lazy("Compared under seal. It is neither shown nor kept."),
    )

    def __init__(self, data: Mapping[str, str] | None = None) -> None:
        super().__init__(None if data is None else self._echoed(data))
        styled(self)

    def _echoed(self, data: Mapping[str, str]) -> dict[str, str]:
        """What was typed; a resident number in a field for something else is masked before it is shown again."""
        typed = {name: data.get(name, "") for name in self.base_fields}
        return {name: cell if name == "rrn" else without_resident_numbers(cell) for name, cell in typed.items()}

    def clean(self) -> dict[str, str]:
        cleaned = super().clean()
        filled = [name for name, cell in cleaned.items() if cell]
        if not self.errors and "rrn" not in filled and len(filled) < LEAST_FIELDS:
            raise forms.ValidationError(_("Fill in two fields at least, or the resident number."))
        return cleaned
