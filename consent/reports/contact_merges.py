"""Who of customers about to be merged wants no contact: it would hold for the one that remains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import connection

from accounts.models import Staff
from consent.models import ContactRefusal
from consent.reports.contact import channel_label
from consent.reports.contact_facts import TAKEN_BACK
from consent.words.contact import NOT_REFUSED, REFUSED
from customers.merging import Caution
from customers.models import Customer
from customers.reading import Place, read

STANDING = f"""
SELECT DISTINCT holder.id, refusal.kind, refusal.channel
FROM consent_contactrefusal refusal JOIN customers_customer member ON member.id = refusal.customer_id
CROSS JOIN LATERAL (VALUES (member.id), (member.merged_into_id)) holder(id)
WHERE refusal.lifted_at IS NULL AND holder.id = ANY(%s) AND NOT (holder.id <> member.id AND {TAKEN_BACK})
ORDER BY refusal.kind, refusal.channel
"""  # noqa: S608 - constants


def cautions(customers: Sequence[Customer], viewer: Staff) -> list[Caution]:
    """A caution for every refusal that stands with some of them and not with all, in one query."""
    if not viewer.has_perm("consent.view_contactrefusal"):
        return []
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [[customer.pk for customer in customers]])
        rows = cursor.fetchall()
    held: dict[tuple[str, str], set[int]] = {}
    for customer, kind, channel in rows:
        held.setdefault((kind, channel), set()).add(customer)
    return list(_cautions(customers, held, viewer)) if held else []


def _cautions(customers: Sequence[Customer], held: dict[tuple[str, str], set[int]], viewer: Staff) -> Iterator[Caution]:
    readings = [read(customer, viewer, Place.LIST) for customer in customers]
    for (kind, channel), refusing in held.items():
        if len(refusing) == len(customers):
            continue
        words = [REFUSED if customer.pk in refusing else NOT_REFUSED for customer in customers]
        cells = [reading.show("consent", str(word)).text for reading, word in zip(readings, words, strict=True)]
        label = f"{ContactRefusal.Kind(kind).label} · {channel_label(channel)}"
        yield Caution(label, tuple(cells), readings[0].show("consent", str(REFUSED)).text)
