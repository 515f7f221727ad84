"""Laws that hold for a whole population, loaded file by file as its sources send it."""

import json
from collections.abc import Sequence

import pytest
from django.db import connection

from customers.demo import generate
from customers.golden.explain import explain
from customers.models import ChangeEvent, Customer, EventCounter, Link, Pair, SourceRecord, SourceSystem
from customers.numbering import parse_customer_number
from customers.services import demonstration, stock
from tests.customers.builders import NOW

pytestmark = pytest.mark.usefixtures("master")
CUSTOMERS, SEED = 400, 11


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The files of a small population."""
    made = tmp_path_factory.mktemp("population")
    generate(CUSTOMERS, SEED, made)
    return made


def in_order(folder, tmp_path, order: Sequence[int]):
    """The same files with their manifest in another order."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for path in folder.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "manifest.json").unlink()
    (tmp_path / "manifest.json").write_text(json.dumps([manifest[place] for place in order]), "utf-8")
    return tmp_path


def partition() -> set[frozenset[tuple[str, str]]]:
    """Which records are one customer."""
    groups: dict[int, set[tuple[str, str]]] = {}
    for customer, source, key in Link.objects.values_list("customer", "record__source__code", "record__source_key"):
        groups.setdefault(customer, set()).add((source, key))
    return {frozenset(group) for group in groups.values()}


def forget_links() -> None:
    """The records alone, as if none had ever been linked."""
    with connection.cursor() as cursor:
        for table in ("link", "pair", "movedchild", "merge", "actcustomer", "act", "customer"):
            cursor.execute(f"DELETE FROM customers_{table}")  # noqa: S608 - our own tables


def test_what_is_explained_is_what_was_projected(folder):
    demonstration.load_demo(folder=folder)

    trusts = dict(SourceSystem.objects.values_list("pk", "trust"))
    records: dict[int, list[SourceRecord]] = {}
    for record in SourceRecord.objects.select_related("link").order_by("pk"):
        records.setdefault(record.link.customer_id, []).append(record)
    customers = {customer.pk: customer for customer in Customer.objects.filter(state="ACTIVE")}
    assert customers.keys() == records.keys()
    assert sum(len(held) > 1 for held in records.values()) > 100
    for pk, customer in customers.items():
        told = explain(records[pk], trusts)
        reasons = {code: [found.winner.record.pk, int(found.reason)] for code, found in told.items()}
        assert reasons == customer.provenance
        golden = {column: getattr(customer, column) for found in told.values() for column in found.item.columns}
        assert golden == {column: value for found in told.values() for column, value in found.winner.values.items()}
        assert customer.difference_count == sum(found.differs for found in told.values())
        assert customer.record_count == len(records[pk])


def test_every_number_is_right_and_every_event_in_its_place(folder):
    demonstration.load_demo(folder=folder)

    numbers = list(Customer.objects.values_list("number", flat=True))
    assert [number for number in numbers if parse_customer_number(number) != number] == []
    assert len(numbers) == len(set(numbers))
    sequences = list(ChangeEvent.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, len(sequences) + 1))
    assert EventCounter.objects.get().last == len(sequences)
    created = ChangeEvent.objects.filter(kind="CREATED").values_list("customer", flat=True)
    assert sorted(created) == sorted(Customer.objects.values_list("pk", flat=True))
    merged = ChangeEvent.objects.filter(kind="MERGED").values_list("customer", flat=True)
    assert sorted(merged) == sorted(Customer.objects.filter(state="MERGED").values_list("pk", flat=True))
    assert not Customer.objects.filter(state="MERGED", merged_into__state="MERGED").exists()
    assert Customer.objects.filter(state="MERGED").exists()


def test_matching_the_stock_a_second_time_changes_nothing(folder):
    demonstration.load_demo(folder=folder)
    stock.match_stock(at=NOW, by=None)
    before = [list(model.objects.order_by("pk").values()) for model in (Customer, Link, Pair, ChangeEvent)]
    history = Customer.history.count()

    run = stock.match_stock(at=NOW, by=None)

    assert (run.state, set(run.counts.values())) == ("DONE", {0})
    assert [list(model.objects.order_by("pk").values()) for model in (Customer, Link, Pair, ChangeEvent)] == before
    assert Customer.history.count() == history


def test_file_by_file_gives_the_customers_that_the_whole_stock_gives(folder):
    demonstration.load_demo(folder=folder)
    by_file = partition()
    first = stock.match_stock(at=NOW, by=None)
    assert (first.counts["customers_merged"], partition()) == (0, by_file)

    forget_links()
    stock.match_stock(at=NOW, by=None)

    assert partition() == by_file


@pytest.mark.parametrize("turn", ["backwards", "contracts first"])
def test_the_order_of_the_files_makes_no_difference(folder, tmp_path, turn):
    count = len(json.loads((folder / "manifest.json").read_text("utf-8")))
    order = {"backwards": range(count)[::-1], "contracts first": [*range(count // 2, count), *range(count // 2)]}[turn]

    demonstration.load_demo(folder=in_order(folder, tmp_path, order))

    by_file, held = partition(), golden()
    forget_links()
    stock.match_stock(at=NOW, by=None)
    assert partition() == by_file
    assert golden() == held


def golden() -> list[tuple]:
    """What the customers are, told by their records."""
    columns = "name birth_date mobile address main_branch_id keeper_id grade record_count difference_count".split()
    rows = Customer.objects.filter(state="ACTIVE").values_list(*columns)
    return sorted(tuple(map(str, row)) for row in rows)


def test_a_population_loaded_again_changes_nothing(folder):
    demonstration.load_demo(folder=folder)
    before = [
        list(model.objects.order_by("pk").values()) for model in (Customer, Link, Pair, ChangeEvent, SourceRecord)
    ]

    again = demonstration.load_demo(folder=folder)

    models = (Customer, Link, Pair, ChangeEvent, SourceRecord)
    assert [list(model.objects.order_by("pk").values()) for model in models] == before
    assert sum(run.rows_same for run in again.runs) > CUSTOMERS
    assert [run.file_name for run in again.runs if run.rows_new or run.rows_changed] == []


def test_a_failed_match_run_is_noted(folder):
    demonstration.load_demo(folder=folder)
    SourceRecord.objects.update(match_keys=b"from another time")
    links = set(Link.objects.values_list("record", "customer"))

    run = stock.match_stock(at=NOW, by=None)

    assert (run.state, run.error, run.step) == ("FAILED", "OldForms", "READING")
    assert set(Link.objects.values_list("record", "customer")) == links
