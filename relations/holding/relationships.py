"""What is held of a customer's relationships, for that person's own questions and for destruction."""

from __future__ import annotations

from customers.holding import ForeignKeyHolder


class Relationships(ForeignKeyHolder):
    """Who is what to whom, from either side. Who the other is, is that person's own data and is not given out."""

    model = "relations.Relationship"
    columns = ("first", "second")
