"""Persons: names, numbers, telephones, homes and work, each with its earlier value and the day of the change."""

from dataclasses import dataclass, replace

import numpy as np

from .addresses import Dwellings, draw_dwellings
from .company import Company, draw_agents
from .contact import draw_contacts
from .draws import chance, places_in_group, some, stream, weighted
from .households import CHILD, PARENT, SPOUSE, YEAR, Families, draw_families
from .names import draw_foreign, draw_given, draw_surnames, sibling_given, surname_of
from .numbers import RANDOM_TAILS_SINCE, person_numbers
from .organisations import Organisations
from .text import digits, joined, table

NEVER = -1  # a change day before every other day: the value was always so
_NAMESAKES, _RENAMED, _RENUMBERED = 0.003, 0.008, 0.0008


@dataclass(frozen=True)
class People:
    """Columns over persons; `earlier_x` held before the day `x_on`."""

    families: Families
    name: np.ndarray
    passport_name: np.ndarray  # the same as name for nationals
    earlier_name: np.ndarray
    renamed_on: np.ndarray
    is_foreign: np.ndarray
    is_namesake: np.ndarray  # same name and birth date as a stranger, by plan
    number: np.ndarray  # thirteen digits, resident or alien registration
    earlier_number: np.ndarray
    renumbered_on: np.ndarray
    mobile: np.ndarray
    earlier_mobile: np.ndarray
    mobile_on: np.ndarray
    dwellings: Dwellings
    dwelling: np.ndarray
    earlier_dwelling: np.ndarray
    moved_on: np.ndarray
    home_phone: np.ndarray
    email: np.ndarray
    employer: np.ndarray  # organisation, or -1
    employee_number: np.ndarray
    agent: np.ndarray  # row of the company's agents: who looks after the household


def draw_people(persons: int, organisations: Organisations, company: Company, seed: int, today: int) -> People:
    """`persons` people in households; today: days since 1900-01-01."""
    families = draw_families(stream(seed, "families"), persons, today)
    rng = stream(seed, "names")
    is_foreign = _foreigners(rng, families)
    name, passport_name = _names(rng, families, is_foreign)
    families, is_namesake = _plant_namesakes(rng, families, is_foreign, name, passport_name, today)
    names = _rename(rng, families, (name, passport_name), is_foreign, today)
    numbers = _numbers(stream(seed, "numbers"), families, is_foreign, today)
    homes = _homes(stream(seed, "homes"), families, today)
    work = _work(stream(seed, "work"), families, organisations, today)
    dwellings, dwelling = homes[:2]
    contacts = draw_contacts(stream(seed, "contacts"), families, dwellings.place, len(company.agent_codes), today)
    places = dwellings.place[families.household]
    agent = draw_agents(stream(seed, "agents"), company, places[families.start])[families.household]
    return People(
        families, *names, is_foreign, is_namesake, *numbers, *contacts[:3], *homes, *contacts[3:], *work, agent
    )


def _foreigners(rng: np.random.Generator, families: Families) -> np.ndarray:
    """Whole households, and wives who came by marriage."""
    whole = chance(rng, 0.013, len(families.start))[families.household]
    return whole | ((families.role == SPOUSE) & (families.sex == 1) & chance(rng, 0.03, len(families.role)))


