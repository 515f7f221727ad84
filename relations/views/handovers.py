"""Handovers for whoever plans them: the list, a new plan, the board of one with what can be done."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView, TemplateView

from accounts.models import AccessEntry, Staff
from accounts.trail import describe
from customers.paging import is_id, newest_page
from relations.forms.handovers import PlanForm
from relations.models import Handover, HandoverItem
from relations.reports import handovers as reports
from relations.reports.handovers_file import resolve_moves
from relations.rules.handovers import Refused
from relations.services import handovers as services
from relations.services import handovers_answers as answers
from relations.services import handovers_carry as carrying
from relations.services import handovers_planning as planning
from relations.words.handovers import ITEM_STATES, REFUSED_ROWS

SEE = ("customers.view_customer", "relations.view_handover")
PLAN = (*SEE, "relations.plan_handover")
CANNOT: Mapping[type[Exception], Promise] = {
    services.NotOpen: gettext_lazy("The handover is not open any more. Nothing was done."),
    services.BeingPlanned: gettext_lazy(
        "The handover is being planned at this moment. Try again when the plan is there."
    ),
    services.NotADraft: gettext_lazy("The handover was offered already."),
    services.NobodyToOffer: gettext_lazy("No customer of the handover has a receiver."),
    services.NobodyGoes: gettext_lazy("Nobody goes, so there is nothing to hand over."),
    services.DayOver: gettext_lazy("This day is over."),
    services.InAnotherHandover: gettext_lazy("Somebody of these people is in another handover already."),
    carrying.TooEarly: gettext_lazy("The day of the handover has not come."),
    answers.ReasonMissing: gettext_lazy("Say why, in five letters or more."),
    answers.NothingOffered: gettext_lazy("Nothing waits for an answer any more."),
}


class HandoverList(PermissionRequiredMixin, TemplateView):
    """The plans of the own branch and below it, or of all, the newest first."""

    permission_required = SEE
    raise_exception = True
    template_name = "relations/handover_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, user = self.request.GET, self.request.user
        found = reports.handovers_of(user).select_related("branch", "drafted_by")
        rows = found.annotate(customers=Count("items"))
        page = newest_page(rows, older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
        return super().get_context_data(
            page=page,
            lines=[(row, reports.TONES.get(row.state, "secondary")) for row in page.rows],
            offered_count=reports.offered_to(user).count(),
            **kwargs,
        )


class HandoverPlan(PermissionRequiredMixin, FormView):
    """A new plan from a file of transfers, or typed; it is a draft that nobody is told of."""

    permission_required = PLAN
    raise_exception = True
    template_name = "relations/handover_plan.html"
    form_class = PlanForm

    def form_valid(self, form: PlanForm) -> HttpResponse:
        given, user = form.cleaned_data, self.request.user
        moves, refused = resolve_moves(given["moves"], user, given["takes_effect_on"])
        if not moves:
            form.add_error(None, CANNOT[services.NobodyGoes])
            return self.render_to_response(self.get_context_data(form=form, refused=_in_words(refused)))
        try:
            handover = services.draft_handover(
                title=given["title"],
                takes_effect_on=given["takes_effect_on"],
                moves=moves,
                branch=user.branch,
                by=user,
                at=timezone.now(),
                file_name=given["upload"].name if given["upload"] else "",
                refused_rows=[(row.line, row.number, row.code) for row in refused],
            )
        except (services.DayOver, services.InAnotherHandover) as problem:
            form.add_error(None, CANNOT[type(problem)])
            return self.form_invalid(form)
        messages.success(self.request, _("The plan is being made. Look it over when it is there, then offer it."))
        return redirect("relations:handover-detail", handover.pk)


def _in_words(refused: list[Refused]) -> list[tuple[int, str, str]]:
    return [(row.line, row.number, str(REFUSED_ROWS.get(row.code, row.code))) for row in refused]


def _handover(request: HttpRequest, pk: int) -> Handover:
    """Raises Http404 where the reader sees no such plan."""
    return get_object_or_404(reports.handovers_of(request.user).select_related("branch", "drafted_by"), pk=pk)


@require_GET
@permission_required(SEE, raise_exception=True)
def handover_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The board of a plan: who goes with what they hold, who takes it, who has answered, who would be left out."""
    board = reports.board_of(_handover(request, pk), request.user)
    context = {
        "board": board,
        "handover": board.handover,
        "can_plan": request.user.has_perm("relations.plan_handover"),
        "is_open": board.handover.state in services.OPEN_STATES,
    }
    name = "_handover_board" if request.htmx else "handover_detail"
    return render(request, f"relations/{name}.html", context)


