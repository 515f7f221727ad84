"""Birth dates, plain dates and instants."""

import re
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple

from customers.standard.certainty import DOUBTFUL, EMPTY, PLAUSIBLE, UNUSABLE
from customers.standard.placeholders import is_tidy_placeholder
from customers.standard.text import tidy

_OLDEST = 120  # years
_SERIAL_ORIGIN = date(1899, 12, 30)
_BIRTH_SERIALS = range(10_000, 50_001)
_PLAIN_SERIALS = range(10_000, 80_001)
_KST = timezone(timedelta(hours=9))
_PIVOT = 70  # two-digit years of plain dates: 1970 to 2069
_LIKELY_YEARS = range(1900, 2200)
_PLACEHOLDERS: frozenset[date] = frozenset(
    (date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1111, 11, 11), date(1, 1, 1), date(9999, 12, 31))
)
_PLACEHOLDER_TEXT = re.compile(r"0{4}\D?00\D?00|9999\D?99\D?99|11111111|1111\D11\D11")
_OPEN_ENDS: frozenset[date] = frozenset((date(9999, 12, 31), date(9999, 12, 30), date(2999, 12, 31)))

_LUNAR = re.compile(r"[(\[]?(?:음력? ?(?:윤달?)?|윤달?|[Ll](?:unar)?)[)\]]?|\[L\]")
_SOLAR = re.compile(r"[(\[]?(?:양력?|[Ss](?:olar)?)[)\]]?")
_CLOCK = re.compile(
    r"(?:[T ]|(?<=[.일]))(?:(오전|오후|[AaPp][Mm]) ?)?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?: ?([AaPp][Mm]))?$"
)
_YEAR_FIRST = re.compile(r"(\d{4}|\d{2}) ?[-./년 ] ?(\d{1,2}) ?[-./월 ] ?(\d{1,2}) ?(?:일|\.)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4}) ?(?:[-./년] ?(\d{1,2}) ?(?:월|\.)?|년생?|년도)")
_SHORT_YEAR = re.compile(r"(\d{2}) ?년 ?생")
_RESIDENT = re.compile(r"(\d{6})-([1-8])[*xX●○]{0,6}")  # the first part of a resident number
_FLOAT_TAIL = re.compile(r"\.0+$")


class BirthDate(NamedTuple):
    """A birth date as written. is_lunar: the date counts in the lunar calendar. year: kept even without a date."""

    value: date | None
    certainty: int
    problems: tuple[str, ...]
    is_lunar: bool
    year: int | None


class PlainDate(NamedTuple):
    """A date of a contract or of a delivery; None with problem OPEN_END stands for "without end"."""

    value: date | None
    certainty: int
    problems: tuple[str, ...]


class Instant(NamedTuple):
    """A naive date and time in Korean Standard Time."""

    value: datetime | None
    certainty: int
    problems: tuple[str, ...]


class _Reading(NamedTuple):
    """Year, month and day as written, with the doubts about them; day 0: not given."""

    year: int
    month: int
    day: int
    problems: tuple[str, ...]


def birth_date(raw: str | None, today: date) -> BirthDate:
    """The standard form of a birth date; two-digit years are taken as the latest not in the future."""
    value = _quick(raw)
    if value is not None and value not in _PLACEHOLDERS and value <= today and today.year - value.year < _OLDEST:
        return BirthDate(value, PLAUSIBLE, (), False, value.year)
    text = tidy(raw)
    if not text:
        return BirthDate(None, EMPTY, (), False, None)
    bare, is_lunar = _take_calendar(text)
    if is_tidy_placeholder(text) or is_tidy_placeholder(bare) or _PLACEHOLDER_TEXT.match(bare):
        return BirthDate(None, UNUSABLE, ("PLACEHOLDER",), False, None)
    reading = _read(_without_clock(bare), today, _BIRTH_SERIALS)
    if reading is None:
        return BirthDate(None, UNUSABLE, ("FORM",), is_lunar, None)
    return _judged(reading, is_lunar, today)


def _quick(raw: str | None) -> date | None:
    """The date of 19900101 and 1990-01-01; None for any other writing or an impossible day."""
    if type(raw) is not str or not raw.isascii():
        return None
    if not (raw.isdigit() if len(raw) == 8 else len(raw) == 10 and raw[4] == raw[7] == "-" and raw[5] != "W"):
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


