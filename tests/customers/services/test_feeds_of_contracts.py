"""Contracts and their parties, in whatever order they come."""

from datetime import timedelta
from itertools import permutations

import pytest

from customers.models import ChangeEvent, Contract, ContractParty, ContractVersion, Customer, SourceRecord
from tests.customers.builders import NOW, contract, feed, make_rrn, outcome, party, person

pytestmark = pytest.mark.usefixtures("master")
FILES = {
    "customers": [person(source_key="K1", rrn=make_rrn()), person(source_key="K2", name="이두리")],
    "contracts": [
        contract(contract_no="P-1", premium="300,000원", branch_code="B001", fp_code="F00001"),
        contract(contract_no="P-2", status="해지", started_on="2025-01-01", branch_code="B002", fp_code="F00002"),
        contract(
            contract_no="P-3", premium="1200000", premium_cycle="연납", started_on="2021-01-01", branch_code="B003"
        ),
    ],
    "parties": [
        party(contract_no="P-1", role="계약자", party_source_key="K1"),
        party(contract_no="P-1", role="INSURED", party_source_key="K2"),
        party(contract_no="P-2", party_source_key="K2"),
        party(contract_no="P-3", party_source_key="K1"),
        party(contract_no="P-9", party_source_key="K9"),
    ],
}


def standing() -> dict[str, object]:
    """What the master holds, without row numbers and instants."""
    return {
        "customers": list(
            Customer.objects.order_by("number").values_list(
                "number", "name", "main_branch_id", "keeper_id", "grade", "record_count"
            )
        ),
        "contracts": list(
            Contract.objects.order_by("contract_no").values_list("contract_no", "status", "premium", "premium_cycle")
        ),
        "parties": sorted(ContractParty.objects.values_list("contract_no", "role", "party_source_key")),
    }


@pytest.mark.parametrize("order", list(permutations(FILES)), ids="-".join)
def test_the_order_of_the_files_makes_no_difference(order):
    first = min(Customer.objects.values_list("pk", flat=True), default=None)

    for layout in order:
        assert feed(FILES[layout], layout=layout).state == "DONE"

    assert first is None
    found = standing()
    assert [row[1:] for row in found["customers"]] == [
        ("김하나", "B003", "F00001", "SILVER", 1),
        ("이두리", "B001", "F00001", "", 1),
    ]
    assert found["contracts"] == [
        ("P-1", "IN_FORCE", 300_000, "MONTHLY"),
        ("P-2", "SURRENDERED", 30_000, "MONTHLY"),
        ("P-3", "IN_FORCE", 1_200_000, "ANNUAL"),
    ]
    assert len(found["parties"]) == 5


def test_files_of_contracts_and_parties_twice_change_nothing():
    for layout, rows in FILES.items():
        feed(rows, layout=layout)
    before = (standing(), ContractVersion.objects.count(), ChangeEvent.objects.count())

    again = [outcome(feed(rows, layout=layout, at=NOW + timedelta(days=1))) for layout, rows in FILES.items()]

    assert again == [{"read": len(rows), "unchanged": len(rows)} for rows in FILES.values()]
    assert (standing(), ContractVersion.objects.count(), ChangeEvent.objects.count()) == before


def test_a_changed_contract_makes_a_new_version_and_an_event_of_its_customer():
    for layout, rows in FILES.items():
        feed(rows, layout=layout)

    run = feed([contract(contract_no="P-1", status="실효", premium="300000", as_of="2026-11-02")], layout="contracts")

    assert outcome(run) == {"read": 1, "changed": 1, "customers_changed": 2}
    assert list(ContractVersion.objects.values_list("contract__contract_no", "version", "status")) == [
        ("P-1", 1, "IN_FORCE")
    ]
    held = Contract.objects.get(contract_no="P-1")
    assert (held.version, held.status) == (2, "LAPSED")
    assert Customer.objects.get(name="김하나").grade == "GENERAL"
    assert list(
        ChangeEvent.objects.filter(feed_run=run).order_by("sequence").values_list("customer__name", "kind", "items")
    ) == [
        ("김하나", "ASSIGNED", ["grade"]),
        ("이두리", "ASSIGNED", ["keeper", "main_branch"]),
    ]


def test_an_older_contract_never_replaces_a_newer():
    feed([contract(status="LAPSED", as_of="2026-11-02")], layout="contracts")

    run = feed([contract(status="IN_FORCE", as_of="2026-11-01")], layout="contracts")

    assert (outcome(run), Contract.objects.get().status) == ({"read": 1, "stale": 1}, "LAPSED")


