"""Batches of destruction as people look at them: the list, one with counts, customers and copies, its certificate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Staff
from accounts.trail import saw
from consent.models import CopyAnswer, DestructionBatch, DestructionItem
from consent.rules.certificates import digest_of, numbers_digest
from consent.words.retention import COPY_TONES, STATE_TONES, class_words, kind_words, why_words
from customers.models import Customer
from customers.numbering import written_number

OPEN_TABS = ("PROPOSED", "APPROVED", "RUNNING", "DONE")
PERCENT = 100


@dataclass(frozen=True)
class BatchLine:
    """A batch in a list. silent: copies without an answer; late: of those, how many beyond their day."""

    batch: DestructionBatch
    tone: str
    percent: int
    silent: int
    late: int


@dataclass(frozen=True)
class KindLine:
    """Rows of one kind before and after."""

    kind: str
    before: int
    after: int


@dataclass(frozen=True)
class ItemLine:
    """A customer of a batch. url: '' for a reader who may not see the customer."""

    item: DestructionItem
    number: str
    url: str
    data_class: str
    why: str


@dataclass(frozen=True)
class CopyLine:
    """A copy: who has it, what was answered. kept: (number, reason, until) of those that are kept."""

    copy: CopyAnswer
    who: str
    what: str
    tone: str
    is_late: bool
    kept: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class BatchReport:
    """All that the page of a batch shows. reasons: (words, count) of the customers left out; clauses: (class, clause,
    count) of all; is_own: the reader proposed it, so another decides."""

    line: BatchLine
    kinds: tuple[KindLine, ...]
    copies: tuple[CopyLine, ...]
    reasons: tuple[tuple[str, int], ...]
    clauses: tuple[tuple[str, str, int], ...]
    is_own: bool

    @property
    def batch(self) -> DestructionBatch:
        return self.line.batch


@dataclass(frozen=True)
class Verified:
    """What became of a fingerprint. batch: None where nothing has it; the rest says whether all still agrees."""

    batch: DestructionBatch | None
    is_whole: bool = False
    has_same_customers: bool = False

    @property
    def is_true(self) -> bool:
        return self.is_whole and self.has_same_customers


def batches(state: str, day: date) -> QuerySet[DestructionBatch]:
    """The batches in a state; `open` for all that somebody has to do with, `late` for those with a silent copy beyond
    its day, '' for all."""
    silent = Q(copies__state=CopyAnswer.State.WAITING)
    rows = DestructionBatch.objects.select_related("proposed_by", "decided_by").annotate(
        silent=Count("copies", filter=silent), late=Count("copies", filter=silent & Q(copies__due_on__lt=day))
    )
    if state == "open":
        return rows.filter(state__in=OPEN_TABS)
    if state == "late":
        return rows.filter(state=DestructionBatch.State.DONE, late__gt=0)
    return rows.filter(state=state) if state in DestructionBatch.State.values else rows


def batch_line(batch: DestructionBatch) -> BatchLine:
    """A batch of `batches` in short."""
    went = batch.done_count + batch.skipped_count
    percent = PERCENT * went // max(batch.item_count, 1)
    waits = batch.state == DestructionBatch.State.DONE
    return BatchLine(batch, STATE_TONES[batch.state], percent, batch.silent if waits else 0, batch.late if waits else 0)


def batch_report(batch: DestructionBatch, viewer: Staff, day: date) -> BatchReport:
    """A batch of `batches` in full, in a fixed number of queries."""
    items = batch.items.values_list("data_class", "clause", "refusal").annotate(count=Count("pk")).order_by()
    reasons: Counter[str] = Counter()
    clauses: Counter[tuple[str, str]] = Counter()
    for data_class, clause, refusal, count in items:
        clauses[class_words(data_class), clause] += count
        if refusal:
            reasons[why_words(refusal)] += count
    return BatchReport(
        line=batch_line(batch),
        kinds=kind_lines(batch.counts),
        copies=tuple(copy_lines(batch, day)),
        reasons=tuple(sorted(reasons.items())),
        clauses=tuple((*key, count) for key, count in sorted(clauses.items())),
        is_own=batch.proposed_by_id == viewer.pk,
    )


def kind_lines(counts: Mapping[str, Sequence[int]]) -> tuple[KindLine, ...]:
    """Rows before and after by kind, the largest first."""
    lines = [KindLine(kind_words(kind), before, after) for kind, (before, after) in counts.items()]
    return tuple(sorted(lines, key=lambda line: (-line.before, line.kind)))


def item_lines(items: Iterable[DestructionItem], viewer: Staff) -> list[ItemLine]:
    """Customers of a batch by number; items: with their customers."""
    rows = list(items)
    saw(item.customer_id for item in rows)
    seen = Customer.objects.visible_to(viewer).filter(pk__in=[item.customer_id for item in rows])
    visible = set(seen.values_list("pk", flat=True))
    return [
        ItemLine(
            item=item,
            number=written_number(item.customer.number),
            url=item.customer.get_absolute_url() if item.customer_id in visible else "",
            data_class=class_words(item.data_class),
            why=why_words(item.refusal) if item.refusal else "",
        )
        for item in rows
    ]


def copy_lines(batch: DestructionBatch, day: date) -> Iterable[CopyLine]:
    """Who has copies, in the order in which they were found."""
    rows = list(batch.copies.select_related("source", "recipient", "export", "answered_by").order_by("pk"))
    numbers = dict(
        Customer.objects.filter(pk__in=[int(pk) for row in rows for pk in row.kept]).values_list("pk", "number")
    )
    for copy in rows:
        is_late = copy.state == CopyAnswer.State.WAITING and copy.due_on < day and batch.finished_at is not None
        kept = sorted((written_number(numbers[int(pk)]), *said) for pk, said in copy.kept.items())
        yield CopyLine(copy, *copy_words(copy), COPY_TONES[copy.state], is_late, tuple(kept))


def holder_code(copy: CopyAnswer) -> str:
    """Who has a copy, as a certificate keeps it for ever: by a code, whatever the holder is called later."""
    holder = copy.source or copy.recipient
    return holder.code if holder else f"export {copy.export_id}"


def copy_words(copy: CopyAnswer) -> tuple[str, str]:
    """Who has a copy, and what kind of holder that is."""
    if copy.source:
        return str(copy.source), _("Source system")
    if copy.recipient:
        return copy.recipient.name, str(copy.recipient.get_kind_display())
    return _("File %(number)s") % {"number": copy.export_id}, _("File taken out")


def verify(fingerprint: str) -> Verified:
    """Whether the certificate of this fingerprint is one of ours, unchanged, and about the customers it says."""
    batch = DestructionBatch.objects.filter(digest=fingerprint.strip().lower()).first()
    if batch is None:
        return Verified(None)
    done = batch.items.filter(state=DestructionItem.State.DONE).values_list("customer__number", flat=True)
    return Verified(
        batch,
        is_whole=digest_of(batch.certificate) == batch.digest,
        has_same_customers=numbers_digest(done) == batch.certificate["numbers_digest"],
    )


def moment_of(written: str) -> datetime | None:
    """An instant of a certificate."""
    return datetime.fromisoformat(written) if written else None


@dataclass(frozen=True)
class CertifiedCopy:
    """What became of a copy, as it was certified. who, what: as in `CopyLine`; until: a day, '' for one without end."""

    who: str
    what: str
    state: str
    asked: int
    destroyed: int
    reason: str
    until: str


@dataclass(frozen=True)
class Certificate:
    """A certificate in words. proposed_by: '' for Hannun itself."""

    batch: DestructionBatch
    said: Mapping[str, object]
    action: str | Promise
    origin: str | Promise
    proposed_by: str
    decided_by: str
    proposed_at: datetime | None
    decided_at: datetime | None
    finished_at: datetime | None
    closed_at: datetime | None
    kinds: tuple[KindLine, ...]
    skipped: tuple[tuple[str, int], ...]
    copies: tuple[CertifiedCopy, ...]


def certificate_report(batch: DestructionBatch) -> Certificate:
    """The certificate of a batch that is closed: what was written then, its codes in the words of today."""
    said = batch.certificate
    codes = (said["proposed_by"], said["decided_by"])
    people = {staff.employee_number: str(staff) for staff in Staff.objects.filter(employee_number__in=codes)}
    return Certificate(
        batch=batch,
        said=said,
        action=DestructionBatch.Action(said["action"]).label,
        origin=DestructionBatch.Origin(said["origin"]).label,
        **{name: people.get(said[name], said[name]) for name in ("proposed_by", "decided_by")},
        **{name: moment_of(said[name]) for name in ("proposed_at", "decided_at", "finished_at", "closed_at")},
        kinds=kind_lines(said["counts"]),
        skipped=tuple((why_words(code), count) for code, count in said["skipped"].items()),
        copies=tuple(_certified_copies(batch)),
    )


def _certified_copies(batch: DestructionBatch) -> Iterable[CertifiedCopy]:
    """The copies in the order of the certificate; a source and a recipient may have the same code."""
    named: dict[str, list[tuple[str, str]]] = {}
    for copy in batch.copies.select_related("source", "recipient").order_by("pk"):
        named.setdefault(holder_code(copy), []).append(copy_words(copy))
    for said in batch.certificate["copies"]:
        who, what = named[said["who"]].pop(0) if named.get(said["who"]) else (said["who"], "")
        state = str(CopyAnswer.State(said["state"]).label)
        yield CertifiedCopy(who, what, state, said["asked"], said["destroyed"] or 0, said["reason"], said["until"])
