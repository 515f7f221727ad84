"""Dwellings, and the same dwelling as a road-name or a lot address, with old and short names of its 시도."""

from dataclasses import dataclass

import numpy as np

from .draws import chance, weighted
from .places import PLACES, PROVINCES
from .text import blank, digits, joined, table, words

_COMPLEXES = words(
    """
    한빛 푸른 현대 삼성래미안 롯데캐슬 대림 우성 한신 주공 자이 힐스테이트 푸르지오 더샵 센트럴 파크뷰 벽산 쌍용
    동아 한양 극동 신동아 금호 두산위브 한라비발디 아이파크 이편한세상 호반베르디움 중흥에스클래스 반도유보라 리슈빌
    """
)
_HIGHEST_NUMBER = 400


@dataclass(frozen=True)
class Dwellings:
    """Columns over dwellings: the building's place and numbers, and the unit in it (0 where there is none)."""

    place: np.ndarray
    road: np.ndarray  # object: road name
    number: np.ndarray
    branch_number: np.ndarray  # 0 for none
    lot: np.ndarray
    branch_lot: np.ndarray
    complex: np.ndarray  # object: name of the flats, or nothing for a house
    block: np.ndarray
    unit: np.ndarray
    postcode: np.ndarray  # object


def draw_dwellings(rng: np.random.Generator, count: int, flats_share: float = 0.6) -> Dwellings:
    """`count` dwellings in buildings shared by about fifteen of them; flats_share: of the buildings (0–1)."""
    buildings = max(count // 15, 40)
    place = weighted(rng, PLACES.weight, buildings)
    is_flats = chance(rng, flats_share, buildings)
    road = PLACES.roads[place, rng.integers(0, PLACES.roads.shape[1], buildings)]
    name = table(_COMPLEXES)[rng.integers(0, len(_COMPLEXES), buildings)]
    postcode = PLACES.postcode[place] + rng.integers(0, 100, buildings)
    numbers = (
        rng.integers(1, _HIGHEST_NUMBER, buildings),
        np.where(chance(rng, 0.3, buildings), rng.integers(1, 40, buildings), 0),
        rng.integers(1, 1200, buildings),
        np.where(chance(rng, 0.7, buildings), rng.integers(1, 60, buildings), 0),
    )
    at = weighted(rng, np.where(is_flats, 4.0, 1.0), count)
    flats = is_flats[at]
    block = np.where(flats, 101 + rng.integers(0, 12, count), 0)
    unit = rng.integers(1, 24, count) * 100 + rng.integers(1, 7, count)
    unit = np.where(flats, unit, np.where(chance(rng, 0.6, count), 100 * rng.integers(1, 5, count) + 1, 0))
    flats_name = np.where(flats, name[at], "").astype(object)
    return Dwellings(place[at], road[at], *(part[at] for part in numbers), flats_name, block, unit,
                     digits(postcode, 5)[at])  # fmt: skip


def _with_branch(main: np.ndarray, branch: np.ndarray) -> np.ndarray:
    """123 or 123-4."""
    plain = _decimal(main)
    return np.where(branch > 0, joined(plain, "-", _decimal(branch)), plain)


def _decimal(numbers: np.ndarray) -> np.ndarray:
    return table(map(str, range(3_000)))[numbers]


def _province_names(rng: np.random.Generator, place: np.ndarray, day: np.ndarray) -> np.ndarray:
    """The name of the 시도 on that day; one in five writes the short form, one in ten still the earlier name."""
    codes = list(PROVINCES)
    number = np.array([codes.index(code) for code in PLACES.province])[place]
    provinces = list(PROVINCES.values())
    renamed = np.array([province.renamed_on for province in provinces])[number]
    style = rng.random(len(place))
    earlier = (day < renamed) | (style > 0.9)
    name = np.where(earlier, table(p.earlier for p in provinces)[number], table(p.name for p in provinces)[number])
    return np.where(style < 0.2, table(p.short for p in provinces)[number], name).astype(object)


def write_addresses(
    rng: np.random.Generator, dwellings: Dwellings, rows: np.ndarray, day: np.ndarray, lots: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Addresses of the dwellings `rows` as written on `day`: base, detail, and both as one line.

    lots: share of lot addresses (0–1); the rest are road-name addresses.
    """
    base, detail, line = blank(len(rows)), blank(len(rows)), blank(len(rows))
    start = joined(
        _province_names(rng, dwellings.place[rows], day), " ", PLACES.district[dwellings.place[rows]],
        PLACES.town[dwellings.place[rows]],
    )  # fmt: skip
    is_lot = chance(rng, lots, len(rows))
    for chosen, write, comma in ((np.flatnonzero(is_lot), _lot, " "), (np.flatnonzero(~is_lot), _road, ", ")):
        number, rest = write(rng, dwellings, rows[chosen])
        base[chosen], detail[chosen] = joined(start[chosen], number), rest
        bare = (rest == "") | np.array([text.startswith("(") for text in rest], dtype=bool)
        line[chosen] = joined(base[chosen], np.where(bare, " ", comma).astype(object), rest)
    return base, detail, table(text.rstrip() for text in line)


def _units(dwellings: Dwellings, rows: np.ndarray, short: np.ndarray) -> np.ndarray:
    """101동 1203호, or 101-1203 where `short`; 201호 in a house; nothing where there is no unit."""
    block, unit = _decimal(dwellings.block[rows]), _decimal(dwellings.unit[rows])
    long = np.where(dwellings.block[rows] > 0, joined(block, "동 ", unit, "호"), joined(unit, "호"))
    brief = np.where(dwellings.block[rows] > 0, joined(block, "-", unit), joined(unit, "호"))
    return np.where(dwellings.unit[rows] > 0, np.where(short, brief, long), "").astype(object)


def _road(rng: np.random.Generator, dwellings: Dwellings, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Road and building number; unit with the legal 동 and the name of the flats in brackets, which many leave out."""
    place = dwellings.place[rows]
    number = joined(dwellings.road[rows], " ", _with_branch(dwellings.number[rows], dwellings.branch_number[rows]))
    unit = _units(dwellings, rows, chance(rng, 0.08, len(rows)))
    in_town, has_name = PLACES.town[place] != "", dwellings.complex[rows] != ""
    named = np.where(has_name, joined(", ", dwellings.complex[rows], "아파트"), "").astype(object)
    bracket = joined(np.where(unit == "", "", " ").astype(object), "(", PLACES.village[place], named, ")")
    leave_out = in_town | chance(rng, 0.25, len(rows))
    return number, joined(unit, np.where(leave_out, "", bracket).astype(object))


def _lot(rng: np.random.Generator, dwellings: Dwellings, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """동 or 리 with the lot number; the name of the flats and the unit."""
    place = dwellings.place[rows]
    word = np.where(chance(rng, 0.2, len(rows)), "번지", "").astype(object)
    lot = _with_branch(dwellings.lot[rows], dwellings.branch_lot[rows])
    named = joined(dwellings.complex[rows], np.where(chance(rng, 0.6, len(rows)), "아파트", "").astype(object), " ")
    unit = _units(dwellings, rows, chance(rng, 0.25, len(rows)))
    flats = np.where(dwellings.complex[rows] != "", named, "").astype(object)
    return joined(PLACES.village[place], " ", lot, word), joined(flats, unit)
