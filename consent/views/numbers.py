"""The numbers of the law: what holds, what is planned, setting one from a day on."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django.views.generic import TemplateView

from consent.forms.numbers import NumberForm
from consent.numbers import NUMBERS
from consent.reports.numbers import number_groups, number_line
from consent.services import numbers as services

REFUSED: Mapping[type[Exception], tuple[str, Promise]] = {
    services.TooEarly: ("starts_on", gettext_lazy("Choose a day after today.")),
    services.NotPossible: ("value", gettext_lazy("This number cannot have this value.")),
    services.SameValue: ("value", gettext_lazy("The number has this value on that day already.")),
}


class NumberList(PermissionRequiredMixin, TemplateView):
    """Every number of the law, by what it is about."""

    permission_required = "consent.view_legalnumber"
    raise_exception = True
    template_name = "consent/number_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(groups=number_groups(timezone.localdate()), **kwargs)


@require_http_methods(["GET", "POST"])
@permission_required(("consent.view_legalnumber", "consent.set_legalnumber"), raise_exception=True)
def number_set(request: HttpRequest) -> HttpResponse:
    """Let a number have another value from a day on. Query: name, else the first. Fields: value, starts_on, reason."""
    name = request.GET.get("name", next(iter(NUMBERS)))
    if name not in NUMBERS:
        raise Http404
    form = NumberForm(request.POST if request.method == "POST" else None, name=name)
    if form.is_bound and form.is_valid():
        try:
            services.set_legal_number(name=name, by=request.user, at=timezone.now(), **form.cleaned_data)
        except tuple(REFUSED) as problem:
            field, words = REFUSED[type(problem)]
            form.add_error(field, str(words))
        else:
            messages.success(request, _("The number was set. Others who watch the numbers were told."))
            return redirect(f"{reverse('consent:number-list')}#{name}")
    context = {"form": form, "line": number_line(name, timezone.localdate())}
    return render(request, "consent/number_set.html", context)
