"""Input of the registry of laws."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.free_text import without_resident_numbers
from accounts.roles import role_name
from consent.forms.purposes import CODE, short_text
from consent.forms.texts import DayField, long_text
from consent.models import Clause, Law
from consent.reports.laws import things
from customers.inputs import StyledForm

LONGEST = 2_000


class LawForm(StyledForm):
    """What the registry says of a law. code: absent where the law is there already."""

    code = short_text(gettext_lazy("Short code"), 30, validators=[CODE])
    name = short_text(gettext_lazy("Name"), 150)
    cited_as = short_text(
        gettext_lazy("As cited"),
        150,
        required=False,
        help_text=gettext_lazy("The name under which the source document cites it; empty for a law that came later."),
    )
    area = forms.ChoiceField(label=gettext_lazy("Area"), choices=Law.Area.choices)
    successor = forms.ModelChoiceField(
        Law.objects.none(), label=gettext_lazy("Successor"), required=False, empty_label="–"
    )
    version = short_text(gettext_lazy("Version read"), 100, required=False)
    in_force_on = DayField(label=gettext_lazy("In force since"), required=False)
    repealed_on = DayField(label=gettext_lazy("Repealed on"), required=False)
    review_by = DayField(label=gettext_lazy("To be looked at by"), required=False)
    note = long_text(gettext_lazy("Note"), rows=2, longest=LONGEST, required=False)

    def __init__(self, *args: object, law: Law | None = None, **kwargs: object) -> None:
        self.law = law
        super().__init__(*args, **kwargs)

    def _prepare(self) -> None:
        others = Law.objects.order_by("name")
        if self.law is not None:
            del self.fields["code"]
            others = others.exclude(pk=self.law.pk)
        self.fields["successor"].queryset = others

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        begun, over = cleaned.get("in_force_on"), cleaned.get("repealed_on")
        if begun and over and over < begun:
            self.add_error("repealed_on", _("This is before the law was in force."))
        return cleaned


class WordingForm(StyledForm):
    """What an article asks from a day on."""

    summary = long_text(gettext_lazy("What it asks"), rows=3, longest=LONGEST)
    grade = forms.ChoiceField(label=gettext_lazy("How sure"), choices=Clause.Grade.choices)
    starts_on = DayField(label=gettext_lazy("From this day on"))


class ClauseForm(WordingForm):
    """An article that the registry does not have yet."""

    article = short_text(gettext_lazy("Article"), 60, help_text=gettext_lazy("Such as 제50조 제3항."))
    field_order = ("article", "summary", "grade", "starts_on")


class LinkForm(StyledForm):
    """A thing that hangs on an article, and who answers for it."""

    article = forms.ChoiceField(label=gettext_lazy("Article"))
    thing = forms.ChoiceField(label=gettext_lazy("What hangs on it"))
    owner_role = forms.ChoiceField(label=gettext_lazy("Who answers for it"))

    def __init__(self, *args: object, law: Law, **kwargs: object) -> None:
        self.law = law
        super().__init__(*args, **kwargs)

    def _prepare(self) -> None:
        articles = self.law.clauses.filter(ends_on=None).order_by("pk").values_list("article", flat=True)
        self.fields["article"].choices = [(article, article) for article in articles]
        self.fields["thing"].choices = things()
        self.fields["owner_role"].choices = [
            (role, role_name(role)) for role in settings.ROLES if role != "SERVICE_CLIENT"
        ]

    @property
    def link(self) -> dict[str, str]:
        """What was chosen, as the service takes it."""
        kind, _colon, key = self.cleaned_data["thing"].partition(":")
        chosen = self.cleaned_data
        return {"article": chosen["article"], "kind": kind, "key": key, "owner_role": chosen["owner_role"]}


class ResultForm(StyledForm):
    """What came of looking at a thing."""

    result = long_text(gettext_lazy("Result"), rows=1, longest=LONGEST, min_length=2)

    def clean_result(self) -> str:
        return without_resident_numbers(self.cleaned_data["result"])
