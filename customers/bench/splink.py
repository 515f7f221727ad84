"""Splink 5 on DuckDB, well tuned, on the records that our engine gets. Imported only where it runs: the product does
not need it.

The model has what a Splink user who knows Korean records would give it: a name compared by jamo, a birth by digits and
by the lunar calendar, an address by parts, term frequencies, and twenty rules that make candidates.
"""

from __future__ import annotations

import importlib.util
import logging
import multiprocessing
import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from customers.bench.population import COLUMNS, KEYS, Prepared
from customers.standard.matching import ROMAN

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from splink import Linker

THRESHOLD = 0.95  # of the match probability: the fixed cut
LOWEST = 0.2  # below which a pair is not kept
SEED = 7
SAMPLED_PAIRS = 2e6  # for how often values agree by chance
RECALL = 0.75  # of the rules that are nearly proof, as its user would guess


class Compared(NamedTuple):
    """One comparison, in SQL over two records l and r.

    column: unknown where one of the two has no value there. levels: from the strongest agreement to the weakest; what
    fulfils none differs. weighs_values: a value that many share counts for less on the first level. unless: where the
    comparison says nothing either.
    """

    column: str
    levels: tuple[str, ...]
    weighs_values: bool = False
    unless: str = "false"


COMPARISONS = {
    "name": Compared(
        "name",
        (
            "name_l = name_r",
            "levenshtein(name_jamo_l, name_jamo_r) <= 1",
            "levenshtein(name_jamo_l, name_jamo_r) <= 2"
            f" or (name_script_l = {ROMAN} and jaro_winkler_similarity(name_jamo_l, name_jamo_r) >= 0.92)",
            "name_sorted_l = name_sorted_r",
            "substr(name_l, 1, 2) = substr(name_r, 1, 2)"
            " or (substr(name_l, 1, 1) = substr(name_r, 1, 1) and substr(name_l, 3) = substr(name_r, 3))",
        ),
        weighs_values=True,
        unless="name_script_l <> name_script_r",
    ),
    "birth": Compared(
        "birth",
        (
            "birth_l = birth_r and substr(birth_l, 5) <> '0000'",
            "substr(birth_l, 1, 4) = substr(birth_r, 1, 4)"
            " and (substr(birth_l, 5) in ('0000', '0101') or substr(birth_r, 5) in ('0000', '0101'))",
            "damerau_levenshtein(birth_l, birth_r) <= 1",
            "birth_l = substr(birth_r, 1, 4) || substr(birth_r, 7, 2) || substr(birth_r, 5, 2)"
            " or (substr(birth_l, 5) = substr(birth_r, 5) and abs(birth_l::int // 10000 - birth_r::int // 10000) <= 2)",
            "born_on_l < date '1973-01-01' and abs(born_on_l - born_on_r) between 17 and 53",
        ),
    ),
    "sex": Compared("sex", ("sex_l = sex_r",)),
    "rrn": Compared("rrn", ("rrn_l = rrn_r",)),
    "ci": Compared("ci", ("ci_l = ci_r",)),
    "mobile": Compared(
        "mobile",
        ("mobile_l = mobile_r", "last_seven_l = last_seven_r", "levenshtein(mobile_l, mobile_r) <= 1"),
        weighs_values=True,
    ),
    "phone": Compared("phone", ("phone_l = phone_r",), weighs_values=True),
    "email": Compared(
        "email",
        ("email_l = email_r", "mailbox_l = mailbox_r or damerau_levenshtein(email_l, email_r) <= 1"),
        weighs_values=True,
    ),
    "address": Compared(
        "street",
        (
            "street_l = street_r and (unit_l = unit_r or (dwelling_l = dwelling_r and unit_l is not null))",
            "street_l = street_r and (unit_l is null or unit_r is null)",
            "street_l = street_r",
            "postcode_l = postcode_r and unit_l = unit_r",
            "district_l = district_r and unit_l = unit_r",
            "postcode_l = postcode_r",
            "district_l = district_r",
        ),
    ),
    "employee": Compared("employee", ("employee_l = employee_r",)),
}
# Columns that two records share to be a candidate pair.
RULES = (
    ("rrn",),
    ("ci",),
    ("mobile",),
    ("email",),
    ("name", "birth"),
    ("name", "postcode"),
    ("birth", "last_seven"),
    ("name", "street"),
    ("employee",),
    ("name", "phone"),
    ("name", "last_seven"),
    ("name", "substr(birth, 1, 6)"),
    ("name", "substr(birth, 5, 4)"),
    ("birth", "street", "unit"),
    ("birth", "postcode"),
    ("birth", "phone"),
    ("name", "unit"),
    ("mailbox", "birth"),
    ("substr(name, 1, 2)", "birth"),
    ("name", "substr(birth, 1, 4) || substr(birth, 7, 2)"),
)
NEARLY_PROOF = (("rrn",), ("ci",), ("name", "birth", "mobile"))
TRAINED_ON = (("rrn",), ("name", "birth"), ("mobile", "birth"))


