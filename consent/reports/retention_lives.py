"""The days that decide how long customers are kept, read as a set: roles on contracts, consents, what was separated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from consent.models import DestructionItem, Purpose
from consent.rules.chunks import chunked
from consent.rules.retention import Life, Rules, Trigger, read_life
from consent.rules.roles_end import LIVE, Role, add_months, ends_of
from consent.state import Held, held

CHUNK = 5_000
# When a contract ended is said by `consent.rules.roles_end.contract_ended_on`; a test holds the two together.
ENDED = """
CASE WHEN contract.status = ANY(%(live)s) THEN NULL
     WHEN contract.ends_on <= (contract.as_of AT TIME ZONE 'Asia/Seoul')::date THEN contract.ends_on
     ELSE (contract.as_of AT TIME ZONE 'Asia/Seoul')::date END
"""
LIVES = f"""
WITH role AS (
    SELECT link.customer_id, bool_or(contract.status = ANY(%(live)s)) AS is_live, max({ENDED}) AS ended_on
    FROM customers_contractparty party
    JOIN customers_contract contract
      ON contract.source_id = party.source_id AND contract.contract_no = party.contract_no
    JOIN customers_sourcerecord record
      ON record.source_id = party.source_id AND record.source_key = party.party_source_key
    JOIN customers_link link ON link.record_id = record.id
    GROUP BY link.customer_id
), candidate AS (
    SELECT customer.id, (customer.created_at AT TIME ZONE 'Asia/Seoul')::date AS first_seen_on, role.ended_on,
           customer.marketing_consent_on
    FROM customers_customer customer LEFT JOIN role ON role.customer_id = customer.id
    WHERE customer.state = 'ACTIVE' AND (role.customer_id IS NULL OR NOT role.is_live AND role.ended_on <= %(day)s)
), said AS (
    SELECT DISTINCT ON (consent.customer_id, consent.purpose_id, consent.channel, consent.recipient_id)
           consent.customer_id, consent.purpose_id, consent.answer, consent.expires_on,
           (consent.at AT TIME ZONE 'Asia/Seoul')::date AS on_day
    FROM consent_consent consent WHERE consent.at <= %(at)s
    ORDER BY consent.customer_id, consent.purpose_id, consent.channel, consent.recipient_id, consent.at DESC,
             consent.id DESC
), answer AS (
    SELECT said.customer_id, purpose.kind, said.answer = 'GIVEN' AS is_given, CASE
           WHEN said.answer IN ('WITHDRAWN', 'LAPSED') THEN said.on_day
           WHEN said.answer = 'GIVEN' THEN least(said.expires_on, CASE WHEN purpose.retention_months > 0 THEN
                (said.on_day + make_interval(months => purpose.retention_months))::date END) END AS ended_on
    FROM said JOIN consent_purpose purpose ON purpose.id = said.purpose_id
), consented AS (
    SELECT customer_id, bool_or(is_given AND (ended_on IS NULL OR ended_on > %(day)s)) AS holds,
           bool_or(is_given AND kind = 'MARKETING' AND (ended_on IS NULL OR ended_on > %(day)s)) AS wishes,
           max(ended_on) AS ended_on
    FROM answer GROUP BY customer_id
)
SELECT candidate.id, candidate.first_seen_on, candidate.ended_on, consented.ended_on
FROM candidate LEFT JOIN consented ON consented.customer_id = candidate.id
WHERE NOT coalesce(CASE WHEN candidate.ended_on IS NULL THEN consented.holds ELSE consented.wishes END,
                   candidate.marketing_consent_on IS NOT NULL)
  AND (candidate.ended_on IS NOT NULL OR consented.ended_on IS NOT NULL OR candidate.first_seen_on <= %(seen)s)
ORDER BY candidate.id
"""  # noqa: S608 - constants


class Lived(NamedTuple):
    """The life of a customer; is_apart: the data are kept apart already, and the days were noted then."""

    customer: int
    life: Life
    is_apart: bool


def lives_on(day: date, rules: Iterable[Rules], *, claim_years: int) -> Iterator[Lived]:
    """The lives of all who might be due by one of these rules on a day: nobody who has a live role on a contract or
    whose consent holds. Read in one query and one more for 5,000 of them, in order of their ids."""
    earliest = min(policy.months for one in rules for policy in one.policies.values() if _is_first_seen(policy.trigger))
    at = datetime.combine(day, time.max, timezone.get_default_timezone())
    values = {"live": sorted(LIVE), "day": day, "at": at, "seen": add_months(day, -earliest)}
    for rows in chunked(_rows(values), CHUNK):
        yield from _exact(dict(_active(rows, claim_years)), at)
    yield from _apart()


def _is_first_seen(trigger: str) -> bool:
    return trigger == Trigger.FIRST_SEEN


def _rows(values: Mapping[str, object]) -> list[tuple[int, date, date | None, date | None]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(LIVES, values)
        return cursor.fetchall()


def _active(rows: Iterable[tuple[int, date, date | None, date | None]], claim_years: int) -> Iterator[tuple[int, Life]]:
    for customer, first_seen_on, contract_on, consent_on in rows:
        ends = ends_of([Role(False, contract_on)], claim_years) if contract_on else None
        yield (
            customer,
            Life(
                first_seen_on,
                has_roles=ends is not None,
                relationship_on=ends.relationship_on if ends else None,
                contract_on=contract_on,
                consent_on=consent_on,
            ),
        )


def _exact(lives: Mapping[int, Life], at: datetime) -> Iterator[Lived]:
    """With consents as they hold over everything that was merged into a customer: what holds there keeps it too."""
    purposes = {
        pk: (kind, months) for pk, kind, months in Purpose.objects.values_list("pk", "kind", "retention_months")
    }
    states, day = held(list(lives), at), timezone.localdate(at)
    for customer, life in lives.items():
        keeps = any(
            _keeps(state, *purposes[key.purpose_id], day=day, is_party=life.has_roles)
            for key, state in states.get(customer, {}).items()
        )
        yield Lived(customer, replace(life, consent_holds=keeps), is_apart=False)


def _keeps(state: Held, kind: str, months: int, *, day: date, is_party: bool) -> bool:
    """Whether a consent keeps the data where they are: see `Life.consent_holds`."""
    if state.answer != "GIVEN" or (is_party and kind != Purpose.Kind.MARKETING):
        return False
    return not months or add_months(timezone.localdate(state.since), months) > day


def _apart() -> Iterator[Lived]:
    """Those who are kept apart, by the days that were noted when they went."""
    went = DestructionItem.objects.filter(
        state=DestructionItem.State.DONE, batch__action="SEPARATE", customer__state="SEPARATED"
    )
    newest = went.order_by("customer", "-pk").distinct("customer").values_list("customer", "life")
    for customer, written in newest.iterator(chunk_size=CHUNK):
        if life := read_life(written):
            yield Lived(customer, life, is_apart=True)
