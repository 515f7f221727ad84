"""Requests of data subjects of the demonstration: of every kind, at every step, one late, some due soon."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from accounts.models import Staff
from consent.models import RightsRequest
from consent.services import packs, rights, rights_items
from consent.services.rights import Asked
from customers.models import Customer

PRIVACY = "privacy"
LATER = 21  # days before today on which the oldest request came


class Story(NamedTuple):
    """A request. days: before today; until: the step it has reached (RECEIVED, IDENTIFIED, ACCEPTED, DECIDED, ANSWERED,
    REFUSED, TAKEN_BACK)."""

    kind: str
    via: str
    items: tuple[Asked, ...]
    wording: str
    days: int
    until: str
    asker: str = "SELF"


STORIES = (
    Story(
        "ACCESS",
        "LETTER",
        (Asked("DATA"), Asked("LOOKS")),
        "제 개인정보와 누가 조회했는지 모두 보고 싶습니다.",
        12,
        "ACCEPTED",
    ),
    Story("ACCESS", "WEB", (Asked("DATA"), Asked("CONSENTS")), "보관하고 계신 제 정보를 알려 주세요.", 9, "RECEIVED"),
    Story("CORRECTION", "PHONE", (Asked("email", "newaddress@example.com"),), "이메일이 바뀌었습니다.", 8, "ACCEPTED"),
    Story("DELETION", "EMAIL", (Asked("ALL"),), "더 이상 거래하지 않으니 모두 지워 주십시오.", 6, "IDENTIFIED"),
    Story("WITHDRAWAL", "BRANCH", (Asked("MARKETING"),), "마케팅 동의를 철회합니다.", 0, "RECEIVED"),
    Story("STOP", "PHONE", (Asked("SOLICITATION"),), "상품 권유 연락을 멈춰 주세요.", 5, "ANSWERED"),
    Story("HISTORY", "WEB", (Asked("USE"), Asked("PROVISION")), "3년간의 이용·제공 내역을 주세요.", 15, "ANSWERED"),
    Story("PORTABILITY", "WEB", (Asked("DATA"),), "제 정보를 다른 회사로 옮기려고 합니다.", 4, "DECIDED"),
    Story(
        "AUTOMATED",
        "LETTER",
        (Asked("MATCHING"),),
        "제 기록이 왜 합쳐졌는지 설명해 주세요.",
        LATER,
        "ACCEPTED",
        "PROXY",
    ),
    Story("ACCESS", "BRANCH", (Asked("DATA"),), "아버지의 정보를 보고 싶습니다.", 18, "REFUSED", "PROXY"),
    Story(
        "CREDIT_CORRECTION",
        "BRANCH",
        (Asked("address", "서울특별시 마포구 월드컵로 100"),),
        "주소가 틀렸습니다.",
        3,
        "RECEIVED",
    ),
    Story("ACCESS", "PHONE", (Asked("PURPOSES"),), "어디에 쓰시는지 알려 주세요.", 14, "TAKEN_BACK"),
)


def seed(at: datetime) -> dict[str, int]:
    """Bring these requests to the desk; nothing where there are any already, or nobody answers them."""
    by = Staff.objects.filter(employee_number=PRIVACY).first()
    customers = list(
        Customer.objects.filter(state="ACTIVE", kind="PERSON", protections=None).order_by("pk")[: 3 * len(STORIES)]
    )[::3]
    if by is None or RightsRequest.objects.exists() or len(customers) < len(STORIES):
        return {"rights requests": 0}
    for story, customer in zip(STORIES, customers, strict=False):
        _tell(story, customer, by, at)
    return {"rights requests": RightsRequest.objects.count()}


def _tell(story: Story, customer: Customer, by: Staff, at: datetime) -> None:
    came = at - timedelta(days=story.days)
    request = rights.record_request(
        kind=story.kind,
        via=story.via,
        wording=story.wording,
        items=story.items,
        received_on=timezone.localdate(came),
        asker=story.asker,
        by=by,
        at=came,
    )
    if story.until == "RECEIVED":
        return
    rights.check_identity(request=request, customer=customer, how="신분증 사본 대조", by=by, at=came)
    if story.until == "IDENTIFIED":
        return
    if story.until == "REFUSED":
        said = {"clause": "개인정보 보호법 시행령 제45조", "explanation": "위임장이 없어 대리권을 확인하지 못했습니다."}
        rights.refuse_request(request=request, how="등기우편", by=by, at=came, **said)
        return
    if story.until == "TAKEN_BACK":
        rights.take_back_request(request=request, how="전화", by=by, at=came)
        return
    rights.accept_request(request=request, by=by, at=came)
    if story.until in ("DECIDED", "ANSWERED"):
        _answer(request, story, by, at)


def _answer(request: RightsRequest, story: Story, by: Staff, at: datetime) -> None:
    for item in request.items.order_by("pk"):
        rights_items.grant_item(item=item, by=by, at=at)
    if story.until == "ANSWERED":
        packs.make_pack(request=request, by=by, at=at)
        rights.tell_answer(request=request, how="등기우편", by=by, at=at)
