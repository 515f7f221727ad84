"""The one read path: every value of a customer that a person or a system gets to see is taken through `read`.

`disclosure` decides; everything else only writes values and masks. Pages, lists, search results and histories ask a
`Reading` for the golden value (`reading["mobile"]`) or for what another row holds of the item (`reading.of`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from django.core.cache import cache
from django.utils.translation import get_language

from accounts.models import Branch, Staff
from customers import formats, masking, wording
from customers.models import Customer, Item

CATALOGUE_KEY = "customers.catalogue.1"
CATALOGUE_SECONDS = 60


class Level(StrEnum):
    """How much of a value is shown, from all to nothing; of a silhouette only that there is a value."""

    FULL = "FULL"
    MASKED = "MASKED"
    SILHOUETTE = "SILHOUETTE"
    NOTHING = "NOTHING"


class Because(StrEnum):
    """Why so much of a value is shown; the sentences are in `customers.wording`."""

    IN_SCOPE = "IN_SCOPE"
    GRANTED = "GRANTED"
    OPEN_ITEM = "OPEN_ITEM"
    ORGANISATION = "ORGANISATION"
    IDENTIFIER = "IDENTIFIER"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    NOT_PERMITTED = "NOT_PERMITTED"
    NOT_CATALOGUED = "NOT_CATALOGUED"


class Purpose(StrEnum):
    """What the values are read for."""

    PROFILE = "PROFILE"
    LIST = "LIST"
    SEARCH = "SEARCH"


class Disclosure(NamedTuple):
    """How much is shown, and why."""

    level: Level
    because: Because


class Shown(NamedTuple):
    """A value as this reader sees it; `text` is empty where the customer has no value or nothing is shown."""

    text: str
    level: Level
    because: Because

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """What the read path needs of a row of the catalogue of items."""

    code: str
    name: str
    english_name: str
    area: str
    position: int
    grade: int
    mask: str

    @property
    def label(self) -> str:
        return self.english_name if get_language() == "en" else self.name


def catalogue() -> Mapping[str, CatalogueItem]:
    """{item code: item} in the order of position; at most a minute old where nobody called `forget_catalogue`."""
    found = cache.get(CATALOGUE_KEY)
    if found is None:
        fields = ("code", "name", "english_name", "area", "position", "grade", "mask")
        rows = Item.objects.order_by("position", "code").values_list(*fields)
        found = {row[0]: CatalogueItem(*row) for row in rows}
        cache.set(CATALOGUE_KEY, found, CATALOGUE_SECONDS)
    return found


def forget_catalogue() -> None:
    """Let the next page read the catalogue anew; to be called when an item was edited."""
    cache.delete(CATALOGUE_KEY)


def _catalogue_of(viewer: Staff) -> Mapping[str, CatalogueItem]:
    """The catalogue, fetched once per request, as `viewer` lives as long as one."""
    items = getattr(viewer, "_customer_catalogue", None)
    if items is None:
        items = viewer._customer_catalogue = catalogue()
    return items


def label(code: str, items: Mapping[str, CatalogueItem]) -> str:
    """The name of an item in the reader's language; the code itself where the catalogue lacks it."""
    item = items.get(code)
    return item.label if item else str(wording.MASTER_ITEMS.get(code, code))


def is_in_scope(viewer: Staff, customer: Customer) -> bool:
    """Whether the customer is the viewer's by role, by keeper or by branch; a single grant puts none into scope."""
    if viewer.has_perm("customers.view_every_customer"):
        return True
    return customer.keeper_id == viewer.employee_number or customer.main_branch_id in _branches(viewer)


def _branches(viewer: Staff) -> frozenset[str]:
    """The codes of the branches whose customers the viewer sees, read once per request."""
    codes = getattr(viewer, "_customer_branches", None)
    if codes is None:
        codes = frozenset()
        if viewer.branch_id is not None and viewer.has_perm("customers.view_branch_customers"):
            codes = frozenset(Branch.objects.subtree_of(viewer.branch).values_list("code", flat=True))
        viewer._customer_branches = codes
    return codes


