"""Input of contacts: asking whether one may be made, refusals, circumstances, and the same as systems send them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.free_text import without_resident_numbers
from accounts.styling import styled
from consent.forms.verification import MINUTE, InstantField, MinuteInput
from consent.models import Channel, Circumstance, ContactRefusal, Purpose
from consent.rules.contact import CHANNELS, CONTACT_KINDS
from consent.words.contact import ALL_CHANNELS, purpose_name
from customers.filters import DateInput
from customers.inputs import MaskedInput, ReasonField, StyledForm
from customers.numbering import parse_customer_number

DAY = "%Y-%m-%d"
LONGEST_WAY = 100
LONGEST_REFERENCE = 80
MOST_NUMBERS = 1_000
REACHING = [(code, Channel(code).label) for code in CHANNELS]
EVERY_CHANNEL = [(Channel.ANY.value, ALL_CHANNELS), *REACHING]


class ContactForm(StyledForm):
    """A form that can be refused by what was done with it."""

    def refuse(self, field: str | None, sentence: str | Promise) -> None:
        """Show why nothing was recorded, beside its field or above the form."""
        self.add_error(field, sentence)
        styled(self)


class NumberField(forms.CharField):
    """A customer number, with or without its hyphens."""

    def __init__(self, **options: object) -> None:
        attrs = {"autocomplete": "off", "spellcheck": "false", "inputmode": "text"}
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: object) -> str:
        number = parse_customer_number(super().clean(value))
        if number is None:
            raise forms.ValidationError(_("This is no customer number."), code="number")
        return number


class PurposeField(forms.ChoiceField):
    """The code of a purpose that is open; clean gives the purpose."""

    def offer(self, *, empty: object = None, kinds: Collection[str] = Purpose.Kind.values) -> None:
        """Offer the purposes of today that are of these kinds. empty: the words for none."""
        known = Purpose.objects.filter(kind__in=kinds).order_by("pk")
        self.known = {each.code: each for each in known if _is_open(each)}
        offered = [(code, purpose_name(each)) for code, each in self.known.items()]
        self.choices = [("", empty), *offered] if empty is not None else offered

    def clean(self, value: object) -> Purpose | None:
        return self.known.get(super().clean(value))


def _is_open(purpose: Purpose) -> bool:
    return purpose.closed_on is None or purpose.closed_on > timezone.localdate()


class MaybeInstantField(InstantField):
    """An instant with its offset that may be left out."""

    def __init__(self) -> None:
        super().__init__(max_length=40, required=False)

    def clean(self, value: object) -> datetime | None:
        return super().clean(value) if value else None


class CheckForm(ContactForm):
    """Whom, by what, what for and when."""

    number = NumberField(label=gettext_lazy("Customer number"))
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=REACHING)
    purpose = PurposeField(label=gettext_lazy("Purpose"))
    contact_at = forms.DateTimeField(
        label=gettext_lazy("Contact planned at"), widget=MinuteInput, input_formats=[MINUTE]
    )

    def _prepare(self) -> None:
        self.fields["purpose"].offer(kinds=CONTACT_KINDS)
        self.fields["purpose"].initial = "MARKETING"
        self.fields["contact_at"].initial = timezone.localtime().replace(second=0, microsecond=0)
        self.fields["number"].widget.attrs["autofocus"] = True

    def clean_contact_at(self) -> datetime:
        return not_over(self.cleaned_data["contact_at"])


def not_over(at: datetime) -> datetime:
    """When a contact can be made that is planned at `at`: now, if that was earlier today, since whatever was said
    meanwhile counts. Raises ValidationError for another day."""
    now = timezone.now()
    if timezone.localdate(at) < timezone.localdate(now):
        raise forms.ValidationError(_("This day is over."), code="over")
    return max(at, now)


class RefusalForm(ContactForm):
    """That a customer wants no contact, as it was said."""

    kind = forms.ChoiceField(label=gettext_lazy("What the customer wants"), choices=ContactRefusal.Kind)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=EVERY_CHANNEL)
    said_at = forms.DateTimeField(label=gettext_lazy("Said at"), widget=MinuteInput, input_formats=[MINUTE])
    via = forms.CharField(
        label=gettext_lazy("Said how"),
        max_length=LONGEST_WAY,
        required=False,
        help_text=gettext_lazy("On the telephone, at a branch, by the free number of a message."),
        widget=MaskedInput(attrs={"autocomplete": "off"}),
    )

    def _prepare(self) -> None:
        now = timezone.localtime()
        self.fields["said_at"].initial = now.replace(second=0, microsecond=0)
        self.fields["said_at"].widget.attrs["max"] = now.strftime(MINUTE)


class LiftForm(ContactForm):
    """Which refusal the customer took back, and in which words."""

    kind = forms.ChoiceField(choices=ContactRefusal.Kind, widget=forms.HiddenInput)
    channel = forms.ChoiceField(choices=EVERY_CHANNEL, widget=forms.HiddenInput)
    because = ReasonField(
        label=gettext_lazy("What the customer said, when and how"),
        help_text=gettext_lazy("Only the customer's own later word lifts a refusal."),
    )


class CircumstanceForm(ContactForm):
    """What stands against contacting a customer."""

    kind = forms.ChoiceField(label=gettext_lazy("Circumstance"), choices=Circumstance.Kind)
    channel = forms.ChoiceField(
        label=gettext_lazy("Which contact point"),
        required=False,
        choices=[("", "–"), *REACHING],
        help_text=gettext_lazy("Only where a contact point does not reach the customer."),
    )
    started_on = forms.DateField(label=gettext_lazy("Since when"), widget=DateInput, input_formats=[DAY])
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        max_length=LONGEST_REFERENCE,
        required=False,
        help_text=gettext_lazy("The number of the complaint or claim, or of the letter that came back."),
        widget=MaskedInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def _prepare(self) -> None:
        today = timezone.localdate()
        self.fields["started_on"].initial = today
        self.fields["started_on"].widget.attrs["max"] = today.isoformat()

    def clean_channel(self) -> str:
        return self.cleaned_data["channel"] or Channel.ANY


class PlannedField(MaybeInstantField):
    """When a contact is planned, now where that is left out; not on a day that is over."""

    def clean(self, value: object) -> datetime:
        at = super().clean(value)
        return not_over(at) if at else timezone.now()


class ServiceContactForm(forms.Form):
    """A question of a system about one customer. contact_at: an instant with its offset; without it, now."""

    customer = NumberField()
    channel = forms.ChoiceField(choices=REACHING)
    purpose = forms.CharField(max_length=30)
    contact_at = PlannedField()


class ServiceContactsForm(forms.Form):
    """A question of a system about at most 1,000 customers. asked_for: what it is for, such as the code of a list."""

    channel = forms.ChoiceField(choices=REACHING)
    purpose = forms.CharField(max_length=30)
    contact_at = PlannedField()
    asked_for = forms.CharField(max_length=100, required=False)

    def clean_asked_for(self) -> str:
        return without_resident_numbers(self.cleaned_data["asked_for"])


class ServiceRefusalForm(forms.Form):
    """A refusal as a system sends it; without said_at it was said now."""

    customer = NumberField()
    kind = forms.ChoiceField(choices=ContactRefusal.Kind)
    channel = forms.ChoiceField(choices=EVERY_CHANNEL, required=False)
    said_at = MaybeInstantField()
    via = forms.CharField(max_length=LONGEST_WAY, required=False)


class ServiceCircumstanceForm(forms.Form):
    """A circumstance as a system sends it: since when, or with ended_on until when."""

    customer = NumberField()
    kind = forms.ChoiceField(choices=Circumstance.Kind)
    channel = forms.ChoiceField(choices=EVERY_CHANNEL, required=False)
    reference = forms.CharField(max_length=LONGEST_REFERENCE, required=False)
    started_on = forms.DateField(required=False, input_formats=[DAY])
    ended_on = forms.DateField(required=False, input_formats=[DAY])
