"""Who did something, where a row of any app names it."""

from django.conf import settings
from django.db import models


def by_staff(verbose_name: object) -> models.ForeignKey:
    """A member of staff that a row names; None for Hannun itself."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=verbose_name,
    )
