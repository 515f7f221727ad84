"""Cards of the start page for compliance and privacy, listed in settings.HOME_CARDS; None hides a card."""

from __future__ import annotations

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.home import Card, links_to
from accounts.models import Staff
from consent.reports.breaches import open_breaches
from consent.reports.wall import LATE, SOON, UNDER_WAY, Figure, figures
from consent.words.wall import GROUPS

# Who acts on what the law asks, beside those who only watch.
PERMISSION = "consent.set_legalnumber"
COUNT_SECONDS = 60  # counting reads whole lists, and this page is opened all day
KEY = "consent.wall.figures.%d.%s"


def breach_clocks(staff: Staff) -> Card | None:
    """Open breaches with the time that is left; hidden while there is none."""
    if not (staff.has_perm("consent.view_breach") and staff.has_perm("consent.handle_breach")):
        return None
    lines = open_breaches(timezone.now())
    if not lines:
        return None
    links = links_to([(_("Breaches"), "consent:breach-list", "list-details")])
    return Card(
        _("Breaches"), "alert-triangle", "consent/_wall_breaches_home.html", content=lines, links=links, is_wide=True
    )


def due_and_late(staff: Staff) -> Card | None:
    """What compliance or privacy has to do today, and what is late; hidden from others."""
    if not staff.has_perm(PERMISSION):
        return None
    found = _figures(staff)
    groups = [(GROUPS[code], [one for one in found if one.group == code]) for code in (LATE, SOON)]
    links = links_to(
        [
            (_("The company at a glance"), "consent:wall", "chart-bar"),
            (_("Numbers of the law"), "consent:number-list", "scale"),
        ]
    )
    return Card(
        _("Consent and the law today"),
        "scale",
        "consent/_wall_card.html",
        content=groups,
        links=links,
        is_wide=True,
    )


def under_way(staff: Staff) -> Card | None:
    """What waits for compliance or privacy without a day; hidden while it is nothing."""
    if not staff.has_perm(PERMISSION):
        return None
    found = [one for one in _figures(staff) if one.group == UNDER_WAY]
    if not found:
        return None
    groups = [(GROUPS[UNDER_WAY], found)]
    return Card(_("Waiting for compliance"), "inbox", "consent/_wall_card.html", content=groups, is_wide=True)


def _figures(staff: Staff) -> list[Figure]:
    """Those that are not nothing, at most a minute old; the view of the whole company counts anew."""
    key = KEY % (staff.pk, get_language())
    found = cache.get(key)
    if found is None:
        found = [one for one in figures(staff, timezone.now()) if one.count]
        cache.set(key, found, COUNT_SECONDS)
    return found
