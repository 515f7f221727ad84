"""Is somebody a customer already? One record as a person types it, against the whole stock, while they wait.

It is looked for with the rights of the system, whoever asks; what comes out is cut to what the asker may see. Of
customers who are hidden from the asker one of three words is told, and the branch to ask: no number, no count, nothing
of what they hold. That word follows from full agreement alone, so that nobody can feel their way to a value digit by
digit; it is judged apart from those who are visible, and the answer takes the same time whatever was found.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

import numpy as np
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from accounts.models import Branch, Staff
from customers.dedup.blocking import INDEXED_KEYS
from customers.dedup.blocks import MOST_IN_BLOCK
from customers.dedup.model import Cut, Model
from customers.dedup.online import NOTHING, SAME, SIMILAR, plain_agreement, rank
from customers.models import Code, Customer
from customers.sealing import Sealer
from customers.services.match_models import model_of
from customers.services.snapshot import OldForms
from customers.standard.matching import MASKED, MATCH_RECORD
from customers.standard.record import Standardiser
from customers.standard.regions import RegionIndex, build_index
from customers.typed import Problem, read_typed

MOST_MATCHES = 10  # customers told
BLIND_SECONDS = 0.04  # that every answer takes for whoever does not see all customers
MOST_NAMESAKES = 10  # records of customers of the same name; of a common name they say nothing
NEAR_RECORD = np.dtype([("id", ">i8"), ("customer", ">i8"), ("is_namesake", ">i4"), ("keys", MATCH_RECORD)])
# Each value stands in a SELECT of its own, where the planner does not see it. A plan for values that it sees looks
# cheaper to it than the one for any values, since most are NULL, and it would plan every question anew: 1.0 ms for an
# answer of 0.3 ms.
BY_KEY = f"""
    (SELECT id, 0 AS is_namesake FROM customers_sourcerecord WHERE {{condition}} LIMIT {MOST_IN_BLOCK + 1})
"""  # noqa: S608 - words of our own
# A key that is NULL costs nothing.
LOOKUPS = {
    **{name: BY_KEY.format(condition=f"{name} = (SELECT %s::bytea)") for name in ("rrn_index", "ci_index")},
    "mobile": BY_KEY.format(condition="mobile = (SELECT %s) AND mobile <> ''"),
    "company_no": BY_KEY.format(condition="company_no = (SELECT %s) AND kind = 'ORG' AND company_no <> ''"),
    "crn": BY_KEY.format(condition="crn = (SELECT %s) AND crn <> ''"),
    **{name: BY_KEY.format(condition=f"{name} = (SELECT %s::bigint)") for name in INDEXED_KEYS},
    "sort_name": f"""
    (SELECT record_id, 1 FROM customers_customer customer JOIN customers_link link ON link.customer_id = customer.id
    WHERE sort_name = (SELECT %s) AND state IN ('ACTIVE', 'MERGED') LIMIT {MOST_NAMESAKES})
""",  # noqa: S608 - words of our own
}
# The version of the live model comes with them, so that a new one counts at once.
NEAR = f"""
SELECT (SELECT version FROM customers_matchmodel WHERE state = 'LIVE'),
    string_agg(
        int8send(record.id) || int8send(customer_id) || int4send(is_namesake) || match_keys, ''::bytea
        ORDER BY record.id
    )
