"""Input of the do-not-call register: lists, and what becomes of registrations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.forms.contact import ContactForm
from customers import formats
from customers.filters import DateInput
from customers.inputs import MEGABYTE, ReasonField

SUFFIXES = (".csv", ".tsv", ".txt")
MOST_MEGABYTES = 20
KEEP, RELEASE = "KEEP", "RELEASE"
AGAIN = "AGAIN"


class ListForm(ContactForm):
    """A list of the register, and its day."""

    upload = forms.FileField(
        label=gettext_lazy("List of the register"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "missing": gettext_lazy("Choose a file."),
            "invalid": gettext_lazy("The file did not arrive. Choose it again."),
            "empty": gettext_lazy("The file is empty."),
            "max_length": gettext_lazy("The name of the file is too long."),
        },
    )
    as_of = forms.DateField(label=gettext_lazy("Day of the list"), widget=DateInput, input_formats=["%Y-%m-%d"])

    def _prepare(self) -> None:
        today = timezone.localdate()
        self.fields["as_of"].initial = today
        self.fields["as_of"].widget.attrs["max"] = today.isoformat()
        self.fields["upload"].help_text = _(
            "CSV: a telephone number a row and the day of its registration. At most %(limit)s MB."
        ) % {"limit": formats.amount(self.limit)}

    @property
    def limit(self) -> int:
        return min(MOST_MEGABYTES, settings.FEED_UPLOAD_MEGABYTES)

    def clean_upload(self) -> UploadedFile:
        upload = self.cleaned_data["upload"]
        if Path(upload.name).suffix.lower() not in SUFFIXES:
            raise forms.ValidationError(_("Only CSV or text files can be read."))
        if upload.size > self.limit * MEGABYTE:
            raise forms.ValidationError(_("The file is too large. Send it in parts."))
        return upload

    def clean_as_of(self) -> date:
        if self.cleaned_data["as_of"] > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["as_of"]


class DecideForm(ContactForm):
    """What becomes of the registrations that ended in a month. count: how many somebody looked at, typed once more."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (KEEP, gettext_lazy("Keep: nobody calls these numbers, for another term from today")),
            (RELEASE, gettext_lazy("Release: they may be called again where the customer agreed to it")),
        ],
        widget=forms.RadioSelect,
    )
    reason = ReasonField()
    count = forms.IntegerField(
        label=gettext_lazy("How many numbers, typed once more"),
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class ChangedForm(ContactForm):
    """What becomes of a registration whose customer has another number now."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (AGAIN, gettext_lazy("Register the new number again until the same day")),
            (RELEASE, gettext_lazy("Release the old number only")),
        ],
        widget=forms.RadioSelect,
        initial=AGAIN,
    )
    reason = ReasonField()
