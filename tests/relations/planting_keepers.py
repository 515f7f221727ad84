"""Keepers in the population of the walks: assignments, terms, a handover with items, notes on orphans.

Nouns of addresses: `handover`, `handover-item` and `handover-letter` → Handover and HandoverItem (`handovers/<pk>/` a
Handover, `handovers/items/<pk>/` a HandoverItem); `keeper-terms` → Staff; all others name a customer by number.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from customers.models import Customer
from relations.models import Keeper, OrphanNote
from relations.services import handovers, handovers_answers, handovers_planning, keepers
from relations.services.handovers import PlannedMove
from relations.services.keepers_rows import Basis, Row, adopt_keepers, replace_rows
from tests.planting import Population

KEPT = ("own", "near", "far", "vip")


def plant(planted: Population) -> None:
    """Assignments of everybody with a note and a plan for some, a handover of the far planner, and two explanations."""
    now, today = timezone.now(), timezone.localdate()
    lead, far, fp = planted.others["lead"], planted.others["keeper"], planted.viewers["FP"]
    adopt_keepers(at=now)
    for place, word in enumerate(KEPT, 1):
        note, purpose = f"노을메모{place:02}건", f"노을약속{place:02}건"
        customer = planted.notable[word]
        replace_rows(
            [Row(customer.pk, lead.pk, Keeper.Kind.MANAGER)],
            Basis(Keeper.Why.GRADE, now, lead, note, today + timedelta(days=place), purpose),
        )
    keepers.set_terms(
        staff=fp, capacity=50, persistency_percent=None, complaint_count=None, is_closed=False, by=lead, at=now
    )
    _hand_over(planted, far)
    for place, word in enumerate(("near", "far"), 1):
        OrphanNote.objects.create(
            customer=planted.notable[word], why="DIGITAL", until=today, note=f"노을사유{place:02}건", by=lead, at=now
        )


def _hand_over(planted: Population, far: object) -> None:
    """The far planner hands over to the FP, who has it to answer; it was planned by the manager of the near branch."""
    now, today = timezone.now(), timezone.localdate()
    fp, lead = planted.viewers["FP"], planted.others["lead"]
    drafted = handovers.draft_handover(
        title="정기 인사",
        takes_effect_on=today + timedelta(days=9),
        moves=[PlannedMove(far, "LEAVES")],
        branch=planted.branches["near"],
        by=lead,
        at=now,
        is_queued=False,
    )
    handover = handovers_planning.plan_handover(handover=drafted, at=now)
    handover.items.exclude(to_staff=fp).update(to_staff=fp)
    handovers.offer_handover(handover=handover, at=now)
    item = handover.items.order_by("pk").first()
    if item is not None:
        handovers_answers.prepare_item(item=item, staff=far, at=now, note="오후 통화 선호")
    planted.notable["handed over"] = Customer.objects.get(pk=item.customer_id) if item else planted.notable["far"]
