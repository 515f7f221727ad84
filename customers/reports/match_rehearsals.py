"""What a rehearsal of a matching model tells: how far it is, what would change, and examples side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers import matching_words as words
from customers.dossier import UNREAD
from customers.models import Customer, MatchModel, Pair, Rehearsal, SourceRecord
from customers.numbering import written_number
from customers.reports.match_accounts import AccountReport, account_report
from customers.reports.match_records import Compared, Side, compared, sides_of
from customers.services.match_models import is_by_hand, live_model, valid_rehearsal
from customers.services.match_rehearsals import is_left
from customers.services.shared_stock import watermark

WAITS_LONG = timedelta(minutes=1)
GROUPS: Sequence[tuple[Promise, Mapping[str, Promise]]] = (
    (
        gettext_lazy("Links"),
        {
            "links_gained": gettext_lazy("Pairs of records that come together"),
            "links_lost": gettext_lazy("Pairs of records that come apart"),
            "records_linked": gettext_lazy("Records linked for the first time"),
            "records_moved": gettext_lazy("Records moved to another customer"),
        },
    ),
    (
        gettext_lazy("Customers"),
        {
            "customers_split": gettext_lazy("Customers split"),
            "customers_joined": gettext_lazy("Customers made of several"),
            "customers_created": gettext_lazy("Customers created"),
            "customers_merged": gettext_lazy("Customers merged"),
        },
    ),
    (
        gettext_lazy("Work for reviewers"),
        {
            "pairs_found": gettext_lazy("New pairs for review"),
            "pairs_reopened": gettext_lazy("Pairs opened again"),
            "pairs_closed": gettext_lazy("Pairs closed"),
            "pairs_open_before": gettext_lazy("Open pairs now"),
            "pairs_open_after": gettext_lazy("Open pairs then"),
        },
    ),
)
KINDS: Mapping[str, tuple[Promise, str]] = {
    "gained": (gettext_lazy("Links gained"), "links_gained"),
    "lost": (gettext_lazy("Links lost"), "links_lost"),
    "split": (gettext_lazy("Customers split"), "customers_split"),
    "joined": (gettext_lazy("Customers made of several"), "customers_joined"),
    "review": (gettext_lazy("New pairs for review"), "pairs_found"),
}
"""The kinds of samples: what they are called, and which count tells how many there are of all."""
EFFECTS = ("records_linked", "records_moved", "customers_merged", "pairs_found", "pairs_closed", "pairs_reopened")
REASONS = dict(Pair.Reason.choices)


@dataclass(frozen=True)
class SampleTab:
    """A kind of samples. count: how many there are of all."""

    kind: str
    label: Promise
    count: int
    is_shown: bool


@dataclass(frozen=True)
class SampleLine:
    """An example. number: its place among those of its kind; note: what it tells beside the two records."""

    number: int
    left: Side
    right: Side
    weight: str
    note: str | Promise


@dataclass(frozen=True)
class RehearsalReport:
    """All that is shown of a rehearsal.

    is_over: it is done or failed; error: a sentence, '' where none is needed; groups: (title, (label, count)) per group
    of counts; has_no_effect: nothing would change; is_outdated: a match run has changed the links since;
    is_stock_newer: something else has; kind: of the samples that are shown.
    """

    rehearsal: Rehearsal
    percent: int
    is_over: bool
    error: str
    waits_long: bool
    is_left: bool
    seconds: str
    groups: tuple[tuple[Promise, tuple[tuple[Promise, int], ...]], ...]
    has_no_effect: bool
    is_outdated: bool
    is_stock_newer: bool
    tabs: tuple[SampleTab, ...]
    kind: str
    samples: tuple[SampleLine, ...]


@dataclass(frozen=True)
class PartLine:
    """Records of one customer that stay together. more: how many there are beyond those told."""

    title: str
    sides: tuple[Side, ...]
    more: int


@dataclass(frozen=True)
class SampleReport:
    """An example in full. before: the reckoning by the version in use; parts: of a customer that is split; customers:
    that are joined, as (number, address) where the reader may see them; hidden: how many more they are."""

    title: Promise
    line: SampleLine
    rows: tuple[Compared, ...]
    account: AccountReport
    before: AccountReport
    parts: tuple[PartLine, ...]
    customers: tuple[tuple[str, str], ...]
    hidden: int


def rehearsal_report(rehearsal: Rehearsal, viewer: Staff, *, kind: str = "") -> RehearsalReport:
    """A rehearsal with the samples of one kind; of the first that has any where `kind` is none or unknown."""
    is_over = rehearsal.state in (Rehearsal.State.DONE, Rehearsal.State.FAILED)
    is_done, counts = rehearsal.state == Rehearsal.State.DONE, rehearsal.counts
    is_waiting = rehearsal.state == Rehearsal.State.WAITING
    with_any = [name for name in KINDS if rehearsal.samples.get(name)]
    kind = kind if kind in KINDS else next(iter(with_any), "gained")
    is_outdated = is_done and valid_rehearsal(rehearsal.match_model) != rehearsal
    return RehearsalReport(
        rehearsal=rehearsal,
        percent=round(100 * rehearsal.done_share),
        is_over=is_over,
        error=_error(rehearsal.error) if rehearsal.error else "",
        waits_long=is_waiting and timezone.now() - rehearsal.requested_at > WAITS_LONG,
        is_left=is_left(rehearsal),
        seconds=words.seconds(rehearsal.seconds) if is_done else "",
        groups=tuple(
            (title, tuple((label, counts[name]) for name, label in labels.items() if name in counts))
            for title, labels in GROUPS
        )
        if is_done
        else (),
        has_no_effect=is_done and not any(counts.get(name) for name in EFFECTS),
        is_outdated=is_outdated,
        is_stock_newer=is_done and not is_outdated and rehearsal.watermark != watermark(),
        tabs=tuple(SampleTab(name, label, counts.get(of, 0), name == kind) for name, (label, of) in KINDS.items())
        if is_done
        else (),
        kind=kind,
        samples=_lines(rehearsal, kind, viewer) if is_done else (),
    )


def _error(kind: str) -> str:
    """Why a rehearsal failed. kind: name of the exception that ended it."""
    if kind == "Interrupted":
        return _("The process that was at it has died. Rehearse again.")
    if kind in words.ERRORS:
        return str(words.ERRORS[kind])
    return _("An unexpected error (%(kind)s) ended the rehearsal. The log of the worker tells the place.") % {
        "kind": kind
    }


def _lines(rehearsal: Rehearsal, kind: str, viewer: Staff) -> tuple[SampleLine, ...]:
    """The samples of a kind whose records are still there."""
    samples = rehearsal.samples.get(kind, [])
    sides = _sides((record for sample in samples for record in sample["pair"][:2]), viewer)
    return tuple(
        _line(number, sample, sides)
        for number, sample in enumerate(samples, 1)
        if set(sample["pair"][:2]) <= sides.keys()
    )


def _sides(record_ids: Iterable[int], viewer: Staff) -> dict[int, Side]:
    records = SourceRecord.objects.select_related("source", "link").defer(*UNREAD).in_bulk(list(set(record_ids)))
    return sides_of(records.values(), viewer)


def _line(number: int, sample: Mapping[str, object], sides: Mapping[int, Side]) -> SampleLine:
    left, right, weight, _pattern = sample["pair"]
    return SampleLine(number, sides[left], sides[right], words.signed(weight), _note(sample))


def _note(sample: Mapping[str, object]) -> str | Promise:
    if "sizes" in sample:
        return _("Records: %(sizes)s") % {"sizes": " + ".join(map(str, sample["sizes"]))}
    if "customers" in sample:
        return _("Customers: %(count)s") % {"count": sample["of"]}
    return REASONS.get(sample.get("reason"), "")


def sample_report(rehearsal: Rehearsal, kind: str, number: int, viewer: Staff) -> SampleReport | None:
    """One example in full; None where there is none, or a record is gone."""
    samples = rehearsal.samples.get(kind, [])
    if kind not in KINDS or not 1 <= number <= len(samples):
        return None
    sample = samples[number - 1]
    parts, customers = sample.get("parts", []), sample.get("customers", [])
    sides = _sides([*sample["pair"][:2], *(record for part in parts for record in part)], viewer)
    if not set(sample["pair"][:2]) <= sides.keys():
        return None
    line = _line(number, sample, sides)
    codes = [side.record.source.code for side in (line.left, line.right)]
    account = account_report(sample["pair"][3], rehearsal.match_model.version, codes)
    visible = _visible(customers, viewer)
    return SampleReport(
        title=KINDS[kind][0],
        line=line,
        rows=compared(line.left, line.right, account.levels),
        account=account,
        before=account_report(sample["pair"][3], live_model().version, codes),
        parts=tuple(_parts(parts, sample.get("sizes", []), sides)),
        customers=visible,
        hidden=sample.get("of", 0) - len(visible),
    )


def _parts(parts: Sequence[Sequence[int]], sizes: Sequence[int], sides: Mapping[int, Side]) -> Iterable[PartLine]:
    for number, (part, size) in enumerate(zip(parts, sizes, strict=False), 1):
        yield PartLine(
            _("Part %(number)s") % {"number": number},
            tuple(sides[record] for record in part if record in sides),
            size - len(part),
        )


def _visible(customer_ids: Sequence[int], viewer: Staff) -> tuple[tuple[str, str], ...]:
    if not customer_ids:
        return ()
    found = Customer.objects.visible_to(viewer).filter(pk__in=customer_ids).only("number").order_by("number")
    return tuple((written_number(customer.number), customer.get_absolute_url()) for customer in found)


def publishing(row: MatchModel | None, viewer: Staff) -> str:
    """Whether `viewer` may put a version to use: READY; OWN_DRAFT, NOT_REHEARSED: why not yet; '' for not at all."""
    if row is None or row.state != MatchModel.State.DRAFT or not viewer.has_perm("customers.publish_matchmodel"):
        return ""
    if not is_by_hand(row):
        return "READY"
    if row.created_by_id == viewer.pk:
        return "OWN_DRAFT"
    return "READY" if valid_rehearsal(row) else "NOT_REHEARSED"
