"""Rules of retention: their versions, a draft, what it would do, putting it to use."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView, TemplateView

from consent.forms.retention import RetentionRulesForm
from consent.models import DestructionBatch, RetentionRules
from consent.reports.retention import RulesReport, policy_lines, rehearsal_lines, rules_line
from consent.rules.retention import SHIPPED, rules_of
from consent.services import retention_rules as services
from customers.paging import is_id, newest_page
from customers.services import rule_versions

SEE = "consent.view_retentionrules"
DRAFT = (SEE, "consent.draft_retentionrules")
PUBLISH = (SEE, "consent.publish_retentionrules")
CANNOT_PUBLISH: Mapping[type[Exception], Promise] = {
    rule_versions.NotADraft: gettext_lazy("This version is no draft any more."),
    rule_versions.OwnDraft: gettext_lazy("You wrote this draft, so another person must put it to use."),
    services.NotRehearsed: gettext_lazy("Nobody counted yet what this draft would do. Count first."),
}


class RetentionList(PermissionRequiredMixin, TemplateView):
    """The periods in use, and the versions, newest first, down to those that Hannun brings."""

    permission_required = SEE
    raise_exception = True
    template_name = "consent/retention_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, live = self.request.GET, services.live_rules()
        rows = RetentionRules.objects.select_related("created_by", "published_by")
        page = newest_page(rows, older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
        lines = [rules_line(row, rules_of(row.version, row.definition), live=live.version) for row in page.rows]
        if page.older_than is None:
            lines.append(rules_line(None, SHIPPED, live=live.version))
        return super().get_context_data(
            page=page, lines=lines, policies=policy_lines(live, live), live=live.version, **kwargs
        )


class RetentionDraft(PermissionRequiredMixin, FormView):
    """A new draft, beginning with the rules in use. Query: from, another version to begin with."""

    permission_required = DRAFT
    raise_exception = True
    template_name = "consent/retention_draft.html"
    form_class = RetentionRulesForm

    def get_form(self, form_class: type[RetentionRulesForm] | None = None) -> RetentionRulesForm:
        wanted, rules = self.request.GET.get("from", ""), services.live_rules()
        if is_id(wanted):
            if int(wanted) and not RetentionRules.objects.filter(version=int(wanted)).exists():
                raise Http404
            rules = services.version_of(int(wanted))
        return RetentionRulesForm(self.request.POST or None, rules=rules)

    def form_valid(self, form: RetentionRulesForm) -> HttpResponse:
        try:
            rules = services.draft_retention_rules(by=self.request.user, at=timezone.now(), **form.cleaned_data)
        except rule_versions.NothingChanged:
            form.add_error(None, _("This is what the rules in use say already."))
            return self.form_invalid(form)
        messages.success(self.request, _("The draft was kept. What it would do is being counted."))
        return redirect("consent:retention-detail", rules.version)


@require_GET
@permission_required(SEE, raise_exception=True)
def retention_detail(request: HttpRequest, version: int) -> HttpResponse:
    """The periods of a version beside those in use, and what was counted; version 0 is the one that Hannun brings."""
    rows = RetentionRules.objects.select_related("created_by", "published_by")
    row = get_object_or_404(rows, version=version) if version else None
    live, rules = services.live_rules(), services.version_of(version)
    report = RulesReport(
        line=rules_line(row, rules, live=live.version),
        policies=policy_lines(rules, live),
        rehearsal=rehearsal_lines(row.rehearsal, dict(DestructionBatch.Action.choices)) if row else (),
        is_own=row is not None and row.created_by_id == request.user.pk,
    )
    return render(request, "consent/retention_detail.html", {"report": report, "line": report.line})


@require_POST
@permission_required(DRAFT, raise_exception=True)
def retention_rehearse(request: HttpRequest, version: int) -> HttpResponse:
    """Let a worker count anew what a draft would do."""
    rules = get_object_or_404(RetentionRules, version=version)
    try:
        services.request_rehearsal(rules=rules)
    except rule_versions.NotADraft as problem:
        messages.warning(request, CANNOT_PUBLISH[type(problem)])
    else:
        messages.success(request, _("What the draft would do is being counted. It changes nothing."))
    return redirect("consent:retention-detail", version)


@require_POST
@permission_required(PUBLISH, raise_exception=True)
def retention_publish(request: HttpRequest, version: int) -> HttpResponse:
    """Put a draft of somebody else to use."""
    rules = get_object_or_404(RetentionRules, version=version)
    try:
        services.publish_retention_rules(rules=rules, by=request.user, at=timezone.now())
    except tuple(CANNOT_PUBLISH) as problem:
        messages.warning(request, CANNOT_PUBLISH[type(problem)])
    else:
        messages.success(request, _("The rules were put to use. The coming night proposes by them."))
    return redirect("consent:retention-detail", version)
