"""What becomes of keepers when two customers are one."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from customers.merging import ForeignKeyChildren, Merges, Moved

# A row that bars another of its kind moves only where the survivor has none such, and of several retired the oldest.
MOVE = """
UPDATE {{table}} child SET {{column}} = going.into_id
FROM (
    SELECT held.id, merge.retired_id, merge.into_id, {binds} AS is_bound,
        row_number() OVER (PARTITION BY merge.into_id, {binds}, {key} ORDER BY held.id) AS place,
        EXISTS (SELECT FROM {{table}} other WHERE other.{{column}} = merge.into_id AND {rival}) AS is_taken
    FROM {{table}} held
    JOIN unnest(%s::bigint[], %s::bigint[]) AS merge(retired_id, into_id) ON held.{{column}} = merge.retired_id
) going
WHERE child.{{key}} = going.id AND (NOT going.is_bound OR (going.place = 1 AND NOT going.is_taken))
RETURNING child.{{key}}, going.retired_id, going.into_id
"""


class OneOfAKind(ForeignKeyChildren):
    """Children of which a customer has at most one of a kind. One that the survivor has already stays with the retired
    number, where it is read again when that comes back.

    Written in SQL of the row `held`, and `other` of the survivor. binds: whether the row is one of those; key: what
    makes the kind; rival: which row of the survivor is in the way.
    """

    model: ClassVar[str] = ""
    binds: ClassVar[str]
    key: ClassVar[str]
    rival: ClassVar[str]

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        statement = MOVE.format(binds=self.binds, key=self.key, rival=self.rival)
        rows = self._moved(statement, [*zip(*merges, strict=True)] if merges else [(), ()])
        return [Moved(self.model, *row) for row in rows]


class Keepers(OneOfAKind):
    """Assignments: of two that stand the survivor's holds, as with `customers.merging.Keepings`; ended ones all move.

    Where the survivor's keeper rests on sources and the retired one's was assigned here, the master takes the assigned
    one; the survivor's row follows it with the next adoption of keepers.
    """

    model = "relations.Keeper"
    binds = "held.ended_at IS NULL"
    key = "held.kind"
    rival = "other.kind = held.kind AND other.ended_at IS NULL"
