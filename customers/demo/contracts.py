"""Contracts of each source in every state, and the parties to them."""

from dataclasses import dataclass

import numpy as np

from .draws import chance, stream, weighted
from .households import YEAR
from .layouts import CONTRACT_COLUMNS
from .parties import Parties, group_parties, person_parties
from .sightings import World
from .text import digits, iso, joined, table

# Product group: term in years (0: none), won a month at the middle, names.
PRODUCTS = {
    "WHOLE_LIFE": (0, 180_000, ("무배당 한눈종신보험", "무배당 든든유니버설종신보험")),
    "TERM": (20, 40_000, ("무배당 한눈정기보험",)),
    "HEALTH": (30, 70_000, ("무배당 참좋은건강보험", "무배당 3대질병보장보험")),
    "CANCER": (20, 50_000, ("무배당 안심암보험", "무배당 비갱신암보험")),
    "CHILD": (26, 60_000, ("무배당 꿈나무어린이보험",)),
    "ANNUITY": (0, 300_000, ("행복설계연금보험", "연금저축 미래연금보험")),
    "SAVINGS": (10, 300_000, ("무배당 알찬저축보험",)),
    "VARIABLE": (0, 350_000, ("무배당 글로벌변액유니버설보험", "무배당 변액연금보험")),
    "GROUP": (1, 900_000, ("단체보장보험", "직장인단체상해보험")),
    "RETIREMENT": (0, 5_000_000, ("퇴직연금 확정급여형", "퇴직연금 확정기여형")),
    "INDEMNITY": (15, 30_000, ("무배당 실손의료비보험", "무배당 4세대실손의료비보험")),
    "ACCIDENT": (10, 25_000, ("무배당 상해보험",)),
}
GROUPS = list(PRODUCTS)
_ADULT = {"WHOLE_LIFE": 20, "TERM": 6, "HEALTH": 20, "CANCER": 13, "ANNUITY": 12, "SAVINGS": 8, "VARIABLE": 8,
          "INDEMNITY": 10, "ACCIDENT": 3}  # fmt: skip
_CHILD = {"CHILD": 62, "INDEMNITY": 20, "ACCIDENT": 8, "SAVINGS": 10}
_BANK = {"ANNUITY": 40, "SAVINGS": 36, "VARIABLE": 14, "ACCIDENT": 10}
_EMPLOYER = {"GROUP": 70, "RETIREMENT": 30}
_STATES = {
    "IN_FORCE": 560, "GRACE": 20, "LAPSED": 75, "REINSTATED": 20, "SURRENDERED": 160, "PAID_UP": 60, "WAIVED": 8,
    "REDUCED_PAID_UP": 8, "TERMINATED": 25, "WITHDRAWN": 20, "VOID": 4, "CANCELLED": 8, "TRANSFERRED": 6,
    "DECLINED": 14,
}  # fmt: skip
_NEW_STATES = {"APPLIED": 45, "IN_FORCE": 45, "WITHDRAWN": 7, "DECLINED": 3}
_CYCLES = {"MONTHLY": 88, "BIMONTHLY": 1, "QUARTERLY": 2, "SEMIANNUAL": 1, "ANNUAL": 2, "SINGLE": 6}
_MONTHS = {"MONTHLY": 1, "BIMONTHLY": 2, "QUARTERLY": 3, "SEMIANNUAL": 6, "ANNUAL": 12, "SINGLE": 120}
_PER_CUSTOMER = {"POLICY": 0.74, "BANCA": 0.12}
_ORPHANS = 0.06


@dataclass(frozen=True)
class Contracts:
    """Canonical columns of one source's contracts and of the parties to them."""

    source: str
    columns: dict[str, np.ndarray]
    parties: dict[str, np.ndarray]


def draw_contracts(world: World, keys: dict[str, np.ndarray], customers: int) -> list[Contracts]:
    """Contracts of POLICY, BANCA and CORP; keys: per source and entity the source key, or nothing."""
    found = [
        _individual(world, source, keys[source], round(customers * share)) for source, share in _PER_CUSTOMER.items()
    ]
    return [*found, _group(world, keys["CORP"])]


def _draw_from(rng: np.random.Generator, shares: dict[str, int], size: int) -> np.ndarray:
    """Product groups by share, as positions in GROUPS."""
    codes = np.array([GROUPS.index(group) for group in shares])
    return codes[weighted(rng, list(shares.values()), size)]


def _individual(world: World, source: str, keys: np.ndarray, count: int) -> Contracts:
    """Contracts of persons, some held by their employer."""
    rng = stream(world.seed, f"contracts {source}")
    parties = person_parties(rng, world, keys, count)
    birth = world.people.families.birth
    insured, holder = parties.insured, parties.holder
    size = len(insured)
    of_age = np.where(holder < len(birth), birth[np.minimum(holder, len(birth) - 1)] + int(19 * YEAR), 0)
    ago = 1 + rng.exponential(2_300, size).astype(np.int64)
    started = np.minimum(np.maximum.reduce([world.today - ago, birth[insured] + 15, of_age, np.full(size, 33_000)]),
                         world.today - 1)  # fmt: skip
    is_child = started < birth[insured] + int(19 * YEAR)
    shares = (_BANK, _BANK) if source == "BANCA" else (_ADULT, _CHILD)
    group = np.where(is_child, _draw_from(rng, shares[1], size), _draw_from(rng, shares[0], size))
    agent = world.people.agent[insured]
    columns = _columns(rng, world, source, group, started, agent)
    roles = parties.with_roles(rng, world, keys, np.array(GROUPS, dtype=object)[group])
    return Contracts(source, columns, _party_columns(roles, columns["contract_no"], keys))


