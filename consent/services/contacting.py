"""May a customer be contacted: asked by people, screens, systems and campaigns alike, and every answer is kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Staff
from consent.models import ContactDecision, Purpose
from consent.reports.contact_facts import consents_of, facts_of, ref_of, solicitations_of, standing_of
from consent.rules.contact import Verdict, decide, is_service
from consent.words.contact import told
from customers.models import Customer


@transaction.atomic
def may_contact(
    *,
    customer: Customer,
    channel: str,
    purpose: Purpose,
    at: datetime,
    by: Staff | None = None,
    now: datetime | None = None,
) -> Verdict:
    """Whether a customer may be contacted by a channel for a purpose at the instant `at`, with reason, clause and the
    words that may be said; the answer is recorded. now: when it was asked, by default this instant.

    Nothing is remembered from one question to the next, so what was said or stopped before counts. Raises ValueError
    for a channel by which nobody is reached.
    """
    standing, ref = standing_of(customer, at), ref_of(purpose)
    is_free = is_service(ref.kind, ref.basis)
    consents = {} if is_free else consents_of(standing, [ref])
    limit = standing.numbers["contacts_per_month"]
    is_capped = not is_free and solicitations_of([customer.pk], at).get(customer.pk, 0) >= limit
    verdict = decide(facts_of(standing, consents, ref, channel, is_capped=is_capped))
    ContactDecision.objects.create(
        customer=customer,
        purpose=purpose,
        channel=channel,
        contact_at=at,
        is_allowed=verdict.is_allowed,
        reason=verdict.reason,
        asked_by=by,
        decided_at=now or timezone.now(),
    )
    return told(verdict, standing.survivor)
