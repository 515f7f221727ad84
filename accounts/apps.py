from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who acts: staff, branches, channels, roles."""

    name = "accounts"
    verbose_name = _("Staff and branches")
