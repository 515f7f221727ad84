"""What must be known to understand a customer as of a day: numbers that came, went and were retired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers import formats
from customers.models import Customer, Merge
from customers.numbering import written_number
from customers.reports.as_of_records import RecordsThen

NUMBERS_LIMIT = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """The instant that was asked for. text: as it stands in the address, a day or a minute in Korea."""

    text: str
    instant: datetime

    @property
    def written(self) -> str:
        """2026-11-23, or 2026-11-23 14:30."""
        return self.text.replace("T", " ")

    def page_of(self, number: str) -> str:
        """The address of another number's page as of the same instant."""
        return f"{reverse('customers:customer-detail', args=[number])}?as_of={self.text}"


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence, and where it applies the page of the number that it names."""

    text: str
    url: str = ""
    number: str = ""


def remarks_of(
    own: Customer, state: models.Model | None, customer: Customer, then: RecordsThen, asked: Asked
) -> Iterator[Remark]:
    """own: the customer whose number was asked for; state: its history row then; customer: where the number leads to
    now."""
    if state is None:
        yield Remark(
            _("Hannun did not know this customer yet: it came to be on %(day)s.") % {"day": formats.day(own.created_at)}
        )
    elif state.state == Customer.State.MERGED:
        yield from _retired_then(state, asked)
    if own.pk != customer.pk:
        if state is None or state.state == Customer.State.ACTIVE:
            yield _retired_since(own, customer, asked)
        return
    yield from _merged_since(own, asked)
    yield from _came_out_since(own, asked)
    if then.gone_count:
        yield _gone(then)


def _retired_then(state: models.Model, asked: Asked) -> Iterator[Remark]:
    number = Customer.objects.filter(pk=state.merged_into_id).values_list("number", flat=True).first()
    if number:
        text = _("This number was retired by then: it had been merged into %(number)s on %(day)s.")
        words = {"number": written_number(number), "day": formats.day(state.merged_at)}
        yield Remark(text % words, asked.page_of(number), number)


def _retired_since(own: Customer, customer: Customer, asked: Asked) -> Remark:
    text = _("This number was retired later, on %(day)s. What is known now rests on all records of %(number)s.")
    words = {"day": formats.day(own.merged_at), "number": written_number(customer.number)}
    return Remark(text % words, asked.page_of(customer.number), customer.number)


def _merged_since(own: Customer, asked: Asked) -> Iterator[Remark]:
    """Customers of their own then, which are part of this one now."""
    later = own.absorbed.filter(merged_at__gt=asked.instant, created_at__lte=asked.instant)
    found = list(later.order_by("merged_at", "pk").values_list("number", "merged_at"))
    for number, merged_at in found[:NUMBERS_LIMIT]:
        text = _("%(number)s was a customer of its own then; it was merged into this one on %(day)s.")
        words = {"number": written_number(number), "day": formats.day(merged_at)}
        yield Remark(text % words, asked.page_of(number), number)
    more = len(found) - NUMBERS_LIMIT
    if more > 0:
        text = ngettext(
            "%(count)s more number was merged into this one later.",
            "%(count)s more numbers were merged into this one later.",
            more,
        )
        yield Remark(text % {"count": formats.amount(more)})


def _came_out_since(own: Customer, asked: Asked) -> Iterator[Remark]:
    """Customers that were part of this one then, and live on their own again."""
    ended = Merge.objects.filter(
        survivor=own, act__at__lte=asked.instant, ended_by__at__gt=asked.instant
    ).select_related("ended_by", "retired")
    for merge in ended.order_by("ended_by__at", "pk")[:NUMBERS_LIMIT]:
        text = _("%(number)s was part of this customer then; it came out again on %(day)s.")
        words = {"number": written_number(merge.retired.number), "day": formats.day(merge.ended_by.at)}
        yield Remark(text % words, asked.page_of(merge.retired.number), merge.retired.number)


def _gone(then: RecordsThen) -> Remark:
    text = ngettext(
        "%(count)s source record that this customer had then belongs to another customer now, since %(day)s.",
        "%(count)s source records that this customer had then belong to other customers now, the last since %(day)s.",
        then.gone_count,
    )
    return Remark(text % {"count": formats.amount(then.gone_count), "day": then.gone_on})
