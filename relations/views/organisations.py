"""Organisations: their list, and one organisation with all that is kept of it."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET
from django.views.generic import TemplateView

from accounts.exporting.lists import export_address
from accounts.models import AccessEntry
from accounts.trail import describe
from customers.asked import kept_words
from customers.formats import amount
from customers.models import Customer
from customers.paging import MOST_COUNTED, bounded_count, page_of
from customers.reading import Place
from relations.forms.organisations import DayForm
from relations.organisation_filters import organisation_filter
from relations.reports.organisation_lists import FIELDS, organisation_lines
from relations.reports.organisations import organisation_report

MANY = 1_000  # of so many the first few are found soonest one after the other
SEEN = ("customers.view_customer", "relations.view_organisation")


class OrganisationList(PermissionRequiredMixin, TemplateView):
    """The organisations in the reader's scope by name: filters and place stand in the address."""

    permission_required = SEEN
    raise_exception = True
    template_name = "relations/organisation_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, viewer = self.request.GET, self.request.user
        narrowed = organisation_filter(query, viewer)
        count, is_exact = bounded_count(narrowed.qs)
        rows = narrowed.page_qs if count > MANY else narrowed.qs
        page = page_of(
            rows.select_related("main_branch", "keeper").only(*FIELDS),
            scope=narrowed.queryset,
            sort="name",
            is_descending=False,
            after=query.get("after", ""),
            before=query.get("before", ""),
        )
        describe(kind=AccessEntry.Kind.LIST, conditions=kept_words(narrowed.condition), count=count)
        return super().get_context_data(
            filter=narrowed,
            active_filters=[(active, self._without(active.name)) for active in narrowed.active],
            page=page,
            lines=organisation_lines(page.customers, viewer, Place.LIST),
            summary=_summary(count, is_exact),
            export_url=export_address(viewer, "organisations", narrowed.condition),
            **kwargs,
        )

    def _without(self, word: str) -> str:
        kept = self.request.GET.copy()
        for name in (word, "after", "before"):
            kept.pop(name, None)
        return f"?{kept.urlencode()}"


def _summary(count: int, is_exact: bool) -> str:
    exact = ngettext("%(count)s organisation", "%(count)s organisations", count)
    sentence = exact if is_exact else _("more than %(count)s organisations")
    return sentence % {"count": amount(count if is_exact else MOST_COUNTED)}


@require_GET
@permission_required(SEEN, raise_exception=True)
def organisation_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One organisation as of a day; a retired number leads to its survivor."""
    visible = Customer.objects.visible_to(request.user).filter(kind="ORG")
    organisation = visible.with_holders().filter(number=number, state=Customer.State.ACTIVE).first()
    if organisation is None:
        survivor = get_object_or_404(visible, absorbed__number=number, state=Customer.State.ACTIVE)
        return redirect("relations:organisation-detail", survivor.number)
    form = DayForm(request.GET)
    report = organisation_report(organisation, request.user, form.day)
    context = {
        "customer": organisation,
        "dossier": report.dossier,
        "report": report,
        "form": form,
        "is_today": form.day == timezone.localdate(),
    }
    return render(request, "relations/organisation_detail.html", context)
