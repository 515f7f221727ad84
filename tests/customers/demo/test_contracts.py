from collections import Counter, defaultdict

import pytest


@pytest.fixture(scope="module")
def contracts(demo):
    return list(demo.canonical("contracts"))


@pytest.fixture(scope="module")
def parties(demo):
    return list(demo.canonical("parties"))


def test_contract_numbers_are_distinct_and_about_nine_for_ten_customers(contracts):
    assert len({row["contract_no"] for row in contracts}) == len(contracts)
    assert 0.8 < len(contracts) / 3_000 < 1.0


def test_every_party_has_a_record_in_the_source_of_the_contract(demo, contracts, parties):
    known = {(row["source"], row["source_key"]) for row in demo.canonical("customers")}
    numbers = {(row["source"], row["contract_no"]) for row in contracts}

    assert [row for row in parties if (row["source"], row["party_source_key"]) not in known] == []
    assert {(row["source"], row["contract_no"]) for row in parties} == numbers


def test_every_contract_has_one_policyholder_and_one_payer(parties):
    roles = defaultdict(Counter)
    for row in parties:
        roles[row["contract_no"]][row["role"]] += 1

    assert {(found["POLICYHOLDER"], found["PAYER"]) for found in roles.values()} == {(1, 1)}


def test_group_contracts_have_an_organisation_and_its_employees(demo, parties):
    customers = {row["source_key"]: row for row in demo.canonical("customers") if row["source"] == "CORP"}
    holder, members = {}, defaultdict(list)
    for row in parties:
        if row["source"] == "CORP" and row["role"] == "POLICYHOLDER":
            holder[row["contract_no"]] = customers[row["party_source_key"]]
        elif row["source"] == "CORP" and row["role"] == "INSURED":
            members[row["contract_no"]].append(customers[row["party_source_key"]])

    assert {row["kind"] for row in holder.values()} == {"ORG"}
    strangers = [
        member["source_key"]
        for number, found in members.items()
        for member in found
        if holder[number]["company_no"] and member["company_no"] != holder[number]["company_no"]
    ]
    assert strangers == []
    assert max(map(len, members.values())) >= 5


def test_dates_and_states_agree(contracts):
    past = [row for row in contracts if row["ends_on"] and row["ends_on"] < "20261123"]

    assert {row["status"] for row in past} & {"IN_FORCE", "GRACE", "PAID_UP"} == set()
    assert [row for row in contracts if row["ends_on"] and row["ends_on"] <= row["started_on"]] == []
    assert [row for row in contracts if not row["started_on"] <= row["as_of"] < "20261123"] == []
    assert [row["status"] for row in contracts if row["status"] == "APPLIED" and row["started_on"] < "20261020"] == []


def test_premiums_are_whole_hundreds_of_won(contracts):
    assert [row["premium"] for row in contracts if int(row["premium"]) % 100] == []


def test_minors_have_a_legal_representative_who_is_somebody_else(parties):
    roles = defaultdict(dict)
    for row in parties:
        roles[row["contract_no"]].setdefault(row["role"], row["party_source_key"])

    represented = [found for found in roles.values() if "LEGAL_REP" in found]

    assert len(represented) > 50
    assert [found for found in represented if found["LEGAL_REP"] == found["INSURED"]] == []
