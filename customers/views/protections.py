"""Protected customers: their list, and protecting one or letting it go."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django.views.generic import TemplateView

from accounts.models import AccessEntry
from accounts.trail import describe
from customers.forms.access import LiftForm, ProtectForm
from customers.models import Customer, Protection
from customers.paging import newest_page
from customers.reading import Place, read
from customers.reports.grants import protection_lines, protections_of
from customers.services import protections

PERMISSIONS = ("customers.view_customer", "customers.protect_customer")
CANNOT_PROTECT: Mapping[type[Exception], Promise] = {
    protections.NotActive: gettext_lazy("This customer was merged into another one meanwhile. Nothing was done."),
    protections.AlreadyProtected: gettext_lazy("The customer is protected for this already."),
}


class ProtectionList(PermissionRequiredMixin, TemplateView):
    """The customers whom only named people see, the newest protection first."""

    permission_required = PERMISSIONS
    raise_exception = True
    template_name = "customers/protection_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        places = {"older_than": query.get("older_than", ""), "newer_than": query.get("newer_than", "")}
        page = newest_page(protections_of(self.request.user, timezone.now()), **places)
        describe(kind=AccessEntry.Kind.LIST)
        lines = protection_lines(page.rows, self.request.user)
        return super().get_context_data(page=page, lines=lines, **kwargs)


@require_http_methods(["GET", "POST"])
@permission_required(PERMISSIONS, raise_exception=True)
def customer_protect(request: HttpRequest, number: str) -> HttpResponse:
    """Let only named people see the customer from now on."""
    visible = Customer.objects.visible_to(request.user).filter(state=Customer.State.ACTIVE)
    customer = get_object_or_404(visible, number=number)
    form = ProtectForm(request.POST or None)
    if form.is_valid():
        try:
            given = form.cleaned_data
            protections.protect_customer(customer=customer, by=request.user, at=timezone.now(), **given)
        except tuple(CANNOT_PROTECT) as problem:
            form.add_error(None, CANNOT_PROTECT[type(problem)])
        else:
            messages.success(request, _("The customer was protected. Only named people see it from now on."))
            return redirect(customer)
    context = {"customer": customer, "reading": read(customer, request.user, Place.PROFILE), "form": form}
    return render(request, "customers/customer_protect.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(PERMISSIONS, raise_exception=True)
def protection_lift(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """End a protection, with the reason."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), number=number)
    protection = get_object_or_404(Protection.objects.select_related("protected_by"), pk=pk, customer=customer)
    form = LiftForm(request.POST or None)
    if form.is_valid():
        try:
            protections.lift_protection(protection=protection, by=request.user, at=timezone.now(), **form.cleaned_data)
        except protections.NotProtected:
            messages.warning(request, _("The protection was lifted meanwhile."))
        else:
            messages.success(request, _("The protection was lifted."))
        return redirect(customer)
    context = {
        "customer": customer,
        "protection": protection,
        "reading": read(customer, request.user, Place.PROFILE),
        "form": form,
    }
    return render(request, "customers/protection_lift.html", context)
