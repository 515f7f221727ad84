"""What an entry says, byte for byte, and the hash that ties it to the one before. Pure but for the key.

The same bytes are written here and by SQL, which verifies a million rows faster: `CANONICAL_SQL`.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

SEPARATOR = "\x1f"
START = bytes(32)
"""The hash before the first entry of a chain."""

TEXTS = (
    *("employee_number", "branch_code", "address", "session", "kind", "page", "target", "purpose", "reason"),
    "conditions",
)
WORDS = ("reason", "conditions")
"""The texts that people write: an entry holds their fingerprints, and the words stand beside the chain."""
CANONICAL_SQL = " || E'\\x1f' || ".join(
    (
        *("to_char(month, 'YYYY-MM-DD')", "lane::text", "number::text"),
        "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')",
        *("coalesce(staff_id::text, '')", *TEXTS),
        *("array_to_string(items, ',', E'\\x1f')", "array_to_string(customers, ',', E'\\x1f')"),
        *("count::text", "result::text"),
    )
)
"""The same as text of SQL over a row; null where a column that is never empty was emptied, which then fits no hash."""


def canonical(
    *,
    month: date,
    lane: int,
    number: int,
    at: datetime,
    staff_id: int | None,
    texts: Sequence[str],
    items: Iterable[str],
    customers: Iterable[int],
    count: int,
    result: int,
) -> bytes:
    """All that an entry says as bytes. texts: in the order of TEXTS, each from `plain`."""
    parts = (
        month.isoformat(),
        str(lane),
        str(number),
        at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f"),
        "" if staff_id is None else str(staff_id),
        *texts,
        ",".join(items),
        ",".join(map(str, customers)),
        str(count),
        str(result),
    )
    return SEPARATOR.join(parts).encode()


def renumbered(content: bytes, number: int) -> bytes:
    """The same content as if the entry had another number."""
    month, lane, _number, rest = content.split(SEPARATOR.encode(), 3)
    return SEPARATOR.encode().join((month, lane, str(number).encode(), rest))


def plain(text: str) -> str:
    """`text` as the trail keeps it: without null bytes, the separator, and halves of characters."""
    return text.replace("\0", " ").replace(SEPARATOR, " ").encode("utf-8", "replace").decode()


def fingerprint(salt: bytes, name: str, text: str) -> str:
    """What an entry holds of a text that stands beside it: '' of an empty one. salt: of that entry alone."""
    digest = hmac.digest(salt, f"{name}{SEPARATOR}{text}".encode(), "sha256")
    return f"~{digest.hex()}" if text else ""


def linked(key: bytes, before: bytes, content: bytes) -> bytes:
    """The hash of an entry with this content after the entry with the hash `before`; 32 bytes."""
    return hmac.digest(key, before + content, "sha256")


def trail_key(index_key: bytes) -> bytes:
    """The key of the chains, made from that of the blind indexes, which never changes either."""
    return hmac.digest(index_key, b"hannun trail 1", "sha256")


def signature_of(key: bytes, *parts: object) -> bytes:
    """The signature of an anchor or a dropped month; bytes count as hexadecimal text."""
    written = (part.hex() if isinstance(part, bytes) else str(part) for part in parts)
    return hmac.digest(key, SEPARATOR.join(("signed", *written)).encode(), "sha256")
