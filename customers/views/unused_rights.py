"""Rights that nobody uses, so that somebody takes them back."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from customers.reports.unused_rights import idle_holders, never_signed_in, single_grants

LISTS = {"roles": idle_holders, "grants": single_grants, "accounts": never_signed_in}


@require_GET
@permission_required("accounts.explain_rights", raise_exception=True)
def unused_rights(request: HttpRequest) -> HttpResponse:
    """One of three lists. Query: show (roles, grants or accounts), after (where the page begins)."""
    show = request.GET.get("show", "")
    show = show if show in LISTS else "roles"
    page = LISTS[show](after=request.GET.get("after", ""))
    return render(request, "customers/access_unused.html", {"page": page, "show": show})
