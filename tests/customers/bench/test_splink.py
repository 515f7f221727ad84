import sys
from pathlib import Path

import pytest

from customers.bench.population import Prepared
from customers.bench.splink import SplinkMissing, SplinkResult, run_splink


@pytest.mark.parametrize("package", ["splink", "duckdb"])
def test_run_splink_says_in_one_line_what_is_missing(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(SplinkMissing) as refusal:
        run_splink(Prepared(Path("nowhere"), asked=0, seed=0, records=0))

    assert str(refusal.value) == (
        "Splink is not installed: run .venv/bin/python -m uv pip install -r requirements-bench.txt first."
    )


def test_engine_seconds_leave_out_reading_the_table():
    result = SplinkResult(seconds={"load": 4.0, "register": 0.5, "train": 2.0, "predict": 1.0, "cluster": 0.25})

    assert result.engine_seconds == 3.75
