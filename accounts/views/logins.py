"""Login in one step or two, logout, and what a session says to the server while it lasts."""

from datetime import timedelta

from axes.helpers import get_client_username
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView, redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from accounts import login_state, second_factor, services
from accounts.forms import LoginForm, SecondFactorForm
from accounts.locks import locked_until
from accounts.models import StaffSession
from accounts.words import why_signed_out

TOO_MANY_REQUESTS = 429


class StaffLoginView(LoginView):
    """Login by employee number; who has a second factor is signed in only after showing it."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        ending = self.request.session.pop(login_state.ENDED_BECAUSE, "") if self.request.method == "GET" else ""
        return super().get_context_data(**kwargs, signed_out=why_signed_out(ending), help=settings.LOGIN_HELP)

    def form_valid(self, form: LoginForm) -> HttpResponse:
        staff = form.get_user()
        if not second_factor.has_second_factor(staff):
            return super().form_valid(form)
        login_state.begin_second_step(
            self.request.session, staff=staff, next_url=self.get_success_url(), at=timezone.now()
        )
        return redirect("accounts:second-factor")


@method_decorator(login_not_required, name="dispatch")
class SecondFactorView(FormView):
    """The second step: a code of the app, or one of the recovery codes."""

    template_name = "accounts/second_factor.html"
    form_class = SecondFactorForm

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Only for somebody who has shown the password just now, or who is signed in and must show more here."""
        if request.user.is_authenticated:
            self.staff, self.next_url = request.user, resolve_url(settings.LOGIN_REDIRECT_URL)
        elif pending := login_state.pending_staff(request.session):
            self.staff, self.next_url = pending
        else:
            return redirect("accounts:login")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: SecondFactorForm) -> HttpResponse:
        try:
            was_recovery = services.check_second_factor(staff=self.staff, code=form.cleaned_data["code"])
        except services.WrongCode:
            form.add_error("code", _("This code is wrong or was used before. Take the one that the app shows now."))
        except services.TooManyCodes as refusal:
            seconds = max(1, round((refusal.until - timezone.now()).total_seconds()))
            wait = ngettext(
                "After wrong codes the next one counts in %(seconds)s second.",
                "After wrong codes the next one counts in %(seconds)s seconds.",
                seconds,
            )
            form.add_error("code", wait % {"seconds": seconds})
        except services.NoSecondFactor:
            form.add_error("code", _("There is no such code for this account. Ask an administrator."))
        else:
            return self._let_in(was_recovery)
        return self.form_invalid(form)

    def _let_in(self, was_recovery: bool) -> HttpResponse:
        login_state.end_second_step(self.request.session)
        if not self.request.user.is_authenticated:
            login(self.request, self.staff, backend=self.staff.backend)
        self.request.session[login_state.FACTOR_SHOWN] = timezone.now().timestamp()
        if was_recovery:
            left = second_factor.unused_codes(self.staff)
            used = ngettext(
                "A recovery code was used; %(count)s is left.", "A recovery code was used; %(count)s are left.", left
            )
            messages.warning(self.request, used % {"count": left})
        return redirect(self.next_url)


class StaffLogoutView(LogoutView):
    """Ends the session, and says so where the person looks for it."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.staff_session is not None:
            _end(request.staff_session, StaffSession.Ending.SIGNED_OUT)
        return super().post(request, *args, **kwargs)


@require_POST
def session_stay(request: HttpRequest) -> HttpResponse:
    """A page tells that the person has done something, which keeps the session; the middleware has noted it."""
    return HttpResponse(status=204)


@require_POST
def session_idle(request: HttpRequest) -> HttpResponse:
    """A page tells that nothing was done for too long: the session ends, and the login leads back to the page.

    Fields: next (the page that was open).
    """
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    if request.staff_session is not None:
        _end(request.staff_session, StaffSession.Ending.IDLE)
    logout(request)
    request.session[login_state.ENDED_BECAUSE] = StaffSession.Ending.IDLE.value
    return redirect_to_login(target if ours else resolve_url(settings.LOGIN_REDIRECT_URL))


def locked(request: HttpRequest, original: HttpResponse | None, credentials: dict[str, str] | None) -> HttpResponse:
    """The answer to a login on a locked account or from a locked address, the same whether or not it exists.

    Called by the middleware of axes, see `settings.AXES_LOCKOUT_CALLABLE`.
    """
    until = locked_until(request, get_client_username(request, credentials) or "")
    context = {"until": until, "failure_limit": settings.AXES_FAILURE_LIMIT, "help": settings.LOGIN_HELP}
    response = render(request, "accounts/locked.html", context, status=TOO_MANY_REQUESTS)
    if until is not None:
        seconds = max((until - timezone.now()) // timedelta(seconds=1), 1)
        response.headers["Retry-After"] = str(seconds)
    return response


def _end(session: StaffSession, because: str) -> None:
    try:
        services.end_session(session=session, because=because, at=timezone.now())
    except services.SessionOver:
        return  # somebody else ended it within this very request
