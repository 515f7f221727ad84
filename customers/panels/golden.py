"""The golden values with their reasons, and where the sources disagree."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Staff
from customers import formats, wording
from customers.dossier import Dossier, dossier_of
from customers.golden.explain import Candidate, Explanation
from customers.models import Customer
from customers.panels.panel import Panel
from customers.reading import Shown

PERSON_ITEMS = (
    "name birth_date sex rrn mobile phone_home email address company real_name_verified_on marketing_consent_on"
).split()
ORG_ITEMS = "name company crn phone_home mobile email address real_name_verified_on marketing_consent_on".split()


@dataclass(frozen=True, slots=True)
class Offer:
    """What one source offers for an item, and in a sentence why it is not the golden value."""

    source: str
    value: Shown
    as_of: str
    age: str
    certainty: str
    why: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class GoldenRow:
    """One item of the golden customer. source, reason and the rest are empty where no record explains the value."""

    code: str
    label: str
    value: Shown
    source: str = ""
    age: str = ""
    as_of: str = ""
    certainty: str = ""
    reason: str = ""
    change: str = ""
    disclosure: str = ""
    others: tuple[Offer, ...] = ()
    differs: bool = False

    @property
    def beaten(self) -> list[Offer]:
        """The offers of another value."""
        return [offer for offer in self.others if not offer.agrees]

    @property
    def agreeing(self) -> list[Offer]:
        """The offers of the same value."""
        return [offer for offer in self.others if offer.agrees]


def basics(customer: Customer, viewer: Staff) -> Panel:
    """Every basic item with its golden value and *why this value*."""
    dossier = dossier_of(customer, viewer)
    codes = PERSON_ITEMS if customer.kind == "PERSON" else ORG_ITEMS
    return Panel(
        "basics",
        _("Basic items"),
        "id-badge-2",
        "customers/_panel_basics.html",
        [_golden_row(code, dossier) for code in codes],
        sources=dossier.source_names,
        as_of=dossier.as_of,
        empty_reason="" if dossier.records else _("No source record is linked to this customer."),
        now=dossier.now,
    )


def _golden_row(code: str, dossier: Dossier) -> GoldenRow:
    value = dossier.reading[code]
    explained = dossier.explained.get(code)
    because = str(wording.DISCLOSURES[value.because])
    if explained is None:
        return GoldenRow(code, dossier.reading.label(code), value, disclosure=because)
    record = explained.winner.record
    return GoldenRow(
        code,
        dossier.reading.label(code),
        value,
        source=wording.source_name(dossier.sources.get(record.source_id)),
        age=wording.age(record.as_of, dossier.now),
        as_of=formats.day(record.as_of),
        certainty=wording.certainty(explained.winner.certainty),
        reason=wording.won(explained, dossier.sources),
        change=wording.would_change(explained, dossier.sources),
        disclosure=because,
        others=tuple(_offer(code, other, explained, dossier) for other in explained.others),
        differs=explained.differs,
    )


def _offer(code: str, candidate: Candidate, explained: Explanation, dossier: Dossier) -> Offer:
    record = candidate.record
    return Offer(
        source=wording.source_name(dossier.sources.get(record.source_id)),
        value=dossier.reading.of(code, record),
        as_of=formats.day(record.as_of),
        age=wording.age(record.as_of, dossier.now),
        certainty=wording.certainty(candidate.certainty),
        why=wording.lost(candidate, explained.winner, dossier.sources),
        agrees=candidate.agrees,
    )


@dataclass(frozen=True, slots=True)
class DifferenceCell:
    """A value that a source holds now. is_golden: it is the value chosen."""

    value: Shown
    as_of: str
    is_golden: bool


@dataclass(frozen=True, slots=True)
class DifferenceTable:
    """Items down, sources across. rows: (item, a list of values per source)."""

    sources: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[DifferenceCell, ...], ...]], ...]


def differences(customer: Customer, viewer: Staff) -> Panel:
    """The different view: a table of item by source where the sources disagree now."""
    dossier = dossier_of(customer, viewer)
    differing = [explained for explained in dossier.explained.values() if explained.differs]
    return Panel(
        "differences",
        _("Where the sources disagree"),
        "git-compare",
        "customers/_panel_differences.html",
        _difference_table(differing, dossier),
        summary=ngettext("%(count)s item", "%(count)s items", len(differing)) % {"count": len(differing)}
        if differing
        else "",
        sources=dossier.source_names,
        as_of=dossier.as_of,
        count=len(differing),
        empty_reason="" if differing else _no_difference(dossier),
        now=dossier.now,
    )


def _no_difference(dossier: Dossier) -> str:
    if len(dossier.source_names) < 2:
        return _("Only one source holds this customer, so there is nothing to compare.")
    return _("All sources that hold an item agree on it.")


def _difference_table(differing: list[Explanation], dossier: Dossier) -> DifferenceTable:
    candidates = {explained.item.code: (explained.winner, *explained.others) for explained in differing}
    held = {candidate.record.source_id for found in candidates.values() for candidate in found}
    shown = sorted(held, key=lambda pk: (-dossier.sources[pk].trust if pk in dossier.sources else 0, pk))
    rows = tuple(
        (dossier.reading.label(code), tuple(_difference_cells(code, found, source, dossier) for source in shown))
        for code, found in candidates.items()
    )
    return DifferenceTable(tuple(wording.source_name(dossier.sources.get(pk)) for pk in shown), rows)


def _difference_cells(
    code: str, candidates: tuple[Candidate, ...], source_id: int, dossier: Dossier
) -> tuple[DifferenceCell, ...]:
    """The distinct values that one source holds of an item, the newest record's words for each."""
    cells: dict[str, DifferenceCell] = {}
    own = (candidate for candidate in candidates if candidate.record.source_id == source_id)
    for candidate in sorted(own, key=lambda candidate: candidate.record.as_of):
        value = dossier.reading.of(code, candidate.record)
        is_golden = candidate.is_winner or candidate.agrees
        cells[value.text] = DifferenceCell(value, formats.day(candidate.record.as_of), is_golden)
    return tuple(reversed(cells.values()))
