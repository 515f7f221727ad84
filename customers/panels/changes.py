"""What happened to the customer: the timeline, and every golden value before and after."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise

from django.db import connection, models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Branch, Staff
from customers import formats, wording
from customers.dossier import Dossier, dossier_of
from customers.models import ChangeEvent, Contract, Customer
from customers.numbering import written_number
from customers.panels.panel import Panel, heads, to
from customers.reading import TEXTS

TIMELINE_LIMIT = 30
HISTORY_LIMIT = 20
EVENT_ICONS = {
    "CREATED": "user-plus",
    "CHANGED": "pencil",
    "ASSIGNED": "user-check",
    "LINKED": "link",
    "MERGED": "git-merge",
    "UNMERGED": "git-fork",
    "GATE": "shield-check",
    "APART": "lock",
    "DESTROYED": "trash",
}
ACT_ICON = "user-check"
ProductGroup = Contract.ProductGroup
# Two short reads as one; each row says what it is.
HAPPENED = """
(SELECT 'EVENT' AS what, jsonb_build_object('at', event.occurred_at, 'kind', event.kind, 'items', event.items,
    'source', run.source_id) AS told
FROM customers_changeevent event LEFT JOIN customers_feedrun run ON run.id = event.feed_run_id
WHERE event.customer_id = %(customer)s ORDER BY event.sequence DESC LIMIT %(most)s)
UNION ALL
(SELECT 'CONTRACT', jsonb_build_object('at', contract.started_on, 'product', contract.product_name,
    'group', contract.product_group, 'number', contract.contract_no)
FROM (
    SELECT DISTINCT party.source_id, party.contract_no
    FROM customers_link link
    JOIN customers_sourcerecord record ON record.id = link.record_id
    JOIN customers_contractparty party
        ON party.source_id = record.source_id AND party.party_source_key = record.source_key
    WHERE link.customer_id = %(customer)s AND %(sees_contracts)s
) held
JOIN customers_contract contract ON contract.source_id = held.source_id AND contract.contract_no = held.contract_no
WHERE contract.started_on <= %(today)s
ORDER BY contract.started_on DESC, contract.id DESC LIMIT %(most)s)
"""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened. kind: the word on the badge; facts: what is to be known of it, few words each."""

    at: datetime
    written_at: str
    icon: str
    kind: str
    title: str
    facts: tuple[str, ...]


@heads("timeline", gettext_lazy("Timeline"), "history")
def timeline(customer: Customer, viewer: Staff) -> Panel:
    """Change events, acts, deliveries of the sources and starts of contracts: the newest 30."""
    dossier = dossier_of(customer, viewer)
    entries = [*_happened(dossier), *_acts(dossier), *_deliveries(dossier)]
    newest = sorted(entries, key=lambda entry: entry.at, reverse=True)[:TIMELINE_LIMIT]
    return Panel(
        "customers/_panel_timeline.html",
        newest,
        sources=dossier.source_names,
        as_of=newest[0].at if newest else None,
        empty_reason="" if newest else _("Nothing has been recorded about this customer yet."),
        is_side=True,
        now=dossier.now,
    )


def _happened(dossier: Dossier) -> Iterator[TimelineEntry]:
    """Change events, and the starts of contracts for those who may see these; one query."""
    words = {
        "customer": dossier.customer.pk,
        "most": TIMELINE_LIMIT,
        "today": timezone.localdate(dossier.now),
        "sees_contracts": dossier.viewer.has_perm("customers.view_contract"),
    }
    with connection.cursor() as cursor:
        cursor.execute(HAPPENED, words)
        rows = cursor.fetchall()
    for what, told in rows:
        yield WRITTEN[what](json.loads(told) if isinstance(told, str) else told, dossier)


