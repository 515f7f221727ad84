from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """The master: sources, feeds, matching, golden customers."""

    name = "customers"
    verbose_name = _("Customer master")
