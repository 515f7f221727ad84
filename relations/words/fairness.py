"""The columns of the fairness report in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HEADS: Mapping[str, Promise] = {
    "free": _("Answered: nobody there"),
    "similar": _("Answered: similar"),
    "exists": _("Answered: there already"),
    "registered": _("Registrations"),
    "expired": _("Expired"),
    "converted": _("Became customers"),
    "won": _("Asked and won"),
    "lost": _("Asked and lost"),
    "kept": _("Claimed from, kept"),
    "gave": _("Claimed from, given up"),
}
"""{column of `reports.fairness`: its head}."""
