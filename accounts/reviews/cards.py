"""The cards of the review and of cases on the start page, listed in settings.HOME_CARDS; None hides a card."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.home import Card, links_to
from accounts.models import AccessCase, AccessReview, Staff
from accounts.reviews.lines import review_lines
from accounts.services.reviews import unanswered


def questions(staff: Staff) -> Card | None:
    """What the review asks this person; hidden while it is nothing."""
    due = list(unanswered(staff).values_list("due_on", flat=True))
    if not due:
        return None
    is_locked = due[0] < timezone.localdate()
    text = (
        _("The time to answer is over. You may take no files until you answer.")
        if is_locked
        else _("Answer by %(due_on)s, or you may take no files afterwards.") % {"due_on": due[0].isoformat()}
    )
    figure = ngettext("%(count)s question", "%(count)s questions", len(due)) % {"count": localize(len(due))}
    links = links_to([(_("Answer"), "accounts:question-list", "edit")])
    return Card(_("Questions of the review of access"), "help", text=text, figure=figure, links=links)


def review(staff: Staff) -> Card | None:
    """How far the reviews are that are not signed; hidden while there are none."""
    if not staff.has_perm("accounts.ask_accessreview"):
        return None
    unsigned = AccessReview.objects.filter(state=AccessReview.State.OPEN)
    lines = review_lines(unsigned, timezone.localdate())
    if not lines:
        return None
    left, overdue = sum(line.left for line in lines), sum(line.overdue for line in lines)
    figure = ngettext("%(count)s entry to decide", "%(count)s entries to decide", left) % {"count": localize(left)}
    text = _("Questions without an answer in time: %(count)s") % {"count": localize(overdue)}
    links = links_to([(_("Go to the review"), "accounts:review-list", "checks")])
    return Card(_("Review of access"), "checks", text=text, figure=figure, links=links)


def cases(staff: Staff) -> Card | None:
    """Cases that nobody works, and those this person works; hidden while there are none."""
    if not staff.has_perm("accounts.work_accesscase"):
        return None
    state = AccessCase.State
    unfinished = AccessCase.objects.exclude(staff=staff).exclude(state=state.CLOSED)
    counts = unfinished.aggregate(
        free=Count("pk", Q(state=state.OPEN)), mine=Count("pk", Q(state=state.TAKEN, taken_by=staff)), all=Count("pk")
    )
    if not counts["all"]:
        return None
    free, mine = counts["free"], counts["mine"]
    figure = ngettext("%(count)s open case", "%(count)s open cases", free) % {"count": localize(free)}
    links = links_to([(_("Go to the cases"), "accounts:case-list", "flag")])
    text = _("In work by me: %(count)s") % {"count": localize(mine)}
    return Card(_("Cases of access"), "flag", text=text, figure=figure, links=links)
