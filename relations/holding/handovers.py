"""What is held of customers about changes of their keepers."""

from __future__ import annotations

from customers.holding import ForeignKeyHolder


class HandoverItems(ForeignKeyHolder):
    """The customer's places in handovers."""

    model = "relations.HandoverItem"
