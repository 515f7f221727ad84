"""Versions of the rules of survivorship: which one is in use, drafting one, putting it to use, going back."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.db import connection, transaction

from accounts.models import Staff
from customers import tasks
from customers.golden.rules import SHIPPED, Rules, changed_items, definition_of, rules_of
from customers.models import GoldenRules, Rehearsal

BACK_TO = "↩ v%s"
"""The comment of a version that brings an earlier one back."""


class NothingChanged(Exception):
    """The draft says the same as the rules in use."""


class NotADraft(Exception):
    """The version is in use, or was."""


class OwnDraft(Exception):
    """Whoever wrote a draft does not put it to use; a second person does."""


class NotRehearsed(Exception):
    """No rehearsal of the draft has finished, so nobody knows what it would change."""


class NothingBefore(Exception):
    """The rules in use are the first."""


class AnotherIsLive(Exception):
    """The version that was to be rolled back is in use no more."""


def live_rules() -> Rules:
    """The rules in use: the live version, or those that Hannun brings."""
    version = GoldenRules.objects.filter(state=GoldenRules.State.LIVE).values_list("version", flat=True).first()
    return version_of(version or 0)


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
    _hold_versions()
    if not changed_items(drafted, live_rules()):
        raise NothingChanged
    return _new_version(definition=definition_of(drafted), comment=comment, created_by=by, created_at=at)


@transaction.atomic
def publish_rules(*, rules: GoldenRules, by: Staff, at: datetime) -> GoldenRules:
    """Put a rehearsed draft to use in place of the live version, which retires; after commit a worker chooses every
    golden value again by it. Raises NotADraft, OwnDraft, NotRehearsed.
    """
    _hold_versions()
    rules = GoldenRules.objects.get(pk=rules.pk)
    if rules.state != GoldenRules.State.DRAFT:
        raise NotADraft
    if rules.created_by_id == by.pk:
        raise OwnDraft
    if not rules.rehearsals.filter(state=Rehearsal.State.DONE).exists():
        raise NotRehearsed
    _retire_live()
    rules.state, rules.published_by, rules.published_at = GoldenRules.State.LIVE, by, at
    rules.save(update_fields=["state", "published_by", "published_at"])
    tasks.project_stock.delay_on_commit()
    return rules


@transaction.atomic
def roll_back_rules(*, by: Staff, at: datetime, seen: int | None = None) -> GoldenRules:
    """Bring the rules back that were in use before the live version, in one step and by one person, as a version of
    its own that says who did it and when; golden values follow after commit.

    seen: the version that was in use when somebody wanted it back. Raises NothingBefore, AnotherIsLive.
    """
    _hold_versions()
    live = GoldenRules.objects.filter(state=GoldenRules.State.LIVE).first()
    if live is None:
        raise NothingBefore
    if seen not in (None, live.version):
        raise AnotherIsLive
    before = version_before(live)
    _retire_live()
    rules = _new_version(
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


def version_before(live: GoldenRules) -> int:
    """The version that was in use before this one, 0 for the rules that Hannun brings."""
    retired = GoldenRules.objects.filter(state=GoldenRules.State.RETIRED).exclude(pk=live.pk)
    earlier = retired.filter(published_at__lte=live.published_at).order_by("-published_at", "-version")
    return earlier.values_list("version", flat=True).first() or 0


def _hold_versions() -> None:
    """Let nobody else write versions until the transaction ends, so that numbers are given out once and one is live."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE customers_goldenrules IN SHARE ROW EXCLUSIVE MODE")


def _new_version(**fields: object) -> GoldenRules:
    newest = GoldenRules.objects.order_by("-version").values_list("version", flat=True).first() or 0
    return GoldenRules.objects.create(version=newest + 1, **fields)


def _retire_live() -> None:
    GoldenRules.objects.filter(state=GoldenRules.State.LIVE).update(state=GoldenRules.State.RETIRED)
