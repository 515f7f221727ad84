"""The board of contacts for compliance, and stops for the whole company."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from accounts.models import AccessEntry
from accounts.trail import describe
from consent.forms.stops import StopEndForm, StopForm
from consent.models import ContactStop
from consent.reports import contact_board as reports
from consent.reports.contact import decision_lines
from consent.reports.do_not_call import register_of
from consent.services import stops
from customers.paging import newest_page

SEEN = ("customers.view_customer", "consent.view_contactstop")


class ContactBoard(PermissionRequiredMixin, TemplateView):
    """What is stopped, which registrations end, and what was answered today."""

    permission_required = "consent.view_contactstop"
    raise_exception = True
    template_name = "consent/contact_board.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        register = register_of(timezone.localdate()) if self._sees_register() else None
        board = reports.contact_board(timezone.now())
        return super().get_context_data(board=board, register=register, **kwargs)

    def _sees_register(self) -> bool:
        return self.request.user.has_perm("consent.view_donotcallnumber")


class StopMake(PermissionRequiredMixin, FormView):
    """Stop a purpose, a channel or both for the whole company."""

    permission_required = ("consent.view_contactstop", "consent.stop_contacts")
    raise_exception = True
    template_name = "consent/stop_make.html"
    form_class = StopForm

    def form_valid(self, form: StopForm) -> HttpResponse:
        try:
            made = stops.stop_contacts(by=self.request.user, at=timezone.now(), **form.cleaned_data)
        except stops.AlreadyStopped:
            form.refuse(None, _("This is stopped already."))
            return self.form_invalid(form)
        messages.success(
            self.request, _("Contacts are stopped from this moment on. Those who watch over it were told.")
        )
        return redirect("consent:stop-detail", pk=made.pk)


class StopDetail(PermissionRequiredMixin, FormView):
    """A stop, what would have gone out, and its end."""

    permission_required = SEEN
    raise_exception = True
    template_name = "consent/stop_detail.html"
    form_class = StopEndForm

    @cached_property
    def stop(self) -> ContactStop:
        return get_object_or_404(reports.stops(), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        places = {name: self.request.GET.get(name, "") for name in ("older_than", "newer_than")}
        rows = reports.held_back_by(self.stop).select_related("purpose", "asked_by", "ask__asked_by")
        page = newest_page(rows, **places)
        describe(kind=AccessEntry.Kind.LIST)
        return super().get_context_data(
            line=reports.stop_line(self.stop),
            page=page,
            decisions=decision_lines(page.rows, self.request.user),
            **kwargs,
        )

    def has_permission(self) -> bool:
        is_end = self.request.method == "POST"
        return super().has_permission() and (not is_end or self.request.user.has_perm("consent.stop_contacts"))

    def form_valid(self, form: StopEndForm) -> HttpResponse:
        try:
            stops.end_stop(stop=self.stop, by=self.request.user, at=timezone.now(), **form.cleaned_data)
        except stops.AlreadyEnded:
            messages.warning(self.request, _("This stop was over already."))
        else:
            messages.success(
                self.request, _("The stop was ended. Contacts may be made again as far as nothing else stands.")
            )
        return redirect("consent:stop-detail", pk=self.stop.pk)
