"""Input of the draft of rules of access: a matrix, exceptions from it, items, and limits of channels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Channel
from accounts.purposes import Purpose
from accounts.roles import role_name
from accounts.styling import styled
from customers import access_words as words
from customers.access import GRADES, HEALTH, Basis, Level, Limit, Rule, Rules, Scope
from customers.models import Item
from customers.reading import CatalogueItem

LONGEST_COMMENT = 1_000
LONGEST_CLAUSE = 200
SCOPES = (Scope.OWN, Scope.GRANTED)
SPARE_EXCEPTIONS, SPARE_LIMITS = 4, 2
OF_HEALTH = (Level.NOTHING.value, Level.SILHOUETTE.value)
Row = list[object]
"""A rule as a definition has it: role, purpose, grade, scope, place, level, may reveal."""


def levels(grade: int | None = None) -> list[tuple[str, str | Promise]]:
    """What can be given; of health and claims only that there is something."""
    allowed = OF_HEALTH if grade == HEALTH else words.LEVELS
    return [(code, words.LEVELS[code]) for code in allowed]


def row(role: str, purpose: str, grade: int, scope: str, place: str, cell: str) -> Row:
    """A rule of a definition. cell: a key of `access_words.LEVELS`."""
    level = Level.MASKED.value if cell == words.REVEAL else cell
    return [role, purpose, grade, scope, place, level, cell == words.REVEAL]


def roles() -> list[str]:
    """The roles that see customers at all, for which rules make sense."""
    return [role for role, one in settings.ROLES.items() if "customers.view_customer" in one["permissions"]]


class MatrixForm(forms.Form):
    """What each role sees of each grade, of own customers and of single ones: one choice per cell."""

    def __init__(self, data: QueryDict | None, rules: Rules) -> None:
        super().__init__(data, prefix="matrix")
        held = {(one.role, one.scope, one.grade): one for one in rules.rules if not one.purpose and not one.place}
        for scope in SCOPES:
            for role in roles():
                for grade in GRADES:
                    field = forms.ChoiceField(choices=levels(grade), required=False)
                    field.initial = words.cell_of(held.get((role, scope, grade)))
                    said = {"role": role_name(role), "grade": words.grade(grade), "scope": words.scope(scope)}
                    field.widget.attrs["aria-label"] = _("%(role)s: %(grade)s, %(scope)s") % said
                    self.fields[_cell(scope, role, grade)] = field
        styled(self)

    @property
    def tables(self) -> Iterator[tuple[str, list[tuple[str, list[forms.BoundField]]]]]:
        """A table per scope: its name and its rows, each with the name of the role and its cells."""
        for scope in SCOPES:
            rows = [(role_name(role), [self[_cell(scope, role, grade)] for grade in GRADES]) for role in roles()]
            yield words.scope(scope), rows

    @property
    def rows(self) -> list[Row]:
        """The rules chosen; a cell that shows nothing is no rule."""
        given = self.cleaned_data
        return [
            row(role, "", grade, scope.value, "", cell)
            for scope in SCOPES
            for role in roles()
            for grade in GRADES
            if (cell := given[_cell(scope, role, grade)]) not in ("", Level.NOTHING.value)
        ]


def _cell(scope: Scope, role: str, grade: int) -> str:
    return f"{scope.value}-{role}-{grade}"


class ExceptionForm(forms.Form):
    """A rule for one purpose or place, which goes before the matrix; without a role it is left out."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    purpose = forms.ChoiceField(
        label=gettext_lazy("purpose"), required=False, choices=[("", gettext_lazy("any purpose")), *Purpose.choices]
    )
    grade = forms.TypedChoiceField(
        label=gettext_lazy("grade"), coerce=int, empty_value=None, required=False, choices=Item.Grade.choices
    )
    scope = forms.ChoiceField(label=gettext_lazy("Scope"), required=False, choices=list(words.SCOPES.items()))
    place = forms.ChoiceField(
        label=gettext_lazy("Place"), required=False, choices=[("", gettext_lazy("anywhere")), *words.PLACES.items()]
    )
    cell = forms.ChoiceField(label=gettext_lazy("Shown"), required=False, choices=list(words.LEVELS.items()))

    def __init__(self, data: QueryDict | None, number: int, rule: Rule | None) -> None:
        super().__init__(data, prefix=f"exception{number}")
        self.fields["role"].choices = [("", "–"), *((role, role_name(role)) for role in roles())]
        self.fields["grade"].initial = Item.Grade.PRIVATE
        for name, field in self.fields.items():
            if rule is not None:
                field.initial = words.cell_of(rule) if name == "cell" else getattr(rule, name)
            field.widget.attrs["aria-label"] = field.label
        styled(self)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if not cleaned.get("role"):
            return cleaned
        if not cleaned.get("purpose") and not cleaned.get("place"):
            self.add_error(None, _("An exception names a purpose, a place or both."))
        if cleaned.get("grade") == HEALTH and cleaned.get("cell") not in OF_HEALTH:
            self.add_error(None, words.FAULTS["of health and claims no more is told than that there is something"])
        return cleaned

    @property
    def rows(self) -> list[Row]:
        given = self.cleaned_data
        if not given["role"]:
            return []
        return [row(*(given[name] for name in ("role", "purpose", "grade", "scope", "place", "cell")))]