def _event(told: Mapping[str, object], dossier: Dossier) -> TimelineEntry:
    at = datetime.fromisoformat(told["at"])
    facts = [dossier.reading.label(item) for item in told["items"]]
    if source := dossier.sources.get(told["source"]):
        facts.append(_("by a delivery of %(source)s") % {"source": source})
    return TimelineEntry(
        at=at,
        written_at=formats.moment(at),
        icon=EVENT_ICONS[told["kind"]],
        kind=_("Golden customer"),
        title=ChangeEvent.Kind(told["kind"]).label,
        facts=tuple(facts),
    )


def _contract_start(told: Mapping[str, object], _dossier: Dossier) -> TimelineEntry:
    day = date.fromisoformat(told["at"])
    return TimelineEntry(
        at=datetime.combine(day, time.min, formats.KOREA),
        written_at=formats.day(day),
        icon="file-text",
        kind=_("Contract"),
        title=_("Contract started"),
        facts=(told["product"] or str(ProductGroup(told["group"]).label), told["number"]),
    )


def _acts(dossier: Dossier) -> Iterator[TimelineEntry]:
    """What people and rules decided about the customer; hidden from those who may not see its history."""
    if not dossier.viewer.has_perm("customers.view_customer_history"):
        return
    for act in dossier.newest_acts:
        facts = [str(act.by) if act.by else _("automatic, by rule")]
        if act.reason_code:
            facts.append(act.get_reason_code_display())
        yield TimelineEntry(
            at=act.at,
            written_at=formats.moment(act.at),
            icon=ACT_ICON,
            kind=_("Decision"),
            title=act.get_kind_display(),
            facts=tuple(facts),
        )


def _deliveries(dossier: Dossier) -> Iterator[TimelineEntry]:
    for record in dossier.records:
        yield TimelineEntry(
            at=record.loaded_at,
            written_at=formats.moment(record.loaded_at),
            icon="database-import",
            kind=_("Delivery"),
            title=_("%(source)s sent version %(version)s")
            % {"source": wording.source_name(dossier.sources.get(record.source_id)), "version": record.version},
            facts=(
                _("Source key %(key)s") % {"key": record.source_key},
                _("as of %(day)s") % {"day": formats.day(record.as_of)},
            ),
        )


