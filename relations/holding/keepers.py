"""What is held of customers about their keepers."""

from __future__ import annotations

from customers.holding import ForeignKeyHolder


class Keepers(ForeignKeyHolder):
    """Who keeps the customer, and who did."""

    model = "relations.Keeper"
