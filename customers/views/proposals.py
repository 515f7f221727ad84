"""Merges that wait for a second person: their list, one with its consequences, and the answer to it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView

from customers.forms.pairs import ProposalAnswerForm
from customers.models import Customer, Proposal
from customers.paging import newest_page
from customers.reports.pair_previews import REFUSALS
from customers.reports.proposals import proposal_lines, proposal_report
from customers.services import merges, proposals


def _proposals() -> QuerySet[Proposal]:
    return Proposal.objects.select_related("survivor", "proposed_by", "decided_by", "pair", "act")


class ProposalList(PermissionRequiredMixin, TemplateView):
    """The proposals of one state, the newest first; the state stands in the address."""

    permission_required = "customers.view_act"
    raise_exception = True
    template_name = "customers/proposal_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        state = query.get("state", "")
        if state not in Proposal.State.values:
            state = Proposal.State.OPEN.value
        places = {"older_than": query.get("older_than", ""), "newer_than": query.get("newer_than", "")}
        page = newest_page(_proposals().filter(state=state), **places)
        return super().get_context_data(
            states=[(each.value, each.label, each.value == state) for each in Proposal.State],
            state=state,
            page=page,
            lines=proposal_lines(page.rows, self.request.user),
            **kwargs,
        )


@require_GET
@permission_required("customers.view_act", raise_exception=True)
def proposal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposal: why a second person is asked, what the merge would do, and the answer."""
    return _page(request, get_object_or_404(_proposals(), pk=pk), ProposalAnswerForm())


def _page(request: HttpRequest, proposal: Proposal, form: ProposalAnswerForm) -> HttpResponse:
    report = proposal_report(proposal, request.user, timezone.now())
    return render(request, "customers/proposal_detail.html", {"proposal": proposal, "report": report, "form": form})


def _of_visible(request: HttpRequest, pk: int) -> Proposal:
    """The proposal; raises PermissionDenied where one of its customers may not be seen."""
    proposal = get_object_or_404(_proposals(), pk=pk)
    ids = {proposal.survivor_id, *proposal.retired_ids}
    if Customer.objects.visible_to(request.user).filter(pk__in=ids).count() < len(ids):
        raise PermissionDenied
    return proposal


@require_POST
@permission_required("customers.approve_merge", raise_exception=True)
def proposal_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge as proposed. Field: seen, the mark of the customers that the page showed."""
    proposal, seen = _of_visible(request, pk), request.POST.get("seen") or None
    try:
        proposals.approve_merge(proposal=proposal, by=request.user, at=timezone.now(), seen=seen)
    except proposals.SamePerson:
        messages.warning(request, _("Somebody else must approve what you proposed."))
    except proposals.AlreadyDecided:
        messages.warning(request, _("The proposal was decided meanwhile. Nothing was done."))
    except merges.Changed:
        messages.warning(request, _("Something changed since you looked. Nothing was done; this is how it is now."))
    except tuple(REFUSALS) as refused:
        messages.warning(request, str(REFUSALS[type(refused)]))
    else:
        messages.success(request, _("The merge was approved and done."))
    return redirect("customers:proposal-detail", pk=pk)


@require_POST
@permission_required("customers.approve_merge", raise_exception=True)
def proposal_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a proposal, with what its author is told."""
    proposal, form = _of_visible(request, pk), ProposalAnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, proposal, form)
    try:
        answer = form.cleaned_data["answer"]
        proposals.refuse_merge(proposal=proposal, answer=answer, by=request.user, at=timezone.now())
    except proposals.SamePerson:
        messages.warning(request, _("You do not refuse your own proposal; withdraw it instead."))
    except proposals.AlreadyDecided:
        messages.warning(request, _("The proposal was decided meanwhile. Nothing was done."))
    else:
        messages.success(request, _("The proposal was refused. Its pair stays open."))
    return redirect("customers:proposal-detail", pk=pk)


@require_POST
@permission_required("customers.view_act", raise_exception=True)
def proposal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an own proposal back."""
    proposal = get_object_or_404(Proposal, pk=pk, proposed_by=request.user)
    try:
        proposals.withdraw_proposal(proposal=proposal, by=request.user, at=timezone.now())
    except proposals.AlreadyDecided:
        messages.warning(request, _("The proposal was decided meanwhile. Nothing was done."))
    else:
        messages.success(request, _("The proposal was withdrawn. Its pair is in the queue again."))
    return redirect("customers:proposal-detail", pk=pk)
