"""What a source wrote down of persons and offices on a day: canonical columns before any damage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from .addresses import write_addresses
from .company import Company
from .draws import chance, some
from .households import YEAR
from .layouts import CUSTOMER_COLUMNS
from .lunar import has_lunar, lunar
from .numbers import business_text, connecting_information, hyphenated
from .organisations import Organisations, write_names
from .people import People
from .sources import Profile
from .text import blank, digits, iso, joined, table

PARTS = ("address_base", "address_detail")  # beside the canonical columns: the address as two


@dataclass(frozen=True)
class World:
    """Everybody and everything true; today in days since 1900-01-01."""

    people: People
    organisations: Organisations
    company: Company
    seed: int
    today: int


@dataclass(frozen=True)
class Sight:
    """Some rows of the population as one source saw each on its `day`, and the agent who wrote it."""

    world: World
    rng: np.random.Generator
    profile: Profile
    rows: np.ndarray
    day: np.ndarray
    agent: np.ndarray

    def of(self, chosen: np.ndarray) -> "Sight":
        """The same sight of fewer rows."""
        return replace(self, rows=self.rows[chosen], day=self.day[chosen], agent=self.agent[chosen])


Maker = Callable[[Sight], np.ndarray]


def person_columns(sight: Sight) -> dict[str, np.ndarray]:
    """Canonical columns of persons, filled as often as the source's profile says."""
    columns = _columns(sight, _PERSON_MAKERS, sight.profile.present)
    people, rng, size = sight.world.people, sight.rng, len(sight.rows)
    columns["kind"] = np.full(size, "PERSON", dtype=object)
    _add_address(columns, sight, sight.profile.present.get("address", 0), _person_address)
    employed = people.employer[sight.rows] >= 0
    switched = np.flatnonzero(employed & (columns["phone_home"] != "") & chance(rng, sight.profile.switchboards, size))
    columns["phone_home"][switched] = sight.world.organisations.phone[people.employer[sight.rows[switched]]]
    by_agent = some(rng, sight.profile.agent_phones, size)
    columns["mobile"][by_agent] = sight.world.company.agent_mobile[sight.agent[by_agent]]
    return columns


def office_columns(sight: Sight, present: Mapping[str, float]) -> dict[str, np.ndarray]:
    """Canonical columns of offices (rows of Organisations)."""
    columns = _columns(sight, _OFFICE_MAKERS, present)
    columns["kind"] = np.full(len(sight.rows), "ORG", dtype=object)
    _add_address(columns, sight, present["address"], _office_address)
    return columns


def _columns(sight: Sight, makers: Mapping[str, Maker], present: Mapping[str, float]) -> dict[str, np.ndarray]:
    columns = {}
    for column in (*CUSTOMER_COLUMNS, *PARTS):
        columns[column] = blank(len(sight.rows))
        share = present.get(column, 0)
        if share and column in makers:
            chosen = some(sight.rng, share, len(sight.rows))
            columns[column][chosen] = makers[column](sight.of(chosen))
    return columns


def _add_address(
    columns: dict[str, np.ndarray],
    sight: Sight,
    share: float,
    write: Callable[[Sight], tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]],
) -> None:
    """One draw for the line, its two parts and the postcode, which stand and fall together."""
    chosen = some(sight.rng, share, len(sight.rows))
    for column, values in zip((*PARTS, "address", "postcode"), write(sight.of(chosen)), strict=True):
        columns[column][chosen] = values


def _person_address(sight: Sight) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    people, rows = sight.world.people, sight.rows
    dwelling = np.where(sight.day < people.moved_on[rows], people.earlier_dwelling[rows], people.dwelling[rows])
    parts = write_addresses(sight.rng, people.dwellings, dwelling, sight.day, sight.profile.lots)
    return *parts, people.dwellings.postcode[dwelling]


def _office_address(sight: Sight) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    dwellings = sight.world.organisations.dwellings
    parts = write_addresses(sight.rng, dwellings, sight.rows, sight.day, sight.profile.lots)
    return *parts, dwellings.postcode[sight.rows]


def _name(sight: Sight) -> np.ndarray:
    people, rows = sight.world.people, sight.rows
    name = np.where(sight.day < people.renamed_on[rows], people.earlier_name[rows], people.name[rows])
    as_passport = chance(sight.rng, sight.profile.passport_names, len(rows)) & people.is_foreign[rows]
    return np.where(as_passport, people.passport_name[rows], name)


