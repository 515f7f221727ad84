"""Setting what the value of a customer is: pinning, preferring a source, correcting, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from customers.dossier import Dossier, dossier_of
from customers.forms.golden_values import CorrectForm, PinForm, PreferForm
from customers.golden.corrected import CORRECTABLE
from customers.models import Act, Customer, SourceRecord, SourceSystem
from customers.panels.golden import items_of
from customers.reports.golden_values import item_offers, pin_offers, problem_sentence, source_offers, wish_report
from customers.services import corrections, locks, wishes
from customers.services.acting import AlreadyTakenBack

PERMISSIONS = ("customers.view_customer", "customers.correct_customer")
CANNOT_SET: Mapping[type[Exception], Promise] = {
    wishes.NotActive: gettext_lazy("This customer was merged into another one meanwhile. Nothing was done."),
    wishes.NotLinked: gettext_lazy("The record belongs to another customer meanwhile. Nothing was done."),
    wishes.NotHeld: gettext_lazy("The record holds no usable value of this item. Nothing was done."),
    wishes.EndsInThePast: gettext_lazy("This day is over."),
    corrections.NothingTyped: gettext_lazy("Type the right value."),
    locks.StockBusy: gettext_lazy(
        "A feed or a match run is writing just now. Nothing was done; try again in a moment."
    ),
    corrections.NoRecord: gettext_lazy("No source record is linked to this customer."),
}


class ValueForm(PermissionRequiredMixin, FormView):
    """A page that sets something for the values of one active customer in the reader's scope."""

    permission_required = PERMISSIONS
    raise_exception = True

    @cached_property
    def customer(self) -> Customer:
        visible = Customer.objects.visible_to(self.request.user).filter(state=Customer.State.ACTIVE)
        return get_object_or_404(visible, number=self.kwargs["number"])

    @property
    def dossier(self) -> Dossier:
        return dossier_of(self.customer, self.request.user)

    @property
    def item(self) -> str:
        """The item of the address. Raises Http404 where a customer of this kind has none of it."""
        if self.kwargs["item"] not in items_of(self.customer):
            raise Http404
        return self.kwargs["item"]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(customer=self.customer, dossier=self.dossier, **kwargs)

    def refused(self, form: object, problem: Exception) -> HttpResponse:
        """The page again, with the reason."""
        form.add_error(None, CANNOT_SET[type(problem)])
        return self.form_invalid(form)

    def get_success_url(self) -> str:
        """The customer's page, unfolded at what was set."""
        return f"{self.customer.get_absolute_url()}#reason-{self.item}"


class ValuePin(ValueForm):
    """Choose the record whose value of an item wins. Query: record, the one that is chosen to begin with."""

    template_name = "customers/golden_pin.html"
    form_class = PinForm

    def get_form_kwargs(self) -> dict[str, object]:
        explained = self.dossier.explained.get(self.item)
        if explained is None:
            raise Http404
        offers = pin_offers(explained, self.dossier)
        wanted = self.request.GET.get("record", "")
        first = next((pk for pk, _offer in offers if str(pk) == wanted), explained.winner.record.pk)
        return super().get_form_kwargs() | {"offers": offers, "initial": {"record": first}}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(label=self.dossier.reading.label(self.item), **kwargs)

    def form_valid(self, form: PinForm) -> HttpResponse:
        given = form.cleaned_data
        record = get_object_or_404(SourceRecord, pk=given.pop("record"))
        try:
            wishes.pin_value(
                customer=self.customer,
                item=self.item,
                record=record,
                by=self.request.user,
                at=timezone.now(),
                **given,
            )
        except tuple(CANNOT_SET) as problem:
            return self.refused(form, problem)
        messages.success(self.request, _("The value was pinned."))
        return redirect(self.get_success_url())


class ValueCorrect(ValueForm):
    """Type the right value of an item."""

    template_name = "customers/golden_correct.html"
    form_class = CorrectForm

    def get_form_kwargs(self) -> dict[str, object]:
        if self.item not in CORRECTABLE or not self.dossier.records:
            raise Http404
        return super().get_form_kwargs() | {"item": self.item}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        reading = self.dossier.reading
        return super().get_context_data(label=reading.label(self.item), value=reading[self.item], **kwargs)

    def form_valid(self, form: CorrectForm) -> HttpResponse:
        given = {name: form.cleaned_data[name] for name in ("reason_code", "comment")}
        try:
            corrections.correct_value(
                customer=self.customer, values=form.values, by=self.request.user, at=timezone.now(), **given
            )
        except corrections.CannotRead as problem:
            form.refuse(problem.problems, problem_sentence)
            return self.form_invalid(form)
        except tuple(CANNOT_SET) as problem:
            return self.refused(form, problem)
        messages.success(self.request, _("The value was corrected."))
        return redirect(self.get_success_url())


class SourcePrefer(ValueForm):
    """Choose the source whose records outrank all others, for one item or for all."""

    template_name = "customers/golden_prefer.html"
    form_class = PreferForm

    def get_form_kwargs(self) -> dict[str, object]:
        offers = {"sources": source_offers(self.dossier), "items": item_offers(self.dossier)}
        return super().get_form_kwargs() | offers

    def form_valid(self, form: PreferForm) -> HttpResponse:
        given = form.cleaned_data
        source = get_object_or_404(SourceSystem, pk=given.pop("source"))
        try:
            wishes.prefer_source(
                customer=self.customer, source=source, by=self.request.user, at=timezone.now(), **given
            )
        except tuple(CANNOT_SET) as problem:
            return self.refused(form, problem)
        messages.success(self.request, _("The source is preferred for this customer."))
        return redirect("customers:wish-list", number=self.customer.number)


@require_GET
@permission_required(PERMISSIONS, raise_exception=True)
def wish_list(request: HttpRequest, number: str) -> HttpResponse:
    """What was set for the values of a customer: what holds, and what held."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), number=number)
    dossier = dossier_of(customer, request.user)
    context = {"customer": customer, "dossier": dossier, "report": wish_report(dossier)}
    return render(request, "customers/golden_wishes.html", context)


@require_POST
@permission_required(PERMISSIONS, raise_exception=True)
def wish_take_back(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a pin, a preference or a correction of this customer back."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), number=number)
    of_customer = Q(wishes__customer=customer) | Q(wishes__record__link__customer=customer)
    act = get_object_or_404(Act.objects.filter(of_customer).distinct(), pk=pk)
    take_back = corrections.take_back_correction if act.kind == Act.Kind.CORRECT else wishes.take_back_wish
    try:
        take_back(act=act, by=request.user, at=timezone.now())
    except AlreadyTakenBack:
        messages.warning(request, _("Somebody took this back meanwhile."))
    except locks.StockBusy as problem:
        messages.warning(request, CANNOT_SET[type(problem)])
    else:
        messages.success(request, _("It was taken back. The values were chosen again."))
    return redirect(reverse("customers:wish-list", args=[number]))
