"""Single customers opened to single people: by customer, by person, giving and ending."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from accounts.models import AccessEntry
from accounts.trail import describe
from customers.asked import kept_words
from customers.forms.access import GrantForm
from customers.models import Customer, CustomerStaffGrant
from customers.paging import newest_page
from customers.reading import Place, read
from customers.reports.grants import grant_lines, grants_of
from customers.services import grants

PERMISSIONS = ("customers.view_customer", "customers.grant_customer")
LONGEST_NUMBER = 20
CANNOT_GRANT: Mapping[type[Exception], tuple[str | None, Promise]] = {
    grants.NotActive: (None, gettext_lazy("This customer was merged into another one meanwhile. Nothing was done.")),
    grants.OwnGrant: ("staff", gettext_lazy("Nobody opens a customer to themselves.")),
    grants.CannotLook: ("staff", gettext_lazy("No role of this person shows customers.")),
    grants.AlreadyGranted: (
        "staff",
        gettext_lazy("The customer is open to this person already. End that first to change it."),
    ),
    grants.EndsTooSoon: ("ends_on", gettext_lazy("This day is over.")),
    grants.EndsTooLate: ("ends_on", gettext_lazy("A grant does not hold that long. Choose an earlier day.")),
}


def _grants(request: HttpRequest) -> QuerySet[CustomerStaffGrant]:
    return grants_of(request.user).select_related("content_object", "user__branch", "granted_by")


class GrantList(PermissionRequiredMixin, TemplateView):
    """All grants on customers that the reader sees, the newest first. Query: staff, an employee number; kind."""

    permission_required = PERMISSIONS
    raise_exception = True
    template_name = "customers/grant_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        staff, kind = query.get("staff", "").strip()[:LONGEST_NUMBER], query.get("kind", "")
        kind = kind if kind in CustomerStaffGrant.Kind.values else ""
        wanted = {"user__employee_number": staff, "kind": kind}
        rows = _grants(self.request).filter(**{name: value for name, value in wanted.items() if value})
        places = {"older_than": query.get("older_than", ""), "newer_than": query.get("newer_than", "")}
        page = newest_page(rows, **places)
        describe(kind=AccessEntry.Kind.LIST, conditions=kept_words({"staff": staff, "kind": kind}))
        return super().get_context_data(
            kinds=[(value, label, value == kind) for value, label in CustomerStaffGrant.Kind.choices],
            staff=staff,
            is_narrowed=bool(staff or kind),
            page=page,
            lines=grant_lines(page.rows, self.request.user, timezone.now()),
            **kwargs,
        )


class CustomerGrantList(PermissionRequiredMixin, FormView):
    """Who may see one customer beside those in whose scope it is, and opening it to somebody."""

    permission_required = PERMISSIONS
    raise_exception = True
    template_name = "customers/customer_grants.html"
    form_class = GrantForm

    @cached_property
    def customer(self) -> Customer:
        visible = Customer.objects.visible_to(self.request.user).filter(state=Customer.State.ACTIVE)
        return get_object_or_404(visible.with_holders(), number=self.kwargs["number"])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        rows = _grants(self.request).filter(content_object=self.customer)
        query = self.request.GET
        page = newest_page(rows, older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
        return super().get_context_data(
            customer=self.customer,
            reading=read(self.customer, self.request.user, Place.PROFILE),
            protections=[str(each.get_kind_display()) for each in self.customer.protections.order_by("pk")],
            page=page,
            lines=grant_lines(page.rows, self.request.user, timezone.now()),
            **kwargs,
        )

    def form_valid(self, form: GrantForm) -> HttpResponse:
        given = {name: form.cleaned_data[name] for name in ("staff", "kind", "reason")}
        try:
            grants.grant_customer(
                customer=self.customer, ends_at=form.ends_at, by=self.request.user, at=timezone.now(), **given
            )
        except tuple(CANNOT_GRANT) as problem:
            form.add_error(*CANNOT_GRANT[type(problem)])
            return self.form_invalid(form)
        messages.success(self.request, _("The customer was opened to this person."))
        return redirect("customers:customer-grant-list", self.customer.number)


@require_POST
@permission_required(PERMISSIONS, raise_exception=True)
def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a grant at once. Field: next, the page of grants to go back to."""
    grant = get_object_or_404(_grants(request), pk=pk)
    try:
        grants.end_grant(grant=grant, by=request.user, at=timezone.now())
    except grants.AlreadyEnded:
        messages.warning(request, _("It was over already."))
    else:
        messages.success(request, _("It was ended. The person sees the customer no more by it."))
    target = request.POST.get("next", "")
    return redirect(target if url_has_allowed_host_and_scheme(target, None) else "customers:grant-list")
