"""The fingerprints of a certificate of destruction. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256


def digest_of(certificate: Mapping[str, object]) -> str:
    """The fingerprint of a certificate: SHA-256 of its JSON, keys in order, without blanks."""
    written = json.dumps(certificate, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(written.encode()).hexdigest()


def numbers_digest(numbers: Iterable[str]) -> str:
    """SHA-256 of the customer numbers in order, one a line."""
    return sha256("".join(f"{number}\n" for number in sorted(numbers)).encode()).hexdigest()
