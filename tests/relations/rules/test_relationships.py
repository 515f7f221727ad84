from datetime import date

import pytest

from relations.rules.relationships import (
    Claim,
    Kin,
    Known,
    Side,
    believed_until,
    impossible,
    is_minor,
    unlikely,
    years_between,
)
from relations.rules.ties import months_later, seen_as

TODAY = date(2026, 11, 23)
ADULT = 19


def side(key: int, born: int | None = 1980, *, is_person: bool = True, is_active: bool = True) -> Side:
    return Side(key, is_person, is_active, date(born, 6, 1) if born else None)


def claim(kind: str = "PARENT", first: Side | None = None, second: Side | None = None, **more: object) -> Claim:
    return Claim(kind, first or side(1, 1950), second or side(2, 1980), TODAY, **more)


CHILD, ADULT_CHILD = side(2, 2015), side(2, 2000)
REFUSED = [
    (claim(second=side(1)), Known(), ["ONESELF"]),
    (claim(second=side(2, is_active=False)), Known(), ["MERGED"]),
    (claim("SPOUSE", second=side(2, is_person=False)), Known(), ["ORGANISATION"]),
    (claim("REFERRER", second=side(2, is_person=False)), Known(), []),
    (claim(), Known(is_open_already=True), ["ALREADY"]),
    (claim(first=side(1, 1968)), Known(), []),
    (claim(first=side(1, 1969)), Known(), ["TOO_YOUNG"]),
    (claim(first=side(1, 1990)), Known(), ["TOO_YOUNG"]),
    (claim("GRANDPARENT", side(1, 1956)), Known(), []),
    (claim("GRANDPARENT", side(1, 1957)), Known(), ["TOO_YOUNG"]),
    (claim(), Known(elders=[Kin(1, 0, None), Kin(2, 1, None)], youngers=[Kin(2, 0, None)]), ["CYCLE"]),
    (claim("SPOUSE"), Known(is_married=True), ["SECOND_SPOUSE"]),
    (claim("SPOUSE"), Known(in_line=frozenset({2})), ["SPOUSE_IN_LINE"]),
    (claim("LEGAL_REP", second=CHILD), Known(), []),
    (claim("LEGAL_REP", second=ADULT_CHILD), Known(), ["ADULT_REPRESENTED"]),
    (claim("GUARDIAN", second=ADULT_CHILD, has_document=True), Known(), []),
    (claim("GUARDIAN", second=side(2, None)), Known(), []),
    (claim(started_on=date(2026, 11, 24)), Known(), ["STARTS_LATER"]),
    (claim(started_on=date(1970, 1, 1)), Known(), ["STARTS_BEFORE_BIRTH"]),
    (claim(valid_until=date(2026, 11, 22)), Known(), ["BELIEVED_NO_MORE"]),
    (claim(valid_until=date(2029, 1, 1), longest=date(2028, 11, 23)), Known(), ["BELIEVED_TOO_LONG"]),
]


@pytest.mark.parametrize(("claimed", "known", "reasons"), REFUSED)
def test_the_impossible_is_refused(claimed, known, reasons):
    assert impossible(claimed, known, adult_age=ADULT) == reasons


def test_a_line_is_too_young_through_somebody_whose_age_nobody_knows():
    """A grandfather of 1950 and a grandson of 1973 leave no room for a parent between them."""
    elders, youngers = [Kin(1, 0, None), Kin(3, 1, date(1950, 1, 1))], [Kin(2, 0, date(1973, 1, 1))]

    found = impossible(
        claim(first=side(1, None), second=side(2, 1973)), Known(elders=elders, youngers=youngers), adult_age=ADULT
    )

    assert found == ["LINE_TOO_YOUNG"]


UNLIKELY = [
    (claim(), 0, []),
    (claim(first=side(1, 1965)), 0, ["PARENT_YOUNG"]),
    (claim(first=side(1, 1964)), 0, []),
    (claim(first=side(1, 1920)), 0, []),
    (claim(first=side(1, 1919)), 0, ["PARENT_OLD"]),
    (claim(first=side(1, None)), 0, ["AGE_UNKNOWN"]),
    (claim(), 2, ["THIRD_PARENT"]),
    (claim("SPOUSE", second=side(2, 2009)), 0, ["SPOUSE_MINOR", "FAR_APART"]),
    (claim("SIBLING", second=side(2, 1989)), 0, []),
    (claim("SIBLING", second=side(2, 1990)), 0, ["FAR_APART"]),
    (claim("LEGAL_REP", side(1, 2010), CHILD), 0, ["MINOR_REPRESENTS"]),
]


@pytest.mark.parametrize(("claimed", "parents", "warnings"), UNLIKELY)
def test_the_unlikely_is_warned_of(claimed, parents, warnings):
    assert unlikely(claimed, Known(parent_count=parents), adult_age=ADULT) == warnings


def test_somebody_comes_of_age_on_the_birthday():
    born = date(2007, 11, 23)

    assert (is_minor(born, TODAY, ADULT), is_minor(date(2007, 11, 24), TODAY, ADULT), is_minor(None, TODAY, ADULT)) == (
        False,
        True,
        False,
    )


def test_years_are_full_years():
    assert years_between(date(2000, 2, 29), date(2018, 2, 28)) == 17
    assert years_between(date(2000, 1, 1), date(1999, 12, 31)) == -1


@pytest.mark.parametrize(
    ("basis", "until"), [("PERSON", date(2028, 11, 23)), ("INFERRED", date(2027, 11, 23)), ("DOCUMENT", None)]
)
def test_a_statement_fades_by_who_makes_it(basis, until):
    assert believed_until(basis, TODAY, {"PERSON": 24, "INFERRED": 12}) == until


def test_months_end_where_the_month_does():
    assert [months_later(date(2026, 8, 31), months) for months in (1, 6, 12)] == [
        date(2026, 9, 30),
        date(2027, 2, 28),
        date(2027, 8, 31),
    ]


def test_every_kind_has_a_word_for_both_sides():
    assert [seen_as("PARENT", is_first=True), seen_as("PARENT", is_first=False), seen_as("SPOUSE", is_first=False)] == [
        "PARENT",
        "CHILD",
        "SPOUSE",
    ]
