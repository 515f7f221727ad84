"""The words of the registry of laws: kinds of things that hang on clauses, owners of items, notices."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.rules.laws import Gap

TASKS_OPENED = "LAW_TASKS_OPENED"
NOTICES: Mapping[str, Promise] = {
    TASKS_OPENED: _("The law changed, or an owner is missing. Things for you to look at: %(count)s."),
}
GAPS: Mapping[Gap, Promise] = {
    Gap.NO_OWNER: _("no owner department"),
    Gap.TWO_OWNERS: _("two owners or more"),
    Gap.NO_STEWARD: _("no steward"),
    Gap.TWO_STEWARDS: _("two stewards or more"),
}
GRADES: Mapping[str, str] = {"V": "green", "V2": "azure", "M": "yellow"}
"""{how sure a clause is: the colour of its badge}."""
KIND_ICONS: Mapping[str, str] = {
    "ITEM": "tag",
    "PURPOSE": "file-text",
    "SCREEN": "layout-dashboard",
    "RETENTION": "trash",
    "NUMBER": "adjustments",
    "JOB": "clock",
    "COLUMN": "columns",
}
