"""Breaches: the list with their clocks, one breach, recording it, its words, the letter, report, posting and end."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.generic import FormView, TemplateView

from consent.forms import breaches as forms
from consent.models import Breach
from consent.reports import breaches as reports
from consent.rules.breaches import POSSIBLE
from consent.services import breaches as services
from consent.services import breaches_draws as draws
from consent.services import breaches_notices as notices
from consent.views.outflows import places_of
from consent.words.breaches import DUTIES, PARTS
from customers.formats import amount
from customers.paging import bounded_count, newest_page

SEE = "consent.view_breach"
ACT = (SEE, "consent.handle_breach")
TABS = (("", gettext_lazy("Being handled")), ("late", gettext_lazy("Late")), ("all", gettext_lazy("All")))
REFUSED: Mapping[type[Exception], tuple[str | None, Promise]] = {
    services.KnownLater: ("known_at", gettext_lazy("This instant is still to come.")),
    services.HappenedAfter: ("happened_at", gettext_lazy("It cannot have happened after it became known.")),
    services.NotOpen: (None, gettext_lazy("The breach is closed. Nothing was done.")),
    services.WordsSent: (
        None,
        gettext_lazy("Somebody was told already, so that items, words and list must stay as they are."),
    ),
    services.NotPossible: (None, gettext_lazy("The breach was confirmed already.")),
    services.ReasonMissing: (None, gettext_lazy("Say why.")),
    services.InstantWrong: (None, gettext_lazy("The time lies in the future, or before the breach became known.")),
    draws.NotATime: ("last", gettext_lazy("Choose a time that is over, of a year at most, which the trail reaches.")),
    draws.DrawsRunning: (None, gettext_lazy("The trail is being read for this breach. Wait for its end, or stop it.")),
    notices.NobodyListed: (None, gettext_lazy("There is nobody left to be told by this.")),
}


def blame(form: Form, problem: Exception) -> None:
    """Say on a form why a service refused."""
    if isinstance(problem, notices.LetterIncomplete):
        parts = ", ".join(str(PARTS[part]) for part in problem.parts)
        form.add_error(None, _("The letter is not complete. Missing: %(parts)s") % {"parts": parts})
    elif isinstance(problem, services.DutiesOpen):
        duties = ", ".join(str(DUTIES[code]) for code in problem.codes)
        form.add_error(None, _("Do it or say why not: %(duties)s") % {"duties": duties})
    else:
        field, words = REFUSED[type(problem)]
        form.add_error(field if field in form.fields else None, str(words))


CANNOT = (*REFUSED, notices.LetterIncomplete, services.DutiesOpen)


class BreachList(PermissionRequiredMixin, TemplateView):
    """Breaches, the newest first. Query: show, a tab of TABS; older_than, newer_than."""

    permission_required = SEE
    raise_exception = True
    template_name = "consent/breach_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        show = self.request.GET.get("show", "")
        rows = reports.breaches_in(show, timezone.now())
        page = newest_page(rows, **places_of(self.request))
        count, is_exact = bounded_count(rows)
        words = ngettext("%(count)s breach", "%(count)s breaches", count)
        return super().get_context_data(
            page=page,
            lines=reports.breach_lines(page.rows, timezone.now()),
            tabs=[(value, label, value == show) for value, label in TABS],
            show=show,
            summary=(words if is_exact else _("more than %(count)s breaches")) % {"count": amount(count)},
            **kwargs,
        )


@require_GET
@permission_required(SEE, raise_exception=True)
def breach_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One breach: clock, duties, the affected, what happened when, and what is to be done."""
    return page(request, get_object_or_404(Breach, pk=pk))


def page(request: HttpRequest, breach: Breach, **refused: Form) -> HttpResponse:
    """refused: forms that could not be done, to be shown again."""
    report = reports.breach_report(breach, timezone.now())
    context: dict[str, object] = {"breach": breach, "report": report, "line": report.line}
    if request.user.has_perm("consent.handle_breach") and breach.state == Breach.State.OPEN:
        context |= _forms(breach, report) | refused | {"may_act": True, "opened": next(iter(refused), "")}
    return render(request, "consent/breach_detail.html", context, status=400 if refused else 200)


def _forms(breach: Breach, report: reports.BreachReport) -> dict[str, Form]:
    """What can be filled in."""
    unmet = _unmet(report)
    made: dict[str, Form] = {
        "draw_form": forms.DrawForm(auto_id="draw_%s", initial={"first": breach.happened_at, "last": breach.known_at}),
        "proofs_form": forms.ProofFileForm(auto_id="proofs_%s"),
        "report_form": forms.ReportForm(auto_id="report_%s"),
        "post_form": forms.PostForm(auto_id="post_%s"),
        "close_form": forms.CloseForm(auto_id="close_%s", unmet=unmet),
    }
    if breach.kind == POSSIBLE:
        made |= {
            "confirm_form": forms.ConfirmForm(auto_id="confirm_%s"),
            "clear_form": forms.ReasonForm(auto_id="clear_%s"),
        }
    return made


