"""Input of the page that tells whether somebody is a customer already."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers import masking
from customers.feeds.parsing import without_resident_numbers
from customers.typed import LONGEST

LEAST_FIELDS = 2  # filled in; a resident number suffices alone


class UnechoedInput(forms.TextInput):
    """A text that is never written back into the page, nor kept in the browser as a draft."""

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> dict[str, object]:
        return super().get_context(name, None, {**(attrs or {}), "data-no-draft": True})


class MaskedInput(forms.TextInput):
    """A text that is written back into the page without the resident numbers in it."""

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> dict[str, object]:
        shown = masking.without_resident_numbers(value) if isinstance(value, str) else value
        return super().get_context(name, shown, attrs)


class TypedField(forms.CharField):
    """What may be left out; browsers neither offer nor remember it."""

    def __init__(self, **options: object) -> None:
        super().__init__(required=False, max_length=LONGEST, **options)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


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
