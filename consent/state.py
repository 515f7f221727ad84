"""What a customer has consented to at an instant: one query, over every number that became the customer.

An answer stays with the number that it was given under. For each purpose, channel and recipient the newest answer of a
number counts, and of all numbers that are one customer by then the strictest (README, decision: consents in a merge).
An answer that was given under a survivor after a number had become part of it takes the place of that number's older
ones. A consent past its day counts as lapsed whether or not the nightly job has written so; the rows that it writes are
for people to read, and no part of this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from consent.models import Channel

# Which retired number became part of which customer when, by each customer on its way: of A, merged into B, merged into
# C, the rows (A, B, when) and (A, C, when B went there). What is asked of C alone counts only from then on.
_WAYS = """
ways AS (
    SELECT retired.id AS number_id, retired.merged_into_id AS holder_id, retired.merged_at AS joined_at,
        coalesce(merge.survivor_id, retired.merged_into_id) AS ancestor_id
    FROM customers_customer retired
    LEFT JOIN customers_merge merge ON merge.retired_id = retired.id AND merge.ended_by_id IS NULL
    WHERE retired.merged_into_id IS NOT NULL AND {retired}
    UNION
    SELECT ways.number_id, ways.holder_id, greatest(ways.joined_at, between_.merged_at),
        coalesce(merge.survivor_id, between_.merged_into_id)
    FROM ways
    JOIN customers_customer between_ ON between_.id = ways.ancestor_id AND between_.merged_into_id IS NOT NULL
    LEFT JOIN customers_merge merge ON merge.retired_id = between_.id AND merge.ended_by_id IS NULL
    WHERE ways.ancestor_id <> ways.holder_id
)"""
# Of two answers of one instant the refusal counts.
_NEWEST = """
newest AS (
    SELECT DISTINCT ON (consent.customer_id, consent.purpose_id, consent.channel, consent.recipient_id)
        consent.id, consent.customer_id, consent.purpose_id, consent.channel, consent.recipient_id, consent.answer,
        consent.at, consent.expires_on
    FROM consent_consent consent
    WHERE consent.at <= %(at)s AND consent.answer <> 'LAPSED' AND {chosen}
    ORDER BY consent.customer_id, consent.purpose_id, consent.channel, consent.recipient_id, consent.at DESC,
        consent.answer = 'GIVEN', consent.id DESC
)"""
# What a survivor replaced is found once for all numbers: asked of each row by itself it would take their square.
_OF_ALL_NUMBERS = """
members AS (
    SELECT number_id, holder_id, max(joined_at) AS joined_at FROM ways GROUP BY number_id, holder_id
), older AS MATERIALIZED (
    SELECT newest.id, newest.purpose_id, newest.channel, newest.recipient_id, newest.at, ways.ancestor_id,
        ways.joined_at
    FROM ways JOIN newest ON newest.customer_id = ways.number_id
), replaced AS MATERIALIZED (
    SELECT DISTINCT older.id
    FROM older
    JOIN newest later ON later.customer_id = older.ancestor_id AND later.purpose_id = older.purpose_id
        AND later.channel = older.channel AND coalesce(later.recipient_id, 0) = coalesce(older.recipient_id, 0)
    WHERE later.at > older.joined_at AND later.at > older.at
), counting AS (
    SELECT newest.customer_id AS holder_id, newest.* FROM newest
    UNION ALL
    SELECT members.holder_id, newest.* FROM members
    JOIN newest ON newest.customer_id = members.number_id
    LEFT JOIN replaced ON replaced.id = newest.id
    WHERE members.joined_at <= %(at)s AND replaced.id IS NULL
)"""
_OF_ONE_NUMBER = "counting AS (SELECT newest.customer_id AS holder_id, newest.* FROM newest)"
_JUDGED = """
judged AS (
    SELECT counting.*, counting.answer = 'GIVEN' AND counting.expires_on <= %(day)s AS is_over FROM counting
)"""
_STRICTEST = """
SELECT DISTINCT ON (holder_id, purpose_id, channel, recipient_id)
    holder_id AS customer_id, purpose_id, channel, recipient_id,
    CASE WHEN is_over THEN 'LAPSED' ELSE answer END AS answer,
    CASE WHEN is_over THEN expires_on::timestamp AT TIME ZONE 'Asia/Seoul' ELSE at END AS since,
    expires_on, id AS consent_id
