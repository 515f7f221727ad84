"""The desk of prospects: its list, and a case with what both sides may know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Branch, Staff
from customers import formats, wording
from customers.formats import amount
from customers.models import Customer
from customers.numbering import written_number
from customers.reading import Place, Reading, catalogue, label, read
from relations.models import Prospect, ProspectDispute
from relations.reports.prospects import within
from relations.rules.prospects import ITEMS, written_receipt
from relations.services.disputes import is_own_case
from relations.services.prospects_taking import filled_of
from relations.words.prospects import DISPUTE_TONES, FACTS

YES_NO: Mapping[bool, Promise] = {True: gettext_lazy("yes"), False: gettext_lazy("no")}
LATE, SOON, IN_TIME = "red", "yellow", "secondary"
SOON_HOURS = 4


@dataclass(frozen=True)
class DisputeLine:
    """A question in the list of the desk. clock: how long is left to answer it; '' once it is decided."""

    dispute: ProspectDispute
    receipt: str
    kind: str
    state: str
    tone: str
    asked_by: str
    asks: str
    raised: str
    due: str
    clock: str
    clock_tone: str
    reason: str


@dataclass(frozen=True)
class Fact:
    """A fact that both sides may know, of either."""

    label: str
    asker: str
    holder: str


@dataclass(frozen=True)
class Compared:
    """An item as it was typed and as the customer in the way has it, for the judge."""

    label: str
    typed: str
    held: str
    is_same: bool


@dataclass(frozen=True)
class DisputeReport:
    """A case for one reader. compared: for judges alone; number, url: of the customer in the way, for judges alone."""

    line: DisputeLine
    facts: tuple[Fact, ...]
    is_asker: bool
    is_holder: bool
    may_judge: bool
    is_own_case: bool
    may_state: bool
    may_withdraw: bool
    compared: tuple[Compared, ...]
    number: str
    url: str
    planners: tuple[str, str]
    decided: str
    decided_by: str


def with_sides(disputes: QuerySet[ProspectDispute]) -> QuerySet[ProspectDispute]:
    """With whatever a line or a case needs."""
    sides = ("prospect__fp__branch", "prospect__branch", "against__fp__branch", "against__branch")
    return disputes.select_related(*sides, "customer__main_branch", "customer__merged_into", "decided_by")


def narrowed(viewer: Staff, words: Mapping[str, object]) -> QuerySet[ProspectDispute]:
    """The questions that `viewer` may know of, narrowed. words: of `DisputeFilterForm`."""
    rows = ProspectDispute.objects.visible_to(viewer)
    state = str(words.get("state", "")) or ProspectDispute.State.OPEN
    if state != "ALL":
        rows = rows.filter(state=state)
    if words.get("reason"):
        rows = rows.filter(reason=words["reason"])
    asked, was_asked = Q(prospect__branch=words.get("branch")), Q(against__branch=words.get("branch"), kind="CLAIM")
    if words.get("branch"):
        rows = rows.filter({"asker": asked, "holder": was_asked}.get(str(words.get("side", "")), asked | was_asked))
    column = "decided_at" if state in ("UPHELD", "REJECTED") else "raised_at"
    return within(rows, column, words.get("first"), words.get("last"))


def dispute_lines(disputes: Sequence[ProspectDispute], at: datetime) -> list[DisputeLine]:
    """Questions as lines, without a query. disputes: `with_sides`."""
    return [_line(dispute, at) for dispute in disputes]


def _line(dispute: ProspectDispute, at: datetime) -> DisputeLine:
    is_open = dispute.state == ProspectDispute.State.OPEN
    left = dispute.due_at - at
    return DisputeLine(
        dispute=dispute,
        receipt=written_receipt(dispute.prospect.number),
        kind=str(dispute.get_kind_display()),
        state=str(dispute.get_state_display()),
        tone=DISPUTE_TONES[dispute.state],
        asked_by=str(dispute.prospect.branch or ""),
        asks=str(dispute.against.branch or "") if dispute.against and _is_branch_told(dispute) else "",
        raised=formats.moment(dispute.raised_at),
        due=formats.moment(dispute.due_at),
        clock=_clock(left) if is_open else "",
        clock_tone=LATE if left < timedelta() else SOON if left < timedelta(hours=SOON_HOURS) else IN_TIME,
        reason=str(dispute.get_reason_display()) if dispute.reason else "",
    )


def _is_branch_told(dispute: ProspectDispute) -> bool:
    """Whether the branch of the other side is among the facts; that of a protected person is not."""
    return bool(dispute.facts.get("holder", {}).get("branch"))


def _clock(left: timedelta) -> str:
    if left < timedelta():
        return _("overdue")
    hours = left // timedelta(hours=1)
    return ngettext("%(count)s hour left", "%(count)s hours left", hours) % {"count": amount(hours)}


def dispute_report(dispute: ProspectDispute, viewer: Staff, at: datetime) -> DisputeReport:
    """A case as this reader may see it. dispute: `with_sides`."""
    is_open = dispute.state == ProspectDispute.State.OPEN
    is_asker = dispute.prospect.fp_id == viewer.pk
    is_holder = dispute.against is not None and dispute.against.fp_id == viewer.pk
    judges = viewer.has_perm("relations.judge_prospect")
    own = judges and is_own_case(dispute, viewer)
    reading = _in_the_way(dispute, viewer) if judges and not own else None
    held_by = dispute.against.fp.name if dispute.against and judges else ""
    return DisputeReport(
        line=_line(dispute, at),
        facts=_facts(dispute),
        is_asker=is_asker,
        is_holder=is_holder,
        may_judge=judges and is_open and not own,
        is_own_case=own,
        may_state=is_holder and is_open and viewer.has_perm("relations.register_prospect"),
        may_withdraw=is_asker and is_open and viewer.has_perm("relations.register_prospect"),
        compared=_compared(dispute.prospect, reading) if reading else (),
        number=written_number(reading.customer.number) if reading else "",
        url=reading.customer.get_absolute_url() if reading else "",
        planners=(dispute.prospect.fp.name if judges or is_asker else "", held_by),
        decided=formats.moment(dispute.decided_at),
        decided_by=dispute.decided_by.name if dispute.decided_by else "",
    )


def _in_the_way(dispute: ProspectDispute, viewer: Staff) -> Reading | None:
    if dispute.customer is None:
        return None
    customer = dispute.customer.merged_into or dispute.customer
    visible = Customer.objects.visible_to(viewer).filter(pk=customer.pk).first()
    return read(visible, viewer, Place.PROFILE) if visible else None


def _facts(dispute: ProspectDispute) -> tuple[Fact, ...]:
    """The facts as they were when the question was asked; of somebody who is only similar there are hardly any."""
    asker, holder = (dispute.facts.get(side, {}) for side in ("asker", "holder"))
    codes = {side.get("branch") for side in (asker, holder)} - {None, ""}
    names = dict(Branch.objects.filter(code__in=codes).values_list("code", "name"))
    return tuple(
        Fact(str(words), _told(code, asker, names), _told(code, holder, names))
        for code, words in FACTS.items()
        if code in asker or code in holder
    )


def _told(code: str, facts: Mapping[str, object], names: Mapping[str, str]) -> str:
    value = facts.get(code, "")
    if isinstance(value, bool):
        return str(YES_NO[value])
    return names.get(str(value), str(value)) if code == "branch" else str(value)


def _compared(prospect: Prospect, reading: Reading) -> tuple[Compared, ...]:
    """What was typed beside what the customer has, both as the judge may see them."""
    items, filled = catalogue(), filled_of(prospect)
    rows = []
    for column, code in ITEMS.items():
        typed, held = filled.get(column, ""), reading[code].text
        if typed:
            shown = reading.show(code, _written(column, prospect))
            rows.append(Compared(label(code, items), shown.text, held, bool(held) and shown.text == held))
    return tuple(rows)


def _written(column: str, prospect: Prospect) -> str:
    """A typed value as values of its item are written."""
    if column == "mobile":
        return formats.phone(prospect.mobile)
    if column == "birth_date":
        return formats.day(prospect.birth_date)
    if column == "sex":
        return str(wording.SEXES.get(prospect.sex, ""))
    return str(getattr(prospect, column))
