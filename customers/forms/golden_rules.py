"""Input of the draft of rules of survivorship."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers import wording
from customers.golden.rules import Rules, components_for, faults_of
from customers.golden.survivorship import ITEMS, GoldenItem, Rank, Reason

LONGEST_COMMENT = 1_000
FAULTS = {
    "EMPTY": gettext_lazy("Choose what counts first."),
    "REPEATED": gettext_lazy("Each may be chosen once."),
    "TOO_LONG": gettext_lazy("Beside the latest date there is room for the recency alone, or for all others."),
}


class RankForm(forms.Form):
    """By what the value of one item is chosen: what counts first, second, and so on; the rest left empty."""

    def __init__(self, item: GoldenItem, label: str, rank: Rank, data: QueryDict | None = None) -> None:
        super().__init__(data, prefix=item.code)
        self.item, self.label = item, label
        components = components_for(item)
        choices = [("", "–"), *((each.name, wording.COMPONENTS[each]) for each in components)]
        for place in range(len(components)):
            field = forms.ChoiceField(choices=choices, required=False)
            field.initial = rank[place].name if place < len(rank) else ""
            field.widget.attrs["aria-label"] = _("%(item)s: place %(place)s") % {"item": label, "place": place + 1}
            self.fields[f"place{place + 1}"] = field
        styled(self)

    @property
    def rank(self) -> list[str]:
        """The names of the components chosen, in order."""
        return [name for name in self.cleaned_data.values() if name]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        names = [name for name in cleaned.values() if name]
        for fault in faults_of({self.item.code: names}):
            self.add_error(None, FAULTS[fault.partition(":")[2]])
        return cleaned


class GoldenRulesForm(forms.Form):
    """A draft: the rule of every item, and why it is proposed."""

    comment = forms.CharField(
        label=gettext_lazy("What changes, and why"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict | None = None, *, rules: Rules, labels: dict[str, str]) -> None:
        """rules: those that the draft begins with. labels: {item code: its name}."""
        super().__init__(data)
        self.ranks = [RankForm(item, labels[item.code], rules.ranks[item.code], data) for item in ITEMS]
        styled(self)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if all(rank.is_valid() for rank in self.ranks):
            cleaned["definition"] = {rank.item.code: rank.rank for rank in self.ranks}
        else:
            self.add_error(None, _("Some rules cannot be used. They are marked below."))
        return cleaned


def places() -> int:
    """How many places a rule has at most."""
    return len([component for component in Reason if component in wording.COMPONENTS])
