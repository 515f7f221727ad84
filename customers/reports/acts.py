"""What the pages of acts tell: who did what to which customers, why, what it moved, and whether it can go back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db import connection
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Staff
from customers import formats, masking, wording
from customers.models import Act, Customer, Merge, MovedChild
from customers.numbering import written_number
from customers.reading import catalogue, label
from customers.reports.newcomers import Question, questions_of
from customers.services.taking_back import MOVING, later_acts, newcomers_of_act
from customers.stewardship_words import child

MOST_NAMED = 4  # customers told of one act in a list
MOST_MOVES = 50
OF_VALUES = (Act.Kind.PIN, Act.Kind.PREFER, Act.Kind.CORRECT)
FIRST_CUSTOMERS = """
SELECT act.id, about.customer_id
FROM unnest(%s::bigint[]) AS act(id)
CROSS JOIN LATERAL (
    SELECT customer_id FROM customers_actcustomer WHERE act_id = act.id ORDER BY customer_id LIMIT %s
) about
ORDER BY act.id, about.customer_id
"""


@dataclass(frozen=True)
class Link:
    """A customer that an act was about. url: '' where the reader may not see it, and the number too."""

    number: str = ""
    url: str = ""


@dataclass(frozen=True)
class ActLine:
    """An act in few words. has_more: it was about more customers than are told."""

    act: Act
    kind: str
    by: str
    at: str
    why: str
    comment: str
    customers: tuple[Link, ...]
    has_more: bool
    is_taken_back: bool


@dataclass(frozen=True)
class Move:
    """So many children of one kind that went from one customer to another."""

    label: str
    count: str
    source: Link
    target: Link


@dataclass(frozen=True)
class MergeLine:
    """A merge of an act. ended_by: the act that took it back; can_unmerge: the reader may, and it is in force."""

    retired: Link
    into: Link
    ended_by: int | None
    unmerge_number: str


@dataclass(frozen=True)
class ActReport:
    """An act in full. blockers: later acts that go first; questions: records that came since; refusal: why it cannot be
    taken back, '' where it can."""

    line: ActLine
    moves: tuple[Move, ...]
    has_more_moves: bool
    merges: tuple[MergeLine, ...]
    items: str
    approved_by: str
    blockers: tuple[ActLine, ...]
    questions: tuple[Question, ...]
    refusal: str

    @property
    def can_take_back(self) -> bool:
        """Whether there is a form to do so."""
        return not self.refusal and not self.blockers


def narrowed_acts(words: Mapping[str, object], viewer: Staff) -> QuerySet[Act]:
    """The acts of these words of the list's form; `mine` are those of `viewer`."""
    acts = Act.objects.all()
    if kind := words.get("kind"):
        acts = acts.filter(kind=kind)
    if since := words.get("since"):
        acts = acts.filter(at__gte=datetime.combine(since, time.min, formats.KOREA))
    return acts.filter(by=viewer) if words.get("mine") else acts


def act_lines(acts: Sequence[Act], viewer: Staff) -> tuple[ActLine, ...]:
    """The acts of a list, in two queries more. acts: with by."""
    about = _customers_of([act.pk for act in acts])
    visible = _visible({pk for held in about.values() for pk in held}, viewer)
    return tuple(_line(act, about.get(act.pk, []), visible, viewer) for act in acts)


def bare_lines(acts: Sequence[Act], viewer: Staff) -> tuple[ActLine, ...]:
    """The acts of a list on the page of whom they are about, without saying whom; no query. acts: with by."""
    return tuple(_line(act, [], {}, viewer) for act in acts)


