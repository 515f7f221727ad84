"""Where I am signed in."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from accounts import services
from accounts.models import StaffSession

SHOWN_ENDED = 10


class SessionListView(ListView):
    """My open sessions, the present one marked, and how the last ones ended."""

    template_name = "accounts/session_list.html"
    context_object_name = "sessions"

    def get_queryset(self) -> QuerySet[StaffSession]:
        return StaffSession.objects.filter(staff=self.request.user).open().newest_first()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        ended = StaffSession.objects.filter(staff=self.request.user, ended_at__isnull=False)
        return super().get_context_data(
            **kwargs,
            present=self.request.staff_session,
            ended=ended.order_by("-ended_at", "-pk")[:SHOWN_ENDED],
        )


@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of my sessions elsewhere."""
    session = get_object_or_404(StaffSession, pk=pk, staff=request.user)
    try:
        services.end_session(session=session, because=StaffSession.Ending.BY_OWNER, at=timezone.now())
    except services.SessionOver:
        messages.warning(request, _("This session had ended already."))
    else:
        messages.success(request, _("The session was ended."))
    return redirect("accounts:session-list")


@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End all my sessions but this one."""
    count = services.end_sessions(
        staff=request.user, because=StaffSession.Ending.BY_OWNER, at=timezone.now(), but=request.staff_session
    )
    ended = ngettext("%(count)s other session was ended.", "%(count)s other sessions were ended.", count)
    messages.success(request, ended % {"count": count})
    return redirect("accounts:session-list")
