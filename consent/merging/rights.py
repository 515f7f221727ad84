"""Requests of data subjects in a merge: whoever asked is answered for the whole person that the survivor is."""

from __future__ import annotations

from customers.merging import ForeignKeyChildren


class Requests(ForeignKeyChildren):
    """Go with the person, and back with them."""

    model = "consent.RightsRequest"