class SplinkMissing(Exception):
    """Splink is not installed; the message says how to."""


@dataclass
class SplinkResult:
    """One run. seconds: of each phase; `load` reads the table and is no work of the engine. peak_mb: the most memory
    that the process held, in MB of 2²⁰ bytes. clusters: number of each record's cluster at `THRESHOLD`. candidates:
    pairs that were compared."""

    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: float = 0.0
    clusters: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    candidates: int = 0

    @property
    def engine_seconds(self) -> float:
        """From records in standard form, in the database of Splink's own choice, to clusters."""
        return sum(seconds for phase, seconds in self.seconds.items() if phase != "load")

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        """Count what happens inside as a phase."""
        began = time.perf_counter()
        yield
        self.seconds[phase] = time.perf_counter() - began


def check_installed() -> None:
    """Raises SplinkMissing."""
    if not (importlib.util.find_spec("splink") and importlib.util.find_spec("duckdb")):
        raise SplinkMissing(
            "Splink is not installed: run .venv/bin/python -m uv pip install -r requirements-bench.txt first."
        )


def run_splink(prepared: Prepared, threads: int = 2) -> SplinkResult:
    """Let Splink find who is one among prepared records, in a process of its own. Raises SplinkMissing."""
    check_installed()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as own:
        return own.submit(_run, prepared, threads).result()


def _run(prepared: Prepared, threads: int) -> SplinkResult:
    import duckdb
    import splink

    logging.getLogger(splink.__name__).setLevel(logging.ERROR)
    result = SplinkResult()
    database = duckdb.connect(config={"threads": threads})
    with result.timed("load"):
        _load(database, prepared)
    with result.timed("register"):
        linker = _linker(database)
    with result.timed("train"):
        _train(linker)
    with result.timed("predict"):
        pairs = linker.inference.predict(threshold_match_probability=LOWEST)
    with result.timed("cluster"):
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_probability=THRESHOLD
        )
    result.peak_mb = peak_mb()
    found = clusters.as_duckdbpyrelation().project("record, cluster_id").fetchnumpy()
    result.clusters = np.empty(prepared.records, np.int64)
    result.clusters[found["record"]] = found["cluster_id"].astype(np.int64)
    blocked = linker.inference.compute_blocked_pairs_for_predict()
    result.candidates = blocked.as_duckdbpyrelation().aggregate("count(*)").fetchall()[0][0]
    return result


def _load(database: DuckDBPyConnection, prepared: Prepared) -> None:
    """The table `records`. An organisation's numbers stand where a person's do: one comparison serves both."""
    types = dict.fromkeys(COLUMNS, "VARCHAR") | dict.fromkeys((*KEYS, "last_seven"), "UBIGINT")
    types |= {"record": "INTEGER", "born_on": "DATE"}
    table = database.read_csv(str(prepared.table), header=True, delimiter=",", columns=types)
    table.project("* exclude (brn, crn) replace (coalesce(rrn, brn) as rrn, coalesce(ci, crn) as ci)").create("records")


def _linker(database: DuckDBPyConnection) -> Linker:
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record",
        comparisons=[_comparison(name, compared) for name, compared in COMPARISONS.items()],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in RULES],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
        max_iterations=20,
        em_convergence=0.001,
    )
    records = DuckDBAPI(connection=database).register(database.table("records"))
    return Linker(records, settings, log_level=None)


def _comparison(name: str, compared: Compared) -> dict[str, object]:
    column = compared.column
    unknown = f"{column}_l is null or {column}_r is null or {compared.unless}"
    levels = [{"sql_condition": unknown, "label_for_charts": "unknown", "is_null_level": True}]
    levels += [{"sql_condition": condition, "label_for_charts": condition} for condition in compared.levels]
    if compared.weighs_values:
        levels[1] |= {"tf_adjustment_column": column, "tf_adjustment_weight": 1.0}
    levels.append({"sql_condition": "ELSE", "label_for_charts": "other"})
    return {"output_column_name": name, "comparison_levels": levels}


def _train(linker: Linker) -> None:
    """Without labels, as Splink does: by random pairs, and by expectation maximisation on three kinds of blocks."""
    from splink import block_on

    training = linker.training
    training.estimate_probability_two_random_records_match([block_on(*rule) for rule in NEARLY_PROOF], recall=RECALL)
    training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=SEED, num_chunks=1)
    for columns in TRAINED_ON:
        training.estimate_parameters_using_expectation_maximisation(block_on(*columns))


def peak_mb() -> float:
    """The most memory that this process has held since it began."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
