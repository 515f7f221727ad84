"""Who keeps the customer, who did, what is planned, and what a handover or a prospect means for them: in one query."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers import formats
from customers.dossier import dossier_of
from customers.models import Customer
from customers.panels.panel import Panel, heads, to
from relations.models import Keeper, Prospect
from relations.rules.prospects import written_receipt
from relations.words.handovers import ITEM_STATES

MOST_EARLIER = 5
PROSPECT_TONES = {"ACTIVE": "green", "REVIEW": "yellow", "CONVERTED": "azure"}
# Three short reads as one; each row says what it is.
HELD = """
(SELECT 'KEEPER' AS what, jsonb_build_object(
    'kind', keeper.kind, 'staff', staff.name || ' (' || staff.employee_number || ')', 'branch', branch.name,
    'why', keeper.why, 'begun', keeper.started_on, 'ended', keeper.ended_on,
    'is_open', keeper.ended_at IS NULL, 'next_on', keeper.next_contact_on, 'next_for', keeper.next_contact_for,
    'count', count(*) OVER ()) AS told
FROM relations_keeper keeper
JOIN accounts_staff staff ON staff.id = keeper.staff_id
LEFT JOIN accounts_branch branch ON branch.id = keeper.branch_id
WHERE keeper.customer_id = %(customer)s
ORDER BY keeper.ended_at IS NOT NULL, keeper.started_on DESC, keeper.id DESC LIMIT %(most)s)
UNION ALL
(SELECT 'HANDOVER', jsonb_build_object('day', handover.takes_effect_on, 'state', item.state,
    'to', receiver.name || ' (' || receiver.employee_number || ')', 'visit', item.joint_visit_on,
    'told', item.notice_sent_on)
FROM relations_handoveritem item
JOIN relations_handover handover ON handover.id = item.handover_id
LEFT JOIN accounts_staff receiver ON receiver.id = item.to_staff_id
WHERE item.customer_id = %(customer)s AND handover.state IN ('OFFERED', 'REFUSED', 'RUNNING') AND %(sees_handovers)s
ORDER BY handover.id DESC LIMIT 1)
UNION ALL
(SELECT 'PROSPECT', jsonb_build_object('number', prospect.number, 'state', prospect.state,
    'staff', staff.name || ' (' || staff.employee_number || ')', 'until', prospect.protected_until,
    'expires', prospect.expires_on)
FROM relations_prospect prospect JOIN accounts_staff staff ON staff.id = prospect.fp_id
WHERE prospect.customer_id = %(customer)s AND %(sees_prospects)s
    AND (prospect.state IN ('ACTIVE', 'CONVERTED') OR %(sees_all)s)
ORDER BY prospect.registered_at DESC, prospect.id DESC LIMIT 5)
"""


@dataclass(frozen=True)
class KeeperLine:
    """An assignment."""

    kind: str
    staff: str
    branch: str
    why: str
    begun: str
    ended: str
    next_on: str
    next_for: str
    is_open: bool


@dataclass(frozen=True)
class HandoverLine:
    """The handover that the customer is in now. to: '' while nobody is chosen."""

    day: str
    state: str
    to: str
    visit: str
    told: str


@dataclass(frozen=True)
class ProspectLine:
    """A prospect that is this customer. until: the last day of its protection."""

    number: str
    staff: str
    state: str
    tone: str
    until: str
    expires: str


@dataclass(frozen=True)
class KeeperPanel:
    """What the panel shows. hidden_count: how many earlier assignments are not shown."""

    number: str
    standing: tuple[KeeperLine, ...]
    earlier: tuple[KeeperLine, ...]
    hidden_count: int
    handover: HandoverLine | None
    prospects: tuple[ProspectLine, ...]


@heads("keepers", gettext_lazy("Keepers"), "user-check", opens=to("relations.view_keeper"))
def keepers(customer: Customer, viewer: Staff) -> Panel | None:
    """The keepers of the customer; hidden from those who may not see them."""
    dossier = dossier_of(customer, viewer)
    found = _held(customer, viewer)
    is_empty = not (found.standing or found.earlier or found.handover or found.prospects)
    return Panel(
        "relations/_keeper_panel.html",
        found,
        summary=", ".join(line.staff for line in found.standing),
        count=len(found.standing),
        is_side=not is_empty,
        now=dossier.now,
    )


def _held(customer: Customer, viewer: Staff) -> KeeperPanel:
    words = {
        "customer": customer.pk,
        "most": MOST_EARLIER + len(Keeper.Kind.values),
        "sees_handovers": viewer.has_perm("relations.view_handover"),
        "sees_prospects": viewer.has_perm("relations.view_prospect"),
        "sees_all": viewer.has_perm("customers.view_every_customer"),
    }
    rows: dict[str, list[Mapping[str, object]]] = {"KEEPER": [], "HANDOVER": [], "PROSPECT": []}
    with connection.cursor() as cursor:
        cursor.execute(HELD, words)
        for what, told in cursor.fetchall():
            rows[what].append(json.loads(told) if isinstance(told, str) else told)
    lines = [_keeper(told) for told in rows["KEEPER"]]
    return KeeperPanel(
        number=customer.number,
        standing=tuple(line for line in lines if line.is_open),
        earlier=tuple(line for line in lines if not line.is_open),
        hidden_count=rows["KEEPER"][0]["count"] - len(lines) if lines else 0,
        handover=next(map(_handover, rows["HANDOVER"]), None),
        prospects=tuple(map(_prospect, rows["PROSPECT"])),
    )


def _day(text: str | None) -> str:
    return formats.day(date.fromisoformat(text)) if text else ""


def _keeper(told: Mapping[str, object]) -> KeeperLine:
    return KeeperLine(
        kind=str(Keeper.Kind(told["kind"]).label),
        staff=told["staff"],
        branch=told["branch"] or "",
        why=str(Keeper.Why(told["why"]).label),
        begun=_day(told["begun"]),
        ended=_day(told["ended"]),
        next_on=_day(told["next_on"]),
        next_for=told["next_for"],
        is_open=told["is_open"],
    )


def _handover(told: Mapping[str, object]) -> HandoverLine:
    state = str(ITEM_STATES[told["state"]])
    return HandoverLine(_day(told["day"]), state, told["to"] or "", _day(told["visit"]), _day(told["told"]))


def _prospect(told: Mapping[str, object]) -> ProspectLine:
    return ProspectLine(
        number=written_receipt(told["number"]),
        staff=told["staff"],
        state=str(Prospect.State(told["state"]).label),
        tone=PROSPECT_TONES.get(told["state"], "secondary"),
        until=_day(told["until"]),
        expires=_day(told["expires"]),
    )
