"""What the law keeps of somebody who asks for deletion: the reasons to refuse it, each with clause and until when."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from consent.holds import Obstacle, Why, obstacles
from consent.models import RetentionRules
from consent.numbers import numbers_on
from consent.rules.retention import SHIPPED, Due, Life, Rules, due_to_destroy, rules_of
from consent.rules.roles_end import Role, ends_of, role_of
from consent.words.rights import KEPT
from customers.models import Customer
from customers.subjects import everyone_in

LIVE_CLAUSE = "개인정보 보호법 제36조 제1항 단서, 상법 제33조"
GONE_CLAUSE = "개인정보 보호법 제21조"
CONTRACTS = """
SELECT contract.status, contract.ends_on, (contract.as_of AT TIME ZONE 'Asia/Seoul')::date
FROM customers_link link
JOIN customers_sourcerecord record ON record.id = link.record_id
JOIN customers_contractparty party
  ON party.source_id = record.source_id AND party.party_source_key = record.source_key
JOIN customers_contract contract
  ON contract.source_id = party.source_id AND contract.contract_no = party.contract_no
WHERE link.customer_id = ANY(%s)
"""


class Kept(NamedTuple):
    """A reason. explanation: in the language of the reader; until: None where nobody knows the day."""

    clause: str
    explanation: str
    until: date | None


def kept_by_law(customer: Customer, day: date) -> tuple[Kept, ...]:
    """Why the data of a customer stay although their deletion is asked for; empty where nothing keeps them."""
    in_the_way = obstacles([customer.pk], action="DESTROY", by_request=True).get(customer.pk)
    if in_the_way:
        return (_kept_by(in_the_way),)
    due = due_of(customer, day)
    return (Kept(due.clause, str(KEPT["PERIOD"]), due.due_on),) if due and due.due_on > day else ()


def due_of(customer: Customer, day: date) -> Due | None:
    """Until when contracts that ended keep the data, by the rules of retention in use; None for who never had one.

    Consents keep nothing here: whoever asks for deletion has taken them back.
    """
    ends = ends_of(_roles(customer), numbers_on(day)["claim_years"])
    if ends is None:
        return None
    seen = timezone.localdate(customer.created_at)
    life = Life(seen, has_roles=True, relationship_on=ends.relationship_on, contract_on=ends.contract_on)
    return due_to_destroy(life, _rules_in_use())


def _roles(customer: Customer) -> list[Role]:
    with connection.cursor() as cursor:
        cursor.execute(CONTRACTS, [everyone_in(customer)])
        return [role_of(*row) for row in cursor.fetchall()]


def _rules_in_use() -> Rules:
    live = RetentionRules.objects.filter(state=RetentionRules.State.LIVE).first()
    return rules_of(live.version, live.definition) if live else SHIPPED


def _kept_by(obstacle: Obstacle) -> Kept:
    if obstacle.why == Why.LIVE_ROLE:
        return Kept(LIVE_CLAUSE, str(KEPT["LIVE_ROLE"]), None)
    if obstacle.why == Why.HOLD:
        return Kept(obstacle.clause, str(KEPT["HOLD"]), obstacle.until)
    return Kept(GONE_CLAUSE, str(KEPT["GONE"]), None)
