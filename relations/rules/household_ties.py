"""What ties two persons to one household: pairs from what they share, each with its evidence. Pure.

Pairs come from sorting what persons hold, never from comparing everybody with everybody: the work grows with the
stock. A person is a position in `Stock.ids`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag, auto

import numpy as np

MOST_ON_ONE = 8  # persons on an address, a number or a contract; one with more says nothing about who lives together
USUAL = 5  # persons of a household; of more in one home one asks whether they are two
LATELY = 800  # days
YEAR = 365.25
PEERS_WITHIN, GENERATION_WITHIN = 16, 48  # years between two of one generation, and of two
# Of a hundred couples some five are further apart, and of a hundred mothers as many were younger or older.
COUPLES_WITHIN, SIBLINGS_WITHIN, PARENTS_FROM, PARENTS_UNTIL = 8, 6, 20, 40
GROWN_UP, LEAVES_HOME = 20, 26  # years
UNKNOWN = -1
HALF, LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


class Part(IntEnum):
    """What somebody is on a contract, as far as households ask."""

    HOLDER = 0
    INSURED = 1
    SECOND = 2
    BENEFICIARY = 3
    PAYER = 4
    GUARDIAN = 5


class Tie(IntFlag):
    """What two persons have in common, and what speaks against one home."""

    HOME = auto()  # the same flat or house today, by the whole address
    ZONE = auto()  # the same unit of the same postcode: one flat by road name and by lot
    BUILDING = auto()  # the same building, of which no unit is known
    FORMER_HOME = auto()  # one lives, or both lived, where the other lived or lives
    DISTRICT = auto()  # the same unit number somewhere in the same district
    ELSEWHERE = auto()  # two homes that have nothing in common
    FLAT = auto()  # the home they share is a flat with block and number, not a floor of a house
    CROWDED = auto()  # more persons are on the home they share than most households have
    FRESH = auto()  # both addresses were confirmed lately
    PHONE = auto()
    MOBILE = auto()
    CONTRACT = auto()
    PAYS = auto()  # one pays for the other
    GUARDIAN = auto()  # one stands for the other as legal representative
    SURNAME = auto()
    COUPLE = auto()  # man and woman of about one age, both grown up
    CHILD = auto()  # as far apart as parent and child, the younger one not yet grown up
    GROWN_CHILD = auto()  # likewise, the younger one of an age at which many have left home
    PEERS = auto()  # of about one age otherwise: brothers and sisters
    FAR_APART = auto()  # as far apart as grandparent and grandchild
    SELDOM = auto()  # years apart that couples, brothers and sisters, or parent and child seldom are
    NO_AGE = auto()  # of one of them no age is known
    THROUGH = auto()  # nothing but that both are tied to a third
    # What follows from the others, for weighing them together.
    HERE = auto()  # HOME or ZONE
    HOUSE = auto()  # HERE, and no FLAT
    APART = auto()  # DISTRICT or ELSEWHERE
    LINKED = auto()  # PHONE, MOBILE or CONTRACT
    NO_HOME = auto()  # of one of them no address is known


DERIVED = Tie.HERE | Tie.HOUSE | Tie.APART | Tie.LINKED | Tie.NO_HOME


@dataclass(frozen=True)
class Held:
    """Who holds what: one entry a person and value, in any order. value: a key, never 0."""

    person: np.ndarray
    value: np.ndarray


@dataclass(frozen=True)
class Stock:
    """Everything that the search looks at; the arrays up to `seen` have one entry a person.

    ids: customer ids, ascending. birth: days since 1900-01-01, or UNKNOWN. surname: a key, 0 for none. home, unit,
    district, zone: keys of the golden address, 0 for none; a home without unit is a building, zone is postcode and
    unit. is_flat: whether it names a block. seen: day on which it was confirmed, or UNKNOWN. today: in the same days.
    homes, zones, phones, mobiles: all that any source named. contract, party, part: one entry a role that a person has
    on a contract, `part` a `Part`.
    """

    ids: np.ndarray
    birth: np.ndarray
    is_man: np.ndarray
    is_woman: np.ndarray
    surname: np.ndarray
    home: np.ndarray
    unit: np.ndarray
    district: np.ndarray
    zone: np.ndarray
    is_flat: np.ndarray
    seen: np.ndarray
    today: int
    homes: Held
    zones: Held
    phones: Held
    mobiles: Held
    contract: np.ndarray
    party: np.ndarray
    part: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Ties:
    """Pairs of persons, each once, the lower position first, with what each has in common as bits of `Tie`."""

    left: np.ndarray
    right: np.ndarray
    evidence: np.ndarray

    def __len__(self) -> int:
        return len(self.left)

    def of(self, chosen: np.ndarray) -> Ties:
        """Some of the pairs."""
        return Ties(self.left[chosen], self.right[chosen], self.evidence[chosen])


def ties_of(stock: Stock) -> Ties:
    """Every pair that shares a home, a number or a contract with few others, and every pair that is tied to one third,
    with all that is known of it; in order of the pairs."""
    shared = _shared(stock)
    direct = ordered(*shared.values())
    pairs = ordered(direct, _through(len(stock), direct))
    evidence = np.full(len(pairs), int(Tie.THROUGH), np.int32)
    evidence[np.searchsorted(pairs, direct)] = 0
    for tie, found in shared.items():
        evidence[np.searchsorted(pairs, found)] |= int(tie)
    left, right = unpacked(pairs)
    evidence |= _homes(stock, left, right, evidence)
    evidence |= _persons(stock, left, right)
    evidence |= _derived(stock, left, right, evidence)
    return Ties(left, right, evidence)


def packed(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Pairs of positions as one integer each, the lower position first."""
    return np.minimum(left, right).astype(np.uint64) << HALF | np.maximum(left, right).astype(np.uint64)


