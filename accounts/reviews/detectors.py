"""The detectors that the trail alone feeds: volume, hours, breadth of search, printing and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.reviews.detecting import Detector, Found
from accounts.reviews.measuring import PAST_DAYS, Measure, amounts_of, numbers_of, shown_to, unusual
from accounts.reviews.periods import parameters
from accounts.reviews.risks import AT_NIGHT, IN_PERIOD, ON_HOLIDAY
from accounts.reviews.workdays import is_working_day

OF_CUSTOMERS = "CROSS JOIN LATERAL unnest(entry.customers) customer"
LOOKS = "entry.kind <> 'TRAIL'"
ENTRY = {"alias": "entry"}
LEAST_CUSTOMERS = 100
LEAST_COPIES = 10
LEAST_OFF_HOURS = 10
USED_TO_IT = 5
# A search is answered while it is typed, so that each counts several times.
MANY_SEARCHES, SEARCHES_PER_OPENED = 100, 20

CUSTOMERS = Measure("count(DISTINCT customer)", LOOKS, LEAST_CUSTOMERS, OF_CUSTOMERS)
TAKEN = Measure("count(*)", "entry.kind IN ('EXPORT', 'PRINT')", LEAST_COPIES)
OFF_HOURS = Measure(
    "count(DISTINCT customer)",
    f"{LOOKS} AND ({AT_NIGHT.format(**ENTRY)} OR {ON_HOLIDAY.format(**ENTRY)})",
    LEAST_OFF_HOURS,
    OF_CUSTOMERS,
)
FIRST_AND_LAST = f"""
SELECT entry.staff_id, to_char(min(entry.at AT TIME ZONE %(zone)s), 'HH24:MI'),
    to_char(max(entry.at AT TIME ZONE %(zone)s), 'HH24:MI')
FROM accounts_accessentry entry
WHERE {IN_PERIOD.format(**ENTRY)} AND entry.result < 400 AND cardinality(entry.customers) > 0
    AND {OFF_HOURS.condition} AND entry.employee_number = ANY(%(numbers)s)
GROUP BY 1
"""  # noqa: S608 - constants of our own
SEARCHES = f"""
SELECT staff_id, searches, opened FROM (
    SELECT entry.staff_id, count(*) FILTER (WHERE entry.kind = 'SEARCH') AS searches,
        count(DISTINCT entry.customers[1]) FILTER (WHERE entry.kind <> 'SEARCH') AS opened
    FROM accounts_accessentry entry
    WHERE {IN_PERIOD.format(**ENTRY)} AND entry.result < 400 AND entry.staff_id IS NOT NULL
        AND (entry.kind = 'SEARCH' OR (entry.kind IN ('VIEW', 'CHANGE') AND cardinality(entry.customers) = 1))
    GROUP BY 1
) counted
WHERE searches >= {MANY_SEARCHES} AND opened * {SEARCHES_PER_OPENED} <= searches
"""  # noqa: S608 - constants of our own


def _volume(day: date) -> Iterable[Found]:
    return unusual(CUSTOMERS, day)


def _copies(day: date) -> Iterable[Found]:
    return unusual(TAKEN, day)


def _hours(day: date) -> Iterable[Found]:
    """Who saw many customers at night or on a day off and does not usually work then."""
    amounts = {staff: amount for (staff, _day), amount in amounts_of(OFF_HOURS, day, day).items()}
    numbers = numbers_of(staff for staff, amount in amounts.items() if amount >= LEAST_OFF_HOURS)
    first, last = day - timedelta(days=PAST_DAYS), day - timedelta(days=1)
    past = amounts_of(OFF_HOURS, first, last, numbers.values()) if numbers else {}
    days = {staff: sum(other == staff for other, _day in past) for staff in numbers}
    struck = {staff: number for staff, number in numbers.items() if days[staff] < USED_TO_IT}
    times = _first_and_last(day, struck.values()) if struck else {}
    shown = shown_to(struck.values(), day, OFF_HOURS.condition)
    is_day_off = not is_working_day(day, settings.KOREAN_HOLIDAYS)
    for staff in struck:
        first_at, last_at = times[staff]
        facts = {"amount": amounts[staff], "first": first_at, "last": last_at, "past_days": days[staff]}
        yield Found(staff, {**facts, "is_day_off": is_day_off}, shown.get(staff, ()))


def _first_and_last(day: date, numbers: Iterable[str]) -> Mapping[int, tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(FIRST_AND_LAST, {**parameters(day, day), "numbers": list(numbers)})
        return {staff: (first, last) for staff, first, last in cursor.fetchall()}


def _breadth(day: date) -> Iterable[Found]:
    """Who searched much and opened little, as one does who looks around."""
    with connection.cursor() as cursor:
        cursor.execute(SEARCHES, parameters(day, day))
        found = cursor.fetchall()
    shown = shown_to(numbers_of(row[0] for row in found).values(), day, "entry.kind = 'SEARCH'")
    for staff, searches, opened in found:
        yield Found(staff, {"searches": searches, "opened": opened}, shown.get(staff, ()))


def _compared(facts: Mapping[str, object]) -> str:
    """What is usual for colleagues, and for the person."""
    peers = {
        "BRANCH": _("The median of %(peers)s colleagues of the same role in the branch was %(peers_median)s."),
        "ROLE": _("The median of %(peers)s colleagues of the same role was %(peers_median)s."),
        "COMPANY": _("The median of all %(peers)s others at work was %(peers_median)s."),
        "NOBODY": _("Too few others were at work to compare with."),
    }[str(facts["peers_of"])]
    past = (
        _("In the 30 days before, the person's own median over %(past_days)s days was %(past_median)s.")
        if facts["past_days"]
        else _("In the 30 days before, the person has nothing to compare with.")
    )
    return f"{peers % facts} {past % facts}"


def _say_volume(facts: Mapping[str, object]) -> str:
    said = _("Data of %(amount)s customers in one day.")
    return f"{said % facts} {_compared(facts)}"


def _say_copies(facts: Mapping[str, object]) -> str:
    said = _("Files taken and pages printed in one day: %(amount)s.")
    return f"{said % facts} {_compared(facts)}"


def _say_hours(facts: Mapping[str, object]) -> str:
    when = (
        _("On a day off, data of %(amount)s customers between %(first)s and %(last)s.")
        if facts["is_day_off"]
        else _("Outside working hours (21:00–08:00), data of %(amount)s customers between %(first)s and %(last)s.")
    )
    past = _("In the 30 days before, this happened on %(past_days)s days.")
    return f"{when % facts} {past % facts}"


def _say_breadth(facts: Mapping[str, object]) -> str:
    return _("Searches: %(searches)s. Customers opened: %(opened)s. Somebody who works opens what they find.") % facts


VOLUME = Detector("VOLUME", gettext_lazy("Unusually many customers"), _volume, _say_volume)
HOURS = Detector("HOURS", gettext_lazy("At night or on a day off"), _hours, _say_hours)
BREADTH = Detector("BREADTH", gettext_lazy("Much searched, little opened"), _breadth, _say_breadth)
COPIES = Detector("COPIES", gettext_lazy("Unusually many files and prints"), _copies, _say_copies)