@require_GET
@permission_required(SEE, raise_exception=True)
def handover_item_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The customers of a plan with whom they go to and why. Query: state; staff, the id of a receiver."""
    handover, query = _handover(request, pk), request.GET
    state, staff = query.get("state", ""), query.get("staff", "")
    rows = reports.with_people(HandoverItem.objects.filter(handover=handover))
    if state in HandoverItem.State.values:
        rows = rows.filter(state=state)
    if is_id(staff):
        rows = rows.filter(to_staff=int(staff))
    page = newest_page(rows, older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
    describe(kind=AccessEntry.Kind.LIST, conditions={"handover": str(pk), "state": state})
    context = {
        "handover": handover,
        "states": [(value, label, value == state) for value, label in ITEM_STATES.items()],
        "state": state,
        "page": page,
        "lines": reports.item_lines(page.rows, request.user),
    }
    return render(request, "relations/handover_item_list.html", context)


@require_POST
@permission_required(PLAN, raise_exception=True)
def handover_offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer the customers of a draft to their receivers."""
    try:
        services.offer_handover(handover=_handover(request, pk), at=timezone.now())
    except (services.BeingPlanned, services.NotADraft, services.NobodyToOffer) as problem:
        messages.warning(request, CANNOT[type(problem)])
    else:
        messages.success(request, _("The customers were offered. The receivers find them on their home page."))
    return redirect("relations:handover-detail", pk)


@require_POST
@permission_required(PLAN, raise_exception=True)
def handover_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose again for those who have no receiver, were returned or came since."""
    try:
        planning.request_planning(handover=_handover(request, pk))
    except (services.NotOpen, services.BeingPlanned) as problem:
        messages.warning(request, CANNOT[type(problem)])
    else:
        messages.info(request, _("Receivers are being chosen for those who have none."))
    return redirect("relations:handover-detail", pk)


@require_POST
@permission_required(PLAN, raise_exception=True)
def handover_carry_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Let everybody of the plan change keepers now."""
    try:
        carrying.request_carrying_out(handover=_handover(request, pk), by=request.user, at=timezone.now())
    except (services.NotOpen, services.BeingPlanned, carrying.TooEarly) as problem:
        messages.warning(request, CANNOT[type(problem)])
    else:
        messages.info(request, _("The handover is being carried out."))
    return redirect("relations:handover-detail", pk)


@require_POST
@permission_required(PLAN, raise_exception=True)
def handover_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a plan off."""
    try:
        services.cancel_handover(handover=_handover(request, pk), at=timezone.now())
    except (services.NotOpen, services.BeingPlanned) as problem:
        messages.warning(request, CANNOT[type(problem)])
    else:
        messages.success(request, _("The handover was called off. Everybody keeps whom they kept."))
    return redirect("relations:handover-detail", pk)


@require_POST
@permission_required(PLAN, raise_exception=True)
def handover_accept_for(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept for a receiver who does not answer. Fields: receiver, an id; reason."""
    handover, receiver = _handover(request, pk), request.POST.get("receiver", "")
    staff = get_object_or_404(Staff, pk=int(receiver) if is_id(receiver) else 0)
    reason = request.POST.get("reason", "")
    try:
        count = answers.accept_for(handover=handover, receiver=staff, reason=reason, by=request.user, at=timezone.now())
    except (answers.ReasonMissing, answers.NothingOffered, services.NotOpen, services.BeingPlanned) as problem:
        messages.warning(request, CANNOT[type(problem)])
    else:
        messages.success(request, _("Accepted for the receiver: %(count)s.") % {"count": count})
    return redirect("relations:handover-detail", pk)
