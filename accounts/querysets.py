"""Named reads of branches and of the trail."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import Branch, Staff


class BranchQuerySet(models.QuerySet):
    def subtree_of(self, branch: Branch) -> Self:
        """`branch` and every branch below it."""
        return self.filter(path__startswith=branch.path)


class AccessEntryQuerySet(models.QuerySet):
    def newest_first(self) -> Self:
        """In the order in which they were written, as far as lanes side by side have one."""
        return self.order_by("-at", "-lane", "-number")

    def between(self, first: date, last: date) -> Self:
        """Entries of these days, both included, of the time zone of the settings; only their partitions are read."""
        start, end = _midnight(first), _midnight(last + timedelta(days=1))
        # A clock that was set back may have written an entry into the month of the day before.
        months = {"month__gte": first.replace(day=1) - timedelta(days=31), "month__lte": last + timedelta(days=1)}
        return self.filter(at__gte=start, at__lt=end, **months)

    def of_customer(self, customer_id: int) -> Self:
        """Entries of what showed or changed data of this customer."""
        return self.of_customers([customer_id])

    def of_customers(self, customers: Collection[int]) -> Self:
        """Entries of what showed or changed data of any of these, by id.

        It is said twice, since the planner takes one entry in two hundred for theirs and would walk through millions in
        the order of instants; of two conditions it takes one in forty thousand, and goes by the index of customers.
        """
        ids = list(customers)
        return self.filter(customers__overlap=ids).filter(customers__overlap=ids + ids)

    def of_staff(self, staff: Staff) -> Self:
        """Entries of what this member of staff did."""
        return self.filter(employee_number=staff.employee_number)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
