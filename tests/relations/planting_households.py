"""Households of planted customers, near and far ones, with suggestions, a refusal and a search.

Nouns of addresses: `household`, `member`, `role` and `primary` → Household, `suggestion` → HouseholdSuggestion,
`refusal` → HouseholdRefusal, `household-run` → HouseholdRun.
"""

from __future__ import annotations

from relations.models import HouseholdRefusal, HouseholdRun
from tests.customers.builders import NOW
from tests.planting import Population
from tests.relations.housing import opened, suggested


def plant(planted: Population) -> None:
    """A household of customers near, one of customers far, one of both; suggestions of the same; a refusal."""
    own, near, far, vip = (planted.notable[word] for word in ("own", "near", "far", "vip"))
    opened(own, near)
    opened(far, vip)
    opened(near, far, kind="PAYER", on=None)
    run = HouseholdRun.objects.create(requested_at=NOW, state="DONE", counts={"persons": 4}, finished_at=NOW)
    suggested(own, near, run=run)
    suggested(near, far, kind="PAYER", run=run)
    suggested(far, vip, run=run, state="REFUSED", decided_at=NOW)
    first, second = sorted((near, far), key=lambda customer: customer.pk)
    HouseholdRefusal.objects.create(first=first, second=second, kind="LIVING", refused_at=NOW)
