"""Second looks: decisions drawn by chance are judged by another steward, who does not see the first answer."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from accounts.models import Staff
from customers.models import Act, Duty, Proposal, Ruling, SecondLook

SALT = "customers.second_looks"
ONE, TWO = (Act.Kind.MERGE, Act.Kind.SAME), (Act.Kind.DIFFERENT, Act.Kind.LEGITIMATE)
DRAWN = (*ONE, *TWO)  # what a person decides about a pair
DISAGREES = "SECOND_LOOK_DIFFERS"
ANSWERS_OF_TWO = (Ruling.Answer.DIFFERENT, Ruling.Answer.LEGITIMATE)
AGREED = Q(kind__in=ONE, second_look__answer=Ruling.Answer.SAME) | Q(
    kind__in=TWO, second_look__answer__in=ANSWERS_OF_TWO
)
"""Acts whose second look came to the same: one customer or two. Which kind of two is no disagreement."""


class OwnDecision(Exception):
    """Nobody judges what they decided themselves."""


class AlreadyLooked(Exception):
    """Somebody else gave this second look meanwhile."""


class NothingToLookAt(Exception):
    """The decision was taken back, so there is nothing left to judge."""


class UnknownAnswer(Exception):
    """A second look ends with an answer of `Ruling.Answer`."""


def draw_second_look(*, act: Act | Proposal, at: datetime) -> SecondLook | None:
    """Let chance draw a decision for a second look; None where it was not drawn, or is none to be drawn.

    Drawn are decisions of persons on single pairs. What they will be cannot be foreseen, and drawing twice gives the
    same: the lot is a keyed hash of the act.
    """
    if not isinstance(act, Act) or act.kind not in DRAWN or not act.pair_id or not act.by_id or act.bulk_id:
        return None
    if not is_drawn(act.pk):
        return None
    look, _is_new = SecondLook.objects.get_or_create(act=act, defaults={"drawn_at": at})
    return look


def is_drawn(act_id: int) -> bool:
    """Whether the lot falls on an act: on `settings.SECOND_LOOK_PERCENT` of every hundred."""
    lot = int.from_bytes(salted_hmac(SALT, str(act_id), algorithm="sha256").digest()[:8], "big")
    return lot * 100 < settings.SECOND_LOOK_PERCENT << 64


def waiting_for(staff: Staff) -> QuerySet[SecondLook]:
    """The looks that `staff` may give: open, of decisions of others that still hold."""
    looks = SecondLook.objects.filter(looked_at=None, act__taken_back_by=None)
    return looks.exclude(act__by=staff)


@transaction.atomic
def take_second_look(*, by: Staff) -> SecondLook | None:
    """The look that `by` is to give next: the one before them, else the oldest that is before nobody, else the oldest
    that somebody left lying. None where none waits."""
    looks = waiting_for(by).select_for_update(of=("self",), skip_locked=True).order_by("drawn_at", "pk")
    look = looks.filter(looked_by=by).first() or looks.filter(looked_by=None).first() or looks.first()
    if look and look.looked_by_id != by.pk:
        look.looked_by = by
        look.save(update_fields=["looked_by"])
    return look


@transaction.atomic
def answer_second_look(*, look: SecondLook, answer: str, by: Staff, at: datetime, comment: str = "") -> SecondLook:
    """Keep what a second steward answers; the first one is told where the two disagree.

    answer: of `Ruling.Answer`. Raises UnknownAnswer, AlreadyLooked, OwnDecision, NothingToLookAt.
    """
    if answer not in Ruling.Answer.values:
        raise UnknownAnswer
    look = SecondLook.objects.select_for_update(of=("self",)).select_related("act").get(pk=look.pk)
    if look.looked_at:
        raise AlreadyLooked
    if look.act.by_id == by.pk:
        raise OwnDecision
    if look.act.taken_back_by_id:
        raise NothingToLookAt
    look.answer, look.comment, look.looked_by, look.looked_at = answer, comment, by, at
    look.save(update_fields=["answer", "comment", "looked_by", "looked_at"])
    if not agrees(look):
        _tell(look, at)
    return look


def agrees(look: SecondLook) -> bool:
    """Whether a look that was given came to what its act decided: one customer, or two."""
    is_one = look.answer == Ruling.Answer.SAME
    return is_one == (look.act.kind in ONE)


def _tell(look: SecondLook, at: datetime) -> None:
    """Give the first steward the duty to look at the decision again."""
    customer = look.act.customers.order_by("pk").values_list("customer", flat=True).first()
    Duty.objects.create(
        staff_id=look.act.by_id,
        act=look.act,
        customer_id=customer,
        text_code=DISAGREES,
        since=look.act.at,
        created_at=at,
    )
