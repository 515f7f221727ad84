"""What is held of somebody's requests, to be given out and destroyed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F

from consent.models import AnswerPack, RightsItem, RightsRequest
from consent.reports.rights_items import item_words
from consent.words.rights import DECISIONS
from customers.holding import ForeignKeyHolder, Rows

MODEL = "consent.RightsRequest"


class Requests(ForeignKeyHolder):
    """Requests with their items and packs.

    That a request came, was answered in time and how it ended has to be proven for years; of one whose customer is
    destroyed that stays, under its own number, without the customer and without a word that anybody wrote.
    """

    model = MODEL
    told = (
        *("number", "kind", "state", "via", "asker", "wording", "received_on", "due_on", "extension_count"),
        *("extension_reason", "identified_how", "identified_at", "accepted_at", "answered_at", "told_how"),
    )

    def export(self, customer: int) -> Rows:
        requests = RightsRequest.objects.filter(customer=customer).order_by("pk").prefetch_related("items")
        return {MODEL: [self._row(request) for request in requests]}

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        keys = list(RightsRequest.objects.filter(customer__in=customers).values_list("pk", flat=True))
        AnswerPack.objects.filter(request__in=keys, sealed__isnull=False).update(sealed=None, destroyed_at=at)
        items = RightsItem.objects.filter(request__in=keys)
        items.update(wish="", is_stopped=False)
        items.filter(decision=RightsItem.Decision.REFUSED).update(explanation=F("clause"))
        items.exclude(decision=RightsItem.Decision.REFUSED).update(explanation="")
        written = ("wording", "extension_reason", "identified_how", "told_how")
        return {MODEL: RightsRequest.objects.filter(pk__in=keys).update(customer=None, **dict.fromkeys(written, ""))}

    def _row(self, request: RightsRequest) -> dict[str, object]:
        items = sorted(request.items.all(), key=lambda item: item.pk)
        named = item_words(items, request.kind)
        told = [_item(named[item.item], item) for item in items]
        return {name: getattr(request, name) for name in self.told} | {"items": told}


def _item(name: str, item: RightsItem) -> str:
    """An item in a line: what was asked, what was wished, what was decided."""
    wish = f" → {item.wish}" if item.wish else ""
    more = " ".join(filter(None, (item.clause, item.explanation)))
    return f"{name}{wish}: {DECISIONS[item.decision]}{f' ({more})' if more else ''}"
