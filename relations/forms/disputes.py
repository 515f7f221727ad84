"""Input of the desk of prospects."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from accounts.styling import styled
from relations.forms.prospects import ConditionForm, DayField, NoteField, NumberlessForm
from relations.models import ProspectDispute
from relations.reports.prospects import branches_of
from relations.services.disputes import REASONS

OUTCOMES = (
    ("UPHELD", gettext_lazy("For the one who asked")),
    ("REJECTED", gettext_lazy("Against the one who asked")),
)
STATES = (
    ("", gettext_lazy("Waiting for an answer")),
    ("UPHELD", gettext_lazy("Decided for the one who asked")),
    ("REJECTED", gettext_lazy("Decided against the one who asked")),
    ("WITHDRAWN", gettext_lazy("Question taken back")),
    ("ALL", gettext_lazy("All")),
)


class JudgeForm(NumberlessForm):
    """A decision with its reason."""

    outcome = forms.ChoiceField(label=gettext_lazy("Decision"), choices=OUTCOMES, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"))
    finding = NoteField(label=gettext_lazy("Finding"), help_text=gettext_lazy("Both sides read it."))

    def __init__(self, data: Mapping[str, str] | None = None, *, kind: str) -> None:
        self._kind = kind
        super().__init__(data)

    def _prepare(self) -> None:
        fitting = {reason for (kind, _upheld), reasons in REASONS.items() if kind == self._kind for reason in reasons}
        choices = [(value, words) for value, words in ProspectDispute.Reason.choices if value in fitting]
        self.fields["reason"].choices = [("", _("Choose why")), *choices]

    @property
    def is_upheld(self) -> bool:
        return self.cleaned_data["outcome"] == "UPHELD"


class DisputeFilterForm(ConditionForm):
    """What the desk is narrowed by; it stands in the address. branch: of the one who asked, or of the other side."""

    state = forms.ChoiceField(choices=STATES, required=False, widget=forms.HiddenInput)
    branch = forms.ModelChoiceField(
        label=gettext_lazy("Branch"),
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("all"),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", gettext_lazy("all")), *ProspectDispute.Reason.choices],
        required=False,
    )
    side = forms.ChoiceField(
        label=gettext_lazy("Side"),
        choices=[("", gettext_lazy("both")), ("asker", gettext_lazy("asked")), ("holder", gettext_lazy("was asked"))],
        required=False,
    )
    first = DayField(label=gettext_lazy("First day"), required=False)
    last = DayField(label=gettext_lazy("Last day"), required=False)

    def __init__(self, data: Mapping[str, str], *, viewer: Staff) -> None:
        super().__init__({name: data[name] for name in self.base_fields if data.get(name)})
        self.fields["branch"].queryset = branches_of(viewer)
        styled(self)
