"""Channels, head office and roles: what an installation starts with."""

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts import services
from accounts.channels import CHANNELS, HEAD_OFFICE


class Command(BaseCommand):
    help = "Enter channels, head office and roles. It may run again at any time: it mends roles and renames nothing."

    def handle(self, *args: object, **options: object) -> None:
        services.open_channels(CHANNELS)
        services.open_head_office(code=HEAD_OFFICE[0], name=HEAD_OFFICE[1])
        services.synchronise_roles(settings.ROLES)
        if options["verbosity"]:
            self.stdout.write(f"Channels: {len(CHANNELS)}, roles: {len(settings.ROLES)}.")
