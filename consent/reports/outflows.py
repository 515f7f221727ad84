"""Outflows as people read them: to whom, for what, how much, when last, what is late, what rests on consent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from consent.models import Outflow, Purpose, Recipient, Transfer
from consent.numbers import numbers_on
from consent.reports.purposes import name_of
from consent.reports.texts_counts import counted
from consent.rules.outflows import PURPOSES_OF, lateness, return_due
from consent.state import everybody
from consent.words.outflows import FATES, LATE, TONES
from customers.models import Item

Fate = Outflow.Fate
OPEN = (Fate.RUNNING, Fate.RETURN_ASKED)
VOLUME_DAYS = 365
RESTING_KEY = "consent.outflows.resting.1"
# A small stock is counted again after a minute, a large one before it costs a hundredth of the time.
LEAST_SECONDS, MOST_SECONDS, TIMES = 60, 7_200, 100
RESTING = f"""
WITH held AS ({everybody("consent.purpose_id = ANY(%(purposes)s)")})
SELECT held.purpose_id, held.recipient_id, count(DISTINCT held.customer_id) FROM held
JOIN customers_customer customer ON customer.id = held.customer_id AND customer.state = 'ACTIVE'
WHERE held.answer = 'GIVEN' AND held.recipient_id IS NOT NULL GROUP BY 1, 2
"""  # noqa: S608 - constants of our own


@dataclass(frozen=True)
class OutflowLine:
    """An outflow in a list. volume: customers sent in the last 365 days, each transfer counted; late: what is late, in
    words; resting: live consents for this purpose and recipient, None where it needs none; due: of the answer."""

    outflow: Outflow
    recipient: str
    kind: str
    purpose: str
    basis: str
    items: tuple[str, ...]
    volume: int
    transfers: int
    last_at: datetime | None
    late: tuple[str, ...]
    fate: str
    tone: str
    due: date | None
    resting: int | None


def outflows_in(word: str, today: date) -> QuerySet[Outflow]:
    """The outflows of a tab of the list. word: '' for those that run or are asked back, late, ended, all."""
    rows = Outflow.objects.all()
    if word == "late":
        return rows.filter(late_among(today))
    if word == "ended":
        return rows.exclude(fate__in=OPEN)
    return rows if word == "all" else rows.filter(fate__in=OPEN)


def late_among(today: date) -> Q:
    """What is late, as `rules.outflows.lateness` says."""
    answered_by = today - timedelta(days=numbers_on(today)["copy_answer_days"])
    over = Q(fate=Fate.RUNNING, recipient__contract_until__lt=today)
    return over | Q(fate=Fate.RETURN_ASKED, ended_on__lt=answered_by)


def with_volumes(rows: QuerySet[Outflow], at: datetime) -> QuerySet[Outflow]:
    """With `volume`, `transfer_count` of the last 365 days, and `last_at`."""
    sent = Transfer.objects.filter(outflow=OuterRef("pk")).order_by().values("outflow")
    lately = sent.filter(sent_at__gt=at - timedelta(days=VOLUME_DAYS))
    return rows.select_related("recipient", "purpose").annotate(
        volume=Subquery(lately.annotate(sum=Sum("customer_count")).values("sum")),
        transfer_count=Subquery(lately.annotate(count=Count("pk")).values("count")),
        last_at=Subquery(sent.annotate(newest=Max("sent_at")).values("newest")),
    )


def outflow_lines(rows: Iterable[Outflow], at: datetime) -> list[OutflowLine]:
    """Rows of `with_volumes` as lines, in three queries more."""
    rows, today = list(rows), timezone.localdate(at)
    resting, titles = _resting(rows, at), item_titles({item for row in rows for item in row.items})
    days = numbers_on(today)["copy_answer_days"]
    return [_line(row, today, days, resting, titles) for row in rows]


def _line(row: Outflow, today: date, days: int, resting: Mapping[int, int], titles: Mapping[str, str]) -> OutflowLine:
    late = lateness(row.fate, row.ended_on, row.recipient.contract_until, today, days)
    is_asked = row.fate == Fate.RETURN_ASKED
    return OutflowLine(
        outflow=row,
        recipient=row.recipient.name,
        kind=row.recipient.get_kind_display(),
        purpose=name_of(row.purpose),
        basis=row.purpose.get_basis_display(),
        items=tuple(titles.get(item, item) for item in row.items),
        volume=row.volume or 0,
        transfers=row.transfer_count or 0,
        last_at=row.last_at,
        late=tuple(str(LATE[code]) for code in late),
        fate=str(FATES[row.fate]),
        tone="red" if late else TONES[row.fate],
        due=return_due(row.ended_on, days) if is_asked else None,
        resting=resting.get(row.pk),
    )


def _resting(rows: Sequence[Outflow], at: datetime) -> dict[int, int]:
    """{outflow: customers whose consent lives}, of those that rest on consent: a provision on the consents that name
    the recipient, what is done for us on those for the purpose."""
    bound = [row for row in rows if row.purpose.basis == Purpose.Basis.CONSENT]
    named = [row for row in bound if row.recipient.kind in PURPOSES_OF]
    provided = _provided(at) if named else {}
    answers = counted(at).answers if len(bound) > len(named) else {}
    found = {row.pk: provided.get((row.purpose_id, row.recipient_id), 0) for row in named}
    for row in bound:
        if row.pk not in found:
            given = answers.get(row.purpose_id, {}).get("GIVEN")
            found[row.pk] = given.customers if given else 0
    return found


def _provided(at: datetime) -> Mapping[tuple[int, int], int]:
    """{(purpose, recipient): customers whose consent lives}, as old as it is fitting for the size of the stock."""
    found = cache.get(RESTING_KEY)
    if found is None:
        began = monotonic()
        kinds = (Purpose.Kind.PROVISION, Purpose.Kind.ABROAD)
        purposes = list(Purpose.objects.filter(kind__in=kinds).values_list("pk", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(RESTING, {"at": at, "day": timezone.localdate(at), "purposes": purposes})
            found = {(purpose, recipient): count for purpose, recipient, count in cursor.fetchall()}
        cache.set(RESTING_KEY, found, min(MOST_SECONDS, max(LEAST_SECONDS, int((monotonic() - began) * TIMES))))
    return found


def item_titles(codes: Iterable[str]) -> dict[str, str]:
    """{code: what the item is called in the language of the page}, in the order of the catalogue."""
    rows = Item.objects.filter(code__in=set(codes)).order_by("area", "position", "code")
    return {item.code: str(item) for item in rows}


@dataclass(frozen=True)
class RecipientLine:
    """A recipient with what flows to it. purposes: of the outflows that run; items: of all of them."""

    recipient: Recipient
    purposes: tuple[str, ...]
    items: tuple[str, ...]
    since: date | None
    is_over: bool


def recipient_groups(today: date) -> list[tuple[str, list[RecipientLine]]]:
    """The recipients that are open, by kind, as they are published; in three queries."""
    flows: dict[int, list[Outflow]] = {}
    for row in Outflow.objects.filter(fate=Fate.RUNNING).select_related("purpose").order_by("purpose__code", "pk"):
        flows.setdefault(row.recipient_id, []).append(row)
    titles = item_titles({item for rows in flows.values() for row in rows for item in row.items})
    groups: dict[str, list[RecipientLine]] = {kind: [] for kind in Recipient.Kind.values}
    for recipient in Recipient.objects.filter(closed_on=None).order_by("name", "pk"):
        groups[recipient.kind].append(_recipient_line(recipient, flows.get(recipient.pk, []), titles, today))
    words = dict(Recipient.Kind.choices)
    return [(str(words[kind]), lines) for kind, lines in groups.items() if lines]


def _recipient_line(
    recipient: Recipient, flows: Sequence[Outflow], titles: Mapping[str, str], today: date
) -> RecipientLine:
    items = dict.fromkeys(item for row in flows for item in row.items)
    until = recipient.contract_until
    return RecipientLine(
        recipient=recipient,
        purposes=tuple(name_of(row.purpose) for row in flows),
        items=tuple(titles.get(item, item) for item in items),
        since=min((row.started_on for row in flows), default=None),
        is_over=until is not None and until < today,
    )


def transfers_of(outflow: Outflow) -> QuerySet[Transfer]:
    """The transfers of an outflow, with who noted them."""
    return outflow.transfers.select_related("recorded_by").annotate(who=F("recorded_by__name"))
