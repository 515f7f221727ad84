"""Matching: its home, a run over the whole stock, the versions of the model."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from django.views.generic import TemplateView

from customers.dedup.blocks import MOST_IN_BLOCK
from customers.formats import amount
from customers.models import MatchModel, MatchRun, TruthCheck
from customers.paging import bounded_count, newest_page
from customers.querysets import MatchModelQuerySet
from customers.reports.match_changes import changes_of
from customers.reports.match_hubs import hub_report
from customers.reports.match_models import model_line, model_report
from customers.reports.match_rehearsals import publishing, rehearsal_report
from customers.reports.matching import match_run_report
from customers.reports.truth_checks import truth_line
from customers.services import match_models, matching

CANNOT_PUBLISH = {
    match_models.AlreadyRetired: gettext_lazy("This version was replaced already and does not come back."),
    match_models.NotLearned: gettext_lazy("This version has no weights that could be put to use."),
    match_models.OwnDraft: gettext_lazy("Somebody else than its author puts a draft to use."),
    match_models.NotRehearsed: gettext_lazy("Rehearse this draft first, on the links as they stand now."),
}


def _models() -> MatchModelQuerySet:
    """The versions with the people who made and published them."""
    return MatchModel.objects.select_related("created_by", "published_by")


class MatchingHome(PermissionRequiredMixin, TemplateView):
    """The model in use, and the runs, newest first; the place stands in the address."""

    permission_required = "customers.view_matchrun"
    raise_exception = True
    template_name = "customers/match_home.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        runs = MatchRun.objects.select_related("requested_by")
        page = newest_page(runs, older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
        count, is_exact = bounded_count(MatchRun.objects.all())
        exact = ngettext("%(count)s match run", "%(count)s match runs", count)
        sentence = exact if is_exact else _("more than %(count)s match runs")
        return super().get_context_data(
            live=model_line(_models().live(), is_live=True),
            page=page,
            unfinished=MatchRun.objects.unfinished().first(),
            summary=sentence % {"count": amount(count)},
            **kwargs,
        )


@require_GET
@vary_on_headers("HX-Request", "HX-Target")
@permission_required("customers.view_matchrun", raise_exception=True)
def match_run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A run: its progress while it is at work, then its outcome. The part is asked for again until it has ended."""
    run = get_object_or_404(MatchRun.objects.select_related("requested_by"), pk=pk)
    is_part = bool(request.htmx) and request.htmx.target == "match-run"
    template = "customers/_match_run.html" if is_part else "customers/match_run_detail.html"
    return render(request, template, {"report": match_run_report(run), "run": run, "is_part": is_part})


@require_POST
@permission_required("customers.run_matching", raise_exception=True)
def match_run_request(request: HttpRequest) -> HttpResponse:
    """Match the whole stock, or show the run that is about to do so already."""
    before = timezone.now()
    run = matching.request_match_run(by=request.user, at=before)
    if run.started_at < before:
        messages.info(request, _("A run was waiting or at work already; this is it."))
    else:
        messages.success(request, _("The match run was queued."))
    return redirect("customers:match-run-detail", pk=run.pk)


@require_POST
@permission_required("customers.run_matching", raise_exception=True)
def match_run_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a run stop when the parts in hand are done."""
    run = matching.stop_match_run(run=get_object_or_404(MatchRun, pk=pk), by=request.user)
    if run.state == MatchRun.State.RUNNING:
        messages.success(request, _("The run was asked to stop. What is done is kept."))
    else:
        messages.warning(request, _("The run had ended already."))
    return redirect("customers:match-run-detail", pk=run.pk)


@require_POST
@permission_required("customers.run_matching", raise_exception=True)
def match_run_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a stopped run go on."""
    run = matching.resume_match_run(run=get_object_or_404(MatchRun, pk=pk), by=request.user)
    if run.state == MatchRun.State.RUNNING:
        messages.success(request, _("The run goes on."))
    else:
        messages.warning(request, _("The run had ended already."))
    return redirect("customers:match-run-detail", pk=run.pk)