class ItemForm(forms.Form):
    """Grade and mask of one item."""

    grade = forms.TypedChoiceField(label=gettext_lazy("grade"), coerce=int, choices=Item.Grade.choices)
    mask = forms.ChoiceField(label=gettext_lazy("mask"), choices=Item.Mask.choices)

    def __init__(self, data: QueryDict | None, item: CatalogueItem, rules: Rules) -> None:
        super().__init__(data, prefix=f"item-{item.code}")
        self.item = item
        self.fields["grade"].initial, self.fields["mask"].initial = rules.graded.get(item.code, (item.grade, item.mask))
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{item.label}: {field.label}"
        styled(self)

    @property
    def graded(self) -> dict[str, list[object]]:
        """{code: [grade, mask]} where it differs from the catalogue."""
        found = (self.cleaned_data["grade"], self.cleaned_data["mask"])
        return {} if found == (self.item.grade, self.item.mask) else {self.item.code: list(found)}


class LimitForm(forms.Form):
    """What the staff of a channel do not see; without a channel it is left out."""

    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Shown at most"), required=False)
    basis = forms.ChoiceField(label=gettext_lazy("Lifted for a customer when"), required=False)
    clause = forms.CharField(label=gettext_lazy("Law or contract"), required=False, max_length=LONGEST_CLAUSE)
    lifted_by = forms.CharField(label=gettext_lazy("Who can lift it"), required=False, max_length=LONGEST_CLAUSE)
    items = forms.MultipleChoiceField(label=gettext_lazy("Items"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        data: QueryDict | None,
        number: int,
        limit: Limit | None,
        channels: list[Channel],
        items: list[CatalogueItem],
    ) -> None:
        super().__init__(data, prefix=f"limit{number}")
        self.fields["channel"].choices = [("", "–"), *((channel.code, str(channel)) for channel in channels)]
        self.fields["level"].choices = [(code, words.LEVELS[code]) for code in Level if code is not Level.FULL]
        self.fields["level"].initial = Level.MASKED.value
        self.fields["basis"].choices = [(code.value, words.BASES[code]) for code in (Basis.SOURCE, Basis.NONE)]
        self.fields["items"].choices = [(item.code, item.label) for item in items]
        if limit is not None:
            for name, field in self.fields.items():
                value = getattr(limit, name)
                field.initial = list(value) if name == "items" else str(value)
        styled(self)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("channel"):
            for name in ("items", "clause", "lifted_by"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("This is needed."))
        return cleaned

    @property
    def limits(self) -> list[dict[str, object]]:
        given = self.cleaned_data
        return [dict(given)] if given["channel"] else []


class AccessRulesForm(forms.Form):
    """A draft: all of the rules, and why it is proposed."""

    comment = forms.CharField(
        label=gettext_lazy("What changes, and why"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        rules: Rules,
        items: Mapping[str, CatalogueItem],
        channels: list[Channel],
    ) -> None:
        """rules: those that the draft begins with."""
        super().__init__(data)
        listed = list(items.values())
        exceptions = [*(one for one in rules.rules if one.purpose or one.place), *[None] * SPARE_EXCEPTIONS]
        limits = [*rules.limits, *[None] * SPARE_LIMITS]
        self.matrix = MatrixForm(data, rules)
        self.exceptions = [ExceptionForm(data, number, one) for number, one in enumerate(exceptions)]
        self.items = [ItemForm(data, item, rules) for item in listed]
        self.limits = [LimitForm(data, number, one, channels, listed) for number, one in enumerate(limits)]
        styled(self)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        parts = [self.matrix, *self.exceptions, *self.items, *self.limits]
        if not all(part.is_valid() for part in parts):
            self.add_error(None, _("Some rules cannot be used. They are marked below."))
            return cleaned
        graded: dict[str, list[object]] = {}
        for item in self.items:
            graded |= item.graded
        cleaned["definition"] = {
            "rules": [*self.matrix.rows, *chain.from_iterable(one.rows for one in self.exceptions)],
            "limits": list(chain.from_iterable(one.limits for one in self.limits)),
            "items": graded,
        }
        return cleaned
