"""Data that are kept apart: looking at them for a reason, and telling the customer of it."""

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
from accounts.trail import describe, saw
from consent.forms.holds import SeparatedForm, ToldForm
from consent.models import SeparatedUse
from consent.reports.holds import use_lines, uses
from consent.reports.separated import separated_report
from consent.services import separated as services
from customers.models import Customer
from customers.paging import newest_page

SEE = ("customers.view_customer", "consent.use_separated")
TABS = (("", gettext_lazy("Three years")), ("no", gettext_lazy("Customer not told yet")))


@require_http_methods(["GET", "POST"])
@permission_required(SEE, raise_exception=True)
def separated_open(request: HttpRequest, number: str) -> HttpResponse:
    """Look once at the data of a customer that are kept apart, after saying why; nothing of it stays in the browser."""
    apart = Customer.objects.filter(state=Customer.State.SEPARATED)
    customer = get_object_or_404(apart, number=number)
    form = SeparatedForm(request.POST or None)
    context: dict[str, object] = {"customer": customer, "form": form}
    if form.is_valid():
        services.use_separated(customer=customer, by=request.user, at=timezone.now(), **form.cleaned_data)
        describe(kind=AccessEntry.Kind.REVEAL, reason=form.cleaned_data["reason"])
        saw(customer.pk)
        context["report"] = separated_report(customer, request.user)
    answer = render(request, "consent/separated_open.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


class SeparatedUseList(PermissionRequiredMixin, TemplateView):
    """Who looked at separated data in the last three years, the newest first. Query: told: `no`."""

    permission_required = SEE
    raise_exception = True
    template_name = "consent/separated_use_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        told = query.get("told", "")
        rows = uses(told=told, day=timezone.localdate()).select_related("customer", "used_by")
        page = newest_page(rows, older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
        saw(use.customer_id for use in page.rows)
        return super().get_context_data(
            page=page,
            lines=use_lines(page.rows),
            states=[(value, label, value == told) for value, label in TABS],
            form=ToldForm(),
            **kwargs,
        )


@require_POST
@permission_required(SEE, raise_exception=True)
def separated_use_tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Note how the customer was told of a look. Field: how."""
    use, form = get_object_or_404(SeparatedUse, pk=pk), ToldForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say how the customer was told."))
        return redirect("consent:separated-use-list")
    try:
        services.tell_of_use(use=use, at=timezone.now(), **form.cleaned_data)
    except services.AlreadyTold:
        messages.warning(request, _("It was noted before that the customer was told."))
    else:
        messages.success(request, _("It was noted that the customer was told."))
    return redirect("consent:separated-use-list")
