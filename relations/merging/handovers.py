"""What becomes of the places in handovers when two customers are one."""

from __future__ import annotations

from relations.merging.keepers import OneOfAKind


class HandoverItems(OneOfAKind):
    """A customer's places in handovers; in one that both are in, the survivor's holds."""

    model = "relations.HandoverItem"
    binds = "true"
    key = "held.handover_id"
    rival = "other.handover_id = held.handover_id"
