"""What happened to the customer: the timeline, and every golden value before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import Branch, Staff
from customers import formats, wording
from customers.dossier import Dossier, dossier_of
from customers.models import Act, ChangeEvent, Customer
from customers.numbering import written_number
from customers.panels.holdings import holdings_of
from customers.panels.panel import Panel
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


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened. kind: the word on the badge; facts: what is to be known of it, few words each."""

    at: datetime
    written_at: str
    icon: str
    kind: str
    title: str
    facts: tuple[str, ...]


def timeline(customer: Customer, viewer: Staff) -> Panel:
    """Change events, acts, deliveries of the sources and starts of contracts: the newest 30."""
    dossier = dossier_of(customer, viewer)
    events = list(_events(dossier))
    entries = [*events, *_acts(dossier), *_deliveries(dossier), *_contract_starts(dossier)]
    newest = sorted(entries, key=lambda entry: entry.at, reverse=True)[:TIMELINE_LIMIT]
    return Panel(
        "timeline",
        _("Timeline"),
        "history",
        "customers/_panel_timeline.html",
        newest,
        sources=dossier.source_names,
        as_of=newest[0].at if newest else None,
        empty_reason="" if newest else _("Nothing has been recorded about this customer yet."),
        is_side=True,
        now=dossier.now,
    )


def _events(dossier: Dossier) -> Iterator[TimelineEntry]:
    events = dossier.customer.events.select_related("feed_run").order_by("-sequence")
    for event in events.defer("feed_run__columns")[:TIMELINE_LIMIT]:
        source = dossier.sources.get(event.feed_run.source_id) if event.feed_run else None
        facts = [dossier.reading.label(item) for item in event.items]
        if source:
            facts.append(_("by a delivery of %(source)s") % {"source": source})
        yield TimelineEntry(
            at=event.occurred_at,
            written_at=formats.moment(event.occurred_at),
            icon=EVENT_ICONS[event.kind],
            kind=_("Golden customer"),
            title=ChangeEvent.Kind(event.kind).label,
            facts=tuple(facts),
        )


def _acts(dossier: Dossier) -> Iterator[TimelineEntry]:
    """What people and rules decided about the customer; hidden from those who may not see its history."""
    if not dossier.viewer.has_perm("customers.view_customer_history"):
        return
    for act in Act.objects.of_customer(dossier.customer).select_related("by")[:TIMELINE_LIMIT]:
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


def _contract_starts(dossier: Dossier) -> Iterator[TimelineEntry]:
    if not dossier.viewer.has_perm("customers.view_contract"):
        return
    for contract in holdings_of(dossier).contracts:
        if contract.started_on and contract.started_on <= dossier.now.date():
            yield TimelineEntry(
                at=datetime.combine(contract.started_on, time.min, formats.KOREA),
                written_at=contract.starts,
                icon="file-text",
                kind=_("Contract"),
                title=_("Contract started"),
                facts=(contract.product, contract.number),
            )


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


def history(customer: Customer, viewer: Staff) -> Panel | None:
    """The golden values before and after each of the newest 20 changes; hidden from those without the right to it."""
    if not viewer.has_perm("customers.view_customer_history"):
        return None
    dossier = dossier_of(customer, viewer)
    kept = customer.history.select_related("history_user").order_by("-history_date", "-history_id")
    states = list(kept[: HISTORY_LIMIT + 1])
    holders = holders_of(states)
    is_whole = len(states) <= HISTORY_LIMIT
    pairs = pairwise([*states, None] if is_whole else states)
    rows = [_history_row(new, old, dossier, holders) for new, old in pairs]
    return Panel(
        "history",
        _("History"),
        "versions",
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
