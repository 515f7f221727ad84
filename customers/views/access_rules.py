"""The rules of access: their versions, a draft, putting it to use by a second person, going back likewise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView, TemplateView

from accounts.models import Channel
from customers import access_words as words
from customers.access import RulesUnfit
from customers.forms.access_rules import AccessRulesForm
from customers.models import AccessRules
from customers.paging import is_id, newest_page
from customers.reading import catalogue, rules_version
from customers.reports.access_rules import rules_line, rules_report, version_on_day
from customers.services import access_rules as services
from customers.services import rule_versions

CANNOT: Mapping[type[Exception], Promise] = {
    rule_versions.NotADraft: gettext_lazy("This version is no draft any more."),
    rule_versions.OwnDraft: gettext_lazy("You wrote this draft, so another person must put it to use."),
    rule_versions.AnotherIsLive: gettext_lazy(
        "Other rules were put to use since you looked. Nothing was done; this is how the draft differs from them."
    ),
    rule_versions.NothingBefore: gettext_lazy("The rules in use are the first. There is nothing to go back to."),
    rule_versions.NothingChanged: gettext_lazy("This is what the rules in use say already."),
    RulesUnfit: gettext_lazy("The rules from before name something that Hannun does not know any more."),
}


def _versions() -> QuerySet[AccessRules]:
    """The versions with the people who made and published them."""
    return AccessRules.objects.select_related("created_by", "published_by")


class AccessRulesList(PermissionRequiredMixin, TemplateView):
    """The versions of the rules, newest first, down to those that Hannun brings. Query: on, a day of which the version
    in use is told."""

    permission_required = "customers.view_accessrules"
    raise_exception = True
    template_name = "customers/access_rules_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        page = newest_page(_versions(), older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
        live = services.live_version()
        lines = [rules_line(row) for row in page.rows]
        if page.older_than is None:
            lines.append(rules_line(None, is_live=not live))
        day = _day(query.get("on", ""))
        was = version_on_day(day) if day else None
        return super().get_context_data(page=page, lines=lines, live=live, on=day, was=was, **kwargs)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


class AccessRulesDraft(PermissionRequiredMixin, FormView):
    """A new draft. Query: from, the version that it begins with; else the one in use."""

    permission_required = "customers.add_accessrules"
    raise_exception = True
    template_name = "customers/access_rules_draft.html"
    form_class = AccessRulesForm

    def get_form(self, form_class: type[AccessRulesForm] | None = None) -> AccessRulesForm:
        wanted = self.request.GET.get("from", "")
        version = services.live_version()
        if is_id(wanted):
            version = int(wanted)
            if version and not AccessRules.objects.filter(version=version).exists():
                raise Http404
        self.begun_with = version
        channels = list(Channel.objects.order_by("code"))
        return AccessRulesForm(
            self.request.POST or None, rules=rules_version(version), items=catalogue(), channels=channels
        )

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"begun_with": self.begun_with}

    def form_valid(self, form: AccessRulesForm) -> HttpResponse:
        given = form.cleaned_data
        try:
            rules = services.draft_rules(
                by=self.request.user, at=timezone.now(), definition=given["definition"], comment=given["comment"]
            )
        except rule_versions.NothingChanged as problem:
            form.add_error(None, CANNOT[type(problem)])
            return self.form_invalid(form)
        except RulesUnfit as problem:
            form.add_error(None, words.fault(str(problem)))
            return self.form_invalid(form)
        messages.success(self.request, _("The draft was kept. Another person can put it to use."))
        return redirect("customers:access-rules-detail", version=rules.version)


@require_GET
@permission_required("customers.view_accessrules", raise_exception=True)
def access_rules_detail(request: HttpRequest, version: int) -> HttpResponse:
    """What a version allows and what it would change; version 0 is the one that Hannun brings."""
    row = get_object_or_404(_versions(), version=version) if version else None
    return render(request, "customers/access_rules_detail.html", {"report": rules_report(row, request.user)})


@require_POST
@permission_required("customers.publish_accessrules", raise_exception=True)
def access_rules_publish(request: HttpRequest, version: int) -> HttpResponse:
    """Put a draft of somebody else to use. Field: seen, the version in use that the page compared it with."""
    rules = get_object_or_404(AccessRules, version=version)
    seen = request.POST.get("seen", "")
    try:
        services.publish_rules(rules=rules, by=request.user, at=timezone.now(), seen=int(seen) if is_id(seen) else None)
    except (rule_versions.NotADraft, rule_versions.OwnDraft, rule_versions.AnotherIsLive) as problem:
        messages.warning(request, CANNOT[type(problem)])
    else:
        messages.success(request, _("The rules were put to use. They hold everywhere from now on."))
    return redirect("customers:access-rules-detail", version=version)


@require_POST
@permission_required("customers.add_accessrules", raise_exception=True)
def access_rules_way_back(request: HttpRequest) -> HttpResponse:
    """Draft the rules from before, for a second person to put to use."""
    try:
        rules = services.draft_way_back(by=request.user, at=timezone.now())
    except (rule_versions.NothingBefore, rule_versions.NothingChanged, RulesUnfit) as problem:
        messages.warning(request, CANNOT[type(problem)])
        return redirect("customers:access-rules-list")
    messages.success(request, _("The rules from before were drafted. Another person can put them to use."))
    return redirect("customers:access-rules-detail", version=rules.version)
