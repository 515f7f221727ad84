"""The contracts on which the customer plays a role."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers import formats, wording
from customers.dossier import Dossier, dossier_of
from customers.models import Contract, ContractParty, Customer
from customers.panels.panel import Panel, heads, to

CONTRACT_LIMIT = 50
TONES = {
    **dict.fromkeys(("IN_FORCE", "REINSTATED", "PAID_UP", "REDUCED_PAID_UP", "WAIVED"), "green"),
    **dict.fromkeys(("APPLIED", "GRACE"), "yellow"),
    **dict.fromkeys(("LAPSED", "VOID", "DECLINED"), "red"),
}
# Links, records, parties and contracts are joined here because contracts and parties are tied by source and number,
# which the tables leave without foreign keys so that either may arrive first.
HELD = """
WITH held AS (
  SELECT party.source_id, party.contract_no, array_agg(DISTINCT party.role) AS roles
  FROM customers_link link
  JOIN customers_sourcerecord record ON record.id = link.record_id
  JOIN customers_contractparty party
    ON party.source_id = record.source_id AND party.party_source_key = record.source_key
  WHERE link.customer_id = %(customer)s
  GROUP BY 1, 2
)
SELECT contract.id, contract.source_id, contract.contract_no, contract.product_group, contract.product_name,
       contract.status, contract.started_on, contract.ends_on, contract.premium, contract.premium_cycle,
       contract.as_of, held.roles,
       count(*) OVER () AS held_count,
       count(*) FILTER (WHERE contract.status = ANY(%(live)s)) OVER () AS live_count,
       sum(contract.premium / (%(months)s::jsonb ->> contract.premium_cycle)::int)
         FILTER (WHERE contract.status = ANY(%(paying)s) AND 'POLICYHOLDER' = ANY(held.roles)) OVER () AS monthly,
       max(contract.as_of) OVER () AS newest
FROM held JOIN customers_contract contract
  ON contract.source_id = held.source_id AND contract.contract_no = held.contract_no
ORDER BY contract.status = ANY(%(live)s) DESC, contract.started_on DESC NULLS LAST, contract.id DESC
LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class HeldContract:
    """A contract with the customer's roles on it; premium is won per cycle."""

    number: str
    product: str
    group: str
    roles: str
    status: str
    tone: str
    premium: Decimal | None
    cycle: str
    started_on: date | None
    starts: str
    ends: str
    source: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Holdings:
    """The newest contracts, those in force first, and figures of them all. monthly_premium: won, as policyholder."""

    contracts: tuple[HeldContract, ...] = ()
    count: int = 0
    live_count: int = 0
    monthly_premium: Decimal = Decimal(0)
    as_of: datetime | None = None

    @property
    def hidden_count(self) -> int:
        return self.count - len(self.contracts)


@heads("contracts", gettext_lazy("Contracts"), "file-text", opens=to("customers.view_contract"), leads=True)
def contracts(customer: Customer, viewer: Staff) -> Panel | None:
    """The contracts with the customer's roles; hidden from those who may not see contracts."""
    dossier = dossier_of(customer, viewer)
    held = holdings_of(dossier)
    summary = _("Contracts: %(count)s · in force: %(live)s · monthly premium as policyholder: %(monthly)s") % {
        "count": formats.amount(held.count),
        "live": formats.amount(held.live_count),
        "monthly": wording.in_won(held.monthly_premium),
    }
    return Panel(
        "customers/_panel_contracts.html",
        held,
        summary=summary if held.count else "",
        sources=tuple(dict.fromkeys(contract.source for contract in held.contracts)),
        as_of=held.as_of,
        count=held.count,
        empty_reason="" if held.count else _("No source has sent a contract on which this customer plays a role."),
        now=dossier.now,
    )


def holdings_of(dossier: Dossier) -> Holdings:
    """The customer's contracts, fetched once per page."""
    kept = dossier.__dict__.get("holdings")
    if kept is None:
        kept = dossier.__dict__["holdings"] = _holdings(dossier)
    return kept


def _holdings(dossier: Dossier) -> Holdings:
    parameters = {
        "customer": dossier.customer.pk,
        "live": list(Contract.LIVE_STATUSES),
        "paying": list(Contract.PAYING_STATUSES),
        "months": json.dumps(Contract.MONTHS_PER_CYCLE),
        "limit": CONTRACT_LIMIT,
    }
    rows = list(Contract.objects.raw(HELD, parameters))
    if not rows:
        return Holdings()
    first = rows[0]
    shown = tuple(_held(row, dossier) for row in rows)
    return Holdings(shown, first.held_count, first.live_count, first.monthly or Decimal(0), first.newest)


def _held(row: Contract, dossier: Dossier) -> HeldContract:
    return HeldContract(
        number=row.contract_no,
        product=row.product_name or row.get_product_group_display(),
        group=row.get_product_group_display(),
        roles=wording.listed([_roles()[role] for role in _roles() if role in row.roles]),
        status=row.get_status_display(),
        tone=TONES.get(row.status, "secondary"),
        premium=row.premium,
        cycle=row.get_premium_cycle_display(),
        started_on=row.started_on,
        starts=formats.day(row.started_on),
        ends=formats.day(row.ends_on),
        source=str(dossier.sources.get(row.source_id, "")),
        as_of=row.as_of,
    )


@cache
def _roles() -> Mapping[str, object]:
    """{role: its words}, in the order of the model."""
    return dict(ContractParty.Role.choices)
