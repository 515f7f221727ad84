"""The report that a customer may ask for: who saw my data, when, what for."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import AccessEntry
from accounts.trail import describe
from accounts.trail_forms import PeriodForm
from customers.models import Customer
from customers.reading import Place, read
from customers.reports.access import MOST_ENTRIES, access_report

USUAL_DAYS = 365


@require_GET
@permission_required("accounts.view_trail", raise_exception=True)
def access_report_page(request: HttpRequest, number: str) -> HttpResponse:
    """The looks at one customer within a period, to be printed and handed over; itself a look on the trail."""
    visible = Customer.objects.visible_to(request.user)
    customer = visible.filter(number=number).first()
    if customer is None or not customer.is_active_customer:
        survivor = get_object_or_404(visible, absorbed__number=number)
        return redirect("customers:access-report", survivor.number)
    form = PeriodForm(request.GET, today=timezone.localdate(), usual_days=USUAL_DAYS)
    report = access_report(customer, **form.cleaned_data) if form.is_valid() else None
    kept = {name: str(day) for name, day in form.cleaned_data.items()}
    describe(kind=AccessEntry.Kind.TRAIL, conditions=kept, count=len(report.lines) if report else 0)
    context = {
        "customer": customer,
        "reading": read(customer, request.user, Place.PROFILE),
        "form": form,
        "report": report,
        "most": MOST_ENTRIES,
    }
    return render(request, "customers/access_report.html", context)
