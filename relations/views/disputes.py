"""The desk of prospects: its list, a case, what both sides say, and the decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView

from accounts.models import AccessEntry
from accounts.trail import describe
from customers.asked import kept_words
from customers.formats import amount
from customers.paging import bounded_count, newest_page
from customers.services.locks import StockBusy
from relations.forms.disputes import STATES, DisputeFilterForm, JudgeForm
from relations.forms.prospects import NO_NUMBER, StatementForm
from relations.models import ProspectDispute
from relations.reports.disputes import dispute_lines, dispute_report, narrowed, with_sides
from relations.services import disputes
from relations.services.prospects import HoldsResidentNumber

PERMISSION = "relations.view_prospect"
REFUSALS: Mapping[type[Exception], Promise] = {
    disputes.OwnCase: gettext_lazy("Nobody judges a case of their own branch."),
    disputes.NoSuchReason: gettext_lazy("This reason does not fit the decision."),
    disputes.NotAProspect: gettext_lazy(
        "Nobody holds the person as a prospect: a customer of the company is handed over, not claimed."
    ),
    HoldsResidentNumber: NO_NUMBER,
    StockBusy: gettext_lazy("The stock is being written just now. Try again in a moment."),
}


class DisputeList(PermissionRequiredMixin, TemplateView):
    """The questions that the reader may know of; those that wait stand first by their clock."""

    permission_required = PERMISSION
    raise_exception = True
    template_name = "relations/dispute_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, form = self.request.GET, DisputeFilterForm(self.request.GET, viewer=self.request.user)
        rows = narrowed(self.request.user, form.words)
        places = {"older_than": query.get("older_than", ""), "newer_than": query.get("newer_than", "")}
        page = newest_page(with_sides(rows), **places)
        count, is_exact = bounded_count(rows)
        describe(kind=AccessEntry.Kind.LIST, conditions=kept_words(form.condition), count=count)
        state = str(form.words.get("state", ""))
        exact = ngettext("%(count)s question", "%(count)s questions", count)
        return super().get_context_data(
            form=form,
            states=[(value, label, value == state) for value, label in STATES],
            state=state,
            is_narrowed=bool(form.words.keys() - {"state"}),
            page=page,
            lines=sorted(dispute_lines(page.rows, timezone.now()), key=_by_clock),
            summary=(exact if is_exact else _("more than %(count)s questions")) % {"count": amount(count)},
            **kwargs,
        )


def _by_clock(line: object) -> tuple[object, ...]:
    """On a page those that wait come by when they are due, the others as they are."""
    return (0, line.dispute.due_at, line.dispute.pk) if line.clock else (1,)


def _found(request: HttpRequest, pk: int) -> ProspectDispute:
    return get_object_or_404(with_sides(ProspectDispute.objects.visible_to(request.user)), pk=pk)


@require_GET
@permission_required(PERMISSION, raise_exception=True)
def dispute_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A case: the facts, what both sides say, and for judges the two side by side."""
    return _page(request, _found(request, pk))


def _page(request: HttpRequest, dispute: ProspectDispute, **forms: object) -> HttpResponse:
    """forms: those that could not be done, to be shown again."""
    report = dispute_report(dispute, request.user, timezone.now())
    context = {"dispute": dispute, "report": report, "line": report.line}
    if report.may_judge:
        context["judge_form"] = JudgeForm(kind=dispute.kind)
    if report.may_state:
        context["statement_form"] = StatementForm()
    return render(request, "relations/dispute_detail.html", context | forms, status=400 if forms else 200)


@require_POST
@permission_required([PERMISSION, "relations.judge_prospect"], raise_exception=True)
def dispute_judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide a case."""
    dispute = _found(request, pk)
    form = JudgeForm(request.POST, kind=dispute.kind)
    if not form.is_valid():
        return _page(request, dispute, judge_form=form)
    given = form.cleaned_data
    try:
        disputes.judge_dispute(
            dispute=dispute,
            is_upheld=form.is_upheld,
            reason=given["reason"],
            finding=given["finding"],
            by=request.user,
            at=timezone.now(),
        )
    except tuple(REFUSALS) as refused:
        form.add_error(None, REFUSALS[type(refused)])
        return _page(request, dispute, judge_form=form)
    except disputes.AlreadyDecided:
        messages.warning(request, _("The question was decided or withdrawn before."))
    else:
        messages.success(request, _("The question was decided, and both sides were told."))
    return redirect("relations:dispute-detail", dispute.pk)


@require_POST
@permission_required([PERMISSION, "relations.register_prospect"], raise_exception=True)
def dispute_state(request: HttpRequest, pk: int) -> HttpResponse:
    """The other side says its side."""
    dispute = _found(request, pk)
    if dispute.against is None or dispute.against.fp_id != request.user.pk:
        raise Http404
    form = StatementForm(request.POST)
    if not form.is_valid():
        return _page(request, dispute, statement_form=form)
    statement = form.cleaned_data["statement"]
    return _done(
        request,
        dispute,
        lambda: disputes.answer_dispute(dispute=dispute, statement=statement),
        _("What you say is before the desk."),
    )


@require_POST
@permission_required([PERMISSION, "relations.register_prospect"], raise_exception=True)
def dispute_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own question back."""
    dispute = _found(request, pk)
    if dispute.prospect.fp_id != request.user.pk:
        raise Http404
    return _done(
        request,
        dispute,
        lambda: disputes.withdraw_dispute(dispute=dispute, by=request.user, at=timezone.now()),
        _("The question was withdrawn, and nothing of the person is kept."),
    )


def _done(request: HttpRequest, dispute: ProspectDispute, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except disputes.AlreadyDecided:
        messages.warning(request, _("The question was decided or withdrawn before."))
    except StockBusy:
        messages.warning(request, str(REFUSALS[StockBusy]))
    else:
        messages.success(request, said)
    return redirect("relations:dispute-detail", dispute.pk)
