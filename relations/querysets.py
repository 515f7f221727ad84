"""Named reads of relations. Customers themselves are reached by `Customer.objects.visible_to` alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import connection, models
from django.db.models import BooleanField, Case, Q, Subquery, Value, When

if TYPE_CHECKING:
    from accounts.models import Staff
    from customers.models import Customer


def one_by_one(rows: models.QuerySet) -> Case:
    """EXISTS that the planner cannot turn into a set of all rows, for a page that reads the first few of many."""
    found = Subquery(rows.values(found=Value(True))[:1], output_field=BooleanField())
    return Case(When(Q(found), then=Value(True)), default=Value(False), output_field=BooleanField())


class DatedQuerySet(models.QuerySet):
    def held_on(self, day: date) -> Self:
        """Rows that held on this day."""
        begun = Q(started_on__isnull=True) | Q(started_on__lte=day)
        return self.filter(begun, Q(ended_on__isnull=True) | Q(ended_on__gt=day))

    def still_open(self) -> Self:
        """Rows whose end nobody has recorded."""
        return self.filter(ended_at=None)


class HouseholdQuerySet(models.QuerySet):
    def still_open(self) -> Self:
        """Households that have not closed."""
        return self.filter(closed_at=None)


class MembershipQuerySet(DatedQuerySet):
    def of_customer(self, customer: Customer) -> Self:
        """The places of one customer, the primary household first."""
        return self.filter(customer=customer).order_by("ended_at", "-is_primary", "-started_on", "-pk")


class SuggestionQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Suggestions that nobody has decided, the surest first."""
        return self.filter(state="OPEN").order_by("-score", "pk")


class RelationshipQuerySet(DatedQuerySet):
    def of_customer(self, customer: Customer) -> Self:
        """The relationships of one customer, from either side."""
        return self.filter(Q(first=customer) | Q(second=customer))


# Whoever stands above an organisation, each with the days on which all of the way holds.
CLOSES_CIRCLE = """
WITH RECURSIVE above AS (
  SELECT parent_id, daterange(started_on, ended_on, '[)') * daterange(%(from)s, %(until)s, '[)') AS span
  FROM relations_affiliation WHERE child_id = %(parent)s AND id <> %(without)s
  UNION
  SELECT higher.parent_id, daterange(higher.started_on, higher.ended_on, '[)') * above.span
  FROM relations_affiliation higher JOIN above ON higher.child_id = above.parent_id
  WHERE NOT isempty(above.span) AND higher.id <> %(without)s
)
SELECT EXISTS (SELECT FROM above WHERE parent_id = %(child)s AND NOT isempty(span))
"""


class AffiliationQuerySet(DatedQuerySet):
    """Affiliations by day."""

    def between_active(self) -> Self:
        """Those of two organisations that answer to their own numbers; one that a merge left behind waits."""
        return self.filter(parent__state="ACTIVE", child__state="ACTIVE")

    def closes_circle(
        self, *, parent: int, child: int, started_on: date | None, ended_on: date | None, without: int = 0
    ) -> bool:
        """Whether `child` below `parent` would on some of these days stand above itself. without: an affiliation that
        does not count."""
        asked = {"parent": parent, "child": child, "from": started_on, "until": ended_on, "without": without}
        with connection.cursor() as cursor:
            cursor.execute(CLOSES_CIRCLE, asked)
            return cursor.fetchone()[0]


class GroupMemberQuerySet(models.QuerySet):
    """Members of group contracts, as the purpose wall hands them out."""


class FinancialQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Facts that nobody withdrew, the newest first."""
        return self.filter(withdrawn_at=None).order_by("-as_of", "-pk")


class HandoverItemQuerySet(models.QuerySet):
    def for_receiver(self, staff: Staff) -> Self:
        """What is offered to this member of staff and waits for an answer, the oldest first."""
        return self.filter(to_staff=staff, state="OFFERED").order_by("pk")


class ProspectQuerySet(models.QuerySet):
    def visible_to(self, staff: Staff) -> Self:
        """The prospects that this person may know of: their own, those of their branch, or all of them."""
        if not staff.is_active or not staff.has_perm("relations.view_prospect"):
            return self.none()
        if staff.has_perm("customers.view_every_customer"):
            return self
        return self.filter(_of_side(staff, ""))


class DisputeQuerySet(models.QuerySet):
    def visible_to(self, staff: Staff) -> Self:
        """The disputes that this person may know of: where they or their branch are one side, or all of them."""
        if not staff.is_active or not staff.has_perm("relations.view_prospect"):
            return self.none()
        if staff.has_perm("customers.view_every_customer"):
            return self
        claimed = Q(kind="CLAIM") & _of_side(staff, "against__")
        return self.filter(_of_side(staff, "prospect__") | claimed)

    def waiting(self) -> Self:
        """Disputes that the desk has to answer, the most urgent first."""
        return self.filter(state="OPEN").order_by("due_at", "pk")


def _of_side(staff: Staff, side: str) -> Q:
    """Prospects of this person or, where they see those of their branch, of it and the branches below."""
    own = Q(**{f"{side}fp": staff})
    if staff.branch_id is not None and staff.has_perm("customers.view_branch_customers"):
        own |= Q(**{f"{side}branch__path__startswith": staff.branch.path})
    return own
