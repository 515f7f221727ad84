"""Input of the pages that protect, open and reveal single customers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from accounts.purposes import Purpose
from customers import formats
from customers.filters import DateInput
from customers.inputs import ReasonField, StyledForm
from customers.models import CustomerStaffGrant, Protection
from customers.numbering import parse_customer_number
from customers.services.grants import GIVEN

LEAST_EMERGENCY_REASON = 10


class ProtectForm(StyledForm):
    """Why a customer is seen by named people only."""

    kind = forms.ChoiceField(label=gettext_lazy("Who the customer is"), choices=Protection.Kind)
    reason = ReasonField()


class LiftForm(StyledForm):
    """Why a protection ends."""

    reason = ReasonField()


class GrantForm(StyledForm):
    """Whom a customer is opened to, for what, and until when."""

    staff = forms.CharField(
        label=gettext_lazy("Employee number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of grant"))
    reason = ReasonField(help_text=gettext_lazy("Such as the number of the case."))
    ends_on = forms.DateField(label=gettext_lazy("Holds to the end of"), widget=DateInput, input_formats=["%Y-%m-%d"])

    def _prepare(self) -> None:
        kinds = [(kind, CustomerStaffGrant.Kind(kind).label) for kind in GIVEN]
        self.fields["kind"].choices = kinds
        today = timezone.localdate()
        last = today + timedelta(days=settings.CUSTOMER_GRANT_DAYS)
        self.fields["ends_on"].widget.attrs |= {"min": today.isoformat(), "max": last.isoformat()}

    def clean_staff(self) -> Staff:
        found = Staff.objects.filter(employee_number=self.cleaned_data["staff"].strip(), is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("Nobody who works here has this number."))
        return found

    @property
    def ends_at(self) -> datetime:
        """The last instant of the day that was chosen, in Korea."""
        return datetime.combine(self.cleaned_data["ends_on"], time.max, formats.KOREA)


class PurposeForm(StyledForm):
    """What for: one of the person's own purposes, and why."""

    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"))
    reason = ReasonField()

    def __init__(self, *args: object, purposes: Iterable[Purpose], **kwargs: object) -> None:
        self._purposes = list(purposes)
        super().__init__(*args, **kwargs)

    def _prepare(self) -> None:
        self.fields["purpose"].choices = [(purpose.value, purpose.label) for purpose in self._purposes]


class RevealForm(PurposeForm):
    """For what a masked value is opened."""

    def _prepare(self) -> None:
        super()._prepare()
        self.fields["reason"].widget.attrs["autofocus"] = True


class BreakGlassForm(PurposeForm):
    """Which customer is opened in an emergency."""

    number = forms.CharField(
        label=gettext_lazy("Customer number"),
        max_length=20,
        help_text=gettext_lazy("Such as C-000012345-6."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = ReasonField(
        least=LEAST_EMERGENCY_REASON,
        help_text=gettext_lazy("Why you must see this customer now, and why nobody who may can do it."),
    )
    is_declared = forms.BooleanField(
        label=gettext_lazy("I need this for my work, and I know that it is reported and reviewed."),
        error_messages={"required": gettext_lazy("Without this nothing is opened.")},
    )
    field_order = ("number", "purpose", "reason", "is_declared")

    def clean_number(self) -> str:
        number = parse_customer_number(self.cleaned_data["number"])
        if number is None:
            raise forms.ValidationError(_("This is no customer number. Check what you typed."))
        return number
