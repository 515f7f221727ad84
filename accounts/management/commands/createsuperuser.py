"""Django's command, whose effect goes into the record of rights."""

from django.contrib.auth.management.commands import createsuperuser
from django.db import transaction
from django.utils import timezone

from accounts.models import Staff
from accounts.services.rights import record_change


class Command(createsuperuser.Command):
    @transaction.atomic
    def handle(self, *args: object, **options: object) -> None:
        """Make the account as Django does, and note who may do everything from now on."""
        before = set(Staff.objects.filter(is_superuser=True).values_list("pk", flat=True))
        super().handle(*args, **options)
        for staff in Staff.objects.filter(is_superuser=True).exclude(pk__in=before).order_by("pk"):
            record_change(staff=staff, by=None, at=timezone.now(), kind="SUPERUSER_MADE")
