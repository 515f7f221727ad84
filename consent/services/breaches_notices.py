"""Telling the affected of a breach: who is added by hand, who was told and by what it is proven, who cannot be reached;
and the warnings before the time is over."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.free_text import without_resident_numbers
from accounts.models import Notice, Staff
from accounts.services.notices import notify_role
from consent.models import Breach, BreachNotice, Channel
from consent.numbers import numbers_on
from consent.reports.breaches import duties_of
from consent.rules.breaches import REPORT, REPORT_CREDIT, TELL, clock
from consent.services.breaches import PRIVACY, InstantWrong, address_of, count_affected, locked
from consent.words.breaches import missing_parts
from customers.models import Customer
from customers.numbering import parse_customer_number

MOST_ROWS = 100_000  # of a file; more are sent as several
MOST_REJECTS = 200
CHUNK = 10_000
LONGEST = 80
COLUMNS = ("customer", "sent_at", "channel", "proof", "failed_because")
HEADS = {
    "고객번호": "customer", "발송일시": "sent_at", "채널": "channel", "증빙": "proof", "실패사유": "failed_because",
    **{name: name for name in COLUMNS},
}  # fmt: skip
WARNED_OF = (TELL, REPORT, REPORT_CREDIT)
UPDATE = """
UPDATE consent_breachnotice notice SET sent_at = told.sent_at, channel = told.channel, proof = told.proof,
    failed_because = told.failed_because
FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[], %s::text[])
    AS told(customer_id, sent_at, channel, proof, failed_because)
WHERE notice.breach_id = %s AND notice.customer_id = told.customer_id
RETURNING notice.customer_id
"""


class LetterIncomplete(Exception):
    """The words that people are told do not say all that the law asks; `parts` names what is missing."""

    def __init__(self, parts: Iterable[str]) -> None:
        self.parts = list(parts)
        super().__init__(self.parts)


class NobodyListed(Exception):
    """None of these customers is on the list, or everybody was told."""


class UnreadableFile(Exception):
    """The file is no list of proofs. problem: NOT_TEXT, NO_COLUMNS, TOO_MANY."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


@dataclass
class Imported:
    """What a file of proofs brought. rejects: (line, code of `words.breaches.REJECTS`)."""

    sent: int = 0
    unreached: int = 0
    reject_count: int = 0
    rejects: list[tuple[int, str]] = field(default_factory=list)

    def reject(self, line: int, code: str) -> None:
        """Note a row that cannot be used."""
        self.reject_count += 1
        if len(self.rejects) < MOST_REJECTS:
            self.rejects.append((line, code))


@transaction.atomic
def add_affected(*, breach: Breach, customers: Sequence[Customer], by: Staff, at: datetime) -> int:
    """Put customers on the list by hand; returns how many were not on it. Raises breaches.NotOpen."""
    breach = locked(breach)
    ids = dict.fromkeys(customer.merged_into_id or customer.pk for customer in customers)
    known = set(breach.notices.filter(customer__in=ids).values_list("customer", flat=True))
    made = [BreachNotice(breach=breach, customer_id=pk) for pk in ids if pk not in known]
    BreachNotice.objects.bulk_create(made, ignore_conflicts=True)
    count_affected(breach)
    return len(made)


@transaction.atomic
def record_notices(
    *,
    breach: Breach,
    customers: Sequence[int] | None,
    channel: str,
    sent_at: datetime,
    proof: str,
    by: Staff,
    at: datetime,
) -> int:
    """Note that customers were told, by one sending with one proof; returns how many. customers: ids, None for all who
    were not told yet and not found out of reach. Raises breaches.NotOpen, LetterIncomplete, InstantWrong, NobodyListed.
    """
    breach = _ready(breach, sent_at, at)
    rows = breach.notices.filter(sent_at=None)
    rows = rows.filter(failed_because="") if customers is None else rows.filter(customer__in=customers)
    said = without_resident_numbers(proof.strip())[:LONGEST]
    count = rows.update(sent_at=sent_at, channel=channel, proof=said, failed_because="")
    if not count:
        raise NobodyListed
    return count


def _ready(breach: Breach, sent_at: datetime, at: datetime) -> Breach:
    breach = locked(breach)
    if missing := missing_parts(breach):
        raise LetterIncomplete(missing)
    if not breach.known_at <= sent_at <= at:
        raise InstantWrong
    return breach


