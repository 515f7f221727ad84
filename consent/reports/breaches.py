"""Breaches as people read them: the clock, what the law asks, the list of the affected, what happened when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from accounts.trail_words import kind_words, page_words
from consent.models import Breach, BreachDraw, BreachNotice, Channel, LegalNumber
from consent.numbers import NUMBERS
from consent.rules.breaches import Clock, Conditions, Duty, Facts, clock, duties
from consent.words.breaches import BECAUSE, DUTIES, PARTS, STATE_WORDS, TONES, letter, missing_parts
from customers import formats
from customers.models import Customer, Item
from customers.numbering import written_number
from customers.reading import Place, prepare, read

STATES: Mapping[str, Q] = {
    "untold": Q(sent_at=None, failed_because=""),
    "sent": Q(sent_at__isnull=False),
    "unreached": Q(sent_at=None) & ~Q(failed_because=""),
}
"""{word of an address: which notices}."""
MOST_SENSITIVE = Item.Grade.UNIQUE_IDENTIFIER
CHANNELS = dict(Channel.choices)


@dataclass(frozen=True)
class DutyLine:
    """What the law asks, in words. place: met, open or late, a class of the style sheet."""

    code: str
    title: str
    because: str
    clause: str
    place: str
    icon: str
    until: str


@dataclass(frozen=True)
class BreachLine:
    """A breach with its clock; duties: only those that are open."""

    breach: Breach
    state: str
    tone: str
    kind: str
    clock: Clock
    level: str
    left: str
    affected: int
    sent: int
    unreached: int
    open_duties: tuple[DutyLine, ...]
    duties: tuple[DutyLine, ...]


@dataclass(frozen=True)
class DrawLine:
    """A draw of the affected in words. percent: of the days that were read."""

    draw: BreachDraw
    state: str
    is_at_work: bool
    percent: int
    conditions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BreachReport:
    """One breach. parts: of the letter that are missing; moments: what happened when, the earliest first."""

    line: BreachLine
    items: tuple[str, ...]
    parts: tuple[str, ...]
    opening: str
    letter: tuple[tuple[str, str], ...]
    draws: tuple[DrawLine, ...]
    moments: tuple[tuple[datetime, str], ...]
    is_drawing: bool


@dataclass(frozen=True)
class NoticeLine:
    """Somebody on the list. name: '' where the reader does not see the customer; trail_url: '' where not the trail."""

    pk: int
    customer_id: int
    number: str
    name: str
    url: str
    entries: int
    trail_url: str
    state: str
    tone: str
    told: str
    proof: str


def breaches_in(word: str, now: datetime) -> QuerySet[Breach]:
    """The breaches of a tab: late, all; else those that are open."""
    if word == "all":
        return Breach.objects.all()
    rows = Breach.objects.filter(state=Breach.State.OPEN)
    return rows.filter(due_at__lt=now) if word == "late" else rows


def breach_lines(rows: QuerySet[Breach] | Sequence[Breach], now: datetime) -> list[BreachLine]:
    """Breaches as lines; in three queries more, however many they are."""
    breaches = list(rows)
    counted = _counts(breaches)
    sensitive = set(Item.objects.filter(grade__lte=MOST_SENSITIVE).values_list("code", flat=True))
    numbers = _numbers({timezone.localdate(breach.known_at) for breach in breaches})
    return [
        _line(breach, counted.get(breach.pk, {}), sensitive, numbers[timezone.localdate(breach.known_at)], now)
        for breach in breaches
    ]


def duties_of(breach: Breach, now: datetime) -> tuple[Duty, ...]:
    """What the law asks of one breach now."""
    sensitive = set(Item.objects.filter(grade__lte=MOST_SENSITIVE).values_list("code", flat=True))
    facts = _facts(breach, _counts([breach]).get(breach.pk, {}), sensitive)
    known_on = timezone.localdate(breach.known_at)
    return duties(facts, now, timezone.localdate(now), _numbers([known_on])[known_on])


def _numbers(days: Collection[date]) -> dict[date, dict[str, int]]:
    """The numbers of the law on each of these days, in one query."""
    said = list(LegalNumber.objects.filter(name__startswith="breach_").order_by("starts_on", "pk"))
    begun = {name: meaning.default for name, meaning in NUMBERS.items() if name.startswith("breach_")}
    return {day: begun | {row.name: row.value for row in said if row.starts_on <= day} for day in days}


def _counts(breaches: Iterable[Breach]) -> dict[int, dict[str, object]]:
    """{breach: how many are listed, sent, unreached; first and last sent}, in one query."""
    rows = BreachNotice.objects.filter(breach__in=[breach.pk for breach in breaches]).order_by().values("breach")
    counted = rows.annotate(
        listed=Count("pk"),
        sent=Count("pk", filter=STATES["sent"]),
        unreached=Count("pk", filter=STATES["unreached"]),
        first_sent=Min("sent_at"),
        last_sent=Max("sent_at"),
    )
    return {row["breach"]: row for row in counted}


def _facts(breach: Breach, counted: Mapping[str, object], sensitive: set[str]) -> Facts:
    listed, sent, unreached = (int(counted.get(name, 0)) for name in ("listed", "sent", "unreached"))
    return Facts(
        kind=breach.kind,
        affected=max(breach.affected_count, listed),
        listed=listed,
        untold=listed - sent - unreached,
        unreached=unreached,
        has_sensitive=bool(sensitive & set(breach.items)),
        by_hacking=breach.by_hacking,
        has_credit_data=breach.has_credit_data,
        reported_at=breach.reported_at,
        posted_on=breach.posted_on,
        due_at=breach.due_at,
    )


def _line(
    breach: Breach, counted: Mapping[str, object], sensitive: set[str], numbers: Mapping[str, int], now: datetime
) -> BreachLine:
    facts = _facts(breach, counted, sensitive)
    asked = [_duty(duty) for duty in duties(facts, now, timezone.localdate(now), numbers)]
    ticks = clock(breach.due_at, breach.closed_at or now, numbers)
    is_open = breach.state == Breach.State.OPEN
    return BreachLine(
        breach=breach,
        state=str(STATE_WORDS[breach.state]),
        tone=TONES[breach.state],
        kind=breach.get_kind_display(),
        clock=ticks,
        level=ticks.level.lower() if is_open else "ended",
        left=_left(ticks),
        affected=facts.affected,
        sent=int(counted.get("sent", 0)),
        unreached=facts.unreached,
        open_duties=tuple(duty for duty in asked if duty.place != "met") if is_open else (),
        duties=tuple(asked),
    )


def _left(ticks: Clock) -> str:
    hours = {"hours": formats.amount(ticks.hours)}
    return (_("%(hours)s hours over") if ticks.level == "OVER" else _("%(hours)s hours left")) % hours


def _duty(duty: Duty) -> DutyLine:
    place = "met" if duty.is_met else "late" if duty.is_late else "open"
    icons = {"met": "circle-check", "open": "circle-dashed", "late": "alert-circle"}
    until = _("until %(day)s") % {"day": formats.day(duty.due_on)} if duty.due_on else ""
    because = " ".join(str(BECAUSE[code]) for code in duty.because)
    return DutyLine(duty.code, str(DUTIES[duty.code]), because, duty.clause, place, icons[place], until)


def breach_report(breach: Breach, now: datetime) -> BreachReport:
    """One breach with everything that stands on its page."""
    (line,) = breach_lines([breach], now)
    names = Item.objects.filter(code__in=breach.items).in_bulk()
    korean = [names[code].name if code in names else code for code in breach.items]
    opening, parts = letter(breach, korean)
    draws = list(breach.draws.select_related("asked_by").order_by("pk"))
    lines = tuple(_draw(draw) for draw in draws)
    return BreachReport(
        line=line,
        items=tuple(str(names.get(code, code)) for code in breach.items),
        parts=tuple(str(PARTS[part]) for part in missing_parts(breach)),
        opening=opening,
        letter=tuple(parts),
        draws=lines,
        moments=tuple(_moments(breach, draws, _counts([breach]).get(breach.pk, {}))),
        is_drawing=any(one.is_at_work for one in lines),
    )


def _draw(draw: BreachDraw) -> DrawLine:
    return DrawLine(
        draw=draw,
        state=draw.get_state_display(),
        is_at_work=draw.state in (BreachDraw.State.WAITING, BreachDraw.State.RUNNING),
        percent=100 * draw.done_count // max(1, draw.day_count),
        conditions=tuple(_condition_words(Conditions.read(draw.conditions))),
    )


def _condition_words(conditions: Conditions) -> Iterable[tuple[str, str]]:
    yield _("Time"), f"{formats.moment(conditions.first)} – {formats.moment(conditions.last)}"
    if conditions.staff:
        yield _("Member of staff"), ", ".join(conditions.staff)
    if conditions.pages:
        yield _("Pages of the trail"), ", ".join(page_words(page) for page in conditions.pages)
    if conditions.kinds:
        yield _("Kinds of entries"), ", ".join(kind_words(kind) for kind in conditions.kinds)
    if conditions.addresses:
        yield _("Addresses of the network"), ", ".join(conditions.addresses)


def _moments(breach: Breach, draws: Sequence[BreachDraw], counted: Mapping[str, object]) -> list[tuple[datetime, str]]:
    told = [
        (breach.happened_at, _("Happened")),
        (breach.known_at, _("Became known")),
        (breach.recorded_at, _("Recorded")),
        (breach.due_at, _("To be told and reported by now")),
        (breach.reported_at, _("Reported: %(reference)s") % {"reference": breach.report_reference or "–"}),
        (_midnight(breach), _("Posted on the website")),
        (counted.get("first_sent"), _("First of the affected told")),
        (counted.get("last_sent"), _("Last of the affected told, up to now")),
        (breach.closed_at, str(STATE_WORDS[breach.state])),
    ]
    told += [(draw.finished_at, _drawn(draw)) for draw in draws]
    return sorted(((at, words) for at, words in told if at is not None), key=lambda one: one[0])


def _drawn(draw: BreachDraw) -> str:
    words = {"count": formats.amount(draw.found_count), "state": draw.get_state_display()}
    return _("List drawn from the trail (%(state)s): %(count)s customers new") % words


def _midnight(breach: Breach) -> datetime | None:
    if breach.posted_on is None:
        return None
    return timezone.make_aware(datetime.combine(breach.posted_on, datetime.min.time()))


def narrowed(breach: Breach, state: str) -> QuerySet[BreachNotice]:
    """The list of the affected, of one word of STATES, or all."""
    rows = breach.notices.all()
    return rows.filter(STATES[state]) if state in STATES else rows


def notice_lines(
    rows: Sequence[BreachNotice], breach: Breach, viewer: Staff, place: Place = Place.LIST
) -> list[NoticeLine]:
    """Notices as lines: a customer whom the reader does not see is told by the number alone."""
    ids = [row.customer_id for row in rows]
    numbers = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "number"))
    visible = Customer.objects.visible_to(viewer).filter(pk__in=ids).select_related("main_branch", "keeper").in_bulk()
    prepare(viewer, visible.values())
    sees_trail = viewer.has_perm("accounts.view_trail")
    return [_notice(row, breach, viewer, place, numbers[row.customer_id], visible, sees_trail) for row in rows]


def _notice(
    row: BreachNotice,
    breach: Breach,
    viewer: Staff,
    place: Place,
    number: str,
    visible: Mapping[int, Customer],
    sees_trail: bool,
) -> NoticeLine:
    customer = visible.get(row.customer_id)
    if row.sent_at is not None:
        state, tone, told = (
            _("Were told"),
            "green",
            f"{CHANNELS.get(row.channel, row.channel)} · {formats.moment(row.sent_at)}",
        )
    elif row.failed_because:
        state, tone, told = _("Not reached"), "yellow", row.failed_because
    else:
        state, tone, told = _("Not told"), "red", ""
    return NoticeLine(
        pk=row.pk,
        customer_id=row.customer_id,
        number=written_number(number),
        name=read(customer, viewer, place)["name"].text if customer else "",
        url=customer.get_absolute_url() if customer else "",
        entries=row.entry_count,
        trail_url=_trail_url(number, breach) if sees_trail and row.entry_count else "",
        state=str(state),
        tone=tone,
        told=told,
        proof=row.proof,
    )


def _trail_url(number: str, breach: Breach) -> str:
    first = breach.happened_at or breach.known_at
    words = {"customer": number, "first": formats.day(first), "last": formats.day(breach.known_at)}
    return f"{reverse('accounts:trail-list')}?{urlencode(words)}"


def open_breaches(now: datetime) -> list[BreachLine]:
    """The breaches that are open, the most urgent first."""
    return breach_lines(Breach.objects.filter(state=Breach.State.OPEN).order_by("due_at", "pk")[:50], now)
