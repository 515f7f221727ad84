"""The standing clean-up: whom to ask what, how far it is, and what came of it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from accounts.models import AccessEntry
from accounts.trail import describe
from consent.forms.cleanup import WHEN, WHOSE, AnswerForm, CleanupFilterForm
from consent.models import CleanupAsk
from consent.reports.cleanup import MOST_A_DAY, TODAY, ask_lines, ask_page, asks_of
from consent.reports.cleanup_progress import KINDS, progress
from consent.services import cleanup
from consent.words.cleanup import LAST_STEP
from customers.asked import kept_words
from customers.formats import amount
from customers.models import Customer, SourceSystem
from customers.paging import PAGE_SIZE, bounded_count, is_id

SEE = ("customers.view_customer", "consent.view_cleanupask")
SAID: dict[str, Promise] = {
    cleanup.DONE: gettext_lazy("Noted as done. The question closes for good when the proof has come."),
    cleanup.REFUSED: gettext_lazy("Noted as refused."),
    cleanup.NOT_REACHED: gettext_lazy("Noted as not reached. The question stays open."),
}


class CleanupList(PermissionRequiredMixin, TemplateView):
    """Whom to ask what, the nearest deadline first. Query: whose, when, kind, source, branch; after, before."""

    permission_required = SEE
    raise_exception = True
    template_name = "consent/cleanup_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, viewer, day = self.request.GET, self.request.user, timezone.localdate()
        form = CleanupFilterForm(query, viewer=viewer)
        rows = asks_of(viewer, form.words, day)
        is_today = form.whose == TODAY
        places = {} if is_today else {"after": query.get("after", ""), "before": query.get("before", "")}
        page = ask_page(rows, most=MOST_A_DAY if is_today else PAGE_SIZE, **places)
        count, is_exact = bounded_count(rows)
        describe(kind=AccessEntry.Kind.LIST, conditions=kept_words(form.condition), count=count)
        return super().get_context_data(
            form=form,
            tabs=[(value, label, value == form.whose) for value, label in WHOSE],
            states=[(value, label, value == form.when) for value, label in WHEN],
            is_today=is_today,
            is_narrowed=bool(form.words.keys() - {"whose", "when"}),
            page=page,
            lines=ask_lines(page.rows, viewer, day),
            summary=_summary(count, is_exact),
            may_answer=viewer.has_perm("consent.answer_cleanupask"),
            here=f"{self.request.path}?{urlencode(form.condition)}",
            **kwargs,
        )


def _summary(count: int, is_exact: bool) -> str:
    exact = ngettext("%(count)s question", "%(count)s questions", count)
    return (exact if is_exact else _("more than %(count)s questions")) % {"count": amount(count)}


class CleanupProgress(PermissionRequiredMixin, TemplateView):
    """How the stock shrinks by source and by branch, and when it is gone. Query: kind; source, an id."""

    permission_required = SEE
    raise_exception = True
    template_name = "consent/cleanup_progress.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        kind, source = query.get("kind", ""), query.get("source", "")
        kind, source = kind if kind in KINDS else "", source if is_id(source) else ""
        describe(kind=AccessEntry.Kind.LIST, conditions=kept_words({"kind": kind, "source": source}))
        report = progress(self.request.user, timezone.localdate(), kind=kind, source=int(source) if source else None)
        return super().get_context_data(
            report=report,
            kinds=[("", _("all"), not kind), *((code, CleanupAsk.Kind(code).label, code == kind) for code in KINDS)],
            sources=[(one, str(one.pk) == source) for one in SourceSystem.objects.order_by("name")],
            last_step=LAST_STEP,
            **kwargs,
        )


@require_POST
@permission_required((*SEE, "consent.answer_cleanupask"), raise_exception=True)
def cleanup_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what came of a question. Fields: outcome; next, the page to go back to."""
    asks = CleanupAsk.objects.filter(customer__in=Customer.objects.visible_to(request.user))
    ask = get_object_or_404(asks.select_related("customer"), pk=pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        _answer(request, ask, form.cleaned_data["outcome"])
    else:
        messages.warning(request, _("Say what came of it. Nothing was noted."))
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect(ask.customer)


def _answer(request: HttpRequest, ask: CleanupAsk, outcome: str) -> None:
    try:
        cleanup.answer_ask(ask=ask, outcome=outcome, by=request.user, at=timezone.now())
    except cleanup.AskClosed:
        messages.warning(request, _("The question was settled meanwhile. Nothing was noted."))
    else:
        messages.success(request, str(SAID[outcome]))
