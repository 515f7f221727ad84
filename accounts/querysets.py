"""Named reads of staff and branches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import Branch


class BranchQuerySet(models.QuerySet):
    def subtree_of(self, branch: Branch) -> Self:
        """`branch` and every branch below it."""
        return self.filter(path__startswith=branch.path)
