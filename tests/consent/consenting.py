"""Plain builders of consents, for the tests of many areas: answers recorded by the service, at any instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Staff
from consent.models import Consent, Purpose, Receipt, Recipient, Text
from consent.services.consents import Answer, record_receipt, withdraw
from consent.state import Held, Key, held
from customers import merging
from customers.models import Act, Customer, Merge
from customers.services.acting import begin_act
from tests.customers.builders import KST, NOW

PUBLISHED = datetime(2020, 1, 1, tzinfo=KST)


def back_date_texts(at: datetime = PUBLISHED) -> None:
    """Let the first texts have been in use since `at`, so that answers of the past can be recorded."""
    Text.objects.filter(state=Text.State.PUBLISHED).update(published_at=at)


def purpose(code: str = "MARKETING") -> Purpose:
    return Purpose.objects.get(code=code)


def answer(code: str = "MARKETING", said: str = "GIVEN", channel: str = "", recipient: str = "") -> Answer:
    """An answer; to a purpose with channels for its first one."""
    asked = purpose(code)
    to = Recipient.objects.get(code=recipient) if recipient else None
    return Answer(asked, said, channel or (asked.channels or ["ANY"])[0], to)


def consents(
    customer: Customer,
    *answers: Answer,
    at: datetime = NOW,
    recorded_at: datetime | None = None,
    by: Staff | None = None,
    method: str = "PAPER",
    **fields: object,
) -> Receipt:
    """A receipt of these answers, without any of one consent to marketing; answered at `at`, recorded then too."""
    return record_receipt(
        customer=customer,
        answers=answers or [answer()],
        method=method,
        answered_at=at,
        by=by,
        at=recorded_at or max(at, NOW),
        **fields,
    )


def withdraws(customer: Customer, *, at: datetime = NOW, by: Staff | None = None, **fields: object) -> Receipt | None:
    return withdraw(customer=customer, by=by, at=at, **fields)


def says(
    customer: Customer, code: str = "MARKETING", channel: str = "", *, at: datetime | None = None, recipient: str = ""
) -> str:
    """What holds of one purpose at an instant, '' where nothing was said; without one, at the end of all times."""
    asked = purpose(code)
    to = Recipient.objects.get(code=recipient).pk if recipient else None
    key = Key(asked.pk, channel or (asked.channels or ["ANY"])[0], to)
    found = state(customer, at or timezone.now() + timedelta(days=1)).get(key)
    return found.answer if found else ""


def state(customer: Customer, at: datetime) -> dict[Key, Held]:
    return held([customer.pk], at)[customer.pk]


def rows(customer: Customer) -> list[tuple[str, str, str]]:
    """[(purpose, channel, answer)] as they were written under a number."""
    found = Consent.objects.filter(customer=customer).order_by("pk")
    return list(found.values_list("purpose__code", "channel", "answer"))


def merge(retired: Sequence[Customer] | Customer, into: Customer, *, at: datetime = NOW) -> Act:
    """Retire customers into another one, as a merge does."""
    act = begin_act(kind=Act.Kind.MERGE, by=None, at=at)
    ones = [retired] if isinstance(retired, Customer) else retired
    merging.absorb(merges=[(one.pk, into.pk) for one in ones], at=at, act=act)
    for one in ones:
        one.refresh_from_db()
    return act


def unmerge(retired: Customer, *, at: datetime = NOW) -> None:
    """Let a retired customer come back, as an unmerge does."""
    act = begin_act(kind=Act.Kind.UNMERGE, by=None, at=at)
    merges = Merge.objects.filter(retired=retired, ended_by=None).select_related("act", "retired")
    merging.restore(merges=list(merges), at=at, act=act)
    retired.refresh_from_db()
