"""The finances of one customer as a reader may see them: what counts, what has faded, what was, what was withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from customers import formats
from customers.access import Level
from customers.models import Contract
from customers.reading import Reading, Shown
from relations.models import FinancialFact, RiskProfile
from relations.models.finances import ConsentMethod, Sourced
from relations.reports.finances_known import Finances, Known
from relations.rules.finances import Range, Stage, added, age_on
from relations.words.finances import ITEMS, STAGES, TONES, WAS_KNOWN, in_range

WITHDRAWALS = {"FACT": "relations:finance-withdraw", "POLICY": "relations:policy-withdraw"}
WITHDRAWALS["RISK"] = "relations:risk-withdraw"


@dataclass(frozen=True, slots=True)
class Line:
    """One fact. value: a range, a level or a policy as the reader sees it; empty for what was withdrawn.

    stage, tone: its age in words and colour; percent: its strength; None where there is none, as of a risk profile.
    why: why the value is not shown in full, '' where it is.
    """

    label: str
    value: Shown
    stage: str
    tone: str
    percent: int | None
    as_of: str
    told_by: str
    consent: str
    evidence: str
    recorded: str
    withdrawn: str
    because: str
    withdraw_url: str
    why: str


@dataclass(frozen=True)
class FinanceReport:
    """current: the one fact of each kind that counts; earlier: what stands but counts no more; elsewhere: the monthly
    premiums of the policies elsewhere, as a range in words. is_senior: to be advised as an elderly investor."""

    current: tuple[Line, ...]
    policies: tuple[Line, ...]
    profile: Line | None
    earlier: tuple[Line, ...]
    withdrawn: tuple[Line, ...]
    elsewhere: Shown | None
    is_senior: bool
    is_expired: bool

    @property
    def counted(self) -> tuple[Line, ...]:
        """The facts that count, and the risk profile."""
        return (*self.current, *([self.profile] if self.profile else ()))

    @property
    def stands(self) -> bool:
        """Whether anything stands that could be withdrawn."""
        return bool(self.current or self.policies or self.profile or self.earlier)


def finance_report(finances: Finances, reading: Reading) -> FinanceReport:
    """Everything recorded of one customer. Makes no query."""
    writer = _Writer(finances, reading)
    counted = [found[0] for kind in FinancialFact.Kind.values if (found := finances.of_kind(kind))]
    shown = {(row.noun, row.pk) for row in (*counted, *finances.policies)}
    profile = finances.profile
    shown |= {(profile.noun, profile.pk)} if profile else set()
    earlier = [row for row in finances.standing if (row.noun, row.pk) not in shown]
    return FinanceReport(
        current=writer.lines(counted),
        policies=writer.lines(finances.policies),
        profile=writer.line(profile) if profile else None,
        earlier=writer.lines(earlier),
        withdrawn=writer.lines(finances.withdrawn),
        elsewhere=writer.elsewhere(),
        is_senior=_is_senior(reading, finances.on),
        is_expired=bool(profile and finances.is_expired(profile)),
    )


def premiums_elsewhere(finances: Finances) -> Range | None:
    """The sum of the monthly premiums that are known of policies elsewhere; None where none is."""
    known = [found for row in finances.policies if (found := finances.range_of(row))]
    return added(known) if known else None


def _is_senior(reading: Reading, on: date) -> bool:
    """Whether the customer is of the age at which elderly investors begin, as far as the reader may know the age."""
    born = reading.customer.birth_date
    if born is None or reading.decide("birth_date").level is not Level.FULL:
        return False
    return age_on(born, on) >= settings.SENIOR_INVESTOR_AGE


class _Writer:
    """Writes rows of one customer as lines for one reader."""

    def __init__(self, finances: Finances, reading: Reading) -> None:
        self.finances, self.reading = finances, reading

    def lines(self, rows: Iterable[Known]) -> tuple[Line, ...]:
        return tuple(self.line(row) for row in rows)

    def line(self, row: Known) -> Line:
        item, is_withdrawn = ITEMS[row.kind], row.withdrawn_at is not None
        is_open = self.reading.decide(item).level is Level.FULL
        stage, tone, percent = self._age(row)
        return Line(
            label=self.reading.label(item),
            value=self.reading.show(item, "" if is_withdrawn else self._text(row)),
            stage=stage,
            tone=tone,
            percent=percent,
            as_of=formats.day(row.as_of),
            told_by=str(Sourced.ToldBy(row.told_by).label),
            consent=f"{formats.day(row.consented_on)} {ConsentMethod(row.consent_method).label}",
            evidence=row.evidence if is_open and not is_withdrawn else "",
            recorded=_by_whom(row.recorder, formats.moment(row.recorded_at)),
            withdrawn=_by_whom(row.withdrawer, formats.moment(row.withdrawn_at)) if is_withdrawn else "",
            because=row.withdrawn_because if is_open else "",
            withdraw_url=reverse(WITHDRAWALS[row.noun], args=[self.reading.customer.number, row.pk]),
            why="" if is_open else self.reading.why(item),
        )

    def elsewhere(self) -> Shown | None:
        """The monthly premiums elsewhere in words."""
        known = premiums_elsewhere(self.finances)
        return self.reading.show("policy_elsewhere", in_range(known)) if known else None

    def _age(self, row: Known) -> tuple[str, str, int | None]:
        """Stage, tone and strength in percent."""
        if row.noun == "RISK":
            return (*self._validity(row), None)
        left = self.finances.left_of(row)
        return str(STAGES[left.stage]), TONES[left.stage], round(100 * left.strength)

    def _validity(self, profile: Known) -> tuple[str, str]:
        words = {"day": formats.day(profile.valid_until)}
        if self.finances.is_expired(profile):
            return gettext("Expired on %(day)s") % words, "red"
        return gettext("Valid until %(day)s") % words, "green"

    def _text(self, row: Known) -> str:
        if row.noun == "RISK":
            return self._level(row)
        if self.finances.left_of(row).stage is Stage.FORGOTTEN:
            return str(WAS_KNOWN)
        found = self.finances.range_of(row)
        amount = in_range(found) if found else ""
        if row.noun == "FACT":
            return amount
        group = Contract.ProductGroup(row.product_group).label
        per_month = gettext("%(range)s a month") % {"range": amount} if amount else ""
        return " · ".join(str(word) for word in (row.insurer, group, per_month) if word)

    def _level(self, profile: Known) -> str:
        """The level while it is valid; after that none is told, since nobody may be advised by it."""
        if self.finances.is_expired(profile):
            return gettext("no valid profile")
        return f"{profile.level} {RiskProfile.Level(profile.level).label}"


def _by_whom(name: str | None, moment: str) -> str:
    return f"{name} {moment}" if name else moment
