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


@shared_task(
    name="customers.match_stock",
    acks_late=True,
    ignore_result=True,
    autoretry_for=(OperationalError, InterfaceError),
    retry_backoff=2,
    max_retries=10,
)
def match_stock(*, run_id: int) -> None:
    """Lead a match run. Running it twice changes nothing more."""
    from customers.models import MatchRun
    from customers.services import matching

    try:
        matching.lead_match_run(run=MatchRun.objects.get(pk=run_id))
    except matching.RunBusy:
        return


@shared_task(name="customers.weigh_parts", acks_late=True, ignore_result=True)
def weigh_parts(*, run_id: int) -> None:
    """Take parts of a match run while there are any."""
    from customers.services import matching

    matching.weigh_parts(run_id=run_id)


@shared_task(name="customers.resume_match_runs", ignore_result=True)
def resume_match_runs() -> None:
    """Take up the match runs that a dead process left behind."""
    from customers.services import matching

    matching.resume_match_runs()


@shared_task(name="customers.learn_model", acks_late=True, ignore_result=True)
def learn_model(*, model_id: int) -> None:
    """Learn a version of the matching model. Running it twice changes nothing more."""
    from customers.dedup.fitting import TooLittleToLearn
    from customers.models import MatchModel
    from customers.services import match_models

    try:
        match_models.learn_model(model=MatchModel.objects.get(pk=model_id))
    except TooLittleToLearn:
        return  # the version says so itself
