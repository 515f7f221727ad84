import sys
from pathlib import Path

import pytest

from customers.bench.febrl import FEBRL, febrl_frames, febrl_person
from customers.bench.population import Prepared
from customers.bench.splink import SplinkMissing, SplinkResult, run_splink
from customers.bench.splink_febrl import run_splink_febrl


@pytest.mark.parametrize("package", ["splink", "duckdb"])
@pytest.mark.parametrize(
    "run",
    [lambda: run_splink(Prepared(Path("nowhere"), asked=0, seed=0, records=0)), lambda: run_splink_febrl("febrl1")],
    ids=["population", "febrl"],
)
def test_splink_says_in_one_line_what_is_missing(monkeypatch, package, run):
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(SplinkMissing) as refusal:
        run()

    assert str(refusal.value) == (
        "Splink is not installed: run .venv/bin/python -m uv pip install -r requirements-bench.txt first."
    )


def test_engine_seconds_leave_out_reading_the_table():
    result = SplinkResult(seconds={"load": 4.0, "register": 0.5, "train": 2.0, "predict": 1.0, "cluster": 0.25})

    assert result.engine_seconds == 3.75


def test_a_key_of_febrl_tells_the_person_and_two_tables_share_them():
    assert {name: [len(frame) for frame in febrl_frames(name)] for name in FEBRL} == {
        "febrl1": [1_000],
        "febrl2": [5_000],
        "febrl3": [5_000],
        "febrl4": [5_000, 5_000],
    }
    one, other = febrl_frames("febrl4")
    assert {febrl_person(record) for record in one.index} == {febrl_person(record) for record in other.index}
    assert febrl_person("rec-12-dup-0") == "12"
