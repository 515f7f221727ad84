"""Named reads of consents and what hangs on them. Small edits by each area; a read over several models is a report."""

from __future__ import annotations

from typing import Self

from django.db import models


class TextQuerySet(models.QuerySet):
    def published(self) -> Self:
        """The versions that people are asked with today."""
        return self.filter(state="PUBLISHED")


class ConsentQuerySet(models.QuerySet):
    def of_customer(self, customer_id: int) -> Self:
        """The answers under one number, the newest first; those of merged numbers stay under theirs."""
        return self.filter(customer=customer_id).order_by("-at", "-pk")
