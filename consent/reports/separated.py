"""What is kept apart of a customer, as a reader may see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import Staff
from consent.words.retention import kind_words
from customers.models import Contract, Customer
from customers.reading import Place, Reading, read
from customers.services.apart import what_is_kept

CUSTOMER = "customers.Customer"
CONTRACT = "customers.Contract"
ITEMS = ("name", "birth_date", "sex", "rrn", "mobile", "phone_home", "email", "address", "company")


@dataclass(frozen=True)
class SeparatedReport:
    """items: (label, value) of the customer; contracts: number, product and state of each; kinds: (what, how many
    rows) of everything that is kept."""

    items: tuple[tuple[str, str], ...]
    contracts: tuple[tuple[str, str, str], ...]
    kinds: tuple[tuple[str, int], ...]


def separated_report(customer: Customer, viewer: Staff) -> SeparatedReport:
    """Everything in numbers, and in words what the read path shows this reader; the rows come in one query."""
    rows = what_is_kept(customer.pk)
    kinds = Counter(kind for kind, _row in rows)
    kept = next((row for kind, row in rows if kind == CUSTOMER and row["id"] == customer.pk), {})
    reading = read(_as_it_was(kept), viewer, Place.PROFILE) if kept else None
    return SeparatedReport(
        items=_items(reading) if reading else (),
        contracts=_contracts([row for kind, row in rows if kind == CONTRACT], reading),
        kinds=tuple(sorted((kind_words(kind), count) for kind, count in kinds.items())),
    )


def _as_it_was(kept: Mapping[str, object]) -> Customer:
    """The customer of a row; nothing of it is saved."""
    fields = {field.column: field for field in Customer._meta.concrete_fields}
    return Customer(
        **{fields[name].attname: fields[name].to_python(value) for name, value in kept.items() if name in fields}
    )


def _items(reading: Reading) -> tuple[tuple[str, str], ...]:
    shown = ((reading.label(code), str(reading[code])) for code in ITEMS)
    return tuple((label, value) for label, value in shown if value)


def _contracts(rows: list[Mapping[str, object]], reading: Reading | None) -> tuple[tuple[str, str, str], ...]:
    if reading is None:
        return ()
    return tuple(
        (
            str(reading.show("contract", str(row["contract_no"]))),
            str(reading.show("contract", str(row["product_name"]))),
            str(Contract.Status(row["status"]).label),
        )
        for row in rows
    )
