"""The rules of access in words: levels, scopes, places, what a rule says, what a change means."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.purposes import Purpose
from accounts.roles import role_name
from customers.access import RANKS, Basis, Level, Place, Rule, Scope
from customers.access_changes import RuleChange
from customers.models import Item

REVEAL = "REVEAL"
"""Masked, but it may be opened for a minute with a reason."""
LEVELS: Mapping[str, str | Promise] = {
    Level.NOTHING: _("not shown"),
    Level.SILHOUETTE: _("that there is something"),
    Level.MASKED: _("masked"),
    REVEAL: _("masked, opens with a reason"),
    Level.FULL: _("whole"),
}
SCOPES: Mapping[str, str | Promise] = {
    Scope.OWN: _("own customers"),
    Scope.GRANTED: _("single customers granted"),
}
PLACES: Mapping[str, str | Promise] = {
    Place.PROFILE: _("page of the customer"),
    Place.LIST: _("lists"),
    Place.SEARCH: _("search"),
    Place.EXPORT: _("files and print"),
}
BASES: Mapping[str, str | Promise] = {
    Basis.SOURCE: _("a system of the channel brought the customer"),
    Basis.NONE: _("nothing"),
}
FAULTS: Mapping[str, str | Promise] = {
    "two rules speak of the same role, purpose, grade, scope and place": _(
        "Two rules speak of the same role, purpose, grade, scope and place."
    ),
    "two limits speak of the same channel and items": _("Two limits speak of the same channel and items."),
    "of health and claims no more is told than that there is something": _(
        "Of health and claims no more may be told than that there is something."
    ),
    "a limit does not say its clause, or who lifts it": _("Every limit needs its clause and who can lift it."),
}
"""Of a definition that cannot be used, by the message of `customers.access.RulesUnfit`."""


def cell_of(rule: Rule | None) -> str:
    """What a rule gives in one word: a key of LEVELS."""
    if rule is None:
        return Level.NOTHING.value
    return REVEAL if rule.level is Level.MASKED and rule.may_reveal else rule.level.value


def level(rule: Rule | None) -> str:
    """What a rule gives, in words."""
    return str(LEVELS[cell_of(rule)])


def grade(number: int) -> str:
    """2 · private"""
    return str(Item.Grade(number).label)


def purpose(code: str) -> str:
    """The name of a purpose; any for none."""
    return str(Purpose(code).label) if code in Purpose.values else code or gettext("any purpose")


def place(code: str) -> str:
    """The name of a place; anywhere for none."""
    return str(PLACES[code]) if code else gettext("anywhere")


def scope(code: str) -> str:
    """The name of a scope."""
    return str(SCOPES.get(code, code))


def rule(found: Rule) -> str:
    """Branch manager · any purpose · 2 · private · own customers · anywhere → masked"""
    said = [role_name(found.role), purpose(found.purpose), grade(found.grade), scope(found.scope), place(found.place)]
    return gettext("%(what)s → %(level)s") % {"what": " / ".join(said), "level": level(found)}


def change(found: RuleChange) -> tuple[str, str]:
    """What a rule gave before and gives now. Without an exception the general rule holds; without that, nothing."""
    missing = gettext("as in general") if found.is_exception else str(LEVELS[Level.NOTHING])
    return tuple(level(one) if one else missing for one in (found.before, found.after))


def widens(found: RuleChange) -> bool | None:
    """Whether more is shown than before; None where that depends on another rule."""
    if found.is_exception and (found.before is None or found.after is None):
        return None
    before, after = (_rank(one) for one in (found.before, found.after))
    return after > before


def _rank(found: Rule | None) -> float:
    return 0 if found is None else RANKS[found.level] + (0.5 if cell_of(found) == REVEAL else 0)


def fault(message: str) -> str:
    """What is wrong with a definition, for a person."""
    return str(FAULTS.get(message) or gettext("The rules name something that Hannun does not know."))
