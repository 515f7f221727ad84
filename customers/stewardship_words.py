"""What people decide about customers, in words: why a second person is asked, duties, kinds of children."""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from customers.stewardship import Why

WHY: Mapping[str, Promise] = {
    Why.VALUE: _("A customer of high value is among them."),
    Why.IDENTIFIERS: _("Their resident numbers or CIs differ."),
    Why.DECIDED_OTHERWISE: _("Somebody ruled earlier that they are two."),
}
"""Why a merge takes a second person, by the codes of `customers.stewardship.Why`."""
DUTIES: Mapping[str, Promise] = {
    "DECIDED": _("You decided something about this customer while it was merged with another one. They are two again."),
    "KEEPS": _("A customer that you keep has come apart into two. Look whom you were in touch with."),
    "SECOND_LOOK_DIFFERS": _("A colleague took a second look at a decision of yours and would have decided otherwise."),
}
"""What somebody is to look at, by `Duty.text_code`."""
CHILDREN: Mapping[str, Promise] = {
    "customers.Link": _("Source records"),
    "customers.ContractParty": _("Roles on contracts"),
    "customers.Wish": _("Values set by people"),
    "customers.Protection": _("Protections"),
    "customers.CustomerStaffGrant": _("Grants to single staff"),
    "customers.CustomerGroupGrant": _("Grants to groups"),
    "customers.Keeping": _("Assigned keepers"),
    "customers.Customer": _("Numbers retired into it earlier"),
}
"""What hangs on a customer, by `app.Model`."""


WITNESSES: Mapping[str, Promise] = {
    "DECIDED": _("decided something about the customer"),
    "KEEPS": _("keeps the customer"),
}
"""What somebody did on a merged view, by the codes of `settings.CUSTOMER_WITNESSES`."""


def child(kind: str) -> str:
    """A kind of child in words; of apps above the name that its model has there."""
    return str(CHILDREN[kind]) if kind in CHILDREN else capfirst(str(apps.get_model(kind)._meta.verbose_name_plural))
