"""The pages of purposes and of those who receive data."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.generic import FormView, TemplateView

from accounts.trail import describe
from consent.forms.purposes import CloseForm, PurposeForm, RecipientForm
from consent.models import Purpose, Recipient
from consent.reports.purposes import purpose_list, purpose_report, recipient_list
from consent.services import purposes

CLOSED = gettext_lazy("The purpose was closed before.")


class PurposeList(PermissionRequiredMixin, TemplateView):
    """All purposes, with the version in use and what lives on it."""

    permission_required = "consent.view_purpose"
    raise_exception = True
    template_name = "consent/purpose_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(report=purpose_list(timezone.now()), **kwargs)


@require_GET
@permission_required("consent.view_purpose", raise_exception=True)
def purpose_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One purpose with all versions of its text."""
    report = purpose_report(get_object_or_404(Purpose, pk=pk), timezone.now())
    return render(request, "consent/purpose_detail.html", {"report": report})


class PurposeOpen(PermissionRequiredMixin, FormView):
    """A new purpose; its text is drafted next."""

    permission_required = ("consent.view_purpose", "consent.draft_text")
    raise_exception = True
    template_name = "consent/purpose_open.html"
    form_class = PurposeForm

    def form_valid(self, form: PurposeForm) -> HttpResponse:
        try:
            purpose = purposes.open_purpose(**form.cleaned_data)
        except purposes.CodeTaken:
            form.add_error("code", _("There is a purpose of this code already."))
            return self.form_invalid(form)
        messages.success(self.request, _("The purpose was opened. Draft its text; nobody is asked before."))
        return redirect("consent:purpose-detail", pk=purpose.pk)


@require_http_methods(["GET", "POST"])
@permission_required(("consent.view_purpose", "consent.publish_text"), raise_exception=True)
def purpose_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask nobody for it any more, with the reason."""
    purpose, now, form = get_object_or_404(Purpose, pk=pk), timezone.now(), CloseForm(request.POST or None)
    if purpose.closed_on is not None:
        messages.warning(request, CLOSED)
        return redirect("consent:purpose-detail", pk=pk)
    if form.is_valid():
        describe(reason=form.cleaned_data["because"])
        try:
            purposes.close_purpose(
                purpose=purpose, by=request.user, on=timezone.localdate(now), at=now, **form.cleaned_data
            )
        except purposes.AlreadyClosed:
            messages.warning(request, CLOSED)
        else:
            messages.success(request, _("The purpose was closed. Nobody is asked for it any more."))
        return redirect("consent:purpose-detail", pk=pk)
    return render(request, "consent/purpose_close.html", {"report": purpose_report(purpose, now), "form": form})


class RecipientList(PermissionRequiredMixin, TemplateView):
    """Everybody who receives data, with the texts that name them."""

    permission_required = "consent.view_purpose"
    raise_exception = True
    template_name = "consent/purpose_recipients.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(lines=recipient_list(), **kwargs)


class RecipientRegister(PermissionRequiredMixin, FormView):
    """Somebody new who receives data."""

    permission_required = ("consent.view_purpose", "consent.draft_text")
    raise_exception = True
    template_name = "consent/purpose_recipient_register.html"
    form_class = RecipientForm

    def form_valid(self, form: RecipientForm) -> HttpResponse:
        try:
            purposes.register_recipient(**form.cleaned_data)
        except purposes.CodeTaken:
            form.add_error("code", _("There is a recipient of this code already."))
            return self.form_invalid(form)
        messages.success(self.request, _("The recipient was registered."))
        return redirect("consent:recipient-list")


@require_POST
@permission_required(("consent.view_purpose", "consent.publish_text"), raise_exception=True)
def recipient_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Let nothing go there any more."""
    recipient = get_object_or_404(Recipient, pk=pk)
    try:
        purposes.close_recipient(recipient=recipient, on=timezone.localdate())
    except purposes.AlreadyClosed:
        messages.warning(request, _("The recipient was closed before."))
    except purposes.StillNamed as problem:
        named = ", ".join(f"{name} v{number}" for name, number in problem.texts)
        messages.warning(
            request, _("Texts in use name this recipient. Replace them first: %(texts)s") % {"texts": named}
        )
    else:
        messages.success(request, _("The recipient was closed."))
    return redirect("consent:recipient-list")