FROM (
    SELECT id, min(is_namesake) AS is_namesake
    FROM ({" UNION ALL ".join(LOOKUPS.values())}) found
    GROUP BY id
) near
JOIN customers_sourcerecord record USING (id)
JOIN customers_link link ON link.record_id = record.id
"""  # noqa: S608 - words of our own


class Advice(StrEnum):
    """What to do with a match: take it for the same customer, let a person look, or let it be."""

    LINK = "LINK"
    REVIEW = "REVIEW"
    NO = "NO"


class Blind(StrEnum):
    """All that is told of customers whom the asker may not see."""

    EXISTS = "EXISTS"
    SIMILAR = "SIMILAR"
    NONE = "NONE"


BLIND_ANSWERS = {SAME: Blind.EXISTS, SIMILAR: Blind.SIMILAR, NOTHING: Blind.NONE}


@dataclass(frozen=True, slots=True)
class Match:
    """A customer that may be the one who was typed, by its record that fits best. weight: bits; pattern: of levels."""

    customer_id: int
    record_id: int
    weight: float
    pattern: int
    advice: Advice


@dataclass(frozen=True, slots=True)
class Check:
    """The answer. matches: at most ten customers whom the asker may see, the heaviest first; blind: what is told of
    all others, and ask: the branch that knows more, None where there is none; model_version: what weighed them. hidden:
    id of the customer that `blind` is about, for services alone; nobody is shown anything of it."""

    matches: tuple[Match, ...]
    blind: Blind
    ask: Branch | None
    problems: tuple[Problem, ...]
    model_version: int
    hidden: int | None = field(default=None, compare=False, repr=False)


def check_duplicates(
    *,
    record: Mapping[str, str],
    asked_by: Staff | None,
    at: datetime,
    passed_over: Callable[[Collection[int]], Collection[int]] | None = None,
    with_close_names: bool = False,
    is_timed: bool = True,
) -> Check:
    """Whether the customer that somebody types is there already.

    record: canonical customer columns as typed; what cannot be read is told in `problems` and left out. asked_by: None
    for Hannun itself, which sees all customers. passed_over: which of the customers found, by id, are to say nothing.
    with_close_names: as `plain_agreement` has it, for askers who are counted. is_timed: without it the answer comes as
    soon as it can, for callers who hold a lock. Writes nothing, logs nothing.
    """
    began = time.monotonic()
    # Whoever sees the whole stock misses no more than protected customers, and may look up by a name alone.
    sees_all = asked_by is None or asked_by.has_perm("customers.view_every_customer")
    today = timezone.localdate(at)
    standard = Standardiser(today, _regions(int(at.timestamp()) // 60, today))
    typed = read_typed(record, standard, Sealer(settings.KEYS))
    version, near = _near(typed.keys if sees_all else typed.keys | {"sort_name": None})
    model = model_of(version)
    if passed_over is not None and len(near):
        near = near[~np.isin(near["customer"], list(passed_over(set(near["customer"].tolist()))))]
    is_visible = np.ones(len(near), bool) if asked_by is None else _is_visible(near["customer"], asked_by)
    matches = _matches(near[is_visible], typed.record, model)
    # Of a name with stars in it any number of names fit: it is close to none.
    with_close_names = with_close_names and typed.record["name_script"][0] != MASKED
    blind, ask, hidden = _blind(near[~is_visible], typed.record, model, with_close_names=with_close_names)
    if is_timed and not sees_all:
        time.sleep(max(0.0, began + BLIND_SECONDS - time.monotonic()))
    return Check(matches, blind, ask, typed.problems, version, hidden)


@lru_cache(maxsize=1)
def _regions(_minute: int, today: date) -> RegionIndex:
    """The regions of the code table, read once a minute and process."""
    return build_index(Code.objects.regions(), today)


def _near(keys: Mapping[str, str | None]) -> tuple[int, np.ndarray]:
    """The version of the model in use, and the records that share a key, by id, as `NEAR_RECORD`.

    Raises OldForms where records were standardised by an older Hannun.
    """
    with _prepared_cursor() as cursor:
        cursor.execute(NEAR, [keys[name] for name in LOOKUPS])
        version, content = cursor.fetchone()
    content = content or b""
    if len(content) % NEAR_RECORD.itemsize:
        raise OldForms
    return version or 0, np.frombuffer(content, NEAR_RECORD)


def _prepared_cursor() -> CursorWrapper:
    """A cursor whose statements the database plans once per connection, and whose values no log ever holds.

    Django switches preparing off; its own cursors bind in the client and never prepare, so for them nothing changes.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.connection.prepare_threshold = 0
    return connection.make_cursor(ServerBindingCursor(connection.connection))


def _is_visible(customers: np.ndarray, viewer: Staff) -> np.ndarray:
    """Whether the viewer sees each of these customers."""
    visible = Customer.objects.visible_to(viewer)
    found = set(visible.filter(pk__in=set(customers.tolist())).values_list("pk", flat=True))
    return np.array([customer in found for customer in customers.tolist()], bool)


def _matches(near: np.ndarray, record: np.ndarray, model: Model) -> tuple[Match, ...]:
    """The best record of each customer, namesakes last."""
    cut = model.cuts["*", "*"]
    ids, customers, is_namesake = (near[name].tolist() for name in ("id", "customer", "is_namesake"))
    found: dict[int, Match] = {}
    ranked = rank(near["keys"], record, model).entries()
    for position, weight, pattern in sorted(ranked, key=lambda entry: is_namesake[entry[0]]):
        customer = customers[position]
        if customer not in found and len(found) < MOST_MATCHES:
            advice = Advice.NO if is_namesake[position] else _advice(weight, cut)
            found[customer] = Match(customer, ids[position], weight, pattern, advice)
    return tuple(found.values())


def _advice(weight: float, cut: Cut) -> Advice:
    if weight >= cut.auto:
        return Advice.LINK
    return Advice.REVIEW if weight >= cut.review else Advice.NO


def _blind(
    near: np.ndarray, record: np.ndarray, model: Model, *, with_close_names: bool
) -> tuple[Blind, Branch | None, int | None]:
    """What is told of these hidden customers, the branch of the one that agrees best, and its id; of equal ones, that
    of the older record."""
    if not len(near):
        return Blind.NONE, None, None
    ranking = rank(near["keys"], record, model)
    agreed = plain_agreement(ranking.pattern, with_close_names=with_close_names).tolist()
    best, oldest = max(zip(agreed, (-ranking.order).tolist(), strict=True))
    if best == NOTHING:
        return Blind.NONE, None, None
    hidden = int(near["customer"][-oldest])
    return BLIND_ANSWERS[best], Branch.objects.filter(code=_main_branch(hidden)).first(), hidden


def _main_branch(customer_id: int) -> str | None:
    """The code of the branch that has the customer, whoever asks; of a protected one it is not told."""
    open_ones = Customer.objects.filter(pk=customer_id, protections=None)
    return open_ones.values_list("main_branch", flat=True).first()
