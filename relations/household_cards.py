"""The card of households on the start page, listed in settings.HOME_CARDS; None hides it."""

from django.utils.formats import localize
from django.utils.translation import gettext as _

from accounts.home import Card, links_to
from accounts.models import Staff
from customers.paging import bounded_count
from relations.models import HouseholdSuggestion


def suggestions(staff: Staff) -> Card | None:
    """How many suggested households wait for a steward."""
    if not staff.has_perm("relations.decide_household"):
        return None
    count, is_exact = bounded_count(HouseholdSuggestion.objects.waiting())
    waiting = _("%(count)s suggestions wait") if is_exact else _("More than %(count)s suggestions wait")
    return Card(
        _("Suggested households"),
        "users-group",
        text=_("Customers who seem to belong together."),
        figure=waiting % {"count": localize(count)},
        links=links_to(
            [
                (_("Go to the suggestions"), "relations:suggestion-list", "list-details"),
                (_("Households"), "relations:household-list", "users-group"),
            ]
        ),
    )
