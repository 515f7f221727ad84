"""`manage.py drop_trail_months`: drop what was kept long enough, where the application itself may not."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.services import trail


class Command(BaseCommand):
    """To be run as the owner of the tables, once a month; running it twice changes nothing more."""

    help = "Drop the months of the trail that were kept for HANNUN_TRAIL_YEARS, each with a signed note."

    def handle(self, **options: object) -> None:
        with translation.override("ko"):
            try:
                dropped = trail.drop_months(at=timezone.now())
            except trail.TrailNotOwned:
                raise CommandError(_("Only the owner of the tables may drop a month of the trail.")) from None
            for month in dropped:
                words = {"month": f"{month.month:%Y-%m}", "count": f"{month.count:,}"}
                self.stdout.write(_("%(month)s dropped: %(count)s entries") % words)
            if not dropped:
                self.stdout.write(_("No month is old enough."))
