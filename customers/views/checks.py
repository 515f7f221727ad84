"""Already a customer? What is typed goes in the body of the request, never in its address, and is kept nowhere."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import AccessEntry
from accounts.trail import describe
from customers.forms import DuplicateCheckForm
from customers.reports.checks import check_report
from customers.services.duplicates import check_duplicates


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("customers.search_customer", raise_exception=True)
def duplicate_check(request: HttpRequest) -> HttpResponse:
    """The form; once it is sent, the customers who may be meant."""
    form = DuplicateCheckForm(request.POST if request.method == "POST" else None)
    report = None
    if form.is_bound and form.is_valid():
        check = check_duplicates(record=form.cleaned_data, asked_by=request.user, at=timezone.now())
        report = check_report(check, request.user, {name: field.label for name, field in form.fields.items()})
        typed = sorted(name for name, value in form.cleaned_data.items() if value)
        describe(kind=AccessEntry.Kind.SEARCH, conditions={"fields": " ".join(typed)})
    return render(request, "customers/duplicate_check.html", {"form": form, "report": report})