def _group(world: World, keys: np.ndarray) -> Contracts:
    """One or more contracts of every client of the group business, with its employees as insured."""
    rng = stream(world.seed, "contracts CORP")
    organisations, persons = world.organisations, len(world.people.name)
    clients = np.flatnonzero(keys[persons:] != "")
    holder = np.repeat(clients, 1 + rng.poisson(0.6, len(clients)))
    group = _draw_from(rng, _EMPLOYER, len(holder))
    ago = 1 + rng.exponential(900, len(holder)).astype(np.int64)
    region = world.company.region_of_place[organisations.dwellings.place[holder]]
    columns = _columns(rng, world, "CORP", group, world.today - ago, world.company.first_agent[region])
    roles = group_parties(rng, world, keys, holder)
    return Contracts("CORP", columns, _party_columns(roles, columns["contract_no"], keys))


def _columns(
    rng: np.random.Generator, world: World, source: str, group: np.ndarray, started: np.ndarray, agent: np.ndarray
) -> dict[str, np.ndarray]:
    """Canonical columns for contracts of these product groups, days and agents."""
    size, today, company = len(group), world.today, world.company
    term = np.array([PRODUCTS[name][0] for name in GROUPS])[group]
    ends = started + (term * YEAR).astype(np.int64)
    state = _states(rng, started, np.where(term > 0, ends, today + 1), today)
    cycle = np.where(
        group == GROUPS.index("GROUP"), "ANNUAL", table(_CYCLES)[weighted(rng, list(_CYCLES.values()), size)]
    )
    as_of = np.maximum(started, today - 1 - rng.exponential(200, size).astype(np.int64))
    keeper = np.where(chance(rng, _ORPHANS, size) | (source != "POLICY"), "", company.agent_codes[agent])
    names = (_numbers(source, started), table(GROUPS)[group], _product_names(rng, group), state, iso(started))
    rest = (
        np.where(term > 0, iso(np.minimum(ends, 59_999)), ""), _premiums(rng, group, cycle), cycle,
        company.branch_codes[company.agent_branch[agent]], keeper, iso(as_of),
    )  # fmt: skip
    return {column: values.astype(object) for column, values in zip(CONTRACT_COLUMNS, (*names, *rest), strict=True)}


def _states(rng: np.random.Generator, started: np.ndarray, ends: np.ndarray, today: int) -> np.ndarray:
    """A new contract may still be an application; one past its end has matured unless it ended before."""
    size = len(started)
    state = table(_STATES)[weighted(rng, list(_STATES.values()), size)]
    alive = np.isin(state, ["IN_FORCE", "GRACE", "REINSTATED", "PAID_UP", "WAIVED", "REDUCED_PAID_UP"])
    state = np.where((ends < today) & alive, "MATURED", state)
    new = table(_NEW_STATES)[weighted(rng, list(_NEW_STATES.values()), size)]
    return np.where(started > today - 30, new, state).astype(object)


def _numbers(source: str, started: np.ndarray) -> np.ndarray:
    """Contract numbers that begin with the year."""
    year = np.array([text[:4] for text in iso(started)], dtype=object)
    number = np.arange(1, len(started) + 1)
    prefix, width = {"POLICY": ("", 8), "BANCA": ("BA", 7), "CORP": ("G", 6)}[source]
    return joined(prefix + year, digits(number, width))


def _product_names(rng: np.random.Generator, group: np.ndarray) -> np.ndarray:
    names = np.array([(PRODUCTS[name][2] * 2)[:2] for name in GROUPS], dtype=object)
    return names[group, rng.integers(0, 2, len(group))]


def _premiums(rng: np.random.Generator, group: np.ndarray, cycle: np.ndarray) -> np.ndarray:
    """Won for each payment, rounded to hundreds."""
    middle = np.array([PRODUCTS[name][1] for name in GROUPS])[group]
    months = np.select([cycle == name for name in _MONTHS], list(_MONTHS.values()))
    won = middle * np.exp(rng.normal(0, 0.6, len(group))) * months
    return table(map(str, (np.round(won / 100) * 100).astype(np.int64).tolist()))


def _party_columns(roles: Parties, contract_no: np.ndarray, keys: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "contract_no": contract_no[roles.contract],
        "role": roles.role,
        "party_source_key": keys[roles.entity],
    }


def count_contracts(contracts: list[Contracts]) -> dict[str, int]:
    """Contracts and group contracts' members, for the summary."""
    insured = contracts[-1].parties["role"] == "INSURED"
    return {
        "contracts": sum(len(found.columns["contract_no"]) for found in contracts),
        "parties": sum(len(found.parties["role"]) for found in contracts),
        "group_members": int(insured.sum()),
    }
