"""Input of the pages of prospects: who it is, where they come from, and what they consented to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.free_text import without_resident_numbers
from accounts.models import Branch, Staff
from accounts.styling import styled
from customers.filters import DateInput
from customers.reading import catalogue, label
from customers.typed import LONGEST
from relations.models import Prospect, ProspectEvent
from relations.reports.prospects import branches_of
from relations.rules.prospects import ITEMS, NEEDED, parse_receipt_number
from relations.services.prospects import Acquisition

LONGEST_NOTE = 500
FIRST_YEAR, LAST_YEAR = 1900, 2200
SEXES = (("", gettext_lazy("not known")), ("M", gettext_lazy("Male")), ("F", gettext_lazy("Female")))
NO_NUMBER = gettext_lazy("A resident number stands here. None is accepted of prospects: take it out.")
STATES = (
    ("", gettext_lazy("Active")),
    ("REVIEW", gettext_lazy("Waiting for review")),
    ("CONVERTED", gettext_lazy("Became customers")),
    ("ENDED", gettext_lazy("Ended")),
    ("ALL", gettext_lazy("All")),
)


class DayField(forms.DateField):
    """A day within living memory and reach, as browsers send it."""

    def __init__(self, **options: object) -> None:
        super().__init__(widget=DateInput(), input_formats=["%Y-%m-%d"], **options)

    def to_python(self, value: object) -> date | None:
        day = super().to_python(value)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class TypedField(forms.CharField):
    """What is typed of a person; browsers neither offer nor remember it."""

    def __init__(self, **options: object) -> None:
        super().__init__(required=False, max_length=LONGEST, **options)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


class ReceiptField(forms.CharField):
    """The number of a receipt, with or without its dashes."""

    def __init__(self, **options: object) -> None:
        super().__init__(max_length=20, **options)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "placeholder": "P-000012345-6"}

    def clean(self, value: str) -> str:
        written = super().clean(value)
        number = parse_receipt_number(written) if written else ""
        if number is None:
            raise forms.ValidationError(_("This is no receipt number, or it is mistyped."))
        return number


class NoteField(forms.CharField):
    """Words of the planner's own; browsers neither offer nor remember them."""

    def __init__(self, **options: object) -> None:
        attrs = {"rows": 2, "autocomplete": "off"}
        super().__init__(max_length=LONGEST_NOTE, widget=forms.Textarea(attrs=attrs), **options)


class NumberlessForm(forms.Form):
    """A form in none of whose fields a resident number may stand; such a one is not shown again either."""

    def __init__(self, data: Mapping[str, str] | None = None, **options: object) -> None:
        super().__init__(data, **options)
        self._prepare()
        self.holders = [name for name in self.fields if self._holds_number(name)] if self.is_bound else []
        if self.holders:
            self.data = self.data.copy()
            for name in self.holders:
                self.data[name] = ""
        styled(self)

    def _prepare(self) -> None:
        """Make the fields ready."""

    def _holds_number(self, name: str) -> bool:
        text = self.data.get(name, "")
        return isinstance(text, str) and without_resident_numbers(text) != text

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        for name in self.holders:
            self.errors.pop(name, None)
            self.add_error(name, NO_NUMBER)
        return cleaned


class PersonForm(NumberlessForm):
    """Who the prospect is. For the question whether somebody is there, name and mobile are enough."""

    name = TypedField(label=gettext_lazy("Name"))
    mobile = TypedField(label=gettext_lazy("Mobile"))
    birth_date = DayField(label=gettext_lazy("Birth date"), required=False)
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=SEXES, required=False)
    email = TypedField(label=gettext_lazy("E-mail"))
    address = TypedField(label=gettext_lazy("Address"))

    def _prepare(self) -> None:
        for name in ("name", "mobile"):
            self.fields[name].required = True
        self.fields["mobile"].widget.attrs["inputmode"] = "tel"
        self.fields["birth_date"].widget.attrs["autocomplete"] = "off"

    @property
    def cells(self) -> dict[str, str]:
        """{column: text as typed}."""
        return {column: str(self.cleaned_data[column] or "") for column in ITEMS}


