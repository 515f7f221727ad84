from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    """What we may do: purposes, consents, contacts, the gate, rights, retention and destruction, laws."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "consent"
    verbose_name = _("consent")
