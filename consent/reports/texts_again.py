"""Whose consent rests on an earlier version of a text, so that they must be asked again: how many, from where (CO3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch
from consent.models import Channel, CleanupAsk, Text
from consent.state import everybody
from customers import wording
from customers.models import SourceSystem

MOST_BRANCHES = 30
RESTING = f"""
WITH held AS ({everybody("consent.purpose_id = %(purpose)s")}), resting AS (
    SELECT held.customer_id, held.channel, receipt.source_id, customer.main_branch_id AS branch
    FROM held
    JOIN customers_customer customer ON customer.id = held.customer_id AND customer.state = 'ACTIVE'
    JOIN consent_consent consent ON consent.id = held.consent_id
    LEFT JOIN consent_receipt receipt ON receipt.id = consent.receipt_id
    LEFT JOIN consent_text text ON text.id = consent.text_id
    WHERE held.answer = 'GIVEN' AND coalesce(text.number, 0) < %(number)s
)"""  # noqa: S608 - constants
COUNT = f"""{RESTING}
SELECT CASE WHEN GROUPING(source_id) = 0 THEN 'SOURCE' WHEN GROUPING(branch) = 0 THEN 'BRANCH'
            WHEN GROUPING(channel) = 0 THEN 'CHANNEL' ELSE 'ALL' END,
    coalesce(source_id::text, branch, channel, ''), count(DISTINCT customer_id)
FROM resting GROUP BY GROUPING SETS ((), (source_id), (branch), (channel)) ORDER BY 3 DESC, 2
"""  # noqa: S608 - constants
WHO = f"{RESTING} SELECT DISTINCT customer_id FROM resting ORDER BY 1"  # noqa: S608 - constants
TITLES: Mapping[str, Promise] = {"SOURCE": _("By source"), "BRANCH": _("By branch"), "CHANNEL": _("By channel")}


@dataclass(frozen=True, slots=True)
class Share:
    """One source, branch or channel: how many customers, and how wide its bar is, in percent of the largest."""

    label: str
    customers: int
    percent: int


@dataclass(frozen=True)
class Cut:
    """The customers cut in one way, the most first. more: how many lines are left out."""

    title: Promise
    lines: tuple[Share, ...]
    more: int


@dataclass(frozen=True)
class AgainReport:
    """customers: how many must be asked again; opened: how many questions to have a consent confirmed stand open."""

    customers: int
    cuts: tuple[Cut, ...]
    opened: int


def again_report(text: Text, at: datetime) -> AgainReport:
    """Who rests on versions before this one, as of now."""
    found: dict[str, list[tuple[str, int]]] = {"ALL": [], "SOURCE": [], "BRANCH": [], "CHANNEL": []}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, _words(text, at))
        for cut, code, count in cursor.fetchall():
            found[cut].append((code, count))
    names = _names(found)
    cuts = tuple(_cut(cut, found[cut], names) for cut in TITLES)
    opened = CleanupAsk.objects.filter(kind=CleanupAsk.Kind.RECONFIRM, state=CleanupAsk.State.OPEN).count()
    return AgainReport(found["ALL"][0][1] if found["ALL"] else 0, cuts, opened)


def customers_to_ask_again(text: Text, at: datetime) -> list[int]:
    """The ids of the customers whose consent rests on a version before this one."""
    with connection.cursor() as cursor:
        cursor.execute(WHO, _words(text, at))
        return [row[0] for row in cursor.fetchall()]


def _words(text: Text, at: datetime) -> dict[str, object]:
    return {"at": at, "day": timezone.localdate(at), "purpose": text.purpose_id, "number": text.number}


def _names(found: Mapping[str, list[tuple[str, int]]]) -> dict[tuple[str, str], str]:
    sources = {str(pk): source for pk, source in SourceSystem.objects.in_bulk().items()}
    codes = [code for code, _count in found["BRANCH"][:MOST_BRANCHES]]
    names = {("BRANCH", branch.code): branch.name for branch in Branch.objects.filter(code__in=codes)}
    names |= {("SOURCE", code): wording.source_name(sources.get(code)) for code, _count in found["SOURCE"] if code}
    names |= {("CHANNEL", channel.value): str(channel.label) for channel in Channel}
    names |= {("SOURCE", ""): str(_("Taken in Hannun")), ("BRANCH", ""): str(_("No branch"))}
    return names


def _cut(cut: str, counts: list[tuple[str, int]], names: Mapping[tuple[str, str], str]) -> Cut:
    most = max((count for _code, count in counts), default=0)
    shown = counts[:MOST_BRANCHES]
    lines = (Share(names.get((cut, code), code), count, round(100 * count / most)) for code, count in shown)
    return Cut(TITLES[cut], tuple(lines), len(counts) - len(shown))
