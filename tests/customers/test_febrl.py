"""Data that nobody here wrote: the FEBRL sets take the way of every feed, and their own truth judges the links.

They are Australian: no resident number, no Korean address. Their social security number stands, with the state, where
our mapping expects an e-mail address, for the first linking asks for a contact beside name and birth date.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterable

import pytest

from customers.bench.febrl import write_febrl
from customers.bench.sets import MAPPING
from customers.models import MatchModel
from customers.services import stock
from tests.customers.builders import NOW, feed_file, make_mapping

pytestmark = pytest.mark.usefixtures("master")
DEFINITION = json.loads(MAPPING.read_text("utf-8"))


def entity(record: str) -> str:
    """The truth: rec-12-org and rec-12-dup-0 are one."""
    return record.split("-")[1]


def pair_count(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def score(links: list[dict[str, str]]) -> tuple[float, float]:
    """Precision and recall over pairs of records, each from 0 to 1."""
    together = Counter((entity(link["source_key"]), link["customer_number"]) for link in links)
    right = pair_count(together.values())
    linked = pair_count(Counter(link["customer_number"] for link in links).values())
    true = pair_count(Counter(entity(link["source_key"]) for link in links).values())
    return right / linked, right / true


# Learned from each set alone, without labels: it has no identifiers, so agreements and chance have to tell.
@pytest.mark.parametrize(
    ("name", "records", "precision", "recall"),
    [
        ("febrl1", 1_000, 0.998, 0.98),
        ("febrl2", 5_000, 0.998, 0.98),
        ("febrl3", 5_000, 0.998, 0.98),
        ("febrl4", 10_000, 0.998, 0.98),
    ],
)
def test_a_set_is_loaded_linked_exported_and_judged_by_its_truth(tmp_path, name, records, precision, recall):
    runs = [
        feed_file(path, source, mapping=make_mapping(DEFINITION, source))
        for source, path in write_febrl(name, tmp_path).items()
    ]
    stock.match_stock(at=NOW, by=None)

    count = stock.export_links(path=tmp_path / "links.csv")

    with (tmp_path / "links.csv").open(encoding="utf-8", newline="") as file:
        links = list(csv.DictReader(file))
    found = score(links)
    assert sum(run.rows_read for run in runs) == records
    assert (len(links), records - sum(run.rows_rejected for run in runs)) == (count, count)
    assert found[0] >= precision
    assert found[1] >= recall
    assert MatchModel.objects.get(state="LIVE").version == 1
