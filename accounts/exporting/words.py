"""What is said about files: notices by their kind, why one could not be made, how its state looks."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Export

State = Export.State

NOTICES: Mapping[str, Promise] = {
    "EXPORT_TO_APPROVE": _("%(by)s asks for file %(number)s above the ceiling of their role. It waits for approval."),
    "EXPORT_APPROVED": _("File %(number)s was approved by %(by)s and is being made."),
    "EXPORT_REFUSED": _("File %(number)s was refused by %(by)s. The reason stands on its page."),
    "EXPORT_FAILED": _("File %(number)s could not be made. The reason stands on its page."),
    "EXPORT_OVERDUE": _("Your copy of file %(number)s was to be destroyed by %(day)s. Destroy it, and confirm that."),
    "EXPORT_OVERDUE_OF": _(
        "The copy of file %(number)s of %(by)s was to be destroyed by %(day)s, which nobody confirmed."
    ),
}
"""{kind: sentence}. by: an employee number; number: as written; day: in Korea's time."""

FAILURES: Mapping[str, Promise] = {
    "LOST_RIGHT": _("The person who asked for it may not take this list any more."),
    "GREW": _("The list has more rows by now than may be taken. Ask for the file again."),
    "TRAIL": _("The trail of access could not be written, so that no file was handed out. Ask for it again later."),
    "UNEXPECTED": _("Something unforeseen happened. Ask for the file again, or tell an administrator its number."),
}
"""{code in `Export.error`: sentence}."""

TONES = {
    State.PROPOSED: "yellow",
    State.REFUSED: "red",
    State.QUEUED: "azure",
    State.RUNNING: "azure",
    State.READY: "green",
    State.FAILED: "red",
    State.EXPIRED: "secondary",
}