WRITTEN: Mapping[str, Callable[[Mapping[str, object], Dossier], TimelineEntry]] = {
    "EVENT": _event,
    "CONTRACT": _contract_start,
}


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item of one change, before and after, as this reader may see it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One change of the golden customer: when, by whom, and what was before and after.

    as_of: the minute of the change as the address of the page as shown then has it.
    """

    at: str
    as_of: str
    by: str
    reason: str
    changes: tuple[ItemChange, ...]

    @property
    def items(self) -> str:
        """The names of what changed."""
        return wording.listed([change.label for change in self.changes])


@heads("history", gettext_lazy("History"), "versions", opens=to("customers.view_customer_history"))
def history(customer: Customer, viewer: Staff) -> Panel | None:
    """The golden values before and after each of the newest 20 changes; hidden from those without the right to it."""
    dossier = dossier_of(customer, viewer)
    kept = customer.history.select_related("history_user").annotate(**HOLDER_NAMES)
    states = list(kept.order_by("-history_date", "-history_id")[: HISTORY_LIMIT + 1])
    holders = _holders_named(states)
    is_whole = len(states) <= HISTORY_LIMIT
    pairs = pairwise([*states, None] if is_whole else states)
    rows = [_history_row(new, old, dossier, holders) for new, old in pairs]
    return Panel(
        "customers/_panel_history.html",
        [row for row in rows if row.changes],
        summary="" if is_whole else _("The newest %(count)s changes") % {"count": HISTORY_LIMIT},
        sources=(_("golden customer"),) if states else (),
        as_of=states[0].history_date if states else None,
        empty_reason="" if states else _("No change has been kept for this customer."),
        now=dossier.now,
    )


def _history_row(new: models.Model, old: models.Model | None, dossier: Dossier, holders: Holders) -> HistoryRow:
    """new, old: rows of the history table; old is None at the beginning of the customer."""
    changes = (*_item_changes(new, old, dossier), *_master_changes(new, old, holders))
    by = str(new.history_user) if new.history_user else _("automatic, by rule")
    as_of = f"{new.history_date.astimezone(formats.KOREA):%Y-%m-%dT%H:%M}"
    return HistoryRow(formats.moment(new.history_date), as_of, by, new.history_change_reason or "", changes)


def _item_changes(new: models.Model, old: models.Model | None, dossier: Dossier) -> Iterator[ItemChange]:
    for code, write in TEXTS.items():
        if code in ("passport", "account_no"):
            continue
        before, after = write(old) if old else "", write(new)
        if before != after:
            shown_before, shown_after = (dossier.reading.show(code, text).text for text in (before, after))
            yield ItemChange(dossier.reading.label(code), shown_before, shown_after)


def _master_changes(new: models.Model, old: models.Model | None, holders: Holders) -> Iterator[ItemChange]:
    """What the master itself keeps of a customer; none of it describes the person."""
    for field, write in MASTER_FIELDS.items():
        before, after = write(old, holders) if old else "", write(new, holders)
        if before != after:
            yield ItemChange(str(Customer._meta.get_field(field).verbose_name), before, after)


@dataclass(frozen=True)
class Holders:
    """The names of branches and keepers by code, and the numbers of customers by id, as far as they are known; else the
    code stands for itself."""

    branches: Mapping[str, str]
    keepers: Mapping[str, str]
    numbers: Mapping[int, str]


def holders_of(states: Iterable[models.Model]) -> Holders:
    """The branches and keepers that the customer had in these states, and whom it was merged into. Three queries at
    most."""
    states = list(states)
    branches = {row.main_branch_id for row in states} - {None, ""}
    keepers = {row.keeper_id for row in states} - {None, ""}
    survivors = {row.merged_into_id for row in states} - {None}
    found = Branch.objects.filter(code__in=branches) if branches else ()
    staff = Staff.objects.filter(employee_number__in=keepers) if keepers else ()
    numbers = Customer.objects.filter(pk__in=survivors).values_list("pk", "number") if survivors else ()
    return Holders(
        {branch.code: str(branch) for branch in found},
        {keeper.employee_number: str(keeper) for keeper in staff},
        {pk: written_number(number) for pk, number in numbers},
    )


HOLDER_NAMES = {
    "branch_name": F("main_branch__name"),
    "keeper_name": F("keeper__name"),
    "survivor_number": F("merged_into__number"),
}


def _holders_named(states: Iterable[models.Model]) -> Holders:
    """As `holders_of`, of rows that were fetched with HOLDER_NAMES; no query."""
    branches, keepers, numbers = {}, {}, {}
    for row in states:
        if row.branch_name is not None:
            branches[row.main_branch_id] = row.branch_name
        if row.keeper_name is not None:
            keepers[row.keeper_id] = f"{row.keeper_name} ({row.keeper_id})"
        if row.survivor_number is not None:
            numbers[row.merged_into_id] = written_number(row.survivor_number)
    return Holders(branches, keepers, numbers)


MASTER_FIELDS: Mapping[str, Callable[[models.Model, Holders], str]] = {
    "state": lambda row, _holders: str(row.get_state_display()),
    "merged_into": lambda row, holders: holders.numbers.get(row.merged_into_id, ""),
    "kind": lambda row, _holders: str(row.get_kind_display()),
    "gate": lambda row, _holders: str(row.get_gate_display()),
    "grade": lambda row, _holders: str(row.get_grade_display()),
    "main_branch": lambda row, holders: holders.branches.get(row.main_branch_id, row.main_branch_id or ""),
    "keeper": lambda row, holders: holders.keepers.get(row.keeper_id, row.keeper_id or ""),
    "message": lambda row, _holders: row.message,
    "source_count": lambda row, _holders: str(row.source_count),
    "difference_count": lambda row, _holders: str(row.difference_count),
}
