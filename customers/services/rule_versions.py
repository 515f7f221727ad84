"""Versions of any set of rules: which one is in use, which was before, how one takes the place of another."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db import connection
from psycopg import sql

from accounts.models import Staff
from customers.models.versions import RulesVersion

Version = TypeVar("Version", bound=RulesVersion)


class NothingChanged(Exception):
    """The draft says the same as the rules in use."""


class NotADraft(Exception):
    """The version is in use, or was."""


class OwnDraft(Exception):
    """Whoever wrote a draft does not put it to use; a second person does."""


class NothingBefore(Exception):
    """The rules in use are the first."""


class AnotherIsLive(Exception):
    """Other rules are in use than those that the person had before their eyes."""


def hold_versions(model: type[RulesVersion]) -> None:
    """Let nobody else write versions until the transaction ends, so that numbers are given out once and one is live."""
    lock = sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(sql.Identifier(model._meta.db_table))
    with connection.cursor() as cursor:
        cursor.execute(lock)


def live_version(model: type[RulesVersion]) -> int:
    """The version in use as the database has it, 0 for the rules that Hannun brings."""
    return model.objects.filter(state=model.State.LIVE).values_list("version", flat=True).first() or 0


def live_row(model: type[Version], *, seen: int | None) -> Version:
    """The version in use, to be taken the place of. seen: the one that the person wants to replace, if they said so.

    Raises NothingBefore, AnotherIsLive.
    """
    live = model.objects.filter(state=model.State.LIVE).first()
    if live is None:
        raise NothingBefore
    if seen not in (None, live.version):
        raise AnotherIsLive
    return live


def version_before(live: RulesVersion) -> int:
    """The version that was in use before this one, 0 for the rules that Hannun brings."""
    retired = type(live).objects.filter(state=live.State.RETIRED).exclude(pk=live.pk)
    earlier = retired.filter(published_at__lte=live.published_at).order_by("-published_at", "-version")
    return earlier.values_list("version", flat=True).first() or 0


def version_on(model: type[RulesVersion], at: datetime) -> int:
    """The version that was in use at that instant, 0 for the rules that Hannun brings."""
    published = model.objects.filter(published_at__lte=at).order_by("-published_at", "-version")
    return published.values_list("version", flat=True).first() or 0


def new_version(model: type[Version], **fields: object) -> Version:
    """Keep a version under the next number; `hold_versions` comes before."""
    newest = model.objects.order_by("-version").values_list("version", flat=True).first() or 0
    return model.objects.create(version=newest + 1, **fields)


def draft_of_another(rules: Version, by: Staff) -> Version:
    """A draft as it is now, which somebody else than `by` wrote. Raises NotADraft, OwnDraft."""
    rules = type(rules).objects.get(pk=rules.pk)
    if rules.state != rules.State.DRAFT:
        raise NotADraft
    if rules.created_by_id == by.pk:
        raise OwnDraft
    return rules


def retire_live(model: type[RulesVersion]) -> None:
    """Let the version in use be none any more."""
    model.objects.filter(state=model.State.LIVE).update(state=model.State.RETIRED)


def put_to_use(rules: Version, by: Staff, at: datetime) -> Version:
    """Let a draft take the place of the version in use."""
    retire_live(type(rules))
    rules.state, rules.published_by, rules.published_at = rules.State.LIVE, by, at
    rules.save(update_fields=["state", "published_by", "published_at"])
    return rules
