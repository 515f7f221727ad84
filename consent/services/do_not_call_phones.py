"""Whose telephone numbers are among known keyed hashes: the master is read once, and no number leaves the process."""

from __future__ import annotations

from collections.abc import Container, Mapping
from contextlib import closing

from django.conf import settings
from django.db import connection

from consent.reports.contact_facts import PHONE_ITEM
from customers.sealing import Sealer

PHONES = """
COPY (SELECT customer.id, customer.mobile, customer.phone_home FROM customers_customer customer
    WHERE {whom} AND (customer.mobile <> '' OR customer.phone_home <> '') ORDER BY customer.id) TO STDOUT
"""


def holders_of(digests: Container[bytes], whom: str, words: Mapping[str, object]) -> list[tuple[int, bytes]]:
    """The customers who have one of these telephone numbers, (customer id, hash), by customer.

    whom: a condition on the row `customer`, a constant of the caller; words: of its placeholders.
    """
    index, found = Sealer(settings.KEYS).index, []
    with closing(connection.cursor()) as cursor, cursor.copy(PHONES.format(whom=whom), words) as copy:
        for customer, *phones in copy.rows():
            for phone in phones:
                digest = index(PHONE_ITEM, phone) if phone else b""
                if digest and digest in digests:
                    found.append((int(customer), digest))
    return found
