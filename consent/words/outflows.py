"""Outflows in words: what is late, and why something was refused."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LATE: Mapping[str, Promise] = {
    "CONTRACT_OVER": _("The contract is over, and data still flow"),
    "RETURN_LATE": _("Nobody said what became of the data"),
}
FATES: Mapping[str, Promise] = {
    "RUNNING": _("Data flow"),
    "RETURN_ASKED": _("Return or destruction asked"),
    "RETURNED": _("Given back"),
    "DESTROYED": _("Destroyed"),
}
"""{fate: what became of the data}."""
TONES: Mapping[str, str] = {
    "RUNNING": "green",
    "RETURN_ASKED": "yellow",
    "RETURNED": "secondary",
    "DESTROYED": "secondary",
}
"""{fate: colour of its badge}."""
TABS: tuple[tuple[str, Promise], ...] = (
    ("", _("Flowing or asked back")),
    ("late", _("Late")),
    ("ended", _("Ended")),
    ("all", _("All")),
)