def _take_calendar(text: str) -> tuple[str, bool]:
    """The text without its mark of the calendar, and whether that was the lunar one."""
    bare, count = _LUNAR.subn("", text)
    if not count:
        bare = _SOLAR.sub("", text)
    return bare.strip(" ,"), count > 0


def _without_clock(text: str) -> str:
    return _CLOCK.sub("", text).strip()


def _read(text: str, today: date | None, serials: range) -> _Reading | None:
    """The date in any supported writing. today: bounds two-digit years; None takes 1970 to 2069."""
    text = _FLOAT_TAIL.sub("", text.strip("'"))
    if text.isascii() and text.isdigit():
        return _read_digits(text, today, serials)
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match.groups()
        problems = () if len(year) == 4 else ("TWO_DIGIT_YEAR",)
        return _Reading(_full_year(year, int(month), int(day), today), int(month), int(day), problems)
    if match := _YEAR_LAST.fullmatch(text):
        first, second, year = map(int, match.groups())
        month, day = (second, first) if first > 12 else (first, second)
        return _Reading(year, month, day, ("DAY_ORDER",))
    if match := _YEAR_MONTH.fullmatch(text):
        return _Reading(int(match[1]), int(match[2] or 0), 0, ("YEAR_ONLY",))
    if match := _SHORT_YEAR.fullmatch(text):
        return _Reading(_full_year(match[1], 0, 0, today), 0, 0, ("TWO_DIGIT_YEAR", "YEAR_ONLY"))
    if match := _RESIDENT.fullmatch(text):
        year = (1900 if match[2] in "1256" else 2000) + int(match[1][:2])
        return _Reading(year, int(match[1][2:4]), int(match[1][4:]), ("NOTE",))
    return None


def _read_digits(text: str, today: date | None, serials: range) -> _Reading | None:
    length = len(text)
    if length in (8, 12, 14):
        return _Reading(int(text[:4]), int(text[4:6]), int(text[6:8]), ())
    if length == 5 and int(text) in serials:
        day = _SERIAL_ORIGIN + timedelta(days=int(text))
        return _Reading(day.year, day.month, day.day, ("EXCEL_SERIAL",))
    if length == 6 and not 1 <= int(text[2:4]) <= 12 and 1 <= int(text[4:]) <= 12:
        return _Reading(int(text[:4]), int(text[4:]), 0, ("YEAR_ONLY",))
    if length in (5, 6):
        problems = ("TWO_DIGIT_YEAR",) if length == 6 else ("LEADING_ZERO", "TWO_DIGIT_YEAR")
        text = text.zfill(6)
        month, day = int(text[2:4]), int(text[4:])
        return _Reading(_full_year(text[:2], month, day, today), month, day, problems)
    return _Reading(int(text), 0, 0, ("YEAR_ONLY",)) if length == 4 else None


def _full_year(text: str, month: int, day: int, today: date | None) -> int:
    """The four-digit year; of two digits the latest that does not lie in the future."""
    year = int(text)
    if len(text) == 4:
        return year
    if today is None:
        return year + (1900 if year >= _PIVOT else 2000)
    return year + (2000 if (year + 2000, month, day) <= (today.year, today.month, today.day) else 1900)


def _day(reading: _Reading) -> date | None:
    try:
        return date(reading.year, reading.month, reading.day)
    except (ValueError, OverflowError):
        return None


