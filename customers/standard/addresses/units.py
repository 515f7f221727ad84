"""What stands behind the building number: building, 동, 층 and 호."""

import re
from typing import NamedTuple

_BRACKETED = re.compile(r"\(([^()]*)\)?")
_LETTER_NAMES = {"에이": "A", "비": "B", "씨": "C", "디": "D"}
_LETTER = "[A-Za-z]|에이|비|씨|디|[가나다라마바사아자차카타파하]"
_DONG_UNIT = re.compile(
    rf"(?:(?<![\dA-Za-z-])(?:제 ?)?(?P<number>\d{{1,4}})|(?<![^\s,])(?P<letter>{_LETTER})) ?동"
    r"(?: ?-? ?(?=[A-Za-z]?\d)|(?![가-힣]))"
)
_FLOOR_UNIT = re.compile(r"(?<!\d)(?:제 ?)?(?:(?P<under>지하|B|지) ?)?(?P<floor>\d{1,3}) ?층|(?<![가-힣])지층")
_HO_UNIT = re.compile(
    r"(?<![\dA-Za-z-])(?:제 ?)?(?:(?P<under>지하|지층) ?)?(?P<ho>[A-Za-z]?\d{1,5}(?:-\d{1,5})?) ?호(?:실)?(?![가-힣])"
)
_PAIR_UNIT = re.compile(r"(?<![\w-])(?P<dong>\d{1,4}|[A-Za-z])(?:-|/)(?P<ho>\d{1,5})(?![\w-])")
_LAST_NUMBER = re.compile(r"(?<![^\s,])(\d{1,4})$")
_NEIGHBOURHOOD = re.compile(r"(?<!\S)\(?\d{1,3} ?통(?: ?\d{1,3} ?반)?\)?(?!\S)|(?<!\S)\d{1,3} ?반(?!\S)|외 ?\d+ ?필지")
_FLATS = re.compile("(?<=[가-힣])(?:@|APT|apt|A\\.P\\.T)(?![A-Za-z])")
_LEGAL_DONG = re.compile(r"([가-힣][가-힣\d·.]*(?:동|가|리))(?: ?(?:산 ?)?\d+(?:-\d+)?(?:번지)?)?")
# The writings of nine addresses in ten, read at once; whatever differs goes the long way to the same result.
_NAME = "([가-힣]+(?<![동층호통반가리]))"
_USUAL = re.compile(
    rf"[, ]{{0,2}}(?:{_NAME} )?(?:(?:([1-9]\d{{0,3}})동 )?([1-9]\d{{0,4}})호|([1-9]\d{{0,3}})-([1-9]\d{{0,4}}))?"
    rf"(?: ?\(([가-힣]+동)(?:, ?{_NAME})?\))?"
).fullmatch
_NOT_BUILDING = re.compile(r"[^\w\s·.&'+-]+")
_EDGE = " .,-·'&+"


class Rest(NamedTuple):
    """Units and building of an address. town: the legal 동 given in brackets. brackets: their parts as written."""

    dong: str
    floor: str
    ho: str
    building: str
    town: str
    brackets: tuple[str, ...]

    @property
    def detail(self) -> str:
        """The units as written in a standard address."""
        dong, floor, ho = self.dong, self.floor, self.ho
        if dong and ho and not floor:
            return f"{dong}동 {ho}호"
        storey = f"지하{floor[1:]}층" if floor[:1] == "B" else floor and f"{floor}층"
        return " ".join(part for part in (dong and f"{dong}동", storey, ho and f"{ho}호") if part)

    @property
    def key(self) -> str:
        """The units in short: 동-호, or the floor where there is no 호."""
        if self.ho:
            return f"{self.dong}-{self.ho}" if self.dong else self.ho
        return "-".join(part for part in (self.dong, self.floor and f"{self.floor}F") if part)


NOTHING = Rest("", "", "", "", "", ())


