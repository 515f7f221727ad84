"""`manage.py secure_trail --role NAME`: the application may add to the trail and read it, and nothing else."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.services import trail


class Command(BaseCommand):
    """To be run as the owner of the tables, after every `migrate`; running it twice changes nothing more."""

    help = "Take from the role of the application every right on the trail but to read and to add."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", required=True, help="The role of the database that the application logs in with.")

    def handle(self, **options: object) -> None:
        role = options["role"]
        with translation.override("ko"):
            try:
                trail.secure_trail(role=role)
            except trail.NoSuchRole:
                raise CommandError(_("The database has no role %(role)s.") % {"role": role}) from None
            except trail.RoleOwnsTrail:
                message = _("%(role)s owns the trail or may do everything: let the application log in as another role.")
                raise CommandError(message % {"role": role}) from None
            self.stdout.write(_("%(role)s may read the trail and add to it, and nothing else.") % {"role": role})