FROM judged
ORDER BY holder_id, purpose_id, channel, recipient_id,
    CASE WHEN answer <> 'GIVEN' THEN 0 WHEN is_over THEN 1 ELSE 2 END, expires_on, at DESC, id DESC
"""
_OF_SOME = "retired.merged_into_id = ANY(%(customers)s)"
_THEIR_NUMBERS = (
    "consent.customer_id = ANY(ARRAY(SELECT unnest(%(customers)s::bigint[]) UNION SELECT number_id FROM ways))"
)
_ONE_KEY = "consent.purpose_id = %(purpose)s AND consent.channel = %(channel)s AND consent.recipient_id IS NULL"


def _query(retired: str, chosen: str) -> str:
    with_ = ",".join((_WAYS.format(retired=retired), _NEWEST.format(chosen=chosen), _OF_ALL_NUMBERS, _JUDGED))
    return f"WITH RECURSIVE {with_} {_STRICTEST}"


def held_of(chosen: str) -> str:
    """As HELD_OF, of every key that a condition on the row `consent` chooses, such as those of some purposes."""
    return _query(_OF_SOME, f"{_THEIR_NUMBERS} AND {chosen}")


def everybody(chosen: str) -> str:
    """As HELD, of every key that a condition on the row `consent` chooses. Placeholders: at, day."""
    return _query("true", chosen)


HELD = everybody(_ONE_KEY)
"""Everybody's answer to one purpose and channel, of those who answered: customer_id, purpose_id, channel, recipient_id,
answer, since, expires_on, consent_id. Placeholders: `held_words`; put it into brackets to join it. Retired numbers have
rows of their own."""
HELD_OF = held_of(_ONE_KEY)
"""As HELD, of the customers `%(customers)s`, a list of ids."""
_WANTED = "(%(purposes)s::bigint[] IS NULL OR purpose_id = ANY(%(purposes)s))"
_ALL_KEYS = held_of(_WANTED)
_OWN = _NEWEST.format(chosen=f"consent.customer_id = ANY(%(customers)s) AND {_WANTED}")
_ALL_KEYS_OF_LONE = f"WITH {_OWN}, {_OF_ONE_NUMBER}, {_JUDGED} {_STRICTEST}"


class Key(NamedTuple):
    """What an answer is to. channel: of `Channel`."""

    purpose_id: int
    channel: str
    recipient_id: int | None


class Held(NamedTuple):
    """What holds of one key. answer: of `Consent.Answer`; expires_on: the first day on which it holds no more."""

    answer: str
    since: datetime
    expires_on: date | None
    consent_id: int


def held_words(
    *, at: datetime, purpose_id: int, channel: str = Channel.ANY, customers: Iterable[int] = ()
) -> dict[str, object]:
    """What fills the placeholders of HELD and HELD_OF. customers: for HELD_OF."""
    return {
        "at": at,
        "day": timezone.localdate(at),
        "purpose": purpose_id,
        "channel": str(channel),
        "customers": list(customers),
    }


def held(
    customer_ids: Collection[int],
    at: datetime,
    purpose_ids: Collection[int] | None = None,
    *,
    are_lone: bool = False,
) -> dict[int, dict[Key, Held]]:
    """What these customers have answered as it counts at the instant `at`: {customer id: {key: answer}}.

    Every customer asked for is in it; a key of which nothing was said is not. A number that was merged answers for
    itself alone. purpose_ids: None for all. are_lone: it is known that nobody was merged into them, which saves half of
    the time.
    """
    words: Mapping[str, object] = {
        "at": at,
        "day": timezone.localdate(at),
        "customers": list(customer_ids),
        "purposes": None if purpose_ids is None else list(purpose_ids),
    }
    found: dict[int, dict[Key, Held]] = {customer: {} for customer in customer_ids}
    with connection.cursor() as cursor:
        cursor.execute(_ALL_KEYS_OF_LONE if are_lone else _ALL_KEYS, words)
        for customer, purpose, channel, recipient, *answer in cursor.fetchall():
            if customer in found:
                found[customer][Key(purpose, channel, recipient)] = Held(*answer)
    return found


def is_given(held_: Held | None) -> bool:
    """Whether an answer, or nothing said, lets the purpose be followed."""
    return held_ is not None and held_.answer == "GIVEN"
