"""Roles: groups made from the settings, and who holds them."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import Staff

Definitions = Mapping[str, Mapping[str, object]]


class UnknownRole(Exception):
    """No role of this code is defined, or the roles have not been made into groups yet."""


class UnknownPermission(Exception):
    """A role names a permission that no app defines."""


class OwnRole(Exception):
    """Nobody gives or takes their own roles."""


@transaction.atomic
def synchronise_roles(definitions: Definitions) -> None:
    """Make one group per role with exactly its permissions; running it again mends drift.

    definitions: `{role: {"name", "permissions": ["app.codename"], "is_staff"}}`. A group that is no role keeps its
    members and single grants but no general permission. Raises UnknownPermission.
    """
    known = {f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")}
    for role, definition in definitions.items():
        missing = set(definition["permissions"]) - known.keys()
        if missing:
            raise UnknownPermission(f"{role}: {', '.join(sorted(missing))}")
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set([known[permission] for permission in definition["permissions"]])
    Group.permissions.through.objects.exclude(group__name__in=definitions).delete()
    _synchronise_administrators(definitions)


def _synchronise_administrators(definitions: Definitions) -> None:
    """Open the administration to holders of its roles and to superusers, close it to everyone else."""
    roles = [role for role, definition in definitions.items() if definition.get("is_staff")]
    holds = Exists(Staff.groups.through.objects.filter(staff=OuterRef("pk"), group__name__in=roles))
    may_open = Q(is_superuser=True) | holds
    Staff.objects.filter(may_open, is_staff=False).update(is_staff=True)
    Staff.objects.filter(~may_open, is_staff=True).update(is_staff=False)


@transaction.atomic
def assign_role(*, staff: Staff, role: str, by: Staff | None = None) -> None:
    """Give `staff` a role and, where the role says so, the administration.

    by: who gives it, None for the command line. Raises UnknownRole, OwnRole.
    """
    _check_giver(staff, by)
    staff.groups.add(_group_of(role))
    _set_administration(staff)


@transaction.atomic
def withdraw_role(*, staff: Staff, role: str, by: Staff | None = None) -> None:
    """Take a role from `staff`. by: as in `assign_role`. Raises UnknownRole, OwnRole."""
    _check_giver(staff, by)
    staff.groups.remove(_group_of(role))
    _set_administration(staff)


def _check_giver(staff: Staff, by: Staff | None) -> None:
    if by is not None and by.pk == staff.pk:
        raise OwnRole


def _group_of(role: str) -> Group:
    if role not in settings.ROLES:
        raise UnknownRole(role)
    try:
        return Group.objects.get(name=role)
    except Group.DoesNotExist:
        raise UnknownRole(f"{role} has not been made into a group: run setup_accounts.") from None


def _set_administration(staff: Staff) -> None:
    roles = staff.groups.values_list("name", flat=True)
    opens = any(settings.ROLES[role].get("is_staff") for role in roles if role in settings.ROLES)
    staff.is_staff = staff.is_superuser or opens
    staff.save(update_fields=["is_staff"])
