"""Versions of the rules of retention: the one in use, drafting one, counting what it would do, putting it to use."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Staff
from consent import tasks
from consent.models import RetentionRules
from consent.numbers import numbers_on
from consent.reports.retention_lives import lives_on
from consent.rules.retention import SHIPPED, Action, Rules, changed_classes, definition_of, due_on, rules_of
from customers.services.rule_versions import (
    NotADraft,
    NothingChanged,
    draft_of_another,
    hold_versions,
    live_version,
    new_version,
    put_to_use,
    version_on,
)


class NotRehearsed(Exception):
    """Nobody counted what the draft would do."""


def live_rules() -> Rules:
    """The rules in use: the live version, or those that Hannun brings."""
    return version_of(live_version(RetentionRules))


def rules_on(at: datetime) -> Rules:
    """The rules that were in use at that instant."""
    return version_of(version_on(RetentionRules, at))


def version_of(version: int) -> Rules:
    """A version of the rules. Raises RetentionRules.DoesNotExist."""
    if not version:
        return SHIPPED
    return rules_of(version, RetentionRules.objects.get(version=version).definition)


@transaction.atomic
def draft_retention_rules(*, by: Staff, at: datetime, definition: object, comment: str = "") -> RetentionRules:
    """Keep a definition as a new draft; a worker counts what it would do. Raises RulesUnfit, NothingChanged."""
    drafted = rules_of(0, definition)
    hold_versions(RetentionRules)
    if not changed_classes(drafted, live_rules()):
        raise NothingChanged
    rules = new_version(
        RetentionRules, definition=definition_of(drafted), comment=comment, created_by=by, created_at=at
    )
    tasks.rehearse_retention.delay_on_commit(version=rules.version)
    return rules


@transaction.atomic
def request_rehearsal(*, rules: RetentionRules) -> RetentionRules:
    """Let a worker count anew what a draft would do. Raises NotADraft."""
    if rules.state != RetentionRules.State.DRAFT:
        raise NotADraft
    tasks.rehearse_retention.delay_on_commit(version=rules.version)
    return rules


def rehearse_retention_rules(*, rules: RetentionRules, at: datetime) -> RetentionRules:
    """Count who would be due today by a draft and by the rules in use. Changes nothing else. Raises NotADraft."""
    if rules.state != RetentionRules.State.DRAFT:
        raise NotADraft
    day, both = timezone.localdate(at), (version_of(rules.version), live_rules())
    counted: Counter[tuple[str, int]] = Counter()
    for lived in lives_on(day, both, claim_years=numbers_on(day)["claim_years"]):
        for place, version in enumerate(both):
            if due := due_on(day, lived.life, version, is_apart=lived.is_apart):
                counted[due[0], place] += 1
    rules.rehearsal = {
        "counts": {str(action): [counted[action, 0], counted[action, 1]] for action in Action},
        "against": both[1].version,
        "at": at.isoformat(),
    }
    rules.save(update_fields=["rehearsal"])
    return rules


@transaction.atomic
def publish_retention_rules(*, rules: RetentionRules, by: Staff, at: datetime) -> RetentionRules:
    """Put a draft of somebody else to use in place of the live version; the next night proposes by it.

    Raises NotADraft, OwnDraft, NotRehearsed.
    """
    hold_versions(RetentionRules)
    rules = draft_of_another(rules, by)
    if not rules.rehearsal:
        raise NotRehearsed
    return put_to_use(rules, by, at)
