"""What two customers cannot be to one another, and what they hardly are; how long a statement is believed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from relations.rules.ties import months_later

FAMILY = ("SPOUSE", "PARENT", "GRANDPARENT", "SIBLING", "RELATIVE")
GENERATIONS: Mapping[str, int] = {"PARENT": 1, "GRANDPARENT": 2}
"""{kind: by how many generations the first is above the second}"""
REPRESENTATION = ("LEGAL_REP", "GUARDIAN")
OF_PERSONS = (*FAMILY, *REPRESENTATION, "COHABITANT", "ACQUAINTANCE")
"""Kinds that hold between two persons alone."""
LEAST_YEARS_OF_PARENT = 12
LIKELY_YEARS_OF_PARENT = (16, 60)
LEAST_AGE_OF_SPOUSE = 18
FAR_APART = {"SPOUSE": 40, "SIBLING": 40}
MOST_PARENTS = 2


class Impossible(StrEnum):
    """Why a relationship is refused."""

    ONESELF = "ONESELF"
    MERGED = "MERGED"
    ORGANISATION = "ORGANISATION"
    ALREADY = "ALREADY"
    TOO_YOUNG = "TOO_YOUNG"
    LINE_TOO_YOUNG = "LINE_TOO_YOUNG"
    CYCLE = "CYCLE"
    SECOND_SPOUSE = "SECOND_SPOUSE"
    SPOUSE_IN_LINE = "SPOUSE_IN_LINE"
    ADULT_REPRESENTED = "ADULT_REPRESENTED"
    STARTS_LATER = "STARTS_LATER"
    STARTS_BEFORE_BIRTH = "STARTS_BEFORE_BIRTH"
    BELIEVED_NO_MORE = "BELIEVED_NO_MORE"
    BELIEVED_TOO_LONG = "BELIEVED_TOO_LONG"


class Unlikely(StrEnum):
    """What is registered only by somebody who says that it is so all the same."""

    PARENT_YOUNG = "PARENT_YOUNG"
    PARENT_OLD = "PARENT_OLD"
    AGE_UNKNOWN = "AGE_UNKNOWN"
    THIRD_PARENT = "THIRD_PARENT"
    SPOUSE_MINOR = "SPOUSE_MINOR"
    FAR_APART = "FAR_APART"
    MINOR_REPRESENTS = "MINOR_REPRESENTS"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. birth_date: None where nobody knows it."""

    customer_id: int
    is_person: bool
    is_active: bool
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says: `first` is `kind` to `second`. has_document: the evidence is a document that was seen.
    longest: the last day until which a statement on this basis may be believed, None for ever."""

    kind: str
    first: Side
    second: Side
    on: date
    has_document: bool = False
    started_on: date | None = None
    valid_until: date | None = None
    longest: date | None = None


@dataclass(frozen=True, slots=True)
class Kin:
    """A relative in the direct line. generations: how many above or below; birth_date: None where nobody knows it."""

    customer_id: int
    generations: int
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What stands already. elders: of the first, with itself at 0; youngers: of the second, with itself at 0.

    in_line: ids of all who are in the direct line of either. married: whether one of the two has an open spouse;
    parent_count: open parents of the second.
    """

    is_open_already: bool = False
    elders: Sequence[Kin] = ()
    youngers: Sequence[Kin] = ()
    in_line: frozenset[int] = frozenset()
    is_married: bool = False
    parent_count: int = 0


def impossible(claim: Claim, known: Known, *, adult_age: int) -> list[Impossible]:
    """Why the claim must be refused, the plainest reason first; nothing where it may be. adult_age: years."""
    first, second = claim.first, claim.second
    if first.customer_id == second.customer_id:
        return [Impossible.ONESELF]
    if not (first.is_active and second.is_active):
        return [Impossible.MERGED]
    if claim.kind in OF_PERSONS and not _may_be_between(claim):
        return [Impossible.ORGANISATION]
    if known.is_open_already:
        return [Impossible.ALREADY]
    return [*_of_line(claim, known), *_of_marriage(claim, known), *_of_representing(claim, adult_age), *_of_days(claim)]


