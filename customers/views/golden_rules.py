"""The rules of survivorship: their versions, a draft, trying it on the stock, putting it to use, going back."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from django.views.generic import FormView, TemplateView

from customers.forms.golden_rules import GoldenRulesForm, places
from customers.models import GoldenRules, Rehearsal
from customers.paging import is_id, newest_page
from customers.reports.golden_rules import (
    item_labels,
    progress_percent,
    rehearsal_report,
    rules_line,
    rules_report,
    sample_report,
)
from customers.services import golden_rehearsals, golden_rules, rule_versions

CANNOT_PUBLISH: Mapping[type[Exception], Promise] = {
    rule_versions.NotADraft: gettext_lazy("This version is no draft any more."),
    rule_versions.OwnDraft: gettext_lazy("You wrote this draft, so another person must put it to use."),
    golden_rules.NotRehearsed: gettext_lazy("Rehearse this draft on the stock first."),
}


def _versions(*unread: str) -> QuerySet[GoldenRules]:
    """The versions with the people who made and published them, and their rehearsals. unread: columns of these that are
    left out."""
    rows = Rehearsal.objects.select_related("requested_by").defer(*unread).order_by("pk")
    rehearsals = Prefetch("rehearsals", rows)
    return GoldenRules.objects.select_related("created_by", "published_by").prefetch_related(rehearsals)


class GoldenRulesList(PermissionRequiredMixin, TemplateView):
    """The versions of the rules, newest first, down to those that Hannun brings."""

    permission_required = "customers.view_goldenrules"
    raise_exception = True
    template_name = "customers/golden_rules_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        page = newest_page(
            _versions("samples"), older_than=query.get("older_than", ""), newer_than=query.get("newer_than", "")
        )
        live = GoldenRules.objects.filter(state=GoldenRules.State.LIVE).first()
        lines = [rules_line(row) for row in page.rows]
        if page.older_than is None:
            lines.append(rules_line(None, is_live=live is None))
        before = rule_versions.version_before(live) if live else None
        return super().get_context_data(
            page=page, lines=lines, live=live, before=before, progress=progress_percent(), **kwargs
        )


class GoldenRulesDraft(PermissionRequiredMixin, FormView):
    """A new draft. Query: from, the version that it begins with; else the one in use."""

    permission_required = "customers.add_goldenrules"
    raise_exception = True
    template_name = "customers/golden_rules_draft.html"
    form_class = GoldenRulesForm

    def get_form(self, form_class: type[GoldenRulesForm] | None = None) -> GoldenRulesForm:
        wanted = self.request.GET.get("from", "")
        rules = golden_rules.live_rules()
        if is_id(wanted):
            if int(wanted) and not GoldenRules.objects.filter(version=int(wanted)).exists():
                raise Http404
            rules = golden_rules.version_of(int(wanted))
        self.begun_with = rules.version
        return GoldenRulesForm(self.request.POST or None, rules=rules, labels=item_labels())

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        numbers = range(1, places() + 1)
        return super().get_context_data(**kwargs) | {"places": numbers, "begun_with": self.begun_with}

    def form_valid(self, form: GoldenRulesForm) -> HttpResponse:
        given = form.cleaned_data
        try:
            rules = golden_rules.draft_rules(
                by=self.request.user, at=timezone.now(), definition=given["definition"], comment=given["comment"]
            )
        except rule_versions.NothingChanged:
            form.add_error(None, _("This is what the rules in use say already."))
            return self.form_invalid(form)
        messages.success(self.request, _("The draft was kept. Rehearse it on the stock."))
        return redirect("customers:golden-rules-detail", version=rules.version)


@require_GET
@vary_on_headers("HX-Request", "HX-Target")
@permission_required("customers.view_goldenrules", raise_exception=True)
def golden_rules_detail(request: HttpRequest, version: int) -> HttpResponse:
    """What a version compares, and what its newest rehearsal would change; version 0 is the one that Hannun brings. The
    part is asked for again until the rehearsal is over."""
    row = get_object_or_404(_versions(), version=version) if version else None
    is_part = bool(request.htmx) and request.htmx.target == "golden-rules"
    template = "customers/_golden_rules.html" if is_part else "customers/golden_rules_detail.html"
    return render(request, template, {"report": rules_report(row, request.user), "is_part": is_part})


@require_POST
@permission_required("customers.add_goldenrules", raise_exception=True)
def golden_rules_rehearse(request: HttpRequest, version: int) -> HttpResponse:
    """Let a worker try a draft on today's stock."""
    rules = get_object_or_404(GoldenRules, version=version)
    try:
        golden_rehearsals.request_golden_rehearsal(rules=rules, by=request.user, at=timezone.now())
    except golden_rehearsals.NotADraft as problem:
        messages.warning(request, CANNOT_PUBLISH[type(problem)])
    else:
        messages.success(request, _("The rehearsal was queued. It changes nothing."))
    return redirect("customers:golden-rules-detail", version=version)


@require_POST
@permission_required("customers.publish_goldenrules", raise_exception=True)
def golden_rules_publish(request: HttpRequest, version: int) -> HttpResponse:
    """Put a rehearsed draft of somebody else to use."""
    rules = get_object_or_404(GoldenRules, version=version)
    try:
        golden_rules.publish_rules(rules=rules, by=request.user, at=timezone.now())
    except tuple(CANNOT_PUBLISH) as problem:
        messages.warning(request, CANNOT_PUBLISH[type(problem)])
    else:
        messages.success(request, _("The rules were put to use. All golden values are being chosen again."))
    return redirect("customers:golden-rules-detail", version=version)


@require_POST
@permission_required("customers.publish_goldenrules", raise_exception=True)
def golden_rules_roll_back(request: HttpRequest) -> HttpResponse:
    """Bring the rules back that were in use before. Field: seen, the version that was in use on the page."""
    seen = request.POST.get("seen", "")
    try:
        rules = golden_rules.roll_back_rules(
            by=request.user, at=timezone.now(), seen=int(seen) if is_id(seen) else None
        )
    except rule_versions.AnotherIsLive:
        messages.warning(request, _("Something changed since you looked. Nothing was done; this is how it is now."))
        return redirect("customers:golden-rules-list")
    except rule_versions.NothingBefore:
        messages.warning(request, _("The rules in use are the first. There is nothing to go back to."))
        return redirect("customers:golden-rules-list")
    messages.success(request, _("The rules from before are in use again. All golden values are being chosen again."))
    return redirect("customers:golden-rules-detail", version=rules.version)


@require_GET
@permission_required("customers.view_goldenrules", raise_exception=True)
def golden_rehearsal_samples(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    """Customers whose value of an item a rehearsed draft would change, as far as the reader may see them."""
    rehearsals = Rehearsal.objects.filter(kind=Rehearsal.Kind.GOLDEN).select_related("golden_rules")
    rehearsal = get_object_or_404(rehearsals, pk=pk)
    if item not in item_labels() or item not in rehearsal.samples:
        raise Http404
    context = {
        "report": sample_report(rehearsal, item, request.user),
        "rehearsal": rehearsal_report(rehearsal),
        "count": rehearsal.counts["items"][item],
    }
    return render(request, "customers/golden_rehearsal_samples.html", context)
