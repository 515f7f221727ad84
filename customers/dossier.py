"""What the panels of one customer's page share: fetched once, when first asked for, for one reader."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.utils import timezone

from accounts.models import Staff
from customers.dedup.blocking import INDEXED_KEYS
from customers.golden.explain import Explanation, explain
from customers.models import Act, Customer, Merge, Protection, SourceRecord, SourceSystem, Wish
from customers.reading import Place, Reading, read
from customers.services.golden_rules import live_rules
from customers.services.wishes import wanted, wishes_in_force

RECORD_LIMIT = 200
ACT_LIMIT = 30
MOST_ABSORBED = 8
# One row with the count at least, so that a customer whom nothing protects has no more than an empty protection.
WARNINGS = """
SELECT protection.*, counted.open_pair_count
FROM (
    SELECT count(*) AS open_pair_count FROM (
        SELECT id FROM customers_pair WHERE state = 'OPEN' AND left_id = ANY(%(records)s)
        UNION SELECT id FROM customers_pair WHERE state = 'OPEN' AND right_id = ANY(%(records)s)
    ) open_pair
) counted
LEFT JOIN customers_protection protection ON protection.customer_id = %(customer)s
ORDER BY protection.id
"""
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

    @property
    def protections(self) -> list[Protection]:
        """Why only named people see the customer; empty for nearly all."""
        return self._warnings[0]

    @property
    def open_pair_count(self) -> int:
        """How many undecided pairs hold one of the records: possible duplicates of this customer."""
        return self._warnings[1]

    @cached_property
    def _warnings(self) -> tuple[list[Protection], int]:
        """What the head of the page warns of, in one query: protections, and how many pairs are open."""
        words = {"customer": self.customer.pk, "records": [record.pk for record in self.records]}
        rows = list(Protection.objects.raw(WARNINGS, words))
        return [row for row in rows if row.pk is not None], rows[0].open_pair_count

    @cached_property
    def newest_acts(self) -> list[Act]:
        """What people and rules decided about the customer, the newest 30; absorbed: the newest 8 of the numbers that
        were merged into it, on every act."""
        merges = Merge.objects.filter(retired__merged_into=self.customer, ended_by=None).order_by("-pk")
        absorbed = ArraySubquery(merges.values("retired__number")[:MOST_ABSORBED])
        return list(Act.objects.of_customer(self.customer).select_related("by").annotate(absorbed=absorbed)[:ACT_LIMIT])


def dossier_of(customer: Customer, viewer: Staff) -> Dossier:
    """The dossier of this customer for this reader; the same one for every panel of a page."""
    kept = customer.__dict__.get("_dossier")
    if kept is None or kept.viewer is not viewer:
        kept = customer._dossier = Dossier(customer, viewer)
    return kept
