"""What two customers are to one another, whoever says so: the words of both sides, and what contracts give. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Origin(StrEnum):
    """Who says that two customers belong together: a contract, or one of the bases of a written relationship."""

    CONTRACT = "CONTRACT"
    PERSON = "PERSON"
    DOCUMENT = "DOCUMENT"
    STEWARD = "STEWARD"
    SYSTEM = "SYSTEM"
    INFERRED = "INFERRED"


ALIKE = ("SPOUSE", "SIBLING", "RELATIVE", "COHABITANT", "ACQUAINTANCE")
"""Kinds that read the same from both sides."""

MIRRORED = {
    "PARENT": "CHILD",
    "GRANDPARENT": "GRANDCHILD",
    "LEGAL_REP": "REPRESENTED",
    "GUARDIAN": "WARD",
    "REFERRER": "REFERRED",
    "PAYER": "PAID_FOR",
    "CONTACT": "CONTACTED",
    "POLICYHOLDER": "INSURED",
    "BENEFICIARY": "ENDOWER",
    "CLAIM_AGENT": "CLAIMANT",
}
"""{what the first is to the second: what the second is to the first}"""

HOLDER, PAYERS = "POLICYHOLDER", ("PAYER", "ACCOUNT_HOLDER")
INSURED = ("INSURED", "INSURED_2ND")
BENEFICIARIES = ("BENEFICIARY_MATURITY", "BENEFICIARY_DEATH", "BENEFICIARY_DISABILITY")
CONTRACT_KINDS = {
    **{(HOLDER, insured): "POLICYHOLDER" for insured in INSURED},
    **{(beneficiary, other): "BENEFICIARY" for beneficiary in BENEFICIARIES for other in (HOLDER, *INSURED)},
    **{(payer, HOLDER): "PAYER" for payer in PAYERS},
    **{("LEGAL_REP", insured): "LEGAL_REP" for insured in INSURED},
    **{("CLAIM_AGENT", insured): "CLAIM_AGENT" for insured in INSURED},
}
"""{(role of the first, role of the second on the same contract): kind}; other pairs of roles tie nobody to anybody."""

HOUSEHOLD_KINDS = {
    ("HEAD", "SPOUSE"): "SPOUSE",
    ("HEAD", "CHILD"): "PARENT",
    ("SPOUSE", "CHILD"): "PARENT",
    ("PARENT", "HEAD"): "PARENT",
    ("GRANDPARENT", "HEAD"): "GRANDPARENT",
    ("HEAD", "GRANDCHILD"): "GRANDPARENT",
    ("HEAD", "SIBLING"): "SIBLING",
    ("CHILD", "CHILD"): "SIBLING",
}
"""{(role of the first in a household, role of the second): what the first may be to the second}"""


def seen_as(kind: str, *, is_first: bool) -> str:
    """What one side is to the other. is_first: whether that side is the first of the relationship."""
    return kind if is_first or kind in ALIKE else MIRRORED[kind]


def kind_of(code: str) -> tuple[str, bool]:
    """(kind, whether the side that is this is its first), the opposite of `seen_as`. Raises KeyError."""
    if code in ALIKE or code in MIRRORED:
        return code, True
    return {mirrored: kind for kind, mirrored in MIRRORED.items()}[code], False


def is_believed(valid_until: date | None, on: date) -> bool:
    """Whether a statement holds on this day without asking again; one that says no day always does."""
    return valid_until is None or valid_until >= on


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
