"""Keys of service clients: issued, rotated, revoked, and checked at every request."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from ipaddress import ip_network

from django.conf import settings
from django.db import transaction

from accounts.addresses import is_within
from accounts.models import ServiceKey, Staff
from accounts.services.rights import record_change

ROLE = "SERVICE_CLIENT"
SECRET_BYTES = 32
PREFIX_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
PREFIX_LENGTH = 10
HEADER = re.compile(rf"Bearer hk_([{PREFIX_LETTERS}]{{{PREFIX_LENGTH}}})_([A-Za-z0-9_-]{{43}})")
NOBODY = hashlib.sha256(b"").hexdigest()
NOTED_EVERY = timedelta(minutes=1)


class NoServiceClient(Exception):
    """Keys are for active accounts of the role SERVICE_CLIENT."""


class UnknownScope(Exception):
    """No service knows this scope."""


class FaultyNetwork(Exception):
    """The text is no network in CIDR notation."""


class KeyClosed(Exception):
    """The key was revoked, has expired, or was rotated already."""


class KeyRefused(Exception):
    """The request shows no key that opens anything here. reason: UNREADABLE, UNKNOWN, REVOKED, EXPIRED, NETWORK or
    CLIENT; for the log and the tests, never for the one who asks.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class IssuedKey:
    """A new key, and the words to show it with: `token` is told only now."""

    key: ServiceKey
    token: str


@transaction.atomic
def issue_key(
    *,
    staff: Staff,
    name: str,
    scopes: Sequence[str],
    networks: Sequence[str],
    expires_at: datetime,
    by: Staff,
    at: datetime,
) -> IssuedKey:
    """Make a key for a service client. Raises NoServiceClient, UnknownScope, FaultyNetwork."""
    _check_client(staff)
    if unknown := set(scopes) - settings.SERVICE_SCOPES.keys():
        raise UnknownScope(", ".join(sorted(unknown)))
    made = _make(staff, name, sorted(scopes), [network_of(text) for text in networks], expires_at, by, at)
    record_change(staff=staff, by=by, at=at, kind="SERVICE_KEY_ISSUED", what=_described(made.key))
    return made


@transaction.atomic
def rotate_key(*, key: ServiceKey, expires_at: datetime, by: Staff, at: datetime) -> IssuedKey:
    """A new key in place of `key`, which stays good for `settings.SERVICE_KEY_OVERLAP_HOURS` at most.

    Raises KeyClosed, NoServiceClient.
    """
    key = ServiceKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at or key.expires_at <= at or ServiceKey.objects.filter(replaces=key).exists():
        raise KeyClosed
    _check_client(key.staff)
    made = _make(key.staff, key.name, key.scopes, key.networks, expires_at, by, at, replaces=key)
    key.expires_at = min(key.expires_at, at + timedelta(hours=settings.SERVICE_KEY_OVERLAP_HOURS))
    key.save(update_fields=["expires_at"])
    record_change(
        staff=key.staff,
        by=by,
        at=at,
        kind="SERVICE_KEY_ROTATED",
        what=_described(made.key) | {"replaces": key.prefix, "until": key.expires_at.isoformat()},
    )
    return made


@transaction.atomic
def revoke_key(*, key: ServiceKey, by: Staff, at: datetime, reason: str) -> ServiceKey:
    """Close a key from now on. Raises KeyClosed."""
    key = ServiceKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at or key.expires_at <= at:
        raise KeyClosed
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    record_change(staff=key.staff, by=by, at=at, kind="SERVICE_KEY_REVOKED", what={"key": key.prefix}, reason=reason)
    return key


def authenticate(*, header: str, address: str, at: datetime) -> ServiceKey:
    """The key that a request shows in its header Authorization, with its client; its use is noted once a minute.

    header: `Bearer hk_<prefix>_<secret>`. address: where the request comes from. Raises KeyRefused.
    """
    read = HEADER.fullmatch(header)
    if read is None:
        raise KeyRefused("UNREADABLE")
    prefix, secret = read.groups()
    key = ServiceKey.objects.select_related("staff").filter(prefix=prefix).first()
    # Compared also where there is none, so that the time of the answer does not tell.
    if not compare_digest(_hash(secret), key.key_hash if key else NOBODY) or key is None:
        raise KeyRefused("UNKNOWN")
    if refusal := _why_closed(key, address, at):
        raise KeyRefused(refusal)
    if key.last_used_at is None or at - key.last_used_at >= NOTED_EVERY:
        ServiceKey.objects.filter(pk=key.pk).update(last_used_at=at)
    return key


def network_of(text: str) -> str:
    """A network as the database keeps it; a single address becomes a network of one. Raises FaultyNetwork."""
    try:
        return str(ip_network(text.strip()))
    except ValueError:
        raise FaultyNetwork(text) from None


def _why_closed(key: ServiceKey, address: str, at: datetime) -> str:
    if key.revoked_at is not None:
        return "REVOKED"
    if key.expires_at <= at:
        return "EXPIRED"
    if key.networks and not is_within(address, key.networks):
        return "NETWORK"
    return "" if _is_client(key.staff) else "CLIENT"


def _is_client(staff: Staff) -> bool:
    return staff.is_active and staff.groups.filter(name=ROLE).exists()


def _check_client(staff: Staff) -> None:
    if not _is_client(staff):
        raise NoServiceClient


def _make(
    staff: Staff,
    name: str,
    scopes: list[str],
    networks: list[str],
    expires_at: datetime,
    by: Staff,
    at: datetime,
    replaces: ServiceKey | None = None,
) -> IssuedKey:
    prefix = "".join(secrets.choice(PREFIX_LETTERS) for _place in range(PREFIX_LENGTH))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    key = ServiceKey.objects.create(
        staff=staff,
        name=name,
        prefix=prefix,
        key_hash=_hash(secret),
        scopes=scopes,
        networks=networks,
        created_at=at,
        created_by=by,
        expires_at=expires_at,
        replaces=replaces,
    )
    return IssuedKey(key, f"hk_{prefix}_{secret}")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _described(key: ServiceKey) -> dict[str, object]:
    return {
        "key": key.prefix,
        "scopes": key.scopes,
        "networks": key.networks,
        "expires_at": key.expires_at.isoformat(),
    }