@pytest.mark.parametrize("as_of", ["", "2026-11-01"])
def test_of_rows_of_one_contract_and_instant_the_last_holds_and_a_second_load_changes_nothing(as_of):
    rows = [contract(status=status, as_of=as_of) for status in ("APPLIED", "IN_FORCE", "LAPSED")]
    feed(rows, layout="contracts")

    again = feed(rows, layout="contracts", at=NOW + timedelta(days=1))

    assert outcome(again) == {"read": 3, "unchanged": 3}
    held = Contract.objects.get()
    assert (held.status, held.version, ContractVersion.objects.count()) == ("LAPSED", 3, 2)


@pytest.mark.parametrize("layout", ["contracts", "parties"])
def test_a_dry_run_counts_the_same_and_writes_nothing(layout):
    feed(FILES["customers"])
    feed(
        FILES["parties"] if layout == "contracts" else FILES["contracts"],
        layout="parties" if layout == "contracts" else "contracts",
    )
    before = (standing(), ChangeEvent.objects.count(), Customer.history.count())

    tried = feed(FILES[layout], layout=layout, is_dry_run=True)

    assert (standing(), ChangeEvent.objects.count(), Customer.history.count()) == before
    assert outcome(tried) == outcome(feed(FILES[layout], layout=layout))
    assert outcome(tried)["customers_changed"] == 2


@pytest.mark.parametrize(
    ("layout", "row", "column", "reason"),
    [
        ("contracts", contract(contract_no=""), "contract_no", "REQUIRED"),
        ("contracts", contract(status=""), "status", "REQUIRED"),
        ("contracts", contract(status="살아있음"), "status", "UNKNOWN_CODE"),
        ("contracts", contract(started_on="2026-02-30"), "started_on", "NOT_A_DATE"),
        ("contracts", contract(premium="많음"), "premium", "NOT_AN_AMOUNT"),
        ("contracts", contract(branch_code="B" * 21), "branch_code", "TOO_LONG"),
        ("contracts", contract(contract_no=make_rrn()), "contract_no", "KEY_IS_RESIDENT_NUMBER"),
        ("parties", party(role="이웃"), "role", "UNKNOWN_CODE"),
        ("parties", party(party_source_key=""), "party_source_key", "REQUIRED"),
        ("parties", party(party_source_key=make_rrn()), "party_source_key", "KEY_IS_RESIDENT_NUMBER"),
    ],
)
def test_a_row_that_cannot_be_loaded_is_rejected_for_its_column(layout, row, column, reason):
    run = feed([row], layout=layout)

    assert outcome(run) == {"read": 1, "rejected": 1, "reject_reasons": {reason: 1}}
    with open(run.reject_path, encoding="utf-8-sig") as file:
        assert file.read().splitlines()[1].split(",")[1] == column


def test_an_open_end_and_an_unknown_product_are_no_faults():
    run = feed([contract(ends_on="9999-12-31", product_group="우주보험", premium="")], layout="contracts")

    held = Contract.objects.get()
    assert outcome(run) == {"read": 1, "new": 1}
    assert (held.ends_on, held.product_group, held.premium) == (None, "OTHER", None)


def test_a_party_belongs_to_the_record_of_its_own_source():
    feed([person(source_key="K1", name="김하나")], "BANCA")
    feed([person(source_key="K1", name="이두리", rrn=make_rrn())], "POLICY")
    feed([contract()], layout="contracts")

    run = feed([party(party_source_key="K1")], layout="parties")

    assert outcome(run) == {"read": 1, "new": 1, "customers_changed": 1}
    assert list(Customer.objects.order_by("name").values_list("name", "keeper_id")) == [
        ("김하나", None),
        ("이두리", "F00001"),
    ]
    assert SourceRecord.objects.count() == 2


@pytest.mark.parametrize("key", [make_rrn(), make_rrn().replace("-", ""), f"CN-{make_rrn()}"])
def test_a_key_that_holds_a_resident_number_is_rejected_and_never_masked_into_that_of_another(key):
    found = [
        feed([contract(contract_no=key)], layout="contracts"),
        feed([party(contract_no=key)], layout="parties"),
        feed([party(party_source_key=key)], layout="parties"),
    ]

    assert [run.reject_reasons for run in found] == [{"KEY_IS_RESIDENT_NUMBER": 1}] * 3
    assert (Contract.objects.count(), ContractParty.objects.count()) == (0, 0)
