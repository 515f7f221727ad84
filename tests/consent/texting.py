"""Builders of texts, consents on them, and people who keep them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.test import Client

from accounts.models import Staff
from consent.models import Purpose, Recipient, Text
from consent.services.consents import Answer, record_receipt
from consent.services.texts import Words, draft_text, publish_text
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW

PASSED = "거부하실 수 있으며, 거부하셔도 계약의 체결과 유지에는 불이익이 없습니다."


def purpose(code: str = "MARKETING") -> Purpose:
    return Purpose.objects.get(code=code)


def words(**more: object) -> Words:
    """Words of marketing that say everything."""
    said = {
        "title": "상품 안내",
        "body": "상품을 안내하고 가입을 권유하려고 연락합니다.",
        "items": ("name", "mobile"),
        "retention": "동의일부터 2년",
        "refusal": PASSED,
        "recipients": (),
    }
    return Words(**said | more)


def compliance(**more: object) -> Staff:
    return make_staff("COMPLIANCE_OFFICER", language="en", **more)


def published(of: Purpose | None = None, *, at: datetime = NOW, **more: object) -> Text:
    """A version in use, drafted and published by two people."""
    text = draft_text(purpose=of or purpose(), words=words(**more), by=compliance(), at=at)
    return publish_text(text=text, by=compliance(), at=at)


def recipient(code: str = "AFFILIATE_CARD") -> Recipient:
    return Recipient.objects.get(code=code)


def answer(
    customer: Customer, said: str = "GIVEN", *, of: Purpose | None = None, channel: str = "SMS", days: int = 0
) -> None:
    """An answer so many days after NOW, to the version in use; the first ones have been for long."""
    at = NOW + timedelta(days=days)
    Text.objects.filter(number=1).update(published_at=NOW - timedelta(days=1))
    answers = [Answer(purpose=of or purpose(), answer=said, channel=channel)]
    record_receipt(customer=customer, answers=answers, method="PAPER", answered_at=at, by=None, at=at)


def login(*roles: str) -> Client:
    """A browser of somebody with these roles, who reads English."""
    client = Client()
    client.force_login(make_staff(*roles, language="en"))
    return client
