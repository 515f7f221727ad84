"""How long customers are kept: tables of cases, each naming its clause."""

from datetime import date

import pytest

from consent.rules.retention import (
    CLASSES,
    SHIPPED,
    Life,
    RulesUnfit,
    changed_classes,
    definition_of,
    due_on,
    due_to_destroy,
    due_to_separate,
    read_life,
    rules_of,
    written_life,
)
from consent.rules.roles_end import Ended, Role, add_months, contract_ended_on, ends_of, role_of

D = date.fromisoformat
LIVE, LONG_AGO = Role(True), D("2000-01-01")


def ended(day: str, paid: str = "") -> Role:
    return Role(False, D(day), D(paid) if paid else None)


# A month later, in the months that have no such day (민법 제160조 제3항).
@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-01-31", 1, "2026-02-28"),  # 민법 제160조 제3항
        ("2024-01-31", 1, "2024-02-29"),  # 민법 제160조 제3항, a leap year
        ("2024-02-29", 12, "2025-02-28"),  # 민법 제160조 제3항, from 29 February
        ("2024-02-29", 48, "2028-02-29"),  # 민법 제160조 제3항, to the next one
        ("2026-03-31", 3, "2026-06-30"),  # 민법 제160조 제3항
        ("2026-12-31", 2, "2027-02-28"),  # 민법 제160조 제3항, over the year
        ("2026-11-29", 0, "2026-11-29"),  # no period
        ("2026-10-31", 120, "2036-10-31"),  # 상법 제33조 제1항, ten years
        ("9999-06-30", 60, "9999-12-31"),  # the end of the calendar
    ],
)
def test_a_period_ends_on_the_same_day_of_its_last_month(day: str, months: int, later: str) -> None:
    assert add_months(D(day), months) == D(later)


@pytest.mark.parametrize(
    "status", ["APPLIED", "IN_FORCE", "GRACE", "REINSTATED", "REDUCED_PAID_UP", "PAID_UP", "WAIVED"]
)
def test_a_live_contract_has_not_ended_whatever_its_agreed_end(status: str) -> None:
    assert contract_ended_on(status, LONG_AGO, D("2026-11-01")) is None


# When a contract ended (신용정보법 시행령 제17조의2 제5항).
@pytest.mark.parametrize(
    ("status", "ends_on", "said_on", "day"),
    [
        ("MATURED", "2026-05-01", "2026-05-03", "2026-05-01"),  # 만기: on the agreed day
        ("SURRENDERED", "2040-05-01", "2026-03-09", "2026-03-09"),  # 해지: before the agreed day
        ("CANCELLED", None, "2026-03-09", "2026-03-09"),  # 해지 of whole life
        ("LAPSED", "2040-05-01", "2024-02-29", "2024-02-29"),  # 실효
        ("VOID", "2020-01-01", "2026-03-09", "2020-01-01"),  # 무효, told late
        ("TERMINATED", "2026-03-09", "2026-03-09", "2026-03-09"),  # on the very day
        ("TRANSFERRED", None, "2026-03-09", "2026-03-09"),  # 계약이전
        ("DECLINED", None, "2026-03-09", "2026-03-09"),  # 청약 거절
        ("WITHDRAWN", "2046-03-09", "2026-03-09", "2026-03-09"),  # 청약 철회
    ],
)
def test_a_contract_ended_when_it_was_agreed_or_when_the_source_says_so_before(
    status: str, ends_on: str | None, said_on: str, day: str
) -> None:
    assert contract_ended_on(status, D(ends_on) if ends_on else None, D(said_on)) == D(day)
    assert role_of(status, D(ends_on) if ends_on else None, D(said_on)) == Role(False, D(day))


# The relationship ends with the last claim of the last contract (상법 제662조: three years).
@pytest.mark.parametrize(
    ("roles", "ends"),
    [
        ([], None),  # never party to a contract
        ([LIVE], None),  # 신용정보법 제20조의2 제1항: the relationship goes on
        ([LIVE, ended("2001-01-01")], None),  # one live role anywhere keeps the person live
        ([ended("2001-01-01"), LIVE], None),  # in whichever order
        ([Role(False)], None),  # a day that nobody knows ends nothing
        ([ended("2020-05-01")], ("2023-05-01", "2020-05-01")),  # 상법 제662조
        ([ended("2020-05-01"), ended("2021-06-01")], ("2024-06-01", "2021-06-01")),  # the last of several
        ([ended("2021-06-01"), ended("2020-05-01")], ("2024-06-01", "2021-06-01")),
        ([ended("2020-05-01", "2022-01-10")], ("2025-01-10", "2020-05-01")),  # a benefit after the end
        ([ended("2020-05-01", "2019-01-10")], ("2023-05-01", "2020-05-01")),  # a benefit before the end
        ([ended("2020-02-29")], ("2023-02-28", "2020-02-29")),  # 민법 제160조 제3항
        ([ended("2021-02-28")], ("2024-02-28", "2021-02-28")),  # no day is added in a leap year
    ],
)
def test_the_relationship_ends_when_claims_of_the_last_role_lapse(
    roles: list[Role], ends: tuple[str, str] | None
) -> None:
    assert ends_of(roles, 3) == (Ended(*map(D, ends)) if ends else None)


