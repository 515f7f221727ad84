"""Words of the review and the cases: notices, what does not fit a signed report, how good or bad a state is."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOTICES: Mapping[str, Promise] = {
    "REVIEW_DRAWN": _("The entries of %(month)s for the monthly review of access were drawn."),
    "REVIEW_QUESTION": _("The monthly review of access asks you something. Answer by %(due_on)s."),
    "REVIEW_ANSWERED": _("A question of the review of %(month)s was answered."),
    "REVIEW_ESCALATED": _("The review of %(month)s handed an entry on as a case."),
    "DOWNLOADS_LOCKED": _("You may take no files until you answer the questions of the review of access."),
    "CASES_FOUND": _("Unusual access of %(day)s was found. New cases: %(count)s."),
}
FAULTS: Mapping[str, Promise] = {
    "REPORT": _("The text of the report was changed after it was signed."),
    "SIGNATURE": _("The signature does not belong to this report and this person."),
    "ENTRIES": _("Questions, answers or findings were changed after the report was signed."),
}
"""What `accounts.reviews.report.faults_of` finds."""
TONES: Mapping[str, str] = {
    **{"DRAWN": "secondary", "ASKED": "yellow", "ANSWERED": "azure", "ACCEPTED": "green", "ESCALATED": "red"},
    **{"OPEN": "yellow", "TAKEN": "azure", "CLOSED": "secondary", "SIGNED": "green"},
}
"""The tone of a badge by state of an entry, a case or a review."""
