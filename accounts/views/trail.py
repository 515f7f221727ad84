"""The trail for those who oversee: a search of it, and one entry in full. Whoever reads it is on it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import AccessEntry
from accounts.trail import describe, saw
from accounts.trail_forms import TrailForm
from accounts.trail_reports import MOST_CUSTOMERS, TrailPage, entries_of, trail_lines, trail_page


@require_GET
@permission_required("accounts.view_trail", raise_exception=True)
def trail_list(request: HttpRequest) -> HttpResponse:
    """Entries of a period by person, customer and kind, the newest first."""
    query = request.GET
    form = TrailForm(query, today=timezone.localdate())
    page = TrailPage((), None, None)
    if form.is_valid():
        asked = form.cleaned_data
        entries = entries_of(
            first=asked["first"],
            last=asked["last"],
            staff=asked["staff"],
            customers=asked["customer"],
            kind=asked["kind"],
        )
        places = {"older_than": query.get("older_than", ""), "newer_than": query.get("newer_than", "")}
        page = trail_page(entries, **places)
        saw(asked["customer"])
    describe(kind=AccessEntry.Kind.TRAIL, conditions=form.conditions, count=len(page.entries))
    period = (str(form.cleaned_data[name]) for name in ("first", "last") if name in form.cleaned_data)
    context = {
        "form": form,
        "page": page,
        "lines": trail_lines(page.entries, request.user),
        "summary": " – ".join(period),
    }
    return render(request, "accounts/trail_list.html", context)


@require_GET
@permission_required("accounts.view_trail", raise_exception=True)
def trail_detail(request: HttpRequest, month: str, lane: int, number: int) -> HttpResponse:
    """One entry: who, when, from where, whose data, what for; never a value."""
    describe(kind=AccessEntry.Kind.TRAIL)
    try:
        first = datetime.strptime(month, "%Y-%m").date()
    except ValueError:
        raise Http404 from None
    entry = AccessEntry.objects.filter(month=first, lane=lane, number=number).first()
    if entry is None:
        raise Http404
    (line,) = trail_lines([entry], request.user, most=MOST_CUSTOMERS)
    return render(request, "accounts/trail_detail.html", {"line": line, "entry": entry})
