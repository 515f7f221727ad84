"""The master's cards on the start page, listed in settings.HOME_CARDS; None hides a card."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from accounts.home import Card, links_to
from accounts.models import Staff
from customers.models import Customer, Duty, FeedRun, Proposal, SourceSystem
from customers.numbering import written_number
from customers.paging import bounded_count
from customers.pair_filters import PairFilter
from customers.stewardship_words import DUTIES

NEWEST = 5
MOST_DUTIES = 20


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
    fed = FeedRun.objects.exclude(file_path="")  # what is typed here belongs to a run without a file
    runs = fed.select_related("source").order_by("-requested_at", "-pk")[:NEWEST]
    return Card(
        _("Newest feeds"),
        "database-import",
        template="customers/_newest_feed_runs.html",
        content=list(runs),
        links=links_to([(_("All feeds"), "customers:feed-list", "list-details")]),
        is_wide=True,
    )


@dataclass(frozen=True)
class Punctuality:
    """A source and when its last file was loaded; is_late: that is longer ago than its expected lag."""

    source: SourceSystem
    last_at: datetime | None
    is_late: bool


def punctuality_of_sources(staff: Staff) -> Card | None:
    """Which source is late: the gap is somebody's work. Hidden as long as no file was ever loaded."""
    if not staff.has_perm("customers.view_feedrun"):
        return None
    loaded = Q(feed_runs__state=FeedRun.State.DONE, feed_runs__is_dry_run=False)
    sources = SourceSystem.objects.filter(is_active=True).annotate(last_at=Max("feed_runs__finished_at", filter=loaded))
    now = timezone.now()
    rows = [_punctuality(source, now) for source in sources.order_by("code")]
    if not any(row.last_at for row in rows):
        return None
    return Card(_("Sources on time"), "clock", template="customers/_sources_on_time.html", content=rows, is_wide=True)


def _punctuality(source: SourceSystem, now: datetime) -> Punctuality:
    is_late = source.last_at is not None and now - source.last_at > timedelta(hours=source.expected_lag_hours)
    return Punctuality(source, source.last_at, is_late)


@dataclass(frozen=True)
class DutyLine:
    """Something that the reader is to look at. number, url: of its customer, '' where that is hidden from them."""

    duty: Duty
    text: str
    number: str
    url: str


def review(staff: Staff) -> Card | None:
    """What waits for a steward: pairs, those they have before them, merges to approve."""
    if not (staff.has_perm("customers.decide_pair") and staff.has_perm("customers.view_pair")):
        return None
    count, is_exact = bounded_count(PairFilter(viewer=staff).qs)
    waiting = _("%(count)s pairs wait") if is_exact else _("More than %(count)s pairs wait")
    mine = PairFilter({"mine": "true"}, viewer=staff).qs.count()
    facts = [_("Before you: %(count)s") % {"count": localize(mine)}]
    if staff.has_perm("customers.approve_merge"):
        others = Proposal.objects.filter(state=Proposal.State.OPEN).exclude(proposed_by=staff).count()
        facts.append(_("Merges to approve: %(count)s") % {"count": localize(others)})
    return Card(
        _("Pairs for review"),
        "git-compare",
        text=" · ".join(facts),
        figure=waiting % {"count": localize(count)},
        links=links_to(
            [
                (_("Go to the pairs"), "customers:pair-list", "list-details"),
                (_("Merge proposals"), "customers:proposal-list", "users"),
            ]
        ),
    )


def duties(staff: Staff) -> Card | None:
    """What the reader is to look at because something changed after they acted on it; hidden while it is nothing."""
    held = Duty.objects.filter(staff=staff, done_at=None).select_related("act").order_by("created_at", "pk")
    rows = list(held[:MOST_DUTIES])
    if not rows:
        return None
    visible = Customer.objects.visible_to(staff).only("number").in_bulk({duty.customer_id for duty in rows})
    lines = [_duty_line(duty, visible.get(duty.customer_id)) for duty in rows]
    return Card(_("To look at"), "bell", template="customers/_duties.html", content=lines, is_wide=True)


def _duty_line(duty: Duty, customer: Customer | None) -> DutyLine:
    text = str(DUTIES.get(duty.text_code, duty.text_code))
    if customer is None:
        return DutyLine(duty, text, "", "")
    return DutyLine(duty, text, written_number(customer.number), customer.get_absolute_url())


def _scope_of(staff: Staff) -> tuple[str, str]:
    """What to call the customers this person may see, and why these."""
    if staff.has_perm("customers.view_every_customer"):
        return _("All customers"), _("Your role lets you see the customers of the whole company.")
    if staff.has_perm("customers.view_branch_customers"):
        return _("Customers of my branch"), _("The customers of your branch and of the branches below it.")
    return _("My customers"), _("The customers you keep, and those opened to you singly.")


def _figure(staff: Staff) -> str:
    """An honest count that never reads more than it needs, the same as above the list."""
    count, is_exact = bounded_count(Customer.objects.visible_to(staff).filter(state=Customer.State.ACTIVE))
    sentence = _("%(count)s in all") if is_exact else _("More than %(count)s")
    return sentence % {"count": localize(count)}
