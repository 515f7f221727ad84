"""Bank account numbers and connecting information."""

import pytest

from customers.standard import account_number, connecting_info
from customers.standard.certainty import DOUBTFUL, PLAUSIBLE, UNUSABLE

CI = "kX3+" + "Ab0/" * 20 + "Qw=="
# Raw, value, certainty, problems, mask.
ACCOUNTS = [
    ("110-345-678901", "110345678901", PLAUSIBLE, "", "110-***-***901"),
    ("110345678901", "110345678901", PLAUSIBLE, "", "110-***-***901"),
    ("110 345 678901", "110345678901", PLAUSIBLE, "", "110-***-***901"),
    ("국민 110-345-678901", "110345678901", PLAUSIBLE, "NOTE", "110-***-***901"),
    ("110-345-678901 홍길동", "110345678901", PLAUSIBLE, "NOTE", "110-***-***901"),
    ("신한은행110-345-678901(김철수)", "110345678901", PLAUSIBLE, "NOTE", "110-***-***901"),
    ("1103456", "", UNUSABLE, "LENGTH", ""),
    ("12345678901234567", "", UNUSABLE, "LENGTH", ""),
    ("110-***-678901", "", UNUSABLE, "MASKED", ""),
    ("1.1E+11", "", UNUSABLE, "SCIENTIFIC", ""),
    ("0000000000", "", UNUSABLE, "PLACEHOLDER", ""),
    ("12345678", "", UNUSABLE, "PLACEHOLDER", ""),
    ("없음", "", UNUSABLE, "PLACEHOLDER", ""),
    ("국민은행", "", UNUSABLE, "FORM", ""),
]
INFOS = [
    (CI, CI, PLAUSIBLE, "", "kX3+****"),
    (f" {CI}\n", CI, PLAUSIBLE, "", "kX3+****"),
    (f"{CI[:44]}\r\n{CI[44:]}", CI, PLAUSIBLE, "", "kX3+****"),
    (CI.replace("+", " "), CI, DOUBTFUL, "PLUS_LOST", "kX3+****"),
    (CI[:-1], CI[:-1], DOUBTFUL, "LENGTH", "kX3+****"),
    (CI[:64], CI[:64], DOUBTFUL, "LENGTH", "kX3+****"),
    (CI[:-2] + "!!", CI[:-2] + "!!", DOUBTFUL, "FORM", "kX3+****"),
    ("Y", "", UNUSABLE, "LENGTH", ""),
    ("YES", "", UNUSABLE, "LENGTH", ""),
    ("동의", "", UNUSABLE, "FORM", ""),
    ("없음", "", UNUSABLE, "PLACEHOLDER", ""),
    ("0" * 88, "", UNUSABLE, "PLACEHOLDER", ""),
]


@pytest.mark.parametrize(("raw", "value", "certainty", "problems", "mask"), ACCOUNTS)
def test_account_number_has_one_standard_form(raw, value, certainty, problems, mask):
    assert account_number(raw) == (value, certainty, tuple(problems.split()), mask)


@pytest.mark.parametrize(("raw", "value", "certainty", "problems", "mask"), INFOS)
def test_connecting_info_has_one_standard_form(raw, value, certainty, problems, mask):
    assert connecting_info(raw) == (value, certainty, tuple(problems.split()), mask)
