"""What a key opens: views for service clients are marked with the scope that they need."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse

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