def _birth_date(sight: Sight) -> np.ndarray:
    """The solar date; of some of the older people the lunar one, marked as such."""
    birth = sight.world.people.families.birth[sight.rows]
    dates = iso(birth)
    older = (birth < sight.world.today - 45 * YEAR) & has_lunar(birth)
    chosen = some(sight.rng, np.where(older, sight.profile.lunar, 0.0), len(birth))
    dates[chosen] = joined(lunar(birth[chosen]), "(음)")
    return dates


def _sex(sight: Sight) -> np.ndarray:
    return table("MF")[sight.world.people.families.sex[sight.rows]]


def _rrn(sight: Sight) -> np.ndarray:
    people, rows = sight.world.people, sight.rows
    return hyphenated(
        np.where(sight.day < people.renumbered_on[rows], people.earlier_number[rows], people.number[rows])
    )


def _ci(sight: Sight) -> np.ndarray:
    return connecting_information(sight.world.seed, sight.rows)


def _mobile(sight: Sight) -> np.ndarray:
    people, rows = sight.world.people, sight.rows
    return np.where(sight.day < people.mobile_on[rows], people.earlier_mobile[rows], people.mobile[rows])


def _passport(sight: Sight) -> np.ndarray:
    """Of half the foreigners: a letter and eight digits."""
    rows = sight.rows
    number = joined(table("MEPAC")[rows % 5], digits(rows * 7_919 % 99_999_989, 8))
    return np.where(sight.world.people.is_foreign[rows] & (rows % 2 == 0), number, "").astype(object)


def _account(sight: Sight) -> np.ndarray:
    rows = sight.rows.astype(np.int64)
    return joined("110-", digits(rows % 900 + 100, 3), "-", digits(rows * 104_729 % 999_983, 6))


def _company_name(sight: Sight) -> np.ndarray:
    employer = sight.world.people.employer[sight.rows]
    names, employed = blank(len(employer)), np.flatnonzero(employer >= 0)
    names[employed] = write_names(sight.rng, sight.world.organisations, employer[employed])
    return names


def _company_no(sight: Sight) -> np.ndarray:
    employer = sight.world.people.employer[sight.rows]
    numbers = business_text(sight.world.organisations.business_number[np.maximum(employer, 0)])
    return np.where(employer >= 0, numbers, "").astype(object)


def _as_of(sight: Sight) -> np.ndarray:
    if not sight.profile.has_times:
        return iso(sight.day)
    hour, minute, second = (sight.rng.integers(0, most, len(sight.day)) for most in (24, 60, 60))
    return joined(iso(sight.day), "T", digits(hour, 2), ":", digits(minute, 2), ":", digits(second, 2))


def _some_time_before(sight: Sight) -> np.ndarray:
    """A date up to three years before the record was last confirmed, seldom the same day."""
    return iso(np.maximum(sight.day - sight.rng.integers(0, 1_000, len(sight.day)), 0))


def _agent_branch(sight: Sight) -> np.ndarray:
    company = sight.world.company
    return company.branch_codes[company.agent_branch[sight.agent]]


def _office_business_number(sight: Sight) -> np.ndarray:
    return business_text(sight.world.organisations.business_number[sight.rows])


def _office_corporation_number(sight: Sight) -> np.ndarray:
    numbers = sight.world.organisations.corporation_number[sight.rows]
    return np.where(numbers > 0, hyphenated(numbers), "").astype(object)


_PERSON_MAKERS: dict[str, Maker] = {
    "name": _name,
    "birth_date": _birth_date,
    "sex": _sex,
    "rrn": _rrn,
    "ci": _ci,
    "mobile": _mobile,
    "phone_home": lambda sight: sight.world.people.home_phone[sight.rows],
    "email": lambda sight: sight.world.people.email[sight.rows],
    "company_name": _company_name,
    "company_no": _company_no,
    "employee_no": lambda sight: sight.world.people.employee_number[sight.rows],
    "real_name_verified_on": _some_time_before,
    "marketing_consent_on": _some_time_before,
    "as_of": _as_of,
    "passport": _passport,
    "account_no": _account,
    "branch_code": _agent_branch,
    "fp_code": lambda sight: sight.world.company.agent_codes[sight.agent],
}

_OFFICE_MAKERS: dict[str, Maker] = {
    "name": lambda sight: write_names(sight.rng, sight.world.organisations, sight.rows),
    "company_no": _office_business_number,
    "crn": _office_corporation_number,
    "phone_home": lambda sight: sight.world.organisations.phone[sight.rows],
    "email": lambda sight: sight.world.organisations.email[sight.rows],
    "branch_code": _agent_branch,
    "as_of": _as_of,
}
