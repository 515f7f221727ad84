"""`manage.py check_catalogue`: fail unless the Korean catalogue is complete, sound and in order."""

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.catalogue import CATALOGUE
from config.messages import faults, renewed, texts_in


class Command(BaseCommand):
    help = "Name every missing, unused, empty, fuzzy or unsound entry of the Korean catalogue; fail if there is one."

    def handle(self, *args: object, **options: object) -> None:
        if not CATALOGUE.exists():
            raise CommandError("There is no catalogue: update_catalogue makes one.")
        held, texts = polib.pofile(str(CATALOGUE)), texts_in(settings.BASE_DIR)
        found = faults(held, texts)
        if not found and CATALOGUE.read_text("utf-8") != str(renewed(held, texts)):
            found = ["Not in the order of update_catalogue: run it"]
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"Faults of the catalogue: {len(found)}.")
        self.stdout.write(f"The catalogue is complete: {len(held)} texts.")
