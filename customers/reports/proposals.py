"""What the pages of proposals tell: which customers, why a second person, and what the merge would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Staff
from customers.models import Customer, Proposal
from customers.numbering import written_number
from customers.reading import Place, read
from customers.reports.pair_previews import PreviewReport, preview_report
from customers.services.merges import mark_of
from customers.stewardship import Why
from customers.stewardship_words import WHY


@dataclass(frozen=True)
class Named:
    """A customer of a proposal. name, url: '' where the reader may not see it, and number too."""

    number: str = ""
    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class ProposalLine:
    """A proposal in the list; customers: the survivor first."""

    proposal: Proposal
    customers: tuple[Named, ...]
    why: tuple[str, ...]


@dataclass(frozen=True)
class ProposalReport:
    """A proposal in full. preview: None once it was decided, or where a customer is hidden; is_own: the reader's; mark:
    of the customers that are shown, '' where there is no preview."""

    line: ProposalLine
    preview: PreviewReport | None
    is_own: bool
    can_answer: bool
    mark: str


def proposal_lines(proposals: Sequence[Proposal], viewer: Staff) -> tuple[ProposalLine, ...]:
    """The proposals of a list, in one query more."""
    ids = {pk for one in proposals for pk in _ids(one)}
    visible = Customer.objects.visible_to(viewer).in_bulk(ids) if ids else {}
    return tuple(_line(one, visible, viewer) for one in proposals)


def proposal_report(proposal: Proposal, viewer: Staff, at: datetime) -> ProposalReport:
    """A proposal as `viewer` may see it."""
    visible = Customer.objects.visible_to(viewer).in_bulk(_ids(proposal))
    is_open, is_own = proposal.state == Proposal.State.OPEN, proposal.proposed_by_id == viewer.pk
    preview, mark = None, ""
    if is_open and len(visible) == len(_ids(proposal)):
        survivor, *retired = (visible[pk] for pk in _ids(proposal))
        preview, mark = preview_report(survivor, retired, viewer, at), mark_of([survivor, *retired])
    may = viewer.has_perm("customers.approve_merge")
    can_answer = bool(preview) and may and not is_own
    return ProposalReport(_line(proposal, visible, viewer), preview, is_own, can_answer, mark)


def _ids(proposal: Proposal) -> list[int]:
    return [proposal.survivor_id, *proposal.retired_ids]


def _line(proposal: Proposal, visible: Mapping[int, Customer], viewer: Staff) -> ProposalLine:
    named = tuple(_named(visible.get(pk), viewer) for pk in _ids(proposal))
    return ProposalLine(proposal, named, tuple(str(WHY[Why(code)]) for code in proposal.why))


def _named(customer: Customer | None, viewer: Staff) -> Named:
    if customer is None:
        return Named()
    name = read(customer, viewer, Place.LIST)["name"].text
    return Named(written_number(customer.number), name, customer.get_absolute_url())
