"""Input of the page on which a second look is given."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers.models import Ruling

LONGEST_COMMENT = 1_000


class SecondLookForm(forms.Form):
    """What a second steward answers."""

    answer = forms.ChoiceField(label=gettext_lazy("Your answer"), choices=Ruling.Answer)
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        styled(self)
