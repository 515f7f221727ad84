"""The master's cards on the start page, listed in settings.HOME_CARDS; None hides a card."""

from django.utils.formats import localize
from django.utils.translation import gettext as _

from accounts.home import Card, links_to
from accounts.models import Staff
from customers.models import Customer, FeedRun

MOST_COUNTED = 1_000
NEWEST = 5


def customers_in_scope(staff: Staff) -> Card | None:
    """How many customers this person may see, and the ways to them."""
    if not staff.has_perm("customers.view_customer"):
        return None
    scope, sentence = _scope_of(staff)
    return Card(
        scope,
        "users",
        text=sentence,
        figure=_figure(staff),
        links=links_to(
            [
                (_("List of customers"), "customers:customer-list", "list-details"),
                (_("Search for a customer"), "customers:search", "list-search"),
            ]
        ),
    )


def newest_feed_runs(staff: Staff) -> Card | None:
    """What was fed last, with what came of it."""
    if not staff.has_perm("customers.view_feedrun"):
        return None
    runs = FeedRun.objects.select_related("source").order_by("-requested_at", "-pk")[:NEWEST]
    return Card(
        _("Newest feeds"),
        "database-import",
        template="customers/_newest_feed_runs.html",
        content=list(runs),
        links=links_to([(_("All feeds"), "customers:feed-list", "list-details")]),
        is_wide=True,
    )


def _scope_of(staff: Staff) -> tuple[str, str]:
    """What to call the customers this person may see, and why these."""
    if staff.has_perm("customers.view_every_customer"):
        return _("All customers"), _("Your role lets you see the customers of the whole company.")
    if staff.has_perm("customers.view_branch_customers"):
        return _("Customers of my branch"), _("The customers of your branch and of the branches below it.")
    return _("My customers"), _("The customers you keep, and those opened to you singly.")


def _figure(staff: Staff) -> str:
    """An honest count that never reads more than it needs."""
    visible = Customer.objects.visible_to(staff).filter(state=Customer.State.ACTIVE)
    count = visible[: MOST_COUNTED + 1].count()
    if count > MOST_COUNTED:
        return _("More than %(count)s") % {"count": localize(MOST_COUNTED)}
    return localize(count)
