"""What every page knows beside its own content."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.menu import MenuEntry, entries_for


def menu(request: HttpRequest) -> dict[str, object]:
    """`menu`: the entries this member of staff may use; worked out only where a page shows it."""

    def entries() -> list[MenuEntry]:
        user = getattr(request, "user", None)
        return entries_for(user, request.path) if user is not None and user.is_authenticated else []

    return {"menu": SimpleLazyObject(entries)}
