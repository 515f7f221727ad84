"""Who keeps whom: the keepers of a customer, the board of a branch, customers of top grades without a manager."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from django.views.generic import FormView, TemplateView

from accounts.models import AccessEntry, Staff
from accounts.trail import describe
from customers.models import Customer
from customers.paging import bounded_count, page_of
from customers.reading import Place, read
from customers.services.locks import StockBusy
from relations.forms.keepers import AssignForm, RegisterForm, TermsForm
from relations.late import is_whole, whole_url
from relations.models import Keeper, KeeperTerms
from relations.reports import keepers as reports
from relations.reports.handovers_file import staff_in_reach
from relations.reports.orphans import Lately, known_lately, known_soon
from relations.services import keepers as services

CANNOT: Mapping[type[Exception], Promise] = {
    services.NotActive: gettext_lazy("This customer was merged into another one meanwhile. Nothing was done."),
    services.CannotKeep: gettext_lazy("This person keeps no customers, or does not work here any more."),
    services.NotTopGrade: gettext_lazy("Dedicated managers are for the top grades only."),
    services.KeepsAlready: gettext_lazy("This person keeps the customer already."),
    services.KeptByAnother: gettext_lazy("Somebody else keeps the customer. Ask the manager of the branch."),
    services.NotKept: gettext_lazy("The keeper is named by a source, and cannot be released here."),
    services.PlanMissing: gettext_lazy("Say when the next contact is, not before today, and what for."),
    StockBusy: gettext_lazy("The stock is being written at this moment. Try again in a minute."),
}


def _refusal(problem: Exception) -> str:
    if isinstance(problem, services.CapacityReached):
        numbers = {"kept": problem.kept, "wanted": problem.wanted, "capacity": problem.capacity}
        return _("There is no room: %(kept)s of %(capacity)s customers are kept, %(wanted)s more are wanted.") % numbers
    return str(CANNOT[type(problem)])


REFUSALS = (*CANNOT, services.CapacityReached)


def _customer(request: HttpRequest, number: str) -> Customer:
    """Raises Http404 where the reader does not see an active customer of this number."""
    visible = Customer.objects.visible_to(request.user).filter(state=Customer.State.ACTIVE)
    return get_object_or_404(visible.with_holders(), number=number)


def _near_customer(request: HttpRequest, number: str) -> Customer:
    """The customer, to be given to a keeper. Raises Http404 as `_customer`, and PermissionDenied where the reader sees
    it for a while alone."""
    customer = _customer(request, number)
    if not _is_near(request, customer):
        raise PermissionDenied
    return customer


def _is_near(request: HttpRequest, customer: Customer) -> bool:
    return services.within_reach(request.user).filter(pk=customer.pk).exists()


def _may(user: Staff, verb: str, is_near: bool) -> bool:
    return is_near and user.has_perm(f"relations.{verb}")


@require_GET
@permission_required(("customers.view_customer", "relations.view_keeper"), raise_exception=True)
def keeper_list(request: HttpRequest, number: str) -> HttpResponse:
    """Who keeps a customer, who did and why, and what can be changed."""
    return _page(request, _customer(request, number))


def _page(
    request: HttpRequest, customer: Customer, *, assign: AssignForm | None = None, register: RegisterForm | None = None
) -> HttpResponse:
    """assign, register: input that was refused, to be shown again."""
    user = request.user
    is_near = _is_near(request, customer)
    rows = reports.keeper_rows(customer)
    standing = [row for row in rows if row.keeper.ended_at is None]
    context = {
        "customer": customer,
        "reading": read(customer, user, Place.PROFILE),
        "standing": standing,
        "earlier": [row for row in rows if row.keeper.ended_at is not None],
        "assign": (assign or AssignForm(auto_id="assign_%s")) if _may(user, "assign_keeper", is_near) else None,
        "register": (register or RegisterForm(auto_id="plan_%s")) if _may(user, "keep_customer", is_near) else None,
    }
    return render(request, "relations/keeper_list.html", context)


@require_POST
@permission_required(("customers.view_customer", "relations.assign_keeper"), raise_exception=True)
def keeper_assign(request: HttpRequest, number: str) -> HttpResponse:
    """Make somebody the keeper of a customer."""
    customer = _near_customer(request, number)
    form = AssignForm(request.POST, auto_id="assign_%s")
    if not form.is_valid():
        return _page(request, customer, assign=form)
    try:
        services.assign_keeper(customer=customer, at=timezone.now(), by=request.user, **form.cleaned_data)
    except REFUSALS as problem:
        form.add_error(None, _refusal(problem))
        return _page(request, customer, assign=form)
    messages.success(request, _("The keeper was assigned. Whoever kept the customer before sees it no more by that."))
    return _back(request, number)


@require_POST
@permission_required(("customers.view_customer", "relations.keep_customer"), raise_exception=True)
def keeper_register(request: HttpRequest, number: str) -> HttpResponse:
    """Register a customer to look after oneself, by a plan."""
    customer = _near_customer(request, number)
    form = RegisterForm(request.POST, auto_id="plan_%s")
    if not form.is_valid():
        return _page(request, customer, register=form)
    try:
        services.register_managed_customer(customer=customer, by=request.user, at=timezone.now(), **form.cleaned_data)
    except REFUSALS as problem:
        form.add_error(None, _refusal(problem))
        return _page(request, customer, register=form)
    messages.success(request, _("The customer was registered as managed, with the plan."))
    return _back(request, number)


@require_POST
@permission_required(("customers.view_customer", "relations.assign_keeper"), raise_exception=True)
def keeper_release(request: HttpRequest, number: str) -> HttpResponse:
    """End what was assigned here. Field: kind, of the keeper."""
    customer, kind = _near_customer(request, number), request.POST.get("kind", "")
    if kind not in Keeper.Kind.values:
        raise Http404
    try:
        services.release_keeper(customer=customer, kind=kind, at=timezone.now(), by=request.user)
    except REFUSALS as problem:
        messages.warning(request, _refusal(problem))
    else:
        messages.success(request, _("The keeper was released. The sources say again who keeps the customer."))
    return _back(request, number)


def _back(request: HttpRequest, number: str) -> HttpResponse:
    """To the keepers of the customer, or to its absence from the list where it is out of sight now."""
    is_seen = Customer.objects.visible_to(request.user).filter(number=number).exists()
    return redirect("relations:keeper-list", number) if is_seen else redirect("customers:customer-list")


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class KeeperBoard(PermissionRequiredMixin, TemplateView):
    """The planners of a branch with whom they keep. What takes long to count comes with a second answer. Query: branch,
    a code; part, all for everything at once."""

    permission_required = ("customers.view_customer", "relations.assign_keeper")
    raise_exception = True
    template_name = "relations/keeper_board.html"

    def get_template_names(self) -> list[str]:
        return ["relations/_keeper_board.html"] if self.request.htmx else super().get_template_names()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        user, wanted = self.request.user, self.request.GET.get("branch", "")
        branches = list(reports.branches_of(user))
        chosen = next((each for each in branches if each.code == wanted), None)
        if wanted and chosen is None:
            raise Http404
        own = next((each for each in branches if each.pk == user.branch_id), None)
        branch = chosen or own or (branches[0] if branches else None)
        loads = reports.loads_of(branch, user, is_whole=is_whole(self.request)) if branch else []
        describe(kind=AccessEntry.Kind.LIST, conditions={"branch": branch.code if branch else ""}, count=len(loads))
        totals, orphans = reports.totals_of(loads), self._orphans()
        return super().get_context_data(
            branches=branches,
            branch=branch,
            loads=loads,
            totals=totals,
            orphans=orphans.counts if orphans else None,
            can_see_orphans=user.has_perm("relations.view_orphans"),
            late_url=whole_url(self.request) if self._is_late(totals, orphans) else "",
            **kwargs,
        )

    def _orphans(self) -> Lately | None:
        """None where the reader may not see them, or where they are counted for the second answer."""
        user, counted = self.request.user, known_lately if is_whole(self.request) else known_soon
        return counted(user, on=timezone.localdate()) if user.has_perm("relations.view_orphans") else None

    def _is_late(self, totals: reports.Totals, orphans: Lately | None) -> bool:
        is_counted = orphans is not None or not self.request.user.has_perm("relations.view_orphans")
        return totals.contracts is None or not is_counted


class KeeperTermsEdit(PermissionRequiredMixin, FormView):
    """How many customers a planner may keep."""

    permission_required = "relations.assign_keeper"
    raise_exception = True
    template_name = "relations/keeper_terms.html"
    form_class = TermsForm

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not self.has_permission():
            return self.handle_no_permission()
        near = staff_in_reach(request.user).filter(pk__in=services.who_may_keep())
        self.staff = get_object_or_404(near.select_related("branch"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, object]:
        terms = KeeperTerms.objects.filter(staff=self.staff).first()
        if terms is None:
            return {"capacity": services.capacity_of(self.staff)}
        return {name: getattr(terms, name) for name in TermsForm.base_fields}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        kept = services.kept_count(self.staff)
        return super().get_context_data(staff=self.staff, kept=kept, **kwargs)

    def form_valid(self, form: TermsForm) -> HttpResponse:
        services.set_terms(staff=self.staff, by=self.request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(self.request, _("The terms were kept."))
        return redirect(_board_of(self.staff))


def _board_of(staff: Staff) -> str:
    return reverse("relations:keeper-board") + (f"?branch={staff.branch.code}" if staff.branch else "")


@require_GET
@permission_required(("customers.view_customer", "relations.assign_keeper"), raise_exception=True)
def keeper_unmanaged(request: HttpRequest) -> HttpResponse:
    """Customers of the top grades without a dedicated manager. Query: after, before, numbers."""
    scope, query = Customer.objects.visible_to(request.user), request.GET
    rows = reports.unmanaged(request.user).with_holders()
    places = {"after": query.get("after", ""), "before": query.get("before", "")}
    page = page_of(rows, scope=scope, sort="name", is_descending=False, **places)
    count, is_exact = bounded_count(rows)
    describe(kind=AccessEntry.Kind.LIST, count=count)
    context = {
        "page": page,
        "lines": reports.unmanaged_lines(page.customers, request.user),
        "count": count,
        "is_exact": is_exact,
    }
    return render(request, "relations/keeper_unmanaged.html", context)
