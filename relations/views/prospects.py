"""Prospects: the list, one prospect, its receipt, and what its planner does with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView

from accounts.exporting.lists import export_address
from accounts.models import AccessEntry
from accounts.trail import describe
from customers.asked import kept_words
from customers.formats import amount
from customers.paging import bounded_count, newest_page
from customers.services.locks import StockBusy
from relations.forms.prospects import STATES, ConsentForm, ContactForm, ProspectFilterForm
from relations.models import Prospect
from relations.reports.prospects import narrowed, prospect_lines, prospect_report, with_people
from relations.services import prospects_lives as lives
from relations.services.prospects import HoldsResidentNumber, UnfitConsent
from relations.words.prospects import WRONG

BUSY: Promise = gettext_lazy("The stock is being written just now. Try again in a moment.")
NOT_ACTIVE: Promise = gettext_lazy("The prospect has ended, or waits for the desk. Nothing was done.")
ACTS = ("relations.view_prospect", "relations.register_prospect")


class ProspectList(PermissionRequiredMixin, TemplateView):
    """The prospects that the reader may know of, the newest first; filters and place stand in the address."""

    permission_required = "relations.view_prospect"
    raise_exception = True
    template_name = "relations/prospect_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, form = self.request.GET, ProspectFilterForm(self.request.GET, viewer=self.request.user)
        rows = narrowed(self.request.user, form.words)
        places = {"older_than": query.get("older_than", ""), "newer_than": query.get("newer_than", "")}
        page = newest_page(with_people(rows), **places)
        count, is_exact = bounded_count(rows)
        describe(kind=AccessEntry.Kind.LIST, conditions=kept_words(form.condition), count=count)
        state = str(form.words.get("state", ""))
        return super().get_context_data(
            form=form,
            states=[(value, label, value == state) for value, label in STATES],
            state=state,
            is_narrowed=bool(form.words.keys() - {"state"}),
            shows_planners="branch" in form.fields,
            page=page,
            lines=prospect_lines(page.rows, self.request.user, timezone.now()),
            summary=_summary(count, is_exact),
            words=urlencode(form.condition),
            export_url=export_address(self.request.user, "prospects", form.condition),
            **kwargs,
        )


def _summary(count: int, is_exact: bool) -> str:
    exact = ngettext("%(count)s prospect", "%(count)s prospects", count)
    return (exact if is_exact else _("more than %(count)s prospects")) % {"count": amount(count)}


def _found(request: HttpRequest, pk: int) -> Prospect:
    return get_object_or_404(with_people(Prospect.objects.visible_to(request.user)), pk=pk)


@require_GET
@permission_required("relations.view_prospect", raise_exception=True)
def prospect_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One prospect: who it is while it stands, its consent and how long that holds, and what happened."""
    return _page(request, _found(request, pk))


def _page(request: HttpRequest, prospect: Prospect, **forms: object) -> HttpResponse:
    """forms: those that could not be done, to be shown again."""
    report = prospect_report(prospect, request.user, timezone.now())
    context = {"prospect": prospect, "report": report, "line": report.line}
    if report.may_act:
        context |= {"contact_form": ContactForm(), "consent_form": _new_consent(prospect)} | forms
    return render(request, "relations/prospect_detail.html", context, status=400 if forms else 200)


def _new_consent(prospect: Prospect) -> ConsentForm:
    form = ConsentForm()
    form.fields["consent_items"].initial = prospect.consent_items
    return form


@require_GET
@permission_required("relations.view_prospect", raise_exception=True)
def prospect_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of a registration, to be printed."""
    prospect = _found(request, pk)
    report = prospect_report(prospect, request.user, timezone.now())
    return render(
        request, "relations/prospect_receipt.html", {"prospect": prospect, "report": report, "line": report.line}
    )


@require_POST
@permission_required(ACTS, raise_exception=True)
def prospect_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the person was contacted."""
    prospect, form = _found(request, pk), ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, prospect, contact_form=form)
    try:
        lives.record_contact(prospect=prospect, on=form.cleaned_data["on"], by=request.user, at=timezone.now())
    except lives.ContactAhead:
        form.add_error("on", _("Choose a day from the registration to today."))
        return _page(request, prospect, contact_form=form)
    except lives.NotActive:
        messages.warning(request, NOT_ACTIVE)
    else:
        messages.success(request, _("The contact was noted."))
    return redirect("relations:prospect-detail", prospect.pk)


@require_POST
@permission_required(ACTS, raise_exception=True)
def prospect_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a newer consent."""
    prospect, form = _found(request, pk), ConsentForm(request.POST)
    if not form.is_valid():
        return _page(request, prospect, consent_form=form)
    given = form.cleaned_data
    try:
        lives.extend_prospect(
            prospect=prospect,
            consented_on=given["consented_on"],
            method=given["consent_method"],
            evidence=given["consent_evidence"],
            items=given["consent_items"],
            expires_on=given["expires_on"],
            by=request.user,
            at=timezone.now(),
        )
    except (UnfitConsent, HoldsResidentNumber, StockBusy) as problem:
        add_errors(form, problem)
        return _page(request, prospect, consent_form=form)
    except lives.NotActive:
        messages.warning(request, NOT_ACTIVE)
    else:
        messages.success(request, _("The new consent was recorded."))
    return redirect("relations:prospect-detail", prospect.pk)


@require_POST
@permission_required(ACTS, raise_exception=True)
def prospect_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a prospect up."""
    prospect = _found(request, pk)
    return _done(
        request,
        prospect,
        lambda: lives.release_prospect(prospect=prospect, by=request.user, at=timezone.now()),
        _("The prospect was released. Others may register the person now."),
    )


def _done(request: HttpRequest, prospect: Prospect, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except lives.NotActive:
        messages.warning(request, NOT_ACTIVE)
    except StockBusy:
        messages.warning(request, BUSY)
    else:
        messages.success(request, said)
    return redirect("relations:prospect-detail", prospect.pk)


def add_errors(form: object, problem: Exception, fields: Mapping[str, str] | None = None) -> None:
    """Tell in a form why a service refused. fields: {field of `WRONG`: that of the form}, where they differ."""
    if isinstance(problem, StockBusy):
        form.add_error(None, BUSY)
        return
    if isinstance(problem, HoldsResidentNumber):
        form.add_error(None, _("A resident number stands somewhere. None is accepted of prospects: take it out."))
        return
    for wrong in problem.wrong:
        field, sentence = WRONG[wrong]
        form.add_error(field if field in form.fields else None, sentence)
