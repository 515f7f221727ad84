"""What the tests of the rights desk share: customers who ask, and requests at every step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from accounts.models import Staff
from consent.models import RightsRequest
from consent.services import rights, rights_items
from consent.services.rights import Asked
from customers.models import Customer
from tests.customers.builders import NOW, feed, person

TODAY = date(2026, 11, 23)


def asker(**cells: str) -> Customer:
    """A person of whom one record is held."""
    values = {
        "name": "김하나",
        "mobile": "010-7391-0624",
        "email": "hana@example.com",
        "address": "서울특별시 종로구 새문안로 1",
    }
    row = person(**values | cells)
    feed([row])
    return Customer.objects.get(links__record__source_key=row["source_key"])


def recorded(kind: str = "ACCESS", *items: str, by: Staff, **fields: object) -> RightsRequest:
    """A request that came in."""
    asked = [Asked(item) if isinstance(item, str) else item for item in items or ("DATA",)]
    values = {"via": "LETTER", "wording": "제 정보를 보여 주세요.", "received_on": TODAY, "at": NOW} | fields
    return rights.record_request(kind=kind, items=asked, by=by, **values)


def accepted(
    kind: str = "ACCESS", *items: object, customer: Customer, by: Staff, at: datetime = NOW, **fields: object
) -> RightsRequest:
    """A request whose asker was identified, and that was accepted."""
    request = recorded(kind, *items, by=by, at=at, **fields)
    rights.check_identity(request=request, customer=customer, how="주민등록증 확인 A-1", by=by, at=at)
    return rights.accept_request(request=request, by=by, at=at)


def granted(request: RightsRequest, by: Staff, at: datetime = NOW) -> RightsRequest:
    """The request with every open item granted."""
    for item in request.items.filter(decision="OPEN").order_by("pk"):
        rights_items.grant_item(item=item, by=by, at=at)
    request.refresh_from_db()
    return request


def decisions(request: RightsRequest) -> Sequence[tuple[str, str, bool]]:
    """(item, decision, whether it is not used meanwhile) of every item."""
    return list(request.items.order_by("pk").values_list("item", "decision", "is_stopped"))