def _names(rng: np.random.Generator, families: Families, is_foreign: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Names as told and in the passport: children bear the father's surname, some share a syllable."""
    role, sex, head = families.role, families.sex, families.head
    surname = draw_surnames(rng, len(role))
    father = np.where(sex[head] == 0, head, families.spouse_of_head)
    of_father = (role == CHILD) | ((role == PARENT) & (sex == 0))
    surname = np.where(of_father, surname[np.where(role == PARENT, head, father)], surname)
    given = draw_given(rng, sex, families.birth)
    alike = np.flatnonzero((families.elder >= 0) & (families.is_twin | chance(rng, 0.25, len(role))))
    given[alike] = sibling_given(rng, given[families.elder[alike]], sex[alike])
    told = joined(surname, given)
    passport = told.copy()
    foreign = np.flatnonzero(is_foreign)
    told[foreign], passport[foreign] = draw_foreign(rng, sex[foreign])
    return told, passport


def _plant_namesakes(
    rng: np.random.Generator,
    families: Families,
    is_foreign: np.ndarray,
    name: np.ndarray,
    passport_name: np.ndarray,
    today: int,
) -> tuple[Families, np.ndarray]:
    """Give some who live alone the name, sex and birth date of a stranger; changes the two columns of names."""
    grown = (families.birth < today - 20 * YEAR) & ~is_foreign & (families.role != CHILD)
    alone = np.flatnonzero(grown & (families.size[families.household] == 1))
    couples = np.flatnonzero(grown & (families.size[families.household] > 1))
    count = min(max(round(_NAMESAKES * len(name)), 1), len(alone), len(couples))
    chosen, models = rng.choice(alone, count, replace=False), rng.choice(couples, count, replace=False)
    sex, birth = families.sex.copy(), families.birth.copy()
    sex[chosen], birth[chosen] = sex[models], birth[models]
    name[chosen] = passport_name[chosen] = name[models]
    is_namesake = np.zeros(len(name), dtype=bool)
    is_namesake[chosen] = is_namesake[models] = True
    return replace(families, sex=sex, birth=birth), is_namesake


def _rename(
    rng: np.random.Generator,
    families: Families,
    names: tuple[np.ndarray, np.ndarray],
    is_foreign: np.ndarray,
    today: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Name, passport name, earlier name and day of change; the new given name follows a later fashion."""
    name, passport_name = names
    rows = some(rng, np.where(is_foreign, 0, _RENAMED), len(name))
    earlier, renamed_on = name.copy(), np.full(len(name), NEVER)
    later = np.minimum(families.birth[rows] + int(25 * YEAR), today)
    given = draw_given(rng, families.sex[rows], later)
    name[rows] = passport_name[rows] = joined(table(map(surname_of, name[rows])), given)
    renamed_on[rows] = today - rng.integers(100, 4_500, len(rows))
    return name, passport_name, earlier, renamed_on


def _numbers(
    rng: np.random.Generator, families: Families, is_foreign: np.ndarray, today: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number, earlier number and day of change; a changed number has six random digits."""
    persons = len(is_foreign)
    never = np.zeros(persons, dtype=bool)
    earlier = person_numbers(rng, families.birth, families.sex, is_foreign, never)
    rows = some(rng, np.where(families.birth < RANDOM_TAILS_SINCE, _RENUMBERED, 0), persons)
    number, changed_on = earlier.copy(), np.full(persons, NEVER)
    number[rows] = person_numbers(rng, families.birth[rows], families.sex[rows], is_foreign[rows], ~never[rows])
    changed_on[rows] = rng.integers(RANDOM_TAILS_SINCE, max(today, RANDOM_TAILS_SINCE + 1), len(rows))
    return number, earlier, changed_on


def _homes(
    rng: np.random.Generator, families: Families, today: int
) -> tuple[Dwellings, np.ndarray, np.ndarray, np.ndarray]:
    """Dwellings, then per person the present one, the earlier one and the day of the move.

    Households move together; of young couples one comes from a home of one's own, parted spouses and grown children
    leave for one.
    """
    role, households, persons = families.role, len(families.start), len(families.role)
    age = (today - families.birth) / YEAR
    married = (role == SPOUSE) & chance(rng, np.where(age < 45, 0.35, 0.0), persons)
    parted = (role == SPOUSE) & ~married & chance(rng, 0.03, persons)
    left = (role == CHILD) & chance(rng, np.where(age > 26, 0.45, 0.0), persons)
    own = np.flatnonzero(married | parted | left)
    dwellings = draw_dwellings(rng, 2 * households + len(own))
    own_home = np.zeros(persons, dtype=np.int64)
    own_home[own] = 2 * households + np.arange(len(own))
    household = families.household
    moves = np.where(chance(rng, 0.55, households), today - _ago(rng, 2_000, households), NEVER)
    own_moves = today - _ago(rng, 1_800, persons)
    dwelling = np.where(parted | left, own_home, household)
    earlier = np.where(married, own_home, np.where(parted | left, household, households + household))
    return dwellings, dwelling, earlier, np.where(married | parted | left, own_moves, moves[household])


def _ago(rng: np.random.Generator, mean: float, size: int) -> np.ndarray:
    """Days ago, mostly few, at least thirty."""
    return 30 + rng.exponential(mean, size).astype(np.int64)


def _work(
    rng: np.random.Generator, families: Families, organisations: Organisations, today: int
) -> tuple[np.ndarray, np.ndarray]:
    """Employer (-1 for none) and the employer's own number for the employee, which begins with noughts."""
    age = (today - families.birth) / YEAR
    persons = len(age)
    rows = some(rng, np.where((age > 20) & (age < 63), 0.46, 0.0), persons)
    employer = np.full(persons, NEVER)
    employer[rows] = weighted(rng, organisations.staff_weight, len(rows))
    number = np.full(persons, "", dtype=object)
    number[rows] = joined(digits(places_in_group(rng, employer[rows]) + 101, 6))
    return employer, number


def count_people(people: People) -> dict[str, int]:
    """What was planted in the population, for the summary."""
    families = people.families
    return {
        "persons": len(people.name),
        "households": len(families.start),
        "twin_pairs": int(families.is_twin.sum()),
        "namesakes": int(people.is_namesake.sum()),
        "renamed": int((people.renamed_on != NEVER).sum()),
        "renumbered": int((people.renumbered_on != NEVER).sum()),
        "foreigners": int(people.is_foreign.sum()),
    }
