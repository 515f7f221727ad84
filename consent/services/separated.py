"""Looking at data that are kept apart: only for a reason and a clause; each look is noted, and the customer is told.

Source: 신용정보법 제20조의2 제4항 (whoever uses separated data tells the customer); the notes are kept for three years.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Staff
from accounts.services.notices import notify_role
from consent.models import SeparatedUse
from customers.models import Customer

TELLER = "PRIVACY_OFFICER"
URL = "/consent/separated/?told=no"


class NotApart(Exception):
    """The data of the customer are not kept apart."""


class AlreadyTold(Exception):
    """The customer was told before."""


@transaction.atomic
def use_separated(*, customer: Customer, reason: str, clause: str, by: Staff, at: datetime) -> SeparatedUse:
    """Note that somebody is about to look at separated data, and that the customer is to be told. Raises NotApart."""
    if customer.state != Customer.State.SEPARATED:
        raise NotApart
    use = SeparatedUse.objects.create(customer=customer, reason=reason, clause=clause, used_by=by, used_at=at)
    notify_role(role=TELLER, kind="SEPARATED_USED", at=at, url=URL)
    return use


@transaction.atomic
def tell_of_use(*, use: SeparatedUse, how: str, at: datetime) -> SeparatedUse:
    """Note how the customer was told. Raises AlreadyTold."""
    use = SeparatedUse.objects.select_for_update().get(pk=use.pk)
    if use.told_at is not None:
        raise AlreadyTold
    use.told_at, use.told_how = at, how
    use.save(update_fields=["told_at", "told_how"])
    return use
