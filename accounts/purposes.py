"""What data of customers are used for. Each role may work for some of these; the first of them is where it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import Staff


class Purpose(TextChoices):
    """Declared by the person before they look, kept with the session, noted in the trail."""

    SERVICE = "SERVICE", _("Policy service")
    CLAIMS = "CLAIMS", _("Claims")
    SALES = "SALES", _("Sales")
    UNDERWRITING = "UNDERWRITING", _("Underwriting")
    STEWARDSHIP = "STEWARDSHIP", _("Care of customer data")
    CAMPAIGN = "CAMPAIGN", _("Campaigns")
    OVERSIGHT = "OVERSIGHT", _("Oversight")
    ADMINISTRATION = "ADMINISTRATION", _("Administration of the system")


SESSION_KEY = "purpose"


def roles_of(staff: Staff) -> tuple[str, ...]:
    """The codes of the roles of `staff` in the order of the settings, read once per request."""
    roles = getattr(staff, "_role_codes", None)
    if roles is None:
        roles = staff._role_codes = tuple(role for role in settings.ROLES if role in staff.rights.roles)
    return roles


def purposes_of(staff: Staff) -> list[Purpose]:
    """The purposes that the roles of `staff` work for, without repetition; the first is where they begin."""
    found = (Purpose(purpose) for role in roles_of(staff) for purpose in settings.ROLES[role].get("purposes", ()))
    return list(dict.fromkeys(found))


def purpose_of(staff: Staff) -> Purpose | None:
    """The purpose that `staff` works for now: the one declared, or where their role begins; None without a role."""
    declared = getattr(staff, "declared_purpose", None)
    allowed = purposes_of(staff)
    if declared in allowed:
        return Purpose(declared)
    return allowed[0] if allowed else None


@dataclass(frozen=True)
class DeclaredPurpose:
    """What somebody works for now, None without a role, and all that their roles work for, in their order."""

    now: Purpose | None
    all: tuple[Purpose, ...]

    @property
    def others(self) -> bool:
        """Whether there is a choice."""
        return len(self.all) > 1


def declared_purpose_of(staff: Staff) -> DeclaredPurpose:
    """What `staff` works for now and could work for, for the head of the page."""
    return DeclaredPurpose(purpose_of(staff), tuple(purposes_of(staff)))
