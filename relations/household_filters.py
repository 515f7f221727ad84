"""What the lists of households and of suggestions can be narrowed by; the filters stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, Staff
from accounts.styling import styled
from customers.filters import ActiveFilter, branch_choices, written_value
from customers.models import Customer
from customers.paging import PAGE_SIZE, is_id
from customers.querysets import sees_everyone
from relations.models import Household, HouseholdSuggestion, Membership, SuggestedMember
from relations.words.households import SCORES, SUGGESTED_KINDS, SUGGESTION_STATES

ALL = ("", _("all"))


class SuggestionFilter(forms.Form):
    """The filters of the suggestions. data: words of the address; unknown ones are ignored, without a state it is what
    waits."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[ALL, *SUGGESTED_KINDS], required=False)
    score = forms.ChoiceField(label=_("How sure"), choices=[ALL, *SCORES.items()], required=False)
    branch = forms.ChoiceField(
        label=_("Main branch and below"), choices=lambda: [ALL, *branch_choices()], required=False
    )

    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__({word: data[word] for word in self.base_fields if data.get(word)})
        self.state = data.get("state") if data.get("state") in SUGGESTION_STATES else "OPEN"
        styled(self)
        self.is_valid()

    @property
    def condition(self) -> dict[str, str]:
        """The words in use that were understood, for addresses and the trail."""
        return {"state": self.state} | {word: value for word, value in self.cleaned_data.items() if value}

    @property
    def active(self) -> list[ActiveFilter]:
        """The filters in use beside the state."""
        values = self.cleaned_data
        return [
            ActiveFilter(name, str(self.fields[name].label), written_value(self[name]))
            for name in self.fields
            if values.get(name)
        ]

    @property
    def found(self) -> QuerySet[HouseholdSuggestion]:
        """The suggestions."""
        values, rows = self.cleaned_data, HouseholdSuggestion.objects.filter(state=self.state)
        if values.get("kind"):
            rows = rows.filter(kind=values["kind"])
        if values.get("score"):
            rows = rows.filter(score__gte=float(values["score"]))
        if values.get("branch"):
            branch = Branch.objects.filter(code=values["branch"]).first()
            below = list(Branch.objects.subtree_of(branch).values_list("code", flat=True)) if branch else []
            at_branch = SuggestedMember.objects.filter(suggestion=OuterRef("pk"), customer__main_branch__in=below)
            rows = rows.filter(Exists(at_branch))
        return rows


@dataclass(frozen=True)
class SuggestionPage:
    """Suggestions, the surest first. before, after: ids by which the neighbouring pages are asked for."""

    rows: tuple[HouseholdSuggestion, ...]
    before: str | None
    after: str | None


def surest_page(rows: QuerySet[HouseholdSuggestion], *, after: str = "", before: str = "") -> SuggestionPage:
    """The page behind suggestion `after`, or in front of `before`; the first one where neither is known."""
    asked = after or before
    known = HouseholdSuggestion.objects.values_list("score", "pk")
    edge = known.filter(pk=int(asked)).first() if is_id(asked) else None
    is_backwards = bool(before and not after and edge)
    if edge:
        score, pk = edge
        beyond = "gt" if is_backwards else "lt"
        later = "lt" if is_backwards else "gt"
        rows = rows.filter(Q(**{f"score__{beyond}": score}) | Q(score=score, **{f"pk__{later}": pk}))
    order = (F("score").asc(), "-pk") if is_backwards else (F("score").desc(), "pk")
    found = list(rows.select_related("household").order_by(*order)[: PAGE_SIZE + 1])
    has_further, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if is_backwards:
        found.reverse()
    if not found:
        return SuggestionPage((), None, None)
    has_before = has_further if is_backwards else bool(edge)
    has_after = bool(edge) if is_backwards else has_further
    return SuggestionPage(
        tuple(found), str(found[0].pk) if has_before else None, str(found[-1].pk) if has_after else None
    )


def households_of(viewer: Staff) -> QuerySet[Household]:
    """The households in which the reader may see somebody, now or earlier."""
    if sees_everyone(viewer):
        return Household.objects.all()
    visible = Customer.objects.visible_to(viewer).values("pk")
    return Household.objects.filter(Exists(Membership.objects.filter(household=OuterRef("pk"), customer__in=visible)))
