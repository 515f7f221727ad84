"""Cases of unusual access: the list without names, one case with all that the person did that day, its end."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView

from accounts.models import AccessCase, AccessEntry, Staff
from accounts.review_forms import CloseForm
from accounts.reviews.lines import case_lines, case_report, figures_by_branch
from accounts.services import cases
from accounts.trail import describe

VIEW, WORK = "accounts.view_accesscase", "accounts.work_accesscase"
State = AccessCase.State
SHELVES = (("open", gettext_lazy("Open")), ("mine", gettext_lazy("Mine")), ("closed", gettext_lazy("Closed")))
PAGE_SIZE = 50
LONGEST_ID = 18


def _cases(viewer: Staff) -> QuerySet[AccessCase]:
    """The cases that `viewer` may know of: not those about themselves."""
    return AccessCase.objects.exclude(staff=viewer)


class CaseListView(PermissionRequiredMixin, TemplateView):
    """Cases, the newest first, by branch and without names. Query: shelf (open, mine, closed), older_than."""

    permission_required = VIEW
    raise_exception = True
    template_name = "accounts/case_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        shelf = query.get("shelf") if query.get("shelf") in dict(SHELVES) else "open"
        cases_of = _cases(self.request.user)
        rows = self._on_shelf(cases_of, shelf).select_related("staff__branch", "taken_by", "closed_by").order_by("-pk")
        older_than = query.get("older_than", "")
        if older_than.isdecimal() and len(older_than) <= LONGEST_ID:
            rows = rows.filter(pk__lt=int(older_than))
        found = list(rows[: PAGE_SIZE + 1])
        describe(kind=AccessEntry.Kind.TRAIL, conditions={"cases": shelf.upper()})
        return super().get_context_data(
            **kwargs,
            lines=case_lines(found[:PAGE_SIZE]),
            older_than=str(found[PAGE_SIZE - 1].pk) if len(found) > PAGE_SIZE else None,
            is_first=not older_than,
            shelf=shelf,
            shelves=SHELVES,
            figures=figures_by_branch(cases_of),
        )

    def _on_shelf(self, rows: QuerySet[AccessCase], shelf: str) -> QuerySet[AccessCase]:
        if shelf == "mine":
            return rows.filter(state=State.TAKEN, taken_by=self.request.user)
        return rows.filter(state=State.CLOSED) if shelf == "closed" else rows.exclude(state=State.CLOSED)


@require_GET
@permission_required(VIEW, raise_exception=True)
def case_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A case in full: who, why, what they did that day and worked on."""
    return _page(request, _case(request, pk), CloseForm())


def _case(request: HttpRequest, pk: int) -> AccessCase:
    rows = _cases(request.user).select_related("staff__branch", "taken_by", "closed_by")
    return get_object_or_404(rows, pk=pk)


def _page(request: HttpRequest, case: AccessCase, form: CloseForm) -> HttpResponse:
    describe(kind=AccessEntry.Kind.TRAIL, conditions={"case": case.pk, "staff": case.staff.employee_number})
    may_work = request.user.has_perm(WORK)
    is_mine = case.state == State.TAKEN and case.taken_by_id == request.user.pk
    context = {"case": case, "report": case_report(case, request.user), "form": form}
    context |= {"may_take": may_work and case.state == State.OPEN, "may_close": may_work and is_mine}
    return render(request, "accounts/case_detail.html", context)


def _work(request: HttpRequest, pk: int, act: Callable[[AccessCase], object], said: str) -> HttpResponse:
    case = _case(request, pk)
    try:
        act(case)
    except (cases.TakenByAnother, cases.NotTaken):
        messages.warning(request, _("Somebody else works this case, or has closed it. Nothing was done."))
    else:
        messages.success(request, said)
    return redirect("accounts:case-detail", pk)


@require_POST
@permission_required(WORK, raise_exception=True)
def case_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Work a case oneself."""
    now = timezone.now()
    return _work(request, pk, lambda case: cases.take_case(case=case, by=request.user, at=now), _("The case is yours."))


@require_POST
@permission_required(WORK, raise_exception=True)
def case_hand_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a case to somebody else."""
    said = _("The case is open to others again.")
    return _work(request, pk, lambda case: cases.hand_back_case(case=case, by=request.user), said)


@require_POST
@permission_required(WORK, raise_exception=True)
def case_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a case with a finding."""
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, _case(request, pk), form)
    words, now = form.cleaned_data, timezone.now()
    return _work(
        request,
        pk,
        lambda case: cases.close_case(case=case, by=request.user, at=now, **words),
        _("The case was closed."),
    )
