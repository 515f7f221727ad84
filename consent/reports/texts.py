"""One version of a text: whether it says all that is asked, how the customer reads it, what changed since the one
before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.timezone import localdate

from accounts.models import Staff
from consent.models import Purpose, Recipient, Text
from consent.reports.purposes import name_of
from consent.reports.texts_counts import Live, counted
from consent.reports.texts_retired import Retirement, retirement_of
from consent.rules.texts import Piece, checks_of, word_changes
from consent.services.texts import Words, says, wording_of
from consent.words.texts import DEMANDS, PARTS
from customers.models import Item


@dataclass(frozen=True)
class CheckLine:
    """A demand of the law in words, with its clause."""

    words: Promise
    clause: str
    is_met: bool


@dataclass(frozen=True)
class ChangeLine:
    """A part of the text that is not as it was. pieces: of wordings; gone, new: of lists."""

    label: Promise
    pieces: tuple[Piece, ...] = ()
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextReport:
    """A version. items: Korean names, since customers read them; before: the version that it follows; can_publish:
    whether the reader is a second person and nothing is missing; is_intact: whether it says what was published, None
    for what the set-up published; retirement: how it went out of use."""

    text: Text
    purpose_name: str
    items: tuple[str, ...]
    recipients: tuple[Recipient, ...]
    checks: tuple[CheckLine, ...]
    before: Text | None
    changes: tuple[ChangeLine, ...]
    live: Live
    is_own: bool
    is_intact: bool | None
    retirement: Retirement | None

    @property
    def missing(self) -> int:
        """How many demands it does not meet."""
        return sum(not check.is_met for check in self.checks)

    @property
    def can_publish(self) -> bool:
        return self.text.state == Text.State.DRAFT and not self.is_own and not self.missing


def text_report(text: Text, viewer: Staff, at: datetime) -> TextReport:
    """The version as it is. `text` comes with its purpose."""
    recipients = tuple(text.recipients.order_by("pk"))
    before = text.purpose.texts.filter(number__lt=text.number).exclude(state=Text.State.DRAFT).order_by("-number")
    earlier = before.first()
    codes = [*text.items, *(earlier.items if earlier else [])]
    names = dict(Item.objects.filter(code__in=codes).values_list("code", "name"))
    return TextReport(
        text,
        name_of(text.purpose),
        tuple(names.get(code, code) for code in text.items),
        recipients,
        tuple(
            CheckLine(DEMANDS[checked.demand], checked.clause, checked.is_met)
            for checked in checks_of(wording_of(text, on=localdate(at)))
        ),
        earlier,
        _changes(earlier, text, recipients, names) if earlier else (),
        counted(at).versions.get(text.pk, Live()),
        text.drafted_by_id == viewer.pk,
        says(text) == text.digest if text.published_by_id else None,
        retirement_of(text, text.purpose.texts.exclude(published_at=None).select_related("published_by")),
    )


def words_of(text: Text | None, purpose: Purpose) -> Words:
    """What a draft begins with: the words of a version, or those of the purpose where there is none."""
    if text is None:
        return Words(title=purpose.name, body="", items=purpose.items, retention="", refusal="")
    return Words(
        title=text.title,
        body=text.body,
        items=text.items,
        retention=text.retention,
        refusal=text.refusal,
        recipients=tuple(text.recipients.order_by("pk")),
        is_material=text.is_material,
        ask_again_by=text.ask_again_by,
        comment=text.comment,
    )


def _changes(
    before: Text, after: Text, recipients: tuple[Recipient, ...], names: dict[str, str]
) -> tuple[ChangeLine, ...]:
    said = {"recipients": [recipient.name for recipient in before.recipients.order_by("pk")]}
    says = {"recipients": [recipient.name for recipient in recipients]}
    said["items"] = [names.get(code, code) for code in before.items]
    says["items"] = [names.get(code, code) for code in after.items]
    found = []
    for part, label in PARTS.items():
        if part in says:
            gone = tuple(each for each in said[part] if each not in says[part])
            new = tuple(each for each in says[part] if each not in said[part])
            if gone or new:
                found.append(ChangeLine(label, gone=gone, new=new))
        elif getattr(before, part) != getattr(after, part):
            found.append(ChangeLine(label, word_changes(getattr(before, part), getattr(after, part))))
    return tuple(found)
