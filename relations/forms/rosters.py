"""Input of the pages of rosters and group contracts."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers import formats
from customers.feeds.reading import EXCEL_SUFFIXES
from relations.words.rosters import ACTIONS, RELATIONS

SUFFIXES = (".csv", ".tsv", ".txt", *sorted(EXCEL_SUFFIXES))
MOST_MEGABYTES = 50
MEGABYTE = 1_000_000
ANY = ("", gettext_lazy("all"))
STATES = (ANY, ("COVERED", gettext_lazy("Covered")), ("ENDED", gettext_lazy("Cover has an end")))
MATCHES = (
    ANY,
    ("LINKED", gettext_lazy("A customer")),
    ("UNLINKED", gettext_lazy("No customer")),
    ("DOUBTFUL", gettext_lazy("Perhaps a customer")),
)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RosterForm(forms.Form):
    """A list of members, the day that it tells of, and whether it is whole."""

    upload = forms.FileField(
        label=gettext_lazy("List of members"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "missing": gettext_lazy("Choose a file."),
            "invalid": gettext_lazy("The file did not arrive. Choose it again."),
            "empty": gettext_lazy("The file is empty."),
            "max_length": gettext_lazy("The name of the file is too long."),
        },
    )
    on = forms.DateField(label=gettext_lazy("Day of the list"), widget=DayInput())
    is_full = forms.TypedChoiceField(
        label=gettext_lazy("What the list holds"),
        choices=(
            ("1", gettext_lazy("All members: whoever is not on it has left")),
            ("0", gettext_lazy("Changes only: whoever is not on it stays")),
        ),
        coerce=lambda value: value == "1",
        initial="1",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].help_text = _("CSV or Excel, at most %(limit)s MB.") % {
            "limit": formats.amount(min(MOST_MEGABYTES, settings.FEED_UPLOAD_MEGABYTES))
        }
        self.fields["on"].help_text = _("The day that the list tells of, which is that of a leaver without a day.")
        styled(self)

    def clean_upload(self) -> UploadedFile:
        upload = self.cleaned_data["upload"]
        if Path(upload.name).suffix.lower() not in SUFFIXES:
            kinds = ", ".join(suffix.removeprefix(".") for suffix in SUFFIXES)
            raise forms.ValidationError(
                _("A file of this kind cannot be read. Send one of: %(kinds)s.") % {"kinds": kinds}
            )
        if upload.size > min(MOST_MEGABYTES, settings.FEED_UPLOAD_MEGABYTES) * MEGABYTE:
            raise forms.ValidationError(_("The file is too large. Send it as several lists of changes."))
        return upload


class ConfirmForm(forms.Form):
    """How many leave, as somebody typed it where that is asked for."""

    confirmed = forms.IntegerField(required=False, min_value=0)


class RowFilterForm(forms.Form):
    """By what the rows of a roster are narrowed; an unknown word narrows nothing."""

    action = forms.ChoiceField(label=gettext_lazy("What the row does"), choices=(ANY, *ACTIONS.items()), required=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)
        styled(self)

    @property
    def word(self) -> str:
        return self.cleaned_data.get("action", "") if self.is_valid() else ""


class MemberFilterForm(forms.Form):
    """By what the members of a contract are narrowed; an unknown word narrows nothing."""

    state = forms.ChoiceField(label=gettext_lazy("Cover"), choices=STATES, required=False)
    relation = forms.ChoiceField(label=gettext_lazy("Relation"), choices=(ANY, *RELATIONS.items()), required=False)
    match = forms.ChoiceField(label=gettext_lazy("As a customer"), choices=MATCHES, required=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)
        styled(self)

    @property
    def words(self) -> dict[str, str]:
        """{filter: its value}, '' for any."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class GroupFilterForm(forms.Form):
    """By what the group contracts are narrowed."""

    contract_no = forms.CharField(label=gettext_lazy("Contract number"), required=False, max_length=40)

    def __init__(self, data: object) -> None:
        super().__init__(data)
        styled(self)

    @property
    def word(self) -> str:
        return self.cleaned_data.get("contract_no", "").strip() if self.is_valid() else ""
