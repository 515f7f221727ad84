"""What a verb on households would do: it is done, told, and taken back, so a preview cannot differ from the act."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from relations.models import HouseholdEvent


def foreseen(verb: Callable[[], object]) -> list[HouseholdEvent]:
    """What would happen to which households, in order, with `household` and `customer`. Raises what the verb raises."""
    with transaction.atomic():
        newest = HouseholdEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        verb()
        events = HouseholdEvent.objects.filter(pk__gt=newest).select_related("household", "customer").order_by("pk")
        told = list(events)
        transaction.set_rollback(True)
    return told
