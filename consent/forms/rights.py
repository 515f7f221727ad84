"""Input of the rights desk: what is asked, who asks, what is decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.models import RightsItem, RightsRequest
from consent.reports.rights_items import askable
from consent.services.rights import Asked
from consent.words import rights as words
from customers.filters import DateInput
from customers.inputs import ReasonField, StyledForm
from customers.numbering import parse_customer_number

CORRECTIONS = (RightsRequest.Kind.CORRECTION, RightsRequest.Kind.CREDIT_CORRECTION)
LONGEST_WISH, LONGEST_SHORT = 200, 100
WISH = "wish_"
STATES: tuple[tuple[str, Promise], ...] = (
    ("", gettext_lazy("Waiting for an answer")),
    *words.STATES.items(),
    ("ALL", gettext_lazy("All")),
)
CLOCKS = (
    ("", gettext_lazy("all")),
    ("LATE", gettext_lazy("Late")),
    ("SOON", gettext_lazy("Due within two days")),
)


class DayField(forms.DateField):
    """A day as browsers send it."""

    def __init__(self, **options: object) -> None:
        super().__init__(widget=DateInput(), input_formats=["%Y-%m-%d"], **options)


class ShortField(forms.CharField):
    """A few words, which browsers neither offer nor remember."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"max_length": LONGEST_SHORT} | options)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


class RightsFilterForm(StyledForm):
    """What the list is narrowed by; it stands in the address."""

    state = forms.ChoiceField(choices=STATES, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("all")), *words.KINDS.items()],
        required=False,
    )
    via = forms.ChoiceField(
        label=gettext_lazy("Came by"),
        choices=[("", gettext_lazy("all")), *words.VIAS.items()],
        required=False,
    )
    clock = forms.ChoiceField(label=gettext_lazy("Time left"), choices=CLOCKS, required=False)
    mine = forms.BooleanField(label=gettext_lazy("Only mine"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__({name: data[name] for name in self.base_fields if data.get(name)})

    @property
    def asked_for(self) -> dict[str, object]:
        """Those that can be read; the others narrow nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class RegisterForm(StyledForm):
    """A request as it came in."""

    via = forms.ChoiceField(label=gettext_lazy("Came by"), choices=list(words.VIAS.items()))
    asker = forms.ChoiceField(label=gettext_lazy("Who asks"), choices=list(words.ASKERS.items()))
    received_on = DayField(label=gettext_lazy("Received on the day"))
    items = forms.MultipleChoiceField(
        label=gettext_lazy("What is asked for"), widget=forms.CheckboxSelectMultiple, required=False
    )
    wording = ReasonField(
        label=gettext_lazy("In their own words"),
        help_text=gettext_lazy("As it was said or written, without resident numbers."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, str] | None = None, *, kind: str) -> None:
        self._kind = kind
        super().__init__(data)

    def _prepare(self) -> None:
        today = timezone.localdate()
        self.fields["received_on"].initial = today
        self.fields["received_on"].widget.attrs["max"] = today.isoformat()
        choices = askable(self._kind)
        if self._kind in CORRECTIONS:
            del self.fields["items"]
            for code, name in choices:
                label = _("%(item)s, as it should be") % {"item": name}
                self.fields[f"{WISH}{code}"] = ShortField(label=label, required=False, max_length=LONGEST_WISH)
        else:
            self.fields["items"].choices = choices
            if len(choices) == 1 or self._kind in ("ACCESS", "HISTORY"):
                self.fields["items"].initial = [code for code, _name in choices]

    def clean_received_on(self) -> date:
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if not self.asked:
            self.add_error(None, _("Say at least one thing that is asked for."))
        return cleaned

    @property
    def asked(self) -> list[Asked]:
        """What is asked for; of a correction, whatever was typed."""
        if self._kind not in CORRECTIONS:
            return [Asked(code) for code in self.cleaned_data.get("items", ())]
        typed = ((name.removeprefix(WISH), value) for name, value in self.cleaned_data.items() if name.startswith(WISH))
        return [Asked(code, value) for code, value in typed if value]


class IdentifyForm(StyledForm):
    """Whose request it is, and how that was checked."""

    number = ShortField(label=gettext_lazy("Customer number"))
    how = ShortField(
        label=gettext_lazy("Identity checked by"),
        help_text=gettext_lazy("The paper that was seen and its reference, or of a proxy the power of attorney."),
    )

    def clean_number(self) -> str:
        number = parse_customer_number(self.cleaned_data["number"])
        if number is None:
            raise forms.ValidationError(_("This is no customer number."))
        return number


class PutOffForm(StyledForm):
    """Why the answer takes longer, and until when."""

    reason = ReasonField(help_text=gettext_lazy("Whoever asked is told."))
    until = DayField(label=gettext_lazy("Answered until"), required=False)


class TellForm(StyledForm):
    """How whoever asked was told."""

    how = ShortField(
        label=gettext_lazy("How they were told"), help_text=gettext_lazy("Such as registered letter and its number.")
    )


class RefuseForm(TellForm):
    """Why a request is refused as a whole."""

    clause = ShortField(label=gettext_lazy("Clause of the law"))
    explanation = ReasonField(label=gettext_lazy("Explanation"))
    field_order = ("clause", "explanation", "how")


class DecideForm(StyledForm):
    """What becomes of one item."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision about it"),
        choices=[(value, label) for value, label in words.DECISIONS.items() if value != "OPEN"],
        widget=forms.RadioSelect,
    )
    clause = ShortField(label=gettext_lazy("Clause of the law"), required=False)
    explanation = ReasonField(
        label=gettext_lazy("Explanation"),
        required=False,
        least=0,
        help_text=gettext_lazy("It stands in the answer, so write it for whoever asked."),
    )
    until = DayField(
        label=gettext_lazy("Refused until"),
        required=False,
        help_text=gettext_lazy("Left empty where nobody knows the day."),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("decision") == RightsItem.Decision.REFUSED:
            for name in ("clause", "explanation"):
                if not str(cleaned.get(name, "")).strip():
                    self.add_error(name, _("A refusal says its clause and its reason."))
        return cleaned
