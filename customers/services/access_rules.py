"""Versions of the rules of access: drafting one, putting it to use by a second person, going back likewise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import Channel, Staff
from accounts.purposes import Purpose
from accounts.services.rights import record_change
from customers.access import Rules, RulesUnfit, definition_of, rules_of
from customers.access_changes import is_same
from customers.models import AccessRules, Item
from customers.reading import rules_version, use_rules
from customers.services import rule_versions
from customers.services.rule_versions import (
    AnotherIsLive,
    NothingChanged,
    draft_of_another,
    hold_versions,
    live_row,
    new_version,
    put_to_use,
    version_before,
)

BACK_TO = "↩ v%s"
"""The comment of a draft that would bring an earlier version back."""


def live_version() -> int:
    """The version in use as the database has it, 0 for the rules that Hannun brings."""
    return rule_versions.live_version(AccessRules)


def version_on(at: datetime) -> int:
    """The version that was in use at that instant, 0 for the rules that Hannun brings."""
    return rule_versions.version_on(AccessRules, at)


@transaction.atomic
def draft_rules(*, by: Staff, at: datetime, definition: object, comment: str = "") -> AccessRules:
    """Keep a definition as a new draft. Raises customers.access.RulesUnfit, NothingChanged."""
    drafted = rules_of(0, definition)
    _check_words(drafted)
    hold_versions(AccessRules)
    if is_same(drafted, rules_version(live_version())):
        raise NothingChanged
    return new_version(AccessRules, definition=definition_of(drafted), comment=comment, created_by=by, created_at=at)


@transaction.atomic
def draft_way_back(*, by: Staff, at: datetime) -> AccessRules:
    """Draft the rules that were in use before the live ones, for a second person to put to use.

    Raises NothingBefore, NothingChanged.
    """
    hold_versions(AccessRules)
    before = version_before(live_row(AccessRules, seen=None))
    definition = definition_of(rules_version(before))
    return draft_rules(by=by, at=at, definition=definition, comment=BACK_TO % before)


@transaction.atomic
def publish_rules(*, rules: AccessRules, by: Staff, at: datetime, seen: int | None = None) -> AccessRules:
    """Put a draft of somebody else to use in place of the live version; every process applies it after the commit.

    seen: the version in use that the person compared the draft with. Raises NotADraft, OwnDraft, AnotherIsLive.
    """
    hold_versions(AccessRules)
    rules = draft_of_another(rules, by)
    before = live_version()
    if seen not in (None, before):
        raise AnotherIsLive
    put_to_use(rules, by, at)
    what = {"version": rules.version, "before": before}
    record_change(staff=None, by=by, at=at, kind="RULES_PUBLISHED", what=what, reason=rules.comment)
    transaction.on_commit(lambda: use_rules(rules.version))
    return rules


def _check_words(rules: Rules) -> None:
    """Refuse rules that name what the installation does not know. Raises RulesUnfit."""
    fault = next(_unknown_words(rules), "")
    if fault:
        raise RulesUnfit(fault)


def _unknown_words(rules: Rules) -> Iterator[str]:
    items = set(Item.objects.values_list("code", flat=True))
    channels = set(Channel.objects.values_list("code", flat=True))
    for rule in rules.rules:
        if rule.role not in settings.ROLES or rule.purpose not in ("", *Purpose.values):
            yield f"role {rule.role} or purpose {rule.purpose} is not known"
    for limit in rules.limits:
        if limit.channel not in channels or not limit.items or set(limit.items) - items:
            yield f"channel {limit.channel} or an item of its limit is not known"
    for item, (_grade, mask) in rules.graded.items():
        if item not in items or mask not in Item.Mask:
            yield f"item {item} or mask {mask} is not known"
