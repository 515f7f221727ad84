"""What is held of organisations as employers, and of persons as members of group contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet, Value
from django.db.models.fields import TextField
from django.db.models.functions import Cast, Concat

from customers.holding import Counts, ForeignKeyHolder, Rows
from relations.models import CoverEnd, GroupMember, RosterRow

MEMBER = "relations.GroupMember"
TOLD = (
    *("relation", "employee_no", "name", "birth_date", "sex", "rrn_mask", "mobile", "email"),
    *("joined_on", "left_on", "cover_from", "cover_until", "match_weight", "matched_at"),
)


class Rosters(ForeignKeyHolder):
    """The lists that an organisation sent, with their rows; their members go first (`Members`)."""

    model = "relations.Roster"
    columns = ("organisation",)
    told = ("file_name", "on", "is_full", "state", "counts", "uploaded_at", "applied_at")


class Members:
    """Covers of a person, and the members of an organisation's contracts.

    Of a person who is destroyed the place in the group stays, without anything that tells who it was: others hang on
    it, and the employer goes on paying for it. Of an organisation all go, dependants first. A file for an organisation
    holds none of them: they are the data of its employees, each of whom is given their own.
    """

    holds = (MEMBER,)

    def count(self, customers: Sequence[int]) -> Counts:
        counted: dict[int, int] = {}
        rows = GroupMember.objects.filter(self._about(customers)).values_list("customer", "organisation")
        for row in rows:
            for customer in {*row} & {*customers}:
                counted[customer] = counted.get(customer, 0) + 1
        return {MEMBER: counted}

    def export(self, customer: int) -> Rows:
        return {MEMBER: list(GroupMember.objects.filter(customer=customer).order_by("pk").values(*TOLD))}

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        of_organisations = GroupMember.objects.filter(organisation__in=customers)
        gone = self._delete(of_organisations)
        return {MEMBER: gone + self._blank(GroupMember.objects.filter(customer__in=customers), at)}

    def _delete(self, members: QuerySet[GroupMember]) -> int:
        ids = list(members.values_list("pk", flat=True))
        CoverEnd.objects.filter(member__in=ids).delete()
        RosterRow.objects.filter(member__in=ids).update(member=None)
        GroupMember.objects.filter(pk__in=ids).exclude(principal=None).delete()
        GroupMember.objects.filter(pk__in=ids).delete()
        return len(ids)

    def _blank(self, members: QuerySet[GroupMember], at: datetime) -> int:
        """The number of an employee is one that nobody has, for two who are destroyed must not become one."""
        CoverEnd.objects.filter(member__in=members).delete()
        number = Concat(Value("~"), Cast(F("pk"), TextField()), output_field=TextField())
        nothing = dict.fromkeys(("birth_date", "rrn_sealed", "rrn_index", "match_weight", "joined_on", "left_on"))
        empty = dict.fromkeys(("name", "sex", "rrn_mask", "mobile", "email"), "")
        return members.update(customer=None, employee_no=number, matched_at=at, **nothing, **empty)

    def _about(self, customers: Sequence[int]) -> Q:
        return Q(customer__in=customers) | Q(organisation__in=customers)
