"""Group contracts and their members, behind the purpose wall."""

from __future__ import annotations

from functools import cached_property

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from accounts.models import AccessEntry
from accounts.purposes import purpose_of
from accounts.trail import describe
from customers.asked import kept_words
from customers.models import Contract, Customer
from customers.paging import OldestPage, newest_page, oldest_page
from relations import wall
from relations.forms.rosters import GroupFilterForm, MemberFilterForm
from relations.people import faces
from relations.querysets import GroupMemberQuerySet
from relations.reports import groups as reports
from relations.rules.rosters import SELF

PERMISSIONS = ("customers.view_customer", "relations.view_groupmember")


class BehindWall(PermissionRequiredMixin):
    """A page of what employers gave. Before anything else the wall asks what for: it refuses a purpose whatever the
    roles allow. asked: what it is called on the trail."""

    permission_required = PERMISSIONS
    raise_exception = True
    asked = ""
    members: GroupMemberQuerySet

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.members = wall.members_for(purpose_of(request.user), request.user, self.asked)
        return super().dispatch(request, *args, **kwargs)


def places_of(request: HttpRequest) -> dict[str, str]:
    """Where a page of rows begins, as its address says."""
    return {name: request.GET.get(name, "") for name in ("older_than", "newer_than")}


class GroupList(BehindWall, TemplateView):
    """The group contracts, the newest first. Query: contract_no."""

    asked = "group-list"
    template_name = "relations/group_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        form = GroupFilterForm(self.request.GET)
        groups = reports.visible_groups(self.request.user)
        if form.word:
            groups = groups.filter(contract_no=form.word)
        page = newest_page(groups, **places_of(self.request))
        describe(kind=AccessEntry.Kind.LIST, conditions=kept_words({"contract_no": form.word}))
        return super().get_context_data(
            form=form,
            is_narrowed=bool(form.word),
            page=page,
            lines=reports.group_lines(page.rows, self.members, self.request.user),
            **kwargs,
        )


class GroupDetail(BehindWall, TemplateView):
    """A group contract: how many members it has, and who they are, dependants below their employee."""

    asked = "group-detail"
    template_name = "relations/group_detail.html"

    @cached_property
    def contract(self) -> Contract:
        groups = reports.visible_groups(self.request.user).filter(holder_id__isnull=False)
        return get_object_or_404(groups, pk=self.kwargs["pk"])

    @cached_property
    def organisation(self) -> Customer:
        return Customer.objects.get(pk=self.contract.holder_id)

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """The page of a contract of a visible organisation; any other is not found."""
        return self.render_to_response(self.get_context_data(**kwargs) | {"contract": self.contract})

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        viewer, form = self.request.user, MemberFilterForm(self.request.GET)
        members = self.members.filter(contract=self.contract)
        words, is_shown = form.words, reports.may_see_members(self.organisation, viewer)
        describe(kind=AccessEntry.Kind.LIST, conditions=kept_words(words))
        page = self._page(members if is_shown else members.none(), words)
        figures = reports.figures_of(members)
        return super().get_context_data(
            face=faces(viewer, [self.organisation.pk]).get(self.organisation.pk),
            status=self.contract.get_status_display(),
            tone=reports.TONES.get(self.contract.status, "secondary"),
            figures=figures,
            summary=reports.told(figures),
            form=form,
            is_narrowed=any(words.values()),
            is_shown=is_shown,
            page=page,
            lines=self._lines(members, page.rows, words),
            **kwargs,
        )

    def _page(self, members: GroupMemberQuerySet, words: dict[str, str]) -> OldestPage:
        """Employees; once something is asked for that may be true of dependants, all of whom it is true."""
        wanted = reports.narrowed(members, **words)
        if not (words["relation"] or words["match"]):
            wanted = wanted.filter(relation=SELF)
        return oldest_page(wanted, after=self.request.GET.get("after", ""), before=self.request.GET.get("before", ""))

    def _lines(self, members: GroupMemberQuerySet, rows: tuple, words: dict[str, str]) -> list[reports.MemberLine]:
        is_flat = words["relation"] or words["match"]
        below = members.none() if is_flat else members.filter(principal__in=[row.pk for row in rows])
        below = reports.narrowed(below, state=words["state"], relation="", match="").order_by("pk")
        return reports.member_lines(rows, below, self.organisation, self.request.user)