def disclosure(
    item: CatalogueItem | None, viewer: Staff, customer: Customer, purpose: Purpose = Purpose.PROFILE
) -> Disclosure:
    """How much of one item of one customer `viewer` is shown, and why. The only place where this is decided.

    Identifiers are never shown in full; a private item of a customer that was only granted is masked everywhere but
    on the customer's own page; an item that the catalogue does not know is hidden.
    """
    if not viewer.is_active or not viewer.has_perm("customers.view_customer"):
        return Disclosure(Level.NOTHING, Because.NOT_PERMITTED)
    if item is None:
        return Disclosure(Level.NOTHING, Because.NOT_CATALOGUED)
    if item.grade <= Item.Grade.UNIQUE_IDENTIFIER:
        return Disclosure(Level.MASKED, Because.IDENTIFIER)
    if item.grade > Item.Grade.PRIVATE:
        return Disclosure(Level.FULL, Because.OPEN_ITEM)
    if item.mask == Item.Mask.NAME and customer.kind == "ORG":
        return Disclosure(Level.FULL, Because.ORGANISATION)
    if is_in_scope(viewer, customer):
        return Disclosure(Level.FULL, Because.IN_SCOPE)
    if purpose is Purpose.PROFILE:
        return Disclosure(Level.FULL, Because.GRANTED)
    return Disclosure(Level.MASKED, Because.OUT_OF_SCOPE)


class Reading:
    """The values of one customer for one reader and purpose. `reading["mobile"]` is the golden value as `Shown`."""

    __slots__ = ("_decided", "_items", "customer", "purpose", "viewer")

    def __init__(self, customer: Customer, viewer: Staff, purpose: Purpose) -> None:
        self.customer, self.viewer, self.purpose = customer, viewer, purpose
        self._items = _catalogue_of(viewer)
        self._decided: dict[str, Disclosure] = {}

    def __getitem__(self, code: str) -> Shown:
        return self.of(code, self.customer)

    def of(self, code: str, holder: object) -> Shown:
        """What `holder`, a row with the columns of the item (source record, history row), holds of it."""
        return self.show(code, TEXTS[code](holder))

    def show(self, code: str, text: str) -> Shown:
        """`text`, a written value of the item, as this reader sees it."""
        level, because = self.decide(code)
        if level is Level.FULL:
            return Shown(text, level, because)
        if level is Level.MASKED:
            kind = self._items[code].mask
            return Shown(masking.mask("ALL" if kind == Item.Mask.NONE else kind, text), level, because)
        return Shown("", level, because)

    def label(self, code: str) -> str:
        """The name of an item of this customer: what is a person's company is an organisation's own business number."""
        of_organisation = wording.ORGANISATION_ITEMS.get(code) if self.customer.kind == "ORG" else None
        return str(of_organisation) if of_organisation else label(code, self._items)

    def decide(self, code: str) -> Disclosure:
        """How much of this item is shown here."""
        found = self._decided.get(code)
        if found is None:
            found = disclosure(self._items.get(code), self.viewer, self.customer, self.purpose)
            self._decided[code] = found
        return found

    def shows_everything(self) -> bool:
        """Whether every private item is shown in full, so that a row as sent may be shown whole."""
        private = (code for code, item in self._items.items() if item.grade == Item.Grade.PRIVATE)
        return bool(self._items) and all(self.decide(code).level is Level.FULL for code in private)


def read(customer: Customer, viewer: Staff, purpose: Purpose) -> Reading:
    """The customer's values as `viewer` may see them for this purpose."""
    return Reading(customer, viewer, purpose)


def _column(name: str, holder: object) -> str:
    return getattr(holder, name) or ""


def _birth_date(holder: object) -> str:
    text = formats.day(holder.birth_date)
    return f"{text} ({wording.LUNAR})" if text and holder.is_lunar else text


def _sex(holder: object) -> str:
    return str(wording.SEXES.get(holder.sex, ""))


def _phone(column: str, holder: object) -> str:
    return formats.phone(getattr(holder, column) or "")


def _address(holder: object) -> str:
    return f"{holder.address} ({holder.postcode})" if holder.address and holder.postcode else holder.address or ""


def _company(holder: object) -> str:
    number = formats.business_number(holder.company_no or "")
    if not holder.company_name:
        return number
    return f"{holder.company_name} ({number})" if number else holder.company_name


def _corporate_number(holder: object) -> str:
    return formats.corporate_number(holder.crn or "")


def _day(column: str, holder: object) -> str:
    return formats.day(getattr(holder, column))


TEXTS: Mapping[str, Callable[[object], str]] = {
    "name": partial(_column, "name"),
    "birth_date": _birth_date,
    "sex": _sex,
    "rrn": partial(_column, "rrn_mask"),
    "mobile": partial(_phone, "mobile"),
    "phone_home": partial(_phone, "phone_home"),
    "email": partial(_column, "email"),
    "address": _address,
    "company": _company,
    "crn": _corporate_number,
    "passport": partial(_column, "passport_mask"),
    "account_no": partial(_column, "account_mask"),
    "real_name_verified_on": partial(_day, "real_name_verified_on"),
    "marketing_consent_on": partial(_day, "marketing_consent_on"),
}
"""How each item is written, from any row that has its columns."""
