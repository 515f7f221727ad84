"""The consents of one customer: what holds, every receipt, recording answers, taking them back."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from consent.forms.consents import MOMENT, ReceiptForm, WithdrawForm, instant_of
from consent.models import ConsentConflict, Receipt
from consent.numbers import numbers_on
from consent.reports.consents import numbers_of, receipt_lines, receipts_about, state_report
from consent.reports.consents_asking import Asked, asked_on, standing_keys
from consent.rules.consents import needs_representative, written_receipt
from consent.services import consents as services
from consent.services.consents_checks import NothingAnswered, Refused
from consent.state import Key, held
from consent.words.consents import REFUSALS
from customers import formats
from customers.models import Customer
from customers.paging import newest_page
from customers.reading import Place, Reading, read


class OfCustomer(PermissionRequiredMixin):
    """A page about the consents of one active customer in the reader's scope."""

    permission_required: tuple[str, ...] = ("customers.view_customer", "consent.view_consent")
    raise_exception = True

    @cached_property
    def customer(self) -> Customer:
        visible = Customer.objects.visible_to(self.request.user).filter(state=Customer.State.ACTIVE)
        return get_object_or_404(visible.with_holders(), number=self.kwargs["number"])

    @cached_property
    def reading(self) -> Reading:
        return read(self.customer, self.request.user, Place.PROFILE)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(customer=self.customer, reading=self.reading, **kwargs)

    def get_success_url(self) -> str:
        return reverse("consent:receipt-list", args=[self.customer.number])


class ReceiptList(OfCustomer, TemplateView):
    """What holds now, or at the instant `as_of` (in Korean time), and every receipt, the newest first. Query: as_of;
    older_than, newer_than: ids of receipts."""

    template_name = "consent/receipt_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        now, query = timezone.now(), self.request.GET
        asked = instant_of(query.get("as_of", ""))
        at, numbers = asked or now, numbers_of(self.customer)
        places = {name: query.get(name, "") for name in ("older_than", "newer_than")}
        page = newest_page(receipts_about(numbers), **places)
        conflicts = ConsentConflict.objects.filter(customer=self.customer, closed_at=None)
        return super().get_context_data(
            report=state_report(self.customer, self.reading, at),
            is_past=asked is not None,
            moment=formats.moment(at),
            as_of=timezone.localtime(at).strftime(MOMENT),
            page=page,
            receipts=receipt_lines(page.rows, self.customer, self.reading, self.request.user),
            conflict_count=conflicts.count(),
            **kwargs,
        )


class ReceiptRecord(OfCustomer, FormView):
    """Record what the customer answered: filled in, shown as the changes that it makes, then recorded."""

    permission_required = (*OfCustomer.permission_required, "consent.record_consent")
    template_name = "consent/receipt_record.html"
    form_class = ReceiptForm

    @cached_property
    def asked(self) -> list[Asked]:
        return asked_on(timezone.localdate())

    def get_form_kwargs(self) -> dict[str, object]:
        state: dict[Key, object] = held([self.customer.pk], timezone.now())[self.customer.pk]
        return super().get_form_kwargs() | {"viewer": self.request.user, "asked": self.asked, "state": state}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        today = timezone.localdate()
        age = numbers_on(today)["guardian_age"]
        is_child = needs_representative(self.customer.birth_date, today, age)
        return super().get_context_data(is_child=is_child, guardian_age=age, **kwargs)

    def form_valid(self, form: ReceiptForm) -> HttpResponse:
        if not form.answers:
            form.refuse(*REFUSALS[NothingAnswered])
            return self.form_invalid(form)
        if self.request.POST.get("seen") != form.mark:
            return self.render_to_response(self.get_context_data(form=form, changes=form.changes, mark=form.mark))
        try:
            receipt = self._record(form)
        except (Refused, services.KeyUsed) as problem:
            form.refuse(*REFUSALS[type(problem)])
            return self.form_invalid(form)
        told = {"number": written_receipt(receipt.number)}
        messages.success(self.request, _("The answers were recorded. Receipt %(number)s.") % told)
        return redirect(self.get_success_url())

    def _record(self, form: ReceiptForm) -> Receipt:
        words = ("method", "answered_at", "by_role", "representative", "evidence", "evidence_digest")
        return services.record_receipt(
            customer=self.customer,
            answers=form.answers,
            by=self.request.user,
            at=timezone.now(),
            key=str(form.cleaned_data["key"]),
            branch=self.request.user.branch,
            **{name: form.cleaned_data[name] for name in words},
        )


class ConsentWithdraw(OfCustomer, FormView):
    """Take consents back: one page, everything unless something is left out."""

    permission_required = (*OfCustomer.permission_required, "consent.withdraw_consent")
    template_name = "consent/consent_withdraw.html"
    form_class = WithdrawForm

    @cached_property
    def keys(self) -> list[Key]:
        return standing_keys(numbers_of(self.customer), timezone.now())

    def get_form_kwargs(self) -> dict[str, object]:
        return super().get_form_kwargs() | {"keys": self.keys}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(is_any=bool(self.keys), **kwargs)

    def form_valid(self, form: WithdrawForm) -> HttpResponse:
        told = form.cleaned_data
        try:
            receipt = services.withdraw(
                customer=self.customer,
                by=self.request.user,
                at=timezone.now(),
                purposes=list(told["purposes"]),
                channel=told["channel"] or None,
                via=told["via"],
                said_at=told["said_at"],
                method=told["method"],
            )
        except Refused as problem:
            form.refuse(*REFUSALS[type(problem)])
            return self.form_invalid(form)
        if receipt is None:
            messages.warning(self.request, _("There was nothing left to withdraw."))
        else:
            number = {"number": written_receipt(receipt.number)}
            messages.success(self.request, _("Withdrawn, from this moment on. Receipt %(number)s.") % number)
        return redirect(self.get_success_url())
