"""The list of the affected, drawn from the trail by conditions: a day a transaction, resumable, each entry once.

An entry that an earlier draw of the breach has counted is not counted again, whatever its conditions. Who was merged
meanwhile is listed under the number that is left; who was destroyed is not, since nobody can be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from consent import tasks
from consent.models import Breach, BreachDraw, BreachNotice
from consent.rules.breaches import Conditions
from consent.services.breaches import WordsSent, count_affected, locked

State = BreachDraw.State
AT_WORK = (State.WAITING, State.RUNNING)
MOST_DAYS = 366
COLUMNS = {
    "staff": "entry.employee_number",
    "pages": "entry.page",
    "kinds": "entry.kind",
    "addresses": "entry.address",
}
# A clock that was set back may have written an entry into the month of the day before.
DRAW = """
WITH shown AS (
    SELECT coalesce(customer.merged_into_id, customer.id) AS id,
        count(DISTINCT (entry.month, entry.lane, entry.number)) AS entries
    FROM accounts_accessentry entry
    CROSS JOIN LATERAL unnest(entry.customers) AS seen(id)
    JOIN customers_customer customer ON customer.id = seen.id
    WHERE entry.at >= %s AND entry.at < %s AND entry.month >= %s AND entry.month <= %s AND entry.result < 400
        AND {fits}{not_before}
    GROUP BY 1
), listed AS (
    INSERT INTO consent_breachnotice (breach_id, customer_id, entry_count, channel, proof, failed_because)
    SELECT %s, shown.id, shown.entries, '', '', '' FROM shown
    JOIN customers_customer customer ON customer.id = shown.id AND customer.state <> 'DESTROYED'
    ORDER BY shown.id
    ON CONFLICT (breach_id, customer_id)
        DO UPDATE SET entry_count = consent_breachnotice.entry_count + excluded.entry_count
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), (SELECT coalesce(sum(entries), 0) FROM shown) FROM listed
"""


class NotATime(Exception):
    """The time ends before it begins, lies in the future, before the trail, or is longer than a year."""


class AlreadyOver(Exception):
    """The draw had ended before it could be stopped."""


class DrawsRunning(Exception):
    """A draw of this breach is at work; it is stopped or done first."""


@transaction.atomic
def request_draw(
    *, breach: Breach, conditions: Conditions, reason: str, by: Staff, at: datetime, is_queued: bool = True
) -> BreachDraw:
    """Put everyone on the list whose data the trail says were shown under these conditions; a worker does it.

    reason: why these are the affected. Raises breaches.NotOpen, NotATime, DrawsRunning.
    """
    breach = locked(breach)
    if breach.draws.filter(state__in=AT_WORK).exists():
        raise DrawsRunning
    if not conditions.first < conditions.last <= at or conditions.last - conditions.first > timedelta(days=MOST_DAYS):
        raise NotATime
    if timezone.localdate(conditions.first).year < timezone.localdate(at).year - settings.TRAIL_YEARS:
        raise NotATime
    draw = BreachDraw.objects.create(
        breach=breach,
        conditions=conditions.written(),
        reason=without_resident_numbers(reason.strip()),
        day_count=len(conditions.days()),
        asked_by=by,
        asked_at=at,
    )
    if is_queued:
        tasks.draw_affected.delay_on_commit(draw_id=draw.pk)
    return draw


def run_draw(*, draw: BreachDraw) -> BreachDraw:
    """Do a draw to its end, from wherever it was cut off; several may do so at once."""
    while _step(draw.pk):
        pass
    draw.refresh_from_db()
    return draw


def resume_draws() -> list[int]:
    """Go on with the draws that a dead process left behind; returns their ids."""
    waiting = list(BreachDraw.objects.filter(state__in=AT_WORK).order_by("pk"))
    return [run_draw(draw=draw).pk for draw in waiting]


@transaction.atomic
def stop_draw(*, draw: BreachDraw, by: Staff, at: datetime) -> BreachDraw:
    """Stop a draw; whom it found until then stays on the list. Raises AlreadyOver."""
    draw = BreachDraw.objects.select_for_update().get(pk=draw.pk)
    if draw.state not in AT_WORK:
        raise AlreadyOver
    draw.state, draw.finished_at = State.STOPPED, at
    draw.save(update_fields=["state", "finished_at"])
    return draw


@transaction.atomic
def take_back_draws(*, breach: Breach, by: Staff, at: datetime) -> int:
    """Empty the list, so that it can be drawn anew; returns how many were on it.

    Raises breaches.NotOpen, DrawsRunning, and breaches.WordsSent once somebody was told.
    """
    breach = locked(breach)
    draws = list(breach.draws.select_for_update().exclude(state=State.TAKEN_BACK))
    if any(draw.state in AT_WORK for draw in draws):
        raise DrawsRunning
    if breach.notices.exclude(sent_at=None).exists():
        raise WordsSent
    count, _kinds = BreachNotice.objects.filter(breach=breach).delete()
    for draw in draws:
        draw.state = State.TAKEN_BACK
        draw.save(update_fields=["state"])
    breach.affected_count = 0
    breach.save(update_fields=["affected_count"])
    return count


@transaction.atomic
def _step(draw_id: int) -> bool:
    """Read one day and count it: both hold, or neither. False where nothing is left to do."""
    draw = BreachDraw.objects.select_for_update(of=("self",)).select_related("breach").get(pk=draw_id)
    if draw.state not in AT_WORK:
        return False
    conditions = Conditions.read(draw.conditions)
    days = conditions.days()
    if draw.breach.state != Breach.State.OPEN:
        draw.state, draw.finished_at = State.STOPPED, timezone.now()
    else:
        found, entries = _list(draw, conditions, *days[draw.done_count])
        draw.found_count, draw.entry_count = draw.found_count + found, draw.entry_count + entries
        draw.done_count, draw.state = draw.done_count + 1, State.RUNNING
    if draw.state == State.RUNNING and draw.done_count == len(days):
        draw.state, draw.finished_at = State.DONE, timezone.now()
        count_affected(Breach.objects.select_for_update().get(pk=draw.breach_id))
    draw.save(update_fields=["state", "found_count", "entry_count", "done_count", "finished_at"])
    return draw.state == State.RUNNING


def _list(draw: BreachDraw, conditions: Conditions, start: datetime, end: datetime) -> tuple[int, int]:
    """Put the customers of one day on the list; returns how many are new on it, and how many entries fitted."""
    fits, words = _fits(conditions)
    not_before, more = _not_before(draw)
    first, last = timezone.localdate(start), timezone.localdate(end)
    months = [first.replace(day=1) - timedelta(days=31), last + timedelta(days=1)]
    statement = DRAW.format(fits=fits, not_before=not_before)
    with connection.cursor() as cursor:
        cursor.execute(statement, [start, end, *months, *words, *more, draw.breach_id])
        return cursor.fetchone()


def _fits(conditions: Conditions) -> tuple[str, list[object]]:
    """A condition on entries besides their time, and its values."""
    chosen = [(column, getattr(conditions, name)) for name, column in COLUMNS.items() if getattr(conditions, name)]
    parts = [f"{column} = ANY(%s)" for column, _values in chosen]
    return " AND ".join(["true", *parts]), [list(values) for _column, values in chosen]


def _not_before(draw: BreachDraw) -> tuple[str, list[object]]:
    """That no earlier draw of the breach has counted the entry."""
    text, words = "", []
    for earlier in _earlier(draw):
        conditions = Conditions.read(earlier.conditions)
        # One that was stopped has read so many days alone.
        days = conditions.days()
        last = conditions.last if earlier.state != State.STOPPED else days[0][0] + timedelta(days=earlier.done_count)
        fits, values = _fits(conditions)
        text += f" AND NOT (entry.at >= %s AND entry.at < %s AND {fits})"
        words += [conditions.first, min(last, conditions.last), *values]
    return text, words


def _earlier(draw: BreachDraw) -> Sequence[BreachDraw]:
    rows = BreachDraw.objects.filter(breach=draw.breach_id, pk__lt=draw.pk).exclude(state=State.TAKEN_BACK)
    return list(rows.order_by("pk"))
