"""What an answer must be to be recorded; each refusal has a name, and `consent.words.consents` a sentence for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from consent.models import Channel, Consent, Purpose, Receipt, Recipient, Text
from consent.reports.consents_asking import PROVISIONS
from consent.rules.consents import age_on, needs_representative
from customers.models import Customer

SAID = (Consent.Answer.GIVEN, Consent.Answer.REFUSED, Consent.Answer.WITHDRAWN)


class Refused(Exception):
    """What was answered cannot be recorded."""


class AnsweredInFuture(Refused):
    """The instant of the answer has not come yet."""


class NothingAnswered(Refused):
    """There is no answer to record."""


class AnsweredTwice(Refused):
    """One purpose, channel and recipient is answered twice on one occasion."""


class NotAnAnswer(Refused):
    """An answer is to give, to refuse or to withdraw; a consent lapses by itself."""


class WrongChannel(Refused):
    """The purpose is not asked for by this channel; one that reaches nobody has none."""


class WrongRecipient(Refused):
    """The purpose needs a recipient that its text names, or has none."""


class TextUnfit(Refused):
    """The text belongs to another purpose, or was not in use at the instant of the answer."""


class GuardianNeeded(Refused):
    """For a child the legal representative consents, and must be named."""


class RepresentativeUnfit(Refused):
    """A representative is another person, of age and active; whoever answers for themselves names none."""


class MergedAway(Refused):
    """The customer was merged; `into` is the number that answers now."""

    def __init__(self, into: str) -> None:
        super().__init__(into)
        self.into = into


class CustomerGone(Refused):
    """The customer is kept apart or destroyed: nothing is recorded any more. state: which of both."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state

    @classmethod
    def refuse(cls, customer: Customer) -> None:
        """Raises CustomerGone or MergedAway where the customer is not active."""
        if customer.state == Customer.State.MERGED:
            raise MergedAway(customer.merged_into.number)
        if customer.state != Customer.State.ACTIVE:
            raise cls(customer.state)


@dataclass(frozen=True)
class Answer:
    """One answer. answer: GIVEN, REFUSED or WITHDRAWN; text: None for the one in use at that instant."""

    purpose: Purpose
    answer: str
    channel: str = Channel.ANY
    recipient: Recipient | None = None
    text: Text | None = None


def check_occasion(*, answered_at: datetime, at: datetime) -> None:
    """Raises AnsweredInFuture. Instants are compared as such, whatever zone they were told in."""
    if answered_at > at:
        raise AnsweredInFuture


def check_answers(answers: Sequence[Answer]) -> None:
    """Raises NothingAnswered, NotAnAnswer, AnsweredTwice, WrongChannel, WrongRecipient."""
    if not answers:
        raise NothingAnswered
    if any(answer.answer not in SAID for answer in answers):
        raise NotAnAnswer
    keys = Counter((answer.purpose.pk, answer.channel, answer.recipient and answer.recipient.pk) for answer in answers)
    if max(keys.values()) > 1:
        raise AnsweredTwice
    for answer in answers:
        if answer.channel not in (answer.purpose.channels or [Channel.ANY]):
            raise WrongChannel
        _check_recipient(answer)


def _check_recipient(answer: Answer) -> None:
    wanted = PROVISIONS.get(answer.purpose.kind)
    found = answer.recipient.kind if answer.recipient else None
    if wanted != found:
        raise WrongRecipient


def check_person(
    *,
    customer: Customer,
    answers: Sequence[Answer],
    on: date,
    by_role: str,
    representative: Customer | None,
    legal: Mapping[str, int],
) -> None:
    """Whether whoever answered may. A child may refuse and withdraw alone, and not consent.

    legal: the numbers of the law on the day of the answer. Raises GuardianNeeded, RepresentativeUnfit.
    """
    if representative is not None and not _is_fit(representative, customer, on, by_role, legal):
        raise RepresentativeUnfit
    gives = any(answer.answer == Consent.Answer.GIVEN for answer in answers)
    is_named = by_role == Receipt.Role.LEGAL_REP and representative is not None
    if gives and not is_named and needs_representative(customer.birth_date, on, legal["guardian_age"]):
        raise GuardianNeeded


def _is_fit(representative: Customer, customer: Customer, on: date, by_role: str, legal: Mapping[str, int]) -> bool:
    born = representative.birth_date
    return (
        by_role != Receipt.Role.SELF
        and representative.pk != customer.pk
        and representative.kind == "PERSON"
        and representative.state == Customer.State.ACTIVE
        and (born is None or age_on(born, on) >= legal["adult_age"])
    )


def text_of(answer: Answer, *, method: str, answered_at: datetime) -> Text | None:
    """The words that were answered. Without one named it is the version in use at that instant; a refusal, and what a
    source says of itself, may have none. Raises TextUnfit, WrongRecipient."""
    text = answer.text
    if text is None:
        text = _in_use(answer.purpose, answered_at)
        is_needed = answer.answer == Consent.Answer.GIVEN and method != Receipt.Method.SOURCE
        if text is None and is_needed:
            raise TextUnfit
    elif not _was_in_use(text, answer.purpose, answered_at):
        raise TextUnfit
    if answer.recipient is not None and text is not None:
        named = set(text.recipients.values_list("pk", flat=True))
        if named and answer.recipient.pk not in named:
            raise WrongRecipient
    return text


def _in_use(purpose: Purpose, at: datetime) -> Text | None:
    published = Text.objects.filter(purpose=purpose, published_at__lte=at).exclude(state=Text.State.DRAFT)
    newest = published.order_by("-published_at", "-pk").first()
    return newest if newest is not None and _was_in_use(newest, purpose, at) else None


def _was_in_use(text: Text, purpose: Purpose, at: datetime) -> bool:
    return (
        text.purpose_id == purpose.pk
        and text.state != Text.State.DRAFT
        and text.published_at is not None
        and text.published_at <= at
        and (text.retired_at is None or at < text.retired_at)
    )
