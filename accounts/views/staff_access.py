"""The access of somebody else, for administrators: sessions, second factor, lock, password."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import DetailView

from accounts import second_factor, services
from accounts.forms import ReasonForm
from accounts.models import Staff, StaffSession

PERMISSION = "accounts.change_staff"
SHOWN_ENDED = 10


class StaffAccessView(PermissionRequiredMixin, DetailView):
    """How somebody else gets in: where they are signed in, their second factor, what an administrator may do."""

    permission_required = PERMISSION
    template_name = "accounts/staff_access.html"
    context_object_name = "person"

    def get_queryset(self) -> QuerySet[Staff]:
        return Staff.objects.select_related("branch")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        sessions = StaffSession.objects.filter(staff=self.object)
        return super().get_context_data(
            **kwargs,
            sessions=sessions.open().newest_first(),
            ended=sessions.filter(ended_at__isnull=False).order_by("-ended_at", "-pk")[:SHOWN_ENDED],
            is_set_up=second_factor.has_second_factor(self.object),
            codes_left=second_factor.unused_codes(self.object),
            may_act=_may_act(self.request.user, self.object),
            reason_form=ReasonForm(),
        )


def _may_act(by: Staff, staff: Staff) -> bool:
    """Nobody acts on their own access, and only a superuser on that of a superuser."""
    return by.pk != staff.pk and (by.is_superuser or not staff.is_superuser)


def _act(request: HttpRequest, pk: int, act: Callable[[Staff, str], HttpResponse | None]) -> HttpResponse:
    """Do something to the access of another person, for a reason; `act` says its message and may answer itself."""
    staff = get_object_or_404(Staff, pk=pk)
    if not _may_act(request.user, staff):
        raise PermissionDenied
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was done: a reason is needed."))
    elif answer := act(staff, form.cleaned_data["reason"]):
        return answer
    return redirect("accounts:staff-access", pk)


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def staff_session_end(request: HttpRequest, pk: int, session: int) -> HttpResponse:
    """End a session of somebody else."""

    def act(staff: Staff, reason: str) -> None:
        row = get_object_or_404(StaffSession, pk=session, staff=staff)
        because = StaffSession.Ending.BY_ADMINISTRATOR
        try:
            services.end_session(session=row, because=because, at=timezone.now(), by=request.user, reason=reason)
        except services.SessionOver:
            messages.warning(request, _("This session had ended already."))
        else:
            messages.success(request, _("The session was ended."))

    return _act(request, pk, act)


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def second_factor_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the second factor from somebody who lost it."""

    def act(staff: Staff, reason: str) -> None:
        try:
            services.reset_second_factor(staff=staff, by=request.user, at=timezone.now(), reason=reason)
        except services.NoSecondFactor:
            messages.warning(request, _("There was no second factor to reset."))
        else:
            messages.success(request, _("The second factor was reset. The person sets up a new one at the next login."))

    return _act(request, pk, act)


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def login_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody try to log in again at once."""

    def act(staff: Staff, reason: str) -> None:
        services.unlock_login(staff=staff, by=request.user, at=timezone.now(), reason=reason)
        messages.success(request, _("The account is not locked any more."))

    return _act(request, pk, act)


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def password_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a password for one login; it is shown only in this answer."""

    def act(staff: Staff, reason: str) -> HttpResponse:
        password = services.hand_over_password(staff=staff, by=request.user, at=timezone.now(), reason=reason)
        return render(request, "accounts/password_handed_over.html", {"person": staff, "password": password})

    return _act(request, pk, act)
