"""What customers who are about to be merged have answered differently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import timezone

from accounts.models import Staff
from consent.models import Channel
from consent.reports.consents import ITEM, NO_ANSWER, of_key, purposes_and_recipients
from consent.rules.consents import STRICTNESS, strictest
from consent.state import Held, Key, held
from consent.words.consents import answer_words, purpose_name
from customers import formats
from customers.merging import Caution
from customers.models import Customer
from customers.reading import Place, Reading, read


def cautions(customers: Sequence[Customer], viewer: Staff) -> list[Caution]:
    """A caution for every purpose, channel and recipient to which they have answered differently, in two queries."""
    if not viewer.has_perm("consent.view_consent"):
        return []
    at = timezone.now()
    states = held([customer.pk for customer in customers], at)
    if not any(states.values()):
        return []
    return list(_cautions(customers, [states[customer.pk] for customer in customers], viewer))


def _cautions(customers: Sequence[Customer], states: Sequence[dict[Key, Held]], viewer: Staff) -> Iterator[Caution]:
    purposes, recipients = purposes_and_recipients()
    readings = [read(customer, viewer, Place.LIST) for customer in customers]
    keys = {key for state in states for key in state}
    order = {channel: place for place, channel in enumerate(Channel.values)}
    names = {purpose.pk: purpose_name(purpose) for purpose in purposes}
    for key in sorted(keys, key=lambda key: (key.purpose_id, order[key.channel], key.recipient_id or 0)):
        answers = [state[key] for state in states if key in state]
        if len({STRICTNESS[answer.answer] for answer in answers}) < 2:
            continue
        label = " · ".join(filter(None, (names[key.purpose_id], of_key(key, recipients))))
        then = strictest(answer.answer for answer in answers)
        cells = [_cell(reading, state.get(key)) for reading, state in zip(readings, states, strict=True)]
        yield Caution(label, tuple(cells), readings[0].show(ITEM, answer_words(then)).text)


def _cell(reading: Reading, answer: Held | None) -> str:
    if answer is None:
        return NO_ANSWER
    return reading.show(ITEM, f"{answer_words(answer.answer)} ({formats.day(answer.since)})").text
