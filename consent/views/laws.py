"""The pages of the registry of laws: the map, one law, its clauses and what hangs on them."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.generic import TemplateView

from consent.forms.laws import ClauseForm, LawForm, LinkForm, WordingForm
from consent.models import Clause, ClauseLink, Law
from consent.reports.laws import law_map, law_report, laws_due
from consent.services import laws
from customers.formats import day

SEE = "consent.view_law"
EDIT = (SEE, "consent.edit_law")
FACTS = ("name", "cited_as", "area", "successor", "version", "in_force_on", "repealed_on", "review_by", "note")
CANNOT: Mapping[type[Exception], Promise] = {
    laws.CodeTaken: gettext_lazy("There is a law of this code already."),
    laws.OwnSuccessor: gettext_lazy("A law cannot come after itself."),
    laws.ArticleTaken: gettext_lazy("The registry has this article already. Change it instead."),
    laws.AlreadyEnded: gettext_lazy("This wording is over. Change the one of now."),
    laws.StartsBefore: gettext_lazy("The new wording begins after the one of now."),
    laws.LinkedAlready: gettext_lazy("It hangs on this article already."),
}


class LawList(PermissionRequiredMixin, TemplateView):
    """The map of laws by area."""

    permission_required = SEE
    raise_exception = True
    template_name = "consent/law_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(report=law_map(timezone.localdate()), **kwargs)


class LawReviewList(PermissionRequiredMixin, TemplateView):
    """The laws that are to be looked at."""

    permission_required = SEE
    raise_exception = True
    template_name = "consent/law_reviews.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(lines=laws_due(timezone.localdate()), **kwargs)


@require_GET
@permission_required(SEE, raise_exception=True)
def law_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One law with its clauses and what hangs on each."""
    law = get_object_or_404(Law.objects.select_related("successor"), pk=pk)
    return render(request, "consent/law_detail.html", {"report": law_report(law, timezone.localdate())})


@require_http_methods(["GET", "POST"])
@permission_required(EDIT, raise_exception=True)
def law_register(request: HttpRequest) -> HttpResponse:
    """A law that the registry does not have yet."""
    form = LawForm(request.POST or None)
    if form.is_valid():
        try:
            law = laws.register_law(**form.cleaned_data)
        except laws.CodeTaken as problem:
            form.add_error("code", CANNOT[type(problem)])
        else:
            messages.success(request, _("The law was entered. Enter its clauses."))
            return redirect("consent:law-detail", pk=law.pk)
    return _form(request, form, None, _("Enter a law"))


@require_http_methods(["GET", "POST"])
@permission_required(EDIT, raise_exception=True)
def law_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What the registry says of a law, its clauses aside."""
    law = get_object_or_404(Law, pk=pk)
    initial = {name: getattr(law, name) for name in FACTS}
    form = LawForm(request.POST or None, law=law, initial=initial)
    if form.is_valid():
        try:
            laws.edit_law(law=law, **form.cleaned_data)
        except laws.OwnSuccessor as problem:
            form.add_error("successor", CANNOT[type(problem)])
        else:
            messages.success(request, _("The law was changed."))
            return redirect("consent:law-detail", pk=pk)
    return _form(request, form, law, _("Edit the law"))


@require_POST
@permission_required(EDIT, raise_exception=True)
def law_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the law was looked at today, and the registry is right."""
    law = laws.review_law(law=get_object_or_404(Law, pk=pk), on=timezone.localdate())
    messages.success(
        request, _("It was noted that the law was looked at. Next: %(day)s.") % {"day": day(law.review_by)}
    )
    return redirect("consent:law-detail", pk=pk)


@require_http_methods(["GET", "POST"])
@permission_required(EDIT, raise_exception=True)
def clause_add(request: HttpRequest, pk: int) -> HttpResponse:
    """An article that the registry does not have yet."""
    law = get_object_or_404(Law, pk=pk)
    form = ClauseForm(request.POST or None, initial={"starts_on": law.in_force_on})
    if form.is_valid():
        try:
            laws.add_clause(law=law, by=request.user, at=timezone.now(), **form.cleaned_data)
        except laws.ArticleTaken as problem:
            form.add_error("article", CANNOT[type(problem)])
        else:
            messages.success(request, _("The clause was entered. Say what hangs on it."))
            return redirect("consent:law-detail", pk=pk)
    return _form(request, form, law, _("Enter a clause"))


@require_http_methods(["GET", "POST"])
@permission_required(EDIT, raise_exception=True)
def clause_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another wording of an article from a day on; what hangs on it becomes tasks."""
    clause = get_object_or_404(Clause.objects.select_related("law"), pk=pk)
    form = WordingForm(request.POST or None, initial={"summary": clause.summary, "grade": clause.grade})
    if form.is_valid():
        try:
            laws.change_clause(clause=clause, by=request.user, at=timezone.now(), **form.cleaned_data)
        except (laws.AlreadyEnded, laws.StartsBefore) as problem:
            form.add_error(None, CANNOT[type(problem)])
        else:
            messages.success(request, _("The clause was changed. Whoever answers for what hangs on it was told."))
            return redirect("consent:law-detail", pk=clause.law_id)
    hint = _("From that day on it reads so. Each thing that hangs on it becomes a task of whoever answers for it.")
    return _form(request, form, clause.law, _("Change %(article)s") % {"article": clause.article}, hint)


@require_http_methods(["GET", "POST"])
@permission_required(EDIT, raise_exception=True)
def link_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A thing that hangs on an article. Query: article, the one that stands chosen."""
    law = get_object_or_404(Law, pk=pk)
    form = LinkForm(request.POST or None, law=law, initial={"article": request.GET.get("article", "")})
    if form.is_valid():
        try:
            laws.link_clause(law=law, **form.link)
        except laws.LinkedAlready as problem:
            form.add_error("thing", CANNOT[type(problem)])
        else:
            messages.success(request, _("It hangs on the article now."))
            return redirect("consent:law-detail", pk=pk)
    return _form(request, form, law, _("Say what hangs on a clause"))


@require_POST
@permission_required(EDIT, raise_exception=True)
def link_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a thing hang on an article no more."""
    link = get_object_or_404(ClauseLink, pk=pk)
    laws.unlink_clause(link=link)
    messages.success(request, _("It hangs on the article no more."))
    return redirect("consent:law-detail", pk=link.law_id)


def _form(
    request: HttpRequest, form: LawForm | WordingForm | LinkForm, law: Law | None, title: str, hint: str = ""
) -> HttpResponse:
    back = reverse("consent:law-detail", args=[law.pk]) if law else reverse("consent:law-list")
    context = {"form": form, "law": law, "title": title, "subtitle": hint, "back": back}
    return render(request, "consent/law_form.html", context)
