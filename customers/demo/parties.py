"""Who has which role in a contract; everybody named has a record in the contract's source."""

from dataclasses import dataclass

import numpy as np

from .draws import chance
from .households import YEAR
from .sightings import World

ROLES = (
    "POLICYHOLDER", "INSURED", "INSURED_2ND", "BENEFICIARY_MATURITY", "BENEFICIARY_DEATH", "BENEFICIARY_DISABILITY",
    "PAYER", "LEGAL_REP", "CLAIM_AGENT",
)  # fmt: skip
_OF_EMPLOYER = 0.05
_SAVING = ("SAVINGS", "ANNUITY", "CHILD", "VARIABLE")


@dataclass(frozen=True)
class Parties:
    """Columns over parties, contract after contract in the order of ROLES."""

    contract: np.ndarray
    role: np.ndarray
    entity: np.ndarray


@dataclass(frozen=True)
class Pair:
    """Policyholder (person or organisation) and insured person of every contract."""

    holder: np.ndarray
    insured: np.ndarray

    def with_roles(self, rng: np.random.Generator, world: World, keys: np.ndarray, group: np.ndarray) -> Parties:
        """All roles; heirs by law are named nowhere, so most contracts have no beneficiary of the death benefit."""
        size, persons = len(self.insured), len(world.people.name)
        is_minor = world.people.families.birth[self.insured] > world.today - 19 * YEAR
        of_person = self.holder < persons
        guardian = np.where(of_person, self.holder, self.insured)
        heir, other, agent = (relative(rng, world, keys, self.insured) for _ in range(3))
        payer = np.where(of_person & chance(rng, 0.1, size), relative(rng, world, keys, guardian), self.holder)
        shared = np.isin(group, ["WHOLE_LIFE", "HEALTH", "INDEMNITY"]) & chance(rng, 0.1, size)
        saving = np.isin(group, _SAVING) & of_person & chance(rng, 0.8, size)
        everyone = np.ones(size, dtype=bool)
        return _stack({
            "POLICYHOLDER": (everyone, self.holder),
            "INSURED": (everyone, self.insured),
            "INSURED_2ND": (shared & (other != self.insured), other),
            "BENEFICIARY_MATURITY": (saving, self.holder),
            "BENEFICIARY_DEATH": (chance(rng, 0.45, size) & (heir != self.insured), heir),
            "BENEFICIARY_DISABILITY": (chance(rng, 0.3, size), self.insured),
            "PAYER": (everyone, payer),
            "LEGAL_REP": (is_minor & of_person & (self.holder != self.insured), self.holder),
            "CLAIM_AGENT": (chance(rng, 0.12, size) & (agent != self.insured), agent),
        })  # fmt: skip


def person_parties(rng: np.random.Generator, world: World, keys: np.ndarray, count: int) -> Pair:
    """`count` policyholders among the adults with a key, each with the person insured: oneself, family, staff."""
    people, persons = world.people, len(world.people.name)
    known = keys[:persons] != ""
    adults = np.flatnonzero(known & (people.families.birth < world.today - 19 * YEAR))
    holder = adults[rng.integers(0, len(adults), count)] if len(adults) else np.empty(0, dtype=np.int64)
    family = relative(rng, world, keys, holder)
    insured = np.where(chance(rng, 0.58, len(holder)), holder, family)
    employer = people.employer[insured]
    by_employer = (employer >= 0) & chance(rng, _OF_EMPLOYER, len(holder))
    by_employer &= keys[persons + np.maximum(employer, 0)] != ""
    return Pair(np.where(by_employer, persons + employer, holder), insured)


def relative(rng: np.random.Generator, world: World, keys: np.ndarray, person: np.ndarray) -> np.ndarray:
    """Somebody of the person's household who has a key, or the person."""
    families = world.people.families
    household = families.household[person]
    drawn = families.start[household] + rng.integers(0, families.size[household], len(person))
    return np.where(keys[drawn] != "", drawn, person)


def group_parties(rng: np.random.Generator, world: World, keys: np.ndarray, holder: np.ndarray) -> Parties:
    """Organisation as policyholder and payer, and most employees who have a key as insured."""
    people, persons, contracts = world.people, len(world.people.name), np.arange(len(holder))
    staff = np.flatnonzero((people.employer >= 0) & (keys[:persons] != ""))
    staff = staff[np.argsort(people.employer[staff], kind="stable")]
    first = np.searchsorted(people.employer[staff], holder, side="left")
    count = np.searchsorted(people.employer[staff], holder, side="right") - first
    contract = np.repeat(contracts, count)
    within = np.arange(len(contract)) - np.repeat(np.cumsum(count) - count, count)
    insured = staff[first[contract] + within]
    joined = chance(rng, 0.85, len(insured))
    return _sorted(
        np.concatenate([contracts, contract[joined], contracts]),
        np.repeat([0, 1, ROLES.index("PAYER")], [len(holder), int(joined.sum()), len(holder)]),
        np.concatenate([persons + holder, insured[joined], persons + holder]),
    )


def _stack(roles: dict[str, tuple[np.ndarray, np.ndarray]]) -> Parties:
    """Rows for every role that is filled; roles: name to (which contracts, who)."""
    filled = {ROLES.index(name): (np.flatnonzero(chosen), entity) for name, (chosen, entity) in roles.items()}
    return _sorted(
        np.concatenate([rows for rows, _ in filled.values()]),
        np.concatenate([np.full(len(rows), number) for number, (rows, _) in filled.items()]),
        np.concatenate([entity[rows] for rows, entity in filled.values()]),
    )


def _sorted(contract: np.ndarray, number: np.ndarray, entity: np.ndarray) -> Parties:
    order = np.argsort(contract * len(ROLES) + number, kind="stable")
    names = np.array(ROLES, dtype=object)
    return Parties(contract[order], names[number[order]], entity[order])