class MatchModelList(PermissionRequiredMixin, TemplateView):
    """The versions of the model, newest first, down to the one that Hannun brings."""

    permission_required = "customers.view_matchmodel"
    raise_exception = True
    template_name = "customers/match_model_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        page = newest_page(_models(), older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
        lines = [model_line(row) for row in page.rows]
        if page.older_than is None:
            lines.append(model_line(None, is_live=MatchModel.objects.live() is None))
        return super().get_context_data(page=page, lines=lines, **kwargs)


@require_GET
@vary_on_headers("HX-Request", "HX-Target")
@permission_required("customers.view_matchmodel", raise_exception=True)
def match_model_detail(request: HttpRequest, version: int) -> HttpResponse:
    """What a version weighs and how good it is; version 0 is the one that Hannun brings. The part is asked for again
    until it has been learned."""
    row = get_object_or_404(_models(), version=version) if version else None
    report = model_report(row, is_live=not row and _models().live() is None)
    is_part = bool(request.htmx) and request.htmx.target == "match-model"
    template = "customers/_match_model.html" if is_part else "customers/match_model_detail.html"
    rehearsal = row.rehearsals.select_related("match_model", "requested_by").order_by("-pk").first() if row else None
    is_live = row is not None and row.state == MatchModel.State.LIVE
    context = {
        "report": report,
        "line": report.line,
        "model": row,
        "changes": changes_of(row),
        "rehearsal": rehearsal,
        "rehearsed": rehearsal_report(rehearsal, request.user) if rehearsal else None,
        "publishing": publishing(row, request.user),
        "forerunner": model_line(match_models.forerunner(row)) if is_live else None,
        "is_part": is_part,
    }
    return render(request, template, context)


@require_POST
@permission_required("customers.add_matchmodel", raise_exception=True)
def match_model_request(request: HttpRequest) -> HttpResponse:
    """Let a worker learn a new version from the stock, or show the one that is being learned already."""
    before = timezone.now()
    model = match_models.request_model(by=request.user, at=before)
    if model.created_at < before:
        messages.info(request, _("A version is being learned already; this is it."))
    else:
        messages.success(request, _("A new version is being learned. It is a draft until it is put to use."))
    return redirect("customers:match-model-detail", version=model.version)


@require_POST
@permission_required("customers.publish_matchmodel", raise_exception=True)
def match_model_publish(request: HttpRequest, version: int) -> HttpResponse:
    """Put a draft to use in place of the version in use. Field: run, to match the whole stock by it at once."""
    model, now = get_object_or_404(MatchModel, version=version), timezone.now()
    try:
        match_models.publish_model(model=model, by=request.user, at=now)
    except tuple(CANNOT_PUBLISH) as problem:
        messages.warning(request, CANNOT_PUBLISH[type(problem)])
        return redirect("customers:match-model-detail", version=version)
    if "run" in request.POST and request.user.has_perm("customers.run_matching"):
        run = matching.request_match_run(by=request.user, at=now)
        messages.success(request, _("The version was put to use, and a run by it was queued."))
        return redirect("customers:match-run-detail", pk=run.pk)
    messages.success(request, _("The version was put to use. The next run weighs all links by it."))
    return redirect("customers:match-model-detail", version=version)


@require_GET
@permission_required("customers.view_matchrun", raise_exception=True)
def match_hub_list(request: HttpRequest) -> HttpResponse:
    """The values that stand on many people, as the newest finished run counted them."""
    context = {"report": hub_report(request.user), "most": MOST_IN_BLOCK}
    return render(request, "customers/match_hub_list.html", context)


class TruthCheckList(PermissionRequiredMixin, TemplateView):
    """How well the engine did where the truth is known, newest first."""

    permission_required = "customers.view_matchmodel"
    raise_exception = True
    template_name = "customers/truth_check_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        checks = TruthCheck.objects.all()
        page = newest_page(checks, older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
        return super().get_context_data(page=page, lines=[truth_line(check) for check in page.rows], **kwargs)
