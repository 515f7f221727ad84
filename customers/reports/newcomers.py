"""What the pages of unmerging and of acts ask about records that came since a merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Staff
from customers import matching_words as words
from customers import wording
from customers.models import Customer, SourceRecord
from customers.numbering import written_number
from customers.reading import Place, Shown, read
from customers.services.newcomers import Newcomer


@dataclass(frozen=True)
class Question:
    """A record that came since a merge. fits: id of the customer that the engine suggests; options: [(customer id, its
    number, how well the record fits it, in words)]."""

    record: SourceRecord
    source: str
    name: Shown
    birth_date: Shown
    phone: Shown
    options: tuple[tuple[int, str, str], ...]
    fits: int


def questions_of(
    newcomers: Sequence[Newcomer], holder: Customer, customers: Mapping[int, Customer], viewer: Staff
) -> tuple[Question, ...]:
    """The records to be asked about; they belong to `holder` now. customers: those that they may go with, by id."""
    reading = read(holder, viewer, Place.LIST)
    return tuple(
        Question(
            record=each.record,
            source=wording.source_name(each.record.source),
            name=reading.of("name", each.record),
            birth_date=reading.of("birth_date" if holder.kind == "PERSON" else "company", each.record),
            phone=reading.of("mobile" if each.record.mobile else "phone_home", each.record),
            options=tuple(
                (pk, written_number(customers[pk].number), fit_in_words(weight)) for pk, weight in each.weights.items()
            ),
            fits=each.fits,
        )
        for each in newcomers
    )


def fit_in_words(weight: float | None) -> str:
    """How well a record fits a customer. weight: bits of the best agreement with one of its records."""
    if weight is None:
        return _("nothing to compare with")
    speaks = _("speaks for it") if weight > 0 else _("speaks against it")
    return f"{speaks} ({words.signed(weight)})"
