"""The do-not-call register: lists taken in, registrations that are over, numbers that changed."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView, TemplateView

from accounts.models import AccessEntry
from accounts.trail import describe
from consent.forms.do_not_call import AGAIN, KEEP, ChangedForm, DecideForm, ListForm
from consent.models import DoNotCallList, DoNotCallNumber
from consent.numbers import numbers_on
from consent.reports import do_not_call as reports
from consent.reports.contact import family_of
from consent.rules.do_not_call import Unreadable
from consent.services import do_not_call
from customers import formats
from customers.models import Customer
from customers.reading import Place, read

SEEN = ("customers.view_customer", "consent.view_donotcallnumber")


class DoNotCallBoard(PermissionRequiredMixin, TemplateView):
    """The register: what holds, what is over by months, whose number changed, which lists were taken in."""

    permission_required = SEEN
    raise_exception = True
    template_name = "consent/do_not_call_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        today = timezone.localdate()
        describe(kind=AccessEntry.Kind.LIST)
        return super().get_context_data(
            register=reports.register_of(today),
            changed=reports.changed_numbers(self.request.user),
            lists=list(reports.lists()),
            months=numbers_on(today)["do_not_call_months"],
            **kwargs,
        )


class DoNotCallLoad(PermissionRequiredMixin, FormView):
    """Take in a list of the register."""

    permission_required = (*SEEN, "consent.load_donotcalllist")
    raise_exception = True
    template_name = "consent/do_not_call_load.html"
    form_class = ListForm

    def form_valid(self, form: ListForm) -> HttpResponse:
        upload = form.cleaned_data["upload"]
        try:
            loaded = do_not_call.load_list(
                content=upload.read(),
                name=upload.name,
                as_of=form.cleaned_data["as_of"],
                by=self.request.user,
                at=timezone.now(),
            )
        except do_not_call.AlreadyLoaded as problem:
            messages.warning(self.request, _("This file was taken in before. Nothing was changed."))
            return redirect("consent:do-not-call-detail", pk=problem.loaded.pk)
        except Unreadable:
            form.refuse("upload", _("This file is no text."))
        except do_not_call.NothingToTake:
            form.refuse("upload", _("No row of this file holds a telephone number and a day."))
        else:
            messages.success(self.request, _("The list was taken in. Its numbers are not called from this moment on."))
            return redirect("consent:do-not-call-detail", pk=loaded.pk)
        return self.form_invalid(form)


class DoNotCallDetail(PermissionRequiredMixin, TemplateView):
    """A list that was taken in, with the rows that were not."""

    permission_required = SEEN
    raise_exception = True
    template_name = "consent/do_not_call_detail.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        found = get_object_or_404(DoNotCallList.objects.select_related("loaded_by"), pk=self.kwargs["pk"])
        return super().get_context_data(loaded=found, rejects=reports.reject_lines(found), **kwargs)


class DoNotCallDecide(PermissionRequiredMixin, FormView):
    """Decide about the registrations that ended in a month: a second look, with reason and number."""

    permission_required = (*SEEN, "consent.release_donotcallnumber")
    raise_exception = True
    template_name = "consent/do_not_call_decide.html"
    form_class = DecideForm

    @cached_property
    def month(self) -> date:
        year, month = int(self.kwargs["month"][:4]), int(self.kwargs["month"][5:])
        if not 1 <= month <= 12 or year < 1:
            raise Http404
        return date(year, month, 1)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        today = timezone.localdate()
        count, customer_count = reports.over_in(self.month, today)
        numbers = {"count": count, "customer_count": customer_count, "label": f"{self.month:%Y-%m}"}
        return super().get_context_data(months=numbers_on(today)["do_not_call_months"], **numbers, **kwargs)

    def form_valid(self, form: DecideForm) -> HttpResponse:
        is_kept = form.cleaned_data["decision"] == KEEP
        act = do_not_call.keep_expired if is_kept else do_not_call.release_expired
        words = {name: form.cleaned_data[name] for name in ("count", "reason")}
        try:
            count = act(month=self.month, by=self.request.user, at=timezone.now(), **words)
        except do_not_call.CountChanged as problem:
            told = _("%(count)s registrations of this month wait for a decision. Look again and type that number.")
            form.refuse("count", told % {"count": formats.amount(problem.count)})
            return self.form_invalid(form)
        messages.success(self.request, _said(is_kept, count))
        return redirect("consent:do-not-call-list")


def _said(is_kept: bool, count: int) -> str:
    if is_kept:
        told = ngettext(
            "%(count)s number stays on the register for another term.",
            "%(count)s numbers stay on the register for another term.",
            count,
        )
    else:
        told = ngettext("%(count)s number was released.", "%(count)s numbers were released.", count)
    return told % {"count": formats.amount(count)}


class DoNotCallFollow(PermissionRequiredMixin, FormView):
    """Decide about a registration whose customer has another telephone number by now."""

    permission_required = (*SEEN, "consent.release_donotcallnumber")
    raise_exception = True
    template_name = "consent/do_not_call_follow.html"
    form_class = ChangedForm

    @cached_property
    def customer(self) -> Customer:
        """Whose registration it is, as far as the reader sees that customer. Raises Http404."""
        holder = get_object_or_404(DoNotCallNumber, pk=self.kwargs["pk"], customer__isnull=False).customer
        visible = Customer.objects.visible_to(self.request.user).with_holders()
        return get_object_or_404(visible, pk=holder.merged_into_id or holder.pk)

    @cached_property
    def number(self) -> DoNotCallNumber:
        numbers = DoNotCallNumber.objects.filter(family_of(self.customer))
        return get_object_or_404(numbers, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        reading = read(self.customer, self.request.user, Place.PROFILE)
        return super().get_context_data(number=self.number, customer=self.customer, reading=reading, **kwargs)

    def form_valid(self, form: ChangedForm) -> HttpResponse:
        is_again = form.cleaned_data["decision"] == AGAIN
        act = do_not_call.register_again if is_again else do_not_call.release_number
        words = {"number": self.number, "reason": form.cleaned_data["reason"]}
        try:
            act(by=self.request.user, at=timezone.now(), **words)
        except do_not_call.AlreadyDecided:
            messages.warning(self.request, _("Somebody decided about this registration before."))
        except do_not_call.NoNewNumber:
            form.refuse(None, _("The customer has no other telephone number. Release the old one, or wait."))
            return self.form_invalid(form)
        else:
            messages.success(self.request, _("It was decided about the registration."))
        return redirect("consent:do-not-call-list")
