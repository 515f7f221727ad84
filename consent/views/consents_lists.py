"""Consents and their conflicts over all customers that somebody sees."""

from __future__ import annotations

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from accounts.exporting.lists import export_address
from accounts.models import AccessEntry
from accounts.trail import describe
from consent.forms.consents import ConsentFilterForm
from consent.reports.consents_lists import conflict_lines, conflicts, consent_lines, current, lags, with_people
from customers.asked import kept_words
from customers.formats import amount
from customers.paging import bounded_count, newest_page


class ConsentList(PermissionRequiredMixin, TemplateView):
    """The answers that count, the newest first; filters and place stand in the address."""

    permission_required = ("customers.view_customer", "consent.view_consent")
    raise_exception = True
    template_name = "consent/consent_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        now, query, viewer = timezone.now(), self.request.GET, self.request.user
        form, today = ConsentFilterForm(query), timezone.localdate(now)
        rows = current(viewer, form.words, today)
        places = {name: query.get(name, "") for name in ("older_than", "newer_than")}
        page = newest_page(with_people(rows), **places)
        count, is_exact = bounded_count(rows)
        describe(kind=AccessEntry.Kind.LIST, conditions=kept_words(form.condition), count=count)
        return super().get_context_data(
            form=form,
            is_narrowed=bool(form.words),
            page=page,
            lines=consent_lines(page.rows, viewer, today),
            summary=_summary(count, is_exact),
            lags=lags(now),
            export_url=export_address(viewer, "consents", form.condition),
            **kwargs,
        )


def _summary(count: int, is_exact: bool) -> str:
    exact = ngettext("%(count)s answer", "%(count)s answers", count)
    return (exact if is_exact else _("more than %(count)s answers")) % {"count": amount(count)}


class ConflictList(PermissionRequiredMixin, TemplateView):
    """Customers who were merged and had answered differently, the newest conflict first. Query: ended, 1 for those that
    are over; older_than, newer_than."""

    permission_required = ("customers.view_customer", "consent.settle_consentconflict")
    raise_exception = True
    template_name = "consent/conflict_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, viewer = self.request.GET, self.request.user
        is_open = query.get("ended") != "1"
        rows = conflicts(viewer, is_open=is_open)
        places = {name: query.get(name, "") for name in ("older_than", "newer_than")}
        page = newest_page(rows, **places)
        count, is_exact = bounded_count(rows)
        describe(kind=AccessEntry.Kind.LIST, conditions={} if is_open else {"ended": "1"}, count=count)
        conflict = ngettext("%(count)s conflict", "%(count)s conflicts", count)
        summary = (conflict if is_exact else _("more than %(count)s conflicts")) % {"count": amount(count)}
        return super().get_context_data(
            is_open=is_open,
            page=page,
            lines=conflict_lines(page.rows, viewer, timezone.now()),
            summary=summary,
            **kwargs,
        )
