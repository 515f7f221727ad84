"""Changing a matching model by hand, rehearsing it on today's stock, and taking a change back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from django.views.generic import FormView

from customers.dedup.drafting import UnfitDraft
from customers.forms import MatchDraftForm
from customers.models import MatchModel, Rehearsal
from customers.paging import is_id
from customers.reports.match_models import model_line
from customers.reports.match_rehearsals import publishing, rehearsal_report, sample_report
from customers.services import match_drafts, match_models, match_rehearsals


def _rehearsals() -> QuerySet[Rehearsal]:
    """The rehearsals of matching models, with the people who asked for them."""
    return Rehearsal.objects.filter(kind=Rehearsal.Kind.MATCHING).select_related("match_model", "requested_by")


class MatchModelDraft(PermissionRequiredMixin, FormView):
    """A new draft from a version, which stands in the address; from the one in use where it does not."""

    permission_required = "customers.add_matchmodel"
    raise_exception = True
    template_name = "customers/match_model_draft.html"

    def get_form(self, form_class: type[MatchDraftForm] | None = None) -> MatchDraftForm:
        self.base = self._base()
        model = match_models.model_of(self.base.version if self.base else 0)
        return MatchDraftForm(self.request.POST or None, model=model)

    def _base(self) -> MatchModel | None:
        """The version to start from, as it stood in the address or, once it was sent, in the form."""
        version = self.request.POST.get("base", self.request.GET.get("base", ""))
        try:
            return match_drafts.base_of(int(version) if is_id(version) else None)
        except match_drafts.NoWeights:
            raise Http404 from None

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        return context | {"line": model_line(self.base, is_live=self.base is None)}

    def form_valid(self, form: MatchDraftForm) -> HttpResponse:
        try:
            model = match_drafts.draft_match_model(
                by=self.request.user,
                at=timezone.now(),
                cuts=form.new_cuts,
                weights=form.new_weights,
                keys_off=form.keys_off,
                comment=form.cleaned_data["comment"],
                base=self.base.version if self.base else 0,
            )
        except match_drafts.NothingChanged:
            form.add_error(None, _("Nothing differs from the version that you started from."))
        except (UnfitDraft, match_drafts.UnknownSource):
            form.add_error(None, _("These figures make no model. Nothing was kept."))
        else:
            messages.success(self.request, _("The draft was made. Rehearse it on today's stock."))
            return redirect("customers:match-model-detail", version=model.version)
        return self.form_invalid(form)


@require_POST
@permission_required("customers.add_matchmodel", raise_exception=True)
def match_model_rehearse(request: HttpRequest, version: int) -> HttpResponse:
    """Let a worker rehearse a draft, or show the rehearsal that waits or is at work."""
    model, before = get_object_or_404(MatchModel, version=version), timezone.now()
    try:
        rehearsal = match_rehearsals.request_rehearsal(model=model, by=request.user, at=before)
    except match_rehearsals.NotADraft:
        messages.warning(request, _("This version is no draft, so there is nothing to rehearse."))
        return redirect("customers:match-model-detail", version=version)
    if rehearsal.requested_at < before:
        messages.info(request, _("This draft is being rehearsed already; this is it."))
    else:
        messages.success(request, _("The rehearsal was queued. It leaves the stock as it is."))
    return redirect("customers:match-rehearsal-detail", pk=rehearsal.pk)


@require_GET
@vary_on_headers("HX-Request", "HX-Target")
@permission_required("customers.view_matchmodel", raise_exception=True)
def match_rehearsal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A rehearsal: its progress, then what would change, with the samples of one kind. The part is asked for again
    until it has ended."""
    rehearsal = get_object_or_404(_rehearsals(), pk=pk)
    report = rehearsal_report(rehearsal, request.user, kind=request.GET.get("show", ""))
    is_part = bool(request.htmx) and request.htmx.target == "match-rehearsal"
    template = "customers/_match_rehearsal.html" if is_part else "customers/match_rehearsal_detail.html"
    context = {
        "rehearsed": report,
        "rehearsal": rehearsal,
        "line": model_line(rehearsal.match_model),
        "publishing": publishing(rehearsal.match_model, request.user),
        "is_part": is_part,
    }
    return render(request, template, context)


@require_GET
@permission_required("customers.view_matchmodel", raise_exception=True)
def match_sample_detail(request: HttpRequest, pk: int, kind: str, number: int) -> HttpResponse:
    """An example of what would change: two records side by side, and why they weigh what they would weigh."""
    rehearsal = get_object_or_404(_rehearsals(), pk=pk)
    report = sample_report(rehearsal, kind, number, request.user)
    if report is None:
        raise Http404
    context = {"report": report, "rehearsal": rehearsal, "kind": kind, "line": model_line(rehearsal.match_model)}
    return render(request, "customers/match_rehearsal_sample.html", context)


@require_POST
@permission_required("customers.publish_matchmodel", raise_exception=True)
def match_model_roll_back(request: HttpRequest) -> HttpResponse:
    """Let the version come back that the one in use took the place of. Field: seen, which that was on the page."""
    seen = request.POST.get("seen", "")
    try:
        earlier = match_models.roll_back_match_model(
            by=request.user, at=timezone.now(), seen=int(seen) if is_id(seen) else None
        )
    except match_models.AnotherIsLive:
        messages.warning(request, _("Something changed since you looked. Nothing was done; this is how it is now."))
        return redirect("customers:match-model-list")
    except match_models.NothingToRollBack:
        messages.warning(request, _("The model that Hannun brings is in use; there is none before it."))
        return redirect("customers:match-model-list")
    messages.success(request, _("The earlier version is in use again. The next run weighs all links by it."))
    return redirect("customers:match-model-detail", version=earlier.version if earlier else 0)
