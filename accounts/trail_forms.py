"""What the trail is searched by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.free_text import without_resident_numbers
from accounts.models import AccessEntry
from accounts.styling import styled

USUAL_DAYS = 31


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PeriodForm(forms.Form):
    """Days, both included; without any the last ones up to `today`. usual_days: how many those are."""

    first = forms.DateField(label=gettext_lazy("First day"), widget=DateInput, input_formats=["%Y-%m-%d"])
    last = forms.DateField(label=gettext_lazy("Last day"), widget=DateInput, input_formats=["%Y-%m-%d"])

    def __init__(self, data: Mapping[str, str], *, today: date, usual_days: int = USUAL_DAYS) -> None:
        given = {name: value for name, value in data.items() if name in self.base_fields}
        last = given.get("last") or today.isoformat()
        given |= {"last": last, "first": given.get("first") or _before(last, usual_days, today)}
        self.today = today
        super().__init__(given)
        styled(self)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day lies before the first one."))
        elif first and first < date(self.today.year - settings.TRAIL_YEARS, 1, 1):
            self.add_error("first", _("The trail does not reach back so far."))
        elif last and last > self.today + timedelta(days=1):
            self.add_error("last", _("This day is still to come."))
        return cleaned


class TrailForm(PeriodForm):
    """Whose looks, at whom, when, of which kind; all of it stands in the address."""

    staff = forms.CharField(label=gettext_lazy("Employee number"), required=False, max_length=20)
    customer = forms.CharField(
        label=gettext_lazy("Customer number"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"placeholder": "C-000012345-6"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("", gettext_lazy("all")), *AccessEntry.Kind.choices], required=False
    )
    field_order = ("staff", "customer", "first", "last", "kind")

    def clean_customer(self) -> set[int]:
        """Ids of all customers that this number stands for."""
        written = self.cleaned_data["customer"]
        found = subjects_of({"written": written}) if written else set()
        if written and not found:
            raise forms.ValidationError(_("There is no customer with this number."))
        return found

    @property
    def conditions(self) -> dict[str, str]:
        """What was asked for, as the trail keeps it."""
        return {
            name: without_resident_numbers(str(self.data[name])) for name in self.cleaned_data if self.data.get(name)
        }

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in ("staff", "customer", "kind"))


def subjects_of(words: Mapping[str, object]) -> set[int]:
    """Ids of the customers that these words name, by the functions of `settings.TRAIL_SUBJECTS`."""
    return {customer for path in settings.TRAIL_SUBJECTS for customer in import_string(path)(words)}


def _before(last: str, days: int, today: date) -> str:
    """The first of so many days that end with `last`; those up to today where `last` is no day."""
    try:
        end = date.fromisoformat(last)
        return (end - timedelta(days=days - 1)).isoformat()
    except (ValueError, OverflowError):
        return (today - timedelta(days=days - 1)).isoformat()
