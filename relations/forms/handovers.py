"""Input of the pages of handovers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.feeds import reasons
from customers.feeds.refusal import UnreadableFile
from customers.inputs import FeedFileField, ReasonField, StyledForm
from relations.forms.keepers import DayField, NoteField, StaffField
from relations.reports.handovers_file import rows_of_text, rows_of_upload
from relations.rules.handovers import HeaderUnknown, TooManyRows, read_moves

MEGABYTES = 5


class TransfersField(FeedFileField):
    """A file that need not be there."""

    def clean(self, data: object, initial: object = None) -> object:
        return super().clean(data, initial) if data else None


class PlanForm(StyledForm):
    """A handover: its day, and who goes, from a file or typed."""

    title = forms.CharField(
        label=gettext_lazy("Title of the handover"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    takes_effect_on = DayField(label=gettext_lazy("Takes effect on"))
    upload = TransfersField(
        megabytes=MEGABYTES,
        label=gettext_lazy("File of transfers"),
        required=False,
        help_text=gettext_lazy("CSV or Excel with the columns 사번, 구분, 발령지점, 발령일."),
    )
    lines = forms.CharField(
        label=gettext_lazy("Or by hand, one person a line"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Employee number, kind (퇴사, 전보, 동반전보), code of the new branch."),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        upload, lines = cleaned.get("upload"), cleaned.get("lines", "").strip()
        if "upload" in self.errors:
            return cleaned
        if bool(upload) == bool(lines):
            raise forms.ValidationError(_("Choose a file, or type who goes; not both."))
        try:
            header, rows = rows_of_upload(upload) if upload else rows_of_text(lines)
            cleaned["moves"] = read_moves(header, rows, 2 if upload else 1)
        except UnreadableFile as problem:
            self.add_error("upload", reasons.file_reason(problem.code, problem.details | {"file": upload.name}))
        except HeaderUnknown as problem:
            names = ", ".join(problem.missing)
            self.add_error("upload", _("The file lacks columns: %(names)s.") % {"names": names})
        except TooManyRows:
            self.add_error("upload" if upload else "lines", _("These are too many people for one handover."))
        return cleaned


class ItemForm(StyledForm):
    """What the one who leaves says of a customer."""

    note = NoteField(
        label=gettext_lazy("What the receiver should know"),
        required=False,
        help_text=gettext_lazy("The receiver reads it before accepting, without the name of the customer."),
    )
    proposed = StaffField(
        label=gettext_lazy("Whom you propose (employee number)"),
        required=False,
        help_text=gettext_lazy("It counts when receivers are chosen again."),
    )
    joint_visit_on = DayField(label=gettext_lazy("Joint visit on"), required=False)


class ReturnForm(StyledForm):
    """Why customers are returned."""

    reason = ReasonField()
