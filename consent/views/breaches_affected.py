"""The affected of a breach: drawing them from the trail, the list, adding by hand, noting who was told."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.exporting.lists import export_address
from accounts.models import AccessEntry
from accounts.trail import describe
from consent.forms import breaches as forms
from consent.models import Breach, BreachDraw
from consent.reports import breaches as reports
from consent.rules.breaches import Conditions
from consent.services import breaches_draws as draws
from consent.services import breaches_notices as notices
from consent.services.breaches import NotOpen
from consent.views.breaches import ACT, CANNOT, REFUSED, SEE, blame, done, page
from consent.words.breaches import REJECTS
from customers.formats import amount
from customers.paging import bounded_count, is_id, oldest_page

SEE_PEOPLE = (SEE, "customers.view_customer")
ACT_ON_PEOPLE = (*ACT, "customers.view_customer")
TABS = (
    ("", gettext_lazy("All")),
    ("untold", gettext_lazy("Not told")),
    ("sent", gettext_lazy("Were told")),
    ("unreached", gettext_lazy("Not reached")),
)
UNREADABLE: dict[str, Promise] = {
    "NOT_TEXT": gettext_lazy("The file cannot be read as CSV."),
    "NO_COLUMNS": gettext_lazy("The head of the file does not name the columns."),
    "TOO_MANY": gettext_lazy("The file has too many rows. Send it as several files."),
}


@require_POST
@permission_required(ACT, raise_exception=True)
def breach_find(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the affected from the trail by conditions."""
    breach, form = get_object_or_404(Breach, pk=pk), forms.DrawForm(request.POST, auto_id="draw_%s")

    def act(given: dict[str, object]) -> None:
        reason = str(given.pop("reason"))
        draws.request_draw(
            breach=breach, conditions=Conditions(**given), reason=reason, by=request.user, at=timezone.now()
        )

    return done(request, breach, form, "draw_form", act, _("The trail is being read for the affected."))


@require_GET
@permission_required(SEE, raise_exception=True)
def breach_draws(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the draws of a breach are: a part of its page that asks for itself."""
    breach = get_object_or_404(Breach, pk=pk)
    report = reports.breach_report(breach, timezone.now())
    may_act = request.user.has_perm("consent.handle_breach") and breach.state == Breach.State.OPEN
    context = {"breach": breach, "report": report, "line": report.line, "may_act": may_act}
    return render(request, "consent/_breach_draws.html", context)


@require_POST
@permission_required(ACT, raise_exception=True)
def breach_draw_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a draw."""
    draw = get_object_or_404(BreachDraw, pk=pk)
    try:
        draws.stop_draw(draw=draw, by=request.user, at=timezone.now())
    except draws.AlreadyOver:
        messages.warning(request, _("It had ended already."))
    else:
        messages.success(request, _("The reading of the trail was stopped."))
    return redirect("consent:breach-detail", draw.breach_id)


@require_POST
@permission_required(ACT, raise_exception=True)
def breach_empty(request: HttpRequest, pk: int) -> HttpResponse:
    """Empty the list of the affected, to draw it anew."""
    breach = get_object_or_404(Breach, pk=pk)
    try:
        count = draws.take_back_draws(breach=breach, by=request.user, at=timezone.now())
    except tuple(REFUSED) as problem:
        messages.warning(request, str(REFUSED[type(problem)][1]))
    else:
        messages.success(request, _("The list was emptied. %(count)s were on it.") % {"count": amount(count)})
    return redirect("consent:breach-detail", pk)


@require_GET
@permission_required(SEE_PEOPLE, raise_exception=True)
def breach_affected(request: HttpRequest, pk: int) -> HttpResponse:
    """The affected of a breach. Query: state, a word of TABS; after, before."""
    return _list(request, get_object_or_404(Breach, pk=pk))


def _list(
    request: HttpRequest, breach: Breach, *, add: forms.CustomersForm | None = None, sent: forms.SentForm | None = None
) -> HttpResponse:
    """add, sent: forms that could not be done, to be shown again."""
    state = request.GET.get("state", "")
    rows = reports.narrowed(breach, state)
    shown = oldest_page(rows, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    count, is_exact = bounded_count(rows)
    describe(kind=AccessEntry.Kind.LIST, conditions={"state": state} if state else {}, count=count)
    words = ngettext("%(count)s customer", "%(count)s customers", count)
    context: dict[str, object] = {
        "breach": breach,
        "lines": reports.notice_lines(shown.rows, breach, request.user),
        "page": shown,
        "tabs": [(value, label, value == state) for value, label in TABS],
        "state": state,
        "summary": (words if is_exact else _("more than %(count)s customers")) % {"count": amount(count)},
        "export_url": export_address(request.user, "affected", {"breach": breach.number, "state": state}),
    }
    if request.user.has_perm("consent.handle_breach") and breach.state == Breach.State.OPEN:
        context |= {
            "add_form": add or forms.CustomersForm(viewer=request.user, auto_id="add_%s"),
            "sent_form": sent or forms.SentForm(auto_id="sent_%s"),
        }
    return render(request, "consent/breach_affected.html", context, status=400 if add or sent else 200)


@require_POST
@permission_required(ACT_ON_PEOPLE, raise_exception=True)
def breach_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put customers on the list by hand."""
    breach = get_object_or_404(Breach, pk=pk)
    form = forms.CustomersForm(request.POST, viewer=request.user, auto_id="add_%s")
    if form.is_valid():
        try:
            count = notices.add_affected(
                breach=breach, customers=form.cleaned_data["numbers"], by=request.user, at=timezone.now()
            )
        except NotOpen as problem:
            blame(form, problem)
        else:
            messages.success(request, _("Put on the list: %(count)s") % {"count": amount(count)})
            return redirect("consent:breach-affected", pk)
    return _list(request, breach, add=form)


@require_POST
@permission_required(ACT_ON_PEOPLE, raise_exception=True)
def breach_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that people were told. Fields: customer, ids of those; all, for everybody who is left."""
    breach, form = get_object_or_404(Breach, pk=pk), forms.SentForm(request.POST, auto_id="sent_%s")
    chosen = None if "all" in request.POST else [int(key) for key in request.POST.getlist("customer") if is_id(key)]
    if form.is_valid():
        try:
            count = notices.record_notices(
                breach=breach, customers=chosen, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except CANNOT as problem:
            blame(form, problem)
        else:
            messages.success(request, _("Noted as told: %(count)s") % {"count": amount(count)})
            return redirect("consent:breach-affected", pk)
    return _list(request, breach, sent=form)


@require_POST
@permission_required(ACT, raise_exception=True)
def breach_proofs(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in a file of proofs of sending, and show what could not be used."""
    breach = get_object_or_404(Breach, pk=pk)
    form = forms.ProofFileForm(request.POST, request.FILES, auto_id="proofs_%s")
    if not form.is_valid():
        return page(request, breach, proofs_form=form)
    try:
        content = form.cleaned_data["upload"].read()
        imported = notices.import_proofs(breach=breach, content=content, by=request.user, at=timezone.now())
    except notices.UnreadableFile as problem:
        form.add_error("upload", str(UNREADABLE[problem.problem]))
    except CANNOT as problem:
        blame(form, problem)
    else:
        rejects = [(line, REJECTS[code]) for line, code in imported.rejects]
        context = {"breach": breach, "imported": imported, "rejects": rejects}
        return render(request, "consent/breach_proofs.html", context)
    return page(request, breach, proofs_form=form)
