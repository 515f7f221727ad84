"""The questions of the clean-up as people read them: the one for a customer, lists, and a planner's day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Branch, Staff
from consent.models import CleanupAsk
from consent.reports.gate import with_live_role
from consent.rules.cleanup import first_of
from consent.words.cleanup import ASKS, STATES, TONES
from customers.formats import day as written_day
from customers.models import Customer
from customers.numbering import written_number
from customers.paging import PAGE_SIZE, is_id
from customers.reading import Place, Reading, prepare, read

TODAY, MINE, EVERYBODY = "today", "mine", ""
MOST_A_DAY = 10
REST_DAYS = 7  # whoever was not reached is tried again after a week
SOON_DAYS = 30
LATE = ("REFUSED", "UNREACHED")
STATES_OF: Mapping[str, tuple[str, ...]] = {"": ("OPEN",), "soon": ("OPEN",), "late": LATE, "done": ("DONE", "GONE")}


@dataclass(frozen=True)
class AskLine:
    """A question. words: what to do; left: how long there is still time, '' where it is closed; is_kept: it was not
    solved in time, and a contract in force keeps the customer all the same."""

    pk: int
    kind: str
    label: str
    words: str
    state: str
    tone: str
    is_open: bool
    name: str
    number: str
    url: str
    source: str
    branch: str
    due: str
    left: str
    is_soon: bool
    tries: int
    asked: str
    is_kept: bool = False


@dataclass(frozen=True)
class AskPage:
    """Questions in order of their deadlines. before, after: ids by which the neighbouring pages are asked for."""

    rows: tuple[CleanupAsk, ...]
    before: str | None
    after: str | None


def ask_of(asks: Iterable[CleanupAsk], customer: Customer, reading: Reading, day: date) -> AskLine | None:
    """The one thing to ask this customer, of all that are open; None where there is nothing."""
    held = {ask.kind: ask for ask in asks}
    kind = first_of(held)
    return _line(held[kind], customer, reading, day, str(customer.main_branch or "")) if kind else None


def asks_of(viewer: Staff, words: Mapping[str, object], day: date) -> QuerySet[CleanupAsk]:
    """Questions to customers whom `viewer` may see, narrowed. words: of `CleanupFilterForm`."""
    visible = Customer.objects.visible_to(viewer)
    whose, when = words.get("whose", EVERYBODY), str(words.get("when") or "")
    if whose in (TODAY, MINE):
        visible = visible.filter(keeper=viewer.employee_number)
    rows = CleanupAsk.objects.filter(customer__in=visible, state__in=STATES_OF.get(when, STATES_OF[""]))
    if whose == TODAY:
        rested = Q(asked_at=None) | Q(asked_at__date__lt=day - timedelta(days=REST_DAYS))
        rows = rows.filter(rested, state="OPEN")
    if when == "soon":
        rows = rows.filter(due_on__lte=day + timedelta(days=SOON_DAYS))
    if words.get("kind"):
        rows = rows.filter(kind=words["kind"])
    if words.get("source"):
        rows = rows.filter(source=words["source"])
    if words.get("branch"):
        rows = rows.filter(branch_code=words["branch"].code)
    return rows


def ask_page(rows: QuerySet[CleanupAsk], *, after: str = "", before: str = "", most: int = PAGE_SIZE) -> AskPage:
    """The page behind the question `after`, or in front of `before`; the first one where neither is among the rows."""
    asked = after or before
    edge = rows.filter(pk=int(asked)).values_list("due_on", "pk").first() if is_id(asked) else None
    is_back = bool(before and not after and edge)
    if edge:
        due_on, pk = edge
        beyond = "lt" if is_back else "gt"
        rows = rows.filter(
            Q(**{f"due_on__{beyond}e": due_on}) & (Q(**{f"due_on__{beyond}": due_on}) | Q(**{f"pk__{beyond}": pk}))
        )
    order = ("-due_on", "-pk") if is_back else ("due_on", "pk")
    found = list(rows.select_related("customer__main_branch", "source", "asked_by").order_by(*order)[: most + 1])
    has_further, found = len(found) > most, found[:most]
    if is_back:
        found.reverse()
    if not found:
        return AskPage((), None, None)
    has_before = has_further if is_back else bool(edge)
    has_after = bool(edge) if is_back else has_further
    return AskPage(tuple(found), str(found[0].pk) if has_before else None, str(found[-1].pk) if has_after else None)


def ask_lines(asks: Sequence[CleanupAsk], viewer: Staff, day: date) -> list[AskLine]:
    """Questions of a page as lines; names as the reader may see them."""
    prepare(viewer, [ask.customer for ask in asks])
    late = [ask.customer_id for ask in asks if ask.state in LATE]
    kept = with_live_role(late) if late else set()
    lines = []
    for ask in asks:
        reading, branch = read(ask.customer, viewer, Place.LIST), str(ask.customer.main_branch or ask.branch_code)
        is_kept = ask.state in LATE and ask.customer_id in kept
        lines.append(_line(ask, ask.customer, reading, day, branch, is_kept=is_kept))
    return lines


def branches_for(viewer: Staff) -> QuerySet[Branch]:
    """The branches by which this person may narrow: none for those who see their own customers alone."""
    if viewer.has_perm("customers.view_every_customer"):
        return Branch.objects.order_by("path")
    if viewer.branch_id is not None and viewer.has_perm("customers.view_branch_customers"):
        return Branch.objects.subtree_of(viewer.branch).order_by("path")
    return Branch.objects.none()


def _line(
    ask: CleanupAsk, customer: Customer, reading: Reading, day: date, branch: str, *, is_kept: bool = False
) -> AskLine:
    is_open = ask.state == CleanupAsk.State.OPEN
    days = (ask.due_on - day).days
    return AskLine(
        pk=ask.pk,
        kind=ask.kind,
        label=str(ask.get_kind_display()),
        words=str(ASKS[ask.kind]),
        state=str(STATES[ask.state]),
        tone=TONES[ask.state],
        is_open=is_open,
        name=reading["name"].text,
        number=written_number(customer.number),
        url=customer.get_absolute_url(),
        source=str(ask.source) if ask.source_id and "source" in ask._state.fields_cache else "",
        branch=branch,
        due=written_day(ask.due_on),
        left=_left(days) if is_open else "",
        is_soon=is_open and days <= SOON_DAYS,
        tries=ask.tries,
        asked=_asked(ask),
        is_kept=is_kept,
    )


def _left(days: int) -> str:
    if days < 0:
        return _("The deadline is over")
    if not days:
        return _("Today is the last day")
    return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}


def _asked(ask: CleanupAsk) -> str:
    """When it was last asked, and by whom where that was fetched."""
    if ask.asked_at is None:
        return ""
    by = ask.asked_by if ask.asked_by_id and "asked_by" in ask._state.fields_cache else None
    return f"{written_day(ask.asked_at)} {by.name}" if by else written_day(ask.asked_at)
