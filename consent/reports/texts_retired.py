"""How a version of a text went out of use: who ended it, why, and which version took its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Staff
from consent.models import Text


@dataclass(frozen=True, slots=True)
class Retirement:
    """The end of a version. by: None where nobody was noted; because: in their own words, empty where another version
    took its place or where the reason was not asked yet; follower: that other version.
    """

    at: datetime
    by: Staff | None
    because: str
    follower: Text | None


def retirement_of(text: Text, versions: Iterable[Text]) -> Retirement | None:
    """How `text` went out of use; None while it did not. versions: those of its purpose, with who published them.

    A version that takes the place of another is published at the very instant at which the other retires.
    """
    if text.retired_at is None:
        return None
    follower = next((each for each in versions if each.published_at == text.retired_at), None)
    by = text.retired_by or (follower.published_by if follower else None)
    return Retirement(text.retired_at, by, text.retired_because, follower)
