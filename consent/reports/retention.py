"""Rules of retention as people look at them: versions, and the period of every class beside the one in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from consent.models import RetentionRules
from consent.rules.retention import SHIPPED, Policy, Rules, changed_classes
from consent.words.retention import CLASSES, GRADES, TRIGGERS
from customers import wording

YEAR = 12


@dataclass(frozen=True)
class PolicyLine:
    """The period of a class. live: the one in use; differs: from it."""

    policy: Policy
    live: Policy
    label: str | Promise
    trigger: str | Promise
    grade: str | Promise
    differs: bool


@dataclass(frozen=True)
class RulesLine:
    """A version in the list. row: None for the rules that Hannun brings; changed: classes that differ from these."""

    version: int
    row: RetentionRules | None
    state: str
    state_label: str | Promise
    changed: str


@dataclass(frozen=True)
class RehearsalLine:
    """How many customers would be due by a draft, and by the rules in use."""

    action: str
    drafted: int
    live: int


@dataclass(frozen=True)
class RulesReport:
    """A version in full. is_own: the reader wrote it, so another publishes it."""

    line: RulesLine
    policies: tuple[PolicyLine, ...]
    rehearsal: tuple[RehearsalLine, ...]
    is_own: bool


def rules_line(row: RetentionRules | None, rules: Rules, *, live: int) -> RulesLine:
    """A version in short; live: the number of the one in use."""
    is_live = live == (row.version if row else 0)
    state = (
        RetentionRules.State(row.state)
        if row
        else RetentionRules.State.LIVE
        if is_live
        else RetentionRules.State.RETIRED
    )
    changed = wording.listed([str(CLASSES[code]) for code in changed_classes(rules, SHIPPED)])
    return RulesLine(row.version if row else 0, row, str(state), state.label, changed)


def policy_lines(rules: Rules, live: Rules) -> tuple[PolicyLine, ...]:
    """The periods of every class beside those in use."""
    return tuple(
        PolicyLine(
            policy=policy,
            live=live.policies[code],
            label=CLASSES[code],
            trigger=TRIGGERS[policy.trigger],
            grade=GRADES[policy.grade],
            differs=policy != live.policies[code],
        )
        for code, policy in rules.policies.items()
    )


def rehearsal_lines(rehearsal: Mapping[str, object], actions: Mapping[str, str | Promise]) -> tuple[RehearsalLine, ...]:
    """What was counted; actions: {action: its words}."""
    counts: Mapping[str, list[int]] = rehearsal.get("counts", {})
    return tuple(RehearsalLine(str(words), *counts[action]) for action, words in actions.items() if action in counts)