def _unmet(report: reports.BreachReport) -> list[tuple[str, str]]:
    return [(duty.code, duty.title) for duty in report.line.open_duties if duty.code != "CONFIRM"]


def done(
    request: HttpRequest, breach: Breach, form: Form, name: str, act: Callable[[dict[str, object]], object], told: str
) -> HttpResponse:
    """Do one thing with a breach, or show its page again. name: of the form on it; act: takes the cleaned input."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except services.NotOpen as problem:  # whose page has no forms any more
            messages.warning(request, str(REFUSED[type(problem)][1]))
            return redirect("consent:breach-detail", breach.pk)
        except CANNOT as problem:
            blame(form, problem)
        else:
            messages.success(request, told)
            return redirect("consent:breach-detail", breach.pk)
    return page(request, breach, **{name: form})


class BreachRecord(PermissionRequiredMixin, FormView):
    """Record a breach, which starts its clock."""

    permission_required = ACT
    raise_exception = True
    template_name = "consent/breach_record.html"
    form_class = forms.RecordForm

    def form_valid(self, form: forms.RecordForm) -> HttpResponse:
        try:
            made = services.record_breach(by=self.request.user, at=timezone.now(), **form.cleaned_data)
        except tuple(REFUSED) as problem:
            blame(form, problem)
            return self.form_invalid(form)
        messages.success(self.request, _("The breach was recorded, and its clock runs."))
        return redirect("consent:breach-detail", made.pk)


@require_http_methods(["GET", "POST"])
@permission_required(ACT, raise_exception=True)
def breach_revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Complete what is known and what people are told."""
    breach = get_object_or_404(Breach, pk=pk)
    known = {name: getattr(breach, name) for name in forms.WordsForm.base_fields}
    form = forms.WordsForm(request.POST) if request.method == "POST" else forms.WordsForm(initial=known)
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        words = {name: str(given.pop(name)) for name in services.WORDS}
        try:
            services.revise_breach(breach=breach, words=words, by=request.user, at=timezone.now(), **given)
        except tuple(REFUSED) as problem:
            blame(form, problem)
        else:
            messages.success(request, _("What is known was completed."))
            return redirect("consent:breach-detail", pk)
    return render(request, "consent/breach_revise.html", {"form": form, "breach": breach})


@require_GET
@permission_required(SEE, raise_exception=True)
def breach_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter to the affected, to be printed or copied."""
    breach = get_object_or_404(Breach, pk=pk)
    report = reports.breach_report(breach, timezone.now())
    return render(request, "consent/breach_letter.html", {"breach": breach, "report": report})


@require_POST
@permission_required(ACT, raise_exception=True)
def breach_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the authorities were told."""
    breach, form = get_object_or_404(Breach, pk=pk), forms.ReportForm(request.POST, auto_id="report_%s")

    def act(given: dict[str, object]) -> None:
        services.report_breach(breach=breach, by=request.user, at=timezone.now(), **given)

    return done(request, breach, form, "report_form", act, _("The report was noted."))


@require_POST
@permission_required(ACT, raise_exception=True)
def breach_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Note since when the website tells of it."""
    breach, form = get_object_or_404(Breach, pk=pk), forms.PostForm(request.POST, auto_id="post_%s")

    def act(given: dict[str, object]) -> None:
        services.post_breach(breach=breach, by=request.user, at=timezone.now(), **given)

    return done(request, breach, form, "post_form", act, _("The posting was noted."))


@require_POST
@permission_required(ACT, raise_exception=True)
def breach_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """What was possible has happened."""
    breach, form = get_object_or_404(Breach, pk=pk), forms.ConfirmForm(request.POST, auto_id="confirm_%s")

    def act(given: dict[str, object]) -> None:
        services.confirm_breach(breach=breach, by=request.user, at=timezone.now(), **given)

    return done(request, breach, form, "confirm_form", act, _("The breach was confirmed."))


@require_POST
@permission_required(ACT, raise_exception=True)
def breach_clear(request: HttpRequest, pk: int) -> HttpResponse:
    """What was possible has not happened."""
    breach, form = get_object_or_404(Breach, pk=pk), forms.ReasonForm(request.POST, auto_id="clear_%s")

    def act(given: dict[str, object]) -> None:
        services.clear_breach(breach=breach, by=request.user, at=timezone.now(), **given)

    return done(request, breach, form, "clear_form", act, _("The breach was cleared."))


@require_POST
@permission_required(ACT, raise_exception=True)
def breach_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a breach when everything is done or explained."""
    breach = get_object_or_404(Breach, pk=pk)
    unmet = _unmet(reports.breach_report(breach, timezone.now()))
    form = forms.CloseForm(request.POST, auto_id="close_%s", unmet=unmet)

    def act(given: dict[str, object]) -> None:
        note = str(given["note"])
        services.close_breach(breach=breach, note=note, reasons=form.reasons, by=request.user, at=timezone.now())

    return done(request, breach, form, "close_form", act, _("The breach was closed."))
