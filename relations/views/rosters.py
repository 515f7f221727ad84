"""Rosters: sending one, what its rows would do, applying or cancelling it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cached_property

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView, TemplateView

from accounts.downloads import why_locked
from accounts.models import AccessEntry
from accounts.purposes import purpose_of
from accounts.trail import describe
from customers import formats
from customers.asked import kept_words
from customers.models import Contract, Customer
from customers.paging import newest_page, oldest_page
from relations import wall
from relations.forms.rosters import ConfirmForm, RosterForm, RowFilterForm
from relations.models import Roster
from relations.people import faces
from relations.reports import rosters as reports
from relations.reports.groups import visible_groups
from relations.services import rosters
from relations.views.groups import places_of

log = logging.getLogger(__name__)
SEEN = ("customers.view_customer", "relations.view_roster")
LOADED = (*SEEN, "relations.load_roster")
REFUSED: Mapping[type[Exception], tuple[str | None, Promise]] = {
    rosters.DayToCome: ("on", gettext_lazy("This day is still to come.")),
    rosters.NotGroupContract: (None, gettext_lazy("This organisation holds the contract no more.")),
    rosters.DiskFull: ("upload", gettext_lazy("The file could not be kept, for there is no room on the disk.")),
}
OLDER = gettext_lazy("A list of a later day (%(day)s) was applied already, so this one would undo it.")


class RosterList(PermissionRequiredMixin, TemplateView):
    """The rosters, the newest first."""

    permission_required = SEEN
    raise_exception = True
    template_name = "relations/roster_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        viewer = self.request.user
        page = newest_page(reports.visible_rosters(viewer), **places_of(self.request))
        describe(kind=AccessEntry.Kind.LIST)
        return super().get_context_data(page=page, lines=reports.roster_lines(list(page.rows), viewer), **kwargs)


class RosterUpload(PermissionRequiredMixin, FormView):
    """Send the list of a group contract's members."""

    permission_required = LOADED
    raise_exception = True
    template_name = "relations/roster_upload.html"
    form_class = RosterForm

    @cached_property
    def contract(self) -> Contract:
        groups = visible_groups(self.request.user).filter(holder_id__isnull=False)
        return get_object_or_404(groups, pk=self.kwargs["pk"])

    def get_initial(self) -> dict[str, object]:
        return {"on": timezone.localdate()}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        holder = self.contract.holder_id
        face = faces(self.request.user, [holder]).get(holder)
        known = rosters.open_members(self.contract.pk)
        return super().get_context_data(contract=self.contract, face=face, known=known, **kwargs)

    def form_valid(self, form: RosterForm) -> HttpResponse:
        organisation = Customer.objects.get(pk=self.contract.holder_id)
        given = {name: form.cleaned_data[name] for name in ("upload", "on", "is_full")}
        try:
            roster = rosters.receive_roster(
                contract=self.contract, organisation=organisation, by=self.request.user, at=timezone.now(), **given
            )
        except rosters.OlderRoster as problem:
            form.add_error("on", OLDER % {"day": formats.day(problem.on)})
            return self.form_invalid(form)
        except tuple(REFUSED) as problem:
            form.add_error(*REFUSED[type(problem)])
            return self.form_invalid(form)
        messages.success(self.request, _("The list was received. It is being checked."))
        return redirect("relations:roster-detail", pk=roster.pk)


def _roster(request: HttpRequest, pk: int) -> Roster:
    """A roster of an organisation that the reader may see, else 404."""
    return get_object_or_404(reports.visible_rosters(request.user), pk=pk)


@require_GET
@permission_required(SEEN, raise_exception=True)
def roster_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A roster: how far it is, then what its rows would do or did. The part is asked for again while it is at work.
    Query: action."""
    roster = _roster(request, pk)
    form = RowFilterForm(request.GET)
    rows = roster.rows.filter(action=form.word) if form.word else roster.rows.all()
    page = oldest_page(
        rows.defer("content_sealed"), after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    describe(kind=AccessEntry.Kind.LIST, conditions=kept_words({"action": form.word}))
    is_part = bool(request.htmx) and request.htmx.target == "roster"
    context = {
        "report": reports.roster_report(roster, request.user),
        "form": form,
        "page": page,
        "lines": reports.row_lines(list(page.rows)),
        "is_narrowed": bool(form.word),
        "is_part": is_part,
    }
    return render(request, "relations/_roster.html" if is_part else "relations/roster_detail.html", context)


@require_POST
@permission_required(LOADED, raise_exception=True)
def roster_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply a checked roster whole. Field: confirmed, how many leave, where so many do that it is asked for."""
    roster = _roster(request, pk)
    form = ConfirmForm(request.POST)
    confirmed = form.cleaned_data.get("confirmed") if form.is_valid() else None
    try:
        rosters.request_application(roster=roster, confirmed=confirmed, by=request.user)
    except rosters.LeaversNotConfirmed as problem:
        told = _("More than half of the members would leave. Type their number, %(count)s, to confirm that.")
        messages.error(request, told % {"count": formats.amount(problem.count)})
    except rosters.OlderRoster as problem:
        messages.error(request, OLDER % {"day": formats.day(problem.on)})
    except rosters.NotNow:
        messages.warning(request, _("The list is not waiting to be applied any more."))
    else:
        messages.success(request, _("The list is being applied."))
    return redirect("relations:roster-detail", pk=pk)


@require_POST
@permission_required(LOADED, raise_exception=True)
def roster_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a roster up. Nothing of it holds, and what it said is removed."""
    try:
        rosters.cancel_roster(roster=_roster(request, pk), by=request.user)
    except rosters.NotNow:
        messages.warning(request, _("The list is at work or over, and cannot be cancelled."))
    else:
        messages.success(request, _("The list was cancelled, and what it said was removed."))
    return redirect("relations:roster-detail", pk=pk)


@require_GET
@permission_required(LOADED, raise_exception=True)
def roster_rejects(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that cannot be taken, as sent, with resident numbers: nobody on the way may keep the file."""
    wall.members_for(purpose_of(request.user), request.user, "roster-rejects")
    roster = _roster(request, pk)
    report = reports.roster_report(roster, request.user)
    if not report.has_rejects:
        raise Http404
    if why := why_locked(request.user, timezone.localdate()):
        messages.warning(request, why)
        return redirect("relations:roster-detail", pk=pk)
    conditions, count = {"rejects_of_roster": roster.pk}, roster.counts.get("REJECT", 0)
    describe(kind=AccessEntry.Kind.EXPORT, conditions=conditions, count=count)
    log.info("The rejects of roster %s were downloaded by staff %s.", roster.pk, request.user.pk)
    response = HttpResponse(reports.reject_file(roster), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="roster-rejects-{roster.pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response
