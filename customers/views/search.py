"""Quick search: a whole page, or the list of hits under the search box."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.models import AccessEntry
from accounts.trail import describe
from customers import search as searching
from customers.asked import kept_words
from customers.search.examples import EXAMPLES

LIVE_GROUP_LIMIT = 6


@require_GET
@vary_on_headers("HX-Request", "HX-Target")
@permission_required("customers.search_customer", raise_exception=True)
def search(request: HttpRequest) -> HttpResponse:
    """Customers that the words may mean, grouped; a whole customer number goes straight to its page."""
    text = request.GET.get("q", "")
    results = searching.search(text, request.user, timezone.localdate())
    if text:
        describe(kind=AccessEntry.Kind.SEARCH, conditions=kept_words({"q": text}), count=results.hit_count)
    if request.htmx and request.htmx.target == "quick-results":
        return render(request, "customers/_search_live.html", {"results": results, "limit": LIVE_GROUP_LIMIT})
    if results.goes_to:
        for notice in results.notices:
            messages.info(request, notice)
        return redirect(results.goes_to)
    return render(request, "customers/search.html", {"results": results, "examples": EXAMPLES})
