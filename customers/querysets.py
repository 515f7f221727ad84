"""Named reads. `visible_to` is the only door to customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.models import Branch
from customers.standard.regions import REGIONS, Region, region_of_code

if TYPE_CHECKING:
    from accounts.models import Staff


# In SQL, since putting these together from models takes longer than running them; every list asks.
NAMED = """
SELECT held.content_object_id FROM customers_customerstaffgrant held
JOIN auth_permission permission ON permission.id = held.permission_id AND permission.codename = 'view_customer'
WHERE held.user_id = %s AND (held.ends_at IS NULL OR held.ends_at > %s)
"""
BY_GROUP = """
SELECT held.content_object_id FROM customers_customergroupgrant held
JOIN accounts_staff_groups member ON member.group_id = held.group_id
JOIN auth_permission permission ON permission.id = held.permission_id AND permission.codename = 'view_customer'
WHERE member.staff_id = %s
"""
PROTECTED = f"SELECT customer_id FROM customers_protection WHERE customer_id NOT IN ({NAMED})"  # noqa: S608 - constants
# A set that is read once and then asked by index: beside an OR, a plain IN would read the whole table.
GRANTED = f"ARRAY({NAMED} UNION ALL {BY_GROUP})"


class Among(models.Func):
    """Whether a column is one of the values of a query in SQL. operator: IN, or = ANY for an array."""

    template = "%(expressions)s"
    output_field = models.BooleanField()

    def __init__(self, column: str, operator: str, query: str, params: tuple[object, ...]) -> None:
        super().__init__(models.F(column), RawSQL(query, params), arg_joiner=f" {operator} ")  # noqa: S611 - constants


def branches_of(staff: Staff) -> frozenset[str]:
    """The codes of the branches whose customers `staff` sees, read once per request, as `staff` lives as long as one.

    They go into queries by name, since of a subquery the planner cannot know whether it is one branch or all of them.
    """
    codes = getattr(staff, "_customer_branches", None)
    if codes is None:
        codes = frozenset()
        if staff.branch_id is not None and staff.has_perm("customers.view_branch_customers"):
            codes = frozenset(Branch.objects.subtree_of(staff.branch).values_list("code", flat=True))
        staff._customer_branches = codes
    return codes


STANDING = ("ACTIVE", "MERGED")
EVERYONE = ("customers.view_every_customer", "customers.view_protected_customer")


def sees_everyone(staff: Staff) -> bool:
    """Whether `visible_to(staff)` leaves nobody out."""
    return staff.has_perms(["customers.view_customer", *EVERYONE])


class CustomerQuerySet(models.QuerySet):
    def visible_to(self, staff: Staff) -> Self:
        """The customers that `staff` may see: by role, by branch subtree, as keeper, or by a single grant; a protected
        one only as keeper, by a grant of one's own, or by the right to see them all. One who is kept apart or destroyed
        is seen by nobody.
        """
        if not staff.is_active or not staff.has_perm("customers.view_customer"):
            return self.none()
        is_kept, now = Q(keeper=staff.employee_number), timezone.now()
        shown = self.standing()
        if not staff.has_perm("customers.view_protected_customer"):
            shown = shown.filter(~Q(Among("pk", "IN", PROTECTED, (staff.pk, now))) | is_kept)
        if staff.has_perm("customers.view_every_customer"):
            return shown
        scope = is_kept | Q(Among("pk", "= ANY", GRANTED, (staff.pk, now, staff.pk)))
        if branches_of(staff):
            scope |= Q(main_branch__in=sorted(branches_of(staff)))
        return shown.filter(scope)

    def standing(self) -> Self:
        """All but those who are kept apart or destroyed."""
        return self.filter(state__in=STANDING)

    def with_holders(self) -> Self:
        """With branch and keeper fetched in the same query."""
        return self.select_related("main_branch", "keeper")


class MappingQuerySet(models.QuerySet):
    def replaceable_by(self, draft: models.Model) -> Self:
        """The live mappings that a draft may take the place of: those of its source and layout."""
        return self.filter(source=draft.source_id, layout=draft.layout, state="LIVE").exclude(pk=draft.pk)


class CodeQuerySet(models.QuerySet):
    def regions(self) -> tuple[Region, ...]:
        """The 시도 of all days for the standard forms; those that Hannun brings while the table holds none."""
        rows = self.filter(table="REGION").order_by("valid_from", "code")
        columns = ("code", "name", "aliases", "postcode_prefixes", "valid_from", "valid_to")
        return tuple(region_of_code(*row) for row in rows.values_list(*columns)) or REGIONS


class MatchModelQuerySet(models.QuerySet):
    def live(self) -> models.Model | None:
        """The version in use; None while nothing has been learned and the shipped weights hold."""
        return self.filter(state="LIVE").first()


class MatchRunQuerySet(models.QuerySet):
    def unfinished(self) -> Self:
        """Runs that wait for somebody to go on with them, the oldest first."""
        return self.filter(state="RUNNING").order_by("pk")


class MatchPartQuerySet(models.QuerySet):
    def free(self, run: models.Model) -> Self:
        """Parts that are not done, of a run that still looks at the stock as `run` does."""
        return self.filter(run=run, run__watermark=run.watermark, is_done=False).order_by("number")


class ActQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """Acts that nobody took back."""
        return self.filter(taken_back_by=None)

    def of_customer(self, customer: models.Model) -> Self:
        """The acts about a customer, the newest first."""
        return self.filter(customers__customer=customer).order_by("-at", "-pk")


class ProposalQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Proposals that nobody has decided yet, the oldest first."""
        return self.filter(state="OPEN").order_by("proposed_at", "pk")
