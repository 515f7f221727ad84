"""Input of the pages of outflows, and of the service that notes transfers."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from consent.forms.numbers import DayInput
from consent.forms.service_consents import InstantField
from consent.models import Outflow, Purpose, Recipient
from consent.words.consents import purpose_name
from consent.words.outflows import FATES
from customers.models import Item

HEX = "0123456789abcdef"
FIRST_YEAR = 2000
BAD_INSTANT = gettext_lazy("Choose a time that is over, since the year 2000.")


class InstantInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class PastField(forms.DateTimeField):
    """An instant that is over, of this century: others are mistyped, and the database could not give them back."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(widget=InstantInput(), **kwargs)

    def clean(self, value: object) -> datetime | None:
        instant = super().clean(value)
        if instant is not None and (instant.year < FIRST_YEAR or instant > timezone.now()):
            raise forms.ValidationError(BAD_INSTANT, code="instant")
        return instant


class Styled(forms.Form):
    """A form whose inputs look like all others."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.prepare()
        styled(self)  # which checks what was sent, so that nothing may change after it

    def prepare(self) -> None:
        """Complete the fields with what has to be read first."""


class ItemsField(forms.MultipleChoiceField):
    """Items of the catalogue by their names, which every form reads anew."""

    widget = forms.CheckboxSelectMultiple

    def offer(self) -> None:
        """Let every item be chosen, in the order of the catalogue."""
        rows = Item.objects.order_by("area", "position", "code")
        self.choices = [(item.code, str(item)) for item in rows]


class OutflowForm(Styled):
    """To whom data go, for what, on which clause, how. items: those that the purpose names are offered; all of them
    where none is chosen."""

    recipient = forms.ModelChoiceField(Recipient.objects.none(), label=gettext_lazy("Recipient"))
    purpose = forms.ModelChoiceField(Purpose.objects.none(), label=gettext_lazy("Purpose"))
    clause = forms.CharField(label=gettext_lazy("Clause"), max_length=100)
    way = forms.CharField(
        label=gettext_lazy("Way"),
        max_length=100,
        help_text=gettext_lazy("Such as an encrypted file over a leased line."),
    )
    started_on = forms.DateField(label=gettext_lazy("Flows since"), widget=DayInput())
    items = ItemsField(
        label=gettext_lazy("Items"),
        required=False,
        help_text=gettext_lazy("Choose none for all that the purpose names."),
    )

    def prepare(self) -> None:
        self.fields["recipient"].queryset = Recipient.objects.filter(closed_on=None).order_by("name")
        self.fields["purpose"].queryset = Purpose.objects.filter(closed_on=None).order_by("code")
        self.fields["purpose"].label_from_instance = purpose_name
        self.fields["items"].offer()

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        purpose = cleaned.get("purpose")
        return cleaned | {"items": cleaned.get("items") or (list(purpose.items) if purpose else [])}


class TransferForm(Styled):
    """That data went out once."""

    sent_at = PastField(label=gettext_lazy("Time of sending"))
    customer_count = forms.IntegerField(label=gettext_lazy("Customers"), min_value=0, max_value=2_000_000_000)
    reference = forms.CharField(label=gettext_lazy("Reference"), required=False, max_length=80)
    digest = forms.CharField(
        label=gettext_lazy("Fingerprint"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("SHA-256 of the file, if there is one."),
    )

    def clean_digest(self) -> str:
        digest = self.cleaned_data["digest"].strip().lower()
        if digest and (len(digest) != 64 or not set(digest) <= set(HEX)):
            raise forms.ValidationError(_("A fingerprint has 64 letters of 0–9 and a–f."))
        return digest


class EndForm(Styled):
    """After which day nothing goes out any more."""

    ended_on = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput())


class ProofForm(Styled):
    """What became of the data, and by what that is proven."""

    fate = forms.ChoiceField(
        label=gettext_lazy("What became of the data"),
        choices=[(fate.value, FATES[fate]) for fate in (Outflow.Fate.RETURNED, Outflow.Fate.DESTROYED)],
    )
    fate_on = forms.DateField(label=gettext_lazy("Done on"), widget=DayInput())
    proof = forms.CharField(
        label=gettext_lazy("Proof"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Such as the number of a certificate of destruction and where it lies."),
    )


class ServiceTransferForm(TransferForm):
    """A transfer as a system tells it: recipient and purpose by their codes, and a reference of its own."""

    sent_at = InstantField(max_length=40)
    recipient = forms.CharField(max_length=20)
    purpose = forms.CharField(max_length=30)
    reference = forms.CharField(max_length=80)
