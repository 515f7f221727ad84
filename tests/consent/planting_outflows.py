"""Outflows and breaches in the population of the walks.

Nouns of addresses: `outflow` → Outflow, `breach` → Breach, `breach-draw` → BreachDraw; numbers of the law have none.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from consent.models import Outflow
from consent.rules.breaches import Conditions
from consent.services import breaches_draws, breaches_notices, outflows
from consent.services.numbers import set_legal_number
from consent.services.seeding import set_up_consent
from tests.consent.outflowing import make_breach, make_outflow
from tests.planting import Population

TOUCHED = ("own", "near", "far", "vip")


def plant(planted: Population) -> None:
    """An outflow that runs and one that ended, an open breach with a list and a draw, a number to come."""
    set_up_consent()
    now, today, officer = timezone.now(), timezone.localdate(), planted.viewers["PRIVACY_OFFICER"]
    flow = make_outflow(started_on=today - timedelta(days=9), by=officer, at=now)
    outflows.record_transfer(
        outflow=flow, sent_at=now - timedelta(hours=1), customer_count=4, reference="PLANTED-1", by=officer, at=now
    )
    ended = make_outflow("MAIL_HOUSE", "MARKETING", started_on=today - timedelta(days=9), by=officer, at=now)
    outflows.end_outflow(outflow=ended, ended_on=today, by=officer, at=now)
    outflows.prove_end(outflow=ended, fate=Outflow.Fate.DESTROYED, fate_on=today, proof="확인서 1", by=officer, at=now)
    breach = make_breach(known_at=now - timedelta(hours=1), at=now, by=officer)
    people = [planted.notable[word] for word in TOUCHED]
    breaches_notices.add_affected(breach=breach, customers=people, by=officer, at=now)
    conditions = Conditions(now - timedelta(days=1), now, kinds=("REVEAL",))
    breaches_draws.request_draw(
        breach=breach, conditions=conditions, reason="도용된 계정", by=officer, at=now, is_queued=False
    )
    set_legal_number(
        name="breach_hours", value=48, starts_on=today + timedelta(days=30), reason="개정", by=officer, at=now
    )
