"""Reading the demo files back by their mappings, independently of how they were written."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from python_calamine import CalamineWorkbook

from customers.demo import MAPPINGS


@dataclass(frozen=True)
class Demo:
    """A folder of demo files and what the generator said about it."""

    folder: Path
    summary: dict

    def manifest(self) -> list[dict]:
        return json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))

    def rows(self, entry: dict) -> list[dict[str, str]]:
        """Rows of one file of the manifest by header."""
        return read_rows(self.folder / entry["file"], entry["mapping"])

    def canonical(self, layout: str) -> Iterator[dict[str, str]]:
        """Rows of all files of a layout by canonical column, codes translated, with their source."""
        for entry in self.manifest():
            if entry["layout"] == layout:
                mapping = MAPPINGS[entry["mapping"]]
                for row in self.rows(entry):
                    yield {"source": entry["source"]} | translated(mapping, row)

    def truth(self) -> list[dict[str, str]]:
        return _delimited(self.folder / "truth.csv", "utf-8", ",")


@cache
def read_rows(path: Path, mapping_name: str) -> list[dict[str, str]]:
    mapping = MAPPINGS[mapping_name]
    if path.suffix == ".xlsx":
        header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name(mapping["sheet"]).to_python()
        return [dict(zip(header, map(_cell, row), strict=True)) for row in rows]
    return _delimited(path, mapping["encoding"], mapping["delimiter"])


def _delimited(path: Path, encoding: str, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter, strict=True))


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) else str(value)


def translated(mapping: dict, row: dict[str, str]) -> dict[str, str]:
    """One row by canonical column."""
    values = {}
    for target, spec in mapping["columns"].items():
        if "constant" in spec:
            values[target] = spec["constant"]
        else:
            text = spec.get("join", " ").join(row[header] for header in spec["from"] if row[header])
            values[target] = spec.get("values", {}).get(text, text)
    return values
