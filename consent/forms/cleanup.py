"""By what the questions of the clean-up are narrowed, and what came of one."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from accounts.models import Branch, Staff
from accounts.styling import styled
from consent.models import CleanupAsk
from consent.reports.cleanup import EVERYBODY, MINE, STATES_OF, TODAY, branches_for
from consent.services.cleanup import OUTCOMES
from customers.models import SourceSystem

WHOSE = (
    (TODAY, gettext_lazy("For today")),
    (MINE, gettext_lazy("My customers")),
    (EVERYBODY, gettext_lazy("All that I see")),
)
WHEN = (
    ("", gettext_lazy("Open")),
    ("soon", gettext_lazy("Due within 30 days")),
    ("late", gettext_lazy("Refused or not reached")),
    ("done", gettext_lazy("Settled")),
)


class CleanupFilterForm(forms.Form):
    """Whose questions, in which state, of which kind, source and branch. A bad value narrows nothing."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Question"),
        required=False,
        choices=[("", gettext_lazy("all")), *CleanupAsk.Kind.choices],
    )
    source = forms.ModelChoiceField(
        SourceSystem.objects.order_by("name"),
        label=gettext_lazy("Source"),
        required=False,
        empty_label=gettext_lazy("all"),
    )
    branch = forms.ModelChoiceField(
        Branch.objects.none(),
        label=gettext_lazy("Branch"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("all"),
    )

    def __init__(self, query: QueryDict, *, viewer: Staff) -> None:
        super().__init__(query)
        branches = branches_for(viewer)
        if branches.exists():
            self.fields["branch"].queryset = branches
        else:
            del self.fields["branch"]
        styled(self)
        whose, when = query.get("whose", EVERYBODY), query.get("when", "")
        self.whose = whose if whose in (TODAY, MINE) else EVERYBODY
        self.when = when if when in STATES_OF else ""

    @property
    def words(self) -> dict[str, object]:
        """What narrows, for the report."""
        self.is_valid()
        held = {name: value for name, value in self.cleaned_data.items() if value}
        return held | {"whose": self.whose, "when": self.when}

    @property
    def condition(self) -> dict[str, str]:
        """What narrows, as it stands in the address."""
        words = {name: self.data[name] for name in self.words if self.data.get(name)}
        return words | {name: value for name, value in (("whose", self.whose), ("when", self.when)) if value}


class AnswerForm(forms.Form):
    """What came of a question."""

    outcome = forms.ChoiceField(choices=[(outcome, outcome) for outcome in OUTCOMES])
