"""The real name of one customer: every verification and change of the gate, and recording one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from consent.forms.verification import VerificationForm
from consent.reports.verification import gate_history
from consent.services import verification
from customers.gates import missing_proofs
from customers.models import Customer
from customers.reading import Place, read
from customers.tones import GATES, PLAIN

VIEW = ("customers.view_customer", "consent.view_consent")
CANNOT: Mapping[type[Exception], tuple[str | None, Promise]] = {
    verification.VerifiedLater: ("verified_at", gettext_lazy("This has not happened yet.")),
    verification.ExpiredAlready: ("expires_on", gettext_lazy("By this day it would hold no more.")),
    verification.ReferenceKnown: ("reference", gettext_lazy("This reference of the agency was recorded before.")),
    verification.CustomerGone: (None, gettext_lazy("The customer is no longer in use. Nothing was recorded.")),
}


class OfCustomer(PermissionRequiredMixin):
    """A page about one active customer that the reader sees."""

    permission_required = VIEW
    raise_exception = True

    @cached_property
    def customer(self) -> Customer:
        visible = Customer.objects.visible_to(self.request.user).filter(state=Customer.State.ACTIVE)
        return get_object_or_404(visible.with_holders(), number=self.kwargs["number"])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        reading = read(self.customer, self.request.user, Place.PROFILE)
        return super().get_context_data(customer=self.customer, reading=reading, **kwargs)


class VerificationList(OfCustomer, TemplateView):
    """Whether the customer is in scope, what is missing, and how that came."""

    template_name = "consent/verification_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        sees_changes = self.request.user.has_perm("consent.view_gatechange")
        history = gate_history(self.customer, context["reading"], sees_changes=sees_changes)
        return context | {
            "state": context["reading"].show("consent", str(self.customer.get_gate_display())).text,
            "tone": GATES.get(self.customer.gate, PLAIN),
            "missing": missing_proofs([self.customer]).get(self.customer.pk, []),
            "verifications": history.verifications,
            "changes": history.changes,
            "sees_changes": sees_changes,
        }


class VerificationRecord(OfCustomer, FormView):
    """Record that the real name was compared, with success or without."""

    permission_required = (*VIEW, "consent.record_verification")
    template_name = "consent/verification_record.html"
    form_class = VerificationForm

    def form_valid(self, form: VerificationForm) -> HttpResponse:
        try:
            recorded = verification.record_verification(
                customer=self.customer, by=self.request.user, at=timezone.now(), **form.words
            )
        except tuple(CANNOT) as problem:
            form.add_error(*CANNOT[type(problem)])
            return self.form_invalid(form)
        if recorded.is_verified:
            messages.success(self.request, _("The verification was recorded."))
        else:
            messages.warning(self.request, _("The failed verification was recorded. The customer is out of scope."))
        return redirect("consent:verification-list", self.customer.number)