def _judged(reading: _Reading, is_lunar: bool, today: date) -> BirthDate:
    """The birth date of a reading, refused if it cannot be one."""
    problems = ("LUNAR", *reading.problems) if is_lunar else reading.problems
    age = today.year - reading.year
    if age < 0 or age > _OLDEST:
        junk = _day(reading) in _PLACEHOLDERS
        problem = "PLACEHOLDER" if junk else "FUTURE" if age < 0 else "TOO_OLD"
        return BirthDate(None, UNUSABLE, (*problems, problem), is_lunar, None)
    if not reading.day:
        problems = problems if "YEAR_ONLY" in problems else (*problems, "YEAR_ONLY")
        return BirthDate(None, DOUBTFUL, problems, is_lunar, reading.year)
    value = _day(reading)
    if value is None:
        if is_lunar and 1 <= reading.month <= 12 and 1 <= reading.day <= 30:
            return BirthDate(None, DOUBTFUL, (*problems, "NO_SOLAR_DATE"), True, reading.year)
        return BirthDate(None, UNUSABLE, (*problems, "IMPOSSIBLE_DATE"), is_lunar, None)
    if value in _PLACEHOLDERS:
        return BirthDate(None, UNUSABLE, (*problems, "PLACEHOLDER"), is_lunar, None)
    if value > today or (age == _OLDEST and (value.month, value.day) < (today.month, today.day)):
        return BirthDate(None, UNUSABLE, (*problems, "FUTURE" if value > today else "TOO_OLD"), is_lunar, None)
    return BirthDate(value, DOUBTFUL if reading.problems else PLAUSIBLE, problems, is_lunar, value.year)


def plain_date(raw: str | None) -> PlainDate:
    """The standard form of the date of a contract or delivery."""
    value = _quick(raw)
    if value is not None and value.year in _LIKELY_YEARS and value not in _PLACEHOLDERS:
        return PlainDate(value, PLAUSIBLE, ())
    text = tidy(raw)
    if not text:
        return PlainDate(None, EMPTY, ())
    text = _without_clock(text)
    if re.match(r"9999\D?99\D?99", text):
        return PlainDate(None, PLAUSIBLE, ("OPEN_END",))
    if is_tidy_placeholder(text) or _PLACEHOLDER_TEXT.match(text):
        return PlainDate(None, UNUSABLE, ("PLACEHOLDER",))
    reading = _read(text, None, _PLAIN_SERIALS)
    if reading is None or not reading.day:
        return PlainDate(None, UNUSABLE, reading.problems if reading else ("FORM",))
    return _plain(_day(reading), reading.problems)


def _plain(value: date | None, problems: tuple[str, ...]) -> PlainDate:
    if value is None:
        return PlainDate(None, UNUSABLE, (*problems, "IMPOSSIBLE_DATE"))
    if value in _OPEN_ENDS:
        return PlainDate(None, PLAUSIBLE, (*problems, "OPEN_END"))
    if value in _PLACEHOLDERS:
        return PlainDate(None, UNUSABLE, (*problems, "PLACEHOLDER"))
    if value.year not in _LIKELY_YEARS:
        return PlainDate(value, DOUBTFUL, (*problems, "UNLIKELY_YEAR"))
    return PlainDate(value, DOUBTFUL if problems else PLAUSIBLE, problems)


def instant(raw: str | None) -> Instant:
    """The standard form of a date with an optional time; a stated offset is converted, none means Korean time."""
    text = tidy(raw)
    if not text:
        return Instant(None, EMPTY, ())
    if found := _iso_instant(text):
        return found
    day = plain_date(text)
    if day.value is None or "OPEN_END" in day.problems:
        problems = ("PLACEHOLDER",) if day.problems == ("OPEN_END",) else day.problems
        return Instant(None, UNUSABLE, problems)
    clock = _clock(text)
    if clock is None:
        return Instant(None, UNUSABLE, ("FORM",))
    return Instant(datetime.combine(day.value, clock), day.certainty, day.problems)


def _iso_instant(text: str) -> Instant | None:
    """The instant of a likely year written as ISO 8601 with a time, else None."""
    if len(text) < 16 or "W" in text or not text[:4].isdigit():
        return None
    try:
        value = datetime.fromisoformat(text)
        if value.tzinfo is not None:
            value = value.astimezone(_KST).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    is_usable = value.year in _LIKELY_YEARS and value.date() not in _PLACEHOLDERS
    return Instant(value, PLAUSIBLE, ()) if is_usable else None


def _clock(text: str) -> time | None:
    """The time of day in the text, midnight if there is none, None if it is impossible."""
    match = _CLOCK.search(text)
    if match:
        hour, minute, second = int(match[2]), int(match[3]), int(match[4] or 0)
        half = (match[1] or match[5] or "").upper()
        if half:
            hour = hour % 12 + (12 if half in ("오후", "PM") else 0)
    elif text.isdigit() and len(text) in (12, 14):
        hour, minute, second = int(text[8:10]), int(text[10:12]), int(text[12:] or 0)
    else:
        return time()
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None
