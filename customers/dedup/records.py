"""Records as the engine sees them: integers only. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.standard.record import MATCH_KEYS

FULL_DATE = 100  # a birth key ends in month and day; a year alone ends in 0000


@dataclass(frozen=True)
class Records:
    """Source records, sorted by id. All arrays have one entry per record.

    customer: id of the customer a record is linked to, 0 for none. keys: {name in MATCH_KEYS: uint64, 0 for none}.
    """

    ids: np.ndarray
    is_org: np.ndarray
    customer: np.ndarray
    is_fresh: np.ndarray
    keys: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def has_full_birth(self) -> np.ndarray:
        """Whether day and month of birth are known."""
        return (self.keys["birth"] & np.uint64(0xFFFFFFFF)) % np.uint64(FULL_DATE * 100) != 0


def unpack_keys(packed: np.ndarray) -> dict[str, np.ndarray]:
    """Packed keys (n × 8·k bytes, big-endian, in the order of MATCH_KEYS) as one uint64 array per key."""
    table = packed.reshape(-1, len(MATCH_KEYS) * 8).view(">u8").astype(np.uint64)
    return {name: np.ascontiguousarray(table[:, column]) for column, name in enumerate(MATCH_KEYS)}