@transaction.atomic
def import_proofs(*, breach: Breach, content: bytes, by: Staff, at: datetime) -> Imported:
    """Take in a file of proofs of sending: CSV with a head, a row a customer. Columns: customer (number), sent_at
    (2026-11-29T10:00), channel, proof; or failed_because, for somebody who could not be reached.

    Rows that cannot be used are told with the line. Raises breaches.NotOpen, LetterIncomplete, UnreadableFile.
    """
    breach = _ready(breach, breach.known_at, at)
    rows, imported = _rows(content), Imported()
    for start in range(0, len(rows), CHUNK):
        _apply(breach, rows[start : start + CHUNK], imported, at)
    return imported


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp949")
        except UnicodeDecodeError:
            raise UnreadableFile("NOT_TEXT") from None
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        heads = [HEADS.get(head.strip(), "") for head in next(reader, [])]
        rows = [(reader.line_num, dict(zip(heads, row, strict=False))) for row in reader if any(row)]
    except csv.Error:
        raise UnreadableFile("NOT_TEXT") from None
    if "customer" not in heads or not {"sent_at", "failed_because"} & set(heads):
        raise UnreadableFile("NO_COLUMNS")
    if len(rows) > MOST_ROWS:
        raise UnreadableFile("TOO_MANY")
    return rows


def _apply(breach: Breach, rows: Sequence[tuple[int, dict[str, str]]], imported: Imported, at: datetime) -> None:
    """Write a chunk of rows; of two for one customer the later holds."""
    numbers = {line: parse_customer_number(row.get("customer", "").strip()) for line, row in rows}
    ids = {
        number: merged or pk
        for number, pk, merged in Customer.objects.filter(number__in=set(numbers.values()) - {None}).values_list(
            "number", "pk", "merged_into"
        )
    }
    told: dict[int, tuple[int, datetime | None, str, str, str]] = {}
    for line, row in rows:
        customer = ids.get(numbers[line])
        read = _read(row, breach, at) if customer else "UNKNOWN"
        if isinstance(read, str):
            imported.reject(line, read)
        else:
            told[customer] = (line, *read)
    known = _written(breach, told)
    for customer, (line, sent_at, *_rest) in told.items():
        if customer not in known:
            imported.reject(line, "NOT_LISTED")
        elif sent_at is None:
            imported.unreached += 1
        else:
            imported.sent += 1


def _read(row: dict[str, str], breach: Breach, at: datetime) -> tuple[datetime | None, str, str, str] | str:
    """When, by what and with which proof; or the code of what is wrong."""
    failed = without_resident_numbers(row.get("failed_because", "").strip())[:LONGEST]
    if failed:
        return None, "", "", failed
    try:
        sent_at = parse_datetime(row.get("sent_at", "").strip())
    except ValueError:
        sent_at = None
    if sent_at is None:
        return "NO_TIME"
    if timezone.is_naive(sent_at):
        sent_at = timezone.make_aware(sent_at)
    if not breach.known_at <= sent_at <= at:
        return "WRONG_TIME"
    channel, proof = row.get("channel", "").strip().upper(), row.get("proof", "").strip()
    if channel not in Channel.values or channel == Channel.ANY:
        return "NO_CHANNEL"
    return (sent_at, channel, without_resident_numbers(proof)[:LONGEST], "") if proof else "NO_PROOF"


def _written(breach: Breach, told: dict[int, tuple[int, datetime | None, str, str, str]]) -> set[int]:
    columns = [list(told), *([one[place] for one in told.values()] for place in range(1, 5))]
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [*columns, breach.pk])
        return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def warn_of_breaches(*, at: datetime) -> int:
    """Tell the privacy officer of breaches whose time is nearly over, once at each warning and once when it is over;
    returns how many warnings were given."""
    numbers, count = numbers_on(timezone.localdate(at)), 0
    for breach in Breach.objects.select_for_update().filter(state=Breach.State.OPEN).order_by("pk"):
        level = clock(breach.due_at, at, numbers).level
        if level == "CALM" or not any(duty.code in WARNED_OF and not duty.is_met for duty in duties_of(breach, at)):
            continue
        kind = f"BREACH_{level}"
        if not Notice.objects.filter(kind=kind, url=address_of(breach)).exists():
            what = {"number": breach.number, "hours": clock(breach.due_at, at, numbers).hours}
            count += bool(notify_role(role=PRIVACY, kind=kind, at=at, what=what, url=address_of(breach)))
    return count
