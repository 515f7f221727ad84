"""Named reads of customers. `visible_to` is the only door to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

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
