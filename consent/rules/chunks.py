"""Long rows of things, some at a time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Thing = TypeVar("Thing")


def chunked(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """The things in order, `size` at a time; the last ones may be fewer."""
    rest = iter(things)
    while chunk := list(islice(rest, size)):
        yield chunk
