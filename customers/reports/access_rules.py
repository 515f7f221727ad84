"""What the pages of the rules of access tell: the versions, what each allows, what a draft would change for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Channel, Staff
from accounts.purposes import Purpose
from accounts.roles import role_name
from customers import access_words as words
from customers import wording
from customers.access import GRADES, SHIPPED, Rule, Rules, Scope, rules_of
from customers.access_changes import Reach, item_changes, limit_changes, reaches, rule_changes
from customers.models import AccessRules, Item
from customers.reading import CatalogueItem, catalogue, label, rules_version
from customers.services.access_rules import live_version, version_on
from customers.services.rule_versions import version_before

State = AccessRules.State


@dataclass(frozen=True)
class RulesLine:
    """A version in the list. row: None for the rules that Hannun brings."""

    version: int
    row: AccessRules | None
    state: str
    state_label: str | Promise


@dataclass(frozen=True)
class ChangeLine:
    """One difference: what it is about, what it was and what it would be. tone: wider, narrower, or '' for neither."""

    subject: str
    before: str
    after: str
    tone: str


@dataclass(frozen=True)
class ReachLine:
    """What a draft means for the holders of a role: how many they are, and in how many items they see more or less."""

    role: str
    holders: int
    wider: int
    narrower: int


@dataclass(frozen=True)
class LimitLine:
    """A limit of a channel in words."""

    channel: str
    items: str
    level: str
    basis: str
    clause: str
    lifted_by: str


@dataclass(frozen=True)
class MatrixTable:
    """What each role sees of a scope: rows of the name of the role and a level per grade."""

    scope: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class RulesReport:
    """All that the page of a version shows. changes: against the rules in use, whose version is `live`; reach: whom a
    draft would touch; of: pairs of item and role, of which `touched` would change; is_own: the reader wrote it, so
    another publishes it; before: the version in use before it, None unless it is live."""

    line: RulesLine
    live: int
    tables: tuple[MatrixTable, ...]
    grades: tuple[str, ...]
    exceptions: tuple[str, ...]
    items: tuple[tuple[str, str, str, bool], ...]
    limits: tuple[LimitLine, ...]
    changes: tuple[ChangeLine, ...]
    reach: tuple[ReachLine, ...]
    touched: int
    of: int
    is_own: bool
    before: int | None


def rules_line(row: AccessRules | None, *, is_live: bool = False) -> RulesLine:
    """A version in short; None for the shipped one, which `is_live` while no other is."""
    if row is None:
        state = State.LIVE if is_live else State.RETIRED
        return RulesLine(0, None, str(state), state.label)
    return RulesLine(row.version, row, row.state, row.get_state_display())


def version_on_day(day: date) -> int:
    """The version that was in use at the end of that day."""
    day = min(day, timezone.localdate())
    return version_on(timezone.make_aware(datetime.combine(day, time.max)))


def rules_report(row: AccessRules | None, viewer: Staff) -> RulesReport:
    """A version in full; None for the rules that Hannun brings."""
    version, live = row.version if row else 0, live_version()
    rules = rules_of(version, row.definition) if row else SHIPPED
    in_use, items = rules_version(live), catalogue()
    graded = {code: (item.grade, item.mask) for code, item in items.items()}
    is_live, roles = version == live, seeing_roles(rules, in_use)
    is_draft = row is not None and row.state == State.DRAFT
    touched = reaches(in_use, rules, roles=roles, purposes=Purpose.values, items=graded) if is_draft else []
    return RulesReport(
        line=rules_line(row, is_live=is_live),
        live=live,
        tables=tuple(_tables(rules, roles)),
        grades=tuple(words.grade(grade) for grade in GRADES),
        exceptions=tuple(words.rule(one) for one in rules.rules if one.purpose or one.place),
        items=tuple(_items(rules, items)),
        limits=tuple(_limits(rules, items)),
        changes=() if is_live else tuple(_changes(in_use, rules, items, graded)),
        reach=_reach_lines(touched),
        touched=sum(max(reach.wider, reach.narrower) for reach in touched),
        of=len(roles) * len(items),
        is_own=row is not None and row.created_by_id == viewer.pk,
        before=version_before(row) if row and is_live else None,
    )


def seeing_roles(*versions: Rules) -> list[str]:
    """The roles that one of these versions speaks of, in the order of the settings, then others by code."""
    named = {role for rules in versions for role in rules.by_role}
    return [*(role for role in settings.ROLES if role in named), *sorted(named - settings.ROLES.keys())]


def _tables(rules: Rules, roles: list[str]) -> Iterator[MatrixTable]:
    held = {(one.role, one.scope, one.grade): one for one in rules.rules if not one.purpose and not one.place}
    for scope in (Scope.OWN, Scope.GRANTED):
        rows = ((role_name(role), tuple(words.level(held.get((role, scope, g))) for g in GRADES)) for role in roles)
        yield MatrixTable(words.scope(scope), tuple(rows))


def _items(rules: Rules, items: Mapping[str, CatalogueItem]) -> Iterator[tuple[str, str, str, bool]]:
    """Name, grade and mask of each item, and whether they differ from the catalogue."""
    for code, item in items.items():
        grade, mask = rules.graded.get(code, (item.grade, item.mask))
        yield item.label, words.grade(grade), str(Item.Mask(mask).label), code in rules.graded


def _limits(rules: Rules, items: Mapping[str, CatalogueItem]) -> Iterator[LimitLine]:
    channels = Channel.objects.in_bulk() if rules.limits else {}
    for limit in rules.limits:
        yield LimitLine(
            channel=str(channels.get(limit.channel, limit.channel)),
            items=wording.listed([label(code, items) for code in limit.items]),
            level=str(words.LEVELS[limit.level]),
            basis=str(words.BASES[limit.basis]),
            clause=limit.clause,
            lifted_by=limit.lifted_by,
        )


def _changes(
    in_use: Rules, rules: Rules, items: Mapping[str, CatalogueItem], graded: Mapping[str, tuple[int, str]]
) -> Iterator[ChangeLine]:
    for found in rule_changes(in_use, rules):
        wider = words.widens(found)
        before, after = words.change(found)
        tone = "" if wider is None else "wider" if wider else "narrower"
        yield ChangeLine(_subject(found.rule), before, after, tone)
    for one in item_changes(in_use, rules, graded):
        tone = "" if one.before[0] == one.after[0] else "wider" if one.after[0] > one.before[0] else "narrower"
        yield ChangeLine(label(one.item, items), _graded(one.before), _graded(one.after), tone)
    old, new = (dict(_keyed_limits(version, items)) for version in (in_use, rules))
    for change in limit_changes(in_use, rules):
        held = change.after or change.before
        key = (held.channel, held.items)
        tone = "narrower" if change.before is None else "wider" if change.after is None else ""
        subject, missing = _("Limit of a channel"), _("no limit")
        yield ChangeLine(subject, old.get(key, missing), new.get(key, missing), tone)


def _keyed_limits(
    rules: Rules, items: Mapping[str, CatalogueItem]
) -> Iterator[tuple[tuple[str, tuple[str, ...]], str]]:
    for limit, line in zip(rules.limits, _limits(rules, items), strict=True):
        said = [line.channel, line.items, line.level, line.basis, line.clause, line.lifted_by]
        yield (limit.channel, limit.items), " / ".join(said)


def _subject(rule: Rule) -> str:
    """Branch manager / 2 · private / own customers, and the purpose and place of an exception."""
    said = [role_name(rule.role), words.grade(rule.grade), words.scope(rule.scope)]
    said += [words.purpose(rule.purpose)] if rule.purpose else []
    said += [words.place(rule.place)] if rule.place else []
    return " / ".join(said)


def _graded(held: tuple[int, str]) -> str:
    return f"{words.grade(held[0])} / {Item.Mask(held[1]).label}"


def _reach_lines(touched: list[Reach]) -> tuple[ReachLine, ...]:
    """With how many people hold each role and work here, in one query."""
    if not touched:
        return ()
    roles = [reach.role for reach in touched]
    held = Staff.objects.filter(is_active=True, groups__name__in=roles).values_list("groups__name")
    counts = dict(held.annotate(count=Count("pk", filter=Q(groups__name__in=roles))))
    return tuple(
        ReachLine(role_name(reach.role), counts.get(reach.role, 0), reach.wider, reach.narrower) for reach in touched
    )
