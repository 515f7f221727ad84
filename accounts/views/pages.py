"""The start page, one's own account, the language."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from accounts import services
from accounts.home import cards_for
from accounts.models import Staff
from accounts.roles import held_roles


class ProfileView(TemplateView):
    """Who I am here, my roles, and what they allow."""

    template_name = "accounts/profile.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs, roles=held_roles(self.request.user))


class HomeView(TemplateView):
    """The start page: what this member of staff does first."""

    template_name = "accounts/home.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs, cards=cards_for(self.request.user))


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Show Hannun in another language from now on: kept with the member of staff, and in a cookie for the login page.

    Fields: language (a code of the settings), next (where to go back to).
    """
    code = request.POST.get("language")
    if code not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        services.set_language(staff=request.user, language=code)
        with override(code):
            messages.info(request, _("Hannun is shown in %(language)s.") % {"language": Staff.Language(code).label})
    response = HttpResponseRedirect(_way_back(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return response


def _way_back(request: HttpRequest) -> str:
    """The page named by `next`, if it is one of ours."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours else reverse("home")
