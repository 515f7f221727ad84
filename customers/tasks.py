"""Celery shells: ids in, one service call."""

from celery import shared_task
from django.db import InterfaceError, OperationalError


@shared_task(
    name="customers.load_feed",
    acks_late=True,
    ignore_result=True,
    autoretry_for=(OperationalError, InterfaceError),
    retry_backoff=2,
    max_retries=10,
)
def load_feed(*, run_id: int) -> None:
    """Load the file of a feed run. Running it twice changes nothing more."""
    from customers.models import FeedRun
    from customers.services import feeds

    run = FeedRun.objects.select_related("source", "mapping").get(pk=run_id)
    try:
        feeds.run_feed(run=run)
    except feeds.FeedBusy:
        return


@shared_task(name="customers.resume_feeds", ignore_result=True)
def resume_feeds() -> None:
    """Take up the runs that a dead process left behind."""
    from customers.services import feeds

    feeds.resume_feeds()


@shared_task(name="customers.remove_old_feed_files", ignore_result=True)
def remove_old_feed_files() -> None:
    """Remove copies of uploaded files and reject files that have been kept long enough."""
    from django.utils import timezone

    from customers.services import receiving

    receiving.remove_old_files(at=timezone.now())
