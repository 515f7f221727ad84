"""Splink 5 on the FEBRL sets, with the models of Splink's own examples for them. Imported only where it runs.

It gets every column as it was published, given name and surname each for itself; nothing was standardised before.
"""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from customers.bench.febrl import febrl_frames, febrl_person
from customers.bench.splink import SEED, THRESHOLD, check_installed
from customers.bench.truth import Score, numbered, score

if TYPE_CHECKING:
    from pandas import DataFrame
    from splink import Linker, SettingsCreator
    from splink.internals.blocking_rule_creator import BlockingRuleCreator

LOWEST = 0.1  # of the match probability, below which a pair is not kept
SAMPLED_PAIRS = 1e6
RECALL = 0.9  # of the rules that are nearly proof
NAMES_SWAPPED = "l.given_name = r.surname and l.surname = r.given_name"
NEARLY_PROOF = (
    ("soc_sec_id",),
    ("given_name", "surname", "date_of_birth"),
    f"{NAMES_SWAPPED} and l.date_of_birth = r.date_of_birth",
)
# Columns that two records share to be a candidate pair: within one table, and between two.
RULES = (("soc_sec_id",), ("given_name",), ("surname",), ("date_of_birth",), ("postcode",))
RULES_OF_TWO = (
    ("given_name", "surname"),
    NAMES_SWAPPED,
    ("date_of_birth",),
    ("soc_sec_id",),
    ("state", "address_1"),
    ("street_number", "address_1"),
    ("postcode",),
)
TRAINED_ON = ("date_of_birth", "postcode")


def run_splink_febrl(name: str, threads: int = 2) -> Score:
    """Let Splink find who is one in a FEBRL set, in a process of its own, and judge it at the fixed cut. Raises
    SplinkMissing."""
    check_installed()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as own:
        return own.submit(_run, name, threads).result()


def _run(name: str, threads: int) -> Score:
    import splink

    logging.getLogger(splink.__name__).setLevel(logging.ERROR)
    frames = [_table(frame) for frame in febrl_frames(name)]
    linker = _linker(frames, threads)
    _train(linker)
    pairs = linker.inference.predict(threshold_match_probability=LOWEST)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=THRESHOLD)
    found = clusters.as_duckdbpyrelation().project("rec_id, cluster_id").fetchall()
    if len(found) != sum(map(len, frames)):
        raise AssertionError(f"{len(found)} of {sum(map(len, frames))} records came back")
    return score(numbered(febrl_person(record) for record, _cluster in found), numbered(c for _record, c in found))


def _table(frame: DataFrame) -> DataFrame:
    """The set as text, with nothing where nothing stands."""
    text = frame.reset_index().astype("string").apply(lambda column: column.str.strip())
    return text.astype(object).where(text.notna() & (text != ""), None)


def _linker(frames: list[DataFrame], threads: int) -> Linker:
    import duckdb
    from splink import DuckDBAPI, Linker

    database = duckdb.connect(config={"threads": threads})
    api = DuckDBAPI(connection=database)
    tables = [api.register(database.from_df(frame)) for frame in frames]
    settings = _settings(is_two=len(tables) > 1)
    return Linker(tables if len(tables) > 1 else tables[0], settings, log_level=None)


def _settings(is_two: bool) -> SettingsCreator:
    import splink.comparison_library as library
    from splink import SettingsCreator

    postcode = library.ExactMatch("postcode")
    if is_two:
        postcode = library.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True)
    return SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="link_only" if is_two else "dedupe_only",
        blocking_rules_to_generate_predictions=_rules(RULES_OF_TWO if is_two else RULES),
        comparisons=[
            library.NameComparison("given_name").configure(term_frequency_adjustments=is_two),
            library.NameComparison("surname").configure(term_frequency_adjustments=is_two),
            library.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
            ),
            library.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2] if is_two else [2]),
            library.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            postcode,
        ],
        retain_matching_columns=False,
    )


def _rules(written: Sequence[str | tuple[str, ...]]) -> list[str | BlockingRuleCreator]:
    """Rules as Splink takes them: SQL as it stands, columns as equal in both records."""
    from splink import block_on

    return [rule if isinstance(rule, str) else block_on(*rule) for rule in written]


def _train(linker: Linker) -> None:
    from splink import block_on

    training = linker.training
    training.estimate_probability_two_random_records_match(_rules(NEARLY_PROOF), recall=RECALL)
    training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=SEED)
    for column in TRAINED_ON:
        training.estimate_parameters_using_expectation_maximisation(block_on(column))
