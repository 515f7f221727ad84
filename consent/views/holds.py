"""Holds: their list with countdowns, placing, putting off and releasing one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import TemplateView

from accounts.models import AccessEntry
from accounts.trail import describe
from consent.forms.holds import ExtendForm, HoldForm, ReleaseForm
from consent.models import Hold
from consent.reports import holds as reports
from consent.services import holds as services
from customers.models import Customer
from customers.paging import oldest_page
from customers.reading import Place, read

SEE = ("customers.view_customer", "consent.view_hold")
PLACE = (*SEE, "consent.place_hold")
RELEASED = gettext_lazy("The hold was released meanwhile. Nothing was done.")
LATER = gettext_lazy("Choose a day after today.")
TABS = (
    ("", gettext_lazy("Holding now")),
    ("late", gettext_lazy("To be looked at")),
    ("released", gettext_lazy("Released")),
)


class HoldList(PermissionRequiredMixin, TemplateView):
    """Holds on customers of the reader, the oldest first. Query: state, a tab."""

    permission_required = SEE
    raise_exception = True
    template_name = "consent/hold_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, day, user = self.request.GET, timezone.localdate(), self.request.user
        state = "late" if query.get("late") else query.get("state", "")
        rows = reports.holds_of(user, state, day).select_related("customer", "placed_by", "released_by")
        page = oldest_page(rows, after=query.get("after", ""), before=query.get("before", ""))
        describe(kind=AccessEntry.Kind.LIST, conditions={"state": state})
        return super().get_context_data(
            page=page,
            lines=reports.hold_lines(page.rows, user, day),
            states=[(value, label, value == state) for value, label in TABS],
            state=state,
            **kwargs,
        )


@require_http_methods(["GET", "POST"])
@permission_required(PLACE, raise_exception=True)
def hold_place(request: HttpRequest, number: str) -> HttpResponse:
    """Keep a customer from being destroyed."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), number=number)
    form = HoldForm(request.POST or None)
    if form.is_valid():
        try:
            services.place_hold(customer=customer, by=request.user, at=timezone.now(), **form.cleaned_data)
        except services.ReviewInThePast:
            form.add_error("review_on", LATER)
        except services.CustomerGone:
            form.add_error(None, _("The customer is destroyed, so there is nothing to hold."))
        else:
            messages.success(request, _("The hold was placed. Nobody can destroy the customer meanwhile."))
            return redirect("consent:hold-list")
    context = {
        "customer": customer,
        "reading": read(customer, request.user, Place.PROFILE),
        "holds": reports.holds_on(customer),
        "form": form,
    }
    return render(request, "consent/hold_place.html", context)


def _hold(request: HttpRequest, pk: int) -> Hold:
    rows = reports.holds_of(request.user, "", timezone.localdate()) | reports.holds_of(
        request.user, "released", timezone.localdate()
    )
    return get_object_or_404(rows.select_related("customer", "placed_by"), pk=pk)


@require_http_methods(["GET", "POST"])
@permission_required(PLACE, raise_exception=True)
def hold_release(request: HttpRequest, pk: int) -> HttpResponse:
    """End a hold, with the reason; what it suspended is carried out in the coming night."""
    hold, form = _hold(request, pk), ReleaseForm(request.POST or None)
    if form.is_valid():
        try:
            services.release_hold(hold=hold, by=request.user, at=timezone.now(), **form.cleaned_data)
        except services.AlreadyReleased:
            messages.warning(request, RELEASED)
        else:
            messages.success(request, _("The hold was released. What it suspended is carried out in the coming night."))
        return redirect("consent:hold-list")
    context = {
        "hold": hold,
        "customer": hold.customer,
        "reading": read(hold.customer, request.user, Place.PROFILE),
        "form": form,
        "extend": ExtendForm(),
    }
    return render(request, "consent/hold_release.html", context)


@require_POST
@permission_required(PLACE, raise_exception=True)
def hold_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a hold be looked at again later. Field: review_on."""
    hold, form = _hold(request, pk), ExtendForm(request.POST)
    if not form.is_valid():
        messages.warning(request, LATER)
        return redirect("consent:hold-release", pk)
    try:
        services.extend_hold(hold=hold, by=request.user, at=timezone.now(), **form.cleaned_data)
    except services.ReviewInThePast:
        messages.warning(request, LATER)
        return redirect("consent:hold-release", pk)
    except services.AlreadyReleased:
        messages.warning(request, RELEASED)
    else:
        messages.success(request, _("The hold goes on until that day."))
    return redirect("consent:hold-list")
