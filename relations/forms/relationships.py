"""Input of the pages on which a person says who is what to whom, and that it is over."""

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
from customers.models import Customer
from customers.numbering import parse_customer_number
from relations.models import Relationship
from relations.rules.relationships import Unlikely
from relations.rules.ties import kind_of
from relations.words.relationships import SEEN_AS, UNLIKELY, WRITABLE

LONGEST_EVIDENCE = 500
BASES = [
    (basis.value, basis.label)
    for basis in (Relationship.Basis.PERSON, Relationship.Basis.DOCUMENT, Relationship.Basis.STEWARD)
]
"""Who can say so to a person; systems say it for themselves, and what is inferred nobody says."""


class DayField(forms.DateField):
    """A day that may be left out."""

    def __init__(self, **options: object) -> None:
        super().__init__(required=False, widget=DateInput, input_formats=["%Y-%m-%d"], **options)


class RegisterForm(StyledForm):
    """Who the other is, what they are to the customer, and who says so."""

    number = forms.CharField(
        label=gettext_lazy("Customer number of the other"),
        max_length=20,
        help_text=gettext_lazy("Such as C-000012345-6."),
        widget=MaskedInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    seen_as = forms.ChoiceField(
        label=gettext_lazy("What the other is"), choices=[("", "–"), *((code, SEEN_AS[code]) for code in WRITABLE)]
    )
    basis = forms.ChoiceField(label=gettext_lazy("Who says so"), choices=BASES)
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        required=False,
        max_length=LONGEST_EVIDENCE,
        help_text=gettext_lazy("Such as the kind of the document and its date; no resident numbers."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    started_on = DayField(label=gettext_lazy("Holds since"))
    valid_until = DayField(
        label=gettext_lazy("Believed until"),
        help_text=gettext_lazy("Left empty, as long as the basis allows; then somebody has to ask again."),
    )
    accepted = forms.MultipleChoiceField(required=False, choices=[(each.value, each.value) for each in Unlikely])

    def __init__(self, *args: object, **kwargs: object) -> None:
        self.warnings: list[tuple[str, str, bool]] = []
        super().__init__(*args, **kwargs)

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields, without the warnings, which the page writes itself."""
        return [field for field in self if field.name != "accepted"]

    def clean_number(self) -> str:
        number = parse_customer_number(self.cleaned_data["number"])
        if number is None:
            raise forms.ValidationError(_("This is no customer number."))
        return number

    def clean_evidence(self) -> str:
        return without_resident_numbers(self.cleaned_data["evidence"])

    def sides(self, customer: Customer, other: Customer) -> dict[str, object]:
        """{first, second, kind} as the relationship is written."""
        kind, is_first = kind_of(self.cleaned_data["seen_as"])
        first, second = (other, customer) if is_first else (customer, other)
        return {"first": first, "second": second, "kind": kind}

    def ask(self, warnings: Sequence[str]) -> None:
        """Show these warnings with a box each, beside those that were accepted already."""
        accepted = self.cleaned_data.get("accepted", [])
        self.warnings = [
            (str(code), str(UNLIKELY[code]), code in accepted) for code in dict.fromkeys([*accepted, *warnings])
        ]
        self.add_error(None, _("This is unlikely. Register it only if it is so all the same."))


class EndForm(StyledForm):
    """Why a relationship is over, and since when."""

    because = forms.ChoiceField(label=gettext_lazy("Why it ends"))
    ended_on = DayField(
        label=gettext_lazy("Ended on"),
        help_text=gettext_lazy("The first day on which it no longer holds; left empty, today."),
    )

    def _prepare(self) -> None:
        self.fields["because"].choices = [("", "–"), *Relationship.EndedBecause.choices]
        self.fields["ended_on"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean_ended_on(self) -> date | None:
        ended_on = self.cleaned_data["ended_on"]
        if ended_on and ended_on > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return ended_on