def _customers_of(acts: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    if acts:
        with connection.cursor() as cursor:
            cursor.execute(FIRST_CUSTOMERS, [list(acts), MOST_NAMED + 1])
            for act, customer in cursor.fetchall():
                found.setdefault(act, []).append(customer)
    return found


def _visible(ids: Iterable[int], viewer: Staff) -> dict[int, Customer]:
    ids = set(ids)
    return Customer.objects.visible_to(viewer).only("number").in_bulk(ids) if ids else {}


def _link(pk: int, visible: Mapping[int, Customer]) -> Link:
    customer = visible.get(pk)
    return Link(written_number(customer.number), customer.get_absolute_url()) if customer else Link()


def _line(act: Act, about: Sequence[int], visible: Mapping[int, Customer], viewer: Staff) -> ActLine:
    opens_comments = viewer.has_perm("customers.view_customer_history")
    return ActLine(
        act=act,
        kind=str(act.get_kind_display()),
        by=str(act.by) if act.by else _("automatic, by rule"),
        at=formats.moment(act.at),
        why=str(act.get_reason_code_display()),
        comment=masking.without_resident_numbers(act.comment) if opens_comments else "",
        customers=tuple(_link(pk, visible) for pk in about[:MOST_NAMED]),
        has_more=len(about) > MOST_NAMED,
        is_taken_back=act.taken_back_by_id is not None,
    )


def act_report(act: Act, viewer: Staff) -> ActReport:
    """An act as `viewer` may see it. act: with by, and its bulk and pair."""
    moved = list(
        MovedChild.objects.filter(act=act)
        .values_list("kind", "from_id", "into_id")
        .annotate(count=Count("pk"))
        .order_by("kind", "from_id", "into_id")[: MOST_MOVES + 1]
    )
    merges = list(Merge.objects.filter(act=act).select_related("retired").order_by("pk")[:MOST_MOVES])
    about = _customers_of([act.pk]).get(act.pk, [])
    ids = {pk for _kind, source, target, _count in moved for pk in (source, target)}
    ids |= {pk for merge in merges for pk in (merge.retired_id, merge.survivor_id)} | set(about)
    visible = _visible(ids, viewer)
    refusal = refusal_of(act, viewer)
    blockers = () if refusal else act_lines(later_acts(act), viewer)
    return ActReport(
        line=_line(act, about, visible, viewer),
        moves=tuple(_moves(moved[:MOST_MOVES], visible)),
        has_more_moves=len(moved) > MOST_MOVES,
        merges=tuple(_merge(merge, visible, viewer) for merge in merges),
        items=_items(act),
        approved_by=_approver(act),
        blockers=blockers,
        questions=() if refusal or blockers else _questions(act, viewer),
        refusal=refusal,
    )


def _moves(moved: Iterable[tuple[str, int, int, int]], visible: Mapping[int, Customer]) -> Iterable[Move]:
    for kind, source, target, count in moved:
        yield Move(child(kind), formats.amount(count), _link(source, visible), _link(target, visible))


def _merge(merge: Merge, visible: Mapping[int, Customer], viewer: Staff) -> MergeLine:
    may = merge.ended_by_id is None and merge.retired_id in visible and viewer.has_perm("customers.merge_customer")
    number = merge.retired.number if may else ""
    return MergeLine(_link(merge.retired_id, visible), _link(merge.survivor_id, visible), merge.ended_by_id, number)


def _items(act: Act) -> str:
    """The items whose values an act set, in words."""
    details, items = act.details, catalogue()
    codes = details.get("items", [details["item"]] if details.get("item") else [])
    if act.kind == Act.Kind.PREFER and not codes:
        return _("Every item")
    return wording.listed([label(code, items) for code in codes])


def _approver(act: Act) -> str:
    proposal = getattr(act, "proposal", None)
    return str(proposal.decided_by) if proposal and proposal.decided_by else ""


def permission_of(act: Act) -> str:
    """What it takes to take an act back."""
    if act.kind in MOVING:
        return "customers.merge_customer"
    return "customers.correct_customer" if act.kind in OF_VALUES else "customers.decide_pair"


def refusal_of(act: Act, viewer: Staff) -> str:
    """Why `viewer` does not take an act back, '' where nothing stands against it."""
    if act.taken_back_by_id:
        return _("It was taken back.")
    if act.kind == Act.Kind.TAKE_BACK:
        return _("What took something back is not taken back itself: do it again instead.")
    if act.by_id is None:
        return _("A rule did this. Take each of its merges back by itself.")
    if not viewer.has_perm(permission_of(act)):
        return _("Your role does not take acts of this kind back.")
    about = act.customers.values("customer")
    if Customer.objects.filter(pk__in=about).exclude(pk__in=Customer.objects.visible_to(viewer)).exists():
        return _("It was also about customers that you may not see.")
    return ""


def _questions(act: Act, viewer: Staff) -> tuple[Question, ...]:
    newcomers = newcomers_of_act(act)
    if not newcomers:
        return ()
    customers = Customer.objects.in_bulk(newcomers[0].weights)
    holder = next(iter(newcomers[0].weights))
    return questions_of(newcomers, customers[holder], customers, viewer)
