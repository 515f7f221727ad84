"""Input of the page that sets a number of the law."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from consent.forms.holds import PlainReasonField
from consent.numbers import NUMBERS
from consent.rules.numbers import RANGES

YES_NO = (("1", gettext_lazy("Yes")), ("0", gettext_lazy("No")))


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class NumberForm(forms.Form):
    """Another value of one number, from when and why. unit: of that number."""

    value = forms.IntegerField(label=gettext_lazy("New value"))
    starts_on = forms.DateField(
        label=gettext_lazy("Holds from"),
        widget=DayInput(),
        help_text=gettext_lazy("Tomorrow at the earliest, so that others who watch the numbers can object."),
    )
    reason = PlainReasonField(most=500, help_text=gettext_lazy("What changed in the law, or who decided it."))

    def __init__(self, data: object = None, *, name: str) -> None:
        super().__init__(data)
        unit = NUMBERS[name].unit
        if unit == "YES_NO":
            self.fields["value"] = forms.TypedChoiceField(
                label=gettext_lazy("New value"), choices=YES_NO, coerce=int, empty_value=None
            )
        else:
            least, most = RANGES[unit]
            self.fields["value"] = forms.IntegerField(
                label=gettext_lazy("New value"), min_value=least, max_value=most, localize=False
            )
        styled(self)
