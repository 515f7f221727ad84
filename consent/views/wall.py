"""The view of the whole company, for compliance and privacy."""

from __future__ import annotations

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.utils import timezone
from django.views.generic import TemplateView

from consent.reports.breaches import open_breaches
from consent.reports.wall import figures
from consent.reports.wall_charts import charts
from consent.words.wall import GROUPS


class WallView(PermissionRequiredMixin, TemplateView):
    """What is late, due today and under way, and charts of the whole company."""

    permission_required = ("consent.view_legalnumber", "consent.view_consent")
    raise_exception = True
    template_name = "consent/wall.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        now, viewer = timezone.now(), self.request.user
        found = figures(viewer, now)
        return super().get_context_data(
            groups=[(code, title, [one for one in found if one.group == code]) for code, title in GROUPS.items()],
            breaches=open_breaches(now) if viewer.has_perm("consent.view_breach") else [],
            charts=charts(now),
            **kwargs,
        )
