"""Mappings: the list, trying one on a sample, putting it to use, retiring and copying it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from accounts.styling import styled
from customers.filters import MappingFilter
from customers.forms import MappingEditForm, MappingPublishForm, MappingSampleForm
from customers.models import Mapping
from customers.reports.mappings import mapping_report, sample_report
from customers.services import mappings

MOST_LISTED = 500
CANNOT_PUBLISH = {
    mappings.NotADraft: gettext_lazy("This mapping is no draft any more."),
    mappings.MappingUnfit: gettext_lazy("The definition of this mapping has faults. It was not put to use."),
    mappings.NeverTested: gettext_lazy("Try this mapping on a sample first, with at least one row that is taken in."),
    mappings.NotLive: gettext_lazy("The mapping to be replaced is not in use any more."),
}


class MappingList(PermissionRequiredMixin, TemplateView):
    """All mappings with their state and last test."""

    permission_required = "customers.view_mapping"
    raise_exception = True
    template_name = "customers/mapping_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        narrowed = MappingFilter(self.request.GET, Mapping.objects.select_related("source"))
        styled(narrowed.form)
        found = narrowed.qs.order_by("source__code", "layout", "name", "pk")
        return super().get_context_data(
            filter=narrowed,
            is_narrowed=any(narrowed.form.cleaned_data.values()),
            mappings=found[:MOST_LISTED],
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class MappingTest(PermissionRequiredMixin, FormView):
    """A mapping with its rules; a sample that is sent is read, shown and forgotten."""

    raise_exception = True
    template_name = "customers/mapping_test.html"
    form_class = MappingSampleForm

    def get_permission_required(self) -> tuple[str, ...]:
        return ("customers.change_mapping",) if self.request.method == "POST" else ("customers.view_mapping",)

    @property
    def mapping(self) -> Mapping:
        return get_object_or_404(Mapping.objects.select_related("source"), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        mapping = self.mapping
        publishing = MappingPublishForm(mapping=mapping, initial={"replaces": mappings.forerunner(mapping)})
        return super().get_context_data(
            report=mapping_report(mapping), mapping=mapping, publishing=publishing, **kwargs
        )

    def form_valid(self, form: MappingSampleForm) -> HttpResponse:
        sample = None
        try:
            sample = mappings.test_mapping(
                mapping=self.mapping, sample=form.cleaned_data["sample"], by=self.request.user, at=timezone.now()
            )
        except mappings.SampleRefused as problem:
            form.add_error("sample", str(problem))
        except mappings.MappingUnfit as problem:
            form.add_error(None, list(problem.args))
        except mappings.MappingChanged:
            form.add_error(None, _("Somebody has edited this mapping meanwhile. Test it again."))
        return self.render_to_response(
            self.get_context_data(form=form, sample=sample_report(sample) if sample else None)
        )


class MappingEdit(PermissionRequiredMixin, FormView):
    """The definition of a draft, a line per canonical column."""

    permission_required = "customers.change_mapping"
    raise_exception = True
    template_name = "customers/mapping_edit.html"
    form_class = MappingEditForm

    def get_form(self, form_class: type[MappingEditForm] | None = None) -> MappingEditForm:
        drafts = Mapping.objects.select_related("source").filter(state=Mapping.State.DRAFT)
        self.mapping = get_object_or_404(drafts, pk=self.kwargs["pk"])
        return MappingEditForm(self.request.POST or None, mapping=self.mapping)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"mapping": self.mapping}

    def form_valid(self, form: MappingEditForm) -> HttpResponse:
        try:
            mappings.edit_mapping(
                mapping=self.mapping, definition=form.cleaned_data["definition"], by=self.request.user
            )
        except mappings.NotADraft:
            messages.warning(self.request, CANNOT_PUBLISH[mappings.NotADraft])
        else:
            messages.success(self.request, _("The draft was changed. Test it on a sample."))
        return redirect("customers:mapping-test", pk=self.mapping.pk)


@require_POST
@permission_required("customers.publish_mapping", raise_exception=True)
def mapping_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a tested draft to use. Field: replaces, the live mapping that it takes the place of, if any."""
    mapping = get_object_or_404(Mapping, pk=pk)
    form = MappingPublishForm(request.POST, mapping=mapping)
    if not form.is_valid():
        messages.warning(request, CANNOT_PUBLISH[mappings.NotLive])
        return redirect("customers:mapping-test", pk=pk)
    try:
        mappings.publish_mapping(mapping=mapping, replaces=form.cleaned_data["replaces"], by=request.user)
    except tuple(CANNOT_PUBLISH) as problem:
        messages.warning(request, CANNOT_PUBLISH[type(problem)])
    else:
        messages.success(request, _("The mapping was put to use."))
    return redirect("customers:mapping-test", pk=pk)


@require_POST
@permission_required("customers.publish_mapping", raise_exception=True)
def mapping_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a mapping out of use."""
    mapping = get_object_or_404(Mapping, pk=pk)
    try:
        mappings.retire_mapping(mapping=mapping, by=request.user)
    except mappings.NotLive:
        messages.warning(request, _("This mapping is not in use."))
    else:
        messages.success(request, _("The mapping was retired."))
    return redirect("customers:mapping-test", pk=pk)


@require_POST
@permission_required("customers.add_mapping", raise_exception=True)
def mapping_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new draft from a mapping."""
    mapping = get_object_or_404(Mapping, pk=pk)
    draft = mappings.copy_mapping(mapping=mapping, by=request.user)
    messages.success(request, _("A new draft was made."))
    return redirect("customers:mapping-test", pk=draft.pk)
