"""Asking those again whose consent rests on an earlier version: planning it, and opening the questions in a set."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from consent.models import CleanupAsk, Text
from consent.reports.texts_again import customers_to_ask_again
from consent.services.cleanup import open_asks
from consent.services.texts import NotInUse


class NotMaterial(Exception):
    """The version changed nothing of weight, so that consents to the one before go on."""


class TooSoon(Exception):
    """The day is over, so that nobody could be asked by then."""


@transaction.atomic
def plan_again(*, text: Text, by_day: date, at: datetime, today: date) -> int:
    """Have everybody asked again at the next contact, by a day, whose consent rests on an earlier version; returns how
    many questions were opened. Whoever has one open keeps it. Raises NotInUse, NotMaterial, TooSoon.
    """
    text = Text.objects.select_for_update().get(pk=text.pk)
    if text.state != Text.State.PUBLISHED:
        raise NotInUse
    if not text.is_material:
        raise NotMaterial
    if by_day < today:
        raise TooSoon
    text.ask_again_by = by_day
    text.save(update_fields=["ask_again_by"])
    customers = customers_to_ask_again(text, at)
    return open_asks(kind=CleanupAsk.Kind.RECONFIRM, customers=customers, due_on=by_day, at=at)
