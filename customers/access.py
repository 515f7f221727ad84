"""Who may see how much of what: the rules of access as data, and the one function that applies them. Pure.

A rule says what a role sees, for a purpose, of the items of a grade, within a scope. The better rule of two roles
counts; the limits of a channel then take away, whatever the roles allow. What no rule allows is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Level(StrEnum):
    """How much of a value is shown, from all to nothing; of a silhouette only that there is a value."""

    FULL = "FULL"
    MASKED = "MASKED"
    SILHOUETTE = "SILHOUETTE"
    NOTHING = "NOTHING"


RANKS = {Level.NOTHING: 0, Level.SILHOUETTE: 1, Level.MASKED: 2, Level.FULL: 3}


class Scope(StrEnum):
    """How the customer is the viewer's: by role, branch or keeper; by a single grant; or not at all."""

    OWN = "OWN"
    GRANTED = "GRANTED"
    NONE = "NONE"


class Place(StrEnum):
    """Where values are shown: the customer's own page, or one of many."""

    PROFILE = "PROFILE"
    LIST = "LIST"
    SEARCH = "SEARCH"
    EXPORT = "EXPORT"


class Basis(StrEnum):
    """What lifts the limit of a channel for one customer."""

    NONE = "NONE"
    SOURCE = "SOURCE"  # the channel itself brought the customer: one of its systems has a record linked


@dataclass(frozen=True, slots=True)
class Rule:
    """A role sees items of `grade` at `level`. purpose and place: '' for any. may_reveal: a masked value may be opened
    for a minute, with a reason."""

    role: str
    grade: int
    level: Level
    scope: Scope = Scope.OWN
    purpose: str = ""
    place: str = ""
    may_reveal: bool = False

    def speaks_of(self, role: str, grade: int, scope: Scope, purpose: str, place: str) -> bool:
        return (
            (self.role, self.grade, self.scope) == (role, grade, scope)
            and self.purpose in ("", purpose)
            and self.place in ("", place)
        )

    @property
    def precision(self) -> tuple[bool, bool]:
        """Of two rules of one role the one that names the purpose holds, then the one that names the place."""
        return bool(self.purpose), bool(self.place)


@dataclass(frozen=True, slots=True)
class Limit:
    """What the staff of a channel do not see, whatever their role. clause: the law or contract; lifted_by: who may lift
    it; basis: what lifts it for one customer."""

    channel: str
    items: tuple[str, ...]
    level: Level
    clause: str
    lifted_by: str
    basis: Basis = Basis.SOURCE


@dataclass(frozen=True)
class Rules:
    """A version of the rules. graded: {item: (grade, mask)} where it differs from the catalogue."""

    version: int
    rules: tuple[Rule, ...]
    limits: tuple[Limit, ...] = ()
    graded: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    @cached_property
    def by_role(self) -> Mapping[str, tuple[Rule, ...]]:
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            found.setdefault(rule.role, []).append(rule)
        return {role: tuple(rules) for role, rules in found.items()}

    def limits_of(self, channel: str) -> tuple[Limit, ...]:
        """The limits of a channel; '' has none."""
        return tuple(limit for limit in self.limits if limit.channel == channel)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided and by what: the rule, None where none allows anything, and the limit that took away."""

    level: Level
    rule: Rule | None
    limit: Limit | None = None

    @property
    def may_reveal(self) -> bool:
        return self.level is Level.MASKED and self.rule is not None and self.rule.may_reveal and self.limit is None


def decide(
    rules: Rules,
    *,
    roles: Iterable[str],
    grade: int,
    scope: Scope,
    purpose: str,
    place: str,
    item: str,
    limits: Sequence[Limit] = (),
) -> Verdict:
    """How much of an item of this grade is shown. limits: those of the viewer's channel that nothing lifts here."""
    held = (_rule_of(rules, role, grade, scope, purpose, place) for role in roles)
    best = max((rule for rule in held if rule), key=lambda rule: (RANKS[rule.level], rule.may_reveal), default=None)
    level = best.level if best else Level.NOTHING
    for limit in limits:
        if item in limit.items and RANKS[limit.level] < RANKS[level]:
            return Verdict(limit.level, best, limit)
    return Verdict(level, best)


def _rule_of(rules: Rules, role: str, grade: int, scope: Scope, purpose: str, place: str) -> Rule | None:
    speaking = [rule for rule in rules.by_role.get(role, ()) if rule.speaks_of(role, grade, scope, purpose, place)]
    return max(speaking, key=lambda rule: rule.precision, default=None)


HEALTH, IDENTIFIERS, PRIVATE, INTERNAL, OPEN = range(5)
GRADES = (HEALTH, IDENTIFIERS, PRIVATE, INTERNAL, OPEN)


class RulesUnfit(ValueError):
    """A definition is not one of rules; the message says where, in English, for a person who edits it."""


