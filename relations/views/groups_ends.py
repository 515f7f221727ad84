"""Ends of group cover, for the planners who may say so, and what the purpose wall refused, for those who watch it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from accounts.models import AccessEntry
from accounts.purposes import Purpose
from accounts.trail import describe
from customers.paging import newest_page
from relations import wall
from relations.models import WallHit
from relations.reports.groups_ends import cover_end_lines
from relations.services import groups_ends
from relations.views.groups import places_of
from relations.words import groups as words

PERMISSIONS = ("customers.view_customer", "relations.keep_customer")


class CoverEndList(PermissionRequiredMixin, TemplateView):
    """Whose group cover ends among the reader's customers, the newest first."""

    permission_required = PERMISSIONS
    raise_exception = True
    template_name = "relations/cover_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        viewer = self.request.user
        page = newest_page(wall.cover_ends_for(viewer).select_related("member"), **places_of(self.request))
        describe(kind=AccessEntry.Kind.LIST)
        lines = cover_end_lines(page.rows, viewer, timezone.localdate())
        return super().get_context_data(page=page, lines=lines, **kwargs)


@require_POST
@permission_required(PERMISSIONS, raise_exception=True)
def cover_end_see(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the planner has seen it."""
    end = get_object_or_404(wall.cover_ends_for(request.user), pk=pk)
    try:
        groups_ends.see_cover_end(cover_end=end, by=request.user, at=timezone.now())
    except groups_ends.AlreadySeen:
        messages.warning(request, _("It was noted before."))
    else:
        messages.success(request, _("It was noted that you have seen it."))
    return redirect("relations:cover-end-list")


class WallHitList(PermissionRequiredMixin, TemplateView):
    """What the purpose wall refused, the newest first."""

    permission_required = "relations.view_wallhit"
    raise_exception = True
    template_name = "relations/wall_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        page = newest_page(WallHit.objects.select_related("by__branch"), **places_of(self.request))
        lines = [_hit_line(hit) for hit in page.rows]
        return super().get_context_data(page=page, lines=lines, **kwargs)


def _hit_line(hit: WallHit) -> tuple[WallHit, str, str, str]:
    """A refusal, its purpose, what was asked for, and the clause, in words."""
    return hit, str(Purpose(hit.purpose).label), words.asked(hit.asked), words.clause(hit.clause)
