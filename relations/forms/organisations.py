"""Input of the pages of organisations."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from accounts.styling import styled
from customers.filters import DateInput
from customers.models import Customer, SourceSystem
from customers.numbering import parse_customer_number
from relations.models import Affiliation, Officer, PlaceOfBusiness
from relations.models.organisations import Basis
from relations.rules.organisations import OfficerFacts, PlaceFacts

LONGEST = 200
PLAIN = {"autocomplete": "off", "spellcheck": "false"}


def _text(label: object, *, is_needed: bool = False, longest: int = LONGEST, **more: object) -> forms.CharField:
    widget = forms.TextInput(attrs=PLAIN)
    return forms.CharField(label=label, required=is_needed, max_length=longest, widget=widget, **more)


def _day(label: object, *, is_needed: bool, **more: object) -> forms.DateField:
    return forms.DateField(label=label, required=is_needed, widget=DateInput, input_formats=["%Y-%m-%d"], **more)


def _basis() -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("Known from"), choices=Basis, initial=Basis.ORGANISATION)


class StyledForm(forms.Form):
    """A form whose inputs have the look of all others."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._prepare()
        styled(self)  # checks the form, so all its fields must be ready

    def _prepare(self) -> None:
        """Make the fields ready."""


class DayForm(forms.Form):
    """The day as of which an organisation is shown."""

    as_of = _day(gettext_lazy("As of"), is_needed=False)

    @property
    def day(self) -> date:
        """The day that was asked for, else today."""
        asked = self.cleaned_data.get("as_of") if self.is_valid() else None
        return asked or timezone.localdate()


class PlaceForm(StyledForm):
    """A place of business."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=PlaceOfBusiness.Kind)
    name = _text(gettext_lazy("Name of the place"), is_needed=True)
    company_no = _text(
        gettext_lazy("Business number of the place"),
        longest=20,
        help_text=gettext_lazy("A branch may have one of its own, such as 101-85-00017."),
    )
    address = _text(gettext_lazy("Address"))
    postcode = _text(gettext_lazy("Postcode"), longest=7)
    phone = _text(gettext_lazy("Phone"), longest=40)
    employee_count = forms.IntegerField(
        label=gettext_lazy("Employees"), required=False, min_value=0, max_value=1_000_000
    )
    on = _day(gettext_lazy("First day"), is_needed=False, help_text=gettext_lazy("Empty where nobody knows."))
    basis = _basis()

    @property
    def facts(self) -> PlaceFacts:
        """What was typed."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "on"}
        return PlaceFacts(**given)


class HeadOfficeForm(PlaceForm):
    """Where the head office is from a day on."""

    kind = None
    on = _day(gettext_lazy("From this day"), is_needed=True)

    @property
    def facts(self) -> PlaceFacts:
        """What was typed, of the new head office."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "on"}
        return PlaceFacts(kind=PlaceOfBusiness.Kind.HEAD_OFFICE, **given)


class EndForm(StyledForm):
    """From which day on something no longer holds."""

    on = _day(gettext_lazy("From this day no more"), is_needed=True)


class CustomerField(forms.CharField):
    """A customer by number; `form.viewer` must be able to see it. kind: PERSON or ORG."""

    def __init__(self, kind: str, **options: object) -> None:
        self.kind = kind
        usual = {"max_length": 20, "widget": forms.TextInput(attrs=PLAIN)}
        super().__init__(help_text=gettext_lazy("Such as C-000012345-6."), **usual | options)

    def found(self, text: str, viewer: Staff) -> Customer | None:
        """The active customer of a typed number; None for no number. Raises ValidationError."""
        if not text:
            return None
        number = parse_customer_number(text)
        visible = Customer.objects.visible_to(viewer).filter(kind=self.kind, state=Customer.State.ACTIVE)
        customer = visible.filter(number=number).first() if number else None
        if customer is None:
            raise forms.ValidationError(_("You see no such customer under this number."))
        return customer


class AffiliationForm(StyledForm):
    """Another organisation of the group, above or below."""

    BELOW, ABOVE = "below", "above"
    side = forms.ChoiceField(
        label=gettext_lazy("The other organisation stands"),
        choices=[(BELOW, gettext_lazy("below this one")), (ABOVE, gettext_lazy("above this one"))],
    )
    other = CustomerField("ORG", label=gettext_lazy("Customer number of the other organisation"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Affiliation.Kind)
    share_percent = forms.DecimalField(
        label=gettext_lazy("Share in percent"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
    )
    on = _day(gettext_lazy("First day"), is_needed=False, help_text=gettext_lazy("Empty where nobody knows."))
    basis = _basis()

    def __init__(self, *args: object, viewer: Staff, **kwargs: object) -> None:
        self.viewer = viewer
        super().__init__(*args, **kwargs)

    def clean_other(self) -> Customer:
        return self.fields["other"].found(self.cleaned_data["other"], self.viewer)


class OfficerForm(StyledForm):
    """A contact person."""

    duty = forms.ChoiceField(label=gettext_lazy("Duty"), choices=Officer.Duty)
    name = _text(gettext_lazy("Name"), is_needed=True, longest=60)
    title = _text(gettext_lazy("Title"), longest=60)
    phone = _text(gettext_lazy("Phone at work"), longest=40)
    email = _text(gettext_lazy("E-mail at work"))
    customer = CustomerField("PERSON", label=gettext_lazy("Customer number of the person"), required=False)
    on = _day(gettext_lazy("First day"), is_needed=False, help_text=gettext_lazy("Empty where nobody knows."))
    basis = _basis()

    def __init__(self, *args: object, viewer: Staff, **kwargs: object) -> None:
        self.viewer = viewer
        super().__init__(*args, **kwargs)

    def clean_customer(self) -> Customer | None:
        return self.fields["customer"].found(self.cleaned_data["customer"], self.viewer)

    @property
    def facts(self) -> OfficerFacts:
        """What was typed."""
        return OfficerFacts(**{n: value for n, value in self.cleaned_data.items() if n not in ("on", "customer")})


class SuccessorForm(OfficerForm):
    """Who takes over, and when."""

    on = _day(gettext_lazy("From this day"), is_needed=True)


class OwnerForm(StyledForm):
    """The system that owns an item, and why."""

    source = forms.ModelChoiceField(label=gettext_lazy("Owner"), queryset=SourceSystem.objects.none())
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        min_length=5,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "minlength": 5}),
    )

    def _prepare(self) -> None:
        self.fields["source"].queryset = SourceSystem.objects.filter(is_active=True).order_by("code")
