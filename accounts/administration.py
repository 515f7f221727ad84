"""The site of Django's administration: our login page, our password page, our title."""

from collections.abc import Iterable

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

KEPT_OUT = {Group, StaticDevice, TOTPDevice}


class AdministrationSite(AdminSite):
    """Back-office tables for administrators; it holds no personal data of customers."""

    site_title = _("Hannun administration")
    site_header = _("Hannun administration")
    index_title = _("Administration")

    def register(self, model_or_iterable: type | Iterable[type], *args: object, **options: object) -> None:
        """Take in a table unless it is that of groups or of second factors.

        Roles are data, and a change here would be undone at set-up; the keys of second factors are shown to nobody.
        """
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        super().register([model for model in models if model not in KEPT_OUT], *args, **options)

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Send strangers to the login page; someone logged in but not entitled is told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("accounts:login"))

    def password_change(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """There is one page to change one's password."""
        return redirect("accounts:password-change")
