"""Input of the pages on which finances are recorded and withdrawn. Sums are chosen as bands, or typed in 만원."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers.filters import DateInput
from customers.inputs import MaskedInput, ReasonField, StyledForm
from customers.models import Contract
from relations.models import FinancialFact
from relations.models.finances import ConsentMethod, Sourced
from relations.rules import risk
from relations.rules.finances import MAN, MOST, Range, bands
from relations.services.finances import Provenance
from relations.words.finances import ANSWERS, QUESTIONS, in_range

LONGEST_EVIDENCE = 500
LONGEST_INSURER = 60
MOST_MAN = max(MOST.values()) // MAN
CHOOSE = gettext_lazy("Choose one")
NO_CONSENT = gettext_lazy("Say when and how the customer consented. Without that nothing is recorded.")
DAY = "%Y-%m-%d"


class DayField(forms.DateField):
    """A day that has come already; browsers offer none after today."""

    def __init__(self, **options: object) -> None:
        super().__init__(widget=DateInput(), input_formats=[DAY], **options)


class WonField(forms.IntegerField):
    """A sum in units of 10,000 won, as it is spoken in Korea."""

    def __init__(self, **options: object) -> None:
        super().__init__(required=False, min_value=0, max_value=MOST_MAN, **options)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value: object) -> int | None:
        found = super().clean(value)
        return None if found is None else found * MAN


class ProvenanceForm(StyledForm):
    """Where a fact comes from and by which consent it is kept; each form begins with fields of its own."""

    as_of = DayField(label=gettext_lazy("As of"), help_text=gettext_lazy("The day it is true of."))
    told_by = forms.ChoiceField(label=gettext_lazy("Told by"), choices=[("", CHOOSE), *Sourced.ToldBy.choices])
    consented_on = DayField(
        label=gettext_lazy("Consent given on"),
        error_messages={"required": NO_CONSENT},
        help_text=gettext_lazy("Without the customer's consent nothing is recorded."),
    )
    consent_method = forms.ChoiceField(
        label=gettext_lazy("Consent given by"),
        error_messages={"required": NO_CONSENT},
        choices=[("", CHOOSE), *ConsentMethod.choices],
    )
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        required=False,
        max_length=LONGEST_EVIDENCE,
        help_text=gettext_lazy("What you saw or heard, such as the name of a document. No numbers of persons."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def _prepare(self) -> None:
        today = timezone.localdate()
        self.fields["as_of"].initial = today
        for name in ("as_of", "consented_on"):
            self.fields[name].widget.attrs["max"] = today.isoformat()
        last = ("as_of", "told_by", "consented_on", "consent_method", "evidence")
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def refuse(self, field: str | None, sentence: str | Promise) -> None:
        """Show why nothing was recorded, beside its field or above the form."""
        self.add_error(field, sentence)
        styled(self)

    @property
    def provenance(self) -> Provenance:
        names = ("as_of", "told_by", "consented_on", "consent_method", "evidence")
        return Provenance(**{name: self.cleaned_data[name] for name in names})


class FactForm(ProvenanceForm):
    """A sum of money of one kind: a band, or an own range."""

    band = forms.ChoiceField(label=gettext_lazy("Range"), required=False)
    low = WonField(label=gettext_lazy("Or from, in units of 10,000 won"))
    high = WonField(label=gettext_lazy("Up to, in units of 10,000 won"))

    def __init__(self, *args: object, kind: FinancialFact.Kind, **kwargs: object) -> None:
        self._kind = kind
        super().__init__(*args, **kwargs)

    def _prepare(self) -> None:
        super()._prepare()
        offered = [(str(place), in_range(band)) for place, band in enumerate(bands(self._kind))]
        self.fields["band"].choices = [("", _("Choose a range")), *offered]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        low, high = cleaned.get("low"), cleaned.get("high")
        is_typed = low is not None or high is not None
        if bool(cleaned.get("band")) == is_typed and not self.errors:
            raise forms.ValidationError(_("Choose a range, or type one of your own."))
        return cleaned

    @property
    def told(self) -> Range:
        if self.cleaned_data["band"]:
            return bands(self._kind)[int(self.cleaned_data["band"])]
        return Range(self.cleaned_data["low"] or 0, self.cleaned_data["high"])


class PolicyForm(ProvenanceForm):
    """A policy with another insurer."""

    insurer = forms.CharField(
        label=gettext_lazy("Insurer"), max_length=LONGEST_INSURER, widget=MaskedInput(attrs={"autocomplete": "off"})
    )
    product_group = forms.ChoiceField(
        label=gettext_lazy("Product group"), choices=[("", CHOOSE), *Contract.ProductGroup.choices]
    )
    monthly_premium = forms.IntegerField(
        label=gettext_lazy("Monthly premium in won"), required=False, min_value=0, max_value=10 * MOST["CAPACITY"]
    )
    started_on = forms.DateField(label=gettext_lazy("From"), required=False, widget=DateInput(), input_formats=[DAY])
    ends_on = forms.DateField(label=gettext_lazy("Until"), required=False, widget=DateInput(), input_formats=[DAY])

    @property
    def policy(self) -> dict[str, object]:
        """What the policy itself says, `{field: value}`."""
        names = ("insurer", "product_group", "monthly_premium", "started_on", "ends_on")
        return {name: self.cleaned_data[name] for name in names}


class RiskForm(ProvenanceForm):
    """The newest questionnaire of the investment propensity."""

    def _prepare(self) -> None:
        for question in risk.QUESTIONNAIRES[risk.LATEST].questions:
            self.fields[question.code] = forms.ChoiceField(
                label=QUESTIONS[question.code],
                choices=[(answer, ANSWERS[question.code][answer]) for answer in question.points],
                widget=forms.RadioSelect,
                error_messages={"required": gettext_lazy("Answer this question.")},
            )
        super()._prepare()

    @property
    def answers(self) -> dict[str, str]:
        codes = (question.code for question in risk.QUESTIONNAIRES[risk.LATEST].questions)
        return {code: self.cleaned_data[code] for code in codes}

    @property
    def asked(self) -> Iterator[forms.BoundField]:
        """The questions, in their order."""
        return (self[question.code] for question in risk.QUESTIONNAIRES[risk.LATEST].questions)

    @property
    def about(self) -> Iterator[forms.BoundField]:
        """Where the answers come from."""
        return (self[name] for name in ProvenanceForm.base_fields)


class WithdrawForm(StyledForm):
    """Why a fact is withdrawn."""

    reason = ReasonField()
