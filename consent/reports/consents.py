"""What a customer has answered, as pages show it: the state at an instant by purpose and channel, and every receipt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.models import Staff
from consent.models import Channel, Consent, Purpose, Receipt
from consent.rules.consents import WEAK, written_receipt
from consent.state import Held, Key, held, is_given
from consent.words.consents import (
    CHANNELS,
    ICONS,
    METHODS,
    PROOF_TONES,
    PROOFS,
    TONES,
    answer_words,
    because_words,
    lag,
    purpose_name,
)
from customers import formats
from customers.access import Level
from customers.models import Customer
from customers.numbering import written_number
from customers.reading import Reading

ITEM = "consent"
NO_ANSWER = "–"
RECIPIENTS = "(SELECT jsonb_object_agg(id, name) FROM consent_recipient)"


@dataclass(frozen=True)
class Cell:
    """An answer to a purpose. of: the channel or recipient, '' for a purpose that has neither; until: the last day on
    which it holds, '' for none; is_soon: it runs out within a month."""

    of: str
    answer: str
    tone: str
    icon: str
    since: str
    until: str
    is_soon: bool


@dataclass(frozen=True)
class PurposeLine:
    """A purpose and the answers to it. basis: what the use rests on where no consent is needed, else ''; is_silent:
    nothing was ever said of it, by any channel."""

    name: str
    kind: str
    clause: str
    is_required: bool
    basis: str
    cells: tuple[Cell, ...]
    is_silent: bool = False


@dataclass(frozen=True)
class StateReport:
    """What holds at an instant. is_usable: at least one purpose that needs consent has one."""

    lines: tuple[PurposeLine, ...]
    is_usable: bool
    given_count: int
    at: datetime

    @property
    def silent(self) -> str:
        """The names of the purposes of which nothing was said."""
        return ", ".join(line.name for line in self.lines if line.is_silent)

    @property
    def spoken(self) -> tuple[PurposeLine, ...]:
        """The purposes of which something was said."""
        return tuple(line for line in self.lines if not line.is_silent and not line.basis)


@dataclass(frozen=True)
class ReceiptAnswer:
    """A row of a receipt. because: why it was written where nobody answered; of: channel or recipient."""

    purpose: str
    of: str
    answer: str
    tone: str
    text: str
    since: str
    until: str
    because: str


@dataclass(frozen=True)
class ReceiptLine:
    """A receipt. under: the number that answered where that is another one; took: how long until it was recorded."""

    number: str
    under: str
    method: str
    proof: str
    proof_tone: str
    is_weak: bool
    evidence: str
    digest: str
    by_role: str
    representative: str
    source: str
    branch: str
    taken_by: str
    answered: str
    recorded: str
    took: str
    answers: tuple[ReceiptAnswer, ...]


def purposes_and_recipients() -> tuple[list[Purpose], dict[int, str]]:
    """All purposes, and the names of all recipients, in one query."""
    told = RawSQL(RECIPIENTS, ())  # noqa: S611 - a constant
    rows = list(Purpose.objects.annotate(all_recipients=told).order_by("pk"))
    told = rows[0].all_recipients if rows else None
    names = json.loads(told) if isinstance(told, str) else told or {}
    return rows, {int(pk): name for pk, name in names.items()}


def state_report(
    customer: Customer, reading: Reading, at: datetime, answers: Mapping[Key, Held] | None = None
) -> StateReport:
    """What `customer` consents to at `at`, as the reader of `reading` may see it.

    answers: what `consent.state.held` says then, where that is known. One query, two without answers.
    """
    day = timezone.localdate(at)
    purposes, recipients = purposes_and_recipients()
    answers = held([customer.pk], at)[customer.pk] if answers is None else answers
    lines = [
        _line(purpose, answers, recipients, reading, day) for purpose in purposes if _is_shown(purpose, answers, day)
    ]
    by_consent = {purpose.pk for purpose in purposes if purpose.basis == Purpose.Basis.CONSENT}
    given = sum(is_given(answer) for key, answer in answers.items() if key.purpose_id in by_consent)
    return StateReport(tuple(lines), given > 0, given, at)


def _is_shown(purpose: Purpose, answers: Iterable[Key], day: date) -> bool:
    is_open = purpose.closed_on is None or purpose.closed_on > day
    return is_open or any(key.purpose_id == purpose.pk for key in answers)


def _line(
    purpose: Purpose, answers: Mapping[Key, Held], recipients: Mapping[int, str], reading: Reading, day: date
) -> PurposeLine:
    own = {key: answer for key, answer in answers.items() if key.purpose_id == purpose.pk}
    needs_none = purpose.basis != Purpose.Basis.CONSENT and not own
    keys = [Key(purpose.pk, channel, None) for channel in purpose.channels]
    keys += sorted(own.keys() - set(keys), key=lambda key: (key.channel, key.recipient_id or 0))
    keys = keys or [Key(purpose.pk, Channel.ANY, None)]
    return PurposeLine(
        name=purpose_name(purpose),
        kind=str(purpose.get_kind_display()),
        clause=purpose.clause,
        is_required=purpose.is_required,
        basis=str(purpose.get_basis_display()) if needs_none else "",
        cells=() if needs_none else tuple(_cell(key, own.get(key), recipients, reading, day) for key in keys),
        is_silent=not own and not needs_none,
    )


def _cell(key: Key, answer: Held | None, recipients: Mapping[int, str], reading: Reading, day: date) -> Cell:
    code = answer.answer if answer else ""
    shown = reading.show(ITEM, answer_words(code))
    is_full = shown.level is Level.FULL
    expires = answer.expires_on if answer and code == Consent.Answer.GIVEN else None
    return Cell(
        of=of_key(key, recipients),
        answer=shown.text,
        tone=TONES[code] if is_full else TONES[""],
        icon=ICONS[code] if is_full else "",
        since=formats.day(answer.since) if answer and is_full else "",
        until=formats.day(last_day(expires)) if is_full else "",
        is_soon=is_full and expires is not None and (expires - day).days <= 30,
    )


def last_day(expires_on: date | None) -> date | None:
    """The last day on which a consent holds, of the first on which it does not."""
    return date.fromordinal(expires_on.toordinal() - 1) if expires_on else None


def of_key(key: Key, recipients: Mapping[int, str]) -> str:
    """Who or what an answer is for besides its purpose."""
    if key.recipient_id is not None:
        return recipients.get(key.recipient_id, "")
    return "" if key.channel == Channel.ANY else str(CHANNELS[key.channel])


def numbers_of(customer: Customer) -> list[int]:
    """The ids of the customer and of all numbers that have become part of it, its own first."""
    return [customer.pk, *Customer.objects.filter(merged_into=customer.pk).order_by("pk").values_list("pk", flat=True)]


def receipts_about(numbers: Sequence[int]) -> QuerySet[Receipt]:
    """The receipts that say something of one of these numbers, with all that a line needs."""
    rows = Consent.objects.select_related("purpose", "text", "recipient").order_by("pk").filter(customer__in=numbers)
    about = Exists(Consent.objects.filter(receipt=OuterRef("pk"), customer__in=numbers))
    people = ("customer", "representative", "source", "branch", "taken_by")
    return Receipt.objects.filter(about).select_related(*people).prefetch_related(Prefetch("consents", rows))


def receipt_lines(
    receipts: Iterable[Receipt], customer: Customer, reading: Reading, viewer: Staff
) -> list[ReceiptLine]:
    """Receipts of `receipts_about` as lines; who represented somebody is named by number, to those who may see them."""
    receipts = list(receipts)
    named = {receipt.representative_id for receipt in receipts if receipt.representative_id}
    seen = (
        set(Customer.objects.visible_to(viewer).filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    )
    return [_receipt(receipt, customer, reading, seen) for receipt in receipts]


def _receipt(receipt: Receipt, customer: Customer, reading: Reading, seen: set[int]) -> ReceiptLine:
    answers = {}
    for consent in receipt.consents.all():
        key = (consent.purpose_id, consent.channel, consent.recipient_id, consent.answer, consent.at)
        answers.setdefault(key, consent)
    names_representative = receipt.representative_id in seen
    return ReceiptLine(
        number=written_receipt(receipt.number),
        under=written_number(receipt.customer.number) if receipt.customer_id != customer.pk else "",
        method=str(METHODS[receipt.method]),
        proof=str(PROOFS[receipt.proof]),
        proof_tone=PROOF_TONES[receipt.proof],
        is_weak=receipt.proof >= WEAK,
        evidence=reading.show(ITEM, receipt.evidence).text,
        digest=receipt.evidence_digest,
        by_role=str(receipt.get_by_role_display()),
        representative=written_number(receipt.representative.number) if names_representative else "",
        source=str(receipt.source or ""),
        branch=str(receipt.branch or ""),
        taken_by=str(receipt.taken_by or ""),
        answered=formats.moment(receipt.answered_at),
        recorded=formats.moment(receipt.recorded_at),
        took=lag(receipt.recorded_at - receipt.answered_at),
        answers=tuple(_answer(consent, reading) for consent in answers.values()),
    )


def _answer(consent: Consent, reading: Reading) -> ReceiptAnswer:
    key = Key(consent.purpose_id, consent.channel, consent.recipient_id)
    shown = reading.show(ITEM, answer_words(consent.answer))
    is_full = shown.level is Level.FULL
    return ReceiptAnswer(
        purpose=purpose_name(consent.purpose),
        of=of_key(key, {consent.recipient_id: consent.recipient.name} if consent.recipient else {}),
        answer=shown.text,
        tone=TONES[consent.answer] if is_full else TONES[""],
        text=f"v{consent.text.number}" if consent.text else "",
        since=formats.moment(consent.at),
        until=formats.day(last_day(consent.expires_on)) if is_full else "",
        because=because_words(consent.because),
    )
