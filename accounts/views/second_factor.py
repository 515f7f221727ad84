"""Setting up the second factor, and its recovery codes; both are shown once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView
from django_otp.util import random_hex

from accounts import login_state, second_factor, services
from accounts.addresses import address_of
from accounts.forms import OwnPasswordForm, SecondFactorSetUpForm

KEY_BYTES = 20


class SecondFactorSetUpView(FormView):
    """A picture and a key for the app, and the code by which the app shows that it has taken them."""

    template_name = "accounts/second_factor_set_up.html"
    form_class = SecondFactorSetUpForm

    def get_form_kwargs(self) -> dict[str, object]:
        staff = self.request.user
        return {
            **super().get_form_kwargs(),
            "request": self.request,
            "is_asked": second_factor.has_second_factor(staff),
        }

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        key, staff = self._key(), self.request.user
        return super().get_context_data(
            **kwargs,
            picture=second_factor.picture_of_key(staff, key),
            written_key=second_factor.key_in_words(key),
            is_duty=second_factor.needs_second_factor(staff, address_of(self.request)),
            is_set_up=second_factor.has_second_factor(staff),
            codes_left=second_factor.unused_codes(staff),
            password_form=OwnPasswordForm(request=self.request),
        )

    def form_valid(self, form: SecondFactorSetUpForm) -> HttpResponse:
        try:
            codes = services.set_up_second_factor(
                staff=self.request.user, key=self._key(), code=form.cleaned_data["code"], at=timezone.now()
            )
        except services.WrongCode:
            form.add_error("code", _("This code does not fit. Take the one that the app shows now for Hannun."))
            return self.form_invalid(form)
        self.request.session.pop(login_state.OFFERED_KEY)
        self.request.session[login_state.FACTOR_SHOWN] = timezone.now().timestamp()
        return render(self.request, "accounts/recovery_codes.html", {"codes": codes, "is_new": True})

    def _key(self) -> str:
        """The key on offer, the same until it is taken, so that a page loaded again does not show another one."""
        return self.request.session.setdefault(login_state.OFFERED_KEY, random_hex(KEY_BYTES))


@require_POST
def recovery_codes_renew(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes in place of all old ones, for whoever gives the own password once more."""
    form = OwnPasswordForm(request.POST, request=request)
    if not form.is_valid():
        messages.error(request, _("The password was wrong. Your recovery codes are as they were."))
        return redirect("accounts:second-factor-set-up")
    try:
        codes = services.renew_recovery_codes(staff=request.user, at=timezone.now())
    except services.NoSecondFactor:
        messages.warning(request, _("Set up the app first; recovery codes come with it."))
        return redirect("accounts:second-factor-set-up")
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "is_new": False})
