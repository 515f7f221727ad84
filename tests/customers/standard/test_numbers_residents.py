"""Resident and alien registration numbers; every complete number is synthetic (domain reference, 3.1 and 3.2)."""

from datetime import date

import pytest

from customers.standard import resident_number
from customers.standard.certainty import CERTAIN, DOUBTFUL, PLAUSIBLE, UNUSABLE

TODAY = date(2026, 11, 22)
# Raw, value, certainty, problems, kind, birth date, sex, mask.
CASES = [
    # Source: domain reference 3.1: right, wrong check digit, impossible date, without check digit, in the future
    ("900101-1970015", "9001011970015", CERTAIN, "", "RRN", date(1990, 1, 1), "M", "900101-1******"),
    ("851231-2980025", "8512312980025", CERTAIN, "", "RRN", date(1985, 12, 31), "F", "851231-2******"),
    ("000229-3970031", "0002293970031", CERTAIN, "", "RRN", date(2000, 2, 29), "M", "000229-3******"),
    ("900101-1970016", "9001011970016", DOUBTFUL, "CHECK_DIGIT", "RRN", date(1990, 1, 1), "M", "900101-1******"),
    ("851231-2980026", "8512312980026", DOUBTFUL, "CHECK_DIGIT", "RRN", date(1985, 12, 31), "F", "851231-2******"),
    ("000229-3970032", "0002293970032", DOUBTFUL, "CHECK_DIGIT", "RRN", date(2000, 2, 29), "M", "000229-3******"),
    ("991332-1970011", "", UNUSABLE, "IMPOSSIBLE_DATE", "", None, "", ""),
    ("010229-3970012", "", UNUSABLE, "IMPOSSIBLE_DATE", "", None, "", ""),
    ("210230-4970013", "", UNUSABLE, "IMPOSSIBLE_DATE", "", None, "", ""),
    ("210305-3971230", "2103053971230", PLAUSIBLE, "", "RRN", date(2021, 3, 5), "M", "210305-3******"),
    ("991231-4980049", "", UNUSABLE, "FUTURE", "", None, "", ""),
    # the eve and the day from which numbers are random; today and tomorrow
    ("201004-3971230", "2010043971230", DOUBTFUL, "CHECK_DIGIT", "RRN", date(2020, 10, 4), "M", "201004-3******"),
    ("201005-3971230", "2010053971230", PLAUSIBLE, "", "RRN", date(2020, 10, 5), "M", "201005-3******"),
    ("261122-3971234", "2611223971234", PLAUSIBLE, "", "RRN", date(2026, 11, 22), "M", "261122-3******"),
    ("261123-3971234", "", UNUSABLE, "FUTURE", "", None, "", ""),
    # foreigners
    ("900101-5982068", "9001015982068", CERTAIN, "", "ARC", date(1990, 1, 1), "M", "900101-5******"),
    ("851231-6982070", "8512316982070", CERTAIN, "", "ARC", date(1985, 12, 31), "F", "851231-6******"),
    ("010305-7982083", "0103057982083", CERTAIN, "", "ARC", date(2001, 3, 5), "M", "010305-7******"),
    ("900101-5982069", "9001015982069", DOUBTFUL, "CHECK_DIGIT", "ARC", date(1990, 1, 1), "M", "900101-5******"),
    ("851231-6982071", "8512316982071", DOUBTFUL, "CHECK_DIGIT", "ARC", date(1985, 12, 31), "F", "851231-6******"),
    ("010305-7982084", "0103057982084", DOUBTFUL, "CHECK_DIGIT", "ARC", date(2001, 3, 5), "M", "010305-7******"),
    ("210305-8971230", "2103058971230", PLAUSIBLE, "", "ARC", date(2021, 3, 5), "F", "210305-8******"),
    # of the nineteenth century
    (
        "950101-9970014",
        "9501019970014",
        DOUBTFUL,
        "CHECK_DIGIT TOO_OLD",
        "RRN",
        date(1895, 1, 1),
        "M",
        "950101-9******",
    ),
    # spellings
    ("9001011970015", "9001011970015", CERTAIN, "", "RRN", date(1990, 1, 1), "M", "900101-1******"),
    ("900101 1970015", "9001011970015", CERTAIN, "", "RRN", date(1990, 1, 1), "M", "900101-1******"),
    ("９００１０１－１９７００１５", "9001011970015", CERTAIN, "", "RRN", date(1990, 1, 1), "M", "900101-1******"),
    ("'900101-1970015", "9001011970015", CERTAIN, "", "RRN", date(1990, 1, 1), "M", "900101-1******"),
    ("9001011970015.0", "9001011970015", CERTAIN, "", "RRN", date(1990, 1, 1), "M", "900101-1******"),
    ("2293970031", "0002293970031", PLAUSIBLE, "LEADING_ZERO", "RRN", date(2000, 2, 29), "M", "000229-3******"),
    ("229397003 1", "0002293970031", PLAUSIBLE, "LEADING_ZERO", "RRN", date(2000, 2, 29), "M", "000229-3******"),
    # the first part only
    ("900101-1******", "", UNUSABLE, "PARTIAL", "RRN", date(1990, 1, 1), "M", "900101-1******"),
    ("900101-1XXXXXX", "", UNUSABLE, "PARTIAL", "RRN", date(1990, 1, 1), "M", "900101-1******"),
    ("900101-1", "", UNUSABLE, "PARTIAL", "RRN", date(1990, 1, 1), "M", "900101-1******"),
    ("9001011", "", UNUSABLE, "PARTIAL", "RRN", date(1990, 1, 1), "M", "900101-1******"),
    ("900101-1000000", "", UNUSABLE, "PARTIAL", "RRN", date(1990, 1, 1), "M", "900101-1******"),
    ("900101", "", UNUSABLE, "PARTIAL", "", None, "", ""),
    ("900101-*******", "", UNUSABLE, "PARTIAL", "", None, "", ""),
    ("900230-1******", "", UNUSABLE, "IMPOSSIBLE_DATE", "", None, "", ""),
    ("991231-3******", "", UNUSABLE, "FUTURE", "", None, "", ""),
    # placeholders
    ("000000-0000000", "", UNUSABLE, "PLACEHOLDER", "", None, "", ""),
    ("000000-1000000", "", UNUSABLE, "PLACEHOLDER", "", None, "", ""),
    ("123456-1234567", "", UNUSABLE, "PLACEHOLDER", "", None, "", ""),
    ("111111-1111111", "", UNUSABLE, "PLACEHOLDER", "", None, "", ""),
    ("900101-1111111", "", UNUSABLE, "PLACEHOLDER", "RRN", date(1990, 1, 1), "M", "900101-1******"),
    ("없음", "", UNUSABLE, "PLACEHOLDER", "", None, "", ""),
    ("-", "", UNUSABLE, "PLACEHOLDER", "", None, "", ""),
    ("test", "", UNUSABLE, "PLACEHOLDER", "", None, "", ""),
    # not numbers
    ("900101-197001", "", UNUSABLE, "LENGTH", "", None, "", ""),
    ("900101-19700155", "", UNUSABLE, "LENGTH", "", None, "", ""),
    ("9.00101E+12", "", UNUSABLE, "SCIENTIFIC", "", None, "", ""),
    ("900101-l970015", "", UNUSABLE, "FORM", "", None, "", ""),
    ("900101-l97001", "", UNUSABLE, "FORM", "", None, "", ""),
]


@pytest.mark.parametrize(("raw", "value", "certainty", "problems", "kind", "birth", "sex", "mask"), CASES)
def test_resident_number_has_one_standard_form(raw, value, certainty, problems, kind, birth, sex, mask):
    expected = (value, certainty, tuple(problems.split()), kind, birth, sex, kind == "ARC", mask)

    assert resident_number(raw, TODAY) == expected


def test_resident_number_is_random_since_a_day_that_may_be_told():
    found = resident_number("900101-1970016", TODAY, random_since=date(1990, 1, 1))

    assert (found.value, found.certainty, found.problems) == ("9001011970016", PLAUSIBLE, ())


def test_resident_number_shows_no_more_than_birth_and_sex_in_its_mask():
    masks = [resident_number(raw, TODAY).mask for raw, *_ in CASES]

    assert {mask for mask in masks if mask[8:] not in ("", "******")} == set()
