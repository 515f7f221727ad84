"""Requests of planted customers at every step, of one nobody knows yet, and of customers far from the readers.

Nouns of addresses: `rights` → RightsRequest, `rights-item` → RightsItem.
"""

from __future__ import annotations

from datetime import timedelta

from consent.models import RightsItem
from consent.services import packs, rights_items
from consent.services.rights import Asked
from tests.consent.desk import accepted, granted, recorded
from tests.customers.builders import NOW
from tests.planting import Population


def plant(planted: Population) -> None:
    """A request that waits, one that was accepted, one with a pack, one of each customer near and far."""
    privacy = planted.viewers["PRIVACY_OFFICER"]
    recorded("WITHDRAWAL", "MARKETING", by=privacy, received_on=NOW.date() - timedelta(days=3))
    for word in ("near", "far", "vip"):
        customer = planted.notable[word]
        open_one = accepted("CORRECTION", Asked("mobile", "010-5555-0199"), customer=customer, by=privacy)
        done = granted(accepted("ACCESS", "DATA", "LOOKS", customer=customer, by=privacy), privacy)
        packs.make_pack(request=done, by=privacy, at=NOW)
        refused = accepted("ACCESS", "PURPOSES", customer=customer, by=privacy)
        rights_items.refuse_item(
            item=RightsItem.objects.get(request=refused),
            clause="개인정보 보호법 제35조 제4항",
            explanation="다른 분의 권리를 침해합니다.",
            by=privacy,
            at=NOW,
        )
        assert open_one.pk < refused.pk
