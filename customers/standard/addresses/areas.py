"""The large parts of an address: postcode, region (시도) and district (시군구)."""

import re
from typing import NamedTuple

from customers.standard.regions import RegionIndex
from customers.standard.text import tidy

_POSTCODE = re.compile(r"[(\[]?(?:우편번호|우)?[)\]:.]* ?[(\[]?(\d{3}-?\d{2,3})[)\]]?(?: |,|(?=[가-힣]))")
POSTCODE_STARTS = frozenset("0123456789(우[")
_GU = "(?:[가-힣]{2,4}?|[중동서남북])구"
_DISTRICT = re.compile(rf"([가-힣]{{2,5}}?[시군구]|[중동서남북]구)(?![가-힣])(?:,? ({_GU})(?![가-힣]))?[ ,]*")
_JOINED_DISTRICT = re.compile(
    rf"([가-힣]{{2,4}}?(?:시|군|구(?!군))|[중동서남북]구)(?:(?<=시) ?({_GU})(?=[가-힣 ]))? ?(?=[가-힣])"
)
# Cities with districts of their own, whose 시 is often left out: 경기 성남 분당구.
_CITIES = "수원|성남|안양|안산|고양|용인|부천|화성|청주|천안|전주|포항|창원"
_CITY_WITHOUT_SI = re.compile(rf"({_CITIES}) ({_GU})(?![가-힣])[ ,]*")
_METROPOLITAN_GWANGJU = re.compile("광주시 (?=[가-힣]+구$)")


class Postcode(NamedTuple):
    """A five-digit postcode, '' if unusable, with the problem if there is one."""

    value: str
    problem: str


def read_postcode(raw: str | None) -> Postcode:
    """The postcode of a column of its own."""
    if type(raw) is str and len(raw) == 5 and raw.isascii() and raw.isdigit() and raw != "00000":
        return Postcode(raw, "")
    text = tidy(raw).removesuffix(".0").replace(" ", "")
    digits = text.replace("-", "")
    if not digits or not digits.strip("0"):
        return Postcode("", "")
    if not (digits.isascii() and digits.isdigit()):
        return Postcode("", "POSTCODE_FORM")
    if len(digits) == 4:
        return Postcode("0" + digits, "LEADING_ZERO")
    if len(digits) == 5:
        return Postcode(digits, "")
    return Postcode("", "OLD_POSTCODE" if len(digits) == 6 else "POSTCODE_FORM")


def take_postcode(text: str) -> tuple[str, str]:
    """The text without postcodes in front, and the first of them as written."""
    written = ""
    while text and text[0] in POSTCODE_STARTS and (match := _POSTCODE.match(text)):
        written = written or match[1]
        text = text[match.end() :].strip()
    return text, written


def take_region(text: str, index: RegionIndex) -> tuple[str, str]:
    """The text without its region in front, and the standard name of the region."""
    head, _, rest = text.partition(" ")
    if name := index.names.get(head):
        return rest, name
    match = index.prefix.match(text)
    if match and (_JOINED_DISTRICT.match(text, match.end()) or index.names[match[1]] in index.undivided):
        return text[match.end() :], index.names[match[1]]
    return text, ""


def take_district(text: str, is_joined: bool = False) -> tuple[str, str]:
    """The text without its district in front, and the district ('성남시 분당구')."""
    match = (_JOINED_DISTRICT if is_joined else _DISTRICT).match(text)
    if not match:
        if match := _CITY_WITHOUT_SI.match(text):
            return text[match.end() :], f"{match[1]}시 {match[2]}"
        return text, ""
    return text[match.end() :], f"{match[1]} {match[2]}" if match[2] else match[1]


def settle(region: str, district: str, postcode: str, index: RegionIndex) -> tuple[str, str, list[str]]:
    """Region and district made good by the postcode, and what the three tell about each other."""
    problems: list[str] = []
    by_postcode = index.by_postcode.get(postcode[:2], "") if postcode else ""
    if postcode and not by_postcode:
        problems.append("POSTCODE_UNKNOWN")
    if not region and by_postcode and district:
        region = by_postcode
        problems.append("REGION_FROM_POSTCODE")
    elif by_postcode and region and region != by_postcode:
        problems.append("POSTCODE_MISMATCH")
    if region and district.startswith("광주시 ") and index.names.get("광주") == region:
        district = _METROPOLITAN_GWANGJU.sub("", district)
    if district and (region, district.partition(" ")[0]) in index.ended:
        problems.append("OLD_DISTRICT")
    return region, district, problems
