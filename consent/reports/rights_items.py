"""What may be asked for by each kind of request, and what an item of one is called."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language

from consent.models import Purpose, RightsItem, RightsRequest
from consent.words.rights import ITEMS, SOLICITATION, STOP_SOLICITATION
from customers.golden.corrected import CORRECTABLE
from customers.reading import catalogue, label

Kind = RightsRequest.Kind
BY_STEWARDS = ("rrn", "crn", "company")
"""Items that a steward corrects from a paper: more than one typed word, or a number that nobody types here."""
CORRECTED = tuple(item for item in CORRECTABLE if item not in BY_STEWARDS)


def askable(kind: str) -> list[tuple[str, str]]:
    """(code, words) of everything that a request of this kind may ask for."""
    if kind in (Kind.CORRECTION, Kind.CREDIT_CORRECTION):
        items = catalogue()
        return [(code, label(code, items)) for code in CORRECTED]
    if kind in (Kind.STOP, Kind.WITHDRAWAL):
        first = [(SOLICITATION, str(STOP_SOLICITATION))] if kind == Kind.STOP else []
        return first + [(purpose.code, name_of(purpose)) for purpose in consented_purposes()]
    return [(code, str(words)) for code, words in ITEMS[kind].items()]


def consented_purposes() -> list[Purpose]:
    """The purposes that rest on consent, which can be withdrawn."""
    return list(Purpose.objects.filter(basis=Purpose.Basis.CONSENT, closed_on=None).order_by("pk"))


def name_of(purpose: Purpose) -> str:
    """A purpose in the reader's language."""
    return purpose.english_name if get_language() == "en" else purpose.name


def item_words(items: Sequence[RightsItem], kind: str) -> dict[str, str]:
    """{code: words} of the items of a request; a purpose that was closed since keeps its code's name."""
    known = dict(askable(kind))
    missing = {item.item for item in items} - known.keys()
    known |= {purpose.code: name_of(purpose) for purpose in Purpose.objects.filter(code__in=missing)} if missing else {}
    return {item.item: known.get(item.item, item.item) for item in items}
