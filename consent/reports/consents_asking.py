"""What a customer can be asked for, and what can be taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from consent.models import Channel, Consent, Purpose, Recipient, Text
from consent.rules.consents import STRICTNESS
from consent.state import Key

PROVISIONS = {Purpose.Kind.PROVISION: Recipient.Kind.THIRD_PARTY, Purpose.Kind.ABROAD: Recipient.Kind.ABROAD}
"""Purposes that give data out, and the kind of recipient that must be named."""


@dataclass(frozen=True)
class Asked:
    """A purpose that customers are asked for, the words in use, and what each answer is to: recipients only for a
    purpose that gives data out."""

    purpose: Purpose
    text: Text
    keys: tuple[tuple[Key, Recipient | None], ...]


def asked_on(day: date) -> list[Asked]:
    """The purposes that need consent and are open on a day, with a text in use; four queries."""
    texts = Text.objects.published().prefetch_related("recipients")
    purposes = Purpose.objects.filter(basis=Purpose.Basis.CONSENT).order_by("pk")
    recipients = list(Recipient.objects.filter(closed_on=None).order_by("pk"))
    asked = []
    for purpose in purposes.prefetch_related(Prefetch("texts", texts, to_attr="in_use")):
        if purpose.in_use and (purpose.closed_on is None or purpose.closed_on > day):
            text = purpose.in_use[0]
            asked.append(Asked(purpose, text, _keys(purpose, text, recipients)))
    return asked


def _keys(purpose: Purpose, text: Text, recipients: Sequence[Recipient]) -> tuple[tuple[Key, Recipient | None], ...]:
    kind = PROVISIONS.get(purpose.kind)
    if kind is None:
        return tuple((Key(purpose.pk, channel, None), None) for channel in purpose.channels or [Channel.ANY])
    named = [one for one in text.recipients.all() if one.kind == kind]
    chosen = named or [one for one in recipients if one.kind == kind]
    channels = purpose.channels or [Channel.ANY]
    return tuple((Key(purpose.pk, channel, one.pk), one) for one in chosen for channel in channels)


def standing_keys(
    numbers: Sequence[int], at: datetime, purposes: Collection[Purpose] | None = None, channel: str | None = None
) -> list[Key]:
    """The keys that any of these numbers consents to by itself, or did until it ran out: a merge may hide one behind a
    stricter answer, and an unmerge would bring it back. purposes, channel: None for all."""
    own = Consent.objects.filter(customer__in=numbers, at__lte=at).exclude(answer=Consent.Answer.LAPSED)
    if purposes is not None:
        own = own.filter(purpose__in=purposes)
    if channel is not None:
        own = own.filter(channel=channel)
    columns = ("customer_id", "purpose_id", "channel", "recipient_id")
    newest: dict[tuple[int | str | None, ...], tuple[datetime, int]] = {}
    for *key, answer, said_at in own.order_by("pk").values_list(*columns, "answer", "at"):
        word = (said_at, STRICTNESS[answer])
        newest[tuple(key)] = max(newest.get(tuple(key), word), word)
    given = {Key(*key[1:]) for key, (_at, strictness) in newest.items() if strictness == STRICTNESS["GIVEN"]}
    return sorted(given, key=lambda key: (key.purpose_id, key.channel, key.recipient_id or 0))
