"""What the workers do for consent: ids in, one service call."""

from celery import shared_task
from django.db import InterfaceError, OperationalError


@shared_task(
    name="consent.regate_customers",
    acks_late=True,
    ignore_result=True,
    autoretry_for=(OperationalError, InterfaceError),
    retry_backoff=2,
    max_retries=10,
)
def regate_customers(*, customer_ids: list[int], because: str) -> None:
    """Find the gate of customers anew, when whoever writes the stock is done. Running it twice changes nothing more."""
    from django.utils import timezone

    from customers.services import gating

    gating.regate(customers=customer_ids, at=timezone.now(), because=because)


@shared_task(name="consent.follow_gate", acks_late=True, ignore_result=True)
def follow_gate() -> None:
    """Find the gate of all customers anew, then open and close the questions of the clean-up. Repeatable."""
    from django.utils import timezone

    from consent.services import cleanup
    from customers.services import gating

    now = timezone.now()
    gating.regate_all(at=now, because="NIGHT")
    cleanup.follow_asks(at=now)


@shared_task(
    name="consent.run_destruction",
    acks_late=True,
    ignore_result=True,
    autoretry_for=(OperationalError, InterfaceError),
    retry_backoff=2,
    max_retries=10,
)
def run_destruction(*, batch_id: int) -> None:
    """Carry an approved batch out. Running it twice changes nothing more."""
    from consent.models import DestructionBatch
    from consent.services import batches_running

    try:
        batches_running.run_batch(batch=DestructionBatch.objects.get(pk=batch_id))
    except batches_running.BatchBusy:
        return


@shared_task(name="consent.resume_destructions", ignore_result=True)
def resume_destructions() -> None:
    """Carry out the batches that a dead process left behind."""
    from consent.services import batches_running

    batches_running.resume_batches()


@shared_task(name="consent.propose_destruction", acks_late=True, ignore_result=True)
def propose_destruction() -> None:
    """Propose what is due, and go on with what a hold had suspended. Running it twice changes nothing more."""
    from django.utils import timezone

    from consent.services import retention_proposals

    retention_proposals.propose_nightly(at=timezone.now())


@shared_task(name="consent.follow_copies", acks_late=True, ignore_result=True)
def follow_copies() -> None:
    """Take up what the register of files says of copies, and remind of silent ones and of holds to be looked at."""
    from django.utils import timezone

    from consent.services import batches_copies, holds

    now = timezone.now()
    batches_copies.follow_copies(at=now)
    batches_copies.remind_of_copies(at=now)
    holds.remind_of_holds(day=timezone.localdate(now), at=now)


@shared_task(name="consent.rehearse_retention", acks_late=True, ignore_result=True)
def rehearse_retention(*, version: int) -> None:
    """Count what a draft of rules of retention would do. Running it twice changes nothing more."""
    from django.utils import timezone

    from consent.models import RetentionRules
    from consent.services import retention_rules
    from customers.services.rule_versions import NotADraft

    try:
        retention_rules.rehearse_retention_rules(rules=RetentionRules.objects.get(version=version), at=timezone.now())
    except NotADraft:
        return


@shared_task(name="consent.match_do_not_call", acks_late=True, ignore_result=True)
def match_do_not_call() -> None:
    """Find out whose the numbers of the do-not-call register are. Running it twice changes nothing more."""
    from consent.services import do_not_call

    do_not_call.match_numbers()


@shared_task(name="consent.draw_affected", acks_late=True, ignore_result=True)
def draw_affected(*, draw_id: int) -> None:
    """Read the trail for the affected of a breach. Running it twice changes nothing more."""
    from consent.models import BreachDraw
    from consent.services import breaches_draws

    breaches_draws.run_draw(draw=BreachDraw.objects.get(pk=draw_id))


@shared_task(name="consent.resume_draws", ignore_result=True)
def resume_draws() -> None:
    """Go on with the draws of affected people that a dead process left behind."""
    from consent.services import breaches_draws

    breaches_draws.resume_draws()


@shared_task(name="consent.warn_of_breaches", acks_late=True, ignore_result=True)
def warn_of_breaches() -> None:
    """Warn of breaches whose time is nearly over. Running it twice warns no more."""
    from django.utils import timezone

    from consent.services import breaches_notices

    breaches_notices.warn_of_breaches(at=timezone.now())


@shared_task(name="consent.adopt_consents", acks_late=True, ignore_result=True)
def adopt_consents() -> None:
    """Make consents of the days that sources tell. Running it twice changes nothing more."""
    from django.utils import timezone

    from consent.services import consents

    consents.adopt_consents(at=timezone.now())


@shared_task(name="consent.lapse_consents", acks_late=True, ignore_result=True)
def lapse_consents() -> None:
    """Write down which consents have run out. Running it twice changes nothing more."""
    from django.utils import timezone

    from consent.services import consents

    now = timezone.now()
    consents.lapse_consents(day=timezone.localdate(now), at=now)


@shared_task(name="consent.destroy_answer_packs", acks_late=True, ignore_result=True)
def destroy_answer_packs() -> None:
    """Destroy answer packs whose day has come. Running it twice changes nothing more."""
    from django.utils import timezone

    from consent.services import packs

    packs.destroy_due_packs(at=timezone.now())


@shared_task(name="consent.note_due_requests", acks_late=True, ignore_result=True)
def note_due_requests() -> None:
    """Tell the privacy officers how many requests of data subjects are due. Once a day."""
    from django.utils import timezone

    from consent.services import rights_notices

    rights_notices.note_due_requests(at=timezone.now())


@shared_task(name="consent.count_texts", acks_late=True, ignore_result=True)
def count_texts() -> None:
    """Count what lives on each version of a text, so that no page has to over a large stock. Repeatable."""
    from django.utils import timezone

    from consent.reports import texts_counts

    texts_counts.count_consents(at=timezone.now())
