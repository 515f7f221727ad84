"""Provinces and metropolitan cities (시도) with the days on which their names and borders hold.

The codes and postcode prefixes are those of the administrative standard codes and of the postcode system of 2015-08-01.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Region(NamedTuple):
    """A 시도 from its first to its last day (None: without end).

    aliases: every other way to write it. postcodes: the first two digits of its postcodes. code: '' while unconfirmed.
    has_districts: whether it is divided into 시군구.
    """

    code: str
    name: str
    short: str
    aliases: tuple[str, ...]
    postcodes: tuple[str, ...]
    valid_from: date = date.min
    valid_to: date | None = None
    has_districts: bool = True


class DistrictChange(NamedTuple):
    """A 시군구 that ended, or was divided, on the eve of `since`."""

    region: str
    district: str
    since: date


class RegionIndex(NamedTuple):
    """The regions of one day, ready for looking up.

    names: {any way to write a region: its name}. by_postcode: {first two digits: name}. undivided: those without
    시군구. ended: {(region, district) no longer in use}. prefix: finds a region at the start of a text without spaces.
    """

    names: dict[str, str]
    by_postcode: dict[str, str]
    undivided: frozenset[str]
    ended: frozenset[tuple[str, str]]
    prefix: re.Pattern[str]


def _prefixes(first: int, last: int) -> tuple[str, ...]:
    return tuple(f"{number:02}" for number in range(first, last + 1))


_GANGWON = date(2023, 6, 11)
_JEONBUK = date(2024, 1, 18)
_UNION = date(2026, 7, 1)

# "광주시" is no alias of the metropolitan city: a city of that name lies in 경기도.
REGIONS: tuple[Region, ...] = (
    Region("11", "서울특별시", "서울", ("서울시",), _prefixes(1, 9)),
    Region("26", "부산광역시", "부산", ("부산시", "부산직할시"), _prefixes(46, 49)),
    Region("27", "대구광역시", "대구", ("대구시",), _prefixes(41, 43)),
    Region("28", "인천광역시", "인천", ("인천시",), _prefixes(21, 23)),
    Region("29", "광주광역시", "광주", (), _prefixes(61, 62), valid_to=date(2026, 6, 30)),
    Region("30", "대전광역시", "대전", ("대전시",), _prefixes(34, 35)),
    Region("31", "울산광역시", "울산", ("울산시",), _prefixes(44, 45)),
    Region("36", "세종특별자치시", "세종", ("세종시",), _prefixes(30, 30), has_districts=False),
    Region("41", "경기도", "경기", (), _prefixes(10, 20)),
    Region("42", "강원도", "강원", (), _prefixes(24, 26), valid_to=date(2023, 6, 10)),
    Region("51", "강원특별자치도", "강원", ("강원도",), _prefixes(24, 26), valid_from=_GANGWON),
    Region("43", "충청북도", "충북", (), _prefixes(27, 29)),
    Region("44", "충청남도", "충남", (), _prefixes(31, 33)),
    Region("45", "전라북도", "전북", (), _prefixes(54, 56), valid_to=date(2024, 1, 17)),
    Region("52", "전북특별자치도", "전북", ("전라북도",), _prefixes(54, 56), valid_from=_JEONBUK),
    Region("46", "전라남도", "전남", (), _prefixes(57, 60), valid_to=date(2026, 6, 30)),
    Region(
        "",
        "전남광주통합특별시",
        "전남광주",
        ("광주광역시", "광주", "전라남도", "전남"),
        _prefixes(57, 62),
        valid_from=_UNION,
    ),
    Region("47", "경상북도", "경북", (), _prefixes(36, 40)),
    Region("48", "경상남도", "경남", (), _prefixes(50, 53)),
    Region("50", "제주특별자치도", "제주", ("제주도",), _prefixes(63, 63)),
)  # fmt: skip

DISTRICT_CHANGES: tuple[DistrictChange, ...] = (
    DistrictChange("제주특별자치도", "북제주군", date(2006, 7, 1)),  # to 제주시
    DistrictChange("제주특별자치도", "남제주군", date(2006, 7, 1)),  # to 서귀포시
    DistrictChange("경상남도", "마산시", date(2010, 7, 1)),  # to 창원시
    DistrictChange("경상남도", "진해시", date(2010, 7, 1)),  # to 창원시
    DistrictChange("충청남도", "연기군", date(2012, 7, 1)),  # became 세종특별자치시
    DistrictChange("충청북도", "청원군", date(2014, 7, 1)),  # to 청주시
    DistrictChange("인천광역시", "남구", date(2018, 7, 1)),  # renamed 미추홀구
    DistrictChange("경상북도", "군위군", date(2023, 7, 1)),  # to 대구광역시
    DistrictChange("인천광역시", "중구", _UNION),  # became 제물포구 and 영종구, together with 동구
    DistrictChange("인천광역시", "동구", _UNION),
)


def region_on(alias: str, on: date, regions: Iterable[Region] = REGIONS) -> Region | None:
    """The region that the alias, short or full name meant on that day; None if it meant none."""
    for region in regions:
        if _holds(region, on) and alias in (region.name, region.short, *region.aliases):
            return region
    return None


def _holds(region: Region, on: date) -> bool:
    return region.valid_from <= on and (region.valid_to is None or on <= region.valid_to)


def build_index(
    regions: Iterable[Region], on: date, changes: Iterable[DistrictChange] = DISTRICT_CHANGES
) -> RegionIndex:
    """The index of the regions that hold on that day."""
    current = [region for region in regions if _holds(region, on)]
    names = {text: region.name for region in current for text in (region.short, *region.aliases, region.name) if text}
    longest_first = sorted(names, key=lambda text: (-len(text), text))
    return RegionIndex(
        names=names,
        by_postcode={prefix: region.name for region in current for prefix in region.postcodes},
        undivided=frozenset(region.name for region in current if not region.has_districts),
        ended=frozenset((change.region, change.district) for change in changes if change.since <= on),
        # 부산진구 is a district of 부산, not 진구 of 부산; 광주시 is no 광주; but 시흥시 lies in 경기.
        prefix=re.compile(f"({'|'.join(map(re.escape, longest_first))})(?!진구|시(?!흥))(?=[가-힣\\d])")
        if names
        else re.compile("(?!)"),
    )


def region_of_code(
    code: str, name: str, aliases: str, postcodes: str, valid_from: date | None, valid_to: date | None
) -> Region:
    """The region of a row of the code table, whose lists are separated by commas and whose dates may be open.

    What the table has no column for is known of the region by its name.
    """
    known = next((region for region in REGIONS if region.name == name), None)
    texts, prefixes = (tuple(filter(None, map(str.strip, text.split(",")))) for text in (aliases, postcodes))
    return Region(
        "" if code == name else code, name, known.short if known else "", texts, prefixes,
        valid_from or date.min, valid_to, known is None or known.has_districts,
    )  # fmt: skip


DEFAULT = build_index(REGIONS, max(region.valid_from for region in REGIONS))
"""The regions after the last change in the table."""
