"""How prospects were divided among branches."""

from __future__ import annotations

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.utils import timezone
from django.views.generic import TemplateView

from accounts.exporting.lists import export_address
from accounts.models import AccessEntry
from accounts.trail import describe
from customers.asked import kept_words
from relations.forms.prospects import PeriodForm
from relations.reports.fairness import COLUMNS, fairness_report
from relations.words.fairness import HEADS


class FairnessReport(PermissionRequiredMixin, TemplateView):
    """Registrations, answers, decided questions, ends and conversions per branch. Query: first, last, two days."""

    permission_required = ("relations.view_prospect", "relations.view_fairness")
    raise_exception = True
    template_name = "relations/fairness_report.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        form = PeriodForm(self.request.GET)
        is_valid = form.is_valid()
        today = timezone.localdate()
        first, last = (form.cleaned_data.get(name) if is_valid else None for name in ("first", "last"))
        first, last = first or today.replace(month=1, day=1), last or today
        words = {"first": first.isoformat(), "last": last.isoformat()}
        describe(kind=AccessEntry.Kind.LIST, conditions=kept_words(words))
        return super().get_context_data(
            form=form,
            heads=[HEADS[column] for column in COLUMNS],
            report=fairness_report(self.request.user, first, last),
            export_url=export_address(self.request.user, "fairness", words),
            **kwargs,
        )
