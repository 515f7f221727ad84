"""Pairs that the engine leaves to a person: the heaviest first, and one with its reckoning."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET
from django.views.generic import TemplateView

from customers.formats import amount
from customers.models import Pair
from customers.paging import bounded_count
from customers.reports.match_pairs import heaviest_page, pair_lines, pair_report, with_records


class PairList(PermissionRequiredMixin, TemplateView):
    """The pairs of one state, the heaviest first; state and place stand in the address."""

    permission_required = "customers.view_pair"
    raise_exception = True
    template_name = "customers/match_pair_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        state = query.get("state", "")
        if state not in Pair.State.values:
            state = Pair.State.OPEN.value
        pairs = Pair.objects.filter(state=state)
        page = heaviest_page(with_records(pairs), after=query.get("after", ""), before=query.get("before", ""))
        count, is_exact = bounded_count(pairs)
        exact = ngettext("%(count)s pair", "%(count)s pairs", count)
        sentence = exact if is_exact else _("more than %(count)s pairs")
        return super().get_context_data(
            states=[(each.value, each.label, each.value == state) for each in Pair.State],
            state=state,
            page=page,
            lines=pair_lines(page.pairs, self.request.user),
            summary=sentence % {"count": amount(count)},
            **kwargs,
        )


@require_GET
@permission_required("customers.view_pair", raise_exception=True)
def pair_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A pair: its two records side by side, and why it weighs what it weighs."""
    pair = get_object_or_404(with_records(Pair.objects.all()), pk=pk)
    return render(
        request, "customers/match_pair_detail.html", {"report": pair_report(pair, request.user), "pair": pair}
    )
