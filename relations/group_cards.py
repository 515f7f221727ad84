"""The card of ends of group cover on the start page, listed in settings.HOME_CARDS; None hides it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.home import Card, links_to
from accounts.models import Staff
from customers.formats import amount
from customers.paging import bounded_count
from relations import wall


def cover_ends(staff: Staff) -> Card | None:
    """How many customers of the planner lose group cover and were not seen yet; hidden while there are none."""
    if not staff.has_perms(["customers.view_customer", "relations.keep_customer"]):
        return None
    count, _is_exact = bounded_count(wall.cover_ends_for(staff).filter(seen_at=None))
    if not count:
        return None
    figure = ngettext("%(count)s customer", "%(count)s customers", count) % {"count": amount(count)}
    return Card(
        _("Ends of group cover"),
        "calendar-event",
        text=_("Cover by an employer ends. These customers consented to be told what they can do."),
        figure=figure,
        links=links_to([(_("Ends of group cover"), "relations:cover-end-list", "list-details")]),
    )
