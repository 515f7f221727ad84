"""Texts and laws of the demonstration: versions that followed the first, a draft that waits, a clause that changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from accounts.models import Staff
from consent.models import Clause, LawTask, Purpose, Recipient, Text
from consent.seeds import REFUSAL_WORDS, RETENTION_WORDS
from consent.services import laws, laws_owners, texts
from customers.models import Item
from customers.seeds import OWNER_DEPARTMENT

ASK_WITHIN_DAYS = 90
DRAFTED_BEFORE_DAYS = 5
"""So long ago the versions were drafted that take the place of the first now; consents before rest on the first."""
NAMED = {
    "PROVISION_CREDIT": (
        ("CREDIT_REGISTRY",),
        "보험계약과 보험금 지급 정보(고유식별정보 포함)를 신용정보집중기관에 제공합니다.",
    ),
    "PROVISION_AFFILIATE": (("AFFILIATE_CARD",), "제휴 서비스를 안내하기 위하여 아래의 자에게 제공합니다."),
    "TRANSFER_ABROAD": (
        ("REINSURER",),
        "재보험 인수 심사를 위하여 계약이 체결될 때마다 암호화된 전용 통신망으로 전송합니다.",
    ),
}
"""{purpose: (recipients that its second version names, its words)}."""
MARKETING_BODY = (
    "회사는 상품과 서비스를 안내하고 가입을 권유하기 위하여 전화, 문자, 알림톡, 전자우편, 우편, 방문, 앱 알림 가운데 "
    "고객이 고르신 방법으로 연락합니다. 다른 회사의 상품은 권유하지 않습니다."
)
NIGHT_BODY = (
    "밤 9시부터 다음 날 아침 8시까지(야간) 문자, 알림톡, 앱 알림으로 광고성 정보를 보냅니다. 전화는 하지 않습니다."
)
AHEAD = ("PIPA", "제37조의2", date(2027, 3, 9))
"""The clause that changes, and since when (법률 제21910호)."""
AHEAD_WORDS = (
    "완전히 자동화된 결정을 거부하거나 설명을 요구할 수 있다. 2026. 9. 8. 개정으로 문구가 바뀐다(법률 제21910호)."
)
UNCLEAR = (
    ("officer", "owner_department", "고객정보관리부, 법인영업부"),
    ("policy_elsewhere", "steward_department", ""),
)
"""Items whose owner or steward somebody has to decide: item, column, what it says."""


def seed(at: datetime) -> dict[str, int]:
    """Plausible rows, of which a second call makes none; {kind: rows made}."""
    author = Staff.objects.filter(employee_number="compliance").first()
    second = Staff.objects.filter(employee_number="privacy").first()
    if author is None or second is None:
        return {"texts": 0, "law_tasks": 0}
    return {"texts": _texts(author, second, at), "law_tasks": _law_tasks(author, at)}


def _texts(author: Staff, second: Staff, at: datetime) -> int:
    made = 0
    for code, (recipients, body) in NAMED.items():
        found = list(Recipient.objects.filter(code__in=recipients).order_by("pk"))
        made += _follow(code, author, second, at, body=body, recipients=found, comment="제공받는 자를 밝혀 적음")
    due = localdate(at) + timedelta(days=ASK_WITHIN_DAYS)
    asks = {"is_material": True, "ask_again_by": due}
    made += _follow("MARKETING", author, second, at, body=MARKETING_BODY, comment="연락 방법을 모두 적음", **asks)
    made += _follow("NIGHT_ADVERTISING", author, None, at, body=NIGHT_BODY, comment="시간과 방법을 밝혀 적음")
    return made


def _follow(
    code: str,
    author: Staff,
    second: Staff | None,
    at: datetime,
    *,
    body: str,
    comment: str,
    recipients: Sequence[Recipient] = (),
    is_material: bool = False,
    ask_again_by: date | None = None,
) -> int:
    """Let a second version follow the first; without `second` it stays a draft."""
    purpose = Purpose.objects.filter(code=code, closed_on=None).first()
    if purpose is None or purpose.texts.exclude(number=1).exists():
        return 0
    words = texts.Words(
        title=purpose.name,
        body=body,
        items=purpose.items,
        retention=RETENTION_WORDS,
        refusal=REFUSAL_WORDS[purpose.is_required],
        recipients=recipients,
        is_material=is_material,
        ask_again_by=ask_again_by,
        comment=comment,
    )
    drafted_at = at - timedelta(days=DRAFTED_BEFORE_DAYS)
    text: Text = texts.draft_text(purpose=purpose, words=words, by=author, at=drafted_at)
    if second is not None:
        texts.publish_text(text=text, by=second, at=at)
    return 1


def _law_tasks(by: Staff, at: datetime) -> int:
    before = LawTask.objects.count()
    code, article, starts_on = AHEAD
    clause = Clause.objects.filter(law__code=code, article=article, ends_on=None, starts_on__lt=starts_on).first()
    if clause is not None:
        laws.change_clause(clause=clause, summary=AHEAD_WORDS, grade="V", starts_on=starts_on, by=by, at=at)
        done = LawTask.objects.filter(clause__article=article, kind="NUMBER").order_by("pk").first()
        if done is not None:
            laws.finish_task(task=done, result="기간은 그대로임. 바꿀 것 없음.", by=by, at=at)
    for item, column, said in UNCLEAR:
        Item.objects.filter(code=item, owner_department=OWNER_DEPARTMENT).update(**{column: said})
    if laws_owners.owner_clause() is not None:
        laws_owners.ask_for_owners(at=at)
    return LawTask.objects.count() - before
