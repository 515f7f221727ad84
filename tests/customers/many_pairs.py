"""Many pairs that wait for a person, of people who have nothing in common, and what stewards do with them."""

from collections.abc import Mapping
from itertools import count

from customers.models import Act, Pair, SourceRecord
from customers.services import deciding
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, person
from tests.customers.dedup import rows

PEOPLE = count(1)
HELD = {"name": "near", "birth": "exact", "mobile": "other", "address": "dwelling"}


def someone(**cells: str) -> dict[str, str]:
    """A row about a person who is like nobody else."""
    number = next(PEOPLE)
    name = "김" + chr(0xAC00 + number * 7 % 11_000) + chr(0xAC00 + number * 31 % 11_000)
    born = f"{1930 + number % 70}-{1 + number % 12:02}-{1 + number % 28:02}"
    return person(**{"name": name, "birth_date": born, "mobile": f"010{30_000_000 + number * 13}"} | cells)


def make_records(*people: Mapping[str, str]) -> list[SourceRecord]:
    """The records of these rows, each of a customer of its own, in the order of the rows."""
    feed(people)
    held = {record.source_key: record for record in SourceRecord.objects.filter(source__code="POLICY")}
    return [held[row["source_key"]] for row in people]


def make_pair_of(one: SourceRecord, other: SourceRecord, **fields: object) -> Pair:
    """A pair of two records that waits."""
    left, right = sorted((one, other), key=lambda record: record.pk)
    defaults = {"reason": "ALIKE", "weight": -1.0, "pattern": rows.pattern(**HELD), "found_at": NOW}
    return Pair.objects.create(left=left, right=right, **defaults | fields)


def make_pairs(size: int, **fields: object) -> list[Pair]:
    """So many pairs of twice as many customers."""
    records = make_records(*(someone() for _person in range(2 * size)))
    return [make_pair_of(one, other, **fields) for one, other in zip(records[::2], records[1::2], strict=True)]


def decide(pair: Pair, answer: str = "DIFFERENT", **more: object) -> Act:
    """What a steward decides about a pair as it stands."""
    by = more.pop("by", None) or make_staff("DATA_STEWARD")
    at = more.pop("at", NOW)
    pair = Pair.objects.select_related("left__link", "right__link").get(pk=pair.pk)
    kind = "NAMESAKES" if answer == "LEGITIMATE" else ""
    given = deciding.Answer(answer=answer, reason_code="EVIDENCE", kind=kind, **more)
    return deciding.decide_pair(pair=pair, answer=given, seen=deciding.mark_of(pair), by=by, at=at)
