"""Roles of customers that are live beside those on contracts, listed in settings.CUSTOMER_LIVE_ROLES."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from relations.models import GroupMember


def covered(customer_ids: Sequence[int]) -> set[int]:
    """Those of these customers whom an employer insures today: nobody else has their contract's claims."""
    today = timezone.localdate()
    standing = GroupMember.objects.filter(Q(cover_until=None) | Q(cover_until__gt=today), customer__in=customer_ids)
    return set(standing.values_list("customer", flat=True))
