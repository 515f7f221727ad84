"""Registration numbers of businesses and corporations; all are synthetic (domain reference, 3.3 and 3.4)."""

import pytest

from customers.standard import business_number, corporate_number
from customers.standard.certainty import CERTAIN, DOUBTFUL, UNUSABLE

# Raw, value, certainty, problems, kind, mask.
BUSINESSES = [
    ("101-81-00001", "1018100001", CERTAIN, "", "CORPORATION", "101-81-*****"),
    ("214-86-99993", "2148699993", CERTAIN, "", "CORPORATION", "214-86-*****"),
    ("602-87-98766", "6028798766", CERTAIN, "", "CORPORATION", "602-87-*****"),
    ("101-81-00002", "1018100002", DOUBTFUL, "CHECK_DIGIT", "CORPORATION", "101-81-*****"),
    ("214-86-99994", "2148699994", DOUBTFUL, "CHECK_DIGIT", "CORPORATION", "214-86-*****"),
    ("602-87-98767", "6028798767", DOUBTFUL, "CHECK_DIGIT", "CORPORATION", "602-87-*****"),
    ("1018100001", "1018100001", CERTAIN, "", "CORPORATION", "101-81-*****"),
    ("101 81 00001", "1018100001", CERTAIN, "", "CORPORATION", "101-81-*****"),
    ("１０１－８１－００００１", "1018100001", CERTAIN, "", "CORPORATION", "101-81-*****"),
    ("1018100001.0", "1018100001", CERTAIN, "", "CORPORATION", "101-81-*****"),
    ("101-85-00009", "1018500009", CERTAIN, "", "CORPORATION_BRANCH", "101-85-*****"),
    ("101-00-00001", "1010000001", DOUBTFUL, "CHECK_DIGIT UNKNOWN_KIND", "", "101-00-*****"),
    ("101-81-0000", "", UNUSABLE, "LENGTH", "", ""),
    ("101-81-*****", "", UNUSABLE, "MASKED", "", ""),
    ("1.01818E+09", "", UNUSABLE, "SCIENTIFIC", "", ""),
    ("000-00-00000", "", UNUSABLE, "PLACEHOLDER", "", ""),
    ("123-45-67890", "", UNUSABLE, "PLACEHOLDER", "", ""),
    ("없음", "", UNUSABLE, "PLACEHOLDER", "", ""),
    ("한빛상사", "", UNUSABLE, "FORM", "", ""),
]
CORPORATIONS = [
    ("110199-0000016", "1101990000016", CERTAIN, "", "", "110199-*******"),
    ("134599-0000127", "1345990000127", CERTAIN, "", "", "134599-*******"),
    ("180199-9901237", "1801999901237", CERTAIN, "", "", "180199-*******"),
    ("110199-0000019", "1101990000019", DOUBTFUL, "CHECK_DIGIT", "", "110199-*******"),
    ("134599-0000120", "1345990000120", DOUBTFUL, "CHECK_DIGIT", "", "134599-*******"),
    ("180199-9901230", "1801999901230", DOUBTFUL, "CHECK_DIGIT", "", "180199-*******"),
    ("1101990000016", "1101990000016", CERTAIN, "", "", "110199-*******"),
    ("１１０１９９-０００００１６", "1101990000016", CERTAIN, "", "", "110199-*******"),
    ("110111-1234567", "1101111234567", DOUBTFUL, "CHECK_DIGIT", "STOCK", "110111-*******"),
    ("110114-0000000", "1101140000000", DOUBTFUL, "CHECK_DIGIT", "LIMITED", "110114-*******"),
    ("110121-0000000", "1101210000000", DOUBTFUL, "CHECK_DIGIT", "CIVIL", "110121-*******"),
    ("110199-000001", "", UNUSABLE, "LENGTH", "", ""),
    ("110199-*******", "", UNUSABLE, "MASKED", "", ""),
    ("1.10199E+12", "", UNUSABLE, "SCIENTIFIC", "", ""),
    ("0000000000000", "", UNUSABLE, "PLACEHOLDER", "", ""),
    ("없음", "", UNUSABLE, "PLACEHOLDER", "", ""),
    ("한빛상사", "", UNUSABLE, "FORM", "", ""),
]
# Middle digits of a business number and what they say of its bearer.
KINDS = {
    "01": "INDIVIDUAL",
    "79": "INDIVIDUAL",
    "80": "UNINCORPORATED",
    "81": "CORPORATION",
    "82": "NON_PROFIT",
    "83": "PUBLIC",
    "84": "FOREIGN_CORPORATION",
    "85": "CORPORATION_BRANCH",
    "86": "CORPORATION",
    "87": "CORPORATION",
    "88": "CORPORATION",
    "89": "RELIGIOUS",
    "90": "EXEMPT_INDIVIDUAL",
    "99": "EXEMPT_INDIVIDUAL",
    "00": "",
}


@pytest.mark.parametrize(("raw", "value", "certainty", "problems", "kind", "mask"), BUSINESSES)
def test_business_number_has_one_standard_form(raw, value, certainty, problems, kind, mask):
    assert business_number(raw) == (value, certainty, tuple(problems.split()), kind, mask)


@pytest.mark.parametrize(("middle", "kind"), KINDS.items())
def test_business_number_tells_the_kind_of_its_bearer(middle, kind):
    assert business_number(f"101-{middle}-00001").kind == kind


@pytest.mark.parametrize(("raw", "value", "certainty", "problems", "kind", "mask"), CORPORATIONS)
def test_corporate_number_has_one_standard_form(raw, value, certainty, problems, kind, mask):
    assert corporate_number(raw) == (value, certainty, tuple(problems.split()), kind, mask)
