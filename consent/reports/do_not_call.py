"""The do-not-call register as compliance sees it: lists taken in, registrations that are over, numbers that changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from accounts.models import Staff
from consent.models import DoNotCallList, DoNotCallNumber
from consent.reports.contact_facts import digests_of
from consent.rules.consents import months_after
from consent.words.contact import REJECTS
from customers.formats import day as written_day
from customers.models import Customer
from customers.numbering import written_number
from customers.reading import Place, prepare, read

MONTHS_AHEAD = 3
MOST_LISTS = 20
MOST_CHANGED = 200
MOST_LOOKED_AT = 50_000


@dataclass(frozen=True)
class MonthLine:
    """Registrations that end in a month, not decided. month: its first day; customer_count: those of known customers;
    is_over: they can be decided, all of them or those over so far."""

    month: date
    label: str
    count: int
    customer_count: int
    is_over: bool


@dataclass(frozen=True)
class Register:
    """How many registrations hold, how many are over and wait for a decision, and by which months."""

    standing: int
    over: int
    months: tuple[MonthLine, ...]
    coming: tuple[MonthLine, ...]


def register_of(today: date) -> Register:
    """The register as it stands on a day. Two queries."""
    waiting = DoNotCallNumber.objects.filter(released_at=None)
    totals = waiting.aggregate(
        standing=Count("pk", filter=Q(expires_on__gt=today)), over=Count("pk", filter=Q(expires_on__lte=today))
    )
    first = today.replace(day=1)
    near = waiting.filter(expires_on__lt=months_after(first, MONTHS_AHEAD + 1))
    counted = (
        near.annotate(month=TruncMonth("expires_on"), is_over=Q(expires_on__lte=today))
        .values("month", "is_over")
        .annotate(count=Count("pk"), customers=Count("customer"))
        .order_by("month")
    )
    lines = [_month(row) for row in counted]
    return Register(
        totals["standing"],
        totals["over"],
        tuple(line for line in lines if line.is_over),
        tuple(line for line in lines if not line.is_over),
    )


def _month(row: Mapping[str, object]) -> MonthLine:
    return MonthLine(row["month"], f"{row['month']:%Y-%m}", row["count"], row["customers"], row["is_over"])


def over_in(month: date, today: date) -> tuple[int, int]:
    """How many registrations of a month are over and not decided, and how many of them are of known customers."""
    over = DoNotCallNumber.objects.filter(released_at=None, expires_on__lte=today)
    of_month = over.filter(expires_on__gte=month, expires_on__lt=months_after(month, 1))
    counted = of_month.aggregate(count=Count("pk"), customers=Count("customer"))
    return counted["count"], counted["customers"]


def lists() -> QuerySet[DoNotCallList]:
    """The lists that were taken in, the newest first."""
    return DoNotCallList.objects.select_related("loaded_by").defer("rejects").order_by("-loaded_at", "-pk")[:MOST_LISTS]


@dataclass(frozen=True)
class RejectLine:
    """A row of a list that was not taken."""

    line: int
    why: str


def reject_lines(loaded: DoNotCallList) -> list[RejectLine]:
    """The rows that were not taken, as far as they are kept."""
    return [RejectLine(line, str(REJECTS.get(code, code))) for line, code in loaded.rejects]


@dataclass(frozen=True)
class ChangedLine:
    """A registration whose customer has another telephone number by now; it forbids calls until somebody decides."""

    pk: int
    name: str
    number: str
    url: str
    registered: str
    expires: str
    has_phone: bool


def changed_numbers(viewer: Staff) -> list[ChangedLine]:
    """Registrations of customers whom the viewer sees and whose number changed since; at most 200."""
    found = [pk for pk, digest, *phones in _candidates() if bytes(digest) not in digests_of(phones)]
    rows = list(
        DoNotCallNumber.objects.filter(pk__in=found[:MOST_CHANGED])
        .select_related("customer")
        .order_by("registered_on", "pk")
    )
    holders = {row.pk: row.customer.merged_into_id or row.customer_id for row in rows}
    shown = Customer.objects.visible_to(viewer).with_holders().in_bulk(set(holders.values()))
    prepare(viewer, shown.values())
    return [_changed(row, shown[holders[row.pk]], viewer) for row in rows if holders[row.pk] in shown]


def _candidates() -> Iterable[tuple[object, ...]]:
    """Registrations of customers who changed since: id, hash, and the telephone numbers of today."""
    held = DoNotCallNumber.objects.filter(released_at=None, customer__isnull=False)
    later = Q(origin=None) | Q(customer__updated_at__gt=F("origin__loaded_at")) | Q(customer__state="MERGED")
    phones = ("customer__mobile", "customer__phone_home")
    survivors = ("customer__merged_into__mobile", "customer__merged_into__phone_home")
    rows = held.filter(later).order_by("pk").values_list("pk", "phone_digest", *phones, *survivors)
    for pk, digest, *numbers in rows[:MOST_LOOKED_AT]:
        yield pk, digest, *(number or "" for number in numbers)


def _changed(row: DoNotCallNumber, customer: Customer, viewer: Staff) -> ChangedLine:
    return ChangedLine(
        pk=row.pk,
        name=read(customer, viewer, Place.LIST)["name"].text,
        number=written_number(customer.number),
        url=customer.get_absolute_url(),
        registered=written_day(row.registered_on),
        expires=written_day(row.expires_on),
        has_phone=bool(customer.mobile or customer.phone_home),
    )
