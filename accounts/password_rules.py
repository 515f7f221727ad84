"""What a password must be and must not hold, as pure functions.

Source: the guideline of the financial supervisor for passwords of staff: ten characters of two classes or eight of
three, nothing that names the person.
"""

import re
from collections.abc import Iterable
from datetime import date

LENGTH_OF_TWO_CLASSES, LENGTH_OF_THREE_CLASSES = 10, 8
SHORTEST_NAME, SHORTEST_NUMBER = 2, 3
CENTURIES = ("19", "20")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s./()-]+(?=\d)")
DIGITS = re.compile(r"\d+")
PHONE = re.compile(r"01[016-9]\d{7,8}|0(?:2|[3-6]\d|70)\d{7,8}|1[568]\d{6}")


def class_count(password: str) -> int:
    """How many of the four classes occur: small letters, capitals, digits, everything else (한글 among it)."""
    return len({_class_of(character) for character in password})


def _class_of(character: str) -> str:
    if character.isascii() and character.isalpha():
        return "small" if character.islower() else "capital"
    return "digit" if character.isdigit() else "other"


def is_long_enough(password: str) -> bool:
    """Ten characters of two classes, or eight of three."""
    classes = class_count(password)
    shortest = LENGTH_OF_THREE_CLASSES if classes >= 3 else LENGTH_OF_TWO_CLASSES
    return classes >= 2 and len(password) >= shortest


def names_the_person(password: str, *, employee_number: str, name: str) -> bool:
    """Whether the employee number or the name stands in the password, in any case and with or without blanks."""
    folded = password.casefold()
    bare = "".join(name.split()).casefold()
    number = employee_number.casefold()
    holds_name = len(bare) >= SHORTEST_NAME and bare in "".join(folded.split())
    return holds_name or (len(number) >= SHORTEST_NUMBER and number in folded)


def holds_birth_or_phone(password: str) -> bool:
    """Whether a row of digits reads as a day (1985-01-31, 850131) or as a telephone number, whoever's it may be."""
    runs = DIGITS.findall(BETWEEN_DIGITS.sub("", password))
    return any(_is_day(part) for run in runs for part in _parts(run, (6, 8))) or any(map(PHONE.search, runs))


def _parts(run: str, lengths: Iterable[int]) -> Iterable[str]:
    """A row of digits in whole, and the beginning and end of it in each of the lengths."""
    for length in lengths:
        if len(run) >= length:
            yield from {run[:length], run[-length:]}


def _is_day(digits: str) -> bool:
    full = [digits] if len(digits) == 8 else [century + digits for century in CENTURIES]
    return any(written[:2] in CENTURIES and _exists(written) for written in full)


def _exists(written: str) -> bool:
    try:
        date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError:
        return False
    return True
