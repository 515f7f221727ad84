"""Input of the review of access and of cases."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import AccessCase
from accounts.styling import styled

LONGEST = 2_000
LEAST = 5


def _words(label: object, *, rows: int = 3, is_required: bool = True, help_text: object = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=is_required,
        min_length=LEAST if is_required else None,
        max_length=LONGEST,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class _StyledForm(forms.Form):
    """Several such forms stand on one page, so that each has ids of its own."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, auto_id=f"{type(self).__name__.lower()}-%s", **kwargs)
        styled(self)


class AskForm(_StyledForm):
    """What the person is asked about an entry."""

    question = _words(_("Question"), help_text=_("The person reads this. Name no values of the customer."))


class AcceptForm(_StyledForm):
    """What explains an entry."""

    finding = _words(_("Finding"), rows=2, is_required=False)


class EscalateForm(_StyledForm):
    """Why an entry becomes a case."""

    finding = _words(_("Why it is handed on"), rows=2)


class AnswerForm(_StyledForm):
    """The answer to a question."""

    answer = _words(_("Your answer"))


class SignForm(_StyledForm):
    """What the privacy officer adds to the report."""

    remark = _words(_("Remark"), is_required=False)


class CloseForm(_StyledForm):
    """How a case ends, and why."""

    finding = forms.ChoiceField(label=_("Finding"), choices=AccessCase.Finding.choices)
    comment = _words(pgettext_lazy("case", "What was found"))
