"""What service clients ask, each below /services/ and with a key; answers are JSON."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from accounts.service_scopes import needs_scope


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