class ConsentForm(NumberlessForm):
    """What the person consented to, how that is proven, and until when it holds."""

    consented_on = DayField(label=gettext_lazy("Consent given on"))
    consent_method = forms.ChoiceField(label=gettext_lazy("Consent given by"), choices=Prospect.ConsentMethod)
    consent_evidence = NoteField(
        label=gettext_lazy("Evidence of the consent"),
        help_text=gettext_lazy("Such as the number of the paper or of the recording."),
    )
    consent_items = forms.MultipleChoiceField(
        label=gettext_lazy("Items consented to"), widget=forms.CheckboxSelectMultiple
    )
    expires_on = DayField(label=gettext_lazy("Consent holds until"))

    def _prepare(self) -> None:
        items = catalogue()
        self.fields["consent_items"].choices = [(code, label(code, items)) for code in ITEMS.values()]
        self.fields["consent_items"].initial = [ITEMS[column] for column in NEEDED]
        today = timezone.localdate()
        self.fields["consented_on"].initial = today
        self.fields["consented_on"].widget.attrs["max"] = today.isoformat()
        last = today + timedelta(days=settings.PROSPECT_MOST_DAYS)
        self.fields["expires_on"].initial = last
        self.fields["expires_on"].widget.attrs |= {"min": today.isoformat(), "max": last.isoformat()}


class AcquisitionForm(ConsentForm):
    """Where a prospect comes from, and the consent."""

    path = forms.ChoiceField(
        label=gettext_lazy("Acquired by"), choices=[("", gettext_lazy("Choose how")), *Prospect.Path.choices]
    )
    path_note = NoteField(label=gettext_lazy("How exactly"), required=False)
    acquired_on = DayField(label=gettext_lazy("Acquired on"))
    field_order = ("path", "path_note", "acquired_on")

    def _prepare(self) -> None:
        super()._prepare()
        today = timezone.localdate()
        self.fields["acquired_on"].initial = today
        self.fields["acquired_on"].widget.attrs["max"] = today.isoformat()

    @property
    def acquisition(self) -> Acquisition:
        given = self.cleaned_data
        return Acquisition(
            path=given["path"],
            path_note=given["path_note"],
            acquired_on=given["acquired_on"],
            consented_on=given["consented_on"],
            method=given["consent_method"],
            evidence=given["consent_evidence"],
            items=tuple(given["consent_items"]),
            expires_on=given["expires_on"],
        )


class StatementForm(NumberlessForm):
    """What somebody says to the desk."""

    statement = NoteField(
        label=gettext_lazy("What you say to the desk"),
        help_text=gettext_lazy("Both sides read it. Name no customer."),
    )


class ContactForm(forms.Form):
    """When a prospect was contacted."""

    on = DayField(label=gettext_lazy("Contacted on"))

    def __init__(self, data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        today = timezone.localdate()
        self.fields["on"].initial = today
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        styled(self)


class ConditionForm(forms.Form):
    """What a list is narrowed by, as words of an address say it."""

    @property
    def words(self) -> dict[str, object]:
        """What is wanted; what cannot be read is not."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def condition(self) -> dict[str, str]:
        """The words as an address holds them."""
        return {name: self.data[name] for name in self.words}


class ProspectFilterForm(ConditionForm):
    """What the list of prospects is narrowed by; it stands in the address."""

    state = forms.ChoiceField(choices=STATES, required=False, widget=forms.HiddenInput)
    receipt = ReceiptField(label=gettext_lazy("Receipt number"), required=False)
    branch = forms.ModelChoiceField(
        label=gettext_lazy("Branch"),
        queryset=Branch.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("all"),
    )
    happened = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        choices=[("", gettext_lazy("anything")), *ProspectEvent.Kind.choices],
        required=False,
    )
    first = DayField(label=gettext_lazy("First day"), required=False)
    last = DayField(label=gettext_lazy("Last day"), required=False)

    def __init__(self, data: Mapping[str, str], *, viewer: Staff) -> None:
        super().__init__({name: data[name] for name in self.base_fields if data.get(name)})
        self.fields["branch"].queryset = branches_of(viewer)
        if not self.fields["branch"].queryset.exists():
            del self.fields["branch"]
        styled(self)


class PeriodForm(forms.Form):
    """The days of a report; without any the current year."""

    first = DayField(label=gettext_lazy("First day"), required=False)
    last = DayField(label=gettext_lazy("Last day"), required=False)

    def __init__(self, data: Mapping[str, str]) -> None:
        today = timezone.localdate()
        usual = {"first": today.replace(month=1, day=1).isoformat(), "last": today.isoformat()}
        super().__init__({name: data.get(name) or day for name, day in usual.items()})
        styled(self)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("first") and cleaned.get("last") and cleaned["first"] > cleaned["last"]:
            raise forms.ValidationError(_("The first day comes after the last."))
        return cleaned
