"""What is kept of an organisation in its standard form, and how what several systems say of it compares. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from customers.standard import organisation_name
from customers.standard.addresses import address
from customers.standard.certainty import DOUBTFUL, PLAUSIBLE
from customers.standard.emails import email
from customers.standard.numbers import business_number
from customers.standard.phones import phone
from customers.standard.text import tidy

ITEMS = ("name", "legal_form", "company", "crn", "phone_home", "email", "address")
"""The items of an organisation that have an owner; the legal form is read from the name."""
GOLDEN_ITEMS = tuple(item for item in ITEMS if item != "legal_form")
"""Those of them that are chosen among the sources; the legal form follows the name."""
FIRST_SOURCES = ("CORP", "POLICY")
"""The two systems that each kept organisations of their own, in the order of the page."""
FORM = r"\((?:주|유|재|사|학|의|복)\)|농업회사법인|영농조합법인|유한책임회사|합자회사|합명회사|협동조합"
"""How standard names write a legal form; an expression of PostgreSQL and of Python alike."""
BETWEEN = " .,-/·&()"
"""What may stand between the letters of a name and tells no difference."""
_FORM = re.compile(FORM)
_NOTHING = str.maketrans("", "", BETWEEN)


class NotUnderstood(ValueError):
    """What was typed has no standard form. field: of the facts."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What is told of a place of business. company_no: of that place; basis: of `relations.models.Basis`."""

    kind: str
    name: str
    basis: str
    company_no: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    employee_count: int | None = None


@dataclass(frozen=True, slots=True)
class OfficerFacts:
    """What is told of a contact person; phone and e-mail are those of work."""

    duty: str
    name: str
    basis: str
    title: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """One organisation in the tree of a group. depth: 0 for the topmost."""

    customer: int
    depth: int
    edge: int | None


def standard_place(facts: PlaceFacts) -> PlaceFacts:
    """The same in standard forms. Raises NotUnderstood for a business number whose check digit is wrong, and for an
    address or phone number that is none."""
    read = address(facts.address, facts.postcode)
    return replace(
        facts,
        name=_named(facts.name),
        company_no=_understood("company_no", facts.company_no, business_number(facts.company_no), PLAUSIBLE),
        address=_understood("address", facts.address, read),
        postcode=read.postcode,
        phone=_understood("phone", facts.phone, phone(facts.phone)),
    )


def standard_officer(facts: OfficerFacts) -> OfficerFacts:
    """The same in standard forms. Raises NotUnderstood for a phone number or an e-mail address that is none."""
    return replace(
        facts,
        name=_named(facts.name),
        title=tidy(facts.title),
        phone=_understood("phone", facts.phone, phone(facts.phone)),
        email=_understood("email", facts.email, email(facts.email)),
    )


def _named(name: str) -> str:
    if not tidy(name):
        raise NotUnderstood("name")
    return tidy(name)


def _understood(field: str, typed: str, form: object, least: int = DOUBTFUL) -> str:
    if typed.strip() and form.certainty < least:
        raise NotUnderstood(field)
    return form.value


def legal_form(name: str) -> str:
    """The legal form in a name, as `customers.standard.organisation_name` reads it; '' where it tells none."""
    found = organisation_name(name).legal_form
    return "" if found == "NONE" else found


def form_mark(name: str) -> str:
    """The legal form as a standard name writes it; '' where it tells none."""
    found = _FORM.search(name)
    return found[0] if found else ""


def comparable(item: str, row: object) -> str:
    """What a row with the columns of a source record says of an item, such that equal texts say the same; '' for
    nothing."""
    match item:
        case "name":
            return _FORM.sub("", row.name).translate(_NOTHING).upper()
        case "legal_form":
            return form_mark(row.name)
        case "company":
            return row.company_no
        case "email":
            return row.email.lower()
    return getattr(row, item)


def differs(said: Mapping[object, str]) -> bool:
    """Whether systems contradict each other: {system: what it says}; to say nothing is no contradiction."""
    return len({value for value in said.values() if value}) > 1


def tree_of(top: int, edges: Sequence[tuple[int, int, int]]) -> list[Branch]:
    """A group from its topmost organisation down, each behind its parent. edges: (edge, parent, child) in the order
    in which siblings are shown; an edge that leads back is left out."""
    below: dict[int, list[tuple[int, int]]] = {}
    for edge, parent, child in edges:
        below.setdefault(parent, []).append((edge, child))
    found, seen = [], {top}
    waiting = [Branch(top, 0, None)]
    while waiting:
        branch = waiting.pop()
        found.append(branch)
        for edge, child in reversed(below.get(branch.customer, ())):
            if child not in seen:
                seen.add(child)
                waiting.append(Branch(child, branch.depth + 1, edge))
    return found
