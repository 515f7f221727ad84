"""What makes an entry of the trail worth a look, in points and in words.

The monthly draw favours entries by the sum of their points. A risk is a condition in SQL, for a month has millions of
entries; `settings.ACCESS_RISKS` lists the functions that give them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

ROUTINE = 1
"""The points that every entry has, so that usual work is drawn as well, only seldom."""
NIGHT_FROM, NIGHT_TO = 21, 8
MANY_CUSTOMERS = 100
FEW_FOUND = 3
MANY_SEARCHES = 100  # a search is answered while it is typed, so that each counts several times
IN_PERIOD = "{alias}.month = ANY(%(months)s) AND {alias}.at >= %(start)s AND {alias}.at < %(end)s"
DAY_OF = "({alias}.at AT TIME ZONE %(zone)s)::date"
AT_NIGHT = f"date_part('hour', {{alias}}.at AT TIME ZONE %(zone)s) NOT BETWEEN {NIGHT_TO} AND {NIGHT_FROM - 1}"
ON_HOLIDAY = f"(date_part('isodow', {{alias}}.at AT TIME ZONE %(zone)s) > 5 OR {DAY_OF} = ANY(%(holidays)s))"


@dataclass(frozen=True)
class Risk:
    """A reason to look. points: 1 or more; condition: SQL over a row `entry` of the trail, with the parameters `start`
    and `end` (instants), `months` of their partitions, `zone` and `holidays`."""

    code: str
    points: int
    name: Promise
    condition: str


def of_the_entry() -> list[Risk]:
    """The risks that the entry itself shows."""
    entry = {"alias": "entry"}
    return [
        Risk("REVEAL", 10, _("A masked value was opened"), "entry.kind = 'REVEAL'"),
        Risk("EXPORT", 40, _("A file was taken"), "entry.kind = 'EXPORT'"),
        Risk("PRINT", 20, _("A page was printed"), "entry.kind = 'PRINT'"),
        Risk("TRAIL", 10, _("The trail was read"), "entry.kind = 'TRAIL'"),
        Risk("NIGHT", 15, _("At night"), AT_NIGHT.format(**entry)),
        Risk("HOLIDAY", 15, _("On a day off"), ON_HOLIDAY.format(**entry)),
        Risk("MANY", 30, _("Many customers at once"), f"cardinality(entry.customers) >= {MANY_CUSTOMERS}"),
        Risk("REFUSED", 15, _("Access was refused"), "entry.result = 403"),
        Risk("SEARCHES", 25, _("Single people searched for again and again"), _searches()),
    ]


def _searches() -> str:
    """Searches with few results by somebody who made many such searches on one day."""
    few = f"{{alias}}.kind = 'SEARCH' AND {{alias}}.count BETWEEN 1 AND {FEW_FOUND}"
    many = (
        f"SELECT other.employee_number, {DAY_OF} FROM accounts_accessentry other WHERE {IN_PERIOD} AND {few} "  # noqa: S608 - constants of our own
        f"GROUP BY 1, 2 HAVING count(*) >= {MANY_SEARCHES}"
    ).format(alias="other")
    return f"{few} AND (entry.employee_number, {DAY_OF}) IN ({{many}})".format(alias="entry", many=many)


def all_risks() -> list[Risk]:
    """Every risk, in the order of the settings."""
    return [risk for path in settings.ACCESS_RISKS for risk in import_string(path)()]


def names() -> Mapping[str, Promise]:
    """{code: what it is called}."""
    return {risk.code: risk.name for risk in all_risks()} | {"ROUTINE": _("Drawn by chance")}


def weights_of(mask: int, risks: list[Risk]) -> dict[str, int]:
    """The points of an entry by reason; bit n of `mask` stands for the n-th risk."""
    held = {risk.code: risk.points for place, risk in enumerate(risks) if mask >> place & 1}
    return held or {"ROUTINE": ROUTINE}
