"""The gate of the whole stock: how many are in scope, who came and went in the last days, and why."""

from __future__ import annotations

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.utils import timezone
from django.views.generic import TemplateView

from accounts.models import AccessEntry
from accounts.trail import describe
from consent.numbers import numbers_on
from consent.reports.gate import gate_report


class GateBoard(PermissionRequiredMixin, TemplateView):
    """Counts by state, and what moved customers."""

    permission_required = ("customers.view_customer", "consent.view_gatechange")
    raise_exception = True
    template_name = "consent/gate_board.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        now = timezone.now()
        describe(kind=AccessEntry.Kind.LIST)
        return super().get_context_data(
            report=gate_report(self.request.user, now), numbers=numbers_on(timezone.localdate(now)), **kwargs
        )
