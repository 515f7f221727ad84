"""The rules of survivorship as data: by which components, in which order, the value of each item is chosen. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from customers.golden.survivorship import BITS, ITEMS, RULES, GoldenItem, Rank, Reason

RANK_BITS = 63
OF_DATES = "LATEST"
_ITEMS = {item.code: item for item in ITEMS}


class RulesUnfit(Exception):
    """The definition has faults; its arguments are `ITEM:CODE` as `faults_of` gives them."""


@dataclass(frozen=True)
class Rules:
    """A version of the rules: {item code: components in the order in which they are compared}, every item among them.

    version: 0 for the rules that ship with Hannun.
    """

    version: int
    ranks: Mapping[str, Rank]


SHIPPED = Rules(0, {item.code: RULES[item.rule] for item in ITEMS})


def components_for(item: GoldenItem) -> tuple[Reason, ...]:
    """The components that may stand in the rule of an item: the date itself only where the item is one."""
    return tuple(each for each in BITS if each is not Reason.LATEST_VALUE or item.rule == OF_DATES)


def rules_of(version: int, definition: object) -> Rules:
    """The rules that a definition `{item: name of a rule, or names of components in order}` means. Items that it does
    not name keep the shipped rule. Raises RulesUnfit."""
    faults = faults_of(definition)
    if faults:
        raise RulesUnfit(*faults)
    return Rules(version, {code: _rank(definition[code]) if code in definition else rank for code, rank in _shipped()})


def definition_of(rules: Rules) -> dict[str, str | list[str]]:
    """Rules as a definition of every item, by the name of the rule where it has one."""
    names = {rank: name for name, rank in RULES.items()}
    return {code: names.get(rank) or [each.name for each in rank] for code, rank in rules.ranks.items()}


def faults_of(definition: object) -> list[str]:
    """What is wrong with a definition, as `ITEM:CODE`; empty when it is fit.

    Codes: NOT_A_TABLE (of no item), UNKNOWN_ITEM, NOT_A_RULE, EMPTY, UNKNOWN_COMPONENT, REPEATED, ONLY_FOR_DATES,
    TOO_LONG.
    """
    if not isinstance(definition, dict):
        return [":NOT_A_TABLE"]
    return [f"{code}:{fault}" for code, rule in definition.items() for fault in _faults(code, rule)]


def changed_items(one: Rules, other: Rules) -> list[str]:
    """The items whose rules differ, in the order of the items."""
    return [code for code in one.ranks if one.ranks[code] != other.ranks[code]]


def _faults(code: object, rule: object) -> Iterator[str]:
    if code not in _ITEMS:
        yield "UNKNOWN_ITEM"
        return
    if not _is_rule(rule):
        yield "NOT_A_RULE"
        return
    names = [each.name for each in RULES[rule]] if isinstance(rule, str) else rule
    known = [Reason[name] for name in names if name in Reason.__members__ and Reason[name] in BITS]
    if not names:
        yield "EMPTY"
    if len(known) < len(names):
        yield "UNKNOWN_COMPONENT"
    if len(set(known)) < len(known):
        yield "REPEATED"
    elif sum(BITS[each] for each in known) > RANK_BITS:
        yield "TOO_LONG"
    if not set(known) <= set(components_for(_ITEMS[code])):
        yield "ONLY_FOR_DATES"


def _is_rule(rule: object) -> bool:
    """Whether this is the name of a rule, or a list of texts."""
    if isinstance(rule, str):
        return rule in RULES
    return isinstance(rule, list) and all(isinstance(name, str) for name in rule)


def _rank(rule: str | list[str]) -> Rank:
    return RULES[rule] if isinstance(rule, str) else tuple(Reason[name] for name in rule)


def _shipped() -> Iterator[tuple[str, Rank]]:
    yield from SHIPPED.ranks.items()
