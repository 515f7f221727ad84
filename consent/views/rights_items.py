"""Deciding about one item of a request."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from consent.forms.rights import DecideForm
from consent.models import RightsItem, RightsRequest
from consent.reports.rights import requests_for, rights_report
from consent.reports.rights_kept import Kept, kept_by_law
from consent.services import rights, rights_items
from consent.services.consents_checks import CustomerGone, MergedAway
from consent.services.contact_refusals import NotHere
from consent.services.retention_batches import AlreadyProposed, InTheWay
from consent.services.rights_effects import KeptByLaw, NoValue
from consent.words.rights import CLAUSES
from customers.services.corrections import NoRecord
from customers.services.intake import CannotRead
from customers.services.locks import StockBusy
from customers.services.wishes import NotActive

Decision = RightsItem.Decision
CANNOT: Mapping[type[Exception], Promise] = {
    KeptByLaw: gettext_lazy("The law keeps what is to be deleted. Refuse it with the clause below."),
    NoValue: gettext_lazy("The request does not say what would be right."),
    CannotRead: gettext_lazy("The value cannot be read as it was written. Ask again, or refuse it."),
    NoRecord: gettext_lazy("Nothing is held that could be corrected."),
    NotActive: gettext_lazy("The customer was merged meanwhile."),
    MergedAway: gettext_lazy("The customer was merged meanwhile."),
    NotHere: gettext_lazy("The customer is kept apart or destroyed."),
    CustomerGone: gettext_lazy("The customer is kept apart or destroyed."),
    AlreadyProposed: gettext_lazy("The destruction of the customer is proposed already."),
    InTheWay: gettext_lazy("Something keeps the customer from being destroyed. Look at its holds and contracts."),
    StockBusy: gettext_lazy("The stock is being written just now. Try again in a moment."),
    rights_items.UntilIsOver: gettext_lazy("This day is over."),
}


class RightsItemDecide(PermissionRequiredMixin, FormView):
    """Grant an item, which does at once what it asks, or refuse it with clause, reason and until when."""

    permission_required = ("consent.view_rightsrequest", "consent.answer_rightsrequest")
    raise_exception = True
    template_name = "consent/rights_item_decide.html"
    form_class = DecideForm

    @cached_property
    def item(self) -> RightsItem:
        known = RightsItem.objects.filter(request__in=requests_for(self.request.user).values("pk"))
        return get_object_or_404(known.select_related("request__customer"), pk=self.kwargs["pk"])

    @cached_property
    def kept(self) -> tuple[Kept, ...]:
        """Why the law keeps what is to be deleted."""
        asked = self.item.request
        if asked.kind != RightsRequest.Kind.DELETION or self.item.item != "ALL" or asked.customer is None:
            return ()
        return kept_by_law(asked.customer, timezone.localdate())

    def get_initial(self) -> dict[str, object]:
        if not self.kept:
            return {"clause": CLAUSES[self.item.request.kind]}
        first = self.kept[0]
        return {"decision": Decision.REFUSED, **first._asdict()}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        report = rights_report(self.item.request, self.request.user, timezone.now())
        line = next(line for line in report.items if line.item.pk == self.item.pk)
        return super().get_context_data(report=report, line=line, kept=self.kept, **kwargs)

    def form_valid(self, form: DecideForm) -> HttpResponse:
        given = form.cleaned_data
        try:
            if given["decision"] == Decision.GRANTED:
                rights_items.grant_item(item=self.item, explanation=given["explanation"], **self._by())
            else:
                said = {name: given[name] for name in ("clause", "explanation", "until")}
                rights_items.refuse_item(item=self.item, **said, **self._by())
        except tuple(CANNOT) as problem:
            form.add_error(None, CANNOT[type(problem)])
            return self.form_invalid(form)
        except (rights.NotWaiting, rights_items.AlreadyDecided):
            messages.warning(self.request, _("Somebody decided about this item before."))
        else:
            messages.success(self.request, _("The item was decided."))
        return redirect("consent:rights-detail", self.item.request_id)

    def _by(self) -> dict[str, object]:
        return {"by": self.request.user, "at": timezone.now()}
