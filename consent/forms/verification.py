"""Input of verifications of the real name: on the page, and as systems send them."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.free_text import without_resident_numbers
from consent.models import Verification
from consent.words.gate import MISMATCHES
from customers.filters import DateInput
from customers.inputs import MaskedInput, StyledForm
from customers.numbering import parse_customer_number

MINUTE = "%Y-%m-%dT%H:%M"
LONGEST_EVIDENCE = 500
DIGEST = r"\A[0-9A-Fa-f]{64}\Z"
AGREED, FAILED = "AGREED", "FAILED"
BY_SYSTEMS = {Verification.Method.SOURCE}
METHODS = [(method.value, method.label) for method in Verification.Method if method not in BY_SYSTEMS]


class MinuteInput(forms.DateTimeInput):
    """A day and a time of day."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MINUTE)


class VerificationForm(StyledForm):
    """What was compared, when, and with what outcome."""

    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=[("", "–"), *METHODS])
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[(AGREED, gettext_lazy("The name was verified")), (FAILED, gettext_lazy("It did not agree"))],
        widget=forms.RadioSelect,
        initial=AGREED,
    )
    mismatch = forms.ChoiceField(
        label=gettext_lazy("What did not agree"),
        required=False,
        choices=[("", "–"), *MISMATCHES.items()],
        help_text=gettext_lazy("The customer stays out of scope until the name is verified."),
    )
    verified_at = forms.DateTimeField(label=gettext_lazy("Verified at"), widget=MinuteInput, input_formats=[MINUTE])
    agency = forms.CharField(
        label=gettext_lazy("Agency"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Who answered: a telephone company, a credit bureau, a certificate authority."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference of the agency"),
        max_length=80,
        required=False,
        widget=MaskedInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Holds until"),
        required=False,
        widget=DateInput,
        input_formats=["%Y-%m-%d"],
        help_text=gettext_lazy("The first day on which it holds no more; left empty, it holds on."),
    )
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        required=False,
        max_length=LONGEST_EVIDENCE,
        help_text=gettext_lazy("Where the proof lies; no resident numbers."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def _prepare(self) -> None:
        now = timezone.localtime()
        self.fields["verified_at"].initial = now.replace(second=0, microsecond=0)
        self.fields["verified_at"].widget.attrs["max"] = now.strftime(MINUTE)
        self.fields["expires_on"].widget.attrs["min"] = timezone.localdate().isoformat()

    def clean_evidence(self) -> str:
        return without_resident_numbers(self.cleaned_data["evidence"])

    def clean_reference(self) -> str:
        return without_resident_numbers(self.cleaned_data["reference"])

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        has_failed = cleaned.get("outcome") == FAILED
        if has_failed and not cleaned.get("mismatch"):
            self.add_error("mismatch", _("Say what did not agree."))
        if not has_failed:
            cleaned["mismatch"] = ""
        return cleaned

    @property
    def words(self) -> dict[str, object]:
        """As `record_verification` takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "outcome"} | {
            "is_verified": self.cleaned_data["outcome"] == AGREED
        }


class InstantField(forms.CharField):
    """An instant with its offset, as systems write it: 2026-11-23T09:30:00+09:00."""

    def clean(self, value: object) -> datetime:
        text = super().clean(value)
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            raise forms.ValidationError("not an instant", code="instant") from None
        if instant.tzinfo is None:
            raise forms.ValidationError("no offset", code="instant")
        if not MINYEAR < instant.year < MAXYEAR:  # at the ends of the calendar other zones have no such day
            raise forms.ValidationError("not an instant", code="instant")
        return instant


class ServiceVerificationForm(forms.Form):
    """A verification as a system sends it. is_verified: true or false, as text; ci: connecting information."""

    customer = forms.CharField(max_length=20)
    method = forms.ChoiceField(choices=Verification.Method)
    is_verified = forms.ChoiceField(choices=[("true", "true"), ("false", "false")])
    mismatch = forms.ChoiceField(required=False, choices=[("", ""), *((code, code) for code in MISMATCHES)])
    verified_at = InstantField(max_length=40)
    agency = forms.CharField(max_length=40)
    reference = forms.CharField(max_length=80)
    expires_on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    evidence = forms.CharField(required=False, max_length=LONGEST_EVIDENCE)
    evidence_digest = forms.RegexField(DIGEST, required=False)
    ci = forms.CharField(required=False, max_length=200)

    def clean_customer(self) -> str:
        number = parse_customer_number(self.cleaned_data["customer"])
        if number is None:
            raise forms.ValidationError("not a customer number", code="number")
        return number
