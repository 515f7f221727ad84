"""What every set of rules has in common that is kept as versions, drafted by one person and put to use by another."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RulesVersion(models.Model):
    """A version of a set of rules. Version 0, which ships with Hannun, is no row; what a version says never changes."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        LIVE = "LIVE", _("Live")
        RETIRED = "RETIRED", _("Retired")

    version = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    definition = models.JSONField(_("definition"), default=dict)
    comment = models.TextField(_("comment"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author"))
    created_at = models.DateTimeField(_("created at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"v{self.version}"
