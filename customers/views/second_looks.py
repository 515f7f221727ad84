"""Second looks: giving the next one, and how often first and second steward agree."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView

from customers.formats import amount
from customers.forms.second_looks import SecondLookForm
from customers.models import SecondLook
from customers.paging import bounded_count
from customers.reports.second_looks import look_report, quality_report
from customers.services import second_looks

CANNOT_LOOK = {
    second_looks.AlreadyLooked: gettext_lazy("Somebody else gave this second look meanwhile. Nothing was kept."),
    second_looks.OwnDecision: gettext_lazy("You made this decision. Somebody else takes the second look."),
    second_looks.NothingToLookAt: gettext_lazy("The decision was taken back meanwhile. Nothing was kept."),
}


class SecondLookList(PermissionRequiredMixin, TemplateView):
    """How often first and second looks agree: the reader's own decisions, or those of the team."""

    permission_required = "customers.decide_pair"
    raise_exception = True
    template_name = "customers/second_look_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(
            report=quality_report(self.request.user, timezone.now()), waiting=_waiting(self.request), **kwargs
        )


def _waiting(request: HttpRequest) -> str:
    """How many looks wait for the reader, '' where none does."""
    count, is_exact = bounded_count(second_looks.waiting_for(request.user))
    if not count:
        return ""
    exact = ngettext("%(count)s second look waits", "%(count)s second looks wait", count)
    sentence = exact if is_exact else _("More than %(count)s second looks wait")
    return sentence % {"count": amount(count)}


@require_GET
@never_cache
@permission_required("customers.decide_pair", raise_exception=True)
def second_look_next(request: HttpRequest) -> HttpResponse:
    """The two records of a colleague's decision, to be judged without knowing it."""
    look = second_looks.take_second_look(by=request.user)
    report = look_report(look, request.user) if look else None
    return render(request, "customers/second_look_next.html", {"report": report, "form": SecondLookForm()})


@require_POST
@permission_required("customers.decide_pair", raise_exception=True)
def second_look_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a second look, and go on to the next one."""
    look, form = get_object_or_404(SecondLook, pk=pk), SecondLookForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nothing was kept: choose one of the answers, and keep the comment short."))
        return redirect("customers:second-look-next")
    try:
        given = second_looks.answer_second_look(look=look, by=request.user, at=timezone.now(), **form.cleaned_data)
    except tuple(CANNOT_LOOK) as problem:
        messages.warning(request, CANNOT_LOOK[type(problem)])
    else:
        messages.success(request, _said(given))
    return redirect("customers:second-look-next")


def _said(look: SecondLook) -> str:
    if second_looks.agrees(look):
        return _("Your second look was kept. It agrees with the first decision.")
    return _("Your second look was kept. It disagrees with the first decision, whose author was told.")
