"""Feeds: the history of runs, sending a file, picking one up, the page of a run, its rejects."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView, TemplateView

from accounts.downloads import why_locked
from accounts.models import AccessEntry
from accounts.styling import styled
from accounts.trail import describe
from customers.filters import FeedRunFilter
from customers.formats import amount
from customers.forms import FeedForm, FeedPickUpForm, FeedUploadForm
from customers.models import FeedRun
from customers.paging import bounded_count, newest_page
from customers.reports.feeds import run_report
from customers.services import receiving
from customers.services.feeds import FeedRefused

log = logging.getLogger(__name__)
PREFILLED = ("source", "layout", "mapping")
CANNOT_REPEAT = {
    receiving.RunNotOver: gettext_lazy("This run is not over yet."),
    receiving.AlreadyRequested: gettext_lazy("This file was loaded already, or its run was requested before."),
    receiving.MappingNotLive: gettext_lazy(
        "The mapping of this run was retired. Choose another one and send the file."
    ),
    receiving.FileGone: gettext_lazy("The file of this run is not kept any more. Send it again."),
    receiving.FileChanged: gettext_lazy("The file was changed since this run. Pick it up anew."),
}


class FeedList(PermissionRequiredMixin, TemplateView):
    """The runs, newest first; filters and place stand in the address."""

    permission_required = "customers.view_feedrun"
    raise_exception = True
    template_name = "customers/feed_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        narrowed = FeedRunFilter(query, FeedRun.objects.select_related("source", "requested_by"))
        styled(narrowed.form)
        page = newest_page(narrowed.qs, older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
        count, is_exact = bounded_count(narrowed.qs)
        exact = ngettext("%(count)s run", "%(count)s runs", count)
        sentence = exact if is_exact else _("more than %(count)s runs")
        return super().get_context_data(
            filter=narrowed,
            is_narrowed=any(narrowed.form.cleaned_data.values()),
            page=page,
            summary=sentence % {"count": amount(count)},
            **kwargs,
        )


class FeedRequest(PermissionRequiredMixin, FormView):
    """A form that ends in a new run; source, layout and mapping may be given in the address."""

    permission_required = "customers.load_feed"
    raise_exception = True
    template_name = "customers/feed_upload.html"

    def get_initial(self) -> dict[str, object]:
        query = self.request.GET
        return {name: query[name] for name in PREFILLED if query.get(name)}

    def get_template_names(self) -> list[str]:
        """The page, or the mappings alone when another source or layout was chosen."""
        is_part = self.request.htmx and self.request.htmx.target == "mapping-field"
        return ["customers/_feed_mapping.html" if is_part else self.template_name]

    def form_valid(self, form: FeedForm) -> HttpResponse:
        """Queue the run and show its page."""
        try:
            run = self.request_run(form)
        except FeedRefused as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("The file was received. Its run was queued."))
        return redirect("customers:feed-detail", pk=run.pk)

    def request_run(self, form: FeedForm) -> FeedRun:
        """The service call of this form. Raises FeedRefused."""
        raise NotImplementedError

    def wanted(self, form: FeedForm) -> dict[str, object]:
        """What both services need."""
        chosen = {name: form.cleaned_data[name] for name in ("source", "layout", "mapping", "is_dry_run")}
        return chosen | {"by": self.request.user, "at": timezone.now()}


class FeedUpload(FeedRequest):
    """Send a file from the browser."""

    form_class = FeedUploadForm
    extra_context = {"page_name": "customers:feed-upload"}

    def request_run(self, form: FeedUploadForm) -> FeedRun:
        return receiving.receive_upload(upload=form.cleaned_data["upload"], **self.wanted(form))


class FeedPickUp(FeedRequest):
    """Take a file that lies in the inbox folder."""

    form_class = FeedPickUpForm
    extra_context = {"page_name": "customers:feed-pick-up"}

    def request_run(self, form: FeedPickUpForm) -> FeedRun:
        return receiving.pick_up(name=form.cleaned_data["name"], **self.wanted(form))


@require_GET
@permission_required("customers.view_feedrun", raise_exception=True)
def feed_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A run: its progress while it is at work, then its outcome. The part is asked for again until the run is over."""
    runs = FeedRun.objects.select_related("source", "mapping", "requested_by")
    run = get_object_or_404(runs, pk=pk)
    is_part = bool(request.htmx) and request.htmx.target == "feed-run"
    template = "customers/_feed_run.html" if is_part else "customers/feed_detail.html"
    return render(request, template, {"report": run_report(run), "run": run, "is_part": is_part})


@require_POST
@permission_required("customers.load_feed", raise_exception=True)
def feed_repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """Feed the file of a run again. Field: is_dry_run, if nothing is to be written this time either."""
    run = get_object_or_404(FeedRun, pk=pk)
    is_dry_run = bool(request.POST.get("is_dry_run"))
    try:
        run = receiving.repeat_feed(run=run, is_dry_run=is_dry_run, by=request.user, at=timezone.now())
    except tuple(CANNOT_REPEAT) as problem:
        messages.warning(request, CANNOT_REPEAT[type(problem)])
    else:
        messages.success(request, _("The run was queued."))
    return redirect("customers:feed-detail", pk=run.pk)


@require_GET
@permission_required("customers.download_rejects", raise_exception=True)
def feed_rejects(request: HttpRequest, pk: int) -> HttpResponse:
    """The reject file of a run. It holds rows as sent, with resident numbers, so nobody on the way may keep it."""
    run = get_object_or_404(FeedRun, pk=pk)
    path = receiving.reject_file(run)
    if path is None:
        raise Http404
    if why := why_locked(request.user, timezone.localdate()):
        messages.warning(request, why)
        return redirect("customers:feed-detail", pk=run.pk)
    describe(kind=AccessEntry.Kind.EXPORT, conditions={"rejects_of_run": run.pk}, count=run.rows_rejected)
    log.info("The reject file of feed run %s was downloaded by staff %s.", run.pk, request.user.pk)
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=f"rejects-{run.pk}.csv", content_type="text/csv; charset=utf-8"
    )
    response["Cache-Control"] = "no-store"
    return response
