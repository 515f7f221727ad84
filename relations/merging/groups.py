"""Group contracts in a merge: rosters and members go over with their organisation, covers with the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from customers.merging import ForeignKeyChildren, Merges, Moved


class Rosters(ForeignKeyChildren):
    """The lists that an organisation sent."""

    model = "relations.Roster"
    column = "organisation"


class _Employers(ForeignKeyChildren):
    """Members by the organisation that insures them."""

    model = "relations.GroupMember"
    column = "organisation"


class _Persons(ForeignKeyChildren):
    """Members by the person that they are."""

    model = "relations.GroupMember"
    column = "customer"


class Members:
    """Members of group contracts, moved as a whole on either side; which side it was is noted with the move. Nothing of
    a member is unique to a customer, so none stays behind."""

    moves = (_Persons.model,)
    sides: Mapping[str, type[ForeignKeyChildren]] = {side.column: side for side in (_Employers, _Persons)}

    def count(self, customers: Sequence[int]) -> Mapping[str, Mapping[int, int]]:
        counted: dict[int, int] = {}
        for side in self.sides.values():
            for customer, count in side().count(customers)[side.model].items():
                counted[customer] = counted.get(customer, 0) + count
        return {_Persons.model: counted}

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        return [
            replace(moved, note={"column": column})
            for column, side in self.sides.items()
            for moved in side().move(merges, at)
        ]

    def give_back(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        returned: list[Moved] = []
        for column, side in self.sides.items():
            own = [one for one in moved if one.note.get("column") == column]
            returned += [replace(back, note={"column": column}) for back in side().give_back(own, at)]
        return returned
