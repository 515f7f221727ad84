"""Second looks: two records without the first answer, and how often first and second steward agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.functional import Promise

from accounts.models import Staff
from customers import matching_words as words
from customers.charts import Bar, Scale, bar
from customers.models import Act, Pair, Ruling, SecondLook
from customers.reports.match_accounts import AccountReport
from customers.reports.match_pairs import pair_report, with_records
from customers.reports.match_records import Side
from customers.reports.pairs import SpelledRow, grouped
from customers.services.second_looks import AGREED, DRAWN, agrees

MONTHS = 12  # told, the one that runs among them
SHARE = Scale(0.0, 1.0)
REASONS, ANSWERS = dict(Pair.Reason.choices), dict(Ruling.Answer.choices)
Row = Mapping[str, object]
Key = TypeVar("Key")


@dataclass(frozen=True)
class LookReport:
    """The two records of a decision as they stand, and nothing that tells what was decided: the numbers of customers
    and the ways to them are left out. different, equal, unknown, account: empty where the pair was never weighed."""

    look: SecondLook
    pair: Pair
    left: Side
    right: Side
    different: tuple[SpelledRow, ...]
    equal: tuple[SpelledRow, ...]
    unknown: tuple[SpelledRow, ...]
    account: AccountReport | None


@dataclass(frozen=True)
class LookNote:
    """What the second look at an act came to. answer: in words."""

    look: SecondLook
    answer: Promise
    agrees: bool


@dataclass(frozen=True)
class Tally:
    """What became of decisions on pairs. undone: taken back by whoever decided; overturned: by somebody else."""

    decided: int = 0
    looked: int = 0
    agreed: int = 0
    undone: int = 0
    overturned: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.decided + other.decided,
            self.looked + other.looked,
            self.agreed + other.agreed,
            self.undone + other.undone,
            self.overturned + other.overturned,
        )


@dataclass(frozen=True)
class QualityLine:
    """A line of figures. group, number: month and employee number, '' where it is of all; version: of the matching
    model, None likewise.

    agreed, reversed: shares in words, a dash where there is nothing to be counted; bar: of the agreed share, None
    likewise.
    """

    name: str | Promise
    version: int | None
    tally: Tally
    agreed: str
    reversed: str
    bar: Bar | None
    group: str = ""
    number: str = ""


@dataclass(frozen=True)
class QualityReport:
    """Agreement of first and second looks. by_steward: a line a steward and month, the newest month first; is_team: of
    all stewards, not of the reader alone."""

    is_team: bool
    since: date
    total: QualityLine
    by_steward: tuple[QualityLine, ...]
    by_version: tuple[QualityLine, ...]
    by_reason: tuple[QualityLine, ...]


def look_report(look: SecondLook, viewer: Staff) -> LookReport:
    """What `viewer` judges; in the queries of a pair."""
    pair = with_records(Pair.objects.all()).get(acts=look.act_id)
    report = pair_report(pair, viewer)
    different, equal, unknown = grouped(report.rows)
    return LookReport(
        look, pair, _unnamed(report.left), _unnamed(report.right), different, equal, unknown, report.account
    )


def _unnamed(side: Side) -> Side:
    """A record without its customer: records that were merged would be known by their common number."""
    return replace(side, number="", url="", record_url="")


def look_note(act: Act) -> LookNote | None:
    """What the second look at an act came to; None while none was given."""
    look = SecondLook.objects.select_related("act", "looked_by").filter(act=act, looked_at__isnull=False).first()
    return LookNote(look, ANSWERS[look.answer], agrees(look)) if look else None


def quality_report(viewer: Staff, at: datetime) -> QualityReport:
    """The figures that `viewer` may see: their own, or those of the whole team. In one query."""
    is_team = viewer.has_perm("customers.view_team_quality")
    since = _first_month(timezone.localdate(at))
    rows = list(_counted(_decisions(since), None if is_team else viewer))
    return QualityReport(
        is_team=is_team,
        since=since,
        total=_line(sum((tally for _row, tally in rows), Tally())),
        by_steward=tuple(_of_steward(tally, key) for key, tally in _summed(rows, _by_steward)),
        by_version=tuple(_line(tally, version=key) for key, tally in reversed(_summed(rows, _by_version))),
        by_reason=tuple(_line(tally, name=REASONS[key]) for key, tally in _summed(rows, _by_reason)),
    )


def _by_steward(row: Row) -> tuple[int, str, str]:
    return -(row["month"].year * 100 + row["month"].month), row["by__name"], row["by__employee_number"]


def _by_version(row: Row) -> int:
    return row["model_version"]


def _by_reason(row: Row) -> str:
    return row["pair__reason"]


def _of_steward(tally: Tally, key: tuple[int, str, str]) -> QualityLine:
    month, name, number = -key[0], *key[1:]
    return replace(_line(tally, name), group=f"{month // 100}-{month % 100:02}", number=number)


def _summed(rows: Sequence[tuple[Row, Tally]], key: Callable[[Row], Key]) -> list[tuple[Key, Tally]]:
    """The rows added up by a key, in its order."""
    sums: dict[Key, Tally] = {}
    for row, tally in rows:
        sums[key(row)] = sums.get(key(row), Tally()) + tally
    return sorted(sums.items())


def _line(tally: Tally, name: str | Promise = "", version: int | None = None) -> QualityLine:
    agreed = tally.agreed / tally.looked if tally.looked else None
    reversed_share = (tally.undone + tally.overturned) / tally.decided if tally.decided else None
    return QualityLine(
        name=name,
        version=version,
        tally=tally,
        agreed=words.percent(agreed),
        reversed=words.percent(reversed_share),
        bar=None if agreed is None else bar(agreed, SHARE),
    )


def _first_month(today: date) -> date:
    months = today.year * 12 + today.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def _decisions(since: date) -> QuerySet[Act]:
    """What persons decided about single pairs since that day."""
    start = datetime(since.year, since.month, since.day, tzinfo=timezone.get_default_timezone())
    return Act.objects.filter(kind__in=DRAWN, pair__isnull=False, bulk=None, by__isnull=False, at__gte=start)


def _counted(acts: QuerySet[Act], only: Staff | None) -> Iterable[tuple[Row, Tally]]:
    """Tallies by steward, month, version of the model and reason of the pair."""
    if only:
        acts = acts.filter(by=only)
    month = TruncMonth("at", tzinfo=timezone.get_default_timezone())
    keys = ("by__name", "by__employee_number", "month", "model_version", "pair__reason")
    undone = Q(taken_back_by__by=F("by"))
    counted = (
        acts.annotate(month=month)
        .values(*keys)
        .annotate(
            decided=Count("pk"),
            looked=Count("pk", filter=Q(second_look__looked_at__isnull=False)),
            agreed=Count("pk", filter=AGREED),
            undone=Count("pk", filter=undone),
            overturned=Count("pk", filter=Q(taken_back_by__isnull=False) & ~undone),
        )
        .order_by(*keys)
    )
    for row in counted:
        yield row, Tally(**{name: row[name] for name in ("decided", "looked", "agreed", "undone", "overturned")})
