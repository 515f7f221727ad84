"""May we contact: asking about one customer, and all that stands against contacting one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from accounts.models import AccessEntry
from accounts.trail import describe
from consent.forms.contact import CheckForm, CircumstanceForm, LiftForm, RefusalForm
from consent.models import Channel, Circumstance, ContactRefusal
from consent.numbers import numbers_on
from consent.reports import contact as reports
from consent.services import contact_circumstances, contact_refusals
from consent.services.contacting import may_contact
from customers.models import Customer
from customers.paging import newest_page, oldest_page
from customers.reading import Place, read

SEEN = ("customers.view_customer", "consent.view_contactrefusal")
RECORDS = (*SEEN, "consent.record_contactrefusal")
CANNOT: Mapping[type[Exception], tuple[str | None, Promise]] = {
    contact_refusals.NotHere: (None, gettext_lazy("The customer is no longer in use. Nothing was recorded.")),
    contact_refusals.AlreadyRefused: (None, gettext_lazy("The customer refused the same before, and that stands.")),
    contact_refusals.SaidLater: ("said_at", gettext_lazy("This has not happened yet.")),
    contact_refusals.NotRefused: (None, gettext_lazy("This refusal does not stand any more.")),
    contact_circumstances.AlreadyRecorded: (None, gettext_lazy("This was recorded before, and lasts.")),
    contact_circumstances.StartsLater: ("started_on", gettext_lazy("This has not happened yet.")),
    contact_circumstances.ChannelWrong: (
        "channel",
        gettext_lazy("Name the contact point where one does not reach the customer, and else none."),
    ),
}


class ContactCheck(PermissionRequiredMixin, FormView):
    """Ask whether a customer may be contacted; the answer is shown below the question, and kept."""

    permission_required = ("customers.view_customer", "consent.ask_contact")
    raise_exception = True
    template_name = "consent/contact_check.html"
    form_class = CheckForm

    def get_initial(self) -> dict[str, object]:
        number = self.request.GET.get("number", "")
        return {"number": number} if number.isalnum() else {}

    def form_valid(self, form: CheckForm) -> HttpResponse:
        visible = Customer.objects.visible_to(self.request.user).with_holders()
        customer = visible.filter(number=form.cleaned_data["number"]).first()
        if customer is None:
            form.refuse("number", _("You see no customer of this number."))
            return self.form_invalid(form)
        asked = {name: form.cleaned_data[name] for name in ("channel", "purpose")}
        at = form.cleaned_data["contact_at"]
        verdict = may_contact(customer=customer, at=at, by=self.request.user, **asked)
        reading = read(customer, self.request.user, Place.PROFILE)
        answer = reports.cell_of(verdict, reading)
        channel = str(Channel(asked["channel"]).label)
        context = self.get_context_data(
            form=form, customer=customer, reading=reading, answer=answer, at=at, channel=channel, **_purpose(asked)
        )
        return self.render_to_response(context)


def _purpose(asked: Mapping[str, object]) -> dict[str, str]:
    return {"purpose": reports.words.purpose_name(asked["purpose"])}


class OfCustomer(PermissionRequiredMixin):
    """A page about one active customer that the reader sees."""

    permission_required = SEEN
    raise_exception = True

    @cached_property
    def customer(self) -> Customer:
        return _customer(self.request, self.kwargs["number"])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        reading = read(self.customer, self.request.user, Place.PROFILE)
        return super().get_context_data(customer=self.customer, reading=reading, **kwargs)


def _customer(request: HttpRequest, number: str) -> Customer:
    visible = Customer.objects.visible_to(request.user).filter(state=Customer.State.ACTIVE)
    return get_object_or_404(visible.with_holders(), number=number)


class ContactList(OfCustomer, TemplateView):
    """Contacts of a customer: may we now, refusals, circumstances, and for those who watch over it every answer."""

    template_name = "consent/contact_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        now, today, user = timezone.now(), timezone.localdate(), self.request.user
        reading = context["reading"]
        days = numbers_on(today)["opt_out_answer_days"]
        if user.has_perm("consent.view_contactdecision"):
            rows = reports.decisions().filter(customer=self.customer)
            page = newest_page(rows, **_places(self.request))
            context |= {"page": page, "decisions": reports.decision_lines(page.rows, user)}
        return context | {
            "contact": reports.contact_now(self.customer, reading, now),
            "refusals": reports.refusal_lines(self.customer, reading, days, today),
            "circumstances": reports.circumstance_lines(self.customer, reading),
        }


def _places(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("older_than", "newer_than")}


class RefusalRecord(OfCustomer, FormView):
    """Record that a customer wants no contact."""

    permission_required = RECORDS
    template_name = "consent/contact_refusal_record.html"
    form_class = RefusalForm

    def form_valid(self, form: RefusalForm) -> HttpResponse:
        try:
            contact_refusals.refuse_contact(
                customer=self.customer, by=self.request.user, at=timezone.now(), **form.cleaned_data
            )
        except tuple(CANNOT) as problem:
            form.refuse(*CANNOT[type(problem)])
            return self.form_invalid(form)
        messages.success(self.request, _("The refusal was recorded. It holds from this moment on."))
        return redirect("consent:contact-list", number=self.customer.number)


class RefusalLift(OfCustomer, FormView):
    """Record that a customer took a refusal back. The address says which."""

    permission_required = RECORDS
    template_name = "consent/contact_refusal_lift.html"
    form_class = LiftForm

    @cached_property
    def refusal(self) -> ContactRefusal:
        standing = ContactRefusal.objects.filter(reports.family_of(self.customer), lifted_at=None)
        return get_object_or_404(standing.select_related("customer"), pk=self.kwargs["pk"])

    def get_initial(self) -> dict[str, object]:
        return {"kind": self.refusal.kind, "channel": self.refusal.channel}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        channel = reports.channel_label(self.refusal.channel)
        return super().get_context_data(refusal=self.refusal, channel=channel, **kwargs)

    def form_valid(self, form: LiftForm) -> HttpResponse:
        try:
            contact_refusals.lift_refusal(
                customer=self.customer,
                kind=self.refusal.kind,
                channel=self.refusal.channel,
                because=form.cleaned_data["because"],
                by=self.request.user,
                at=timezone.now(),
            )
        except tuple(CANNOT) as problem:
            form.refuse(*CANNOT[type(problem)])
            return self.form_invalid(form)
        messages.success(self.request, _("The refusal was lifted by the customer's own word."))
        return redirect("consent:contact-list", number=self.customer.number)


class RefusalDueList(PermissionRequiredMixin, TemplateView):
    """Refusals whose result is to be told to the customer, the oldest first."""

    permission_required = RECORDS
    raise_exception = True
    template_name = "consent/contact_refusal_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        today, user = timezone.localdate(), self.request.user
        days = numbers_on(today)["opt_out_answer_days"]
        places = {name: self.request.GET.get(name, "") for name in ("after", "before")}
        page = oldest_page(reports.due_refusals(user), **places)
        lines = reports.due_lines(page.rows, user, days, today)
        describe(kind=AccessEntry.Kind.LIST)
        return super().get_context_data(page=page, lines=lines, days=days, **kwargs)


@require_POST
@permission_required(RECORDS, raise_exception=True)
def refusal_tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the customer was told what became of a refusal."""
    visible = Customer.objects.visible_to(request.user)
    refusal = get_object_or_404(ContactRefusal.objects.filter(customer__in=visible), pk=pk)
    try:
        contact_refusals.tell_result(refusal=refusal, at=timezone.now())
    except contact_refusals.AlreadyTold:
        messages.warning(request, _("The result was told before."))
    else:
        messages.success(request, _("It was noted that the customer was told."))
    return redirect("consent:refusal-due-list")


