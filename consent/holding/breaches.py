"""What is held of a customer because of a breach, to be given out and destroyed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from customers.holding import Counts, ForeignKeyHolder


class BreachNotices(ForeignKeyHolder):
    """That the customer was on the list of a breach. Who was told stays under the bare number, to prove that we told
    (개인정보 보호법 제34조), and is not counted among what is destroyed; nobody is left to be told of the others."""

    model = "consent.BreachNotice"
    told = ("breach__number", "breach__known_at", "entry_count", "channel", "sent_at", "proof", "failed_because")

    def count(self, customers: Sequence[int]) -> Counts:
        return {self.model: dict(Counter(self._untold(customers).values_list("customer", flat=True)))}

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        count, _kinds = self._untold(customers).delete()
        self._rows().filter(self._about(customers)).update(proof="", failed_because="")
        return {self.model: count}

    def _untold(self, customers: Sequence[int]) -> QuerySet:
        return self._rows().filter(self._about(customers), sent_at=None)
