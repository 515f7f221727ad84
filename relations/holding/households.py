"""What is held of a customer's households, for that person's own questions and for destruction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from customers.holding import ForeignKeyHolder, Touched, touched_by_keys
from relations.models import HouseholdSuggestion, SuggestedMember


class Memberships(ForeignKeyHolder):
    """The places of a customer in households. Who else is in them is those persons' own data and is not given out."""

    model = "relations.Membership"


class Events(ForeignKeyHolder):
    """What happened to a customer in a household; the household's own events name nobody and stay."""

    model = "relations.HouseholdEvent"


class SuggestedMembers(ForeignKeyHolder):
    """A customer's place in suggestions. Of a suggestion that loses a member nothing could be decided any more: one
    that waits is overtaken, and its evidence, which speaks of that member too, is emptied."""

    model = "relations.SuggestedMember"

    def touches(self, customers: Sequence[int]) -> Touched:
        """The places, and the suggestions, which are about all of their members."""
        named = SuggestedMember.objects.filter(customer__in=customers).values("suggestion")
        everyone = SuggestedMember.objects.filter(suggestion__in=named).values_list("customer", "suggestion")
        return touched_by_keys(self.holds, customers) | {"relations.HouseholdSuggestion": set(everyone)}

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        named = list(SuggestedMember.objects.filter(customer__in=customers).values_list("suggestion", flat=True))
        about = HouseholdSuggestion.objects.filter(pk__in=named)
        about.filter(state="OPEN").update(state="OVERTAKEN", decided_at=at)
        about.update(ties=[])
        return super().erase(customers, at)


class Refusals(ForeignKeyHolder):
    """With whom a customer was said to be no household. Who the other is, is not given out."""

    model = "relations.HouseholdRefusal"
    columns = ("first", "second")
