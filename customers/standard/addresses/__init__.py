"""Addresses by road name or by lot, under the Road Name Address Act."""

import re
from typing import NamedTuple

from customers.standard.addresses.areas import (
    POSTCODE_STARTS,
    read_postcode,
    settle,
    take_district,
    take_postcode,
    take_region,
)
from customers.standard.addresses.places import Place, read_place, read_road
from customers.standard.addresses.units import NOTHING, Rest, read_rest
from customers.standard.certainty import CERTAIN, DOUBTFUL, EMPTY, PLAUSIBLE, UNUSABLE, Certainty
from customers.standard.placeholders import is_tidy_placeholder
from customers.standard.regions import DEFAULT, RegionIndex
from customers.standard.text import tidy

__all__ = ["Address", "address"]

_KOREAN = re.compile("[가-힣]")
_PLACEHOLDER_LENGTH = 12  # from which on no text is a placeholder
_PLACEHOLDERS = frozenset(
    ("주소없음 주소불명 주소미상 주소모름 거주불명 거주지불명 상동 위와같음 동일 자택 집 회사 이사 반송 국내").split()
)
_DOUBTED = frozenset(
    ("NO_REGION NO_DISTRICT NO_STREET PO_BOX FOREIGN_ADDRESS POSTCODE_MISMATCH POSTCODE_UNKNOWN OLD_DISTRICT").split()
)


class Address(NamedTuple):
    """An address in standard form: '서울특별시 강남구 테헤란로 12, 101동 1203호 (역삼동, 한빛아파트)'.

    level: 0 junk, 1 text only, 2 read as far as the town or road, 3 as far as the building or lot number.
    form: 'ROAD', 'LOT' or ''. district: '강남구', '성남시 분당구'. town: legal 동, or 읍면 with 리. building_no:
    '12-3', and '산12-3' for a lot on a hill. detail: 동, 층 and 호. key: the dwelling, for comparison; street_key: the
    same without its unit; both '' below level 3 and where the region is unknown, for many districts share their names.
    """

    value: str
    certainty: int
    problems: tuple[str, ...]
    level: int
    form: str
    region: str
    district: str
    town: str
    road: str
    building_no: str
    is_underground: bool
    detail: str
    postcode: str
    key: str
    street_key: str
    building: str


class _Parts(NamedTuple):
    """An address taken apart."""

    region: str
    district: str
    place: Place
    rest: Rest


def address(raw: str | None, postcode: str | None = "", index: RegionIndex = DEFAULT) -> Address:
    """The standard form of an address; the postcode is read from the text if its own column is empty."""
    text = tidy(raw)
    code, code_problem = read_postcode(postcode)
    if not text:
        return _bare("", EMPTY, (code_problem,) if code_problem else (), 0, code)
    if _stands_for_nothing(text):
        return _bare("", UNUSABLE, ("PLACEHOLDER",), 0, code)
    if text[0] in POSTCODE_STARTS:
        text, written = take_postcode(text)
        if written and not code:
            code, code_problem = read_postcode(written)
        if written and text and _stands_for_nothing(text):
            return _bare("", UNUSABLE, ("PLACEHOLDER",), 0, code)
    if not _KOREAN.search(text):
        is_junk = sum(map(str.isalpha, text)) < 4
        return _bare(
            "" if is_junk else text,
            *((UNUSABLE, ("FORM",), 0) if is_junk else (DOUBTFUL, ("FOREIGN_ADDRESS",), 1)),
            code,
        )
    parts, problems = _read(text, code, index)
    if code_problem:
        problems.append(code_problem)
    return _finished(text, parts, problems, code, index)


def _stands_for_nothing(text: str) -> bool:
    return len(text) < _PLACEHOLDER_LENGTH and (is_tidy_placeholder(text) or text.replace(" ", "") in _PLACEHOLDERS)


def _bare(value: str, certainty: Certainty, problems: tuple[str, ...], level: int, postcode: str) -> Address:
    return Address(value, certainty, problems, level, "", "", "", "", "", "", False, "", postcode, "", "", "")


