"""Outflows: the list, one outflow with its transfers, recording and ending it, and the recipients as published."""

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
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView, TemplateView

from accounts.exporting.lists import export_address
from consent.forms.outflows import EndForm, OutflowForm, ProofForm, TransferForm
from consent.models import Outflow
from consent.reports import outflows as reports
from consent.reports.purposes import item_names
from consent.services import outflows as services
from consent.words.outflows import TABS
from customers.formats import amount
from customers.paging import bounded_count, newest_page

SEE = "consent.view_outflow"
ACT = (SEE, "consent.record_outflow")
REFUSED: Mapping[type[Exception], tuple[str | None, Promise]] = {
    services.Closed: (None, gettext_lazy("This recipient or purpose is closed.")),
    services.WrongPurpose: (
        "purpose",
        gettext_lazy(
            "A third party is given data only for a purpose of provision, which people consent to on its own."
        ),
    ),
    services.RunsAlready: (None, gettext_lazy("Data flow to this recipient for this purpose already.")),
    services.DayWrong: (None, gettext_lazy("The day is still to come, or lies before the beginning.")),
    services.NotRunning: (None, gettext_lazy("This outflow has ended already.")),
    services.NotAsked: (None, gettext_lazy("The recipient was not asked, or has answered already.")),
    services.ProofMissing: ("proof", gettext_lazy("Say by what it is proven.")),
    services.SentWrong: (
        "sent_at",
        gettext_lazy("The transfer lies in the future, or outside the time of the outflow."),
    ),
    services.ReferenceReused: ("reference", gettext_lazy("Another transfer has this reference.")),
}


def places_of(request: HttpRequest) -> dict[str, str]:
    """Where a page of newest rows begins."""
    return {name: request.GET.get(name, "") for name in ("older_than", "newer_than")}


class OutflowList(PermissionRequiredMixin, TemplateView):
    """What leaves the house. Query: show, a tab of `words.outflows.TABS`; older_than, newer_than."""

    permission_required = SEE
    raise_exception = True
    template_name = "consent/outflow_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        show, now = self.request.GET.get("show", ""), timezone.now()
        rows = reports.outflows_in(show, timezone.localdate(now))
        count, is_exact = bounded_count(rows)
        page = newest_page(reports.with_volumes(rows, now), **places_of(self.request))
        words = ngettext("%(count)s outflow", "%(count)s outflows", count)
        return super().get_context_data(
            page=page,
            lines=reports.outflow_lines(page.rows, now),
            tabs=[(value, label, value == show) for value, label in TABS],
            show=show,
            summary=(words if is_exact else _("more than %(count)s outflows")) % {"count": amount(count)},
            export_url=export_address(self.request.user, "outflows", {"show": show} if show else {}),
            **kwargs,
        )


@require_GET
@permission_required(SEE, raise_exception=True)
def outflow_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One outflow with its transfers, the newest first, and what can be done with it."""
    return _page(request, get_object_or_404(Outflow, pk=pk))


def _page(request: HttpRequest, outflow: Outflow, **forms: Form) -> HttpResponse:
    """forms: those that could not be done, to be shown again."""
    now = timezone.now()
    (line,) = reports.outflow_lines(reports.with_volumes(Outflow.objects.filter(pk=outflow.pk), now), now)
    context: dict[str, object] = {
        "line": line,
        "outflow": line.outflow,
        "page": newest_page(reports.transfers_of(outflow), **places_of(request)),
    }
    if request.user.has_perm("consent.record_outflow"):
        context |= _forms(line.outflow) | forms
    return render(request, "consent/outflow_detail.html", context, status=400 if forms else 200)


def _forms(outflow: Outflow) -> dict[str, Form]:
    """What can be filled in at this stage of an outflow."""
    if outflow.fate == Outflow.Fate.RUNNING:
        return {"transfer_form": TransferForm(auto_id="transfer_%s"), "end_form": EndForm(auto_id="end_%s")}
    return {"proof_form": ProofForm(auto_id="proof_%s")} if outflow.fate == Outflow.Fate.RETURN_ASKED else {}


class OutflowRecord(PermissionRequiredMixin, FormView):
    """Note that data go to a recipient for a purpose."""

    permission_required = ACT
    raise_exception = True
    template_name = "consent/outflow_record.html"
    form_class = OutflowForm

    def form_valid(self, form: OutflowForm) -> HttpResponse:
        try:
            made = services.record_outflow(by=self.request.user, at=timezone.now(), **form.cleaned_data)
        except services.ItemsBeyond as problem:
            items = ", ".join(item_names(problem.items))
            form.add_error("items", _("The purpose does not name these items: %(items)s") % {"items": items})
        except tuple(REFUSED) as problem:
            _blame(form, problem)
        else:
            messages.success(self.request, _("The outflow was recorded."))
            return redirect("consent:outflow-detail", made.pk)
        return self.form_invalid(form)


def _blame(form: Form, problem: Exception) -> None:
    field, words = REFUSED[type(problem)]
    form.add_error(field if field in form.fields else None, str(words))


def _done(request: HttpRequest, pk: int, form: Form, name: str, act: Callable[..., object], told: str) -> HttpResponse:
    """Do one thing with an outflow, or show the form again. name: of the form on the page."""
    outflow = get_object_or_404(Outflow, pk=pk)
    if form.is_valid():
        try:
            act(outflow=outflow, by=request.user, at=timezone.now(), **form.cleaned_data)
        except tuple(REFUSED) as problem:
            _blame(form, problem)
        else:
            messages.success(request, told)
            return redirect("consent:outflow-detail", pk)
    return _page(request, outflow, **{name: form})


@require_POST
@permission_required(ACT, raise_exception=True)
def outflow_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that data went out once."""
    form = TransferForm(request.POST, auto_id="transfer_%s")
    return _done(request, pk, form, "transfer_form", services.record_transfer, _("The transfer was recorded."))


@require_POST
@permission_required(ACT, raise_exception=True)
def outflow_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing goes out any more, and the recipient is asked for what it has."""
    form = EndForm(request.POST, auto_id="end_%s")
    told = _("The outflow ended. What became of the data is asked for.")
    return _done(request, pk, form, "end_form", services.end_outflow, told)


@require_POST
@permission_required(ACT, raise_exception=True)
def outflow_prove(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what became of the data, with the proof."""
    form = ProofForm(request.POST, auto_id="proof_%s")
    return _done(request, pk, form, "proof_form", services.prove_end, _("The proof was recorded."))


@require_GET
@permission_required(SEE, raise_exception=True)
def outflow_recipients(request: HttpRequest) -> HttpResponse:
    """The recipients and what flows to them, to be printed and published (개인정보 보호법 제26조 제2항)."""
    today = timezone.localdate()
    context = {"groups": reports.recipient_groups(today), "today": today}
    return render(request, "consent/outflow_recipients.html", context)
