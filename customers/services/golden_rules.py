"""Versions of the rules of survivorship: which one is in use, drafting one, putting it to use, going back."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.db import transaction

from accounts.models import Staff
from customers import tasks
from customers.golden.rules import SHIPPED, Rules, changed_items, definition_of, rules_of
from customers.models import GoldenRules, Rehearsal
from customers.services.rule_versions import (
    NothingChanged,
    draft_of_another,
    hold_versions,
    live_row,
    live_version,
    new_version,
    put_to_use,
    retire_live,
    version_before,
)

BACK_TO = "↩ v%s"
"""The comment of a version that brings an earlier one back."""


class NotRehearsed(Exception):
    """No rehearsal of the draft has finished, so nobody knows what it would change."""


def live_rules() -> Rules:
    """The rules in use: the live version, or those that Hannun brings."""
    return version_of(live_version(GoldenRules))


@lru_cache(maxsize=8)
def version_of(version: int) -> Rules:
    """A version of the rules; what a version says never changes, so it is read once per process."""
    if not version:
        return SHIPPED
    return rules_of(version, GoldenRules.objects.get(version=version).definition)


@transaction.atomic
def draft_rules(*, by: Staff, at: datetime, definition: object, comment: str = "") -> GoldenRules:
    """Keep a definition `{item: rule}` as a new draft; items that it does not name keep the shipped rule.

    Raises golden.rules.RulesUnfit, NothingChanged.
    """
    drafted = rules_of(0, definition)
    hold_versions(GoldenRules)
    if not changed_items(drafted, live_rules()):
        raise NothingChanged
    return new_version(GoldenRules, definition=definition_of(drafted), comment=comment, created_by=by, created_at=at)


@transaction.atomic
def publish_rules(*, rules: GoldenRules, by: Staff, at: datetime) -> GoldenRules:
    """Put a rehearsed draft to use in place of the live version, which retires; after commit a worker chooses every
    golden value again by it. Raises NotADraft, OwnDraft, NotRehearsed.
    """
    hold_versions(GoldenRules)
    rules = draft_of_another(rules, by)
    if not rules.rehearsals.filter(state=Rehearsal.State.DONE).exists():
        raise NotRehearsed
    put_to_use(rules, by, at)
    tasks.project_stock.delay_on_commit()
    return rules


@transaction.atomic
def roll_back_rules(*, by: Staff, at: datetime, seen: int | None = None) -> GoldenRules:
    """Bring the rules back that were in use before the live version, in one step and by one person, as a version of
    its own that says who did it and when; golden values follow after commit.

    seen: the version that was in use when somebody wanted it back. Raises NothingBefore, AnotherIsLive.
    """
    hold_versions(GoldenRules)
    before = version_before(live_row(GoldenRules, seen=seen))
    retire_live(GoldenRules)
    rules = new_version(
        GoldenRules,
        definition=definition_of(version_of(before)),
        comment=BACK_TO % before,
        created_by=by,
        created_at=at,
        state=GoldenRules.State.LIVE,
        published_by=by,
        published_at=at,
    )
    tasks.project_stock.delay_on_commit()
    return rules
