"""The golden values themselves, with every state they were in, and the numbers that stay when they go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from customers.holders.held import Held, TableHolder
from customers.holding import Counts, Rows

BLANK = ", ".join(
    (
        *("kind = ''", "gate = 'NEITHER'", "name = ''", "sort_name = ''", "initials = ''", "birth_date = NULL"),
        *("is_lunar = false", "sex = ''", "rrn_mask = ''", "mobile = ''", "phone_home = ''", "email = ''"),
        *("address = ''", "region = ''", "postcode = ''", "company_name = ''", "company_no = ''", "crn = ''"),
        *("employee_no = ''", "real_name_verified_on = NULL", "marketing_consent_on = NULL", "main_branch_id = NULL"),
        *("keeper_id = NULL", "grade = ''", "message = ''", "record_count = 0", "source_count = 0"),
        *("difference_count = 0", "provenance = '{}'", "created_at = %(at)s", "updated_at = %(at)s"),
    )
)
SHOWN = (
    *("number", "state", "kind", "gate", "name", "birth_date", "is_lunar", "sex", "rrn_mask", "mobile", "phone_home"),
    *("email", "address", "postcode", "company_name", "company_no", "crn", "employee_no", "real_name_verified_on"),
    *("marketing_consent_on", "main_branch", "keeper", "grade", "message", "created_at", "updated_at"),
)
OF_THEN = tuple(name for name in SHOWN if name not in ("number", "created_at", "updated_at"))


class Values(TableHolder):
    """The customer, of whom the number stays and nothing else, and the history, of which nothing stays."""

    rows = (
        Held(
            "customers.HistoricalCustomer",
            "SELECT id, history_id FROM customers_historicalcustomer WHERE id = ANY(%(customers)s)",
        ),
        Held(
            "customers.Customer",
            "SELECT id, id FROM customers_customer WHERE id = ANY(%(customers)s) AND kind <> ''",
            BLANK,
        ),
    )
    told = {"customers.Customer": SHOWN, "customers.HistoricalCustomer": ("history_date", *OF_THEN)}


class Numbers:
    """Rows that name a number and hold nothing else of anybody: they stay, and prove what was done."""

    holds: ClassVar[tuple[str, ...]] = (
        "customers.ActCustomer",
        "customers.ChangeEvent",
        "customers.GoneKey",
        "customers.Merge",
    )

    def count(self, customers: Sequence[int]) -> Counts:
        return {}

    def export(self, customer: int) -> Rows:
        return {}

    def touches(self, customers: Sequence[int]) -> dict[str, set[tuple[int, object]]]:
        """Nothing: they stay."""
        return {}

    def erase(self, customers: Sequence[int], at: datetime) -> dict[str, int]:
        return {}
