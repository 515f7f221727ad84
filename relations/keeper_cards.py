"""Cards of the start page about keepers, listed in settings.HOME_CARDS; None hides a card."""

from __future__ import annotations

from django.core.cache import cache
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from accounts.home import Card, links_to
from accounts.models import Staff
from relations.models import Handover, HandoverItem
from relations.reports import orphans as orphan_reports
from relations.reports.handovers import given_away_by, handovers_of, offered_to
from relations.reports.orphans import OrphanCounts, known_soon

COUNT_SECONDS = 60  # counting reads the whole scope, and this page is opened all day
KEY = "relations.orphans.%d"


def orphans(staff: Staff) -> Card | None:
    """How many customers nobody keeps, for those who may give them out; hidden while there are none."""
    if not staff.has_perms(["customers.view_customer", "relations.view_orphans", "relations.assign_keeper"]):
        return None
    counts = _counts(staff)
    if counts is not None and not counts.open and not counts.explained:
        return None
    told = _("Explained besides: %(count)s") % {"count": localize(counts.explained)} if counts else ""
    return Card(
        _("Customers whom nobody keeps"),
        "user-off",
        text=told or _("They are counted when you open the list, which takes some seconds."),
        figure=localize(counts.open) if counts else "",
        links=links_to(
            [
                (_("Give them out"), "relations:orphan-list", "list-details"),
                (_("Keepers of the branch"), "relations:keeper-board", "users"),
            ]
        ),
    )


def _counts(staff: Staff) -> OrphanCounts | None:
    """A minute old, or as `known_soon` has them."""
    found = cache.get(KEY % staff.pk)
    if found is None:
        known = known_soon(staff, on=timezone.localdate())
        if known is None:
            return None
        found = known.counts
        cache.set(KEY % staff.pk, found, COUNT_SECONDS)
    return found


def count_anew(staff: Staff) -> None:
    """Let the next start page of this person count; to be called when they gave customers out or explained some."""
    cache.delete(KEY % staff.pk)
    orphan_reports.count_anew(staff, on=timezone.localdate())


def handovers(staff: Staff) -> Card | None:
    """What is offered to this person, whom they hand over, and plans that were refused; hidden while it is nothing."""
    if not staff.has_perms(["customers.view_customer", "relations.view_handover"]):
        return None
    is_keeper = staff.has_perm("relations.keep_customer")
    offered = offered_to(staff).count() if is_keeper else 0
    leaving = given_away_by(staff).exclude(state=HandoverItem.State.DONE).count() if is_keeper else 0
    plans = handovers_of(staff) if staff.has_perm("relations.plan_handover") else Handover.objects.none()
    refused = plans.filter(state=Handover.State.REFUSED).count()
    lines = [
        (
            offered,
            _("Offered to you: %(count)s"),
            (_("Customers offered to me"), "relations:handover-offered", "inbox"),
        ),
        (leaving, _("You hand over: %(count)s"), (_("Customers I hand over"), "relations:handover-leaving", "logout")),
        (
            refused,
            _("Handovers that were refused: %(count)s"),
            (_("Handovers"), "relations:handover-list", "list-details"),
        ),
    ]
    told = [(sentence % {"count": localize(count)}, page) for count, sentence, page in lines if count]
    if not told:
        return None
    text = " · ".join(sentence for sentence, _page in told)
    return Card(_("Handovers"), "arrows-exchange", text=text, links=links_to([page for _sentence, page in told]))
