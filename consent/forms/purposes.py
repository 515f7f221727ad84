"""Input of the pages of purposes and recipients."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from consent.forms.holds import PlainReasonField
from consent.forms.texts import DayField, long_text
from consent.models import Channel, Purpose, Recipient
from consent.rules.contact import ADVERTISING_KINDS
from consent.rules.countries import HOME, country_choices
from customers.inputs import StyledForm
from customers.models import Item

CODE = RegexValidator(r"\A[A-Z][A-Z0-9_]*\Z", gettext_lazy("Capital letters, digits and underscores alone."))
MOST_MONTHS = 600


def short_text(label: str, longest: int, **options: object) -> forms.CharField:
    """Words of one line."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=longest, widget=widget, **options)


def months(label: str, help_text: str) -> forms.IntegerField:
    """A number of months; 0 where there is none."""
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_MONTHS, initial=0, help_text=help_text)


class PurposeForm(StyledForm):
    """A purpose that is opened."""

    code = short_text(gettext_lazy("Short code"), 30, validators=[CODE])
    name = short_text(gettext_lazy("Name"), 100)
    english_name = short_text(gettext_lazy("English name"), 100)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Purpose.Kind.choices)
    basis = forms.ChoiceField(label=gettext_lazy("Legal basis"), choices=Purpose.Basis.choices)
    clause = short_text(gettext_lazy("Clause"), 100)
    is_required = forms.BooleanField(label=gettext_lazy("Required"), required=False)
    opens_gate = forms.BooleanField(label=gettext_lazy("Whoever consents to it may be integrated"), required=False)
    items = forms.MultipleChoiceField(label=gettext_lazy("Items"), required=False, widget=forms.CheckboxSelectMultiple)
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channels that are asked for one by one"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(code, label) for code, label in Channel.choices if code != Channel.ANY],
    )
    retention_months = months(gettext_lazy("Kept for months"), "")
    reconfirm_months = months(
        gettext_lazy("Confirmed again after months"), gettext_lazy("0 where a consent holds until it is withdrawn.")
    )

    def _prepare(self) -> None:
        self.fields["items"].choices = [
            (item.code, str(item)) for item in Item.objects.order_by("area", "position", "code")
        ]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("kind") in ADVERTISING_KINDS and cleaned.get("basis") != Purpose.Basis.CONSENT:
            self.add_error("basis", _("Advertising needs the consent of the customer."))
        return cleaned


class CloseForm(StyledForm):
    """Why nobody is asked for a purpose any more."""

    because = PlainReasonField(
        label=gettext_lazy("Why the purpose is closed"),
        help_text=gettext_lazy("Such as a service that ended, or a demand of the supervisor."),
    )


class RecipientForm(StyledForm):
    """A recipient that is registered."""

    code = short_text(gettext_lazy("Short code"), 20, validators=[CODE])
    name = short_text(gettext_lazy("Name"), 100)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Recipient.Kind.choices)
    country = forms.ChoiceField(label=gettext_lazy("Country"), initial=HOME)
    task = long_text(gettext_lazy("What it does with the data"), rows=2, longest=1_000)
    answers = forms.BooleanField(
        label=gettext_lazy("It keeps copies, so that a destruction waits for its answer"), required=False, initial=True
    )
    contract_until = DayField(label=gettext_lazy("Contract until"), required=False)

    def _prepare(self) -> None:
        self.fields["country"].choices = country_choices(get_language())

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        is_abroad = cleaned.get("kind") == Recipient.Kind.ABROAD
        if is_abroad and cleaned.get("country") == HOME:
            self.add_error("country", _("A recipient abroad is in another country."))
        return cleaned