def unlikely(claim: Claim, known: Known, *, adult_age: int) -> list[Unlikely]:
    """What speaks against the claim without ruling it out. adult_age: years."""
    found: list[Unlikely] = []
    first, second = claim.first.birth_date, claim.second.birth_date
    if claim.kind in (*GENERATIONS, "SPOUSE") and (first is None or second is None):
        found.append(Unlikely.AGE_UNKNOWN)
    elif claim.kind == "PARENT":
        least, most = LIKELY_YEARS_OF_PARENT
        years = years_between(first, second)
        found += [Unlikely.PARENT_YOUNG] if years < least else [Unlikely.PARENT_OLD] if years > most else []
    if claim.kind == "PARENT" and known.parent_count >= MOST_PARENTS:
        found.append(Unlikely.THIRD_PARENT)
    if claim.kind == "SPOUSE" and any(_is_younger(day, LEAST_AGE_OF_SPOUSE, claim.on) for day in (first, second)):
        found.append(Unlikely.SPOUSE_MINOR)
    if claim.kind in FAR_APART and first and second:
        apart = years_between(*sorted((first, second)))
        found += [Unlikely.FAR_APART] if apart >= FAR_APART[claim.kind] else []
    if claim.kind in REPRESENTATION and _is_younger(first, adult_age, claim.on):
        found.append(Unlikely.MINOR_REPRESENTS)
    return found


def age_on(birth_date: date, on: date) -> int:
    """Full years of age on a day, as the Civil Act counts them."""
    return years_between(birth_date, on)


def is_minor(birth_date: date | None, on: date, adult_age: int) -> bool:
    """Whether somebody is known to be a minor on this day (민법 제4조)."""
    return _is_younger(birth_date, adult_age, on)


def years_between(earlier: date, later: date) -> int:
    """Full years from one day to the other; negative where it is the other way round."""
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))


def believed_until(basis: str, on: date, months: Mapping[str, int]) -> date | None:
    """The last day on which a statement of this day is believed without asking again; None for ever.

    months: {basis: months}; a basis that is not in it never fades.
    """
    return months_later(on, months[basis]) if basis in months else None


def _may_be_between(claim: Claim) -> bool:
    return claim.first.is_person and claim.second.is_person


def _is_younger(birth_date: date | None, years: int, on: date) -> bool:
    return birth_date is not None and years_between(birth_date, on) < years


def _of_line(claim: Claim, known: Known) -> Iterable[Impossible]:
    """Whether the first can be so many generations above the second, with all that is known of both lines."""
    step = GENERATIONS.get(claim.kind)
    if step is None:
        return
    youngers = {kin.customer_id for kin in known.youngers}
    if youngers & {kin.customer_id for kin in known.elders}:
        yield Impossible.CYCLE
        return
    first, second = claim.first.birth_date, claim.second.birth_date
    if first and second and years_between(first, second) < step * LEAST_YEARS_OF_PARENT:
        yield Impossible.TOO_YOUNG
    elif any(
        elder.birth_date
        and younger.birth_date
        and years_between(elder.birth_date, younger.birth_date)
        < LEAST_YEARS_OF_PARENT * (elder.generations + step + younger.generations)
        for elder in known.elders
        for younger in known.youngers
    ):
        yield Impossible.LINE_TOO_YOUNG


def _of_marriage(claim: Claim, known: Known) -> Iterable[Impossible]:
    """Bigamy and marriage in the direct line are void (민법 제810조, 제815조)."""
    if claim.kind != "SPOUSE":
        return
    if known.is_married:
        yield Impossible.SECOND_SPOUSE
    if {claim.first.customer_id, claim.second.customer_id} & known.in_line:
        yield Impossible.SPOUSE_IN_LINE


def _of_representing(claim: Claim, adult_age: int) -> Iterable[Impossible]:
    """An adult is represented only by a guardian whom a court appointed, which is seen in a document (민법 제929조)."""
    birth_date = claim.second.birth_date
    is_adult = birth_date is not None and not _is_younger(birth_date, adult_age, claim.on)
    if claim.kind in REPRESENTATION and is_adult and not claim.has_document:
        yield Impossible.ADULT_REPRESENTED


def _of_days(claim: Claim) -> Iterable[Impossible]:
    if claim.started_on and claim.started_on > claim.on:
        yield Impossible.STARTS_LATER
    births = [side.birth_date for side in (claim.first, claim.second) if side.is_person and side.birth_date]
    if claim.started_on and any(claim.started_on < birth for birth in births):
        yield Impossible.STARTS_BEFORE_BIRTH
    if claim.valid_until and claim.valid_until < claim.on:
        yield Impossible.BELIEVED_NO_MORE
    if claim.longest and (claim.valid_until is None or claim.valid_until > claim.longest):
        yield Impossible.BELIEVED_TOO_LONG
