"""Acts: every decision of a person, and every merge by rule, begins with one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from accounts.models import Staff
from customers.merging import name_customers
from customers.models import Act, BulkAct, Pair
from customers.services.match_models import live_model


class AlreadyTakenBack(Exception):
    """The act was taken back before."""


def begin_act(
    *,
    kind: str,
    by: Staff | None,
    at: datetime,
    customers: Iterable[int] = (),
    reason_code: str = "",
    comment: str = "",
    pair: Pair | None = None,
    bulk: BulkAct | None = None,
    details: Mapping[str, object] | None = None,
    version: int | None = None,
) -> Act:
    """Note that something is done now; what it moves is noted with it. Call it within the transaction of the act.

    customers: ids of those that it is about. version: of the matching model; that in use when not given.
    """
    act = Act.objects.create(
        kind=kind,
        by=by,
        at=at,
        reason_code=reason_code,
        comment=comment,
        pair=pair,
        bulk=bulk,
        details=dict(details or {}),
        model_version=live_model().version if version is None else version,
    )
    name_customers(act, customers)
    return act


def untaken(act: Act) -> Act:
    """The act as it is now, kept from others until the transaction ends. Raises AlreadyTakenBack."""
    act = Act.objects.select_for_update().get(pk=act.pk)
    if act.taken_back_by_id is not None:
        raise AlreadyTakenBack
    return act
