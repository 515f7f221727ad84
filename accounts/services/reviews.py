"""The monthly review of the trail: drawn by risk, asked about, answered, decided entry by entry, signed."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.free_text import without_resident_numbers
from accounts.models import AccessCase, AccessEntry, AccessReview, ReviewItem, RightsChange, Staff, TrailHead
from accounts.reviews.drawing import draw
from accounts.reviews.report import digest_of, report_of, signature_of
from accounts.reviews.risks import all_risks
from accounts.reviews.workdays import month_after, working_days_after
from accounts.services.notices import notify
from accounts.services.rights import record_change

State = ReviewItem.State
UNDECIDED = (State.DRAWN, State.ASKED, State.ANSWERED)
ESCALATION = "REVIEW"
"""The kind of case that an escalated entry opens."""
LOCKED, UNLOCKED = "DOWNLOADS_LOCKED", "DOWNLOADS_UNLOCKED"
MOST_CUSTOMERS = 500
AT_ONCE = 200_000  # entries of a month that a page can wait for
DRAWN_COLUMNS = ("month", "lane", "number", "at", "staff_id", "weights", "risk")
_WAITING = Q(state=State.ASKED) | Q(state=State.ESCALATED, asked_at__isnull=False)


class AlreadyDrawn(Exception):
    """The month has its review already."""


class MonthNotOver(Exception):
    """The month is not over yet, so that its entries are not all there."""


class OwnEntry(Exception):
    """Nobody reviews what they did themselves."""


class AlreadyDecided(Exception):
    """Somebody accepted or escalated the entry before."""


class AlreadyAsked(Exception):
    """The person was asked about the entry before."""


class NotAsked(Exception):
    """Nobody asked this person about the entry."""


class AlreadyAnswered(Exception):
    """The question has an answer, which stands."""


class Undecided(Exception):
    """Some entries were neither accepted nor escalated."""


class AlreadySigned(Exception):
    """The report is signed; nothing of the review changes any more."""


@transaction.atomic
def draw_review(*, month: date, at: datetime, by: Staff | None = None, seed: str = "") -> AccessReview:
    """Draw the entries of a month that is over and tell those who review. by: None for the timetable.

    seed: that of an earlier draw, to draw the same again. Raises MonthNotOver, AlreadyDrawn.
    """
    month = month.replace(day=1)
    if month_after(month) > timezone.localdate(at):
        raise MonthNotOver
    seed = seed or secrets.token_hex(8)
    try:
        with transaction.atomic():
            review = AccessReview.objects.create(month=month, drawn_at=at, drawn_by=by)
    except IntegrityError:
        raise AlreadyDrawn from None
    found = draw(month=month, seed=seed, size=settings.REVIEW_SAMPLE, high=settings.REVIEW_HIGH_RISK)
    ReviewItem.objects.bulk_create(
        ReviewItem(review=review, **{name: getattr(row, name) for name in DRAWN_COLUMNS}) for row in found.drawn
    )
    review.counts = {
        "seed": seed,
        "size": settings.REVIEW_SAMPLE,
        "high": settings.REVIEW_HIGH_RISK,
        "points": {risk.code: risk.points for risk in all_risks()},
        "entries": found.entries,
        "people": found.people,
        "drawn": len(found.drawn),
        "by_reason": dict(found.by_reason),
    }
    review.save(update_fields=["counts"])
    _tell(holders("ask_accessreview").exclude(pk=by.pk if by else None), "REVIEW_DRAWN", at, review)
    return review


def request_review(*, month: date, at: datetime, by: Staff) -> AccessReview | None:
    """Draw a month at once; one with many entries is left to a worker, and None is returned.

    Raises MonthNotOver, AlreadyDrawn.
    """
    held = TrailHead.objects.filter(month=month.replace(day=1)).aggregate(entries=Sum("number"))["entries"] or 0
    if held <= AT_ONCE:
        return draw_review(month=month, at=at, by=by)
    if AccessReview.objects.filter(month=month.replace(day=1)).exists():
        raise AlreadyDrawn
    tasks.draw_review.delay_on_commit(by_id=by.pk)
    return None


@transaction.atomic
def ask(*, item: ReviewItem, question: str, by: Staff, at: datetime) -> ReviewItem:
    """Ask the person about an entry; they have `settings.REVIEW_ANSWER_DAYS` working days.

    Raises OwnEntry, AlreadyDecided, AlreadyAsked.
    """
    item = _undecided(item, by)
    if item.asked_at is not None:
        raise AlreadyAsked
    days, holidays = settings.REVIEW_ANSWER_DAYS, settings.KOREAN_HOLIDAYS
    item.state, item.asked_by, item.asked_at = State.ASKED, by, at
    item.question = without_resident_numbers(question)
    item.due_on = working_days_after(timezone.localdate(at), days, holidays)
    item.save(update_fields=["state", "question", "asked_by", "asked_at", "due_on"])
    what = {"due_on": item.due_on.isoformat()}
    notify(staff=[item.staff], kind="REVIEW_QUESTION", at=at, what=what, url=reverse("accounts:question-list"))
    return item


@transaction.atomic
def answer(*, item: ReviewItem, answer: str, by: Staff, at: datetime) -> ReviewItem:
    """Answer the question about an own entry, late or in time; that frees locked downloads.

    Raises NotAsked, AlreadyAnswered.
    """
    item = ReviewItem.objects.select_for_update(of=["self"]).select_related("asked_by").get(pk=item.pk)
    if item.staff_id != by.pk or item.asked_at is None or item.state == State.ACCEPTED:
        raise NotAsked
    if item.answered_at is not None:
        raise AlreadyAnswered
    item.answer, item.answered_at = without_resident_numbers(answer), at
    if item.state == State.ASKED:  # an escalated entry stays so
        item.state = State.ANSWERED
    item.save(update_fields=["answer", "answered_at", "state"])
    if _is_noted_as_locked(by) and not downloads_locked(by, timezone.localdate(at)):
        record_change(staff=by, by=None, at=at, kind=UNLOCKED)
    url = reverse("accounts:review-item", args=[item.pk])
    notify(staff=[item.asked_by], kind="REVIEW_ANSWERED", at=at, what={"month": _month(item.review)}, url=url)
    return item


@transaction.atomic
def accept(*, item: ReviewItem, finding: str = "", by: Staff, at: datetime) -> ReviewItem:
    """Accept an entry as explained; what it asked for falls away. Raises OwnEntry, AlreadyDecided."""
    return _decide(_undecided(item, by), State.ACCEPTED, finding, by, at)


@transaction.atomic
def escalate(*, item: ReviewItem, finding: str, by: Staff, at: datetime) -> AccessCase:
    """Open a case about an entry, or add it to that of the same person and day, and tell those who sign.

    Raises OwnEntry, AlreadyDecided.
    """
    item = _decide(_undecided(item, by), State.ESCALATED, finding, by, at)
    case = _case_of(item, at)
    told = holders("sign_accessreview").exclude(pk__in=[by.pk, item.staff_id])
    url = reverse("accounts:case-detail", args=[case.pk])
    notify(staff=told, kind="REVIEW_ESCALATED", at=at, what={"month": _month(item.review)}, url=url)
    return case


@transaction.atomic
def sign_review(*, review: AccessReview, remark: str, by: Staff, at: datetime) -> AccessReview:
    """Write the report of a review whose entries are all decided, and sign it; from then on nothing of it changes.

    Raises AlreadySigned, Undecided.
    """
    review = AccessReview.objects.select_for_update().get(pk=review.pk)
    if review.state == AccessReview.State.SIGNED:
        raise AlreadySigned
    if review.items.filter(state__in=UNDECIDED).exists():
        raise Undecided
    review.state, review.remark = AccessReview.State.SIGNED, without_resident_numbers(remark)
    review.signed_by, review.signed_at = by, at
    review.report = report_of(review)
    review.digest = digest_of(review.report)
    review.signature = signature_of(review)
    fields = ("state", "remark", "signed_by", "signed_at", "report", "digest", "signature")
    review.save(update_fields=fields)
    return review


def unanswered(staff: Staff) -> QuerySet[ReviewItem]:
    """The questions to `staff` that wait for an answer, the oldest first; one that was escalated waits as well."""
    return ReviewItem.objects.filter(_WAITING, staff=staff, answered_at=None).order_by("due_on", "pk")


def downloads_locked(staff: Staff, on: date) -> bool:
    """Whether `staff` may take no files on that day, because a question of the review is unanswered after its time."""
    return unanswered(staff).filter(due_on__lt=on).exists()


@transaction.atomic
def note_locks(*, at: datetime) -> int:
    """Put on record whose downloads are locked since their time to answer is over, and tell them; how many are new.

    The lock itself needs no record: it holds from the first minute of the day after.
    """
    overdue = ReviewItem.objects.filter(_WAITING, answered_at=None, due_on__lt=timezone.localdate(at))
    people = Staff.objects.filter(pk__in=overdue.values("staff")).order_by("pk")
    new = [staff for staff in people if not _is_noted_as_locked(staff)]
    for staff in new:
        record_change(staff=staff, by=None, at=at, kind=LOCKED)
    notify(staff=new, kind=LOCKED, at=at, url=reverse("accounts:question-list"))
    return len(new)


def _is_noted_as_locked(staff: Staff) -> bool:
    noted = RightsChange.objects.filter(staff=staff, kind__in=[LOCKED, UNLOCKED]).order_by("-at", "-pk")
    return noted.values_list("kind", flat=True).first() == LOCKED


def holders(permission: str) -> QuerySet[Staff]:
    """Everybody at work whose roles give this permission of the accounts app."""
    given = Q(groups__permissions__codename=permission, groups__permissions__content_type__app_label="accounts")
    return Staff.objects.filter(given, is_active=True).distinct().order_by("pk")


def _undecided(item: ReviewItem, by: Staff) -> ReviewItem:
    """The row of `item`, locked, for somebody who may decide about it."""
    item = ReviewItem.objects.select_for_update(of=["self"]).select_related("staff", "review").get(pk=item.pk)
    if item.staff_id == by.pk:
        raise OwnEntry
    if item.state not in UNDECIDED:
        raise AlreadyDecided
    return item


def _decide(item: ReviewItem, state: str, finding: str, by: Staff, at: datetime) -> ReviewItem:
    item.state, item.decided_by, item.decided_at = state, by, at
    item.finding = without_resident_numbers(finding)
    item.save(update_fields=["state", "finding", "decided_by", "decided_at"])
    return item


def _case_of(item: ReviewItem, at: datetime) -> AccessCase:
    """The case of what was escalated of one person and day; one that was closed opens again, its comment stays."""
    key = {"kind": ESCALATION, "staff": item.staff, "day": timezone.localdate(item.at)}
    case, is_new = AccessCase.objects.select_for_update(of=["self"]).get_or_create(**key, defaults={"found_at": at})
    entry = AccessEntry.objects.filter(month=item.month, lane=item.lane, number=item.number).first()
    seen = entry.customers[:MOST_CUSTOMERS] if entry else []
    case.customers = sorted({*case.customers, *seen})[:MOST_CUSTOMERS]
    case.facts = {"entries": case.facts.get("entries", 0) + 1}
    if case.state == AccessCase.State.CLOSED:
        case.state, case.finding, case.closed_by, case.closed_at = AccessCase.State.OPEN, "", None, None
    case.save()
    return case


def _month(review: AccessReview) -> str:
    return f"{review.month:%Y-%m}"


def _tell(staff: QuerySet[Staff], kind: str, at: datetime, review: AccessReview) -> None:
    url = reverse("accounts:review-detail", args=[review.pk])
    notify(staff=staff, kind=kind, at=at, what={"month": _month(review)}, url=url)
