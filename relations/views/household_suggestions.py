"""Suggested households: the queue, one suggestion with its reasons, what a steward decides, and the searches."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from django.views.generic import TemplateView

from accounts.models import AccessEntry
from accounts.trail import describe
from customers.formats import amount
from customers.models import Customer
from customers.paging import bounded_count, newest_page
from relations.forms.households import DecideForm
from relations.household_filters import SuggestionFilter, surest_page
from relations.models import HouseholdRefusal, HouseholdRun, HouseholdSuggestion
from relations.reports.households import refusal_lines, run_report, suggestion_lines, suggestion_report
from relations.services import household_runs as runs
from relations.services import household_suggestions as services
from relations.services.household_places import Deed
from relations.words.households import REFUSED, RUN_REFUSED, SUGGESTION_STATES

DECIDE = ("customers.view_customer", "relations.view_household", "relations.decide_household")
SUGGEST = (*DECIDE, "relations.suggest_household")
KEYS = [
    ("1", gettext_lazy("Confirm the household")),
    ("2", gettext_lazy("Refuse it")),
    ("j k", gettext_lazy("Next and previous item or button")),
]
"""The keys of the page of a suggestion, for the help that `?` opens."""


class SuggestionList(PermissionRequiredMixin, TemplateView):
    """The suggestions, the surest first; filters and place stand in the address."""

    permission_required = DECIDE
    raise_exception = True
    template_name = "relations/household_suggestion_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, narrowed = self.request.GET, SuggestionFilter(self.request.GET)
        page = surest_page(narrowed.found, after=query.get("after", ""), before=query.get("before", ""))
        count, is_exact = bounded_count(narrowed.found)
        describe(kind=AccessEntry.Kind.LIST, conditions=narrowed.condition, count=count)
        exact = ngettext("%(count)s suggestion", "%(count)s suggestions", count)
        sentence = exact if is_exact else _("more than %(count)s suggestions")
        return super().get_context_data(
            filter=narrowed,
            state=narrowed.state,
            states=[(value, label, value == narrowed.state) for value, label in SUGGESTION_STATES.items()],
            active_filters=[(active, _without(narrowed, active.name)) for active in narrowed.active],
            words=urlencode(narrowed.condition),
            page=page,
            lines=suggestion_lines(page.rows, self.request.user),
            summary=sentence % {"count": amount(count)},
            newest_run=HouseholdRun.objects.order_by("-pk").first(),
            **kwargs,
        )


def _without(narrowed: SuggestionFilter, name: str) -> str:
    return "?" + urlencode({word: value for word, value in narrowed.condition.items() if word != name})


@require_GET
@permission_required(DECIDE, raise_exception=True)
def suggestion_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A suggestion: who, what ties them, and what can be decided."""
    return _shown(request, _suggestion(pk), None)


def _suggestion(pk: int) -> HouseholdSuggestion:
    return get_object_or_404(HouseholdSuggestion.objects.select_related("household", "decided_by", "run"), pk=pk)


def _shown(request: HttpRequest, suggestion: HouseholdSuggestion, form: DecideForm | None) -> HttpResponse:
    report = suggestion_report(suggestion, request.user)
    is_waiting = suggestion.state == HouseholdSuggestion.State.OPEN
    context = {
        "suggestion": suggestion,
        "report": report,
        "form": (form or DecideForm(members=report.choices)) if is_waiting and report.is_whole else None,
        "words": urlencode(SuggestionFilter(request.GET).condition),
        "page_keys": KEYS if is_waiting else [],
    }
    return render(request, "relations/household_suggestion_detail.html", context)


@require_POST
@permission_required(DECIDE, raise_exception=True)
def suggestion_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a household of the chosen members, and go on to the next suggestion."""
    suggestion = _suggestion(pk)
    people = _people(request, suggestion)
    form = DecideForm(request.POST, members=[(number, number) for number in people])
    if not form.is_valid():
        return _shown(request, suggestion, form)
    chosen = [people[number] for number in form.cleaned_data["chosen"]]
    try:
        household = services.confirm_suggestion(suggestion=suggestion, deed=_deed(request, form), chosen=chosen)
    except tuple(REFUSED) as refused:
        messages.warning(request, REFUSED[type(refused)])
        return redirect("relations:suggestion-detail", pk)
    messages.success(request, _("Household %(number)s was confirmed.") % {"number": household.number})
    return _next(request)


@require_POST
@permission_required(DECIDE, raise_exception=True)
def suggestion_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that these are no household, and go on to the next suggestion."""
    suggestion = _suggestion(pk)
    people = _people(request, suggestion)
    form = DecideForm(request.POST, members=[(number, number) for number in people])
    if not form.is_valid():
        return _shown(request, suggestion, form)
    try:
        services.refuse_suggestion(suggestion=suggestion, deed=_deed(request, form))
    except tuple(REFUSED) as refused:
        messages.warning(request, REFUSED[type(refused)])
        return redirect("relations:suggestion-detail", pk)
    messages.success(request, _("The suggestion was refused. No search makes it again."))
    return _next(request)


