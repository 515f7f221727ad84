"""Input of the pages of breaches."""

from __future__ import annotations

import re

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AccessEntry
from accounts.trail_words import page_words
from consent.forms.holds import PlainReasonField
from consent.forms.numbers import DayInput
from consent.forms.outflows import ItemsField, PastField, Styled
from consent.models import Breach, Channel
from customers.models import Customer
from customers.numbering import parse_customer_number

MOST_MEGABYTES = 20
MEGABYTE = 1_000_000
MOST_NUMBERS = 200
LONGEST_NOTE = 2000
KINDS = [(kind.value, kind.label) for kind in Breach.Kind if kind != Breach.Kind.POSSIBLE]
PAGE_NAMES = 30  # so many pages can be named at once


def _area(label: object, help_text: object = "", *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=4000, widget=widget)


class WordsForm(Styled):
    """What is known of a breach and what people are told."""

    items = ItemsField(label=gettext_lazy("Items"), required=False)
    circumstances = _area(gettext_lazy("When and how"), gettext_lazy("As the affected will read it."), required=True)
    protection = _area(gettext_lazy("What people can do to protect themselves"))
    response = _area(gettext_lazy("What is done about it"), gettext_lazy("And how people are helped who were harmed."))
    contact = _area(gettext_lazy("Whom to ask"), gettext_lazy("Department, telephone and e-mail."))
    affected_count = forms.IntegerField(
        label=gettext_lazy("Affected, as estimated"),
        required=False,
        min_value=0,
        max_value=100_000_000,
        help_text=gettext_lazy("Until there is a list. It decides whether the breach must be reported."),
    )
    by_hacking = forms.BooleanField(label=gettext_lazy("It came from outside"), required=False)
    has_credit_data = forms.BooleanField(
        label=gettext_lazy("Credit information is among the items"), required=False, initial=True
    )

    def prepare(self) -> None:
        self.fields["items"].offer()

    def clean_affected_count(self) -> int:
        return self.cleaned_data["affected_count"] or 0


class RecordForm(WordsForm):
    """A new breach. The clock runs from when it became known."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Breach.Kind.choices)
    known_at = PastField(
        label=gettext_lazy("Known at"),
        help_text=gettext_lazy("When anybody in the company learned of it. The clock runs from then."),
    )
    happened_at = PastField(label=gettext_lazy("Happened at"), required=False)
    field_order = ("kind", "known_at", "happened_at", "circumstances", "items")


class DrawForm(Styled):
    """By what the trail is read for the affected: lists have one entry a line or commas between."""

    first = PastField(label=gettext_lazy("From the time"))
    last = PastField(label=gettext_lazy("Until the time"))
    staff = forms.CharField(
        label=gettext_lazy("Employee numbers"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Empty for anybody."),
    )
    addresses = forms.CharField(
        label=gettext_lazy("Addresses of the network"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Empty for any."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of entries"),
        required=False,
        choices=AccessEntry.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    pages = forms.CharField(
        label=gettext_lazy("Names of pages"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("As the trail calls them, with commas between. Empty for any."),
    )
    reason = PlainReasonField(label=gettext_lazy("Why these"))

    def clean_staff(self) -> tuple[str, ...]:
        return _listed(self.cleaned_data["staff"])

    def clean_addresses(self) -> tuple[str, ...]:
        return _listed(self.cleaned_data["addresses"])

    def clean_kinds(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["kinds"])

    def clean_pages(self) -> tuple[str, ...]:
        """The pages by their names in the addresses. They may be written so, or as the trail calls them; several pages
        may be called the same."""
        called: dict[str, list[str]] = {}
        for page in settings.TRAIL_PAGES:
            called.setdefault(page_words(page).casefold(), []).append(page)
        written = [word.strip() for word in re.split(r"[,;\n]+", self.cleaned_data["pages"]) if word.strip()]
        unknown = [word for word in written if word.casefold() not in called and page_words(word) == word]
        if unknown:
            raise forms.ValidationError(_("The trail knows no such pages: %(pages)s") % {"pages": ", ".join(unknown)})
        found = (page for word in written[:PAGE_NAMES] for page in called.get(word.casefold(), [word]))
        return tuple(dict.fromkeys(found))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in re.split(r"[\s,;]+", text) if word))


class CustomersForm(Styled):
    """Customers to be put on the list by hand."""

    numbers = forms.CharField(
        label=gettext_lazy("Customer numbers"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "C-000012345-6"}),
    )

    def __init__(self, *args: object, viewer: object, **kwargs: object) -> None:
        self.viewer = viewer
        super().__init__(*args, **kwargs)

    def clean_numbers(self) -> list[Customer]:
        """The customers; those that the reader does not see are refused like those that there are not."""
        words = _listed(self.cleaned_data["numbers"])[:MOST_NUMBERS]
        numbers = {word: parse_customer_number(word) for word in words}
        found = Customer.objects.visible_to(self.viewer).filter(number__in=set(numbers.values()) - {None})
        by_number = {customer.number: customer for customer in found}
        unknown = [word for word, number in numbers.items() if number not in by_number]
        if unknown:
            raise forms.ValidationError(_("There are no such customers: %(numbers)s") % {"numbers": ", ".join(unknown)})
        return list(by_number.values())


class SentForm(Styled):
    """One sending to the affected, with one proof."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Way of telling"), choices=[choice for choice in Channel.choices if choice[0] != Channel.ANY]
    )
    sent_at = PastField(label=gettext_lazy("Time of sending"))
    proof = forms.CharField(
        label=gettext_lazy("Proof of sending"),
        max_length=80,
        help_text=gettext_lazy("Such as the number of the sending and where its list lies."),
    )


