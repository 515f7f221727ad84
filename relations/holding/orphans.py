"""What is held of customers whom nobody keeps."""

from __future__ import annotations

from customers.holding import ForeignKeyHolder


class OrphanNotes(ForeignKeyHolder):
    """Why the customer has no keeper."""

    model = "relations.OrphanNote"
