"""Declared work: what somebody was given to do with a customer on a day. A value that is opened is matched with it.

`settings.DECLARED_WORK` lists functions `(staff, customer, day) -> works`; apps above bring schedules and cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from customers.formats import KOREA
from customers.models import Act, Customer, CustomerStaffGrant, Duty, Link, Pair, Proposal

MOST_OF_A_KIND = 5
WORDS: Mapping[str, Promise] = {
    "PAIR": _("pair %(id)s for review"),
    "PROPOSAL": _("merge proposal %(id)s"),
    "DUTY": _("something to look at (%(id)s)"),
    "ACT": _("decision %(id)s of that day"),
    "CASE": _("a case for which the customer was opened to you (%(id)s)"),
    "NAMED": _("you are a named person of the customer (%(id)s)"),
    "BREAK_GLASS": _("emergency access (%(id)s)"),
}
"""{code of a work: how it is called, with its id}."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something that somebody was given to do: what kind it is, a code of `DECLARED_WORK_WORDS`, and which."""

    code: str
    id: int

    @property
    def key(self) -> str:
        """As it is kept with what was done for it: `PAIR 12`."""
        return f"{self.code} {self.id}"

    def __str__(self) -> str:
        return written_work(self.key)


def written_work(key: str) -> str:
    """A kept work in words; the key itself where no app has words for it, '' for none."""
    code, _space, number = key.partition(" ")
    tables = (import_string(path) for path in settings.DECLARED_WORK_WORDS)
    words = next((table[code] for table in tables if code in table), None)
    return str(words) % {"id": number} if words else key


def works_of(staff: Staff, customer: Customer, on: date) -> list[Work]:
    """All that `staff` was given to do with the customer on a day of Korea, in the order of the settings."""
    return [work for path in settings.DECLARED_WORK for work in import_string(path)(staff, customer, on)]


def fitting_work(staff: Staff, customer: Customer, on: date) -> Work | None:
    """The first of them; None where looking at the customer fits no declared work."""
    return next(iter(works_of(staff, customer, on)), None)


def pairs(staff: Staff, customer: Customer, on: date) -> Iterator[Work]:
    """Pairs that the person took before them and that hold a record of the customer."""
    records = Link.objects.filter(customer=customer).values("record")
    held = Pair.objects.filter(Q(left__in=records) | Q(right__in=records), assigned_to=staff, state=Pair.State.OPEN)
    return _works("PAIR", held.values_list("pk", flat=True))


def proposals(staff: Staff, customer: Customer, on: date) -> Iterator[Work]:
    """Merges of the customer that wait for a second person, proposed by this one or theirs to approve."""
    about = Proposal.objects.waiting().filter(Q(survivor=customer) | Q(retired_ids__contains=[customer.pk]))
    if not staff.has_perm("customers.approve_merge"):
        about = about.filter(proposed_by=staff)
    return _works("PROPOSAL", about.order_by().values_list("pk", flat=True))


def duties(staff: Staff, customer: Customer, on: date) -> Iterator[Work]:
    """What the person is to look at."""
    return _works(
        "DUTY", Duty.objects.filter(staff=staff, customer=customer, done_at=None).values_list("pk", flat=True)
    )


def acts(staff: Staff, customer: Customer, on: date) -> Iterator[Work]:
    """What the person decided about the customer that day."""
    begins, ends = _span(on)
    done = Act.objects.filter(customers__customer=customer, by=staff, at__gte=begins, at__lt=ends)
    return _works("ACT", done.values_list("pk", flat=True))


def grants(staff: Staff, customer: Customer, on: date) -> Iterator[Work]:
    """Grants to the person that held at some time of that day and say for what."""
    begins, ends = _span(on)
    held = CustomerStaffGrant.objects.filter(user=staff, content_object=customer, granted_at__lt=ends)
    held = held.filter(Q(ends_at=None) | Q(ends_at__gt=begins)).exclude(reason="")
    return (Work(kind, pk) for pk, kind in held.order_by("pk").values_list("pk", "kind")[:MOST_OF_A_KIND])


def _works(code: str, ids: Iterable[int]) -> Iterator[Work]:
    return (Work(code, pk) for pk in ids.order_by("pk")[:MOST_OF_A_KIND])


def _span(on: date) -> tuple[datetime, datetime]:
    """The day in Korea from midnight to midnight."""
    begins = datetime.combine(on, time.min, KOREA)
    return begins, begins + timedelta(days=1)
