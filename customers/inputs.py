"""Inputs that the forms of every app share: reasons, typed personal data, files; in the look of the house."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers import formats, masking
from customers.feeds.reading import EXCEL_SUFFIXES
from customers.typed import LONGEST

LONGEST_REASON = 1_000
LEAST_REASON = 5
TOO_SHORT = gettext_lazy("Say a little more: at least %(limit_value)s letters.")
SUFFIXES = (".csv", ".tsv", ".txt", *sorted(EXCEL_SUFFIXES))
MEGABYTE = 1_000_000


class StyledForm(forms.Form):
    """A form whose inputs have the look of all others."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._prepare()
        styled(self)  # checks the form, so all its fields must be ready

    def _prepare(self) -> None:
        """Make the fields ready."""


class ReasonField(forms.CharField):
    """Why, in the person's own words; browsers neither offer nor remember it."""

    def __init__(self, *, least: int = LEAST_REASON, most: int = LONGEST_REASON, **options: object) -> None:
        attrs = {"rows": 2, "autocomplete": "off", "minlength": least}
        usual = {
            "label": gettext_lazy("Reason"),
            "widget": forms.Textarea(attrs=attrs),
            "error_messages": {"min_length": TOO_SHORT},
        }
        super().__init__(min_length=least, max_length=most, **usual | options)


class UnechoedInput(forms.TextInput):
    """A text that is never written back into the page, nor kept in the browser as a draft."""

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> dict[str, object]:
        return super().get_context(name, None, {**(attrs or {}), "data-no-draft": True})


class MaskedInput(forms.TextInput):
    """A text that is written back into the page without the resident numbers in it."""

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> dict[str, object]:
        shown = masking.without_resident_numbers(value) if isinstance(value, str) else value
        return super().get_context(name, shown, attrs)


class TypedField(forms.CharField):
    """What may be left out; browsers neither offer nor remember it."""

    def __init__(self, **options: object) -> None:
        super().__init__(required=False, max_length=LONGEST, **options)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


class FeedFileField(forms.FileField):
    """A file of a kind that feeds can be, neither empty nor too large."""

    def __init__(self, *, megabytes: int, **options: object) -> None:
        self.megabytes = megabytes
        super().__init__(
            widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)}),
            error_messages={
                "required": gettext_lazy("Choose a file."),
                "missing": gettext_lazy("Choose a file."),
                "invalid": gettext_lazy("The file did not arrive. Choose it again."),
                "empty": gettext_lazy("The file is empty."),
                "max_length": gettext_lazy("The name of the file is too long."),
            },
            **options,
        )

    def clean(self, data: UploadedFile | None, initial: object = None) -> UploadedFile | None:
        upload = super().clean(data, initial)
        if Path(upload.name).suffix.lower() not in SUFFIXES:
            kinds = ", ".join(suffix.removeprefix(".") for suffix in SUFFIXES)
            raise forms.ValidationError(
                _("A file of this kind cannot be read. Send one of: %(kinds)s.") % {"kinds": kinds}
            )
        if upload.size > self.megabytes * MEGABYTE:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Cut it into several files, or put it into the inbox folder.")
                % {"limit": formats.amount(self.megabytes)}
            )
        return upload
