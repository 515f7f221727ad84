"""The finances of one customer: what is known, recording more, withdrawing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from customers.models import Customer
from customers.reading import Place, Reading, read
from relations.forms.finances import NO_CONSENT, FactForm, PolicyForm, ProvenanceForm, RiskForm, WithdrawForm
from relations.models import FinancialFact, PolicyElsewhere, RiskProfile
from relations.models.finances import Sourced
from relations.reports.finances_known import finances_of, sees_finances
from relations.reports.finances_lines import finance_report
from relations.services import finances
from relations.words.finances import ITEMS

CANNOT_RECORD: Mapping[type[Exception], tuple[str | None, Promise]] = {
    finances.NotActive: (
        None,
        gettext_lazy("This customer was merged into another one meanwhile. Nothing was done."),
    ),
    finances.NotAPerson: (None, gettext_lazy("Finances are recorded of persons only.")),
    finances.NoConsent: ("consented_on", NO_CONSENT),
    finances.ConsentInFuture: ("consented_on", gettext_lazy("This day has not come yet.")),
    finances.ConsentTooOld: ("consented_on", gettext_lazy("This consent is too old. Ask the customer again.")),
    finances.ToldInFuture: ("as_of", gettext_lazy("This day has not come yet.")),
    finances.SillyRange: (None, gettext_lazy("This cannot be right. Check the sum that you typed.")),
    finances.EndsBeforeStart: ("ends_on", gettext_lazy("The policy ends before it begins.")),
    finances.AlreadyRecorded: (None, gettext_lazy("The same was recorded already.")),
}
"""Why nothing is recorded: the field that it is said beside, None for the whole form, and the sentence."""


class OfCustomer(PermissionRequiredMixin):
    """A page about the finances of one person in the reader's scope."""

    permission_required: tuple[str, ...] = ("customers.view_customer", "relations.view_financialfact")
    raise_exception = True

    def has_permission(self) -> bool:
        return super().has_permission() and sees_finances(self.request.user)

    @cached_property
    def customer(self) -> Customer:
        persons = Customer.objects.visible_to(self.request.user).filter(state=Customer.State.ACTIVE, kind="PERSON")
        return get_object_or_404(persons, number=self.kwargs["number"])

    @cached_property
    def reading(self) -> Reading:
        return read(self.customer, self.request.user, Place.PROFILE)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(customer=self.customer, reading=self.reading, **kwargs)

    def get_success_url(self) -> str:
        return reverse("relations:finance-list", args=[self.customer.number])


class FinanceList(OfCustomer, TemplateView):
    """What is known of the customer's finances, what has faded, and what was withdrawn."""

    template_name = "relations/finance_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        known = finances_of([self.customer.pk], timezone.localdate())[self.customer.pk]
        kinds = [(kind.lower(), self.reading.label(ITEMS[kind])) for kind in FinancialFact.Kind.values]
        return super().get_context_data(report=finance_report(known, self.reading), kinds=kinds, **kwargs)


class RecordView(OfCustomer, FormView):
    """A page that records something; `record` says it to the service."""

    permission_required = (*OfCustomer.permission_required, "relations.record_finance")
    template_name = "relations/finance_record.html"
    title: Promise

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(title=self.title, **kwargs)

    def record(self, form: ProvenanceForm) -> None:
        raise NotImplementedError

    def form_valid(self, form: ProvenanceForm) -> HttpResponse:
        try:
            self.record(form)
        except tuple(CANNOT_RECORD) as problem:
            form.refuse(*CANNOT_RECORD[type(problem)])
            return self.form_invalid(form)
        messages.success(self.request, _("It was recorded."))
        return redirect(self.get_success_url())


class FinanceRecord(RecordView):
    """Record a sum of money of the kind in the address."""

    form_class = FactForm

    @cached_property
    def kind(self) -> FinancialFact.Kind:
        kind = self.kwargs["kind"].upper()
        if kind not in FinancialFact.Kind.values:
            raise Http404
        return FinancialFact.Kind(kind)

    @property
    def title(self) -> str:
        return _("Record: %(item)s") % {"item": self.reading.label(ITEMS[self.kind])}

    def get_form_kwargs(self) -> dict[str, object]:
        return super().get_form_kwargs() | {"kind": self.kind}

    def record(self, form: FactForm) -> None:
        finances.record_fact(
            customer=self.customer,
            kind=self.kind,
            told=form.told,
            provenance=form.provenance,
            by=self.request.user,
            at=timezone.now(),
        )


class PolicyRecord(RecordView):
    """Record a policy with another insurer."""

    form_class = PolicyForm
    title = gettext_lazy("Record a policy elsewhere")

    def record(self, form: PolicyForm) -> None:
        finances.record_policy_elsewhere(
            customer=self.customer,
            provenance=form.provenance,
            by=self.request.user,
            at=timezone.now(),
            **form.policy,
        )


class RiskRecord(RecordView):
    """Fill in the questionnaire of the investment propensity with the customer."""

    form_class = RiskForm
    template_name = "relations/risk_record.html"
    title = gettext_lazy("Ask for the risk profile")

    def record(self, form: RiskForm) -> None:
        finances.record_risk_profile(
            customer=self.customer,
            answers=form.answers,
            provenance=form.provenance,
            by=self.request.user,
            at=timezone.now(),
        )


class WithdrawView(OfCustomer, FormView):
    """A page that withdraws something of the customer, with the reason."""

    permission_required = (*OfCustomer.permission_required, "relations.record_finance")
    template_name = "relations/finance_withdraw.html"
    form_class = WithdrawForm


class FactWithdraw(WithdrawView):
    """Withdraw one fact of the model of the subclass."""

    model: type[Sourced]

    @cached_property
    def fact(self) -> Sourced:
        return get_object_or_404(self.model, pk=self.kwargs["pk"], customer=self.customer)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(fact=self.fact, label=self.label, **kwargs)

    @property
    def label(self) -> str:
        """What is withdrawn, in words that tell no value."""
        kinds = {PolicyElsewhere: "POLICY", RiskProfile: "RISK"}
        return self.reading.label(ITEMS[kinds.get(self.model) or self.fact.kind])

    def form_valid(self, form: WithdrawForm) -> HttpResponse:
        try:
            finances.withdraw_fact(fact=self.fact, by=self.request.user, at=timezone.now(), **form.cleaned_data)
        except finances.AlreadyWithdrawn:
            messages.warning(self.request, _("This was withdrawn meanwhile."))
        else:
            messages.success(self.request, _("It was withdrawn."))
        return redirect(self.get_success_url())


class FinanceWithdraw(FactWithdraw):
    """Withdraw a sum of money."""

    model = FinancialFact


class PolicyWithdraw(FactWithdraw):
    """Withdraw a policy elsewhere."""

    model = PolicyElsewhere


class RiskWithdraw(FactWithdraw):
    """Withdraw a risk profile."""

    model = RiskProfile


class FinancesWithdraw(WithdrawView):
    """Withdraw all that stands, as when the customer takes the consent back."""

    def form_valid(self, form: WithdrawForm) -> HttpResponse:
        customer = self.customer
        try:
            finances.withdraw_finances(customer=customer, by=self.request.user, at=timezone.now(), **form.cleaned_data)
        except finances.NothingToWithdraw:
            messages.warning(self.request, _("There was nothing to withdraw."))
        else:
            messages.success(self.request, _("All of it was withdrawn."))
        return redirect(self.get_success_url())
