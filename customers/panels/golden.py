"""The golden values with their reasons, and where the sources disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Staff
from customers import formats, wording
from customers.dossier import Dossier, dossier_of
from customers.golden.corrected import CORRECTABLE
from customers.golden.explain import Candidate, Explanation
from customers.golden.survivorship import USABLE, Reason
from customers.models import Customer, Wish
from customers.panels.panel import Panel, heads
from customers.reading import Level, Shown

PERSON_ITEMS = (
    "name birth_date sex rrn mobile phone_home email address company real_name_verified_on marketing_consent_on"
).split()
ORG_ITEMS = "name company crn phone_home mobile email address real_name_verified_on marketing_consent_on".split()


@dataclass(frozen=True, slots=True)
class Offer:
    """What one source offers for an item, and in a sentence why it is not the golden value.

    pin_url: where the reader may pin it, '' where not.
    """

    source: str
    value: Shown
    as_of: str
    age: str
    certainty: str
    why: str
    agrees: bool
    pin_url: str = ""


@dataclass(frozen=True, slots=True)
class GoldenRow:
    """One item of the golden customer. source, reason and the rest are empty where no record explains the value.

    wished: what a person set for it, '' where a rule chose it; pin_url, correct_url, wishes_url, take_back_url: where
    the reader may set something else, see what was set, or take it back, '' where not.
    """

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
    wished: str = ""
    pin_url: str = ""
    correct_url: str = ""
    wishes_url: str = ""
    take_back_url: str = ""

    @property
    def beaten(self) -> list[Offer]:
        """The offers of another value."""
        return [offer for offer in self.others if not offer.agrees]

    @property
    def agreeing(self) -> list[Offer]:
        """The offers of the same value."""
        return [offer for offer in self.others if offer.agrees]


@heads("basics", gettext_lazy("Basic items"), "id-badge-2", leads=True)
def basics(customer: Customer, viewer: Staff) -> Panel:
    """Every basic item with its golden value and *why this value*."""
    dossier = dossier_of(customer, viewer)
    return Panel(
        "customers/_panel_basics.html",
        [_golden_row(code, dossier) for code in items_of(customer)],
        sources=dossier.source_names,
        as_of=dossier.as_of,
        empty_reason="" if dossier.records else _("No source record is linked to this customer."),
        now=dossier.now,
    )


def items_of(customer: Customer) -> list[str]:
    """The codes of the items that a customer of this kind may have, in the order of the page."""
    return PERSON_ITEMS if customer.kind == "PERSON" else ORG_ITEMS


def can_correct(viewer: Staff, customer: Customer) -> bool:
    """Whether `viewer` may set what the values of this customer are."""
    return customer.is_active_customer and viewer.has_perm("customers.correct_customer")


def wish_of(explained: Explanation, wishes: Sequence[Wish]) -> Wish | None:
    """The wish by which a golden value stands; None where a rule chose it. wishes: in force, oldest first."""
    record, code = explained.winner.record, explained.item.code
    ranked = sorted(wishes, key=lambda wish: wish.item == code)
    for wish in reversed([wish for wish in ranked if wish.item in ("", code)]):
        if explained.wished is Reason.PINNED and wish.record_id == record.pk:
            return wish
        if explained.wished is Reason.PREFERRED and wish.source_id == record.source_id:
            return wish
    return None


def held_until(ends_on: date | None) -> str:
    """How long a wish holds, in words."""
    return formats.day(ends_on) or _("until it is taken back")


def _wished(wish: Wish | None) -> str:
    """Value pinned · 정다은 · 2026-11-23 · until it is taken back."""
    if wish is None:
        return ""
    act = wish.act
    by = [act.by.name] if act.by else []
    return wording.listed([act.get_kind_display(), *by, formats.day(act.at), held_until(wish.ends_on)])


def _urls(code: str, dossier: Dossier) -> dict[str, str]:
    """Where the reader may correct an item, and see what was set; empty for those who may not."""
    if not can_correct(dossier.viewer, dossier.customer) or not dossier.records:
        return {}
    number = dossier.customer.number
    correct = reverse("customers:value-correct", args=[number, code]) if code in CORRECTABLE else ""
    return {"correct_url": correct, "wishes_url": reverse("customers:wish-list", args=[number])}


def _take_back_url(wish: Wish | None, dossier: Dossier) -> str:
    if wish is None or not can_correct(dossier.viewer, dossier.customer):
        return ""
    return reverse("customers:wish-take-back", args=[dossier.customer.number, wish.act_id])


def _pin_url(code: str, candidate: Candidate, dossier: Dossier) -> str:
    if candidate.certainty < USABLE or not can_correct(dossier.viewer, dossier.customer):
        return ""
    page = reverse("customers:value-pin", args=[dossier.customer.number, code])
    return f"{page}?record={candidate.record.pk}"


def _golden_row(code: str, dossier: Dossier) -> GoldenRow:
    value = dossier.reading[code]
    explained = dossier.explained.get(code)
    because = dossier.reading.why(code)
    urls = _urls(code, dossier)
    if explained is None or value.level is Level.NOTHING:  # a source would tell that there is a value
        return GoldenRow(code, dossier.reading.label(code), value, disclosure=because, **urls)
    record, wish = explained.winner.record, wish_of(explained, dossier.wishes)
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
        wished=_wished(wish),
        take_back_url=_take_back_url(wish, dossier),
        pin_url=_pin_url(code, explained.winner, dossier),
        **urls,
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
        pin_url=_pin_url(code, candidate, dossier),
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


@heads("differences", gettext_lazy("Where the sources disagree"), "git-compare", leads=True)
def differences(customer: Customer, viewer: Staff) -> Panel:
    """The different view: a table of item by source where the sources disagree now."""
    dossier = dossier_of(customer, viewer)
    differing = [explained for explained in dossier.explained.values() if explained.differs]
    return Panel(
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
