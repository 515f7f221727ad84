"""Identifiers at rest: AES-256-GCM ciphertext, bound to its place, and an HMAC-SHA256 blind index for equality.

A sealed value is `length of key id | key id | nonce (12) | ciphertext and tag`. The place (item, source, source key)
is the additional data, so that a ciphertext copied to another record or column does not open. Pure but for the keys.
"""

from __future__ import annotations

import hmac
import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

INDEX_BYTES = 16
NONCE_BYTES = 12


class SealingKeys(Protocol):
    """What a sealer needs: {key id: 32 bytes}, the id that seals, and the key of the blind index."""

    active: str
    encryption: dict[str, bytes]
    index: bytes


class CannotOpen(Exception):
    """The ciphertext is not of this place, was altered, or its key is not here."""


class Sealer:
    """Seals and opens identifiers with one set of keys. Safe to share between threads."""

    def __init__(self, keys: SealingKeys) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.encryption.items()}
        self._index_key = keys.index
        self.active = keys.active
        self._head = bytes([len(keys.active.encode())]) + keys.active.encode()
        self._encrypt = self._ciphers[keys.active].encrypt

    def seal(self, value: str, place: str) -> bytes:
        """`value` under the active key, to be opened only at `place` (see `place_of`)."""
        nonce = os.urandom(NONCE_BYTES)
        return self._head + nonce + self._encrypt(nonce, value.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """The value sealed at `place`. Raises CannotOpen."""
        sealed = bytes(sealed)
        start = 1 + sealed[0]
        cipher = self._ciphers.get(key_id_of(sealed))
        if cipher is None:
            raise CannotOpen("the key of this value is not among the keys of this installation")
        nonce, content = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, content, place.encode()).decode()
        except InvalidTag:
            raise CannotOpen("the value was altered or belongs to another place") from None

    def knows(self, key_id: str) -> bool:
        """Whether values under this key can be opened here."""
        return key_id in self._ciphers

    def index(self, item: str, value: str) -> bytes:
        """The blind index of a canonical value: equal values of one item have equal indexes, 16 bytes."""
        return hmac.digest(self._index_key, f"{item}:{value}".encode(), "sha256")[:INDEX_BYTES]


def key_id_of(sealed: bytes) -> str:
    """The id of the key that sealed this value."""
    return bytes(sealed[1 : 1 + sealed[0]]).decode()


def place_of(item: str, source_code: str, source_key: str) -> str:
    """The place that a sealed identifier of a source record is bound to."""
    return f"{item}|{source_code}|{source_key}"
