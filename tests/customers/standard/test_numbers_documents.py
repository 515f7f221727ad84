"""Numbers of passports and driving licences."""

import pytest

from customers.standard import licence_number, passport_number
from customers.standard.certainty import DOUBTFUL, PLAUSIBLE, UNUSABLE

# Raw, value, certainty, problems, kind, mask.
PASSPORTS = [
    ("M70512345", "M70512345", PLAUSIBLE, "", "KOREAN", "M7051****"),
    ("m70512345", "M70512345", PLAUSIBLE, "", "KOREAN", "M7051****"),
    ("M 7051 2345", "M70512345", PLAUSIBLE, "", "KOREAN", "M7051****"),
    ("M123A4567", "M123A4567", PLAUSIBLE, "", "KOREAN", "M123A****"),
    ("S70512345", "S70512345", PLAUSIBLE, "", "KOREAN", "S7051****"),
    ("R70512345", "R70512345", PLAUSIBLE, "", "KOREAN", "R7051****"),
    ("G70512345", "G70512345", PLAUSIBLE, "", "KOREAN", "G7051****"),
    ("D70512345", "D70512345", PLAUSIBLE, "", "KOREAN", "D7051****"),
    ("E70512345", "E70512345", PLAUSIBLE, "", "FOREIGN", "E7051****"),
    ("EA1234567", "EA1234567", PLAUSIBLE, "", "FOREIGN", "EA123****"),
    ("C1234567", "C1234567", PLAUSIBLE, "", "FOREIGN", "C123****"),
    ("AB 123456", "AB123456", PLAUSIBLE, "", "FOREIGN", "AB12****"),
    ("M1234567", "M1234567", PLAUSIBLE, "", "FOREIGN", "M123****"),
    ("PM1234567", "PM1234567", PLAUSIBLE, "", "FOREIGN", "PM123****"),
    ("ABCDEF", "", UNUSABLE, "FORM", "", ""),
    ("M12", "", UNUSABLE, "FORM", "", ""),
    ("M1234****", "", UNUSABLE, "MASKED", "", ""),
    ("M00000000", "", UNUSABLE, "PLACEHOLDER", "", ""),
    ("M12345678", "", UNUSABLE, "PLACEHOLDER", "", ""),
    ("없음", "", UNUSABLE, "PLACEHOLDER", "", ""),
    ("여권", "", UNUSABLE, "FORM", "", ""),
]
# Raw, value, certainty, problems, mask.
LICENCES = [
    ("11-90-123456-01", "119012345601", PLAUSIBLE, "", "11-90-******-01"),
    ("119012345601", "119012345601", PLAUSIBLE, "", "11-90-******-01"),
    ("11 90 123456 01", "119012345601", PLAUSIBLE, "", "11-90-******-01"),
    ("서울 90-123456-01", "119012345601", PLAUSIBLE, "", "11-90-******-01"),
    ("서울-90-123456-01", "119012345601", PLAUSIBLE, "", "11-90-******-01"),
    ("경기북부 08-123456-01", "280812345601", PLAUSIBLE, "", "28-08-******-01"),
    ("제주90-123456-01", "219012345601", PLAUSIBLE, "", "21-90-******-01"),
    ("28-21-000001-10", "282100000110", PLAUSIBLE, "", "28-21-******-10"),
    ("10-90-123456-01", "109012345601", DOUBTFUL, "UNKNOWN_KIND", "10-90-******-01"),
    ("29-90-123456-01", "299012345601", DOUBTFUL, "UNKNOWN_KIND", "29-90-******-01"),
    ("11-90-123456-0", "", UNUSABLE, "LENGTH", ""),
    ("11-90-******-01", "", UNUSABLE, "MASKED", ""),
    ("1.19E+11", "", UNUSABLE, "SCIENTIFIC", ""),
    ("없음", "", UNUSABLE, "PLACEHOLDER", ""),
    ("000000000000", "", UNUSABLE, "PLACEHOLDER", ""),
    ("면허없음", "", UNUSABLE, "FORM", ""),
]


@pytest.mark.parametrize(("raw", "value", "certainty", "problems", "kind", "mask"), PASSPORTS)
def test_passport_number_has_one_standard_form(raw, value, certainty, problems, kind, mask):
    assert passport_number(raw) == (value, certainty, tuple(problems.split()), kind, mask)


@pytest.mark.parametrize(("raw", "value", "certainty", "problems", "mask"), LICENCES)
def test_licence_number_has_one_standard_form(raw, value, certainty, problems, mask):
    assert licence_number(raw) == (value, certainty, tuple(problems.split()), mask)
