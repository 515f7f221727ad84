"""People with single permissions, for pages whose roles are set elsewhere."""

from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Staff
from tests.accounts.builders import make_staff


def permitted(*codenames: str, sees: bool = True, sees_all: bool = True, **fields: object) -> Staff:
    """A member of staff with these permissions of the master, who sees customers, unless told otherwise all of them.

    What is shown of a customer hangs on a role: who sees any has that of an FP, which may change nothing.
    """
    staff = make_staff(*(["FP"] if sees else []), **{"language": "en"} | fields)
    names = [*codenames, *(["view_customer"] if sees else []), *(["view_every_customer"] if sees and sees_all else [])]
    staff.user_permissions.add(*Permission.objects.filter(content_type__app_label="customers", codename__in=names))
    return Staff.objects.get(pk=staff.pk)


def login(*codenames: str, **fields: object) -> Client:
    """A browser of somebody with these permissions, who reads English."""
    client = Client()
    client.force_login(permitted(*codenames, **fields))
    return client
