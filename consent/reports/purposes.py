"""Purposes with the version in use and what lives on it, one purpose with all its versions, and the recipients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language

from consent.models import Channel, Purpose, Recipient, Text
from consent.reports.texts_counts import Counted, Live, Shares, counted
from consent.reports.texts_retired import Retirement, retirement_of
from consent.rules.texts import OUTSIDERS
from customers.models import Item

TONES = {"DRAFT": "azure", "PUBLISHED": "green", "RETIRED": "secondary"}


@dataclass(frozen=True)
class VersionLine:
    """A version with what lives on it, and how it went out of use."""

    text: Text
    tone: str
    live: Live
    retirement: Retirement | None


@dataclass(frozen=True)
class PurposeLine:
    """A purpose in the list. in_use: the version that people are asked with; drafts: how many wait."""

    purpose: Purpose
    name: str
    channels: tuple[str, ...]
    recipients: tuple[str, ...]
    in_use: VersionLine | None
    drafts: int
    older: Live
    shares: Shares


@dataclass(frozen=True)
class PurposeList:
    """All purposes, those in use first. counted_at: when consents were counted."""

    lines: tuple[PurposeLine, ...]
    counted_at: datetime


@dataclass(frozen=True)
class PurposeReport:
    """One purpose with its versions, the newest first. items: names in the language of the reader."""

    line: PurposeLine
    items: tuple[str, ...]
    versions: tuple[VersionLine, ...]
    counted_at: datetime


@dataclass(frozen=True)
class RecipientLine:
    """A recipient with the versions in use that name it, [(text, purpose name)]."""

    recipient: Recipient
    is_outside: bool
    texts: tuple[tuple[Text, str], ...]


def purpose_list(at: datetime) -> PurposeList:
    """Every purpose that there is or was; there are few."""
    counts = counted(at)
    purposes = _with_texts(Purpose.objects.order_by("closed_on", "-is_required", "pk"))
    lines = [_line(purpose, counts) for purpose in purposes]
    lines.sort(key=lambda line: line.purpose.closed_on is not None)
    return PurposeList(tuple(lines), counts.at)


def purpose_report(purpose: Purpose, at: datetime) -> PurposeReport:
    """One purpose; the counts as old as those of the list."""
    counts = counted(at)
    purpose = _with_texts(Purpose.objects.filter(pk=purpose.pk)).get()
    texts = sorted(purpose.texts.all(), key=lambda text: -text.number)
    return PurposeReport(
        _line(purpose, counts),
        item_names(purpose.items),
        tuple(_version(text, texts, counts) for text in texts),
        counts.at,
    )


def recipient_list() -> tuple[RecipientLine, ...]:
    """Every recipient that there is or was; those that are open first."""
    texts = Text.objects.published().select_related("purpose").order_by("purpose_id")
    rows = Recipient.objects.prefetch_related(Prefetch("texts", texts, to_attr="in_use")).order_by("kind", "pk")
    lines = [
        RecipientLine(row, row.kind in OUTSIDERS, tuple((text, name_of(text.purpose)) for text in row.in_use))
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: line.recipient.closed_on is not None))


def name_of(purpose: Purpose) -> str:
    """The purpose in the language of the reader."""
    return purpose.english_name if get_language() == "en" else purpose.name


def item_names(codes: Sequence[str]) -> tuple[str, ...]:
    """Items in the language of the reader, in the order given; an unknown one as its code."""
    names = {item.code: str(item) for item in Item.objects.filter(code__in=codes)}
    return tuple(names.get(code, code) for code in codes)


def _with_texts(purposes: QuerySet[Purpose]) -> QuerySet[Purpose]:
    texts = Text.objects.select_related("drafted_by", "published_by", "retired_by").prefetch_related("recipients")
    return purposes.select_related("closed_by").prefetch_related(Prefetch("texts", texts.order_by("number")))


def _line(purpose: Purpose, counts: Counted) -> PurposeLine:
    texts = list(purpose.texts.all())
    in_use = next((text for text in texts if text.state == Text.State.PUBLISHED), None)
    older = [counts.versions.get(text.pk, Live()) for text in texts if text.state == Text.State.RETIRED]
    return PurposeLine(
        purpose,
        name_of(purpose),
        tuple(str(Channel(channel).label) for channel in purpose.channels),
        tuple(recipient.name for recipient in in_use.recipients.all()) if in_use else (),
        _version(in_use, texts, counts) if in_use else None,
        sum(text.state == Text.State.DRAFT for text in texts),
        Live(sum(live.answers for live in older), sum(live.customers for live in older)),
        Shares(counts.answers.get(purpose.pk, {})),
    )


def _version(text: Text, versions: Sequence[Text], counts: Counted) -> VersionLine:
    live = counts.versions.get(text.pk, Live())
    return VersionLine(text, TONES[text.state], live, retirement_of(text, versions))
