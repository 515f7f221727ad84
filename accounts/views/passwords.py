"""Choosing a password: with the present one, or through a one-time link."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordChangeView, PasswordResetConfirmView
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import services
from accounts.forms import FirstPasswordForm, StaffPasswordForm


class StaffPasswordChangeView(PasswordChangeView):
    """The one page to change one's own password; the sessions elsewhere end."""

    template_name = "accounts/password_change.html"
    form_class = StaffPasswordForm
    success_url = reverse_lazy("accounts:profile")

    def get_form_kwargs(self) -> dict[str, object]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: StaffPasswordForm) -> HttpResponse:
        staff = services.choose_password(
            staff=self.request.user, password=form.cleaned_data["new_password1"], at=timezone.now()
        )
        update_session_auth_hash(self.request, staff)
        messages.success(self.request, _("Your password was changed. You were signed out everywhere else."))
        return redirect(self.get_success_url())


class FirstPasswordView(PasswordResetConfirmView):
    """Where a one-time link leads that an administrator handed over."""

    template_name = "accounts/password_first.html"
    form_class = FirstPasswordForm
    success_url = reverse_lazy("accounts:login")

    def form_valid(self, form: FirstPasswordForm) -> HttpResponse:
        services.choose_password(staff=form.user, password=form.cleaned_data["new_password1"], at=timezone.now())
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        messages.success(self.request, _("Your password was set. You can log in with it now."))
        return redirect(self.get_success_url())
