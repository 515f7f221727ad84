"""Versions of the rules of access: drafting one, putting it to use by a second person, going back likewise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Channel, Staff
from accounts.purposes import Purpose
from accounts.services.rights import record_change
from customers.access import Rules, RulesUnfit, definition_of, rules_of
from customers.access_changes import is_same
from customers.models import AccessRules, Item
from customers.reading import rules_version, use_rules

BACK_TO = "↩ v%s"
"""The comment of a draft that would bring an earlier version back."""


class NothingChanged(Exception):
    """The draft says the same as the rules in use."""


class NotADraft(Exception):
    """The version is in use, or was."""


class OwnDraft(Exception):
    """Whoever wrote a draft does not put it to use; a second person does."""


class NothingBefore(Exception):
    """The rules in use are the first."""


class AnotherIsLive(Exception):
    """Other rules are in use than those that the person compared the draft with."""


def live_version() -> int:
    """The version in use as the database has it, 0 for the rules that Hannun brings."""
    live = AccessRules.objects.filter(state=AccessRules.State.LIVE)
    return live.values_list("version", flat=True).first() or 0


def version_on(at: datetime) -> int:
    """The version that was in use at that instant, 0 for the rules that Hannun brings."""
    published = AccessRules.objects.filter(published_at__lte=at).order_by("-published_at", "-version")
    return published.values_list("version", flat=True).first() or 0


@transaction.atomic
def draft_rules(*, by: Staff, at: datetime, definition: object, comment: str = "") -> AccessRules:
    """Keep a definition as a new draft. Raises customers.access.RulesUnfit, NothingChanged."""
    drafted = rules_of(0, definition)
    _check_words(drafted)
    _hold_versions()
    if is_same(drafted, rules_version(live_version())):
        raise NothingChanged
    return _new_version(definition=definition_of(drafted), comment=comment, created_by=by, created_at=at)


@transaction.atomic
def draft_way_back(*, by: Staff, at: datetime) -> AccessRules:
    """Draft the rules that were in use before the live ones, for a second person to put to use.

    Raises NothingBefore, NothingChanged.
    """
    _hold_versions()
    live = AccessRules.objects.filter(state=AccessRules.State.LIVE).first()
    if live is None:
        raise NothingBefore
    before = version_before(live)
    definition = definition_of(rules_version(before))
    return draft_rules(by=by, at=at, definition=definition, comment=BACK_TO % before)


@transaction.atomic
def publish_rules(*, rules: AccessRules, by: Staff, at: datetime, seen: int | None = None) -> AccessRules:
    """Put a draft of somebody else to use in place of the live version; every process applies it after the commit.

    seen: the version in use that the person compared the draft with. Raises NotADraft, OwnDraft, AnotherIsLive.
    """
    _hold_versions()
    rules = AccessRules.objects.get(pk=rules.pk)
    if rules.state != AccessRules.State.DRAFT:
        raise NotADraft
    if rules.created_by_id == by.pk:
        raise OwnDraft
    before = live_version()
    if seen not in (None, before):
        raise AnotherIsLive
    AccessRules.objects.filter(state=AccessRules.State.LIVE).update(state=AccessRules.State.RETIRED)
    rules.state, rules.published_by, rules.published_at = AccessRules.State.LIVE, by, at
    rules.save(update_fields=["state", "published_by", "published_at"])
    what = {"version": rules.version, "before": before}
    record_change(staff=None, by=by, at=at, kind="RULES_PUBLISHED", what=what, reason=rules.comment)
    transaction.on_commit(lambda: use_rules(rules.version))
    return rules


def version_before(live: AccessRules) -> int:
    """The version that was in use before this one, 0 for the rules that Hannun brings."""
    retired = AccessRules.objects.filter(state=AccessRules.State.RETIRED).exclude(pk=live.pk)
    earlier = retired.filter(published_at__lte=live.published_at).order_by("-published_at", "-version")
    return earlier.values_list("version", flat=True).first() or 0


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


def _hold_versions() -> None:
    """Let nobody else write versions until the transaction ends, so that numbers are given out once and one is live."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE customers_accessrules IN SHARE ROW EXCLUSIVE MODE")


def _new_version(**fields: object) -> AccessRules:
    newest = AccessRules.objects.order_by("-version").values_list("version", flat=True).first() or 0
    return AccessRules.objects.create(version=newest + 1, **fields)
