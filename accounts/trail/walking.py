"""Walking along one chain: every entry is tied to the one before it, and where one is not, what was done to it. Pure.

Who alters rows cannot make the hashes that would fit, for lack of the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.trail.chain import linked, renumbered

MOST_SUSPECTS = 200
"""Beyond so many entries that do not fit, a chain is not read further: no more can be said of it."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """An entry that is not tied to the one before. before: the hash of that one as it stands."""

    number: int
    before: bytes
    content: bytes
    hash: bytes


class Walk:
    """Takes the entries of one chain in the order of their numbers, and keeps what is wrong with them.

    gaps: first and last of the numbers that are not there. inserted: numbers of entries that were put in between.
    pushed: by how much those after them were pushed up. differing: numbers whose hash is not the anchored one.
    """

    def __init__(self, key: bytes, *, number: int, before: bytes, anchored: Mapping[int, bytes]) -> None:
        """number, before: of the entry from which the walk begins, 0 and START for the beginning of the chain."""
        self.key, self.number, self.before, self.anchored = key, number, before, anchored
        self.count = 0
        self.gaps: list[tuple[int, int]] = []
        self.inserted: list[int] = []
        self.differing: list[int] = []
        self.suspects: list[Suspect] = []
        self.pushed = 0
        self._pending: Suspect | None = None
        self._is_before_known = True
        self._guess: tuple[Suspect, Suspect] | None = None

    @property
    def is_hopeless(self) -> bool:
        return len(self.suspects) >= MOST_SUSPECTS

    @property
    def reached(self) -> int:
        """The number of the last entry as it was written, before others were put in."""
        return self.number - self.pushed

    def take(self, number: int, entry_hash: bytes, content: bytes) -> None:
        """The next entry; its number is above the last one."""
        if number > self.number + 1:
            self._skip(number)
        if self._guess and not self._is_tied(number, entry_hash, content):
            self._take_guess_back()
        self._guess = None
        own = self._own(number, content)
        if self._is_tied(number, entry_hash, content):
            self._pending = None
        elif self._was_pushed(number, content, entry_hash):
            self._guess = (self.suspects.pop(), Suspect(number, self.before, own, entry_hash))
            self.inserted.append(self._guess[0].number)
            self.pushed, self._pending = self.pushed + 1, None
        else:
            self._pending = Suspect(number, self.before, own, entry_hash)
            self.suspects.append(self._pending)
        wanted = self.anchored.get(number - self.pushed)
        if wanted is not None and wanted != entry_hash and self._pending is None:
            self.differing.append(number)
        self.number, self.before, self._is_before_known = number, entry_hash, True
        self.count += 1

    def settle(self, end: int) -> None:
        """No entry follows. end: the number that the last one should have."""
        if self._guess and self.reached < end:
            self._take_guess_back()
        self._guess = None

    def _own(self, number: int, content: bytes) -> bytes:
        """The content with the number that the entry was written with."""
        return renumbered(content, number - self.pushed) if self.pushed else content

    def _is_tied(self, number: int, entry_hash: bytes, content: bytes) -> bool:
        """Whether the entry fits the one before it; where that is gone, nobody can say that it does not."""
        return not self._is_before_known or linked(self.key, self.before, self._own(number, content)) == entry_hash

    def _take_guess_back(self) -> None:
        """What looked like an entry put in was two that stand in each other's places: none after them is pushed."""
        self.inserted.pop()
        self.suspects += self._guess or ()
        self.pushed -= 1

    def _skip(self, number: int) -> None:
        """What stood in a gap is gone, and with it the hash of the entry before; an anchor may know it."""
        self.gaps.append((self.number + 1, number - 1))
        known = self.anchored.get(number - 1 - self.pushed)
        self.before, self._is_before_known, self._pending = known or b"", known is not None, None

    def _was_pushed(self, number: int, content: bytes, entry_hash: bytes) -> bool:
        """Whether this entry fits in the place of the one before it, which then was put in."""
        if self._pending is None:
            return False
        own = renumbered(content, number - self.pushed - 1)
        return linked(self.key, self._pending.before, own) == entry_hash

    def altered(self) -> tuple[list[int], list[int]]:
        """Numbers of entries that were changed, and of those that stand in each other's places."""
        changed: list[int] = []
        swapped: list[int] = []
        true: dict[int, bytes] = {}
        rest = {suspect.number: suspect for suspect in self.suspects}
        for number in sorted(rest):
            suspect = rest.pop(number, None)
            if suspect is None or self._fits(suspect, true):
                continue
            partner = self._partner(suspect, rest, true)
            if partner is not None:
                swapped += [number, partner]
                del rest[partner]
                continue
            changed.append(number)
            true[number] = linked(self.key, true.get(number - 1, suspect.before), suspect.content)
        return changed, sorted(swapped)

    def _fits(self, suspect: Suspect, true: Mapping[int, bytes]) -> bool:
        """Whether only the hash of the entry before it was wrong."""
        before = true.get(suspect.number - 1)
        return before is not None and linked(self.key, before, suspect.content) == suspect.hash

    def _partner(self, suspect: Suspect, others: Mapping[int, Suspect], true: dict[int, bytes]) -> int | None:
        """The number of the entry that holds what belongs here; `true` then knows the hashes of both places."""
        before = true.get(suspect.number - 1, suspect.before)
        for other in others.values():
            here = linked(self.key, before, renumbered(other.content, suspect.number))
            if here in (other.hash, suspect.hash):
                true[suspect.number] = here
                before_other = true.get(other.number - 1, other.before)
                true[other.number] = linked(self.key, before_other, renumbered(suspect.content, other.number))
                return other.number
        return None
