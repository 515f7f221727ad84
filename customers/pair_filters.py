"""What the queue of pairs can be narrowed by; the filters stand in the address, and bulk actions keep them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import django_filters as filters
from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, Staff
from accounts.styling import styled
from customers.filters import ActiveFilter, DateInput, branch_choices, source_choices, written_value
from customers.models import Customer, Pair, Proposal
from customers.models.source import SourceRow
from customers.querysets import sees_everyone

WAITING, PUT_OFF, PROPOSED = "OPEN", "HELD", "PROPOSED"
STATES = (
    (WAITING, _("Waiting")),
    (PUT_OFF, _("Put off")),
    (PROPOSED, _("Before a second person")),
    (Pair.State.SAME.value, Pair.State.SAME.label),
    (Pair.State.DIFFERENT.value, Pair.State.DIFFERENT.label),
    (Pair.State.OVERTAKEN.value, Pair.State.OVERTAKEN.label),
)
"""Where a pair can stand: open ones in the queue, put off, or proposed to a second person; and what came of others."""
SIDES = ("left", "right")


class PairFilter(filters.FilterSet):
    """The filters of the queue over all pairs. data: words of the address; unknown words are ignored, and without a
    state it is the queue. viewer: whose pairs `mine` are; grade and branch tell of customers that they may see."""

    state = filters.ChoiceFilter(label=_("State"), choices=STATES, method="filter_state")
    kind = filters.ChoiceFilter(label=_("Kind"), choices=SourceRow.Kind, field_name="left__kind", empty_label=_("all"))
    reason = filters.ChoiceFilter(label=_("Reason"), choices=Pair.Reason, empty_label=_("all"))
    source = filters.ChoiceFilter(
        label=_("Source of a record"), choices=lambda: source_choices(), method="filter_source", empty_label=_("all")
    )
    grade = filters.ChoiceFilter(
        label=_("Grade of a customer"), choices=Customer.Grade, method="filter_grade", empty_label=_("all")
    )
    branch = filters.ChoiceFilter(
        label=_("Main branch and below"),
        choices=lambda: branch_choices(),
        method="filter_branch",
        empty_label=_("all"),
    )
    found_since = filters.DateFilter(label=_("Found since"), method="filter_found_since", widget=DateInput)
    mine = filters.BooleanFilter(label=_("Only what is before me"), method="filter_mine", widget=forms.CheckboxInput)
    contradicted = filters.BooleanFilter(
        label=_("Only contradicted decisions"), method="filter_contradicted", widget=forms.CheckboxInput
    )

    class Meta:
        model = Pair
        fields: list[str] = []

    def __init__(self, data: Mapping[str, str] | None = None, *, viewer: Staff | None = None) -> None:
        known = {word: data[word] for word in self.base_filters if data and data.get(word)}
        if known.get("state") not in dict(STATES):
            known["state"] = WAITING
        self.viewer = viewer
        super().__init__(known, Pair.objects.all())
        styled(self.form)

    @property
    def chosen_state(self) -> str:
        """The state that the filter is about."""
        return self.data["state"]

    @property
    def condition(self) -> dict[str, str]:
        """The words in use that were understood: what to keep, or to put into an address."""
        return {word: value for word, value in self.data.items() if word not in self.form.errors}

    @property
    def fields(self) -> list[forms.BoundField]:
        """The fields of the form but the state, which stands above the list."""
        return [field for field in self.form if field.name != "state"]

    @property
    def active(self) -> list[ActiveFilter]:
        """The filters in use beside the state."""
        values = self.form.cleaned_data
        return [
            ActiveFilter(name, str(self.filters[name].label), written_value(self.form[name]))
            for name in self.filters
            if name != "state" and values.get(name) not in (None, "", False)
        ]

    def filter_state(self, pairs: QuerySet[Pair], _field: str, state: str) -> QuerySet[Pair]:
        if state not in (WAITING, PUT_OFF, PROPOSED):
            return pairs.filter(state=state)
        pairs, today = pairs.filter(state=Pair.State.OPEN), timezone.localdate()
        if state == PUT_OFF:
            return pairs.filter(hold_until__gt=today)
        if state == PROPOSED:
            return pairs.filter(_is_proposed())
        return pairs.filter(Q(hold_until=None) | Q(hold_until__lte=today), ~_is_proposed())

    def filter_source(self, pairs: QuerySet[Pair], _field: str, code: str) -> QuerySet[Pair]:
        return pairs.filter(Q(left__source__code=code) | Q(right__source__code=code))

    def filter_grade(self, pairs: QuerySet[Pair], _field: str, grade: str) -> QuerySet[Pair]:
        return self._with_customer(pairs, grade=grade)

    def filter_branch(self, pairs: QuerySet[Pair], _field: str, code: str) -> QuerySet[Pair]:
        branch = Branch.objects.filter(code=code).first()
        below = Branch.objects.subtree_of(branch) if branch else Branch.objects.none()
        return self._with_customer(pairs, main_branch__in=list(below.values_list("code", flat=True)))

    def filter_found_since(self, pairs: QuerySet[Pair], _field: str, day: date) -> QuerySet[Pair]:
        return pairs.filter(found_at__gte=datetime.combine(day, time(), timezone.get_current_timezone()))

    def filter_mine(self, pairs: QuerySet[Pair], _field: str, wanted: bool) -> QuerySet[Pair]:
        if not wanted:
            return pairs
        return pairs.filter(assigned_to=self.viewer, assigned_at__gt=assigned_since()) if self.viewer else pairs.none()

    def filter_contradicted(self, pairs: QuerySet[Pair], _field: str, wanted: bool) -> QuerySet[Pair]:
        return pairs.filter(contradicts__isnull=False) if wanted else pairs

    def _with_customer(self, pairs: QuerySet[Pair], **fields: object) -> QuerySet[Pair]:
        """Pairs of which a side belongs to such a customer. Joined, not asked for by a list of ids: the list is read
        by worth, and only as far as its page."""
        either = Q()
        for side in SIDES:
            held = Q(**{f"{side}__link__customer__{name}": value for name, value in fields.items()})
            if self.viewer and not sees_everyone(self.viewer):
                held &= Q(**{f"{side}__link__customer__in": Customer.objects.visible_to(self.viewer)})
            either |= held
        return pairs.filter(either)


def assigned_since(at: datetime | None = None) -> datetime:
    """From when on an assignment still runs, at this instant or now."""
    return (at or timezone.now()) - timedelta(minutes=settings.PAIR_ASSIGNED_MINUTES)


def _is_proposed() -> Exists:
    return Exists(Proposal.objects.filter(pair=OuterRef("pk"), state=Proposal.State.OPEN))
