"""What the pages of the rules of survivorship tell: the versions, what each compares, what a draft would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Staff
from customers import formats, wording
from customers import matching_words as words
from customers.dossier import UNREAD
from customers.golden.rules import SHIPPED, Rules, changed_items, rules_of
from customers.golden.survivorship import ITEMS
from customers.models import Customer, GoldenRules, Rehearsal, SourceRecord, SourceSystem
from customers.numbering import written_number
from customers.reading import Place, Reading, Shown, catalogue, label, read
from customers.services.golden_rehearsals import is_left
from customers.services.golden_rules import live_rules
from customers.services.golden_stock import stock_progress
from customers.services.rule_versions import version_before
from customers.services.shared_stock import watermark

WAITS_LONG = timedelta(minutes=1)
CODES = tuple(item.code for item in ITEMS)
CUSTOMER_FIELDS = ("number", "kind", "name", "main_branch__code", "keeper__employee_number")


@dataclass(frozen=True)
class RulesLine:
    """A version in the list. row: None for the rules that Hannun brings; changed: the items whose rules differ from
    these; rehearsed: customers that its newest finished rehearsal would change, None before any."""

    version: int
    row: GoldenRules | None
    state: str
    state_label: str | Promise
    changed: str
    rehearsed: int | None


@dataclass(frozen=True)
class RuleLine:
    """The rule of one item. order: what it compares, in words; differs: from the rule in use, which is `live`."""

    code: str
    label: str
    order: tuple[str, ...]
    live: tuple[str, ...]
    differs: bool


@dataclass(frozen=True)
class ItemCount:
    """How many customers would change in an item; samples: how many of them are kept to be looked at."""

    code: str
    label: str
    count: int
    samples: int


@dataclass(frozen=True)
class RehearsalReport:
    """A rehearsal: its progress, then what it counted. percent: of the stock that was looked at; is_left: it was
    begun, but nobody is at it now; is_old: the stock has changed since; error: a sentence, '' where none is needed."""

    row: Rehearsal
    percent: int
    is_over: bool
    waits_long: bool
    is_left: bool
    customers: int
    of: int
    items: tuple[ItemCount, ...]
    seconds: str
    is_old: bool
    error: str


@dataclass(frozen=True)
class RulesReport:
    """All that the page of a version shows. rehearsal: the newest, None before any; is_rehearsed: one has finished;
    is_own: the reader wrote it, so another publishes it; before: the version in use before it, None unless it is live;
    progress: percent of the stock whose values are being chosen again, None while none are."""

    line: RulesLine
    rules: tuple[RuleLine, ...]
    rehearsal: RehearsalReport | None
    is_rehearsed: bool
    is_own: bool
    before: int | None
    progress: int | None

    @property
    def can_rehearse(self) -> bool:
        """Whether no rehearsal is waiting or at work as it should."""
        now = self.rehearsal
        return now is None or now.is_over or now.is_left or now.waits_long


@dataclass(frozen=True)
class SampleLine:
    """A customer whose value would change: what is golden, from which source, and what would be."""

    url: str
    number: str
    name: Shown
    before: str
    before_source: str
    after: str
    after_source: str


@dataclass(frozen=True)
class SampleReport:
    """Samples of one item. hidden: how many more lie outside the reader's scope."""

    label: str
    lines: tuple[SampleLine, ...]
    hidden: int


def rules_line(row: GoldenRules | None, *, is_live: bool = False) -> RulesLine:
    """A version in short, `row` with its rehearsals fetched; None for the shipped one, which `is_live` while no other
    is."""
    if row is None:
        state = GoldenRules.State.LIVE if is_live else GoldenRules.State.RETIRED
        return RulesLine(0, None, str(state), state.label, "", None)
    done = [each for each in row.rehearsals.all() if each.state == Rehearsal.State.DONE]
    newest = max(done, key=lambda each: each.pk, default=None)
    labels, changed = item_labels(), changed_items(rules_of(row.version, row.definition), SHIPPED)
    return RulesLine(
        version=row.version,
        row=row,
        state=row.state,
        state_label=row.get_state_display(),
        changed=wording.listed([labels[code] for code in changed]),
        rehearsed=newest.counts.get("customers") if newest else None,
    )


