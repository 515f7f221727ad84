"""Django's administration with Hannun's own site."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """Uses the login page, the words and the rules of Hannun."""

    default_site = "accounts.administration.AdministrationSite"
