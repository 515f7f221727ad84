"""Input of the pages on which a steward decides pairs and proposals."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers.models import Customer, ReasonCode, Ruling
from customers.services.deciding import Answer

LATER = "LATER"
DAYS_LATER = 7  # until when a pair is put off, unless the steward says otherwise
LONGEST_COMMENT = 1_000
SURVIVORS = (("left", gettext_lazy("First")), ("right", gettext_lazy("Second")))
SWITCHES = ("is_one_for_service", "is_one_for_marketing", "is_one_for_statistics")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, as browsers send it."""

    def __init__(self, **options: object) -> None:
        super().__init__(required=False, widget=DayInput(), input_formats=["%Y-%m-%d"], **options)


def _comment_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


class PairAnswerForm(forms.Form):
    """What a steward answers about a pair; `seen` is the mark of the pair that the page showed."""

    answer = forms.ChoiceField(choices=[*Ruling.Answer.choices, (LATER, gettext_lazy("Later"))])
    seen = forms.CharField(max_length=200, widget=forms.HiddenInput)
    survivor = forms.ChoiceField(
        label=gettext_lazy("Number that stays"), choices=SURVIVORS, required=False, widget=forms.RadioSelect
    )
    reason_code = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=ReasonCode, required=False, initial=ReasonCode.EVIDENCE
    )
    comment = _comment_field()
    kind = forms.ChoiceField(
        label=gettext_lazy("Why they are two"),
        choices=[("", gettext_lazy("Choose why")), *Ruling.Kind.choices],
        required=False,
    )
    starts_on = DayField(label=gettext_lazy("Holds from"))
    ends_on = DayField(label=gettext_lazy("Holds until"))
    is_one_for_service = forms.BooleanField(label=gettext_lazy("Served as one"), required=False)
    is_one_for_marketing = forms.BooleanField(label=gettext_lazy("One for marketing"), required=False)
    is_one_for_statistics = forms.BooleanField(label=gettext_lazy("One in statistics"), required=False)
    hold_until = DayField(label=gettext_lazy("Put off until"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hold_until"].initial = timezone.localdate() + timedelta(days=DAYS_LATER)
        styled(self)
        self.fields["survivor"].widget.attrs["class"] = "form-check-input"

    @property
    def switches(self) -> list[forms.BoundField]:
        """What two that are legitimately two may still be one for."""
        return [self[name] for name in SWITCHES]

    def given_with(self, survivor: Customer) -> Answer:
        """What was answered. survivor: the customer that stays if it means a merge."""
        cleaned = self.cleaned_data
        words = {"reason_code": cleaned["reason_code"] or ReasonCode.EVIDENCE.value, "comment": cleaned["comment"]}
        if cleaned["answer"] != Ruling.Answer.LEGITIMATE:
            return Answer(cleaned["answer"], survivor=survivor, **words)
        own = {name: cleaned[name] for name in ("kind", "starts_on", "ends_on", *SWITCHES)}
        return Answer(cleaned["answer"], **words, **own)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("reason_code") == ReasonCode.OTHER and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Say the reason in your own words."))
        if cleaned.get("answer") == Ruling.Answer.LEGITIMATE:
            self._check_legitimate(cleaned)
        if cleaned.get("answer") == LATER and "hold_until" not in self.errors:
            self._check_later(cleaned)
        return cleaned

    def _check_legitimate(self, cleaned: dict[str, object]) -> None:
        if not cleaned.get("kind"):
            self.add_error("kind", _("Choose why they are two."))
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if ends and ends < max(starts or ends, timezone.localdate()):
            self.add_error("ends_on", _("This day is over, or before the first."))

    def _check_later(self, cleaned: dict[str, object]) -> None:
        if not cleaned.get("hold_until") or cleaned["hold_until"] <= timezone.localdate():
            self.add_error("hold_until", _("Choose a day to come."))


class ProposalAnswerForm(forms.Form):
    """What the author of a refused proposal is told."""

    answer = forms.CharField(
        label=gettext_lazy("What the author is told"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        styled(self)
