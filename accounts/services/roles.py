"""Roles: groups made from the settings, and who holds them. Every change goes into the record of rights."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Staff
from accounts.services.rights import record_change

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
    at, before = timezone.now(), _permissions_of_groups()
    for role, definition in definitions.items():
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set([known[permission] for permission in definition["permissions"]])
    Group.permissions.through.objects.exclude(group__name__in=definitions).delete()
    _record_definitions(before, {role: set(one["permissions"]) for role, one in definitions.items()}, at)
    _synchronise_administrators(definitions, at)


def _permissions_of_groups() -> dict[str, set[str]]:
    """{group: its permissions as app.codename}"""
    found: dict[str, set[str]] = {}
    columns = ("name", "permissions__content_type__app_label", "permissions__codename")
    for group, app, codename in Group.objects.values_list(*columns):
        found.setdefault(group, set()).update([f"{app}.{codename}"] if codename else [])
    return found


def _record_definitions(before: Mapping[str, set[str]], after: Mapping[str, set[str]], at: datetime) -> None:
    """Note what each role may do now that it could not, and could do that it may not."""
    for role in sorted(before.keys() | after.keys()):
        old, new = before.get(role, set()), after.get(role, set())
        if old != new:
            what = {"role": role, "gained": sorted(new - old), "lost": sorted(old - new)}
            record_change(staff=None, by=None, at=at, kind="ROLE_DEFINED", what=what)


def _synchronise_administrators(definitions: Definitions, at: datetime) -> None:
    """Open the administration to holders of its roles and to superusers, close it to everyone else."""
    roles = [role for role, definition in definitions.items() if definition.get("is_staff")]
    holds = Exists(Staff.groups.through.objects.filter(staff=OuterRef("pk"), group__name__in=roles))
    may_open = Q(is_superuser=True) | holds
    for opens, kind in ((True, "ADMINISTRATION_OPENED"), (False, "ADMINISTRATION_CLOSED")):
        wrong = list(Staff.objects.filter(may_open if opens else ~may_open, is_staff=not opens).order_by("pk"))
        for staff in wrong:
            record_change(staff=staff, by=None, at=at, kind=kind)
        Staff.objects.filter(pk__in=[staff.pk for staff in wrong]).update(is_staff=opens)


@transaction.atomic
def assign_role(
    *, staff: Staff, role: str, by: Staff | None = None, at: datetime | None = None, reason: str = ""
) -> None:
    """Give `staff` a role and, where the role says so, the administration.

    by: who gives it, None for the command line. at: now, if not given. Raises UnknownRole, OwnRole.
    """
    _check_giver(staff, by)
    group = _group_of(role)
    if not staff.groups.filter(pk=group.pk).exists():
        staff.groups.add(group)
        _record(staff, by, at, "ROLE_GIVEN", role, reason)
    _set_administration(staff)


@transaction.atomic
def withdraw_role(
    *, staff: Staff, role: str, by: Staff | None = None, at: datetime | None = None, reason: str = ""
) -> None:
    """Take a role from `staff`. by, at: as in `assign_role`. Raises UnknownRole, OwnRole."""
    _check_giver(staff, by)
    group = _group_of(role)
    if staff.groups.filter(pk=group.pk).exists():
        staff.groups.remove(group)
        _record(staff, by, at, "ROLE_TAKEN", role, reason)
    _set_administration(staff)


def _record(staff: Staff, by: Staff | None, at: datetime | None, kind: str, role: str, reason: str) -> None:
    record_change(staff=staff, by=by, at=at or timezone.now(), kind=kind, what={"role": role}, reason=reason)


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