def _people(request: HttpRequest, suggestion: HouseholdSuggestion) -> dict[str, int]:
    """The members by number. Nobody decides about people whom they may not see."""
    wanted = set(suggestion.members.values_list("customer", flat=True))
    visible = Customer.objects.visible_to(request.user).filter(pk__in=wanted)
    people = dict(visible.values_list("number", "pk"))
    if len(people) != len(wanted):
        raise PermissionDenied
    return people


def _deed(request: HttpRequest, form: DecideForm) -> Deed:
    return Deed(request.user, timezone.now(), form.cleaned_data["on"], "", form.cleaned_data["comment"])


def _next(request: HttpRequest) -> HttpResponse:
    """The surest suggestion that waits behind the filters of the address, or the list where none does."""
    narrowed = SuggestionFilter(request.GET)
    following = narrowed.found.filter(state=HouseholdSuggestion.State.OPEN).order_by("-score", "pk").first()
    words = urlencode(narrowed.condition)
    if following is None:
        return redirect(f"{reverse('relations:suggestion-list')}?{words}")
    return redirect(f"{reverse('relations:suggestion-detail', args=[following.pk])}?{words}")


class RefusalList(PermissionRequiredMixin, TemplateView):
    """Whom no search puts together, the newest first."""

    permission_required = DECIDE
    raise_exception = True
    template_name = "relations/household_refusal_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        rows = HouseholdRefusal.objects.filter(withdrawn_at=None)
        page = newest_page(
            rows.select_related("refused_by"),
            older_than=query.get("older_than", ""),
            newer_than=query.get("newer_than", ""),
        )
        count, is_exact = bounded_count(rows)
        describe(kind=AccessEntry.Kind.LIST, conditions={}, count=count)
        exact = ngettext("%(count)s pair", "%(count)s pairs", count)
        sentence = exact if is_exact else _("more than %(count)s pairs")
        return super().get_context_data(
            page=page,
            lines=refusal_lines(page.rows, self.request.user),
            summary=sentence % {"count": amount(count)},
            **kwargs,
        )


@require_POST
@permission_required(DECIDE, raise_exception=True)
def refusal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let searches put two together again."""
    refusal = get_object_or_404(HouseholdRefusal, pk=pk)
    sides = {refusal.first_id, refusal.second_id}
    if Customer.objects.visible_to(request.user).filter(pk__in=sides).count() != len(sides):
        raise PermissionDenied
    try:
        services.withdraw_refusal(refusal=refusal, by=request.user, at=timezone.now())
    except services.AlreadyWithdrawn:
        messages.warning(request, REFUSED[services.AlreadyWithdrawn])
    else:
        messages.success(request, _("The refusal was withdrawn. The next search may put the two together."))
    return redirect("relations:refusal-list")


@require_GET
@vary_on_headers("HX-Request", "HX-Target")
@permission_required(SUGGEST, raise_exception=True)
def household_run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A search: its progress, then its outcome. The part is asked for again until it has ended."""
    run = get_object_or_404(HouseholdRun.objects.select_related("requested_by"), pk=pk)
    is_part = bool(request.htmx) and request.htmx.target == "household-run"
    template = "relations/_household_run.html" if is_part else "relations/household_run_detail.html"
    return render(request, template, {"report": run_report(run), "run": run, "is_part": is_part})


@require_POST
@permission_required(SUGGEST, raise_exception=True)
def household_run_request(request: HttpRequest) -> HttpResponse:
    """Search the whole stock, or show the search that waits or is at work already."""
    before = timezone.now()
    run = runs.request_search(by=request.user, at=before)
    if run.requested_at < before:
        messages.info(request, _("A search was waiting or at work already; this is it."))
    else:
        messages.success(request, _("The search was queued."))
    return redirect("relations:household-run-detail", run.pk)


@require_POST
@permission_required(SUGGEST, raise_exception=True)
def household_run_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a search; it writes nothing."""
    try:
        runs.stop_search(run=get_object_or_404(HouseholdRun, pk=pk), by=request.user, at=timezone.now())
    except runs.AlreadyOver:
        messages.warning(request, RUN_REFUSED[runs.AlreadyOver])
    else:
        messages.success(request, _("The search was stopped. It has written nothing."))
    return redirect("relations:household-run-detail", pk)


@require_POST
@permission_required(SUGGEST, raise_exception=True)
def household_run_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a search that was stopped or failed begin anew."""
    try:
        runs.resume_search(run=get_object_or_404(HouseholdRun, pk=pk), by=request.user)
    except runs.NotStopped:
        messages.warning(request, RUN_REFUSED[runs.NotStopped])
    else:
        messages.success(request, _("The search was queued."))
    return redirect("relations:household-run-detail", pk)
