"""Prospects on the start page, listed in settings.HOME_CARDS; None hides a card."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from accounts.home import Card, links_to
from accounts.models import Staff
from relations.models import Prospect, ProspectDispute
from relations.reports.prospects import prospect_lines, with_people
from relations.rules.prospects import COUNTDOWN_DAYS

FEW = 5


def prospects(staff: Staff) -> Card | None:
    """The own prospects whose consent runs out next; hidden from whoever has none."""
    if not staff.has_perms(["relations.view_prospect", "relations.register_prospect"]):
        return None
    own = Prospect.objects.filter(fp=staff, state=Prospect.State.ACTIVE)
    soon = timezone.localdate() + timedelta(days=COUNTDOWN_DAYS[0])
    counts = own.aggregate(all=Count("pk"), soon=Count("pk", filter=Q(expires_on__lte=soon)))
    if not counts["all"]:
        return None
    rows = (
        list(with_people(own.filter(expires_on__lte=soon)).order_by("expires_on", "pk")[:FEW]) if counts["soon"] else []
    )
    return Card(
        _("My prospects"),
        "user-plus",
        template="relations/_prospect_card.html",
        figure=_("%(count)s in force") % {"count": localize(counts["all"])},
        text=_("Running out within 14 days: %(count)s") % {"count": localize(counts["soon"])},
        links=links_to(
            [
                (_("Register a prospect"), "relations:prospect-register", "user-plus"),
                (_("List of prospects"), "relations:prospect-list", "list-details"),
            ]
        ),
        content=prospect_lines(rows, staff, timezone.now()),
    )


def desk(staff: Staff) -> Card | None:
    """The questions that wait for the desk, and how many are late; hidden from those who judge none."""
    if not staff.has_perms(["relations.view_prospect", "relations.judge_prospect"]):
        return None
    waiting = ProspectDispute.objects.visible_to(staff).filter(state=ProspectDispute.State.OPEN)
    counts = waiting.aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_at__lt=timezone.now())))
    if not counts["all"]:
        return None
    return Card(
        _("Desk of prospects"),
        "scale",
        figure=_("%(count)s wait") % {"count": localize(counts["all"])},
        text=_("Overdue: %(count)s") % {"count": localize(counts["late"])},
        links=links_to([(_("Go to the desk"), "relations:dispute-list", "list-details")]),
    )
