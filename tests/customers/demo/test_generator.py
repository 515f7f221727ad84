import csv
import hashlib
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from customers.demo import generate
from customers.demo.layouts import CANONICAL

CUSTOMERS, SEED = 300, 3
PAST = ("as_of", "real_name_verified_on", "marketing_consent_on", "started_on")
OTHERS = ("branches.csv", "staff.csv", "truth.csv", "truth_households.csv")
ROOT = Path(__file__).resolve().parents[3]


def fingerprints(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_generate_gives_the_same_bytes_twice(tmp_path):
    first = generate(CUSTOMERS, SEED, tmp_path / "first")
    second = generate(CUSTOMERS, SEED, tmp_path / "second")

    assert fingerprints(tmp_path / "first") == fingerprints(tmp_path / "second")
    assert first == second


def test_generate_gives_the_same_bytes_in_another_process(tmp_path):
    generate(CUSTOMERS, SEED, tmp_path / "here")
    program = "import sys, pathlib; from customers.demo import generate; generate(300, 3, pathlib.Path(sys.argv[1]))"
    environment = os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT), "TZ": "America/New_York"}

    subprocess.run([sys.executable, "-c", program, str(tmp_path / "there")], check=True, env=environment)

    assert fingerprints(tmp_path / "here") == fingerprints(tmp_path / "there")


def test_generate_gives_other_people_for_another_seed(tmp_path):
    generate(CUSTOMERS, SEED, tmp_path / "first")
    generate(CUSTOMERS, SEED + 1, tmp_path / "second")

    first, second = fingerprints(tmp_path / "first"), fingerprints(tmp_path / "second")
    assert {name for name in first if first[name] == second[name]} <= {"branches.csv"}


def test_generate_knows_nothing_after_today(tmp_path):
    generate(CUSTOMERS, SEED, tmp_path, canonical=True, today=date(2024, 2, 29))

    told = set()
    for path in tmp_path.glob("*_c*.csv"):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                told |= {row.get(column, "")[:10] for column in PAST}
    assert "2024-02-01" < max(told) < "2024-02-29"


def test_generate_refuses_a_population_too_small(tmp_path):
    with pytest.raises(ValueError, match="at least 50 customers, not 49"):
        generate(49, SEED, tmp_path)


def test_summary_counts_every_row_of_every_file(demo):
    counted = {entry["file"]: len(demo.rows(entry)) for entry in demo.manifest()}
    for name in OTHERS:
        with (demo.folder / name).open(encoding="utf-8") as file:
            counted[name] = len(list(csv.DictReader(file)))

    assert counted == {entry["file"]: entry["rows"] for entry in demo.manifest()} | {
        name: demo.summary["files"][name] for name in OTHERS
    }
    assert counted == demo.summary["files"]


def test_manifest_lists_customers_before_contracts_before_parties_of_each_source(demo):
    order = {}
    for entry in demo.manifest():
        order.setdefault(entry["source"], []).append(entry["layout"])

    with_contracts = ["customers", "contracts", "parties"]
    assert order == {
        "POLICY": with_contracts,
        "BANCA": with_contracts,
        "TM": ["customers"],
        "CORP": ["customers", *with_contracts],
        "FP": ["customers"],
        "ONLINE": ["customers"],
    }


def test_truth_names_every_source_key_once(demo):
    written = [(row["source"], row["source_key"], row["kind"]) for row in demo.canonical("customers")]

    told = [(row["source"], row["source_key"], row["kind"]) for row in demo.truth()]

    assert told == written
    assert len({row[:2] for row in told}) == len(told)


def test_truth_knows_every_customer_of_the_population(demo):
    known = {row["person_id"] for row in demo.truth()}

    assert len({name for name in known if name[0] in "PO"}) == 3_000
    assert {name[0] for name in known} == {"P", "O", "X"}


def test_truth_of_households_names_every_record_of_a_person(demo):
    homes = homes_of(demo.folder)

    of_persons = [row for row in demo.truth() if row["person_id"].startswith("P")]
    assert [(row["source"], row["source_key"], row["person_id"]) for row in homes] == [
        (row["source"], row["source_key"], row["person_id"]) for row in of_persons
    ]
    assert len({(row["person_id"], row["household_id"], row["family_id"]) for row in homes}) == len(
        {row["person_id"] for row in homes}
    )


def test_who_moved_out_has_a_household_of_their_own(demo):
    families, members = {}, {}
    for row in homes_of(demo.folder):
        families.setdefault(row["family_id"], set()).add(row["household_id"])
        members.setdefault(row["household_id"], set()).add(row["person_id"])

    parted = [homes for homes in families.values() if len(homes) > 1]
    assert len(parted) > 20
    assert all(sum(len(members[home]) > 1 for home in homes) <= 1 for homes in parted)


def homes_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "truth_households.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_canonical_files_hold_the_same_records(demo, tmp_path):
    generate(3_000, 7, tmp_path, canonical=True)

    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    rows = {}
    for entry in manifest:
        with (tmp_path / entry["file"]).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows.setdefault(entry["layout"], []).extend(reader)
            assert tuple(reader.fieldnames) == CANONICAL[entry["layout"]]
    own = {layout: list(demo.canonical(layout)) for layout in CANONICAL}
    for layout, columns in (
        ("customers", ("source_key", "kind", "name", "sex")),
        ("contracts", ("contract_no", "product_group", "status", "premium", "premium_cycle")),
        ("parties", ("contract_no", "role", "party_source_key")),
    ):
        expected = [tuple(row.get(column, "") for column in columns) for row in own[layout]]
        assert [tuple(row[column] for column in columns) for row in rows[layout]] == expected
    assert (tmp_path / "truth.csv").read_bytes() == (demo.folder / "truth.csv").read_bytes()


def test_branches_form_a_tree_and_staff_belong_to_it(demo):
    with (demo.folder / "branches.csv").open(encoding="utf-8") as file:
        branches = {row["code"]: row for row in csv.DictReader(file)}
    with (demo.folder / "staff.csv").open(encoding="utf-8") as file:
        staff = list(csv.DictReader(file))

    above = {"HEAD_OFFICE": {""}, "REGION": {"HEAD_OFFICE"}, "BRANCH": {"REGION"}}
    kinds = {code: branches[row["parent_code"]]["kind"] if row["parent_code"] else "" for code, row in branches.items()}
    assert [code for code, kind in kinds.items() if kind not in above[branches[code]["kind"]]] == []
    assert sorted(row["kind"] for row in branches.values()) == ["BRANCH"] * 24 + ["HEAD_OFFICE"] + ["REGION"] * 6
    assert {row["branch_code"] for row in staff} <= set(branches)
    assert len({row["employee_number"] for row in staff}) == len(staff)
    assert len({row["name"] for row in branches.values()}) == len(branches)