def read_rest(text: str, known_town: str) -> Rest:
    """Take the text behind the number apart. known_town: the town if known already, so that none is looked for."""
    return read_usual_rest(text, known_town) or read_any_rest(text, known_town)


def read_usual_rest(text: str, known_town: str) -> Rest | None:
    """What `read_any_rest` finds, at a third of its cost, if the text has the usual form; else None."""
    match = _USUAL(text)
    if match is None:
        return None
    front, dong, ho, paired_dong, paired_ho, town, back = match.groups("")
    if (known_town and town) or (front and front == back):
        return None
    brackets = (town, back) if back else (town,) if town else ()
    return Rest(dong or paired_dong, "", ho or paired_ho, f"{front} {back}".strip(), town, brackets)


def read_any_rest(text: str, known_town: str) -> Rest:
    """Take any text behind the number apart."""
    brackets: tuple[str, ...] = ()
    if "(" in text:
        brackets = tuple(part.strip() for inside in _BRACKETED.findall(text) for part in inside.split(","))
        text = _BRACKETED.sub(" ", text)
    outside, units = _take_units(text.strip(_EDGE + ")"), "", "", "")
    if units[2] == "" and (last := _LAST_NUMBER.search(outside)):
        outside, units = outside[: last.start()], (units[0], units[1], _plain_number(last[1]))
    names = [outside] if outside else []
    town = ""
    for part in brackets:
        if part and part in known_town.split(" "):
            continue
        if not known_town and not town and (match := _LEGAL_DONG.fullmatch(part)):
            town = match[1]
            continue
        part, units = _take_units(part, *units)
        names.append(part)
    return Rest(*units, _building(names), town, brackets)


def _take_units(text: str, dong: str, floor: str, ho: str) -> tuple[str, tuple[str, str, str]]:
    """The text without its units, and the units, of which those known already are kept."""
    if not text or (text.isalpha() and text[-1] not in "동층"):
        return text, (dong, floor, ho)
    if not dong and (match := _DONG_UNIT.search(text)):
        dong = _dong(match)
        text = f"{text[: match.start()]} {text[match.end() :]}"
    if not floor and (match := _FLOOR_UNIT.search(text)):
        under = match["under"] or not match["floor"]
        floor = f"{'B' if under else ''}{_plain_number(match['floor'] or '1')}"
        text = f"{text[: match.start()]} {text[match.end() :]}"
    if not ho and (match := _HO_UNIT.search(text)):
        ho = f"{'B' if match['under'] else ''}{_plain_number(match['ho'])}"
        text = f"{text[: match.start()]} {text[match.end() :]}"
        if not dong and len(ho.partition("-")[2]) > 2:
            dong, _, ho = ho.partition("-")
    elif not ho and not dong and (match := _PAIR_UNIT.search(text)):
        dong, ho = _plain_number(match["dong"]), _plain_number(match["ho"])
        text = f"{text[: match.start()]} {text[match.end() :]}"
    elif not ho and dong and (match := _LAST_NUMBER.search(text.strip())):
        ho = _plain_number(match[1])
        text = text.strip()[: match.start()]
    return " ".join(_NEIGHBOURHOOD.sub(" ", text).split()), (dong, floor, ho)


def _dong(match: re.Match[str]) -> str:
    if match["number"]:
        return _plain_number(match["number"])
    return _LETTER_NAMES.get(match["letter"], match["letter"].upper())


def _plain_number(text: str) -> str:
    """Upper-case and without leading zeros."""
    if text.isdigit() and text[0] != "0":
        return text
    return "-".join(part.upper().lstrip("0") or "0" for part in text.split("-"))


def _building(names: list[str]) -> str:
    """The building's name, single-spaced and without signs."""
    parts: list[str] = []
    for name in names:
        name = _FLATS.sub("아파트", name)
        name = " ".join(_NOT_BUILDING.sub(" ", name).split()).strip(_EDGE)
        if name and name not in parts:
            parts.append(name)
    return " ".join(parts)
