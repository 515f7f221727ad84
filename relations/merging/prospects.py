"""What becomes of prospects in a merge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from customers.merging import ForeignKeyChildren, Merges, Moved
from relations.models import Prospect


class Prospects(ForeignKeyChildren):
    """Prospects go with their customer. Of two active ones that would meet, the survivor's stays where it is and the
    other stays with the retired number, for a customer has one active prospect: pages show its survivor, and the
    desk may decide between the planners."""

    model = "relations.Prospect"

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        into = dict(merges)
        active = Prospect.objects.filter(state=Prospect.State.ACTIVE)
        taken = set(active.filter(customer__in=into.values()).values_list("customer", flat=True))
        going = []
        rows = Prospect.objects.filter(customer__in=into).order_by("pk").values_list("pk", "customer", "state")
        for pk, retired, state in rows:
            if state == Prospect.State.ACTIVE:
                if into[retired] in taken:
                    continue
                taken.add(into[retired])
            going.append(Moved(self.model, pk, into[retired], retired))
        return [Moved(self.model, one.object_id, one.into_id, one.from_id) for one in self._sent(going, at)]

    def _sent(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        """Single children from `into_id` to `from_id`, which is also the way back of a merge."""
        return super().give_back(moved, at)


class Disputes(ForeignKeyChildren):
    """A question about prospects is about whoever the customer in the way is today."""

    model = "relations.ProspectDispute"
