"""The records of each source: whom it knows, since when, under which key, with test entries and damage."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from . import sources
from .company import draw_agents
from .damage import PLACEHOLDER_MOBILES, damage
from .draws import chance, stream
from .households import YEAR
from .sightings import PARTS, Sight, World, office_columns, person_columns
from .sources import Profile
from .text import blank, digits, joined, table

_EARLIEST = 38_350  # 2004-12-31 in days since 1900-01-01: no source confirmed anything before
_TEST_ENTRIES = 0.0003
_STALE = 0.12
_TEST_NAMES = ("홍길동", "테스트", "테스트고객", "test", "ㅇㅇㅇ")


@dataclass(frozen=True)
class Records:
    """The customers of one file in the order of their keys.

    entity: the person's number, or persons + the organisation's, or -1 for a test entry. is_first: the record that
    contracts point to.
    """

    mapping: str
    source: str
    entity: np.ndarray
    is_first: np.ndarray
    columns: dict[str, np.ndarray]


def all_records(world: World) -> Iterator[Records]:
    """The files of customers one after the other, so that only one is in memory."""
    members = _memberships(world)
    offices = world.organisations
    everyone = np.arange(len(offices.organisation))
    outside = ~offices.is_client | chance(stream(world.seed, "offices"), 0.65, len(everyone))
    policy = [_persons(world, sources.POLICY, members["POLICY"]), _offices(world, sources.POLICY, everyone[outside])]
    yield _file(world, "policy-customers", policy)
    del policy
    for mapping, profile in (("banca-customers", sources.BANCA), ("tm-customers", sources.TM)):
        yield _file(world, mapping, [_persons(world, profile, members[profile.source])])
    yield _file(world, "corp-companies", [_offices(world, sources.EMPLOYEES, everyone[offices.is_client])])
    yield _file(world, "corp-employees", [_persons(world, sources.EMPLOYEES, members["CORP"])])
    for mapping, profile in (("fp-customers", sources.FP), ("online-customers", sources.ONLINE)):
        yield _file(world, mapping, [_persons(world, profile, members[profile.source])])


def _memberships(world: World) -> dict[str, np.ndarray]:
    """Per source the persons it knows; nobody is known to none."""
    rng, people = stream(world.seed, "memberships"), world.people
    persons = len(people.name)
    is_adult = people.families.birth < world.today - 19 * YEAR
    reach = {}
    for profile in (sources.POLICY, sources.BANCA, sources.TM, sources.FP, sources.ONLINE):
        reach[profile.source] = chance(rng, np.where(is_adult, profile.adults, profile.children), persons)
    client = (people.employer >= 0) & world.organisations.is_client[np.maximum(people.employer, 0)]
    reach["CORP"] = client & chance(rng, sources.EMPLOYEES.adults, persons)
    unknown = ~np.logical_or.reduce(list(reach.values()))
    lot = np.where(is_adult, rng.random(persons), 0)
    for source, low, high in (("POLICY", 0, 0.5), ("FP", 0.5, 0.8), ("TM", 0.8, 1)):
        reach[source] |= unknown & (lot >= low) & (lot < high)
    return {source: np.flatnonzero(known) for source, known in reach.items()}


def _days(rng: np.random.Generator, profile: Profile, size: int, earliest: np.ndarray | int, today: int) -> np.ndarray:
    """Days on which records were last confirmed: most of them lately, some long ago."""
    slow = np.where(chance(rng, _STALE, size), 4.0, 1.0)
    ago = 1 + (rng.exponential(profile.mean_age, size) * slow).astype(np.int64)
    return np.minimum(np.maximum(today - ago, np.maximum(earliest, _EARLIEST)), today - 1)


def _persons(world: World, profile: Profile, known: np.ndarray) -> Records:
    """First records, second records of some with another day and agent, and entries made for tests."""
    rng = stream(world.seed, f"records {profile.source}")
    again = known[chance(rng, profile.again, len(known))]
    tests = rng.choice(known, min(max(round(len(known) * _TEST_ENTRIES), 2), len(known)), replace=False)
    rows = np.concatenate([known, again, tests])
    people = world.people
    day = _days(rng, profile, len(rows), people.families.birth[rows] + 20, world.today)
    agent = people.agent[rows]
    agent[len(known) :] = rng.integers(0, len(world.company.agent_codes), len(rows) - len(known))
    columns = person_columns(Sight(world, rng, profile, rows, day, agent))
    damage(rng, columns, profile.damage)
    entity = rows.copy()
    entity[len(rows) - len(tests) :] = -1
    _write_tests(rng, columns, np.arange(len(rows) - len(tests), len(rows)))
    return Records("", profile.source, entity, np.arange(len(rows)) < len(known), columns)


def _write_tests(rng: np.random.Generator, columns: dict[str, np.ndarray], rows: np.ndarray) -> None:
    """Entries of nobody, as testers and trainees leave them."""
    for column in ("rrn", "ci", "phone_home", "employee_no", "passport", "account_no", *PARTS, "postcode"):
        columns[column][rows] = ""
    columns["name"][rows] = table(_TEST_NAMES)[rng.integers(0, len(_TEST_NAMES), len(rows))]
    columns["birth_date"][rows] = "1900-01-01"
    columns["mobile"][rows] = table(PLACEHOLDER_MOBILES)[rng.integers(0, len(PLACEHOLDER_MOBILES), len(rows))]
    for column, value in (("email", "test@test.com"), ("address", "없음"), ("address_base", "없음")):
        columns[column][rows] = value


def _offices(world: World, profile: Profile, offices: np.ndarray) -> Records:
    """One record an office; contracts point to the seat of the organisation."""
    rng = stream(world.seed, f"offices {profile.source}")
    organisations = world.organisations
    day = _days(rng, profile, len(offices), _EARLIEST, world.today)
    agent = draw_agents(rng, world.company, organisations.dwellings.place[offices])
    columns = office_columns(Sight(world, rng, profile, offices, day, agent), sources.OFFICES[profile.source])
    entity = len(world.people.name) + organisations.organisation[offices]
    return Records("", profile.source, entity, offices < organisations.count, columns)


def _file(world: World, mapping: str, parts: list[Records]) -> Records:
    """The parts shuffled into one file with ascending keys."""
    order = stream(world.seed, f"order {mapping}").permutation(sum(len(part.entity) for part in parts))
    columns = {}
    for column in list(parts[0].columns):
        columns[column] = np.concatenate([part.columns.pop(column) for part in parts])[order]
    columns["source_key"] = _keys(mapping, columns)
    entity = np.concatenate([part.entity for part in parts])[order]
    return Records(mapping, parts[0].source, entity, np.concatenate([part.is_first for part in parts])[order], columns)


def _keys(mapping: str, columns: dict[str, np.ndarray]) -> np.ndarray:
    """Keys in the manner of each source, no two alike."""
    number = np.arange(1, len(columns["name"]) + 1)
    if mapping == "policy-customers":
        return digits(1_000_000_000 + number * 7, 10)
    if mapping == "fp-customers":
        return joined(columns["fp_code"], "-", digits(number, 7))
    prefix, width = {
        "banca-customers": ("BK", 9),
        "tm-customers": ("T-", 7),
        "corp-companies": ("C", 6),
        "corp-employees": ("E", 7),
        "online-customers": ("m", 8),
    }[mapping]
    return joined(prefix, digits(number, width))


def first_keys(records: Records, entities: int) -> np.ndarray:
    """Per person and organisation the key of its first record, or nothing."""
    keys = blank(entities)
    chosen = np.flatnonzero(records.is_first)
    keys[records.entity[chosen]] = records.columns["source_key"][chosen]
    return keys
