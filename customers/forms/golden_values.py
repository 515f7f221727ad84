"""Input of the pages on which a person sets what the value of a customer is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers import wording
from customers.golden.corrected import CORRECTABLE
from customers.inputs import MaskedInput, TypedField, UnechoedInput
from customers.models import ReasonCode
from customers.typed import Problem

LONGEST_COMMENT = 1_000
COLUMN_LABELS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "birth_date": gettext_lazy("Birth date"),
    "sex": gettext_lazy("Sex"),
    "rrn": gettext_lazy("Resident number"),
    "mobile": gettext_lazy("Mobile"),
    "phone_home": gettext_lazy("Home phone"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Address"),
    "postcode": gettext_lazy("Postcode"),
    "company_name": gettext_lazy("Employer"),
    "company_no": gettext_lazy("Business number"),
    "employee_no": gettext_lazy("Employee number"),
    "crn": gettext_lazy("Corporate number"),
}
HINTS = {
    "birth_date": gettext_lazy("Such as 1985-03-02, a lunar date as 1985-03-02 (lunar)."),
    "rrn": gettext_lazy("It is sealed. Only its mask is shown afterwards."),
}


class ReasonForm(forms.Form):
    """Why a person decides, and in their own words what a code cannot say."""

    reason_code = forms.ChoiceField(
        label=gettext_lazy("Reason"), error_messages={"required": gettext_lazy("Choose a reason.")}
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason_code"].choices = [("", gettext_lazy("Choose a reason")), *ReasonCode.choices]
        self._prepare()
        styled(self)  # checks the form, so all its fields must be ready

    def _prepare(self) -> None:
        """Make the fields beside the reason ready."""

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("reason_code") == ReasonCode.OTHER and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Say the reason in your own words."))
        return cleaned


class EndingForm(ReasonForm):
    """What holds to the end of a day, or for good."""

    ends_on = forms.DateField(
        label=gettext_lazy("Holds to the end of"),
        required=False,
        help_text=gettext_lazy("Left empty, it holds until somebody takes it back."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
    )

    def clean_ends_on(self) -> date | None:
        ends_on = self.cleaned_data["ends_on"]
        if ends_on and ends_on < timezone.localdate():
            raise forms.ValidationError(_("This day is over."))
        return ends_on


class PinForm(EndingForm):
    """Which record's value of an item wins."""

    record = forms.TypedChoiceField(
        label=gettext_lazy("Value"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a value."),
            "invalid_choice": gettext_lazy("This record holds the item no more. Choose another value."),
        },
    )
    field_order = ("record", "reason_code", "comment", "ends_on")

    def __init__(self, *args: object, offers: Sequence[tuple[int, str]], **kwargs: object) -> None:
        """offers: (record id, its value with source and date)."""
        self._offers = offers
        super().__init__(*args, **kwargs)

    def _prepare(self) -> None:
        self.fields["record"].choices = self._offers


class PreferForm(EndingForm):
    """Which source's records outrank all others, for one item or for all."""

    source = forms.TypedChoiceField(
        label=gettext_lazy("Source"), coerce=int, error_messages={"required": gettext_lazy("Choose a source.")}
    )
    item = forms.ChoiceField(label=gettext_lazy("Item"), required=False)
    field_order = ("source", "item", "reason_code", "comment", "ends_on")

    def __init__(
        self, *args: object, sources: Iterable[tuple[int, str]], items: Iterable[tuple[str, str]], **kwargs: object
    ) -> None:
        """sources: (id, name); items: (code, name)."""
        self._sources, self._items = list(sources), list(items)
        super().__init__(*args, **kwargs)

    def _prepare(self) -> None:
        self.fields["source"].choices = [("", _("Choose a source")), *self._sources]
        self.fields["item"].choices = [("", _("Every item")), *self._items]


class CorrectForm(ReasonForm):
    """The right value of an item, as it is typed."""

    def __init__(self, *args: object, item: str, **kwargs: object) -> None:
        self._item = item
        super().__init__(*args, **kwargs)

    def _prepare(self) -> None:
        columns = CORRECTABLE[self._item]
        for column in columns:
            self.fields[column] = _field_of(column)
        self.order_fields([*columns, "reason_code", "comment"])
        first = self.fields[columns[0]]
        first.widget.attrs["autofocus"] = True

    @property
    def values(self) -> dict[str, str]:
        """{canonical column: what was typed}."""
        return {column: self.cleaned_data[column] for column in CORRECTABLE[self._item] if self.cleaned_data[column]}

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        columns = CORRECTABLE[self._item]
        if not any(cleaned.get(column) for column in columns) and not any(column in self.errors for column in columns):
            self.add_error(columns[0], _("Type the right value."))
        return cleaned

    def refuse(self, problems: Iterable[Problem], say: object) -> None:
        """Show what cannot be read beside its field. say: the sentence for a code."""
        for problem in problems:
            self.add_error(problem.item if problem.item in self.fields else None, say(problem.code))
        styled(self)


def _field_of(column: str) -> forms.Field:
    """The field that a canonical column is typed in; no resident number is written back into the page, in whichever
    field it was typed. A corporate number looks like one, and is public."""
    label = COLUMN_LABELS[column]
    if column == "sex":
        return forms.ChoiceField(label=label, required=False, choices=[("", "–"), *wording.SEXES.items()])
    widgets = {"rrn": UnechoedInput, "crn": forms.TextInput}
    widget = widgets.get(column, MaskedInput)()
    return TypedField(label=label, help_text=HINTS.get(column, ""), widget=widget)
