"""Input of the pages about households: who, since when, why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.free_text import without_resident_numbers
from customers.filters import DateInput
from customers.inputs import MaskedInput, StyledForm
from customers.numbering import parse_customer_number
from relations.models import Household, Membership
from relations.words.households import BASES_BY_HAND, CLOSING, ENTERING, JOINING, LEAVING, ROLES, SPLITTING

LONGEST_COMMENT = 500
Choices = Sequence[tuple[str, object]]


class DayField(forms.DateField):
    """A day, as browsers send it."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"widget": DateInput, "input_formats": ["%Y-%m-%d"]} | options)


class NumberField(forms.CharField):
    """The number of a customer, with or without its dashes."""

    def __init__(self, **options: object) -> None:
        hint = gettext_lazy("Such as C-000012345-6.")
        widget = MaskedInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(**{"max_length": 20, "help_text": hint, "widget": widget} | options)

    def clean(self, value: str) -> str:
        number = parse_customer_number(super().clean(value))
        if number is None:
            raise forms.ValidationError(_("This is no customer number."))
        return number


class DeedForm(StyledForm):
    """On which day, why, and in whose words; a verb with members names them. members: choices, number and name."""

    on = DayField(label=gettext_lazy("On"))
    because = forms.ChoiceField(label=gettext_lazy("Because"))
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    reasons: Choices = ()

    def __init__(self, *args: object, members: Choices = (), **kwargs: object) -> None:
        self.members = members
        super().__init__(*args, **kwargs)

    def _prepare(self) -> None:
        self.fields["on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.fields["on"].initial = timezone.localdate
        if "because" in self.fields:
            self.fields["because"].choices = [("", "–"), *((reason.value, reason.label) for reason in self.reasons)]
        for name in ("member", "leavers"):
            if name in self.fields:
                self.fields[name].choices = self.members

    def clean_on(self) -> date | None:
        on = self.cleaned_data["on"]
        if on and on > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return on

    def clean_comment(self) -> str:
        return without_resident_numbers(self.cleaned_data["comment"])


class EnterForm(DeedForm):
    """Who enters a household."""

    field_order = ("number", "role", "basis", "on", "because", "comment")
    number = NumberField(label=gettext_lazy("Customer number"))
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=[("", "–"), *ROLES.items()])
    basis = forms.ChoiceField(
        label=gettext_lazy("Who says so"), choices=[(basis.value, basis.label) for basis in BASES_BY_HAND]
    )
    on = DayField(
        label=gettext_lazy("In place since"), required=False, help_text=gettext_lazy("Left empty where unknown.")
    )
    reasons = ENTERING


class OpenForm(EnterForm):
    """A new household and its first member."""

    field_order = ("kind", *EnterForm.field_order)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Household.Kind)

    def _prepare(self) -> None:
        super()._prepare()
        self.fields["role"].initial = Membership.Role.HEAD


class LeaveForm(DeedForm):
    """Who leaves."""

    field_order = ("member", "on", "because", "comment")
    member = forms.ChoiceField(label=gettext_lazy("Member"))
    reasons = LEAVING


class RoleForm(DeedForm):
    """Who is what from now on."""

    field_order = ("member", "role", "on", "comment")
    member = forms.ChoiceField(label=gettext_lazy("Member"))
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=[("", "–"), *ROLES.items()])
    because = None


class PrimaryForm(DeedForm):
    """Whose primary household this becomes."""

    field_order = ("member", "on", "comment")
    member = forms.ChoiceField(label=gettext_lazy("Member"))
    because = None


class SplitForm(DeedForm):
    """Who goes into a household of their own."""

    field_order = ("leavers", "on", "because", "comment")
    leavers = forms.MultipleChoiceField(
        label=gettext_lazy("Who goes"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The first of them becomes head where no head goes."),
    )
    reasons = SPLITTING


class JoinForm(DeedForm):
    """Which household comes into this one."""

    field_order = ("other", "on", "because", "comment")
    other = forms.CharField(
        label=gettext_lazy("Number of the other household"),
        max_length=10,
        help_text=gettext_lazy("Such as H000012345."),
    )
    reasons = JOINING

    def clean_other(self) -> str:
        return self.cleaned_data["other"].strip().upper()


class CloseForm(DeedForm):
    """Why the household is over."""

    reasons = CLOSING


class DecideForm(DeedForm):
    """What a steward says of a suggestion. chosen: numbers of the members who belong together."""

    field_order = ("chosen", "on", "comment")
    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Members of the household"), required=False, widget=forms.CheckboxSelectMultiple
    )
    on = DayField(
        label=gettext_lazy("Together since"), required=False, help_text=gettext_lazy("Left empty where unknown.")
    )
    because = None

    def _prepare(self) -> None:
        super()._prepare()
        self.fields["on"].initial = None
        self.fields["chosen"].choices = self.members
        self.fields["chosen"].initial = [number for number, _name in self.members]
