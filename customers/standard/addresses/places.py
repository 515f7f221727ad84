"""Where a building stands: on a road with a number, or on a lot."""

import re
from typing import NamedTuple

# 테헤란로, 테헤란로12길, 불정로432번길, 마포대로4다길; a space before the branch of a road is common.
_ROAD_NAME = r"[가-힣\d·.A-Za-z]*?[가-힣\d](?:대로|로|길)(?: ?\d+[가-힣]{0,2}길)*"
_END = r"(?=[\s,(/]|$)"
_ROAD = re.compile(
    rf"(?P<road>{_ROAD_NAME}) ?(?P<under>지하 ?)?(?P<main>\d{{1,5}})(?:-(?P<sub>\d{{1,5}}))?(?:번지|번|호)?{_END}"
)
_ROAD_ONLY = re.compile(rf"(?P<road>{_ROAD_NAME}){_END}")
_TOWN_NAME = r"[가-힣][가-힣\d·.]*(?:동|가|리)"
_LOT = re.compile(
    rf"(?P<town>{_TOWN_NAME}) ?(?P<hill>산 ?)?(?:번지 ?)?(?P<main>\d{{1,4}})"
    rf"(?:(?:-|의 ?|번지의 ?)(?P<sub>\d{{1,4}})(?:번지|호)?|번지 ?(?P<ho>\d{{1,2}})호|번지)?"
    r"(?=[^\d\-가-힣]|$|(?<=번지))"
)
_TOWN_ONLY = re.compile(rf"(?P<town>{_TOWN_NAME}){_END}")
_OUTER = re.compile(r"(?P<outer>[가-힣]{1,5}(?:읍|면))(?: |(?=[가-힣]+(?:리|로|길)))")
_OUTER_ONLY = re.compile(rf"(?P<outer>[가-힣]{{1,5}}(?:읍|면)){_END}")


class Place(NamedTuple):
    """A place and the text behind it. form: 'ROAD', 'LOT' or ''. number: '12-3', '산12-3'; '' if there is none."""

    form: str
    town: str
    road: str
    number: str
    is_underground: bool
    rest: str


def read_place(text: str) -> Place:
    """The place at the start of a text that begins behind region and district."""
    outer, inner = "", text
    if match := _OUTER.match(text):
        outer, inner = match["outer"], text[match.end() :]
    if match := _ROAD.match(inner):
        return _on_road(match, outer, inner[match.end() :])
    if match := _LOT.match(inner):
        return _on_lot(match, outer, inner[match.end() :])
    return _without_number(text, outer, inner)


def read_road(text: str) -> Place | None:
    """The road and number that make up the whole text, as in brackets behind a lot."""
    match = _ROAD.fullmatch(text)
    return _on_road(match, "", "") if match else None


def _number(match: re.Match[str], sub: str | None) -> str:
    main, sub = match["main"].lstrip("0") or "0", (sub or "").lstrip("0")
    return f"{main}-{sub}" if sub else main


def _on_road(match: re.Match[str], outer: str, rest: str) -> Place:
    road = match["road"].replace(" ", "")
    return Place("ROAD", outer, road, _number(match, match["sub"]), match["under"] is not None, rest)


def _on_lot(match: re.Match[str], outer: str, rest: str) -> Place:
    town = f"{outer} {match['town']}" if outer else match["town"]
    number = _number(match, match["sub"] or match["ho"])
    return Place("LOT", town, "", f"산{number}" if match["hill"] else number, False, rest)


def _without_number(text: str, outer: str, inner: str) -> Place:
    """The road or town of a text that states no number."""
    if match := _ROAD_ONLY.match(inner):
        return Place("ROAD", outer, match["road"].replace(" ", ""), "", False, inner[match.end() :])
    if match := _TOWN_ONLY.match(inner):
        return Place("LOT", f"{outer} {match['town']}".strip(), "", "", False, inner[match.end() :])
    if match := _OUTER_ONLY.match(text):
        return Place("LOT", match["outer"], "", "", False, text[match.end() :])
    return Place("", "", "", "", False, text)
