"""The do-not-call register: taking in its lists, and deciding what becomes of registrations that are over (CO4, K4).

A registration that is over goes on forbidding calls; it is released by a person and a reason, never by a clock.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from consent import tasks
from consent.models import DoNotCallList, DoNotCallNumber
from consent.numbers import numbers_on
from consent.reports.contact_facts import PHONE_ITEM, digests_of
from consent.rules.consents import months_after
from consent.rules.do_not_call import read_list
from consent.services.do_not_call_phones import holders_of
from customers.models import Customer
from customers.sealing import Sealer

MOST_REJECTS = 1_000  # kept with the list; all are counted
# A registration that somebody decided about comes back with a later day only.
TAKE_IN = """
WITH listed AS (SELECT * FROM unnest(%(digests)s::bytea[], %(days)s::date[]) AS row(phone_digest, registered_on)),
taken AS (
    INSERT INTO consent_donotcallnumber AS held
        (phone_digest, origin_id, registered_on, expires_on, release_reason)
    SELECT listed.phone_digest, %(origin)s, listed.registered_on,
        (listed.registered_on + make_interval(months => %(months)s))::date, ''
    FROM listed
    WHERE NOT EXISTS (SELECT FROM consent_donotcallnumber decided
        WHERE decided.phone_digest = listed.phone_digest AND decided.released_at IS NOT NULL
            AND decided.registered_on >= listed.registered_on)
    ON CONFLICT (phone_digest) WHERE released_at IS NULL
    DO UPDATE SET registered_on = excluded.registered_on, expires_on = excluded.expires_on,
        origin_id = excluded.origin_id
    WHERE excluded.registered_on > held.registered_on
    RETURNING xmax = 0 AS is_new)
SELECT count(*) FROM taken WHERE is_new
"""
MATCH = """
UPDATE consent_donotcallnumber held SET customer_id = found.customer_id
FROM (SELECT phone_digest, min(customer_id) AS customer_id
    FROM unnest(%s::bigint[], %s::bytea[]) AS row(customer_id, phone_digest) GROUP BY phone_digest) found
WHERE held.phone_digest = found.phone_digest AND held.released_at IS NULL AND held.customer_id IS NULL
"""
KEEP = """
INSERT INTO consent_donotcallnumber
    (phone_digest, customer_id, origin_id, registered_on, expires_on, moved_from_id, release_reason)
SELECT phone_digest, customer_id, origin_id, %s, %s, id, '' FROM consent_donotcallnumber WHERE id = ANY(%s)
"""


class AlreadyLoaded(Exception):
    """The same file was taken in before. loaded: that list."""

    def __init__(self, loaded: DoNotCallList) -> None:
        super().__init__(loaded.pk)
        self.loaded = loaded


class NothingToTake(Exception):
    """No row of the file holds a number and a day."""


class CountChanged(Exception):
    """So many registrations as were confirmed are not over any more. count: how many are."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class AlreadyDecided(Exception):
    """Somebody decided about the registration before."""


class NoNewNumber(Exception):
    """The customer has no other telephone number that could be registered."""


@transaction.atomic
def load_list(*, content: bytes, name: str, as_of: date, by: Staff | None, at: datetime) -> DoNotCallList:
    """Take in a list of the register, whose day is `as_of`; whose numbers they are is looked up after the commit.

    The numbers are kept as keyed hashes alone. Raises AlreadyLoaded, NothingToTake,
    consent.rules.do_not_call.Unreadable.
    """
    digest = hashlib.sha256(content).hexdigest()
    with connection.cursor() as cursor:  # the same file sent twice at once is one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('consent.do_not_call'))")
    if loaded := DoNotCallList.objects.filter(digest=digest).first():
        raise AlreadyLoaded(loaded)
    listed = read_list(content, min(as_of, timezone.localdate(at)))
    if not listed.numbers:
        raise NothingToTake
    made = DoNotCallList.objects.create(
        name=without_resident_numbers(name)[:200],
        digest=digest,
        as_of=as_of,
        row_count=listed.row_count,
        reject_count=len(listed.rejects),
        rejects=[list(each) for each in listed.rejects[:MOST_REJECTS]],
        loaded_by=by,
        loaded_at=at,
    )
    index = Sealer(settings.KEYS).index
    words = {
        "digests": [index(PHONE_ITEM, number) for number in listed.numbers],
        "days": list(listed.numbers.values()),
        "origin": made.pk,
        "months": numbers_on(as_of)["do_not_call_months"],
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE_IN, words)
        made.new_count = cursor.fetchone()[0]
    made.save(update_fields=["new_count"])
    tasks.match_do_not_call.delay_on_commit()
    return made


