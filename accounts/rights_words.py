"""The record of rights in words: what happened, and the codes that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.purposes import Purpose
from accounts.roles import permission_code_in_words, role_name

KINDS: Mapping[str, str | Promise] = {
    "ROLE_GIVEN": _("Role given"),
    "ROLE_TAKEN": _("Role taken"),
    "ROLE_DEFINED": _("What a role may do was changed"),
    "ADMINISTRATION_OPENED": _("Administration opened"),
    "ADMINISTRATION_CLOSED": _("Administration closed"),
    "SUPERUSER_MADE": _("Account with every right made"),
    "HIRED": _("Account entered"),
    "MOVED": _("Moved to another branch"),
    "CHANNEL_CHANGED": _("Moved to another channel"),
    "DEACTIVATED": _("Account closed"),
    "REACTIVATED": _("Account opened again"),
    "BRANCH_OPENED": _("Branch opened"),
    "BRANCH_MOVED": _("Branch moved"),
    "BRANCH_CLOSED": _("Branch closed"),
    "BRANCH_REOPENED": _("Branch opened again"),
    "RULES_PUBLISHED": _("Rules of access put to use"),
    "CUSTOMER_GRANTED": _("Single customer granted"),
    "GRANT_ENDED": _("Single grant ended"),
    "GLASS_BROKEN": _("Customer opened in an emergency"),
    "CUSTOMER_PROTECTED": _("Customer protected"),
    "PROTECTION_ENDED": _("Protection of a customer ended"),
    "PASSWORD_HANDED_OVER": _("Password handed over"),
    "PASSWORD_LINK_ISSUED": _("Link to choose a password issued"),
    "SECOND_FACTOR_SET_UP": _("Second factor set up"),
    "SECOND_FACTOR_RESET": _("Second factor reset"),
    "RECOVERY_CODES_RENEWED": _("Recovery codes renewed"),
    "LOGIN_UNLOCKED": _("Login unlocked"),
    "SESSION_ENDED": _("Session ended by somebody else"),
    "SERVICE_KEY_ISSUED": _("Service key issued"),
    "SERVICE_KEY_ROTATED": _("Service key rotated"),
    "SERVICE_KEY_REVOKED": _("Service key revoked"),
    "DOWNLOADS_LOCKED": _("Downloads locked"),
    "DOWNLOADS_UNLOCKED": _("Downloads unlocked"),
}
DETAILS: Mapping[str, str | Promise] = {
    "role": _("Role"),
    "gained": _("May now"),
    "lost": _("May no longer"),
    "branch": _("Branch"),
    "channel": _("Channel"),
    "path": _("Place"),
    "from": _("Before"),
    "to": _("After"),
    "day": _("Day"),
    "version": _("Version"),
    "before": _("Version before"),
    "customer": _("Customer number"),
    "kind": _("Kind"),
    "granted_at": _("Granted at"),
    "ends_at": _("Ends at"),
    "because": _("Why it ended"),
    "purpose": _("Purpose"),
    "is_found": _("Customer found"),
    "active": _("Active"),
    "session": _("Session"),
    "key": _("Key"),
    "entries": _("Entries"),
    "scopes": _("Allowed calls"),
    "networks": _("Networks"),
    "expires_at": _("Expires at"),
    "replaces": _("Replaces"),
    "until": _("Good until"),
}
"""What the words of a record name. One that is not listed is shown by its own code."""


VALUES: Mapping[str, Mapping[str, str | Promise]] = {
    "purpose": dict(Purpose.choices),
    "kind": {
        "CASE": _("Case"),
        "BREAK_GLASS": _("Emergency access"),
        "VIP": _("VIP"),
        "STAFF": _("Member of staff"),
    },
}
"""What the codes that stand under a name are called. One that is not listed is shown as it is."""
PERMISSIONS = {"gained", "lost"}
INSTANTS = {"granted_at", "ends_at", "expires_at", "until"}


def kind_in_words(kind: str) -> str:
    """What happened; the code itself where nobody has put it into words."""
    return str(KINDS.get(kind, kind))


def details_in_words(what: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What a record names, each with its label; empty values are left out."""
    for name, value in what.items():
        if value is None:
            continue
        if text := _in_words(name, value):
            yield str(DETAILS.get(name, name)), text


def _in_words(name: str, value: object) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list | tuple):
        written = permission_code_in_words if name in PERMISSIONS else str
        return ", ".join(sorted(map(written, value)))
    text = str(value)
    if name == "role":
        return role_name(text)
    if name == "customer":
        return f"C-{text[:9]}-{text[9:]}" if len(text) == 10 and text.isdecimal() else text
    if name in INSTANTS:
        return _instant(text)
    return str(VALUES.get(name, {}).get(text, text))


def _instant(text: str) -> str:
    """2026-11-22 14:32, in Korea's time; anything else as it is."""
    try:
        return f"{timezone.localtime(datetime.fromisoformat(text)):%Y-%m-%d %H:%M}"
    except ValueError:
        return text
