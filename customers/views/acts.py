"""The log of acts: what people and rules decided about customers, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView

from accounts.exporting.lists import export_address
from accounts.models import AccessEntry
from accounts.trail import describe
from customers.asked import kept_words
from customers.formats import amount
from customers.forms.merges import ActFilterForm, QuestionsForm
from customers.models import Act
from customers.paging import bounded_count, newest_page
from customers.reports.acts import ActReport, act_lines, act_report, narrowed_acts, permission_of, refusal_of
from customers.reports.second_looks import look_note
from customers.services import locks, taking_back, unmerges
from customers.services.acting import AlreadyTakenBack

CANNOT_TAKE_BACK: dict[type[Exception], Promise] = {
    AlreadyTakenBack: gettext_lazy("Somebody took the act back meanwhile. Nothing was done."),
    taking_back.NotToBeTakenBack: gettext_lazy("Acts of this kind are not taken back."),
    taking_back.LaterActsFirst: gettext_lazy("Later acts rest on this one. Take those back first."),
    unmerges.AnswersMissing: gettext_lazy("Another record came meanwhile. Nothing was done; it is asked about now."),
    locks.StockBusy: gettext_lazy(
        "A feed or a match run is writing just now. Nothing was done; try again in a moment."
    ),
}


def _acts() -> QuerySet[Act]:
    return Act.objects.select_related("by", "bulk", "pair", "proposal__decided_by", "taken_back_by", "takes_back")


class ActList(PermissionRequiredMixin, TemplateView):
    """The acts, newest first; filters and place stand in the address."""

    permission_required = "customers.view_act"
    raise_exception = True
    template_name = "customers/act_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        form = ActFilterForm(query)
        acts = narrowed_acts(form.words, self.request.user)
        places = {"older_than": query.get("older_than", ""), "newer_than": query.get("newer_than", "")}
        page = newest_page(acts.select_related("by"), **places)
        count, is_exact = bounded_count(acts)
        describe(kind=AccessEntry.Kind.LIST, conditions=kept_words(form.words), count=count)
        exact = ngettext("%(count)s act", "%(count)s acts", count)
        sentence = exact if is_exact else _("more than %(count)s acts")
        return super().get_context_data(
            form=form,
            is_narrowed=bool(form.words),
            page=page,
            lines=act_lines(page.rows, self.request.user),
            export_url=export_address(self.request.user, "acts", query.dict()),
            summary=sentence % {"count": amount(count)},
            **kwargs,
        )


@require_GET
@permission_required("customers.view_act", raise_exception=True)
def act_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An act in full, and how to take it back."""
    return _page(request, get_object_or_404(_acts(), pk=pk))


def _page(request: HttpRequest, act: Act, report: ActReport | None = None, form: object = None) -> HttpResponse:
    report = report or act_report(act, request.user)
    form = form or QuestionsForm(questions=report.questions)
    context = {"act": act, "report": report, "form": form, "note": look_note(act)}
    return render(request, "customers/act_detail.html", context)


@require_POST
@permission_required("customers.view_act", raise_exception=True)
def act_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an act back, with an answer for every record that came since."""
    act = get_object_or_404(_acts(), pk=pk)
    if not request.user.has_perm(permission_of(act)):
        raise PermissionDenied
    if refusal := refusal_of(act, request.user):
        messages.warning(request, refusal)
        return redirect("customers:act-detail", pk=pk)
    report = act_report(act, request.user)
    form = QuestionsForm(request.POST, questions=report.questions)
    if not form.is_valid():
        return _page(request, act, report, form)
    words = {name: form.cleaned_data[name] for name in ("reason_code", "comment")}
    try:
        taken = taking_back.take_back_act(act=act, by=request.user, at=timezone.now(), answers=form.answers, **words)
    except tuple(CANNOT_TAKE_BACK) as refused:
        messages.warning(request, str(CANNOT_TAKE_BACK[type(refused)]))
        return redirect("customers:act-detail", pk=pk)
    messages.success(request, _("The act was taken back."))
    if taken.details.get("kept"):
        messages.info(request, _("Some numbers stay retired: rules have taken their records elsewhere since."))
    return redirect("customers:act-detail", pk=taken.pk)
