"""What differs between two versions of the rules of access, and what of that a person would notice. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from customers.access import RANKS, Level, Limit, Place, Rule, Rules, Scope, decide

Key = tuple[str, str, int, str, str]
"""Of a rule: role, purpose, grade, scope, place."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that was added (before is None), taken away (after is None), or says something else."""

    before: Rule | None
    after: Rule | None

    @property
    def rule(self) -> Rule | None:
        """Either of both, for what they have in common."""
        return self.after or self.before

    @property
    def is_exception(self) -> bool:
        """Whether the rule speaks of one purpose or place only; without it a more general rule holds."""
        return bool(self.rule.purpose or self.rule.place)


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item whose grade or mask changes. before, after: (grade, mask)."""

    item: str
    before: tuple[int, str]
    after: tuple[int, str]


@dataclass(frozen=True, slots=True)
class LimitChange:
    """A limit of a channel that begins (before is None), ends (after is None), or says something else."""

    before: Limit | None
    after: Limit | None


@dataclass(frozen=True, slots=True)
class Reach:
    """For one role: how many items somebody who holds it would see more of, and less of, somewhere."""

    role: str
    wider: int
    narrower: int


def rule_changes(before: Rules, after: Rules) -> list[RuleChange]:
    """The rules that differ, in a steady order."""
    old, new = _keyed(before), _keyed(after)
    keys = sorted(old.keys() | new.keys())
    return [RuleChange(old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)]


def item_changes(before: Rules, after: Rules, items: Mapping[str, tuple[int, str]]) -> list[ItemChange]:
    """The items that differ. items: {code: (grade, mask)} of the catalogue, for those of which a version is silent."""
    changed = []
    for code, shipped in items.items():
        old, new = before.graded.get(code, shipped), after.graded.get(code, shipped)
        if old != new:
            changed.append(ItemChange(code, old, new))
    return changed


def limit_changes(before: Rules, after: Rules) -> list[LimitChange]:
    """The limits that differ; a limit is the same one as long as channel and items are."""
    old = {(limit.channel, limit.items): limit for limit in before.limits}
    new = {(limit.channel, limit.items): limit for limit in after.limits}
    return [
        LimitChange(old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def is_same(before: Rules, after: Rules) -> bool:
    """Whether two versions say the same, perhaps in other words."""
    differs = rule_changes(before, after) or limit_changes(before, after)
    return not differs and dict(before.graded) == dict(after.graded)


def reaches(
    before: Rules,
    after: Rules,
    *,
    roles: Iterable[str],
    purposes: Sequence[str],
    items: Mapping[str, tuple[int, str]],
) -> list[Reach]:
    """What the change means for the holders of each role, where it means anything. items: as in `item_changes`."""
    found = (Reach(role, *_noticed(before, after, role, purposes, items)) for role in roles)
    return [reach for reach in found if reach.wider or reach.narrower]


def _noticed(
    before: Rules, after: Rules, role: str, purposes: Sequence[str], items: Mapping[str, tuple[int, str]]
) -> tuple[int, int]:
    """In how many items a holder of the role would see more, and less, for some purpose, scope and place."""
    wider = narrower = 0
    for code, shipped in items.items():
        steps = {
            _rank(after, role, code, shipped, *where) - _rank(before, role, code, shipped, *where)
            for where in product(purposes, (Scope.OWN, Scope.GRANTED), Place)
        }
        wider += any(step > 0 for step in steps)
        narrower += any(step < 0 for step in steps)
    return wider, narrower


def _rank(
    rules: Rules, role: str, code: str, shipped: tuple[int, str], purpose: str, scope: Scope, place: Place
) -> float:
    """How much is shown, as a number; a masked value that may be opened counts for more than one that may not."""
    grade = rules.graded.get(code, shipped)[0]
    found = decide(rules, roles=[role], grade=grade, scope=scope, purpose=purpose, place=place, item=code)
    return RANKS[found.level] + (0.5 if found.may_reveal else 0)


def _keyed(rules: Rules) -> dict[Key, Rule]:
    """The rules by what they speak of. Rules that allow nothing are left out where no more general one would."""
    return {key_of(rule): rule for rule in _telling(rules.rules)}


def _telling(rules: Iterable[Rule]) -> Iterator[Rule]:
    """All but general rules that allow nothing, which say the same as no rule."""
    for rule in rules:
        if rule.level is not Level.NOTHING or rule.purpose or rule.place:
            yield rule


def key_of(rule: Rule) -> Key:
    """What the rule speaks of."""
    return rule.role, rule.purpose, rule.grade, rule.scope.value, rule.place
