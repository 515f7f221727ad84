"""What the data of somebody were used for and to whom they were given, day by day (신용정보법 제35조), and who looked.

Use is told by department and work, never by the name of a member of staff. The history of use leaves out internal
management (care of the data, oversight, administration) and has solicitation; whoever asks for access is told every
look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncDate

from accounts.models import Staff
from accounts.purposes import Purpose as Work
from accounts.trail_reports import branch_names, entries_of
from accounts.trail_words import page_words, purpose_words
from consent.models import ContactDecision, Outflow
from consent.words.pack_codes import CHANNELS
from customers.formats import KOREA
from customers.models import Customer
from customers.subjects import everyone_in

REFUSED = 400
MOST_LINES = 5_000
INTERNAL = (Work.STEWARDSHIP, Work.OVERSIGHT, Work.ADMINISTRATION)


@dataclass(frozen=True)
class UseLine:
    """What one department did on one day. count: how often."""

    day: date
    branch: str
    job: str
    purpose: str
    page: str
    count: int


@dataclass(frozen=True)
class ContactLine:
    """On a day somebody was allowed to contact the customer."""

    day: date
    purpose: str
    channel: str
    count: int


@dataclass(frozen=True)
class ProvisionLine:
    """Data went to a recipient. count: transfers of the period; last: the day of the newest; customers are not named in
    transfers, so that these are the ones that may have held the customer."""

    recipient: str
    country: str
    purpose: str
    items: tuple[str, ...]
    clause: str
    count: int
    last: date | None
    until: date | None


def use_of(customer: Customer, first: date, last: date, *, only_use: bool = False) -> list[UseLine]:
    """Looks of these days by day, department, work and page, the newest first. only_use: without internal
    management."""
    entries = entries_of(first=first, last=last, customers=everyone_in(customer)).filter(result__lt=REFUSED)
    if only_use:
        entries = entries.exclude(purpose__in=INTERNAL)
    keys = ("day", "branch_code", "staff_id", "purpose", "page")
    rows = (
        entries.annotate(day=TruncDate("at", tzinfo=KOREA))
        .values_list(*keys)
        .annotate(count=Count("*"))
        .order_by("-day", "branch_code", "staff_id", "purpose", "page")[:MOST_LINES]
    )
    return _use_lines(list(rows))


def _use_lines(rows: Sequence[tuple[date, str, int | None, str, str, int]]) -> list[UseLine]:
    """Rows by member of staff as lines by job: two of one department are one line."""
    jobs = dict(Staff.objects.filter(pk__in={row[2] for row in rows} - {None}).values_list("pk", "job"))
    branches = branch_names({row[1] for row in rows})
    counted: dict[tuple[date, str, str, str, str], int] = {}
    for day, branch, staff, purpose, page, count in rows:
        key = (day, branches.get(branch, branch), jobs.get(staff, ""), purpose_words(purpose), page_words(page))
        counted[key] = counted.get(key, 0) + count
    return [UseLine(*key, count) for key, count in counted.items()]


def contacts_of(customer: Customer, first: date, last: date) -> list[ContactLine]:
    """When the customer was to be contacted, and might be."""
    decisions = ContactDecision.objects.filter(customer__in=everyone_in(customer), is_allowed=True)
    rows = (
        decisions.annotate(day=TruncDate("decided_at", tzinfo=KOREA))
        .filter(day__gte=first, day__lte=last)
        .values_list("day", "purpose__name", "channel")
        .annotate(count=Count("*"))
        .order_by("-day", "purpose__name", "channel")
    )
    return [ContactLine(day, purpose, CHANNELS[channel], count) for day, purpose, channel, count in rows]


def provisions_of(first: date, last: date) -> list[ProvisionLine]:
    """To whom data of customers went on these days, or may go now."""
    lines = []
    for outflow in Outflow.objects.select_related("recipient", "purpose").order_by("recipient__name", "pk"):
        sent = [
            day
            for at in outflow.transfers.order_by("-sent_at").values_list("sent_at", flat=True)
            if first <= (day := at.astimezone(KOREA).date()) <= last
        ]
        if sent or outflow.ended_on is None or outflow.ended_on >= first:
            recipient = outflow.recipient
            lines.append(
                ProvisionLine(
                    recipient.name,
                    recipient.country,
                    outflow.purpose.name,
                    tuple(outflow.items),
                    outflow.clause,
                    len(sent),
                    max(sent, default=None),
                    outflow.ended_on,
                )
            )
    return lines
