"""What every page knows beside its own content."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.menu import MenuEntry, entries_for
from accounts.purposes import DeclaredPurpose, declared_purpose_of


def menu(request: HttpRequest) -> dict[str, object]:
    """`menu`: the entries this member of staff may use; worked out only where a page shows it."""

    def entries() -> list[MenuEntry]:
        user = getattr(request, "user", None)
        return entries_for(user, request.path) if user is not None and user.is_authenticated else []

    return {"menu": SimpleLazyObject(entries)}


def session_limits(request: HttpRequest) -> dict[str, object]:
    """`session_limits`: after how many seconds an idle session ends (`idle`), and how long before a warning comes."""
    return {"session_limits": {"idle": settings.LOGIN_IDLE_SECONDS, "warning": settings.LOGIN_WARNING_SECONDS}}


def purpose(request: HttpRequest) -> dict[str, object]:
    """`declared_purpose`: what this member of staff uses data for now, and what else; worked out where it is shown."""

    def declared() -> DeclaredPurpose | None:
        user = getattr(request, "user", None)
        return declared_purpose_of(user) if user is not None and user.is_authenticated else None

    return {"declared_purpose": SimpleLazyObject(declared)}