def _read(text: str, postcode: str, index: RegionIndex) -> tuple[_Parts, list[str]]:
    """The address taken apart at its spaces, or at its words where the spaces are missing."""
    remaining, region = take_region(text, index)
    inner, district = take_district(remaining)
    place = read_place(inner)
    if region and not (district and place.number) and region not in index.undivided:
        joined_inner, joined_district = take_district(remaining, is_joined=True)
        joined = read_place(joined_inner)
        if joined_district and (joined.number or not district and joined.form):
            district, place = joined_district, joined
    region, district, problems = settle(region, district, postcode, index)
    has_number = bool(place.number)
    rest = read_rest(place.rest, place.town) if place.rest else NOTHING
    if place.form == "LOT" and has_number and rest.brackets:
        place, rest = _on_bracketed_road(place, rest)
    return _Parts(region, district, place, rest), problems


def _on_bracketed_road(place: Place, rest: Rest) -> tuple[Place, Rest]:
    """The road address in the brackets behind a lot, which is the lawful one; else the lot."""
    for text in rest.brackets:
        if road := read_road(text):
            building = " ".join(rest.building.replace(text, "").split())
            return road._replace(town=place.town), rest._replace(building=building)
    return place, rest


def _finished(text: str, parts: _Parts, problems: list[str], postcode: str, index: RegionIndex) -> Address:
    region, district, place, rest = parts
    level = _level(parts, index)
    if not region:
        problems.append("NO_REGION")
    if not district and region not in index.undivided:
        problems.append("NO_DISTRICT")
    if not place.number:
        problems.append("PO_BOX" if "사서함" in text else "NO_STREET")
    town = place.town or rest.town
    detail, building = rest.detail, rest.building
    if level == 3:
        value = _written(parts, town, detail)
        street = _street(parts) if region else ""
    else:
        value, street = _rough(text, region, index), ""
    key = f"{street}|{rest.key}" if street else ""
    form, grade = place.form if level > 1 else "", _grade(problems, region, postcode, index)
    return Address(
        value, grade, tuple(problems), level, form, region,
        district, town, place.road, place.number, place.is_underground, detail, postcode, key, street, building,
    )  # fmt: skip


def _level(parts: _Parts, index: RegionIndex) -> int:
    is_bounded = bool(parts.district) or parts.region in index.undivided
    if is_bounded and parts.place.number:
        return 3
    return 2 if parts.place.form and (is_bounded or parts.region) else 1


def _grade(problems: list[str], region: str, postcode: str, index: RegionIndex) -> Certainty:
    if not _DOUBTED.isdisjoint(problems):
        return DOUBTFUL
    if problems or not postcode:
        return PLAUSIBLE
    return CERTAIN if index.by_postcode.get(postcode[:2]) == region else PLAUSIBLE


def _written(parts: _Parts, town: str, detail: str) -> str:
    """The standard form of a fully read address."""
    region, district, place, rest = parts
    inside = rest.building
    number = f"지하 {place.number}" if place.is_underground else place.number
    if place.form == "LOT":
        words = (region, district, town, number)
    else:
        outer = town if town.endswith(("읍", "면")) else ""
        if town and not outer:
            inside = f"{town}, {rest.building}" if rest.building else town
        words = (region, district, outer, place.road, number)
    value = " ".join(word for word in words if word)
    if detail:
        value = f"{value}, {detail}"
    return f"{value} ({inside})" if inside else value


def _rough(text: str, region: str, index: RegionIndex) -> str:
    """The text with only its region in standard form."""
    remaining, found = take_region(text, index)
    return f"{region} {remaining}".strip() if found else text


def _street(parts: _Parts) -> str:
    region, district, place, _ = parts
    where = place.road if place.form == "ROAD" else place.town
    number = f"지하{place.number}" if place.is_underground else place.number
    return f"{region}|{district}|{where}|{number}"
