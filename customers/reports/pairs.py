"""What a steward sees before deciding a pair: what differs letter by letter, and whose customers they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Staff
from customers import matching_words as words
from customers import tones, wording
from customers.formats import amount
from customers.gates import missing_proofs
from customers.masking import STAR
from customers.models import Customer, Pair, Proposal, SourceRecord
from customers.numbering import written_number
from customers.pair_filters import assigned_since
from customers.reports.match_pairs import PairReport, pair_report
from customers.reports.match_records import Compared
from customers.reports.pair_pasts import Contradiction, Outcome, contradiction_of, outcome_of
from customers.spelling import Piece, spelled

MOST_RECORDS = 200  # read of both customers together
MOST_AGES = 3  # told of each source
CONTRACTS = """
SELECT link.customer_id, count(DISTINCT (party.source_id, party.contract_no))
FROM customers_link link
JOIN customers_sourcerecord record ON record.id = link.record_id
JOIN customers_contractparty party
    ON party.source_id = record.source_id AND party.party_source_key = record.source_key
WHERE link.customer_id = ANY(%s) GROUP BY link.customer_id
"""


@dataclass(frozen=True)
class SpelledRow:
    """A compared item. left, right: what each holds, in pieces; note: '' or why it is where it is."""

    label: Promise
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    level: Promise
    tone: str
    is_sealed: bool
    note: str = ""


@dataclass(frozen=True)
class SourceLine:
    """What a source holds of a customer: how old its records are, the newest first."""

    source: str
    ages: str


@dataclass(frozen=True)
class Facts:
    """Whose record a side is: the customer as it stands. Only of customers that the reader may see."""

    number: str
    url: str
    branch: str
    keeper: str
    grade: str
    grade_tone: str
    gate: str
    gate_tone: str
    missing: tuple[str, ...]
    contracts: str
    last_contact: str
    records: str
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class DecisionReport:
    """All that the page of a pair shows before its reckoning.

    different, equal, unknown: the compared items; facts: of left and right, None where the customer is hidden; is_one:
    both records belong to one customer already; holder: who else has the pair before them; proposal: that waits for a
    second person; outcome: how it was closed; can_decide: the reader may, and it waits.
    """

    pair: Pair
    report: PairReport
    different: tuple[SpelledRow, ...]
    equal: tuple[SpelledRow, ...]
    unknown: tuple[SpelledRow, ...]
    facts: tuple[Facts | None, Facts | None]
    is_one: bool
    holder: Staff | None
    proposal: Proposal | None
    contradiction: Contradiction | None
    outcome: Outcome | None
    can_decide: bool


def customers_of(pair: Pair) -> tuple[int | None, int | None]:
    """The ids of the customers of the two records, None where a record is linked to nobody."""
    return tuple(side.link.customer_id if hasattr(side, "link") else None for side in (pair.left, pair.right))


def decision_report(pair: Pair, viewer: Staff, at: datetime) -> DecisionReport:
    """The pair as `viewer` may see it; pair: of `with_records`."""
    report, ids = pair_report(pair, viewer), customers_of(pair)
    facts = facts_of([pk for pk in ids if pk], viewer, at)
    both = tuple(facts.get(pk) for pk in ids)
    proposal = Proposal.objects.select_related("proposed_by").filter(pair=pair, state=Proposal.State.OPEN).first()
    is_held = (
        pair.assigned_to_id not in (None, viewer.pk) and pair.assigned_at and pair.assigned_at > assigned_since(at)
    )
    is_open = pair.state == Pair.State.OPEN
    different, equal, unknown = grouped(report.rows)
    return DecisionReport(
        pair=pair,
        report=report,
        different=different,
        equal=equal,
        unknown=unknown,
        facts=both,
        is_one=ids[0] is not None and ids[0] == ids[1],
        holder=pair.assigned_to if is_held and is_open else None,
        proposal=proposal,
        contradiction=contradiction_of(pair),
        outcome=None if is_open else outcome_of(pair),
        can_decide=is_open and not proposal and may_decide(both, viewer),
    )


def may_decide(facts: Sequence[Facts | None], viewer: Staff) -> bool:
    """Whether the reader decides pairs, and sees both customers of this one."""
    return viewer.has_perm("customers.decide_pair") and all(facts)


def grouped(rows: Iterable[Compared]) -> tuple[tuple[SpelledRow, ...], ...]:
    """The items that differ, are equal, or are unknown on one side, by what the reader sees of them; where nothing is
    seen of one, by the level."""
    groups: dict[str, list[SpelledRow]] = {"different": [], "equal": [], "unknown": []}
    for row in rows:
        group, note = _group(row)
        left, right = spelled(row.left, row.right) if row.left and row.right else (_whole(row.left), _whole(row.right))
        is_told = group == "equal" and row.left == row.right and row.left and not row.is_sealed
        level, tone = (words.SAME, "same") if is_told else (row.level, row.tone)
        groups[group].append(SpelledRow(row.label, left, right, level, tone, row.is_sealed, note))
    return tuple(tuple(group) for group in groups.values())


def _group(row: Compared) -> tuple[str, str]:
    if row.left and row.right and row.left != row.right:
        return "different", ""
    if row.left and row.left == row.right:
        is_hidden = STAR in row.left and row.tone in ("other", "alike")
        return ("different", _("The part that is hidden differs.")) if is_hidden else ("equal", "")
    return {"other": "different", "alike": "different", "same": "equal"}.get(row.tone, "unknown"), ""


def _whole(text: str) -> tuple[Piece, ...]:
    return (Piece(text, False),) if text else ()


def facts_of(ids: Sequence[int], viewer: Staff, at: datetime) -> dict[int, Facts]:
    """{customer id: facts} of those that the reader may see; a fixed number of queries."""
    visible = Customer.objects.visible_to(viewer).with_holders().in_bulk(set(ids))
    missing = missing_proofs(visible.values())
    contracts = _contracts(visible) if viewer.has_perm("customers.view_contract") else None
    sources = _sources(visible, at)
    return {
        pk: Facts(
            number=written_number(customer.number),
            url=customer.get_absolute_url(),
            branch=str(customer.main_branch or "–"),
            keeper=str(customer.keeper or "–"),
            grade=str(customer.get_grade_display() or "–"),
            grade_tone=tones.GRADES.get(customer.grade, tones.PLAIN) if customer.grade else "",
            gate=str(customer.get_gate_display()),
            gate_tone=tones.GATES.get(customer.gate, tones.PLAIN),
            missing=tuple(map(str, missing.get(pk, ()))),
            contracts="–" if contracts is None else amount(contracts.get(pk, 0)),
            last_contact="–",  # no contact is kept yet
            records=amount(customer.record_count),
            sources=sources.get(pk, ()),
        )
        for pk, customer in visible.items()
    }


def _contracts(customers: Iterable[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(CONTRACTS, [list(customers)])
        return dict(cursor.fetchall())


def _sources(customers: Iterable[int], at: datetime) -> Mapping[int, tuple[SourceLine, ...]]:
    """Per customer its sources, each with the ages of its records."""
    records = SourceRecord.objects.filter(link__customer__in=list(customers)).select_related("source", "link")
    held: dict[int, dict[str, list[datetime]]] = {}
    for record in records.only("as_of", "source", "link__customer").order_by("-as_of", "pk")[:MOST_RECORDS]:
        own = held.setdefault(record.link.customer_id, {})
        own.setdefault(wording.source_name(record.source), []).append(record.as_of)
    return {
        pk: tuple(SourceLine(source, _ages(instants, at)) for source, instants in own.items())
        for pk, own in held.items()
    }


def _ages(instants: Sequence[datetime], at: datetime) -> str:
    told = ", ".join(wording.age(instant, at) for instant in instants[:MOST_AGES])
    more = len(instants) - MOST_AGES
    return _("%(ages)s and %(count)s more") % {"ages": told, "count": amount(more)} if more > 0 else told