def party(contract_on: str, **more: object) -> Life:
    """Somebody whose last contract ended on a day, with claims of three years."""
    ends = ends_of([ended(contract_on)], 3)
    return Life(LONG_AGO, True, False, ends.relationship_on, ends.contract_on, **more)


ALIVE = Life(LONG_AGO, has_roles=True, is_live=True)
PROSPECT = Life(D("2025-11-29"))
CONSENTED = Life(D("2020-01-01"), consent_on=D("2026-11-28"))
CONSENTING = Life(LONG_AGO, consent_holds=True)


# day, life, whether it is kept apart → what is due, by which class, since which day.
CASES = [
    # 신용정보법 제20조의2 제1항: live relationships are never due
    ("2026-11-29", ALIVE, False, None),
    ("2099-12-31", ALIVE, False, None),
    ("2026-11-29", ALIVE, True, None),
    # 상법 제662조: claims stand for three years, so nothing is due in them
    ("2023-04-30", party("2020-05-01"), False, None),
    ("2023-05-01", party("2020-05-01"), False, None),
    # 신용정보법 제20조의2 제1항, 시행령 제17조의2: apart within three months of the end
    ("2023-07-31", party("2020-05-01"), False, None),
    ("2023-08-01", party("2020-05-01"), False, ("SEPARATE", "LIVE_DATA", "2023-08-01")),
    ("2023-08-02", party("2020-05-01"), False, ("SEPARATE", "LIVE_DATA", "2023-08-01")),
    ("2029-12-31", party("2020-05-01"), False, ("SEPARATE", "LIVE_DATA", "2023-08-01")),
    # … and only once
    ("2023-08-02", party("2020-05-01"), True, None),
    ("2029-12-31", party("2020-05-01"), True, None),
    # month ends: 30 November + 3 months (민법 제160조 제3항)
    ("2023-02-27", party("2019-11-30"), False, None),
    ("2023-02-28", party("2019-11-30"), False, ("SEPARATE", "LIVE_DATA", "2023-02-28")),
    ("2024-02-28", party("2020-11-30"), False, None),
    ("2024-02-29", party("2020-11-30"), False, ("SEPARATE", "LIVE_DATA", "2024-02-29")),
    # 상법 제33조 제1항: books of contracts for ten years outlast the five of 신용정보법 제20조의2 제2항
    ("2028-05-01", party("2020-05-01"), True, None),
    ("2030-04-30", party("2020-05-01"), True, None),
    ("2030-05-01", party("2020-05-01"), True, ("DESTROY", "CONTRACT_BOOKS", "2030-05-01")),
    ("2030-05-02", party("2020-05-01"), True, ("DESTROY", "CONTRACT_BOOKS", "2030-05-01")),
    ("2030-05-01", party("2020-05-01"), False, ("DESTROY", "CONTRACT_BOOKS", "2030-05-01")),
    ("2030-02-27", party("2020-02-29"), True, None),
    ("2030-02-28", party("2020-02-29"), True, ("DESTROY", "CONTRACT_BOOKS", "2030-02-28")),
    # 신용정보법 제32조 제11항: proof of a consent for five years after its end outlasts the books
    ("2030-05-01", party("2020-05-01", consent_on=D("2026-01-15")), True, None),
    ("2031-01-14", party("2020-05-01", consent_on=D("2026-01-15")), True, None),
    ("2031-01-15", party("2020-05-01", consent_on=D("2026-01-15")), True, ("DESTROY", "CONSENT_PROOF", "2031-01-15")),
    ("2030-05-01", party("2020-05-01", consent_on=D("2019-01-15")), True, ("DESTROY", "CONTRACT_BOOKS", "2030-05-01")),
    # 신용정보법 제20조의2 제2항 단서: the customer's own wish keeps the data where they are
    ("2023-08-01", party("2020-05-01", consent_holds=True), False, None),
    ("2031-01-01", party("2020-05-01", consent_holds=True), False, None),
    ("2031-01-01", party("2020-05-01", consent_holds=True), True, None),
    # 개인정보 보호법 제21조 제1항: prospects who never consented, a year after they were first seen
    ("2026-11-28", PROSPECT, False, None),
    ("2026-11-29", PROSPECT, False, ("DESTROY", "PROSPECT", "2026-11-29")),
    ("2026-11-30", PROSPECT, False, ("DESTROY", "PROSPECT", "2026-11-29")),
    ("2025-02-27", Life(D("2024-02-29")), False, None),
    ("2025-02-28", Life(D("2024-02-29")), False, ("DESTROY", "PROSPECT", "2025-02-28")),
    ("2026-12-30", Life(D("2025-12-31")), False, None),
    ("2026-12-31", Life(D("2025-12-31")), False, ("DESTROY", "PROSPECT", "2026-12-31")),
    # 개인정보 보호법 제37조 제3항: who withdrew, or whose consent lapsed, without delay
    ("2026-11-27", CONSENTED, False, None),
    ("2026-11-28", CONSENTED, False, ("DESTROY", "CONSENTED_PROSPECT", "2026-11-28")),
    ("2027-11-28", CONSENTED, True, ("DESTROY", "CONSENTED_PROSPECT", "2026-11-28")),
    # 신용정보법 제32조 제1항: while the consent holds nothing is due
    ("2026-11-29", CONSENTING, False, None),
    ("2099-01-01", CONSENTING, False, None),
    # a day that nobody knows makes nothing due
    ("2099-01-01", Life(LONG_AGO, has_roles=True), False, None),
    ("2099-01-01", Life(LONG_AGO, has_roles=True), True, None),
]


