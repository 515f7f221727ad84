"""Why nobody keeps a customer, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: Mapping[str, Promise] = {
    "NOBODY": _("No source names a keeper"),
    "UNKNOWN": _("The keeper named is not known here"),
    "LEFT": _("The keeper does not work here any more"),
}
