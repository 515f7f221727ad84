"""What the columns of the canonical layouts and the findings on them are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from customers.wording import problem

COLUMNS = {
    "source_key": _("Key in the source"),
    "kind": _("Kind"),
    "name": _("Name"),
    "birth_date": _("Birth date"),
    "sex": _("Sex"),
    "rrn": _("Resident or alien number"),
    "ci": _("Connecting information (CI)"),
    "mobile": _("Mobile"),
    "phone_home": _("Home phone"),
    "email": _("E-mail"),
    "address": _("Address"),
    "postcode": _("Postcode"),
    "company_name": _("Employer"),
    "company": _("Employer"),
    "company_no": _("Business number"),
    "employee_no": _("Employee number"),
    "real_name_verified_on": _("Real name verified on"),
    "marketing_consent_on": _("Marketing consent on"),
    "as_of": _("As of"),
    "crn": _("Corporate number"),
    "passport": _("Passport number"),
    "account_no": _("Account number"),
    "branch_code": _("Branch code"),
    "fp_code": _("FP code"),
    "contract_no": _("Contract number"),
    "product_group": _("Product group"),
    "product_name": _("Product name"),
    "status": _("Contract status"),
    "started_on": _("Started on"),
    "ends_on": _("Ends on"),
    "premium": _("Premium"),
    "premium_cycle": _("Premium cycle"),
    "role": _("Role"),
    "party_source_key": _("Key of the party in the source"),
}


FOUND_OUT = _("found out")
DELIMITERS = {
    "auto": FOUND_OUT,
    ",": _("comma"),
    "\t": _("tab"),
    ";": _("semicolon"),
    "|": _("vertical bar"),
    "": _("none"),
}


def delimiter_label(delimiter: str) -> str:
    """A delimiter in a word where it has one."""
    return str(DELIMITERS.get(delimiter, delimiter))


def column_label(column: str) -> str:
    """The name of a canonical column; the column itself if it has none."""
    return str(COLUMNS.get(column, column))


def counted_findings(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """{"mobile:RETIRED": 3} → [("Mobile", "The number belongs …", 3)], the most frequent first."""
    split = ((*key.partition(":")[::2], count) for key, count in counts.items())
    ordered = sorted(split, key=lambda entry: (-entry[2], entry[0], entry[1]))
    return [(column_label(item), problem(code), count) for item, code, count in ordered]
