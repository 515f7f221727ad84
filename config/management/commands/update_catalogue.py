"""`manage.py update_catalogue`: bring the Korean catalogue in line with the texts of code and templates."""

import polib
from django.conf import settings
from django.core.management.base import BaseCommand

from config.catalogue import CATALOGUE, compile_catalogue
from config.messages import renewed, texts_in


class Command(BaseCommand):
    help = "Add new texts to the Korean catalogue, untranslated, drop those no longer used, and compile it."

    def handle(self, *args: object, **options: object) -> None:
        old = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
        fresh = renewed(old, texts_in(settings.BASE_DIR))
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        fresh.save(str(CATALOGUE))
        compile_catalogue(CATALOGUE)
        self.stdout.write(f"{len(fresh)} texts, {len(fresh.untranslated_entries())} to be translated.")
