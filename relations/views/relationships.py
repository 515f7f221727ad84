"""The relations of a customer: all of them, registering one, saying it again, ending it."""

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

from customers.models import Customer
from customers.numbering import parse_customer_number
from customers.reading import Place, read
from relations.circle import circle_of
from relations.forms.relationships import EndForm, RegisterForm
from relations.models import Relationship
from relations.people import faces
from relations.reports.relationships import (
    candidates_of,
    lacks_representative,
    line_of,
    relation_page,
)
from relations.services import relationships
from relations.ties import relation_of
from relations.words.relationships import IMPOSSIBLE

VIEW, REGISTER = "relations.view_relationship", "relations.register_relationship"
SHOWN = {"current": gettext_lazy("Holds now"), "ended": gettext_lazy("Ended"), "all": gettext_lazy("All")}
CANNOT_END: Mapping[type[Exception], Promise] = {
    relationships.EndsBeforeStart: gettext_lazy("It cannot end before it began."),
    relationships.EndsLater: gettext_lazy("This day has not come yet."),
}
GONE = gettext_lazy("Somebody ended this relationship meanwhile. Nothing was done.")


class OfCustomer(PermissionRequiredMixin):
    """A page about one active customer that the reader sees."""

    permission_required = ("customers.view_customer", VIEW)
    raise_exception = True

    @cached_property
    def customer(self) -> Customer:
        visible = Customer.objects.visible_to(self.request.user).filter(state=Customer.State.ACTIVE)
        return get_object_or_404(visible.with_holders(), number=self.kwargs["number"])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        reading = read(self.customer, self.request.user, Place.PROFILE)
        return super().get_context_data(customer=self.customer, reading=reading, **kwargs)


class RelationshipList(OfCustomer, TemplateView):
    """All relations of a customer. Query: show, one of current, ended, all."""

    template_name = "relations/relationship_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        show = self.request.GET.get("show", "")
        show = show if show in SHOWN else "current"
        page = relation_page(self.customer, self.request.user, timezone.localdate())
        return super().get_context_data(
            page=page,
            lines=[line for line in page.lines if show == "all" or line.is_open == (show == "current")],
            show=show,
            tabs=[(value, label, value == show) for value, label in SHOWN.items()],
            **kwargs,
        )


class RelationshipRegister(OfCustomer, FormView):
    """Say who is what to the customer. Query: with, the number of the other."""

    permission_required = (*OfCustomer.permission_required, REGISTER)
    template_name = "relations/relationship_register.html"
    form_class = RegisterForm

    def get_initial(self) -> dict[str, object]:
        number = parse_customer_number(self.request.GET.get("with", "")) or ""
        return super().get_initial() | {"number": number, "seen_as": self.request.GET.get("as", "")}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        circle = circle_of(self.customer, self.request.user)
        on = timezone.localdate()
        return super().get_context_data(
            candidates=candidates_of(circle),
            lacks_representative=lacks_representative(self.customer, circle, on),
            **kwargs,
        )

    def form_valid(self, form: RegisterForm) -> HttpResponse:
        given = form.cleaned_data
        visible = Customer.objects.visible_to(self.request.user)
        other = visible.filter(number=given["number"]).first()
        if other is None:
            form.add_error("number", _("There is no such customer that you may see."))
            return self.form_invalid(form)
        words = {name: given[name] for name in ("basis", "evidence", "started_on", "valid_until", "accepted")}
        try:
            relationships.register_relationship(
                **form.sides(self.customer, other), **words, by=self.request.user, at=timezone.now()
            )
        except relationships.Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, IMPOSSIBLE[reason])
            return self.form_invalid(form)
        except relationships.NotAccepted as unlikely:
            form.ask(unlikely.warnings)
            return self.form_invalid(form)
        messages.success(self.request, _("The relationship was registered."))
        return redirect("relations:relationship-list", self.customer.number)


class RelationshipEnd(OfCustomer, FormView):
    """End a relationship of the customer."""

    permission_required = (*OfCustomer.permission_required, REGISTER)
    template_name = "relations/relationship_end.html"
    form_class = EndForm

    @cached_property
    def relationship(self) -> Relationship:
        standing = Relationship.objects.still_open().of_customer(self.customer).select_related("recorded_by")
        return get_object_or_404(standing, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        relation = relation_of(self.relationship, self.customer.pk)
        face = faces(self.request.user, [relation.other_id])[relation.other_id]
        written = {self.relationship.pk: self.relationship}
        line = line_of(relation, face, timezone.localdate(), written)
        return super().get_context_data(line=line, **kwargs)

    def form_valid(self, form: EndForm) -> HttpResponse:
        try:
            relationships.end_relationship(
                relationship=self.relationship, by=self.request.user, at=timezone.now(), **form.cleaned_data
            )
        except tuple(CANNOT_END) as problem:
            form.add_error("ended_on", CANNOT_END[type(problem)])
            return self.form_invalid(form)
        except relationships.AlreadyEnded:
            messages.warning(self.request, GONE)
        else:
            messages.success(self.request, _("The relationship was ended."))
        return redirect("relations:relationship-list", self.customer.number)


@require_POST
@permission_required((*OfCustomer.permission_required, REGISTER), raise_exception=True)
def relationship_renew(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Note that the relationship was said again, so that it is believed anew."""
    visible = Customer.objects.visible_to(request.user).filter(state=Customer.State.ACTIVE)
    customer = get_object_or_404(visible, number=number)
    standing = Relationship.objects.still_open().of_customer(customer)
    relationship = get_object_or_404(standing, pk=pk)
    try:
        relationships.renew_relationship(relationship=relationship, by=request.user, at=timezone.now())
    except relationships.AlreadyEnded:
        messages.warning(request, GONE)
    except relationships.Refused as refused:
        messages.warning(request, " ".join(str(IMPOSSIBLE[reason]) for reason in refused.reasons))
    else:
        messages.success(request, _("It is believed anew."))
    return redirect("relations:relationship-list", number)
