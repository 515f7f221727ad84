"""Fingerprints of rows of sources that went with their customers. Pure but for the key."""

from __future__ import annotations

import hmac

DIGEST_BYTES = 16
RECORD, CONTRACT = "RECORD", "CONTRACT"


def digest_of(index_key: bytes, kind: str, source_id: int, key: str) -> bytes:
    """The fingerprint of a row. kind: RECORD with a source key, CONTRACT with a contract number; 16 bytes."""
    return hmac.digest(index_key, f"gone {kind}|{source_id}|{key}".encode(), "sha256")[:DIGEST_BYTES]
