"""Input of the pages of retention: a draft of the rules."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from consent.rules.retention import LONGEST_CLAUSE, LONGEST_MONTHS, Policy, Rules
from consent.words.retention import CLASSES, GRADES
from customers.inputs import StyledForm

LONGEST_COMMENT = 1_000


class PolicyForm(forms.Form):
    """How long one class is kept, by which clause, how sure that is."""

    months = forms.IntegerField(label=gettext_lazy("Months"), min_value=0, max_value=LONGEST_MONTHS)
    clause = forms.CharField(
        label=gettext_lazy("Clause"),
        max_length=LONGEST_CLAUSE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "ko"}),
    )
    grade = forms.ChoiceField(label=gettext_lazy("How sure"), choices=list(GRADES.items()))

    def __init__(self, policy: Policy, data: QueryDict | None = None) -> None:
        initial = {"months": policy.months, "clause": policy.clause, "grade": str(policy.grade)}
        super().__init__(data, prefix=policy.code, initial=initial)
        self.policy, self.label = policy, CLASSES[policy.code]
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{self.label}: {self.fields[name].label}"
        styled(self)


class RetentionRulesForm(StyledForm):
    """A draft: the period of every class, and why it is proposed."""

    comment = forms.CharField(
        label=gettext_lazy("What changes, and why"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict | None = None, *, rules: Rules) -> None:
        """rules: those that the draft begins with."""
        self.policies = [PolicyForm(policy, data) for policy in rules.policies.values()]
        super().__init__(data)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if all(one.is_valid() for one in self.policies):
            cleaned["definition"] = {"classes": {one.policy.code: one.cleaned_data for one in self.policies}}
        else:
            self.add_error(None, gettext_lazy("Some periods cannot be used. They are marked below."))
        return cleaned
