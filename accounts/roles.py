"""What a role allows, in words for the person who holds it."""

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from accounts.models import Staff

# What Django lets one do with the rows of any model.
EVERYWHERE = {
    "view": _("Can view %(things)s"),
    "add": _("Can add %(things)s"),
    "change": _("Can change %(things)s"),
    "delete": _("Can delete %(things)s"),
}


@dataclass(frozen=True)
class HeldRole:
    """A role and what it allows, both in the language of the reader; sentences in alphabetical order."""

    name: str
    allows: list[str]


def role_name(role: str) -> str:
    """A role's name for people; the code itself where it is no role of ours."""
    if role not in settings.ROLES:
        return role
    name = settings.ROLES[role]["name"]
    return gettext(name)


def permission_in_words(permission: Permission) -> str:
    """What a permission allows, in the language of the reader."""
    verb, _underscore, model = permission.codename.partition("_")
    kind = permission.content_type.model_class()
    if kind is None or verb not in EVERYWHERE or model != kind._meta.model_name:
        return gettext(permission.name)
    return gettext(EVERYWHERE[verb]) % {"things": kind._meta.verbose_name_plural}


def permission_code_in_words(code: str) -> str:
    """What `app.codename` allows, in the language of the reader; the code itself where no app defines it."""
    found = _defined_permissions().get(code)
    if found is None:
        return code
    name, things = found
    return gettext(name) % {"things": things} if things else gettext(name)


@cache
def _defined_permissions() -> dict[str, tuple[str, Promise | str]]:
    """{app.codename: (name, what it is about where that is no part of the name)} of all models."""
    defined: dict[str, tuple[str, Promise | str]] = {}
    for model in apps.get_models():
        meta = model._meta
        for verb in meta.default_permissions:
            defined[f"{meta.app_label}.{verb}_{meta.model_name}"] = (EVERYWHERE[verb], meta.verbose_name_plural)
        defined |= {f"{meta.app_label}.{codename}": (str(name), "") for codename, name in meta.permissions}
    return defined


def held_roles(staff: Staff) -> list[HeldRole]:
    """The roles of `staff` in the order of the settings, each with what its group allows."""
    groups = staff.groups.order_by("name").prefetch_related("permissions__content_type")
    allows = {
        group.name: [permission_in_words(permission) for permission in group.permissions.all()] for group in groups
    }
    order = list(settings.ROLES)
    ranked = sorted(allows, key=lambda role: (order.index(role) if role in order else len(order), role))
    return [HeldRole(role_name(role), sorted(allows[role])) for role in ranked]
