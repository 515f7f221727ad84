"""The engine on its own, in processes of its own, as it is measured beside others."""

import numpy as np

from customers.bench.matching import run_engine
from customers.bench.population import prepare
from customers.bench.truth import score


def test_run_engine_finds_who_is_one_in_the_same_way_for_any_number_of_workers(tmp_path):
    prepared = prepare(tmp_path, 2_000, 3, workers=1)

    one, two = run_engine(prepared, workers=1), run_engine(prepared, workers=2)

    judged = score(prepared.entities(), one.clusters)
    assert np.array_equal(one.clusters, two.clusters)
    assert (judged.precision > 0.98, judged.recall > 0.9) == (True, True)
    assert list(one.seconds) == ["arrange", "circumstances", "weigh", "decide"]
    assert one.peak_mb > 10
