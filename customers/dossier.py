"""What the panels of one customer's page share: fetched once, when first asked for, for one reader."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from accounts.models import Staff
from customers.dedup.blocking import INDEXED_KEYS
from customers.golden.explain import Explanation, explain
from customers.models import Customer, Pair, Protection, SourceRecord, SourceSystem, Wish
from customers.reading import Place, Reading, read
from customers.services.golden_rules import live_rules
from customers.services.wishes import wanted, wishes_in_force

RECORD_LIMIT = 200
# What a page never shows: the row as sent comes on demand, ciphertext and match keys never.
UNREAD = (
    "raw digest match_keys rrn_sealed ci_sealed ci_index passport_sealed passport_index account_sealed account_index"
).split() + list(INDEXED_KEYS)


class Dossier:
    """One customer with its records, sources and explanations, as of the instant the page was asked for."""

    def __init__(self, customer: Customer, viewer: Staff) -> None:
        self.customer, self.viewer = customer, viewer
        self.now: datetime = timezone.now()
        self.reading: Reading = read(customer, viewer, Place.PROFILE)

    @cached_property
    def records(self) -> list[SourceRecord]:
        """The linked records with their links, in order of arrival; the first 200 of a customer that has more."""
        linked = SourceRecord.objects.filter(link__customer=self.customer).select_related("link", "link__linked_by")
        return list(linked.defer(*UNREAD).order_by("pk")[:RECORD_LIMIT])

    @cached_property
    def sources(self) -> dict[int, SourceSystem]:
        """All source systems by id."""
        return SourceSystem.objects.in_bulk()

    @cached_property
    def explained(self) -> dict[str, Explanation]:
        """Why each golden value is what it is."""
        trusts = {source.pk: source.trust for source in self.sources.values()}
        return explain(self.records, trusts, live_rules(), [wanted(wish) for wish in self.wishes])

    @cached_property
    def wishes(self) -> list[Wish]:
        """What people set for values of this customer and still holds, oldest first."""
        return list(wishes_in_force(self.customer, on=timezone.localdate(self.now)))

    @cached_property
    def source_names(self) -> tuple[str, ...]:
        """The names of the sources that hold this customer, most trusted first."""
        held = {record.source_id for record in self.records}
        ranked = sorted(
            (source for source in self.sources.values() if source.pk in held), key=lambda s: (-s.trust, s.pk)
        )
        return tuple(str(source) for source in ranked)

    @cached_property
    def as_of(self) -> datetime | None:
        """The newest as-of of the linked records."""
        return max((record.as_of for record in self.records), default=None)

    @cached_property
    def protections(self) -> list[Protection]:
        """Why only named people see the customer; empty for nearly all."""
        return list(self.customer.protections.select_related("protected_by").order_by("pk"))

    @cached_property
    def open_pair_count(self) -> int:
        """How many undecided pairs hold one of the records: possible duplicates of this customer."""
        ids = [record.pk for record in self.records]
        return Pair.objects.filter(Q(left__in=ids) | Q(right__in=ids), state=Pair.State.OPEN).count()


def dossier_of(customer: Customer, viewer: Staff) -> Dossier:
    """The dossier of this customer for this reader; the same one for every panel of a page."""
    kept = customer.__dict__.get("_dossier")
    if kept is None or kept.viewer is not viewer:
        kept = customer._dossier = Dossier(customer, viewer)
    return kept
