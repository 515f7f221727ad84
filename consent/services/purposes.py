"""Purposes and recipients: opening and closing them. What they were used for before stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from consent.models import Purpose, Recipient, Text


class CodeTaken(Exception):
    """There is a purpose, or recipient, of this code already."""


class AlreadyClosed(Exception):
    """It was closed before."""


class StillNamed(Exception):
    """A version in use names the recipient. texts: which, [(purpose, version)]."""

    def __init__(self, texts: Sequence[tuple[str, int]]) -> None:
        super().__init__()
        self.texts = tuple(texts)


@transaction.atomic
def open_purpose(*, code: str, **fields: object) -> Purpose:
    """Open a purpose; nobody is asked for it before a text of it is published. Raises CodeTaken."""
    purpose, is_new = Purpose.objects.get_or_create(code=code, defaults=fields)
    if not is_new:
        raise CodeTaken
    return purpose


@transaction.atomic
def close_purpose(*, purpose: Purpose, because: str, by: Staff, on: date, at: datetime) -> Purpose:
    """Ask nobody for it from a day on, for a reason; its version goes out of use for the same, consents stay as proof.

    Raises AlreadyClosed.
    """
    purpose = Purpose.objects.select_for_update().get(pk=purpose.pk)
    if purpose.closed_on is not None:
        raise AlreadyClosed
    purpose.closed_on, purpose.closed_by = on, by
    purpose.closed_because = without_resident_numbers(because.strip())
    purpose.save(update_fields=["closed_on", "closed_by", "closed_because"])
    purpose.texts.filter(state=Text.State.PUBLISHED).update(
        state=Text.State.RETIRED, retired_at=at, retired_by=by, retired_because=purpose.closed_because
    )
    return purpose


@transaction.atomic
def register_recipient(*, code: str, **fields: object) -> Recipient:
    """Register somebody who receives data. Raises CodeTaken."""
    recipient, is_new = Recipient.objects.get_or_create(code=code, defaults=fields)
    if not is_new:
        raise CodeTaken
    return recipient


@transaction.atomic
def close_recipient(*, recipient: Recipient, on: date) -> Recipient:
    """Let nothing go to it from a day on; no version in use may name it. Raises AlreadyClosed, StillNamed."""
    recipient = Recipient.objects.select_for_update().get(pk=recipient.pk)
    if recipient.closed_on is not None:
        raise AlreadyClosed
    named = Text.objects.published().filter(recipients=recipient).order_by("purpose_id")
    texts = list(named.values_list("purpose__name", "number"))
    if texts:
        raise StillNamed(texts)
    recipient.closed_on = on
    recipient.save(update_fields=["closed_on"])
    return recipient
