"""Registration numbers with the check digits of their kind; the numbers of persons lie where none was ever assigned."""

import base64
import hashlib
from datetime import date

import numpy as np

from .draws import distinct, places_in_group
from .text import blank, day_number, digits, joined, table, years, yymmdd

RANDOM_TAILS_SINCE = day_number(date(2020, 10, 5))  # resident registration act: numbers issued from here on are random

_PERSON_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_CORPORATION_WEIGHTS = (1, 2) * 6
_BUSINESS_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def _weighted_sum(body: np.ndarray, weights: tuple[int, ...]) -> np.ndarray:
    places = range(len(weights) - 1, -1, -1)
    return sum(body // 10**place % 10 * weight for place, weight in zip(places, weights, strict=True))


def resident_check(body: np.ndarray) -> np.ndarray:
    """Check digit of a resident registration number; body: its first twelve digits as an integer."""
    return (11 - _weighted_sum(body, _PERSON_WEIGHTS) % 11) % 10


def alien_check(body: np.ndarray) -> np.ndarray:
    """Check digit of an alien registration number; body: its first twelve digits as an integer."""
    return (13 - _weighted_sum(body, _PERSON_WEIGHTS) % 11) % 10


def corporation_check(body: np.ndarray) -> np.ndarray:
    """Check digit of a corporate registration number; body: its first twelve digits as an integer."""
    return (10 - _weighted_sum(body, _CORPORATION_WEIGHTS) % 10) % 10


def business_check(body: np.ndarray) -> np.ndarray:
    """Check digit of a business registration number; body: its first nine digits as an integer."""
    return (10 - (_weighted_sum(body, _BUSINESS_WEIGHTS) + body % 10 * 5 // 10) % 10) % 10


def _heads(birth: np.ndarray, sex: np.ndarray, foreign: np.ndarray) -> np.ndarray:
    """The seven digits that birth date, sex (0 man, 1 woman) and nationality fix, as integers."""
    century = np.where(years(birth) >= 2000, 2, 0)
    return yymmdd(birth) * 10 + 1 + sex + century + np.where(foreign, 4, 0)


def person_numbers(
    rng: np.random.Generator, birth: np.ndarray, sex: np.ndarray, foreign: np.ndarray, renewed: np.ndarray
) -> np.ndarray:
    """Thirteen digits for every person as integers, no two alike.

    renewed: numbers issued since October 2020, which have six random digits; all others carry the region codes
    97 or 98, which no office ever had, and a right check digit.
    """
    head = _heads(birth, sex, foreign)
    random_tail = renewed | (birth >= RANDOM_TAILS_SINCE)
    numbers = np.empty(len(head), dtype=np.int64)
    for rows, tails in (
        (np.flatnonzero(random_tail), _random_tails),
        (np.flatnonzero(~random_tail & ~foreign), _resident_tails),
        (np.flatnonzero(~random_tail & foreign), _alien_tails),
    ):
        if len(rows):
            numbers[rows] = tails(head[rows], places_in_group(rng, head[rows]))
    return numbers


def _random_tails(head: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Six digits below 970000, so that they meet no number of the old layout."""
    return head * 10**6 + (head * 7919 + place * 395_713) % 969_989


def _resident_tails(head: np.ndarray, place: np.ndarray) -> np.ndarray:
    body = head * 10**5 + 97_000 + (head * 613 + place * 1_237) % 2_000
    return body * 10 + resident_check(body)


def _alien_tails(head: np.ndarray, place: np.ndarray) -> np.ndarray:
    slot = (head * 31 + place * 247) % 400
    body = head * 10**5 + 98_000 + slot // 4 * 10 + 6 + slot % 4
    return body * 10 + alien_check(body)


def hyphenated(numbers: np.ndarray) -> np.ndarray:
    """Thirteen digits as 000000-0000000."""
    return joined(digits(numbers // 10**7, 6), "-", digits(numbers % 10**7, 7))


def business_numbers(rng: np.random.Generator, kind: np.ndarray) -> np.ndarray:
    """Ten digits as integers, no two alike; kind: the digits in the middle (81 company, 85 branch, 01–79 trader)."""
    slot = distinct(rng, len(kind), 0, 6_999_997)
    body = (101 + slot // 10_000) * 10**6 + kind * 10**4 + slot % 10_000
    return body * 10 + business_check(body)


def corporation_numbers(rng: np.random.Generator, size: int) -> np.ndarray:
    """Thirteen digits as integers, no two alike; corporation type 99, which does not exist."""
    registry = rng.choice(np.array([1101, 1201, 1301, 1345, 1601, 1701, 1801, 2001]), size)
    body = registry * 10**8 + 99 * 10**6 + distinct(rng, size, 0, 999_983)
    return body * 10 + corporation_check(body)


def business_text(numbers: np.ndarray) -> np.ndarray:
    """Ten digits as 000-00-00000."""
    return joined(digits(numbers // 10**7, 3), "-", digits(numbers // 10**5 % 100, 2), "-", digits(numbers % 10**5, 5))


def connecting_information(seed: int, persons: np.ndarray) -> np.ndarray:
    """CI of persons: 64 bytes in base64 (88 characters), the same for one person everywhere."""
    if not len(persons):
        return blank(0)
    return table(
        base64.b64encode(hashlib.sha512(b"%d:%d" % (seed, person)).digest()).decode() for person in persons.tolist()
    )
