"""What composes the apps is an app itself, for its commands; and apps of others with our own words."""

from axes.apps import AppConfig as AxesConfig
from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class InstallationConfig(AppConfig):
    """The whole installation: commands that know all apps. It has no tables."""

    name = "config"


class AdministrationConfig(AdminConfig):
    """Uses the login page, the words and the rules of Hannun."""

    default_site = "accounts.administration.AdministrationSite"


class LoginsConfig(AxesConfig):
    """Locks accounts after failed logins; the administration shows it under a name that says so."""

    verbose_name = _("Logins")
