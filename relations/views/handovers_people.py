"""Handovers for those who receive and those who leave: what is offered to me, whom I hand over, the letter."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from accounts.models import AccessEntry
from accounts.trail import describe
from customers.models import Customer
from customers.paging import is_id, newest_page
from customers.reading import Place, read
from relations.forms.handovers import ItemForm, ReturnForm
from relations.models import Handover, HandoverItem
from relations.people import faces
from relations.reports import handovers as reports
from relations.services import handovers as services
from relations.services import handovers_answers as answers
from relations.views.handovers import CANNOT, SEE

KEEP = (*SEE, "relations.keep_customer")
CANNOT_PREPARE = {
    answers.CannotReceive: ("proposed", gettext_lazy("This person keeps no customers, or is yourself.")),
    answers.VisitTooLate: ("joint_visit_on", gettext_lazy("The visit is between today and the day of the handover.")),
    answers.NotYours: (None, gettext_lazy("Somebody else hands this customer over.")),
    services.NotOpen: (None, CANNOT[services.NotOpen]),
    services.BeingPlanned: (None, CANNOT[services.BeingPlanned]),
}


@require_GET
@permission_required(KEEP, raise_exception=True)
def handover_offered(request: HttpRequest) -> HttpResponse:
    """Customers offered to me, to accept or return, and those I accepted or got lately."""
    return _offered(request, ReturnForm())


def _offered(request: HttpRequest, form: ReturnForm) -> HttpResponse:
    query = request.GET
    waiting = reports.offered_to(request.user)
    page = newest_page(waiting, older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
    taken = newest_page(reports.received_by(request.user))
    describe(kind=AccessEntry.Kind.LIST, count=len(page.rows))
    lines = reports.item_lines([*page.rows, *taken.rows], request.user)
    context = {
        "page": page,
        "count": waiting.count(),
        "lines": lines[: len(page.rows)],
        "taken": lines[len(page.rows) :],
        "handovers": Handover.objects.filter(pk__in=waiting.order_by().values("handover")).order_by("pk"),
        "form": form,
    }
    return render(request, "relations/handover_offered.html", context)


@require_POST
@permission_required(KEEP, raise_exception=True)
def handover_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or return what is offered to me of one handover. Fields: answer, accept or return; item, ids, none for
    all of them; reason, of a return."""
    offered = reports.offered_to(request.user).order_by().values("handover")
    handover = get_object_or_404(Handover.objects.filter(pk__in=offered), pk=pk)
    chosen = [int(item) for item in request.POST.getlist("item") if is_id(item)]
    given = {
        "handover": handover,
        "staff": request.user,
        "at": timezone.now(),
        "item_ids": None if "all" in request.POST else chosen,
    }
    form = ReturnForm(request.POST)
    if request.POST.get("answer") == "return" and not form.is_valid():
        return _offered(request, form)
    try:
        if request.POST.get("answer") == "return":
            count = answers.return_items(reason=form.cleaned_data["reason"], **given)
            messages.success(request, _("Returned: %(count)s. They go to somebody else.") % {"count": count})
        else:
            count = answers.accept_items(**given)
            messages.success(request, _("Accepted: %(count)s. They are yours from the day on.") % {"count": count})
    except (answers.NothingOffered, answers.ReasonMissing, services.NotOpen, services.BeingPlanned) as problem:
        messages.warning(request, CANNOT[type(problem)])
    return redirect("relations:handover-offered")


@require_GET
@permission_required(SEE, raise_exception=True)
def handover_leaving(request: HttpRequest) -> HttpResponse:
    """Whom I hand over: what to note, whom to propose, who was told."""
    query, rows = request.GET, reports.given_away_by(request.user)
    page = newest_page(rows, older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
    describe(kind=AccessEntry.Kind.LIST, count=len(page.rows))
    context = {"page": page, "lines": reports.item_lines(page.rows, request.user), "count": rows.count()}
    return render(request, "relations/handover_leaving.html", context)


class HandoverItemPrepare(PermissionRequiredMixin, FormView):
    """What the one who leaves says of a customer."""

    permission_required = SEE
    raise_exception = True
    template_name = "relations/handover_item_prepare.html"
    form_class = ItemForm

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not self.has_permission():
            return self.handle_no_permission()
        mine = reports.given_away_by(request.user).filter(customer__in=Customer.objects.visible_to(request.user))
        self.item = get_object_or_404(mine, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, object]:
        proposed = self.item.proposed_staff
        return {
            "note": self.item.note,
            "proposed": proposed.employee_number if proposed else "",
            "joint_visit_on": self.item.joint_visit_on,
        }

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        face = faces(self.request.user, [self.item.customer_id])[self.item.customer_id]
        return super().get_context_data(item=self.item, face=face, **kwargs)

    def form_valid(self, form: ItemForm) -> HttpResponse:
        try:
            answers.prepare_item(item=self.item, staff=self.request.user, at=timezone.now(), **form.cleaned_data)
        except tuple(CANNOT_PREPARE) as problem:
            form.add_error(*CANNOT_PREPARE[type(problem)])
            return self.form_invalid(form)
        messages.success(self.request, _("Your note was kept."))
        return redirect("relations:handover-leaving")


def _item(request: HttpRequest, pk: int) -> HandoverItem:
    """An item of the one who leaves, of the receiver, or of a plan that the reader sees. Raises Http404."""
    visible = Customer.objects.visible_to(request.user)
    rows = HandoverItem.objects.select_related("handover", "from_staff__branch", "to_staff__branch", "customer")
    item = get_object_or_404(rows.filter(customer__in=visible), pk=pk)
    is_party = request.user.pk in (item.from_staff_id, item.to_staff_id)
    if not is_party and not reports.handovers_of(request.user).filter(pk=item.handover_id).exists():
        raise Http404
    return item


@require_GET
@permission_required(SEE, raise_exception=True)
def handover_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter that tells a customer of the change, to be printed."""
    item = _item(request, pk)
    context = {"item": item, "reading": read(item.customer, request.user, Place.PROFILE)}
    return render(request, "relations/handover_letter.html", context)


@require_POST
@permission_required(SEE, raise_exception=True)
def handover_letter_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the customer was told today."""
    try:
        answers.note_letter(item=_item(request, pk), at=timezone.now())
    except services.NotOpen as problem:
        messages.warning(request, CANNOT[type(problem)])
    else:
        messages.success(request, _("It was noted that the customer was told today."))
    return redirect("relations:handover-letter", pk)
