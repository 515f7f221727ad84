"""Plain builders of pairs as the engine leaves them, and of the stewards who work on them."""

from datetime import datetime
from itertools import count

from accounts.models import Staff
from customers.models import Customer, Pair
from customers.services import deciding
from customers.services.deciding import Answer, mark_of
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, person

SURNAMES, MIDDLES = "김이박최정강조윤장임", "민현지영성경은정진태"
PEOPLE = count()


def waiting(number: int = 1, **cells: str) -> list[Pair]:
    """So many pairs that wait: each of two records with one mobile number, like names and unlike birth dates. cells: of
    the second records."""
    known = set(Pair.objects.values_list("pk", flat=True))
    rows = [_two_alike(next(PEOPLE), cells) for _number in range(number)]
    feed([one for one, _other in rows])
    feed([other for _one, other in rows], "TM")
    return list(Pair.objects.exclude(pk__in=known).select_related("left__link", "right__link").order_by("pk"))


def _two_alike(number: int, cells: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    start = SURNAMES[number % 10] + MIDDLES[number // 10 % 10]
    held = {"mobile": f"010-2{number // 1000 % 1000:03}-{number % 1000:04}"}
    one = person(name=f"{start}수", birth_date=f"{1946 + number % 40}-{1 + number % 12:02}-02", **held)
    other = person(name=f"{start}주", birth_date=f"{1953 + number % 40}-{1 + number % 11:02}-17", **held | cells)
    return one, other


def steward(**fields: object) -> Staff:
    """A data steward who reads English."""
    return make_staff("DATA_STEWARD", language="en", **fields)


def current(pair: Pair) -> Pair:
    """The pair as it is now, with its links."""
    return Pair.objects.select_related("left__link__customer", "right__link__customer").get(pk=pair.pk)


def decide(pair: Pair, answer: str, *, by: Staff, at: datetime = NOW, **fields: object) -> object:
    """What comes of an answer to the pair as it is now."""
    seen = mark_of(current(pair))
    return deciding.decide_pair(pair=pair, answer=Answer(answer, **fields), seen=seen, by=by, at=at)


def customers_of(pair: Pair) -> tuple[Customer, Customer]:
    """The customers of both sides as they are now."""
    now = current(pair)
    return now.left.link.customer, now.right.link.customer
