"""What people and rules decided about a person: pairs, rulings, acts, what waits for somebody, and what acts moved.

That an act was done, to which numbers, by whom and when, stays: it proves what the company did and holds nothing of the
person but the number. What was said with it goes.
"""

from __future__ import annotations

from customers.holders.held import Held, TableHolder
from customers.holders.records import OWN

PAIRS = f"""{OWN}
SELECT own.customer_id, pair.id FROM own JOIN customers_pair pair ON pair.left_id = own.id
UNION SELECT own.customer_id, pair.id FROM own JOIN customers_pair pair ON pair.right_id = own.id
"""  # noqa: S608 - constants
RULINGS = f"""{OWN}
SELECT own.customer_id, ruling.id FROM own JOIN customers_ruling ruling ON ruling.left_id = own.id
UNION SELECT own.customer_id, ruling.id FROM own JOIN customers_ruling ruling ON ruling.right_id = own.id
"""  # noqa: S608 - constants
# Pairs of others that contradict one of these rulings, which held for their records as well.
CONTRADICTING = f"""{OWN}
SELECT ruled.customer_id, pair.id FROM (
    SELECT own.customer_id, ruling.id FROM own JOIN customers_ruling ruling ON ruling.left_id = own.id
    UNION SELECT own.customer_id, ruling.id FROM own JOIN customers_ruling ruling ON ruling.right_id = own.id
) ruled JOIN customers_pair pair ON pair.contradicts_id = ruled.id
WHERE pair.left_id NOT IN (SELECT id FROM own) AND pair.right_id NOT IN (SELECT id FROM own)
"""  # noqa: S608 - constants
ACTS = """
SELECT named.customer_id, act.id FROM customers_actcustomer named JOIN customers_act act ON act.id = named.act_id
WHERE named.customer_id = ANY(%(customers)s) AND {}
"""
EVERYONE_IN_ACTS = """
SELECT other.customer_id, {} FROM customers_actcustomer named
JOIN customers_act act ON act.id = named.act_id JOIN customers_actcustomer other ON other.act_id = act.id {}
WHERE named.customer_id = ANY(%(customers)s)
"""
SECOND_LOOKS = """
SELECT named.customer_id, look.id FROM customers_actcustomer named
JOIN customers_secondlook look ON look.act_id = named.act_id
WHERE named.customer_id = ANY(%(customers)s) AND look.comment <> ''
"""
NAMED_BY_PROPOSALS = """
SELECT named.id, proposal.id FROM unnest(%(customers)s::bigint[]) named (id)
JOIN (
    SELECT id, survivor_id AS customer_id FROM customers_proposal
    UNION SELECT id, unnest(retired_ids) FROM customers_proposal
) side ON side.customer_id = named.id
JOIN customers_proposal proposal ON proposal.id = side.id
"""
# Two equalities, since no index and no hash serves an OR of them.
MOVED = """
SELECT named.id, moved.id FROM unnest(%(customers)s::bigint[]) named (id)
JOIN customers_movedchild moved ON moved.from_id = named.id
UNION SELECT named.id, moved.id FROM unnest(%(customers)s::bigint[]) named (id)
JOIN customers_movedchild moved ON moved.into_id = named.id
"""


class Pairs(TableHolder):
    """Pairs of records with what they have in common, and what people ruled about them.

    An act about such a pair, and a pair that contradicts such a ruling, let go of it first. After `Acts`, which has
    emptied what was said: here no act is counted twice.
    """

    rows = (
        Held(
            "customers.Act",
            f"SELECT paired.customer_id, act.id FROM ({PAIRS}) paired (customer_id, pair_id) "  # noqa: S608 - constants
            "JOIN customers_act act ON act.pair_id = paired.pair_id WHERE act.comment = '' OR NOT EXISTS ("
            "SELECT FROM customers_actcustomer named "
            "WHERE named.act_id = act.id AND named.customer_id = paired.customer_id)",
            "pair_id = NULL, comment = ''",
            f"SELECT paired.customer_id, act.id FROM ({PAIRS}) paired (customer_id, pair_id) "  # noqa: S608 - constants
            "JOIN customers_act act ON act.pair_id = paired.pair_id",
        ),
        Held("customers.Pair", PAIRS),
        Held(
            "customers.Pair",
            CONTRADICTING,
            "contradicts_id = NULL",
        ),
        Held("customers.Ruling", RULINGS),
    )
    told = {
        "customers.Pair": ("reason", "state", "found_at", "closed_at"),
        "customers.Ruling": ("answer", "kind", "reason", "ruled_at", "ends_on", "withdrawn_at"),
    }


class Acts(TableHolder):
    """Acts, without the words that were said with them; second looks likewise; what somebody was still to do goes."""

    rows = (
        Held(
            "customers.SecondLook",
            SECOND_LOOKS,
            "comment = ''",
            EVERYONE_IN_ACTS.format("look.id", "JOIN customers_secondlook look ON look.act_id = act.id"),
        ),
        Held("customers.Act", ACTS.format("act.comment <> ''"), "comment = ''", EVERYONE_IN_ACTS.format("act.id", "")),
        Held("customers.MovedChild", MOVED),
        Held("customers.Duty", "SELECT customer_id, id FROM customers_duty WHERE customer_id = ANY(%(customers)s)"),
    )
    told = {"customers.Act": ("kind", "at", "reason_code", "comment")}


class Wishes(TableHolder):
    """Pins and preferred sources."""

    rows = (
        Held("customers.Wish", "SELECT customer_id, id FROM customers_wish WHERE customer_id = ANY(%(customers)s)"),
    )
    told = {"customers.Wish": ("item", "ends_on", "withdrawn_at")}


class Proposals(TableHolder):
    """Merges that were proposed, without what was said about them; one that waits is overtaken."""

    rows = (
        Held(
            "customers.Proposal",
            f"{NAMED_BY_PROPOSALS} WHERE proposal.comment <> '' OR proposal.answer <> '' OR proposal.state = 'OPEN' "
            "OR proposal.pair_id IS NOT NULL",
            "comment = '', answer = '', pair_id = NULL, decided_at = coalesce(decided_at, %(at)s), "
            "state = CASE state WHEN 'OPEN' THEN 'OVERTAKEN' ELSE state END",
            NAMED_BY_PROPOSALS,
        ),
    )
    told = {"customers.Proposal": ("proposed_at", "state", "comment", "decided_at", "answer")}
