"""Registering a prospect on one page: type, hear the answer, say what was consented to, get the receipt.

What is typed goes in the body of the request, never in its address. The page is the same whoever is in the way: nothing
of it but the word and the branch to ask follows from the person who was found.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import AccessEntry
from accounts.trail import describe
from customers import wording
from customers.feeds.reasons import ROW_REASONS
from customers.services.intake import CannotRead
from customers.services.locks import StockBusy
from relations.forms.prospects import AcquisitionForm, PersonForm, StatementForm
from relations.models import Prospect
from relations.reports.prospects import AnswerReport, answer_report
from relations.services.prospects import HoldsResidentNumber, UnfitConsent, register_prospect
from relations.services.prospects_checks import TooManyChecks, TooManyOfNumber, check_prospect, wait_as_long
from relations.services.prospects_taking import read_person
from relations.views.prospects import add_errors

CHECK, REGISTER, ASK = "check", "register", "ask"
TOO_MANY: Mapping[type[Exception], Promise] = {
    TooManyChecks: gettext_lazy("You have had as many answers as one gets in a day. Go on tomorrow."),
    TooManyOfNumber: gettext_lazy("You have asked about this mobile as often as one may in a day. Go on tomorrow."),
}


@dataclass
class Forms:
    """The forms of the page; those of acquisition and statement appear with the answer."""

    person: PersonForm
    acquisition: AcquisitionForm | None = None
    statement: StatementForm | None = None


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(["relations.view_prospect", "relations.register_prospect"], raise_exception=True)
def prospect_register(request: HttpRequest) -> HttpResponse:
    """The page of registration; `step` of the body says how far it is."""
    if request.method != "POST":
        return _page(request, Forms(PersonForm()))
    step = request.POST.get("step", CHECK)
    describe(kind=AccessEntry.Kind.SEARCH)
    return _register(request, is_asked=step == ASK) if step in (REGISTER, ASK) else _check(request)


def _check(request: HttpRequest) -> HttpResponse:
    forms = Forms(PersonForm(request.POST))
    if not forms.person.is_valid():
        return _page(request, forms)
    now = timezone.now()
    try:
        _readable(forms.person)
        answer = check_prospect(cells=forms.person.cells, by=request.user, at=now)
    except CannotRead as problem:
        return _unread(request, forms, problem)
    except tuple(TOO_MANY) as problem:
        forms.person.add_error(None, TOO_MANY[type(problem)])
        return _page(request, forms)
    return _answered(request, forms, answer_report(answer, request.user))


def _readable(person: PersonForm) -> None:
    """Raises CannotRead where a registration could not read what was typed, so that nothing is asked at all."""
    read_person({column: text for column, text in person.cells.items() if text}, timezone.now())


def _register(request: HttpRequest, *, is_asked: bool) -> HttpResponse:
    began = time.monotonic()
    forms = Forms(PersonForm(request.POST), AcquisitionForm(request.POST), StatementForm(request.POST))
    wanted = [forms.person, forms.acquisition, *([forms.statement] if is_asked else [])]
    if not is_asked:
        forms.statement = StatementForm()
    refused = [form for form in wanted if not form.is_valid()]  # each of them, so that all errors are told at once
    if refused:
        return _page(request, forms, is_asked=is_asked)
    try:
        done = register_prospect(
            cells=forms.person.cells,
            acquisition=forms.acquisition.acquisition,
            by=request.user,
            at=timezone.now(),
            statement=forms.statement.cleaned_data["statement"] if is_asked else "",
        )
    except CannotRead as problem:
        return _unread(request, forms, problem, is_asked=is_asked)
    except (UnfitConsent, HoldsResidentNumber, StockBusy) as problem:
        add_errors(forms.acquisition, problem)
        return _page(request, forms, is_asked=is_asked)
    except tuple(TOO_MANY) as problem:
        forms.person.add_error(None, TOO_MANY[type(problem)])
        return _page(request, forms, is_asked=is_asked)
    if done.prospect is None:
        wait_as_long(began)
        return _answered(request, forms, answer_report(done.answer, request.user))
    return _received(request, done.prospect)


def _received(request: HttpRequest, prospect: Prospect) -> HttpResponse:
    describe(kind=AccessEntry.Kind.CHANGE)
    if prospect.state == Prospect.State.ACTIVE:
        messages.success(request, _("The prospect was registered. This is the receipt."))
        return redirect("relations:prospect-receipt", prospect.pk)
    messages.success(request, _("The question is before the desk. It answers by the next working day."))
    return redirect("relations:prospect-detail", prospect.pk)


def _answered(request: HttpRequest, forms: Forms, report: AnswerReport) -> HttpResponse:
    """The page with the answer, and what can be done next."""
    forms.acquisition = forms.acquisition or AcquisitionForm()
    forms.statement = forms.statement or StatementForm()
    return _page(request, forms, report=report, is_asked=not report.is_free)


def _unread(request: HttpRequest, forms: Forms, refused: CannotRead, *, is_asked: bool = False) -> HttpResponse:
    """What could not be read, at the field where it stands."""
    for item, code, _is_used in refused.problems:
        field = item if item in forms.person.fields else None
        forms.person.add_error(field, str(ROW_REASONS.get(code) or wording.problem(code)))
    return _page(request, forms, is_asked=is_asked)


def _page(
    request: HttpRequest, forms: Forms, *, report: AnswerReport | None = None, is_asked: bool = False
) -> HttpResponse:
    context = {"person": forms.person, "acquisition": forms.acquisition, "statement": forms.statement}
    context |= {"report": report, "is_asked": is_asked, "form": forms.person}
    return render(request, "relations/prospect_register.html", context)
