"""Customers whom nobody keeps: the list, giving them out by the rules, saying why that may stay so."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.models import AccessEntry
from accounts.trail import describe
from customers.models import Customer
from customers.paging import is_id, page_of
from customers.services.locks import StockBusy
from relations.forms.orphans import ExplainForm
from relations.keeper_cards import count_anew
from relations.late import is_whole, whole_url
from relations.reports import orphans as reports
from relations.services import orphans as services
from relations.views.keepers import CANNOT as CANNOT_KEEP
from relations.words.orphans import REASONS

SEE = ("customers.view_customer", "relations.view_orphans")
ASSIGN = (*SEE, "relations.assign_keeper")
NOBODY_LEFT = gettext_lazy("None of these customers is without a keeper any more.")
EXPLAINED = (
    ("", gettext_lazy("Not explained")),
    ("yes", gettext_lazy("With an explanation")),
    ("all", gettext_lazy("Both")),
)


@require_GET
@vary_on_headers("HX-Request")
@permission_required(SEE, raise_exception=True)
def orphan_list(request: HttpRequest) -> HttpResponse:
    """Whom nobody keeps, by name; where counting them takes long, they come with a second answer. Query: reason;
    explained: yes, all; after, before, customer numbers; part, all for everything at once."""
    return _page(request, ExplainForm())


def _page(request: HttpRequest, form: ExplainForm) -> HttpResponse:
    """form: input that was refused comes with its page, however long that takes."""
    counted = reports.known_lately if is_whole(request) or form.is_bound else reports.known_soon
    known = counted(request.user, on=timezone.localdate())
    context = _waiting(request) if known is None else _listed(request, form, known)
    template = "relations/_orphan_list.html" if request.htmx else "relations/orphan_list.html"
    return render(request, template, context)


def _waiting(request: HttpRequest) -> dict[str, object]:
    """The page while it is counted."""
    describe(kind=AccessEntry.Kind.LIST, count=0)
    return {"late_url": whole_url(request)}


def _listed(request: HttpRequest, form: ExplainForm, known: reports.Lately) -> dict[str, object]:
    today, query = timezone.localdate(), request.GET
    reason, explained = query.get("reason", ""), query.get("explained", "")
    scope = Customer.objects.visible_to(request.user)
    counts, orphans = known.counts, reports.orphans_among(known.among(scope), on=today, is_page=True)
    rows = reports.narrowed(orphans, counts, reason=reason, explained=explained)
    places = {"after": query.get("after", ""), "before": query.get("before", "")}
    page = page_of(rows.with_holders(), scope=scope, sort="name", is_descending=False, **places)
    describe(kind=AccessEntry.Kind.LIST, conditions={"reason": reason, "explained": explained}, count=counts.open)
    return {
        "counts": counts,
        "reasons": [(code, words, counts.by_reason[code], code == reason) for code, words in REASONS.items()],
        "reason": reason if reason in REASONS else "",
        "choices": [(value, label, value == explained) for value, label in EXPLAINED],
        "page": page,
        "lines": [
            (line, REASONS[line.reason]) for line in reports.orphan_lines(page.customers, request.user, on=today)
        ],
        "form": form if request.user.has_perm("relations.assign_keeper") else None,
    }


def _chosen(request: HttpRequest) -> list[int]:
    return [int(pk) for pk in request.POST.getlist("customer") if is_id(pk)]


@require_POST
@permission_required(ASSIGN, raise_exception=True)
def orphan_assign(request: HttpRequest) -> HttpResponse:
    """Give customers out by the rules. Fields: customer, ids; all, for everybody who is not explained."""
    chosen = None if "all" in request.POST else _chosen(request)
    try:
        given = services.assign_orphans(customer_ids=chosen, by=request.user, at=timezone.now())
    except services.NoOrphans:
        messages.warning(request, NOBODY_LEFT)
    except StockBusy:
        messages.warning(request, CANNOT_KEEP[StockBusy])
    else:
        count_anew(request.user)
        told = {"assigned": given.assigned, "left": given.left}
        messages.success(request, _("Given to planners: %(assigned)s. Found nobody with room: %(left)s.") % told)
    return redirect("relations:orphan-list")


@require_POST
@permission_required(ASSIGN, raise_exception=True)
def orphan_explain(request: HttpRequest) -> HttpResponse:
    """Say why customers have no keeper. Fields: customer, ids; why, until, note."""
    form = ExplainForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        count = services.explain_orphans(
            customer_ids=_chosen(request), by=request.user, at=timezone.now(), **form.cleaned_data
        )
    except services.NoOrphans:
        messages.warning(request, NOBODY_LEFT)
    except services.UntilRefused:
        form.add_error("until", _("Choose a day from today on that the settings allow."))
        return _page(request, form)
    else:
        count_anew(request.user)
        messages.success(request, _("Explained: %(count)s. They count again after that day.") % {"count": count})
    return redirect(reverse("relations:orphan-list") + "?" + urlencode({"explained": "yes"}))