@pytest.mark.parametrize(("day", "life", "is_apart", "expected"), CASES)
def test_what_is_due_on_a_day(day: str, life: Life, is_apart: bool, expected: tuple[str, str, str] | None) -> None:
    found = due_on(D(day), life, SHIPPED, is_apart=is_apart)
    assert (found and (str(found[0]), found[1].data_class, found[1].due_on.isoformat())) == expected
    if found:
        assert found[1].clause == SHIPPED.policies[found[1].data_class].clause


def test_there_are_forty_cases_at_least() -> None:
    assert len(CASES) >= 40


def test_every_class_names_its_clause_and_how_sure_it_is() -> None:
    assert all(policy.clause and policy.grade in ("V", "V2", "M", "D") for policy in SHIPPED.policies.values())


def test_a_shorter_period_of_one_class_changes_nothing_while_another_is_longer() -> None:
    rules = rules_of(1, {"classes": {"CONTRACT_BOOKS": {"months": 12}}})
    assert changed_classes(rules, SHIPPED) == ["CONTRACT_BOOKS"]
    assert due_to_destroy(party("2020-05-01"), rules).data_class == "SALES_RECORDS"
    assert due_to_destroy(party("2020-05-01"), rules).due_on == D("2030-05-01")


def test_a_period_of_no_month_is_due_on_the_day_itself() -> None:
    rules = rules_of(1, {"classes": {"LIVE_DATA": {"months": 0}}})
    assert due_to_separate(party("2020-05-01"), rules).due_on == D("2023-05-01")


def test_a_definition_says_the_same_when_it_is_read_again() -> None:
    rules = rules_of(3, {"classes": {"PROSPECT": {"months": 24, "clause": "내부 기준 제3조", "grade": "D"}}})
    assert rules_of(3, definition_of(rules)) == rules
    assert set(rules.policies) == set(CLASSES)


@pytest.mark.parametrize(
    ("definition", "faults"),
    [
        (None, ["definition:SHAPE"]),
        ({"classes": []}, ["definition:SHAPE"]),
        ({"classes": {"NOTHING": {"months": 1}}}, ["NOTHING:UNKNOWN"]),
        ({"classes": {"PROSPECT": {"months": -1}}}, ["PROSPECT:MONTHS"]),
        ({"classes": {"PROSPECT": {"months": True}}}, ["PROSPECT:MONTHS"]),
        ({"classes": {"PROSPECT": {"months": "12"}}}, ["PROSPECT:MONTHS"]),
        ({"classes": {"PROSPECT": {"months": 1201}}}, ["PROSPECT:MONTHS"]),
        ({"classes": {"PROSPECT": {"months": 1, "clause": " "}}}, ["PROSPECT:CLAUSE"]),
        ({"classes": {"PROSPECT": {"months": 1, "grade": "SURE"}}}, ["PROSPECT:GRADE"]),
        (
            {"classes": {"PROSPECT": {}, "ESSENTIAL": {"months": 1, "clause": 5}}},
            ["ESSENTIAL:CLAUSE", "PROSPECT:MONTHS"],
        ),
    ],
)
def test_a_definition_that_cannot_be_used_says_why(definition: object, faults: list[str]) -> None:
    with pytest.raises(RulesUnfit) as refused:
        rules_of(1, definition)
    assert refused.value.faults == faults


@pytest.mark.parametrize(
    "life", [ALIVE, PROSPECT, CONSENTED, CONSENTING, party("2020-02-29", consent_on=D("2021-01-01"))]
)
def test_a_life_is_read_as_it_was_written(life: Life) -> None:
    assert read_life(written_life(life) | {"sources": [1, 2]}) == life


def test_nothing_is_read_where_no_life_was_written() -> None:
    assert read_life({}) is None
    assert read_life({"sources": [1]}) is None
    assert written_life(None) == {}
