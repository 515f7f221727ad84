"""Opening a masked value for a minute."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cached_property

from django.conf import settings
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.vary import vary_on_headers
from django.views.generic import FormView

from accounts.purposes import Purpose, purpose_of, purposes_of
from customers.declared_work import fitting_work
from customers.forms.access import RevealForm
from customers.models import Customer
from customers.panels.golden import items_of
from customers.reading import Place, Reading, read
from customers.sealing import CannotOpen
from customers.services import reveals

logger = logging.getLogger(__name__)
DIALOG = "reveal-body"  # where the part of the page goes that a dialog shows
CANNOT_REVEAL: Mapping[type[Exception], Promise] = {
    reveals.NotRevealable: gettext_lazy("The rules of access do not let you open this value for this purpose."),
    reveals.NothingHeld: gettext_lazy("The customer has no value of this item any more."),
    reveals.TooManyToday: gettext_lazy("You have opened as many values as one may in a day. Go on tomorrow."),
    CannotOpen: gettext_lazy("The value cannot be opened: its key is not here. Tell the administrator."),
}


@method_decorator([never_cache, vary_on_headers("HX-Request", "HX-Target")], "dispatch")
class ValueReveal(PermissionRequiredMixin, FormView):
    """Say for what a masked value is opened; the answer shows it once."""

    permission_required = "customers.view_customer"
    raise_exception = True
    form_class = RevealForm

    @cached_property
    def customer(self) -> Customer:
        visible = Customer.objects.visible_to(self.request.user).filter(state=Customer.State.ACTIVE)
        return get_object_or_404(visible, number=self.kwargs["number"])

    @cached_property
    def reading(self) -> Reading:
        return read(self.customer, self.request.user, Place.PROFILE)

    @cached_property
    def item(self) -> str:
        """The item of the address. Raises Http404 where a customer of this kind has none of it."""
        if self.kwargs["item"] not in items_of(self.customer):
            raise Http404
        return self.kwargs["item"]

    @cached_property
    def purposes(self) -> list[Purpose]:
        """The reader's purposes for which the item may be opened, the one they work for now first.

        Raises Http404 where there is none, or nothing to open.
        """
        item, viewer = self.item, self.request.user
        allowed = [each for each in purposes_of(viewer) if reveals.may_reveal(self.customer, item, each, viewer)]
        if not allowed or not self.reading[item].text:
            raise Http404
        return sorted(allowed, key=lambda each: each != purpose_of(viewer))

    def get_template_names(self) -> list[str]:
        return ["customers/_reveal_form.html" if _is_part(self.request) else "customers/value_reveal.html"]

    def get_form_kwargs(self) -> dict[str, object]:
        return super().get_form_kwargs() | {"purposes": self.purposes, "auto_id": "reveal_%s"}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        item, viewer, now = self.item, self.request.user, timezone.now()
        return super().get_context_data(
            customer=self.customer,
            reading=self.reading,
            item=item,
            label=self.reading.label(item),
            masked=self.reading[item],
            work=fitting_work(viewer, self.customer, timezone.localdate(now)),
            left=reveals.left_today(viewer, now),
            seconds=settings.REVEAL_SECONDS,
            **kwargs,
        )

    def form_valid(self, form: RevealForm) -> HttpResponse:
        item, viewer = self.item, self.request.user
        try:
            revealed = reveals.reveal_value(
                customer=self.customer, item=item, by=viewer, at=timezone.now(), **form.cleaned_data
            )
        except tuple(CANNOT_REVEAL) as problem:
            if isinstance(problem, CannotOpen):
                logger.error("A sealed value of customer id %s could not be opened: %s", self.customer.pk, problem)
            form.add_error(None, CANNOT_REVEAL[type(problem)])
            return self.form_invalid(form)
        return self._shown(revealed)

    def _shown(self, revealed: reveals.Revealed) -> HttpResponse:
        """The value, once; a whole page leads back to the customer when its time is over."""
        is_part = _is_part(self.request)
        context = {
            "customer": self.customer,
            "reading": self.reading,
            "label": self.reading.label(self.item),
            "value": revealed.text,
            "seconds": settings.REVEAL_SECONDS,
        }
        template = "customers/_reveal_value.html" if is_part else "customers/value_revealed.html"
        response = render(self.request, template, context)
        if not is_part:
            response.headers["Refresh"] = f"{settings.REVEAL_SECONDS}; url={self.customer.get_absolute_url()}"
        return response


def _is_part(request: HttpRequest) -> bool:
    return bool(request.htmx and request.htmx.target == DIALOG)
