"""Input of the pages of files."""

from __future__ import annotations

import re

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.exporting.writing import fingerprint_of
from accounts.models import Export, Staff
from accounts.purposes import purpose_of, purposes_of
from accounts.services.exports import SHORTEST_REASON
from accounts.styling import styled

FINGERPRINT = re.compile(r"[0-9a-f]{64}")


class ExportForm(forms.Form):
    """A file that is asked for: its kind, what for and why."""

    format = forms.ChoiceField(label=_("Kind of file"), choices=Export.Format, widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label=_("Purpose"))
    reason = forms.CharField(
        label=_("Reason"),
        min_length=SHORTEST_REASON,
        max_length=500,
        help_text=_("What the file is for, and who gets it. It stands in the register and in the trail."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: object, staff: Staff, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [(purpose.value, purpose.label) for purpose in purposes_of(staff)]
        self.fields["purpose"].initial = purpose_of(staff)
        self.fields["format"].initial = Export.Format.XLSX
        styled(self)
        self.fields["format"].widget.attrs["class"] = "form-check-input"


class ApprovalForm(forms.Form):
    """What a second person says to a file that they approve."""

    comment = forms.CharField(label=_("Comment"), required=False, max_length=500)


class RefusalForm(forms.Form):
    """Why a second person refuses a file."""

    reason = forms.CharField(label=_("Reason"), min_length=SHORTEST_REASON, max_length=500)


class FingerprintForm(forms.Form):
    """A file, or its fingerprint as another program tells it."""

    fingerprint = forms.CharField(
        label=_("Fingerprint (SHA-256)"),
        required=False,
        max_length=200,
        help_text=_("64 digits and letters; spaces and colons do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    upload = forms.FileField(
        label=_("Or the file itself"), required=False, help_text=_("It is only read, and not kept.")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        styled(self)

    def clean_fingerprint(self) -> str:
        written = re.sub(r"[\s:]", "", self.cleaned_data["fingerprint"]).lower()
        if written and not FINGERPRINT.fullmatch(written):
            raise forms.ValidationError(_("A fingerprint has 64 digits from 0 to 9 and letters from a to f."))
        return written

    def clean_upload(self) -> UploadedFile | None:
        upload = self.cleaned_data["upload"]
        most = settings.EXPORT_VERIFY_MEGABYTES * 1024**2
        if upload and upload.size > most:
            raise forms.ValidationError(gettext("The file is larger than %(most)s.") % {"most": filesizeformat(most)})
        return upload

    def clean(self) -> dict[str, object]:
        given = super().clean()
        if not self.errors and not given.get("fingerprint") and not given.get("upload"):
            raise forms.ValidationError(_("Paste a fingerprint, or choose a file."))
        return given

    @property
    def asked(self) -> str:
        """The fingerprint that is looked for; that of the file where there is one."""
        upload = self.cleaned_data.get("upload")
        return fingerprint_of(upload.file) if upload else self.cleaned_data["fingerprint"]