def unpacked(pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two positions of packed pairs."""
    return (pairs >> HALF).astype(np.int64), (pairs & LOW).astype(np.int64)


def ordered(*pairs: np.ndarray) -> np.ndarray:
    """All packed pairs of these arrays in order, each once. By sorting: at a million `np.unique`, which hashes, takes
    ten times as long."""
    together = np.sort(np.concatenate(pairs))
    return together[_differs(together)]


def sharing(held: Held, most: int = MOST_ON_ONE) -> np.ndarray:
    """The pairs that hold one value, packed and in order; nothing of a value that more than `most` persons hold."""
    order = np.lexsort((held.person, held.value))
    value, person = held.value[order], held.person[order]
    is_new = _differs(value) | _differs(person)
    value, person = value[is_new], person[is_new]
    starts = np.flatnonzero(_differs(value))
    sizes = np.diff(np.append(starts, len(value)))
    few = np.repeat((sizes > 1) & (sizes <= most), sizes)
    value, person = value[few], person[few]
    found = [np.empty(0, np.uint64)]
    for step in range(1, most):
        same = np.flatnonzero(value[step:] == value[:-step])
        found.append(packed(person[same], person[same + step]))
    return ordered(*found)


def _differs(values: np.ndarray) -> np.ndarray:
    """Where a value differs from the one before."""
    return np.append(True, values[1:] != values[:-1])[: len(values)]


def _shared(stock: Stock) -> dict[Tie, np.ndarray]:
    """The pairs that share something, by what it is."""
    everyone = np.arange(len(stock))
    whole, building, zoned = stock.unit > 0, (stock.home > 0) & (stock.unit == 0), stock.zone > 0
    whole = whole & (stock.home > 0)
    home = sharing(Held(everyone[whole], stock.home[whole]))
    zone = sharing(Held(everyone[zoned], stock.zone[zoned]))
    once = ordered(sharing(stock.homes), sharing(stock.zones))
    return {
        Tie.HOME: home,
        Tie.ZONE: np.setdiff1d(zone, home, assume_unique=True),
        Tie.FORMER_HOME: np.setdiff1d(once, ordered(home, zone), assume_unique=True),
        Tie.BUILDING: sharing(Held(everyone[building], stock.home[building])),
        Tie.PHONE: sharing(stock.phones),
        Tie.MOBILE: sharing(stock.mobiles),
        **_on_contracts(stock),
    }


def _on_contracts(stock: Stock) -> dict[Tie, np.ndarray]:
    """Pairs on one contract, who pays for whom, who stands for whom. Two who are merely insured under one contract are
    colleagues as often as not, and count for nothing."""
    insured = stock.part == Part.INSURED
    colleagues = sharing(Held(stock.party[insured], stock.contract[insured]))
    others = sharing(Held(stock.party[~insured], stock.contract[~insured]))
    mixed = ordered(
        _directed(stock, (Part.INSURED,), (Part.HOLDER, Part.PAYER, Part.GUARDIAN)),
        _directed(stock, (Part.INSURED,), (Part.SECOND, Part.BENEFICIARY)),
    )
    together = ordered(others, mixed)
    only_insured = np.setdiff1d(colleagues, together, assume_unique=True)
    return {
        Tie.CONTRACT: np.setdiff1d(together, only_insured, assume_unique=True),
        Tie.PAYS: _directed(stock, (Part.PAYER,), (Part.HOLDER, Part.INSURED, Part.SECOND)),
        Tie.GUARDIAN: _directed(stock, (Part.GUARDIAN,), (Part.INSURED,)),
    }


def _directed(stock: Stock, ones: tuple[Part, ...], others: tuple[Part, ...]) -> np.ndarray:
    """Pairs of somebody who is one of `ones` with somebody who is one of `others` on the same contract, packed and in
    order. Of a contract with too many others there are none."""
    one, other = (np.isin(stock.part, parts) for parts in (ones, others))
    if not other.any():
        return np.empty(0, np.uint64)
    contracts, counts = np.unique(stock.contract[other], return_counts=True)
    followers = stock.party[other][np.argsort(stock.contract[other], kind="stable")]
    starts = np.cumsum(counts) - counts
    place = np.minimum(np.searchsorted(contracts, stock.contract[one]), len(contracts) - 1)
    held = contracts[place] == stock.contract[one]
    leader, place = stock.party[one][held], place[held]
    few = counts[place] <= MOST_ON_ONE
    found = [np.empty(0, np.uint64)]
    for step in range(MOST_ON_ONE):
        has = few & (counts[place] > step)
        follower = followers[starts[place[has]] + step]
        differ = leader[has] != follower
        found.append(packed(leader[has][differ], follower[differ]))
    return ordered(*found)


def _through(count: int, direct: np.ndarray) -> np.ndarray:
    """Pairs that share a third to whom both are tied."""
    left, right = unpacked(direct)
    everyone = np.arange(count)
    return sharing(Held(np.concatenate([right, left, everyone]), np.concatenate([left, right, everyone]) + 1))


def _homes(stock: Stock, left: np.ndarray, right: np.ndarray, evidence: np.ndarray) -> np.ndarray:
    """What the present homes of a pair say beside being one."""
    here = evidence & int(Tie.HOME | Tie.ZONE) > 0
    apart = (stock.home[left] > 0) & (stock.home[right] > 0) & (stock.home[left] != stock.home[right])
    apart &= evidence & int(Tie.HOME | Tie.BUILDING | Tie.ZONE | Tie.FORMER_HOME) == 0
    unit = apart & (stock.unit[left] > 0) & (stock.unit[left] == stock.unit[right])
    unit &= (stock.district[left] > 0) & (stock.district[left] == stock.district[right])
    crowd = np.maximum(_crowds(stock.home), _crowds(stock.zone))[left]
    fresh = np.minimum(stock.seen[left], stock.seen[right]) > stock.today - LATELY
    return _said(
        (here & stock.is_flat[left] & stock.is_flat[right], Tie.FLAT),
        (here & (crowd > USUAL), Tie.CROWDED),
        (unit, Tie.DISTRICT),
        (apart & ~unit, Tie.ELSEWHERE),
        (fresh, Tie.FRESH),
    )


def _crowds(value: np.ndarray) -> np.ndarray:
    """How many persons hold each one's value, 0 for none."""
    _values, place, counts = np.unique(value, return_inverse=True, return_counts=True)
    return np.where(value > 0, counts[place], 0)


def _persons(stock: Stock, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """What names and ages say."""
    born, borne = stock.birth[left], stock.birth[right]
    known = (born != UNKNOWN) & (borne != UNKNOWN)
    gap = np.abs(born - borne) / YEAR
    age = (stock.today - np.maximum(born, borne)) / YEAR  # of the younger
    mixed = stock.is_man[left] & stock.is_woman[right] | stock.is_woman[left] & stock.is_man[right]
    near, generation = gap < PEERS_WITHIN, gap < GENERATION_WITHIN
    ages = np.select(
        [~known, near & mixed & (age >= GROWN_UP), near, generation & (age < LEAVES_HOME), generation],
        [int(tie) for tie in (Tie.NO_AGE, Tie.COUPLE, Tie.PEERS, Tie.CHILD, Tie.GROWN_CHILD)],
        int(Tie.FAR_APART),
    ).astype(np.int32)
    seldom = (ages == int(Tie.COUPLE)) & (gap >= COUPLES_WITHIN)
    seldom |= (ages == int(Tie.PEERS)) & (gap >= SIBLINGS_WITHIN)
    seldom |= (ages & int(Tie.CHILD | Tie.GROWN_CHILD) > 0) & ((gap < PARENTS_FROM) | (gap >= PARENTS_UNTIL))
    surname = (stock.surname[left] == stock.surname[right]) & (stock.surname[left] > 0)
    return ages | _said((seldom, Tie.SELDOM), (surname, Tie.SURNAME))


def _derived(stock: Stock, left: np.ndarray, right: np.ndarray, evidence: np.ndarray) -> np.ndarray:
    """What follows from the evidence, and whether an address is missing."""
    here, apart = evidence & int(Tie.HOME | Tie.ZONE) > 0, evidence & int(Tie.DISTRICT | Tie.ELSEWHERE) > 0
    linked = evidence & int(Tie.PHONE | Tie.MOBILE | Tie.CONTRACT) > 0
    placed = evidence & int(Tie.HOME | Tie.ZONE | Tie.BUILDING | Tie.FORMER_HOME) > 0
    return _said(
        (here, Tie.HERE),
        (here & (evidence & int(Tie.FLAT) == 0), Tie.HOUSE),
        (apart, Tie.APART),
        (linked, Tie.LINKED),
        (~placed & ~apart, Tie.NO_HOME),
    )


def _said(*bits: tuple[np.ndarray, Tie]) -> np.ndarray:
    """Bits where they are true, together."""
    said = np.zeros(len(bits[0][0]), np.int32)
    for is_true, tie in bits:
        said |= np.where(is_true, np.int32(tie), np.int32(0))
    return said
