"""What the figures of the whole company are called."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

GROUPS: Mapping[str, Promise] = {
    "LATE": _("Late"),
    "SOON": _("Due today or soon"),
    "UNDER_WAY": _("Under way"),
}
FIGURES: Mapping[str, Promise] = {
    "REQUESTS_LATE": _("Requests of data subjects that are late"),
    "BREACHES_LATE": _("Breaches whose time is over"),
    "BATCHES_LATE": _("Destructions with a copy that nobody answered for"),
    "HOLDS_LATE": _("Holds to be looked at"),
    "TASKS_LATE": _("Tasks of changed laws that are late"),
    "LAWS_LATE": _("Laws to be looked at"),
    "OUTFLOWS_LATE": _("Outflows that are late"),
    "ASKS_FAILED": _("Questions of the clean-up refused or not reached"),
    "REQUESTS_SOON": _("Requests of data subjects due within two days"),
    "ASKS_SOON": _("Questions of the clean-up due within 30 days"),
    "REFUSALS_UNTOLD": _("Refusals of contact whose result is to be told"),
    "USES_UNTOLD": _("Uses of separated data to be told"),
    "BREACHES_OPEN": _("Breaches that are open"),
    "STOPS": _("Stops of contact in force"),
    "DO_NOT_CALL": _("Expired do-not-call numbers to decide on"),
    "CONFLICTS": _("Conflicts of consents"),
    "BATCHES_PROPOSED": _("Destructions waiting for approval"),
    "BATCHES_SILENT": _("Destructions waiting for copies"),
    "TASKS_OPEN": _("Tasks of changed laws"),
    "TEXTS_DRAFT": _("Texts of consent waiting to be published"),
    "NUMBERS_AHEAD": _("Numbers of the law that will change"),
}


def lasted(seconds: float) -> str:
    """How long something lasted, in the unit that fits."""
    whole = int(seconds)
    if whole < 60:
        return ngettext("%(count)s second", "%(count)s seconds", whole) % {"count": whole}
    if whole < 3_600:
        return ngettext("%(count)s minute", "%(count)s minutes", whole // 60) % {"count": whole // 60}
    if whole < 172_800:
        return ngettext("%(count)s hour", "%(count)s hours", whole // 3_600) % {"count": whole // 3_600}
    return ngettext("%(count)s day", "%(count)s days", whole // 86_400) % {"count": whole // 86_400}
