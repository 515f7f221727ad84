"""What service clients ask, each below /services/ and with a key; answers are JSON."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

FORBIDDEN = 403


def needs_scope(scope: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Refuse keys that were not issued for `scope`; that there is a key the middleware has made sure."""

    def decorated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if scope not in request.service_key.scopes:
                return JsonResponse({"error": "forbidden", "scope": scope}, status=FORBIDDEN)
            return view(request, *args, **kwargs)

        return checked

    return decorated


@login_not_required
@require_GET
@needs_scope("client.read")
def whoami(request: HttpRequest) -> HttpResponse:
    """Which client the key belongs to, what it opens and until when (ISO 8601 with offset)."""
    key = request.service_key
    return JsonResponse(
        {
            "client": key.staff.employee_number,
            "key": key.name,
            "scopes": key.scopes,
            "expires_at": key.expires_at.isoformat(),
        }
    )
