"""Input of the page on which one decision on many pairs is prepared."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from customers.forms.golden_values import ReasonForm
from customers.models import Ruling

ANSWERS = (
    (Ruling.Answer.SAME.value, gettext_lazy("One customer: merge each pair")),
    (Ruling.Answer.DIFFERENT.value, gettext_lazy("Two customers: keep each pair apart")),
)


class BulkForm(ReasonForm):
    """What is decided about every pair of the filter, and why."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Answer for every pair"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose an answer.")},
    )
    field_order = ("answer", "reason_code", "comment")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].widget.attrs["class"] = "form-check-input"
