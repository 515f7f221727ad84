from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RelationsConfig(AppConfig):
    """Who belongs to whom: households, relationships, organisations, finances, keepers, prospects."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "relations"
    verbose_name = _("relations")
