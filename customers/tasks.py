"""Celery shells: ids in, one service call."""

from celery import shared_task
from django.db import InterfaceError, OperationalError

# Of long work that may be begun again at any time: a dead worker hands it on, an absent database is waited for.
RESUMABLE = {
    "acks_late": True,
    "ignore_result": True,
    "autoretry_for": (OperationalError, InterfaceError),
    "retry_backoff": 2,
    "max_retries": 10,
}


@shared_task(name="customers.load_feed", **RESUMABLE)
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


@shared_task(name="customers.match_stock", **RESUMABLE)
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


@shared_task(name="customers.rehearse_matching", **RESUMABLE)
def rehearse_matching(*, rehearsal_id: int) -> None:
    """Rehearse a draft of the matching model. Running it twice changes nothing more."""
    from customers.models import Rehearsal
    from customers.services import match_rehearsals

    try:
        match_rehearsals.rehearse(rehearsal=Rehearsal.objects.select_related("match_model").get(pk=rehearsal_id))
    except match_rehearsals.RehearsalBusy:
        return


@shared_task(name="customers.rehearse_golden", **RESUMABLE)
def rehearse_golden(*, rehearsal_id: int) -> None:
    """Try a draft of the rules of survivorship on the stock. Running it twice changes nothing more."""
    from customers.models import Rehearsal
    from customers.services import golden_rehearsals

    rehearsal = Rehearsal.objects.select_related("golden_rules").get(pk=rehearsal_id)
    try:
        golden_rehearsals.rehearse_golden(rehearsal=rehearsal)
    except golden_rehearsals.RehearsalBusy:
        return


@shared_task(name="customers.project_stock", **RESUMABLE)
def project_stock() -> None:
    """Choose every golden value again by the rules in use. Running it twice changes nothing more."""
    from django.utils import timezone

    from customers.services import golden_stock

    golden_stock.project_stock(at=timezone.now())


@shared_task(name="customers.end_wishes", ignore_result=True)
def end_wishes() -> None:
    """Let the values of customers whose pins or preferences have ended be chosen by rule again."""
    from django.utils import timezone

    from customers.services import wishes

    wishes.end_wishes(at=timezone.now())


@shared_task(name="customers.run_bulk", **RESUMABLE)
def run_bulk(*, bulk_id: int) -> None:
    """Do a bulk action, or its taking back. Running it twice changes nothing more."""
    from customers.models import BulkAct
    from customers.services import bulk_runs

    try:
        bulk_runs.run_bulk(bulk=BulkAct.objects.get(pk=bulk_id))
    except bulk_runs.BulkBusy:
        return


@shared_task(name="customers.resume_bulk_acts", ignore_result=True)
def resume_bulk_acts() -> None:
    """Go on with the bulk actions that a dead process left behind."""
    from customers.services import bulk_runs

    bulk_runs.resume_bulk_acts()


@shared_task(name="customers.end_rulings", ignore_result=True)
def end_rulings() -> None:
    """Let the rules decide again about records whose ruling has had its last day."""
    from django.utils import timezone

    from customers.services import ended_rulings

    ended_rulings.end_rulings(at=timezone.now())


@shared_task(name="customers.end_grants", ignore_result=True)
def end_grants() -> None:
    """Take away the single grants whose time is over. Running it twice changes nothing more."""
    from django.utils import timezone

    from customers.services import grants

    grants.end_overdue_grants(at=timezone.now())
