"""Who may see a person and who opened a value: the rights go, of the looks stays that they were taken."""

from __future__ import annotations

from customers.holders.held import Held, TableHolder

OF_CUSTOMER = "SELECT customer_id, id FROM {} WHERE customer_id = ANY(%(customers)s)"
OF_OBJECT = "SELECT content_object_id, id FROM {} WHERE content_object_id = ANY(%(customers)s)"


class Rights(TableHolder):
    """Protections, assigned keepers and single grants."""

    rows = (
        Held("customers.Protection", OF_CUSTOMER.format("customers_protection")),
        Held("customers.Keeping", OF_CUSTOMER.format("customers_keeping")),
        Held("customers.CustomerStaffGrant", OF_OBJECT.format("customers_customerstaffgrant")),
        Held("customers.CustomerGroupGrant", OF_OBJECT.format("customers_customergroupgrant")),
    )
    told = {
        "customers.Protection": ("kind", "protected_at"),
        "customers.Keeping": ("keeper", "branch", "since"),
        "customers.CustomerStaffGrant": ("kind", "granted_at", "ends_at"),
    }


class Reveals(TableHolder):
    """Values that were opened: by whom, when and of which number is a record of access and stays; the reason goes."""

    rows = (Held("customers.Reveal", f"{OF_CUSTOMER.format('customers_reveal')} AND reason <> ''", "reason = ''"),)
    told = {"customers.Reveal": ("item", "purpose", "reason", "at")}
