"""What people wished for a customer, as the choice of its values reads it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Wanted(NamedTuple):
    """A wish in force. item: '' for every item; record_id: the record pinned, else 0; source_id: the source preferred,
    else 0."""

    item: str
    record_id: int
    source_id: int


def standing(item: str, wishes: Sequence[Wanted], records: Sequence[tuple[int, int]]) -> list[int]:
    """How far each record of a customer is wished for this item: the highest stands, 0 is no wish; odd is a pin.

    wishes: of the customer, oldest first; a newer one stands above an older one, and one on the item above one on all
    items. records: (record id, source id).
    """
    counted = [wish for wish in wishes if not wish.item] + [wish for wish in wishes if wish.item == item]
    standings = [0] * len(records)
    for place, wish in enumerate(counted, 1):
        for row, (record_id, source_id) in enumerate(records):
            if wish.record_id and wish.record_id == record_id:
                standings[row] = 2 * place + 1
            elif wish.source_id and wish.source_id == source_id:
                standings[row] = 2 * place
    return standings
