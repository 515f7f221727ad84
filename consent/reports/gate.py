"""The gate as people look at it: how many are in scope, who came and went, and whom the clean-up lets go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Count

from accounts.models import Staff
from consent.models import GateChange
from consent.numbers import numbers_on
from consent.rules.retention import Due
from consent.words.gate import because_words
from customers.charts import Bar, Scale, bar
from customers.formats import amount, moment
from customers.gates import PROOFS
from customers.models import Contract, Customer
from customers.tones import GATES

SHOWN_DAYS = 28
CLAUSE = "개인정보 보호법 제21조 제1항"
NEVER_PARTY, WAS_PARTY = "GATE", "GATE_PARTY"
ROLE = """
SELECT FROM customers_link link
JOIN customers_sourcerecord record ON record.id = link.record_id
JOIN customers_contractparty party
    ON party.source_id = record.source_id AND party.party_source_key = record.source_key
JOIN customers_contract contract
    ON contract.source_id = party.source_id AND contract.contract_no = party.contract_no
WHERE link.customer_id = customer.id
"""
# Who lacks a proof whose question was refused, or not reached in time, and is past the deadline.
LET_GO = f"""
SELECT customer.id, EXISTS ({ROLE}) AS was_party, min(ask.opened_on), min(ask.due_on)
FROM consent_cleanupask ask JOIN customers_customer customer ON customer.id = ask.customer_id
WHERE ask.state IN ('REFUSED', 'UNREACHED') AND ask.due_on < %(day)s AND customer.state = 'ACTIVE' AND (
    (ask.kind = 'VERIFY_NAME' AND customer.gate IN ('UNVERIFIED', 'NEITHER'))
    OR (ask.kind IN ('ASK_CONSENT', 'GUARDIAN') AND customer.gate IN ('NO_CONSENT', 'NEITHER'))
)
AND NOT EXISTS ({ROLE} AND contract.status = ANY(%(live)s))
AND NOT EXISTS (
    SELECT FROM consent_cleanupask again
    WHERE again.customer_id = ask.customer_id AND again.kind = ask.kind AND again.id > ask.id
)
GROUP BY customer.id
"""  # noqa: S608 - SQL of our own; every value is a parameter
# Whoever was kept apart for this reason alone, and was never party to a contract, which is kept by its own law.
DESTROYED_NEXT = """
SELECT customer.id, item.ended_on, (customer.separated_at AT TIME ZONE 'Asia/Seoul')::date
FROM customers_customer customer
JOIN consent_destructionitem item ON item.customer_id = customer.id AND item.state = 'DONE'
JOIN consent_destructionbatch batch ON batch.id = item.batch_id AND batch.action = 'SEPARATE' AND batch.origin = 'GATE'
WHERE customer.state = 'SEPARATED' AND item.data_class = %(class)s
    AND (customer.separated_at AT TIME ZONE 'Asia/Seoul')::date <= %(until)s
ORDER BY customer.id, item.id
"""


LIVE_AMONG = f"""
SELECT customer.id FROM customers_customer customer
WHERE customer.id = ANY(%(customers)s) AND EXISTS ({ROLE} AND contract.status = ANY(%(live)s))
"""  # noqa: S608 - as above


@dataclass(frozen=True)
class StateLine:
    """How many customers stand so. bar: their share of all."""

    code: str
    words: str
    tone: str
    count: str
    share: str
    bar: Bar


@dataclass(frozen=True)
class MoveLine:
    """How many came in scope, or left it, for one reason."""

    words: str
    promoted: str
    demoted: str
    other: str


@dataclass(frozen=True)
class ChangeLine:
    """One change of one customer."""

    before: str
    after: str
    tone: str
    because: str
    at: str


@dataclass(frozen=True)
class GateReport:
    """The gate over the customers that somebody sees, and what happened at it in the last 28 days."""

    states: tuple[StateLine, ...]
    total: str
    moves: tuple[MoveLine, ...]
    promoted: str
    demoted: str


def gate_report(viewer: Staff, at: datetime) -> GateReport:
    """What the page of the gate shows, in two queries; the changes are those of the whole company."""
    counted = dict(
        Customer.objects.visible_to(viewer)
        .filter(state=Customer.State.ACTIVE)
        .order_by()
        .values_list("gate")
        .annotate(count=Count("pk"))
    )
    total = sum(counted.values())
    scale = Scale(0, max(total, 1))
    states = tuple(
        StateLine(
            state.value,
            str(state.label),
            GATES[state],
            amount(counted.get(state, 0)),
            f"{counted.get(state, 0) / total:.1%}" if total else "–",
            bar(counted.get(state, 0), scale),
        )
        for state in Customer.Gate
    )
    lines, promoted, demoted = _moves(at)
    return GateReport(states, amount(total), lines, amount(promoted), amount(demoted))


def _moves(at: datetime) -> tuple[tuple[MoveLine, ...], int, int]:
    since = at - timedelta(days=SHOWN_DAYS)
    rows = GateChange.objects.filter(at__gt=since, at__lte=at).order_by().values_list("because", "before", "after")
    sums: dict[str, list[int]] = {}
    for because, before, after, count in rows.annotate(count=Count("pk")):
        place = 0 if after == Customer.Gate.IN_SCOPE else 1 if before == Customer.Gate.IN_SCOPE else 2
        sums.setdefault(because, [0, 0, 0])[place] += count
    ordered = sorted(sums.items(), key=lambda one: (-sum(one[1]), one[0]))
    lines = tuple(MoveLine(because_words(because), *map(amount, counts)) for because, counts in ordered)
    return lines, sum(counts[0] for counts in sums.values()), sum(counts[1] for counts in sums.values())


def change_line(before: str, after: str, because: str, at: datetime) -> ChangeLine:
    """One change in words."""
    labels = dict(Customer.Gate.choices)
    tone = "green" if sum(PROOFS[after]) > sum(PROOFS[before]) else "red"
    return ChangeLine(str(labels[before]), str(labels[after]), tone, because_words(because), moment(at))


def customers_to_let_go(day: date) -> dict[int, Due]:
    """Whom the clean-up did not reach: {customer id: why, and since when}.

    An active customer among them is to be kept apart; one that is kept apart, by the clean-up alone and longer than
    `cleanup_separated_days`, is to be destroyed. Nobody with a live role in a contract is among them; whoever had one
    earlier is kept apart (WAS_PARTY) and destroyed by the rules of retention. Two queries.
    """
    with connection.cursor() as cursor:
        cursor.execute(LET_GO, {"day": day, "live": list(Contract.LIVE_STATUSES)})
        due = {
            customer: Due(WAS_PARTY if was_party else NEVER_PARTY, CLAUSE, opened_on, due_on)
            for customer, was_party, opened_on, due_on in cursor.fetchall()
        }
        apart = timedelta(days=numbers_on(day)["cleanup_separated_days"])
        cursor.execute(DESTROYED_NEXT, {"class": NEVER_PARTY, "until": day - apart})
        due |= {
            customer: Due(NEVER_PARTY, CLAUSE, ended_on, separated_on + apart)
            for customer, ended_on, separated_on in cursor.fetchall()
        }
    return due


def with_live_role(customers: Iterable[int]) -> set[int]:
    """Those of these customers who have a role in a contract in force, so that the clean-up lets them stay."""
    with connection.cursor() as cursor:
        cursor.execute(LIVE_AMONG, {"customers": list(customers), "live": list(Contract.LIVE_STATUSES)})
        return {customer for (customer,) in cursor.fetchall()}
