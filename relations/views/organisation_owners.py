"""Owners of the items of organisations: the overview over the stock, giving and ending one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import TemplateView

from accounts.models import AccessEntry
from accounts.trail import describe
from relations.forms.organisations import OwnerForm
from relations.models import ItemOwner
from relations.reports.organisation_owners import owner_report
from relations.rules.organisations import GOLDEN_ITEMS, ITEMS
from relations.services import organisation_owners as owners
from relations.words.organisations import ITEMS as LABELS

SEEN = ("customers.view_customer", "relations.view_organisation", "customers.view_every_customer")
DECIDED = (*SEEN, "relations.change_organisation")


class OwnerList(PermissionRequiredMixin, TemplateView):
    """Items by systems over all organisations, with who owns each; figures alone, of nobody by name."""

    permission_required = SEEN
    raise_exception = True
    template_name = "relations/owner_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        describe(kind=AccessEntry.Kind.LIST)
        return super().get_context_data(report=owner_report(timezone.now()), **kwargs)


@require_http_methods(["GET", "POST"])
@permission_required(DECIDED, raise_exception=True)
def owner_give(request: HttpRequest, item: str) -> HttpResponse:
    """Let one system own an item of all organisations."""
    if item not in ITEMS:
        raise Http404
    form = OwnerForm(request.POST or None)
    if form.is_valid():
        try:
            owners.give_owner(item=item, by=request.user, at=timezone.now(), **form.cleaned_data)
        except owners.SameOwner:
            form.add_error("source", _("This system owns the item already."))
        else:
            messages.success(request, _("The item has its owner. The values are chosen again in the background."))
            return redirect("relations:owner-list")
    standing = ItemOwner.objects.filter(item=item, ended_at=None).select_related("source").first()
    context = {"form": form, "label": LABELS[item], "standing": standing, "is_chosen": item in GOLDEN_ITEMS}
    return render(request, "relations/owner_give.html", context)


@require_POST
@permission_required(DECIDED, raise_exception=True)
def owner_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let nobody own the item any more."""
    owner = get_object_or_404(ItemOwner, pk=pk)
    try:
        owners.end_owner(owner=owner, by=request.user, at=timezone.now())
    except owners.AlreadyEnded:
        messages.warning(request, _("It was over already."))
    else:
        messages.success(request, _("The item has no owner any more. The values are chosen again in the background."))
    return redirect("relations:owner-list")
