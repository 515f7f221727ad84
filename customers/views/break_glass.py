"""Emergency access to a customer outside the own scope."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView

from accounts.purposes import purpose_of, purposes_of
from customers.forms.access import BreakGlassForm
from customers.services import break_glass, grants

CANNOT_BREAK: Mapping[type[Exception], Promise] = {
    break_glass.NotYourPurpose: gettext_lazy("No role of yours works for this purpose."),
    break_glass.TooManyToday: gettext_lazy(
        "You have used emergency access as often as one may in a day. Call the privacy officer."
    ),
    grants.NotActive: gettext_lazy("This customer was merged into another one meanwhile. Nothing was done."),
    grants.CannotLook: gettext_lazy("No role of yours shows customers."),
    grants.AlreadyGranted: gettext_lazy("The customer is open to you already."),
}


class BreakGlass(PermissionRequiredMixin, FormView):
    """Open one customer for an hour, on the record. Query: number, that of the customer to begin with."""

    permission_required = ("customers.view_customer", "customers.break_glass")
    raise_exception = True
    template_name = "customers/break_glass.html"
    form_class = BreakGlassForm

    def get_form_kwargs(self) -> dict[str, object]:
        initial = {"number": self.request.GET.get("number", "")[:20], "purpose": purpose_of(self.request.user)}
        return super().get_form_kwargs() | {"purposes": purposes_of(self.request.user), "initial": initial}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(
            minutes=settings.BREAK_GLASS_MINUTES,
            left=break_glass.left_today(self.request.user, timezone.now()),
            **kwargs,
        )

    def form_valid(self, form: BreakGlassForm) -> HttpResponse:
        given = {name: form.cleaned_data[name] for name in ("number", "purpose", "reason")}
        try:
            grant = break_glass.break_glass(by=self.request.user, at=timezone.now(), **given)
        except break_glass.OwnScope as scope:
            messages.info(self.request, _("You see this customer without emergency access. Nothing was reported."))
            return redirect(scope.args[0])
        except tuple(CANNOT_BREAK) as problem:
            form.add_error(None, CANNOT_BREAK[type(problem)])
            return self.form_invalid(form)
        if grant is None:
            form.add_error("number", _("Nothing was opened: no customer answers to this number. It was recorded."))
            return self.form_invalid(form)
        opened = ngettext(
            "The customer is open to you for %(count)s minute. The privacy officer and the keeper were told.",
            "The customer is open to you for %(count)s minutes. The privacy officer and the keeper were told.",
            settings.BREAK_GLASS_MINUTES,
        )
        messages.warning(self.request, opened % {"count": settings.BREAK_GLASS_MINUTES})
        return redirect(grant.content_object)