def rules_report(row: GoldenRules | None, viewer: Staff) -> RulesReport:
    """A version in full; None for the rules that Hannun brings."""
    live = live_rules()
    rules = SHIPPED if row is None else rules_of(row.version, row.definition)
    rehearsals = sorted(row.rehearsals.all(), key=lambda each: each.pk) if row else []
    is_live = rules.version == live.version
    return RulesReport(
        line=rules_line(row, is_live=is_live),
        rules=rule_lines(rules, live),
        rehearsal=rehearsal_report(rehearsals[-1]) if rehearsals else None,
        is_rehearsed=any(each.state == Rehearsal.State.DONE for each in rehearsals),
        is_own=row is not None and row.created_by_id == viewer.pk,
        before=version_before(row) if row and is_live else None,
        progress=progress_percent() if is_live else None,
    )


def rule_lines(rules: Rules, live: Rules) -> tuple[RuleLine, ...]:
    """The rule of every item beside the one in use."""
    labels = item_labels()
    return tuple(
        RuleLine(code, labels[code], _order(rules, code), _order(live, code), rules.ranks[code] != live.ranks[code])
        for code in CODES
    )


def item_labels() -> dict[str, str]:
    """{code of a golden item: its name}."""
    items = catalogue()
    return {code: label(code, items) for code in CODES}


def progress_percent() -> int | None:
    """How much of the stock has its values chosen again by the rules in use; None while nobody is at it."""
    progress = stock_progress()
    return progress and 100 * progress[0] // max(progress[1], 1)


def rehearsal_report(row: Rehearsal) -> RehearsalReport:
    """The progress or the outcome of a rehearsal."""
    counts, is_over = row.counts, row.state in (Rehearsal.State.DONE, Rehearsal.State.FAILED)
    is_waiting = row.state == Rehearsal.State.WAITING
    return RehearsalReport(
        row=row,
        percent=int(100 * row.done_share),
        is_over=is_over,
        waits_long=is_waiting and timezone.now() - row.requested_at > WAITS_LONG,
        is_left=is_left(row),
        customers=counts.get("customers", 0),
        of=counts.get("of", 0),
        items=tuple(_counts(row)),
        seconds=words.seconds(row.seconds) if is_over else "",
        is_old=row.state == Rehearsal.State.DONE and row.watermark != watermark(),
        error=_error(row.error),
    )


def sample_report(row: Rehearsal, item: str, viewer: Staff) -> SampleReport:
    """The samples of an item that the reader may see, in four queries at most."""
    samples = row.samples.get(item, [])
    visible = Customer.objects.visible_to(viewer).with_holders().in_bulk([customer for customer, *_ids in samples])
    ids = {pk for _customer, *both in samples for pk in both}
    records = SourceRecord.objects.defer(*UNREAD).in_bulk(ids)
    sources = SourceSystem.objects.in_bulk()
    lines = tuple(
        _sample(visible[customer], records.get(before), records.get(after), item, viewer, sources)
        for customer, before, after in samples
        if customer in visible
    )
    return SampleReport(item_labels()[item], lines, len(samples) - len(lines))


def _order(rules: Rules, code: str) -> tuple[str, ...]:
    return tuple(str(wording.COMPONENTS[component]) for component in rules.ranks[code])


def _counts(row: Rehearsal) -> Iterable[ItemCount]:
    """Golden items first, then what follows from them."""
    items: Mapping[str, int] = row.counts.get("items", {})
    named = catalogue()
    for code in (*CODES, *sorted(items.keys() - set(CODES))):
        if code in items:
            yield ItemCount(code, label(code, named), items[code], len(row.samples.get(code, ())))


def _error(kind: str) -> str:
    if not kind:
        return ""
    if kind == "Interrupted":
        return _("The process that was at it has died. Rehearse again.")
    if kind in words.ERRORS:
        return str(words.ERRORS[kind])
    return _("An unexpected error (%(kind)s) ended the rehearsal. The log of the worker tells the place.") % {
        "kind": kind
    }


def _sample(
    customer: Customer,
    before: SourceRecord | None,
    after: SourceRecord | None,
    item: str,
    viewer: Staff,
    sources: Mapping[int, SourceSystem],
) -> SampleLine:
    reading = read(customer, viewer, Place.LIST)
    return SampleLine(
        url=customer.get_absolute_url(),
        number=written_number(customer.number),
        name=reading["name"],
        before=_held(item, before, reading),
        before_source=_source(before, sources),
        after=_held(item, after, reading),
        after_source=_source(after, sources),
    )


def _held(item: str, record: SourceRecord | None, reading: Reading) -> str:
    return str(reading.of(item, record)) if record else ""


def _source(record: SourceRecord | None, sources: Mapping[int, SourceSystem]) -> str:
    if record is None:
        return ""
    return wording.listed([wording.source_name(sources.get(record.source_id)), formats.day(record.as_of)])
