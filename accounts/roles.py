"""What a role allows, in words for the person who holds it."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Permission
from django.utils.translation import gettext

from accounts.models import Staff


@dataclass(frozen=True)
class HeldRole:
    """A role and what it allows, both in the language of the reader; sentences in alphabetical order."""

    name: str
    allows: list[str]


def role_name(role: str) -> str:
    """A role's name for people; the code itself where it is no role of ours."""
    return gettext(settings.ROLES[role]["name"]) if role in settings.ROLES else role


def held_roles(staff: Staff) -> list[HeldRole]:
    """The roles of `staff` in the order of the settings, each with what its group allows."""
    rows = Permission.objects.filter(group__user=staff).order_by("pk").values_list("group__name", "name")
    allows: dict[str, list[str]] = {role: [] for role in staff.groups.order_by("name").values_list("name", flat=True)}
    for role, permission in rows:
        allows.setdefault(role, []).append(gettext(permission))
    order = list(settings.ROLES)
    ranked = sorted(allows, key=lambda role: (order.index(role) if role in order else len(order), role))
    return [HeldRole(role_name(role), sorted(allows[role])) for role in ranked]
