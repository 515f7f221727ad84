"""How values are written for readers in Korea: 2026-11-22, 1,234, 010-1234-5678, C-000012345-6. Pure."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

KOREA = ZoneInfo("Asia/Seoul")
_FORWARDING = ("0502", "0503", "0504", "0505", "0506", "0507", "0508", "0509")


def day(value: date | datetime | None) -> str:
    """2026-11-22; an instant as the day it falls on in Korea."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(KOREA)
    return value.strftime("%Y-%m-%d") if value.year > 999 else f"{value.year:04d}-{value:%m-%d}"


def moment(value: datetime | None) -> str:
    """2026-11-22 14:32, in Korea's time."""
    return f"{value.astimezone(KOREA):%Y-%m-%d %H:%M}" if value else ""


def amount(value: Decimal | int | None) -> str:
    """1,234; empty for no amount."""
    return "" if value is None else f"{value:,.0f}"


def phone(digits: str) -> str:
    """Domestic digits with hyphens (010-1234-5678, 02-123-4567, 1588-1234); anything else as it is."""
    if not digits.isdecimal() or len(digits) < 7:
        return digits
    if not digits.startswith("0"):
        return f"{digits[:-4]}-{digits[-4:]}"
    head = 4 if digits.startswith(_FORWARDING) else 2 if digits.startswith("02") else 3
    return f"{digits[:head]}-{digits[head:-4]}-{digits[-4:]}"


def business_number(digits: str) -> str:
    """123-45-67890, the form of a business number; anything else as it is."""
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if len(digits) == 10 and digits.isdecimal() else digits


def corporate_number(digits: str) -> str:
    """110111-1234567, the form of a corporate number; anything else as it is."""
    return f"{digits[:6]}-{digits[6:]}" if len(digits) == 13 and digits.isdecimal() else digits
