"""Input of the pages of texts: what a version says, and until when those who agreed before are asked again."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.free_text import without_resident_numbers
from consent.forms.holds import PlainReasonField
from consent.models import Recipient, Text
from consent.services.texts import Words
from customers.filters import DateInput
from customers.inputs import StyledForm
from customers.models import Item

LONGEST_TITLE, LONGEST_WORDS, LONGEST_COMMENT = 200, 10_000, 1_000


def long_text(label: str, *, rows: int, longest: int = LONGEST_WORDS, **options: object) -> forms.CharField:
    """Words of several lines, which the browser neither offers nor remembers."""
    attrs = {"rows": rows, "autocomplete": "off"}
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs=attrs), **options)


class DayField(forms.DateField):
    """A day as the browsers send it."""

    def __init__(self, **options: object) -> None:
        super().__init__(widget=DateInput(), input_formats=["%Y-%m-%d"], **options)


class TextForm(StyledForm):
    """A version as it is drafted. The words are published as they are, so nothing in them is masked."""

    title = forms.CharField(
        label=gettext_lazy("Title of the text"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    body = long_text(
        gettext_lazy("Text"), rows=5, help_text=gettext_lazy("What the data are for, as the customer reads it.")
    )
    items = forms.MultipleChoiceField(label=gettext_lazy("Items"), required=False, widget=forms.CheckboxSelectMultiple)
    recipients = forms.ModelMultipleChoiceField(
        Recipient.objects.none(),
        label=gettext_lazy("Recipients"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    retention = long_text(gettext_lazy("How long it is kept"), rows=2)
    refusal = long_text(gettext_lazy("Right to refuse and what follows"), rows=2)
    is_material = forms.BooleanField(label=gettext_lazy("Those who agreed before must be asked again"), required=False)
    ask_again_by = DayField(label=gettext_lazy("Ask again by"), required=False)
    comment = long_text(gettext_lazy("What changes, and why"), rows=2, longest=LONGEST_COMMENT)

    def _prepare(self) -> None:
        self.fields["items"].choices = [
            (item.code, str(item)) for item in Item.objects.order_by("area", "position", "code")
        ]
        self.fields["recipients"].queryset = Recipient.objects.filter(closed_on=None).order_by("kind", "pk")

    def clean_comment(self) -> str:
        return without_resident_numbers(self.cleaned_data["comment"])

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("is_material") and "ask_again_by" not in self.errors:
            self._refuse_no_day(cleaned.get("ask_again_by"))
        return cleaned

    def _refuse_no_day(self, day: date | None) -> None:
        if day is None:
            self.add_error("ask_again_by", _("Say until when they are asked again."))
        elif day < timezone.localdate():
            self.add_error("ask_again_by", _("This day is over."))

    @property
    def words(self) -> Words:
        """What was typed, as the service takes it."""
        return Words(**self.cleaned_data)


def initial_of(words: Words) -> dict[str, object]:
    """What the form begins with."""
    names = ("title", "body", "items", "recipients", "retention", "refusal", "is_material", "ask_again_by", "comment")
    return {name: getattr(words, name) for name in names}


class AgainForm(StyledForm):
    """Until when everybody is asked again."""

    by_day = DayField(label=gettext_lazy("Ask again by"))

    def __init__(self, *args: object, text: Text, **kwargs: object) -> None:
        super().__init__(*args, initial={"by_day": text.ask_again_by}, **kwargs)


class RetireForm(StyledForm):
    """Why a version goes out of use though no other takes its place."""

    because = PlainReasonField(
        label=gettext_lazy("Why it goes out of use"),
        help_text=gettext_lazy("Such as a demand of the supervisor, a change of the law or a mistake in the words."),
    )
