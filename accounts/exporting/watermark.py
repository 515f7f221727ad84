"""Who took a file, when, and which one it is: it stands in the file itself, so that a stray copy can be traced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exporting.lists import in_one_line, title_of, told
from accounts.models import Export
from accounts.purposes import Purpose

NUMBER = "HX-{:06d}"
LONGEST_HEADER = 255  # characters that a workbook takes


@dataclass(frozen=True)
class Watermark:
    """line: who, when, which file; facts: [(what, value)] that say more of it."""

    line: str
    facts: list[tuple[str, str]]

    @property
    def for_header(self) -> str:
        """The line as the header of a printed sheet, in which an ampersand is a command."""
        return "&L" + self.line[: LONGEST_HEADER // 2].replace("&", "&&")


def export_number(export: Export) -> str:
    """The number of a file as people write it: HX-000123."""
    return NUMBER.format(export.pk)


def watermark_of(export: Export, destroy_by: date) -> Watermark:
    """The watermark of a file that is made now, in the active language."""
    by = export.requested_by
    made_at = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    line = _("Hannun %(number)s · %(name)s (%(employee)s) · %(time)s · for internal use only") % {
        "number": export_number(export),
        "name": by.name,
        "employee": by.employee_number,
        "time": made_at,
    }
    facts = [
        (_("File number"), export_number(export)),
        (_("Taken by"), f"{by.name} ({by.employee_number})"),
        (_("Made at"), made_at),
        (_("List"), title_of(export.list_code)),
        (_("Conditions"), in_one_line(told(export.list_code, export.conditions, is_whole=True)) or _("none")),
        (_("Purpose"), str(Purpose(export.purpose).label)),
        (_("Reason"), export.reason),
        (_("To be destroyed by"), destroy_by.isoformat()),
    ]
    return Watermark(line, facts)
