"""What becomes of explained orphans when two customers are one."""

from __future__ import annotations

from relations.merging.keepers import OneOfAKind


class OrphanNotes(OneOfAKind):
    """Why a customer has no keeper; of two that stand the survivor's holds."""

    model = "relations.OrphanNote"
    binds = "held.ended_at IS NULL"
    key = "held.ended_at"
    rival = "other.ended_at IS NULL"
