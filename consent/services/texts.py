"""Texts of consent: drafting a version, putting it to use by a second person, taking one out of use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from consent.models import Purpose, Recipient, Text
from consent.rules.texts import Checked, Party, Wording, fingerprint, missing_of
from customers.models import Item
from customers.services.rule_versions import NotADraft, NothingChanged, OwnDraft


class PurposeClosed(Exception):
    """Nobody is asked for this purpose any more."""


class UnknownItem(Exception):
    """The text names an item that is not in the catalogue."""


class SayUntilWhen(Exception):
    """A version that asks everybody again must say until when."""


class TextIncomplete(Exception):
    """The text does not say all that the law asks. missing: what, with clauses."""

    def __init__(self, missing: Sequence[Checked]) -> None:
        super().__init__(", ".join(checked.demand for checked in missing))
        self.missing = tuple(missing)


class NotInUse(Exception):
    """The version is a draft, or was taken out of use before."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a version says. items: codes of the catalogue, in the order in which they are read."""

    title: str
    body: str
    items: Sequence[str]
    retention: str
    refusal: str
    recipients: Sequence[Recipient] = ()
    is_material: bool = False
    ask_again_by: date | None = None
    comment: str = ""

    @property
    def fields(self) -> dict[str, object]:
        """The columns of the version; recipients are rows beside it."""
        return {
            "title": self.title,
            "body": self.body,
            "items": list(dict.fromkeys(self.items)),
            "retention": self.retention,
            "refusal": self.refusal,
            "is_material": self.is_material,
            "ask_again_by": self.ask_again_by if self.is_material else None,
            "comment": self.comment,
        }


@transaction.atomic
def draft_text(*, purpose: Purpose, words: Words, by: Staff, at: datetime) -> Text:
    """Keep a new version as a draft under the next number of its purpose.

    Raises PurposeClosed, UnknownItem, NothingChanged (from the newest version).
    """
    purpose = Purpose.objects.select_for_update().get(pk=purpose.pk)
    if purpose.closed_on is not None:
        raise PurposeClosed
    _refuse_unknown(words.items)
    newest = purpose.texts.order_by("-number").first()
    if newest is not None and says(newest) == _would_say(words):
        raise NothingChanged
    number = newest.number + 1 if newest else 1
    text = Text.objects.create(purpose=purpose, number=number, drafted_by=by, drafted_at=at, **words.fields)
    text.recipients.set(words.recipients)
    return text


@transaction.atomic
def revise_text(*, text: Text, words: Words, by: Staff, at: datetime) -> Text:
    """Let a draft say something else; whoever revises it becomes its author. Raises NotADraft, UnknownItem."""
    text = _draft(text)
    _refuse_unknown(words.items)
    fields = words.fields | {"drafted_by": by, "drafted_at": at}
    for name, value in fields.items():
        setattr(text, name, value)
    text.save(update_fields=list(fields))
    text.recipients.set(words.recipients)
    return text


@transaction.atomic
def discard_text(*, text: Text) -> None:
    """Throw a draft away. Raises NotADraft."""
    _draft(text).delete()


@transaction.atomic
def publish_text(*, text: Text, by: Staff, at: datetime) -> Text:
    """Put a draft of somebody else to use: its words are fixed, the version before retires, the purpose takes over its
    items. Consents that were given keep the version that they were given to.

    Raises NotADraft, OwnDraft, PurposeClosed, SayUntilWhen, TextIncomplete.
    """
    text = _draft(text)
    purpose = Purpose.objects.select_for_update().get(pk=text.purpose_id)
    if text.drafted_by_id == by.pk:
        raise OwnDraft
    if purpose.closed_on is not None:
        raise PurposeClosed
    if text.is_material and text.ask_again_by is None:
        raise SayUntilWhen
    missing = missing_of(wording_of(text, on=localdate(at)))
    if missing:
        raise TextIncomplete(missing)
    purpose.texts.filter(state=Text.State.PUBLISHED).update(state=Text.State.RETIRED, retired_at=at, retired_by=by)
    text.state, text.published_by, text.published_at, text.digest = Text.State.PUBLISHED, by, at, says(text)
    text.save(update_fields=["state", "published_by", "published_at", "digest"])
    purpose.items = text.items
    purpose.save(update_fields=["items"])
    return text


@transaction.atomic
def retire_text(*, text: Text, because: str, by: Staff, at: datetime) -> Text:
    """Take the version in use out of use, for a reason, so that nobody is asked until another is published; what rests
    on it goes on resting on it. Raises NotInUse.
    """
    text = Text.objects.select_for_update().get(pk=text.pk)
    if text.state != Text.State.PUBLISHED:
        raise NotInUse
    text.state, text.retired_at, text.retired_by = Text.State.RETIRED, at, by
    text.retired_because = without_resident_numbers(because.strip())
    text.save(update_fields=["state", "retired_at", "retired_by", "retired_because"])
    return text


def wording_of(text: Text, *, on: date) -> Wording:
    """The text as the rules judge it. on: the day on which its recipients must be open."""
    purpose = text.purpose
    return Wording(
        kind=purpose.kind,
        basis=purpose.basis,
        is_required=purpose.is_required,
        title=text.title,
        body=text.body,
        items=tuple(text.items),
        retention=text.retention,
        refusal=text.refusal,
        recipients=tuple(_party(recipient, on) for recipient in text.recipients.order_by("pk")),
        grades=dict(Item.objects.filter(code__in=text.items).values_list("code", "grade")),
    )


def _party(recipient: Recipient, on: date) -> Party:
    is_closed = recipient.closed_on is not None and recipient.closed_on <= on
    return Party(recipient.code, recipient.kind, recipient.country, recipient.task, is_closed)


def _draft(text: Text) -> Text:
    """The draft as it is now, held until the transaction ends. Raises NotADraft."""
    text = Text.objects.select_for_update().filter(pk=text.pk).first()
    if text is None or text.state != Text.State.DRAFT:
        raise NotADraft
    return text


def _refuse_unknown(items: Iterable[str]) -> None:
    known = set(Item.objects.filter(code__in=items).values_list("code", flat=True))
    if not known.issuperset(items):
        raise UnknownItem


def says(text: Text) -> str:
    """The fingerprint of what the version says as it stands, its items and recipients included."""
    codes = text.recipients.values_list("code", flat=True)
    return fingerprint(text.title, text.body, text.retention, text.refusal, text.items, codes)


def _would_say(words: Words) -> str:
    codes = [recipient.code for recipient in words.recipients]
    return fingerprint(words.title, words.body, words.retention, words.refusal, words.items, codes)
