"""Named reads. `visible_to` is the only door to customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from customers.standard.regions import REGIONS, Region, region_of_code

if TYPE_CHECKING:
    from accounts.models import Staff


class CustomerQuerySet(models.QuerySet):
    def visible_to(self, staff: Staff) -> Self:
        """The customers that `staff` may see: by role, by branch subtree, as keeper, or by a single grant.

        The grants come in by UNION, which keeps every branch of the query on its own index.
        """
        if not staff.is_active or not staff.has_perm("customers.view_customer"):
            return self.none()
        if staff.has_perm("customers.view_every_customer"):
            return self
        scope = Q(keeper=staff.employee_number)
        if staff.has_perm("customers.view_branch_customers") and staff.branch_id is not None:
            branches = apps.get_model("accounts", "Branch").objects.subtree_of(staff.branch)
            scope = Q(main_branch__in=list(branches.values_list("code", flat=True)))
        return self.filter(scope | Q(pk__in=self._granted_to(staff)))

    def _granted_to(self, staff: Staff) -> models.QuerySet:
        """Ids of the customers granted to `staff` singly or through a group."""
        grants = {"permission__codename": "view_customer", "permission__content_type__app_label": "customers"}
        singly = apps.get_model("customers", "CustomerStaffGrant").objects.filter(user=staff, **grants)
        by_group = apps.get_model("customers", "CustomerGroupGrant").objects.filter(
            group__in=staff.groups.values("pk"), **grants
        )
        return singly.values("content_object_id").union(by_group.values("content_object_id"))

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
