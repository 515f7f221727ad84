"""The record of rights: who was given, changed or taken what, when, by whom."""

from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import Staff
from accounts.rights_forms import RightsFilterForm
from accounts.rights_record import RightsPage, changes, rights_page


def _may_read(staff: Staff) -> bool:
    if staff.has_perm("accounts.explain_rights") or staff.has_perm("accounts.view_trail"):
        return True
    raise PermissionDenied


@require_GET
@user_passes_test(_may_read)
def rights_list(request: HttpRequest) -> HttpResponse:
    """The record from the newest down. Query: staff (employee number), first and last (days), kind, older_than,
    newer_than."""
    query = request.GET
    form = RightsFilterForm(query)
    page = RightsPage((), None, None)
    if form.is_valid():
        given = form.cleaned_data
        rows = changes(employee_number=given["staff"], first=given["first"], last=given["last"], kind=given["kind"])
        page = rights_page(rows, older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
    is_narrowed = any(query.get(name) for name in form.fields)
    return render(request, "accounts/rights_list.html", {"form": form, "page": page, "is_narrowed": is_narrowed})