class CircumstanceRecord(OfCustomer, FormView):
    """Record what stands against contacting a customer."""

    permission_required = RECORDS
    template_name = "consent/contact_circumstance_record.html"
    form_class = CircumstanceForm

    def form_valid(self, form: CircumstanceForm) -> HttpResponse:
        try:
            contact_circumstances.record_circumstance(
                customer=self.customer, by=self.request.user, at=timezone.now(), **form.cleaned_data
            )
        except tuple(CANNOT) as problem:
            form.refuse(*CANNOT[type(problem)])
            return self.form_invalid(form)
        messages.success(self.request, _("It was recorded, and holds from this moment on."))
        return redirect("consent:contact-list", number=self.customer.number)


@require_POST
@permission_required(RECORDS, raise_exception=True)
def circumstance_end(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Record that a circumstance is over today."""
    customer = _customer(request, number)
    standing = get_object_or_404(Circumstance.objects.filter(reports.family_of(customer)), pk=pk)
    try:
        contact_circumstances.end_circumstance(
            circumstance=standing, ended_on=timezone.localdate(), by=request.user, at=timezone.now()
        )
    except contact_circumstances.AlreadyEnded:
        messages.warning(request, _("This was over already."))
    else:
        messages.success(request, _("It was recorded that this is over."))
    return redirect("consent:contact-list", number=number)