def rules_of(version: int, definition: object) -> Rules:
    """The rules of a definition: {"rules": [[role, purpose, grade, scope, place, level, may reveal]], "limits":
    [{"channel", "items", "level", "clause", "lifted_by", "basis"}], "items": {code: [grade, mask]}}.

    Raises RulesUnfit.
    """
    try:
        rules = tuple(
            Rule(
                str(role),
                int(grade),
                Level(level),
                Scope(scope),
                str(purpose),
                str(place) and Place(place).value,
                bool(may_reveal),
            )
            for role, purpose, grade, scope, place, level, may_reveal in definition["rules"]
        )
        limits = tuple(
            Limit(
                str(limit["channel"]),
                tuple(sorted(map(str, limit["items"]))),
                Level(limit["level"]),
                str(limit["clause"]),
                str(limit["lifted_by"]),
                Basis(limit["basis"]),
            )
            for limit in definition.get("limits", ())
        )
        graded = {str(item): (int(grade), str(mask)) for item, (grade, mask) in definition.get("items", {}).items()}
    except (TypeError, ValueError, KeyError, AttributeError) as problem:
        raise RulesUnfit(str(problem)) from None
    made = Rules(version, rules, limits, graded)
    fault = next(_faults(made), "")
    if fault:
        raise RulesUnfit(fault)
    return made


def _faults(rules: Rules) -> Iterator[str]:
    """What is wrong with rules of which every word is known."""
    said = [(rule.role, rule.purpose, rule.grade, rule.scope, rule.place) for rule in rules.rules]
    if len(set(said)) < len(said):
        yield "two rules speak of the same role, purpose, grade, scope and place"
    if any(grade not in GRADES for grade in (*(rule.grade for rule in rules.rules), *_grades(rules))):
        yield "a grade is none"
    if any(rule.grade == HEALTH and RANKS[rule.level] > RANKS[Level.SILHOUETTE] for rule in rules.rules):
        yield "of health and claims no more is told than that there is something"
    limited = [(limit.channel, limit.items) for limit in rules.limits]
    if len(set(limited)) < len(limited):
        yield "two limits speak of the same channel and items"
    if any(not limit.clause.strip() or not limit.lifted_by.strip() for limit in rules.limits):
        yield "a limit does not say its clause, or who lifts it"


def _grades(rules: Rules) -> list[int]:
    return [grade for grade, _mask in rules.graded.values()]


def definition_of(rules: Rules) -> dict[str, object]:
    """The definition that `rules_of` reads, in a steady order."""
    rows = [
        [rule.role, rule.purpose, rule.grade, rule.scope.value, rule.place, rule.level.value, rule.may_reveal]
        for rule in rules.rules
    ]
    limits = [
        {
            "channel": limit.channel,
            "items": list(limit.items),
            "level": limit.level.value,
            "clause": limit.clause,
            "lifted_by": limit.lifted_by,
            "basis": limit.basis.value,
        }
        for limit in rules.limits
    ]
    return {
        "rules": sorted(rows),
        "limits": sorted(limits, key=lambda limit: (limit["channel"], limit["items"])),
        "items": {item: list(held) for item, held in sorted(rules.graded.items())},
    }


def _role(
    role: str, private: Level, *, reveals: bool = False, granted: Level = Level.FULL, identifiers: Level = Level.MASKED
) -> list[Rule]:
    """The usual rules of a role: health as a silhouette, identifiers never whole, private items at `private`; of a
    customer that was only granted, private items at `granted` on the own page and masked elsewhere."""
    made = [Rule(role, HEALTH, Level.SILHOUETTE, scope) for scope in (Scope.OWN, Scope.GRANTED)]
    for scope in (Scope.OWN, Scope.GRANTED):
        made += [
            Rule(role, IDENTIFIERS, identifiers, scope, may_reveal=reveals and identifiers is Level.MASKED),
            Rule(role, INTERNAL, Level.FULL, scope),
            Rule(role, OPEN, Level.FULL, scope),
        ]
    return [
        *made,
        Rule(role, PRIVATE, private, may_reveal=reveals and private is Level.MASKED),
        Rule(role, PRIVATE, Level.MASKED, Scope.GRANTED),
        Rule(
            role, PRIVATE, granted, Scope.GRANTED, place=Place.PROFILE, may_reveal=reveals and granted is Level.MASKED
        ),
    ]


_BANCASSURANCE = Limit(
    "BANCASSURANCE",
    ("address", "company", "email", "keeper", "mobile", "phone_home"),
    Level.MASKED,
    "보험업법 제100조, 신용정보법 제33조",
    "준법감시인",
)
SHIPPED = Rules(
    0,
    (
        *_role("DATA_STEWARD", Level.FULL, reveals=True),
        *_role("STEWARD_LEAD", Level.FULL, reveals=True),
        *_role("FP", Level.FULL, reveals=True),
        *(Rule("FP", IDENTIFIERS, Level.NOTHING, scope, purpose="SALES") for scope in (Scope.OWN, Scope.GRANTED)),
        *_role("BRANCH_MANAGER", Level.MASKED, reveals=True),
        *_role("COMPLIANCE_OFFICER", Level.MASKED, reveals=True, granted=Level.MASKED),
        *_role("PRIVACY_OFFICER", Level.MASKED, reveals=True, granted=Level.MASKED),
        *_role("CAMPAIGN_MANAGER", Level.MASKED, granted=Level.MASKED, identifiers=Level.NOTHING),
    ),
    (_BANCASSURANCE,),
)
"""The rules that Hannun brings [D]: masked by default where work does not need the value (X3), identifiers hidden
from sales and campaigns (PIPA §24의2), channel limits of 방카슈랑스 as a setting for compliance to edit [Mm]."""