class ProofFileForm(Styled):
    """A file of proofs of sending."""

    upload = forms.FileField(
        label=gettext_lazy("File of proofs"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt"}),
        help_text=gettext_lazy(
            "CSV with the columns customer, sent_at, channel, proof; or failed_because for whoever was not reached."
        ),
    )

    def clean_upload(self) -> UploadedFile:
        upload = self.cleaned_data["upload"]
        if upload.size > MOST_MEGABYTES * MEGABYTE:
            raise forms.ValidationError(_("The file is too large. Send it as several files."))
        return upload


class ReportForm(Styled):
    """That the authorities were told."""

    reported_at = PastField(label=gettext_lazy("Reported at"))
    reference = forms.CharField(label=gettext_lazy("Reference of the report"), max_length=80)


class PostForm(Styled):
    """Since when the website tells of it."""

    posted_on = forms.DateField(label=gettext_lazy("Posted on"), widget=DayInput())


class ConfirmForm(Styled):
    """What a possible breach turned out to be."""

    kind = forms.ChoiceField(label=gettext_lazy("What it turned out to be"), choices=KINDS)


class ReasonForm(Styled):
    """Why a possible breach is cleared."""

    reason = PlainReasonField(label=gettext_lazy("Why nothing leaked"), most=LONGEST_NOTE)


class CloseForm(Styled):
    """The closing note, and why what the law asks was not done, where it was not. unmet: [(code, title)]."""

    note = PlainReasonField(label=gettext_lazy("Closing note"), most=LONGEST_NOTE)

    def __init__(self, *args: object, unmet: list[tuple[str, str]], **kwargs: object) -> None:
        self.unmet = unmet
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        for code, title in self.unmet:
            label = _("Why not: %(duty)s") % {"duty": title}
            self.fields[f"reason_{code}"] = forms.CharField(label=label, required=False, max_length=500)

    @property
    def reasons(self) -> dict[str, str]:
        """{code of a duty: why it was not done}."""
        given = self.cleaned_data.items()
        return {name.removeprefix("reason_"): value for name, value in given if name.startswith("reason_")}
