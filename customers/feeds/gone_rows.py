"""Rows of a file about customers who are kept apart or destroyed: they are refused, and nothing of them is written."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import connection

from customers.feeds.customer_rows import Outcome
from customers.feeds.parsing import Reject
from customers.gone_keys import CONTRACT, RECORD, digest_of

SINCE = """
SELECT gone.digest, customer.state, to_char(gone.since AT TIME ZONE %s, 'YYYY-MM-DD')
FROM customers_gonekey gone JOIN customers_customer customer ON customer.id = gone.customer_id
WHERE gone.digest = ANY(%s)
"""
IN_STEP = ("keys", "digests", "as_ofs", "has_as_of", "lines", "numbers")


class GoneRows:
    """Finds the rows of one file of one source whose customers are gone. Of a row that is refused the reject file gets
    the line and the day alone: no cell of it."""

    def __init__(self, layout: str, source_id: int) -> None:
        self._layout, self._source_id = layout, source_id
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM customers_gonekey)")
            self._is_needed = cursor.fetchone()[0]

    def leave_out(self, outcome: Outcome) -> None:
        """Move the rows of gone customers from the rows of a chunk to its rejects."""
        if not self._is_needed or not outcome.keys:
            return
        named = [self._digests(key) for key in outcome.keys]
        gone = self._found({digest for digests in named for digest in digests})
        if not gone:
            return
        hits = [next((gone[digest] for digest in digests if digest in gone), None) for digests in named]
        outcome.rejects += [
            Reject(number, "", day, reason, ())
            for number, hit in zip(outcome.numbers, hits, strict=True)
            if hit
            for reason, day in [hit]
        ]
        for name in IN_STEP:
            rows = zip(getattr(outcome, name), hits, strict=True)
            setattr(outcome, name, [row for row, hit in rows if hit is None])

    def _digests(self, key: str) -> tuple[bytes, ...]:
        """The fingerprints by which a row is found, by its natural key in the layout."""
        if self._layout == "parties":
            contract_no, _role, party = key.split("\x1f")
            return self._digest(RECORD, party), self._digest(CONTRACT, contract_no)
        return (self._digest(CONTRACT if self._layout == "contracts" else RECORD, key),)

    def _digest(self, kind: str, key: str) -> bytes:
        return digest_of(settings.KEYS.index, kind, self._source_id, key)

    def _found(self, digests: Iterable[bytes]) -> dict[bytes, tuple[str, str]]:
        """{fingerprint: (reason, day)} of those that are barred."""
        with connection.cursor() as cursor:
            cursor.execute(SINCE, [settings.TIME_ZONE, list(digests)])
            return {
                bytes(digest): ("DESTROYED" if state == "DESTROYED" else "KEPT_APART", day)
                for digest, state, day in cursor.fetchall()
            }
