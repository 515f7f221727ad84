"""The purpose wall: the only door to what employers gave about the people whom they insure.

They gave it so that a group contract can be kept, and for nothing else (Personal Information Protection Act, article
18; Commercial Act, article 735-3; Enforcement Decree of the Insurance Business Act, article 102). So nobody reads it
for sales or campaigns, whatever else they may see: the query is refused, and the refusal is kept with the clause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Staff
from accounts.purposes import Purpose, purpose_of
from accounts.trail import describe
from customers.models import Customer
from customers.querysets import sees_everyone
from relations.models import CoverEnd, GroupMember
from relations.querysets import GroupMemberQuerySet
from relations.services.groups_walls import FORBIDDEN, note_refusal
from relations.words import groups as words

REFUSED = (Purpose.SALES, Purpose.CAMPAIGN)
MOST_ASKED = 60


class PurposeWall(Exception):
    """Data of an employer were asked for a purpose that they were not given for. clause: what forbids it."""

    def __init__(self, *, by: Staff, purpose: str, asked: str, is_kept: bool) -> None:
        super().__init__(purpose, asked)
        self.by, self.purpose, self.asked, self.is_kept = by, purpose, asked, is_kept
        self.clause: str = settings.PURPOSE_WALL_CLAUSE


def lets_through(viewer: Staff) -> bool:
    """Whether the viewer's purpose, as it is now, may see members; for what is not asked unless it may."""
    return purpose_of(viewer) not in REFUSED


def members_for(purpose: str | None, viewer: Staff, asked: str) -> GroupMemberQuerySet:
    """The members of group contracts whose organisation the viewer may see, for this purpose.

    asked: in a word, what for; it holds no personal data. Raises PurposeWall for sales and campaigns; the refusal is
    kept at once, or where a transaction is open, by whoever catches it outside: `PurposeWallMiddleware`, `watching`.
    """
    if purpose in REFUSED:
        problem = PurposeWall(by=viewer, purpose=str(purpose), asked=asked[:MOST_ASKED], is_kept=False)
        if not connection.in_atomic_block:
            keep(problem)
        raise problem
    if sees_everyone(viewer):
        return GroupMember.objects.all()
    return GroupMember.objects.filter(organisation__in=Customer.objects.visible_to(viewer))


def covers_for(purpose: str | None, viewer: Staff, customer: Customer, asked: str) -> GroupMemberQuerySet:
    """The covers of one person whom the viewer may see, whoever the employer is. Raises PurposeWall."""
    if purpose in REFUSED:
        return members_for(purpose, viewer, asked)
    return GroupMember.objects.filter(customer=customer)


def cover_ends_for(viewer: Staff) -> QuerySet[CoverEnd]:
    """The ends of cover that the viewer, a planner, may speak of: of persons who consent still, are theirs still, and
    are protected from nobody. Of the employer nothing more is in it than the day."""
    may_be_told = Q(member__customer__marketing_consent_on__isnull=False, member__customer__protections=None)
    ends = CoverEnd.objects.filter(may_be_told, fp=viewer, why_not="")
    return ends.filter(member__customer__in=Customer.objects.visible_to(viewer))


def keep(problem: PurposeWall) -> None:
    """Keep a refusal, once."""
    if not problem.is_kept:
        note_refusal(
            by=problem.by, purpose=problem.purpose, asked=problem.asked, clause=problem.clause, at=timezone.now()
        )
        problem.is_kept = True


@contextmanager
def watching() -> Iterator[None]:
    """Keep a refusal that ends a job. To be opened around its transaction, which is undone by then."""
    try:
        yield
    except PurposeWall as problem:
        keep(problem)
        raise


class PurposeWallMiddleware:
    """Answers a query that met the wall with the clause, and keeps it; the transaction of the page is over by then.

    It stands behind the trail, whose entry of this answer holds the clause too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of the refusal; None for whatever else was raised."""
        if not isinstance(exception, PurposeWall):
            return None
        keep(exception)
        describe(reason=exception.clause, conditions={"asked": exception.asked, "refused_for": exception.purpose})
        context = {"clause": words.clause(exception.clause), "purpose": Purpose(exception.purpose).label}
        return render(request, "relations/wall_refused.html", context, status=FORBIDDEN)
