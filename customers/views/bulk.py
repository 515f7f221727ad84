"""Bulk actions: one decision on all pairs of a filter, from its dry run to its taking back."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from django.views.generic import FormView, TemplateView

from customers.formats import amount
from customers.forms.bulk import BulkForm
from customers.models import BulkAct
from customers.paging import bounded_count, newest_page
from customers.pair_filters import STATES, PairFilter
from customers.reports.bulk import bulk_line, bulk_report
from customers.services import bulk as bulk_acts

CANNOT = {
    bulk_acts.NotYours: gettext_lazy("Whoever made the dry run begins it. Make one of your own."),
    bulk_acts.Outdated: gettext_lazy("The dry run is more than a day old. Make a new one."),
    bulk_acts.NotNow: gettext_lazy("Somebody began, stopped or took it back meanwhile. This is how it stands now."),
    bulk_acts.TooLate: gettext_lazy("The days in which it could be taken back are over."),
    bulk_acts.NothingInForce: gettext_lazy("None of its decisions holds any more, so there is nothing to take back."),
}


def _bulk_acts() -> QuerySet[BulkAct]:
    """The bulk actions with the people who asked for them."""
    return BulkAct.objects.select_related("requested_by")


class BulkList(PermissionRequiredMixin, TemplateView):
    """The bulk actions, newest first; the place stands in the address."""

    permission_required = "customers.decide_in_bulk"
    raise_exception = True
    template_name = "customers/bulk_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, at = self.request.GET, timezone.now()
        rows = _bulk_acts().defer("pair_ids", "comment").annotate(pair_count=F("pair_ids__len"))
        page = newest_page(rows, older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
        count, is_exact = bounded_count(BulkAct.objects.all())
        exact = ngettext("%(count)s bulk action", "%(count)s bulk actions", count)
        sentence = exact if is_exact else _("more than %(count)s bulk actions")
        return super().get_context_data(
            page=page,
            lines=[bulk_line(row, at) for row in page.rows],
            summary=sentence % {"count": amount(count)},
            **kwargs,
        )


class BulkPrepare(PermissionRequiredMixin, FormView):
    """A decision for all pairs of the filter that stands in the address; it is only tried here."""

    permission_required = "customers.decide_in_bulk"
    raise_exception = True
    template_name = "customers/bulk_prepare.html"
    form_class = BulkForm

    @cached_property
    def words(self) -> PairFilter:
        """The filter of the address."""
        return PairFilter(self.request.GET, viewer=self.request.user)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        count, is_exact = bounded_count(bulk_acts.pairs_of(self.words.condition, self.request.user))
        return super().get_context_data(
            filters=self.words.active,
            where=dict(STATES)[self.words.chosen_state],
            count=count,
            is_exact=is_exact,
            most=bulk_acts.MOST_PAIRS,
            **kwargs,
        )

    def form_valid(self, form: BulkForm) -> HttpResponse:
        given = {"condition": self.words.condition, "by": self.request.user, "at": timezone.now()}
        try:
            prepared = bulk_acts.prepare_bulk(**given, **form.cleaned_data)
        except bulk_acts.NoPairs:
            form.add_error(None, _("No open pair fits this filter any more."))
            return self.form_invalid(form)
        return redirect("customers:bulk-detail", pk=prepared.pk)


@require_GET
@vary_on_headers("HX-Request", "HX-Target")
@permission_required("customers.decide_in_bulk", raise_exception=True)
def bulk_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A bulk action: its dry run, its progress, what came of it. The part is asked for again until it has ended."""
    bulk = get_object_or_404(_bulk_acts(), pk=pk)
    is_part = bool(request.htmx) and request.htmx.target == "bulk-run"
    template = "customers/_bulk_run.html" if is_part else "customers/bulk_detail.html"
    report = bulk_report(bulk, request.user, timezone.now())
    return render(request, template, {"report": report, "bulk": bulk, "is_part": is_part})


@require_POST
@permission_required("customers.decide_in_bulk", raise_exception=True)
def bulk_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin what was tried, or go on with what was stopped."""
    return _acted(request, pk, bulk_acts.start_bulk, _("The bulk action was queued."))


@require_POST
@permission_required("customers.decide_in_bulk", raise_exception=True)
def bulk_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a run after the pair in hand."""
    return _acted(request, pk, bulk_acts.stop_bulk, _("The bulk action was stopped. What is decided holds."))


@require_POST
@permission_required("customers.decide_in_bulk", raise_exception=True)
def bulk_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back every decision of an action that still holds."""
    return _acted(request, pk, bulk_acts.take_back_bulk, _("The decisions are being taken back, the newest first."))


def _acted(request: HttpRequest, pk: int, verb: Callable[..., object], done: str) -> HttpResponse:
    """Do something with a bulk action, and say that it was done or why not."""
    bulk = get_object_or_404(BulkAct, pk=pk)
    try:
        verb(bulk=bulk, by=request.user, at=timezone.now())
    except tuple(CANNOT) as problem:
        messages.warning(request, CANNOT[type(problem)])
    else:
        messages.success(request, done)
    return redirect("customers:bulk-detail", pk=pk)