@transaction.atomic
def match_numbers() -> int:
    """Find out which customers have the registered numbers that are nobody's yet; returns how many were found.

    Calls are forbidden by the number itself from the start; the customer is kept so that the wish follows when the
    number changes.
    """
    unknown = DoNotCallNumber.objects.filter(released_at=None, customer=None)
    digests = {bytes(digest) for digest in unknown.values_list("phone_digest", flat=True).iterator()}
    if not digests:
        return 0
    found = holders_of(digests, "customer.state = 'ACTIVE'", {})
    with connection.cursor() as cursor:
        cursor.execute(MATCH, [[customer for customer, _ in found], [digest for _, digest in found]])
        return cursor.rowcount


def _over_in(month: date, at: datetime) -> list[int]:
    """The registrations of a month (its first day) that are over and not decided, locked."""
    over = DoNotCallNumber.objects.filter(released_at=None, expires_on__lte=timezone.localdate(at))
    of_month = over.filter(expires_on__gte=month, expires_on__lt=months_after(month, 1))
    return list(of_month.select_for_update().order_by("pk").values_list("pk", flat=True))


def _decide(month: date, count: int, reason: str, by: Staff, at: datetime) -> list[int]:
    ids = _over_in(month, at)
    if not ids or len(ids) != count:
        raise CountChanged(len(ids))
    _release(ids, reason, by, at)
    return ids


def _release(ids: list[int], reason: str, by: Staff, at: datetime) -> None:
    reason = without_resident_numbers(reason.strip())
    DoNotCallNumber.objects.filter(pk__in=ids).update(released_at=at, released_by=by, release_reason=reason)


@transaction.atomic
def release_expired(*, month: date, count: int, reason: str, by: Staff, at: datetime) -> int:
    """Let the numbers whose registration ended in a month (its first day) be called again; returns how many.

    count: how many somebody saw and confirmed. Raises CountChanged.
    """
    return len(_decide(month, count, reason, by, at))


@transaction.atomic
def keep_expired(*, month: date, count: int, reason: str, by: Staff, at: datetime) -> int:
    """Register the numbers whose registration ended in a month anew from today; returns how many.

    The old rows stay with the reason. Raises CountChanged.
    """
    ids = _decide(month, count, reason, by, at)
    today = timezone.localdate(at)
    until = months_after(today, numbers_on(today)["do_not_call_months"])
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [today, until, ids])
    return len(ids)


def _hold(number: DoNotCallNumber) -> DoNotCallNumber:
    held = DoNotCallNumber.objects.select_for_update(of=("self",)).select_related("customer").get(pk=number.pk)
    if held.released_at is not None:
        raise AlreadyDecided
    return held


@transaction.atomic
def register_again(*, number: DoNotCallNumber, reason: str, by: Staff, at: datetime) -> list[DoNotCallNumber]:
    """Let a registration follow its customer to the telephone numbers of today, until the same day; the number that is
    the customer's no more is free. Raises AlreadyDecided, NoNewNumber."""
    number = _hold(number)
    customer = number.customer
    if customer is not None and customer.state == Customer.State.MERGED:
        customer = customer.merged_into
    if customer is None:
        raise NoNewNumber
    digests = set(digests_of((customer.mobile, customer.phone_home))) - {bytes(number.phone_digest)}
    if not digests:
        raise NoNewNumber
    _release([number.pk], reason, by, at)
    open_rows = DoNotCallNumber.objects.filter(phone_digest__in=digests, released_at=None)
    registered = {bytes(digest) for digest in open_rows.values_list("phone_digest", flat=True)}
    same = {name: getattr(number, name) for name in ("origin", "registered_on", "expires_on")}
    return DoNotCallNumber.objects.bulk_create(
        DoNotCallNumber(phone_digest=digest, customer=customer, moved_from=number, **same)
        for digest in sorted(digests - registered)
    )


@transaction.atomic
def release_number(*, number: DoNotCallNumber, reason: str, by: Staff, at: datetime) -> DoNotCallNumber:
    """Let one registration hold no more. Raises AlreadyDecided."""
    number = _hold(number)
    _release([number.pk], reason, by, at)
    number.refresh_from_db()
    return number
