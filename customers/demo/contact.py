"""Telephones and e-mail of persons: own, shared in the family, given up, passed on to strangers."""

from datetime import date

import numpy as np

from .company import mobile_numbers
from .draws import chance, distinct, places_in_group, some, weighted
from .households import CHILD, PARENT, YEAR, Families
from .places import PLACES
from .text import day_number, digits, joined, table, words, years, yymmdd

_SECOND_GENERATION_ENDED = day_number(date(2021, 6, 30))
_NEVER = -1
_WORDS = words(
    """
    kim lee park choi jung kang cho yoon jang lim han oh seo shin kwon hwang ahn song ryu hong jeon ko moon yang son
    bae baek heo nam sky happy blue sun star love angel dream ocean green cool smile lucky sunny moonlight rain snow
    """
)
_DOMAINS = ("naver.com", "gmail.com", "daum.net", "hanmail.net", "kakao.com", "nate.com")
_DOMAIN_SHARES = (55, 22, 8, 7, 4, 3)


def draw_contacts(
    rng: np.random.Generator, families: Families, place: np.ndarray, taken: int, today: int
) -> tuple[np.ndarray, ...]:
    """Mobile, earlier mobile, day of that change, home telephone, e-mail.

    place: row of PLACES per dwelling, the households' present ones first. taken: mobile numbers given to agents.
    """
    persons = len(families.role)
    own = mobile_numbers(rng, persons, taken)
    age = (today - families.birth) / YEAR
    of_family = chance(rng, np.select([age < 12, families.role == CHILD, age > 75], [1.0, 0.06, 0.15], 0.0), persons)
    of_family |= (families.role == PARENT) & chance(rng, 0.15, persons)
    mobile = np.where(
        of_family & (age < 20), own[families.spouse_of_head], np.where(of_family, own[families.head], own)
    )
    earlier, changed_on = _earlier_mobiles(rng, mobile, persons + taken, today)
    home = _home_phones(rng, place[: len(families.start)])[families.household]
    return mobile, earlier, changed_on, home, _emails(rng, families)


def _earlier_mobiles(
    rng: np.random.Generator, mobile: np.ndarray, taken: int, today: int
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers given up, half of them with the old prefixes while these lasted; a few belong to a stranger today."""
    rows = some(rng, 0.3, len(mobile))
    earlier, changed_on = mobile.copy(), np.full(len(mobile), _NEVER)
    changed_on[rows] = today - 20 - rng.exponential(2_200, len(rows)).astype(np.int64)
    numbers = mobile_numbers(rng, len(rows), taken)
    prefix = table(["011", "016", "017", "018", "019"])[weighted(rng, (50, 20, 10, 8, 12), len(rows))]
    old = joined(prefix, table(text[3:] for text in numbers))
    is_old = (changed_on[rows] < _SECOND_GENERATION_ENDED) & chance(rng, 0.5, len(rows))
    numbers = np.where(is_old, old, numbers).astype(object)
    passed_on = chance(rng, 0.02, len(rows))
    earlier[rows] = np.where(passed_on, mobile[rng.integers(0, len(mobile), len(rows))], numbers)
    return earlier, changed_on


def _home_phones(rng: np.random.Generator, place: np.ndarray) -> np.ndarray:
    """An area number for about half the households."""
    numbers = distinct(rng, len(place), 0, 7_999_993)
    exchange = joined(digits(2 + numbers // 1_000_000, 1), digits(numbers // 10_000 % 100, 2))
    exchange = np.where(chance(rng, 0.5, len(place)), exchange, joined(digits(2 + numbers % 5, 1), exchange))
    phones = joined(PLACES.area[place], "-", exchange.astype(object), "-", digits(numbers % 10_000, 4))
    return np.where(chance(rng, 0.5, len(place)), phones, "").astype(object)


def _emails(rng: np.random.Generator, families: Families) -> np.ndarray:
    """A word, two letters and a number that is often the birthday; nobody shares one but a few couples."""
    persons = len(families.role)
    word, letters = weighted(rng, 1.0 / (np.arange(len(_WORDS)) + 6), persons), rng.integers(0, 676, persons)
    number = np.where(chance(rng, 0.5, persons), yymmdd(families.birth) % 10_000, years(families.birth) % 100 * 100)
    number = np.where(chance(rng, 0.35, persons), rng.integers(0, 10_000, persons), number)
    domain = weighted(rng, _DOMAIN_SHARES, persons)
    again = places_in_group(rng, ((word * 676 + letters) * 10_000 + number) * 10 + domain)
    alphabet = table("abcdefghijklmnopqrstuvwxyz")
    local = joined(table(_WORDS)[word], alphabet[letters // 26], alphabet[letters % 26], digits(number, 4))
    repeated = np.flatnonzero(again)
    local[repeated] = joined(local[repeated], "_", table(map(str, again[repeated])))
    emails = joined(local, "@", table(_DOMAINS)[domain])
    shared = some(rng, np.where(families.role == CHILD, 0.0, 0.01), persons)
    emails[shared] = emails[families.head[shared]]
    return emails
