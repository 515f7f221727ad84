"""Declaring what the data of customers are used for from now on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.purposes import SESSION_KEY, Purpose, purposes_of


@require_POST
def purpose(request: HttpRequest) -> HttpResponse:
    """Work for another purpose until the session ends or another is declared; the trail notes the new one.

    Fields: purpose (one that the roles of the person work for), next (where to go back to).
    """
    wanted = request.POST.get("purpose", "")
    if wanted not in purposes_of(request.user):
        return HttpResponseBadRequest()
    declared = Purpose(wanted)
    request.session[SESSION_KEY] = str(declared)
    request.user.declared_purpose = declared
    messages.info(request, _("Your purpose is now: %(purpose)s.") % {"purpose": declared.label})
    return redirect(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    """The page named by `next`, if it is one of ours."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours else reverse("home")
