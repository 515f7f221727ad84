"""What the trail, its reviews and cases, and the register of files say about a person in somebody's own words.

Who looked, when and at which number stays, as the law of access records wants it. While a customer is kept apart all of
it stays: it is the record of what staff did, and lies under a period of its own.
"""

from __future__ import annotations

from customers.holders.held import Held, TableHolder

LOOKS = """
SELECT named.id, entry.month, entry.lane, entry.number
FROM unnest(%(customers)s::bigint[]) named (id)
JOIN accounts_accessentry entry ON entry.customers && ARRAY[named.id]
"""
WORDS = f"""
SELECT seen.id, words.id FROM ({LOOKS}) seen
JOIN accounts_trailwords words ON (words.month, words.lane, words.number) = (seen.month, seen.lane, seen.number)
"""  # noqa: S608 - constants
RIGHTS = """
SELECT named.id, change.id FROM customers_customer named
JOIN accounts_rightschange change ON change.what ->> 'customer' = named.number
WHERE named.id = ANY(%(customers)s) AND change.reason <> ''
"""
REVIEWED = f"""
SELECT seen.id, item.id FROM ({LOOKS}) seen
JOIN accounts_reviewitem item ON (item.month, item.lane, item.number) = (seen.month, seen.lane, seen.number)
"""  # noqa: S608 - constants
CASES = """
SELECT named.id, work.id FROM unnest(%(customers)s::bigint[]) named (id)
JOIN (SELECT id, unnest(customers) AS customer_id FROM accounts_accesscase) about ON about.customer_id = named.id
JOIN accounts_accesscase work ON work.id = about.id
"""
TAKEN = """
SELECT named.id, export.id FROM unnest(%(customers)s::bigint[]) named (id)
JOIN accounts_accessentry entry ON entry.customers && ARRAY[named.id] AND entry.kind = 'EXPORT'
    AND entry.page = 'accounts:export-detail'
JOIN accounts_export export ON entry.target = 'pk=' || export.id
"""


class Trail(TableHolder):
    """What was searched for, and the reasons given, wherever the person was shown; the entries hold no word of it. Why
    somebody was given a right on the person likewise."""

    stays_apart = True
    rows = (Held("accounts.TrailWords", WORDS), Held("accounts.RightsChange", RIGHTS, "reason = ''"))


class Reviews(TableHolder):
    """Questions and answers about looks at the person, and what a case of unusual access says."""

    stays_apart = True

    rows = (
        Held(
            "accounts.ReviewItem",
            f"{REVIEWED} WHERE item.question <> '' OR item.answer <> '' OR item.finding <> ''",
            "question = '', answer = '', finding = ''",
        ),
        Held("accounts.AccessCase", f"{CASES} WHERE work.comment <> ''", "comment = ''"),
    )


class Exports(TableHolder):
    """Files that the person stood in: what the list was narrowed by, and why it was wanted, may name them."""

    stays_apart = True
    rows = (
        Held(
            "accounts.Export",
            f"{TAKEN} WHERE export.reason <> '' OR export.conditions <> '{{}}'",
            "reason = '', conditions = '{}'",
        ),
    )
