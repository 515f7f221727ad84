"""The columns of the customer list: what each is called, how it is sorted, and what stands in a cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers import formats, tones
from customers.models import Customer
from customers.numbering import written_number
from customers.reading import Reading


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list.

    sort: its name in the address, empty if it cannot be sorted by; fields: what it reads; tone: colour of a badge.
    """

    code: str
    label: str | Promise
    cell: Callable[[Customer, Reading], object]
    fields: tuple[str, ...]
    sort: str = ""
    is_number: bool = False
    tone: Callable[[Customer], str] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell. tone: the colour of its badge, empty where it is plain text."""

    column: Column
    text: str
    tone: str = ""


def _holder(holder: object) -> str:
    return str(getattr(holder, "name", "") or "")


COLUMNS: tuple[Column, ...] = (
    Column("number", _("Customer number"), lambda c, r: written_number(c.number), ("number",), "number"),
    Column("name", _("Name"), lambda c, r: r["name"], ("name", "sort_name"), "name"),
    Column("kind", _("Kind"), lambda c, r: c.get_kind_display(), ("kind",)),
    Column("birth_date", _("Birth date"), lambda c, r: r["birth_date"], ("birth_date", "is_lunar")),
    Column("mobile", _("Mobile"), lambda c, r: r["mobile"], ("mobile",)),
    Column("region", _("Region"), lambda c, r: c.region, ("region",)),
    Column(
        "grade",
        _("Grade"),
        lambda c, r: c.get_grade_display(),
        ("grade",),
        tone=lambda c: tones.GRADES.get(c.grade, tones.PLAIN),
    ),
    Column(
        "gate",
        _("Gate"),
        lambda c, r: c.get_gate_display(),
        ("gate",),
        tone=lambda c: tones.GATES.get(c.gate, tones.PLAIN),
    ),
    Column(
        "branch",
        _("Main branch"),
        lambda c, r: _holder(c.main_branch),
        ("main_branch__code", "main_branch__name"),
    ),
    Column("keeper", _("Keeper"), lambda c, r: _holder(c.keeper), ("keeper__employee_number", "keeper__name")),
    Column("sources", _("Sources"), lambda c, r: c.source_count, ("source_count",), is_number=True),
    Column("differences", _("Differences"), lambda c, r: c.difference_count, ("difference_count",), is_number=True),
    Column("address", _("Address"), lambda c, r: r["address"], ("address", "postcode")),
    Column("email", _("E-mail"), lambda c, r: r["email"], ("email",)),
    Column("company", _("Company"), lambda c, r: r["company"], ("company_name", "company_no", "employee_no")),
    Column("state", _("State"), lambda c, r: c.get_state_display(), ("state",)),
    Column("updated", _("Last change"), lambda c, r: formats.day(c.updated_at), ("updated_at",)),
)
BY_CODE = {column.code: column for column in COLUMNS}
FIXED = ("number", "name")
USUAL = (
    "number",
    "name",
    "kind",
    "birth_date",
    "mobile",
    "grade",
    "gate",
    "branch",
    "keeper",
    "sources",
    "differences",
)
# What every row needs whatever the columns: to open it, to sort it, to decide how much of it is shown.
ALWAYS = ("number", "sort_name", "kind", "main_branch__code", "keeper__employee_number")


def chosen_columns(codes: Sequence[str]) -> tuple[Column, ...]:
    """The columns of these codes in the order of the list, number and name always among them; unknown codes drop."""
    wanted = {*FIXED, *codes}
    return tuple(column for column in COLUMNS if column.code in wanted)


def cells_of(customer: Customer, columns: Sequence[Column], reading: Reading) -> list[Cell]:
    """The cells of a customer's row, as the reader may see them."""
    cells = []
    for column in columns:
        text = str(column.cell(customer, reading))
        cells.append(Cell(column, text, column.tone(customer) if column.tone and text else ""))
    return cells


def fields_of(columns: Sequence[Column]) -> tuple[str, ...]:
    """The fields of the model that these columns read."""
    return tuple(dict.fromkeys((*ALWAYS, *(field for column in columns for field in column.fields))))
