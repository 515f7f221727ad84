"""Celery shells: ids in, one service call."""

import logging

from celery import shared_task
from django.db import InterfaceError, OperationalError

logger = logging.getLogger(__name__)
# Of work that may be begun again at any time: a dead worker hands it on, an absent database is waited for.
RESUMABLE = {
    "acks_late": True,
    "ignore_result": True,
    "autoretry_for": (OperationalError, InterfaceError),
    "retry_backoff": 2,
    "max_retries": 10,
}


@shared_task(name="accounts.anchor_trail", ignore_result=True)
def anchor_trail() -> None:
    """Sign where the trail ended on the days that are over. Running it twice changes nothing more."""
    from django.utils import timezone

    from accounts.services import trail

    trail.anchor_days(at=timezone.now())


@shared_task(name="accounts.keep_trail_months", ignore_result=True)
def keep_trail_months() -> None:
    """Open the tables of the months ahead and drop those kept long enough. Running it twice changes nothing more."""
    from django.utils import timezone

    from accounts.services import trail

    trail.open_months(at=timezone.now())
    try:
        trail.drop_months(at=timezone.now())
    except trail.TrailNotOwned:
        logger.warning("Months of the trail were kept long enough: run manage.py drop_trail_months as their owner")


@shared_task(name="accounts.make_export", **RESUMABLE)
def make_export(*, export_id: int) -> None:
    """Make the file of a list. Running it twice changes nothing more."""
    from accounts.models import Export
    from accounts.services import export_runs

    try:
        export_runs.make_export(export=Export.objects.get(pk=export_id))
    except export_runs.ExportBusy:
        return


@shared_task(name="accounts.resume_exports", ignore_result=True)
def resume_exports() -> None:
    """Make the files that a dead process left behind."""
    from accounts.services import export_runs

    export_runs.resume_exports()


@shared_task(name="accounts.expire_exports", ignore_result=True)
def expire_exports() -> None:
    """Remove files whose time is over, and remind those whose copies should be destroyed by now."""
    from django.utils import timezone

    from accounts.services import exports

    exports.expire_exports(at=timezone.now())
    exports.remind_of_destruction(at=timezone.now())


@shared_task(name="accounts.draw_review", ignore_result=True)
def draw_review(*, by_id: int | None = None) -> None:
    """Draw the entries of the month before for the review. Running it twice changes nothing more."""
    from django.utils import timezone

    from accounts.models import AccessReview, Staff
    from accounts.reviews.workdays import month_before
    from accounts.services import reviews

    now = timezone.now()
    month = month_before(timezone.localdate(now))
    if AccessReview.objects.filter(month=month).exists():
        return
    try:
        reviews.draw_review(month=month, at=now, by=Staff.objects.filter(pk=by_id).first())
    except reviews.AlreadyDrawn:
        return  # by somebody in this very moment


@shared_task(name="accounts.note_locks", ignore_result=True)
def note_locks() -> None:
    """Put on record whose downloads were locked. Running it twice changes nothing more."""
    from django.utils import timezone

    from accounts.services import reviews

    reviews.note_locks(at=timezone.now())


@shared_task(name="accounts.detect_unusual", acks_late=True, ignore_result=True)
def detect_unusual() -> None:
    """Look for unusual access of the last three days, as a morning may have been missed. Twice finds nothing more."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.services import cases

    now = timezone.now()
    for days in (3, 2, 1):
        cases.detect_unusual(day=timezone.localdate(now) - timedelta(days=days), at=now)
