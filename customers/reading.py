"""The one read path: every value of a customer that a person or a system gets to see is taken through `read`.

`disclosure` decides; everything else only writes values and masks. Pages, lists, search results and histories ask a
`Reading` for the golden value (`reading["mobile"]`) or for what another row holds of the item (`reading.of`). Whoever
makes a `Reading` sees the customer, which the trail notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from typing import NamedTuple

from django.core.cache import cache
from django.utils.translation import get_language

from accounts.models import Staff
from accounts.purposes import Purpose, purpose_of, roles_of
from accounts.trail import saw
from customers import formats, masking, wording
from customers.access import (
    IDENTIFIERS,
    INTERNAL,
    SHIPPED,
    Basis,
    Level,
    Limit,
    Place,
    Rules,
    Scope,
    Verdict,
    decide,
    rules_of,
)
from customers.models import AccessRules, Customer, Item, Link
from customers.querysets import branches_of

CATALOGUE_KEY = "customers.catalogue.1"
CATALOGUE_SECONDS = 60
RULES_KEY = "customers.access_rules.1"


class Because(StrEnum):
    """Why so much of a value is shown; the sentences are in `customers.wording`."""

    IN_SCOPE = "IN_SCOPE"
    GRANTED = "GRANTED"
    OPEN_ITEM = "OPEN_ITEM"
    ORGANISATION = "ORGANISATION"
    IDENTIFIER = "IDENTIFIER"
    MASKED = "MASKED"
    PRESENT_ONLY = "PRESENT_ONLY"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    CHANNEL = "CHANNEL"
    PURPOSE = "PURPOSE"
    NOT_PERMITTED = "NOT_PERMITTED"
    NOT_CATALOGUED = "NOT_CATALOGUED"


class Disclosure(NamedTuple):
    """How much is shown, and why. limit: that of the viewer's channel, where it took away."""

    level: Level
    because: Because
    may_reveal: bool = False
    limit: Limit | None = None


class Shown(NamedTuple):
    """A value as this reader sees it; `text` is empty where the customer has no value or nothing is shown.

    may_reveal: whether the reader may open it for a minute with a reason.
    """

    text: str
    level: Level
    because: Because
    may_reveal: bool = False

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


def live_rules() -> Rules:
    """The rules of access in use; whoever publishes others puts their version into the cache after the commit."""
    version = cache.get(RULES_KEY)
    if version is None:
        live = AccessRules.objects.filter(state=AccessRules.State.LIVE).values_list("version", flat=True).first()
        version = live or 0
        cache.add(RULES_KEY, version, CATALOGUE_SECONDS)  # a version published meanwhile is not overwritten
    return rules_version(version)


@lru_cache(maxsize=8)
def rules_version(version: int) -> Rules:
    """A version of the rules; what a version says never changes, so it is read once per process."""
    if not version:
        return SHIPPED
    return rules_of(version, AccessRules.objects.get(version=version).definition)


def use_rules(version: int) -> None:
    """Let every process apply this version from now on; to be called when its publication was committed."""
    cache.set(RULES_KEY, version, CATALOGUE_SECONDS)


def _rules_for(viewer: Staff) -> Rules:
    """The rules, fetched once per request."""
    rules = getattr(viewer, "_access_rules", None)
    if rules is None:
        rules = viewer._access_rules = live_rules()
    return rules


def label(code: str, items: Mapping[str, CatalogueItem]) -> str:
    """The name of an item in the reader's language; the code itself where the catalogue lacks it."""
    item = items.get(code)
    return item.label if item else str(wording.MASTER_ITEMS.get(code, code))


def is_in_scope(viewer: Staff, customer: Customer) -> bool:
    """Whether the customer is the viewer's by role, by keeper or by branch; a single grant puts none into scope."""
    if viewer.has_perm("customers.view_every_customer"):
        return True
    return customer.keeper_id == viewer.employee_number or customer.main_branch_id in branches_of(viewer)


def scope_of(viewer: Staff, customer: Customer) -> Scope:
    """How a customer that `viewer` may see is theirs."""
    return Scope.OWN if is_in_scope(viewer, customer) else Scope.GRANTED


def prepare(viewer: Staff, customers: Iterable[Customer]) -> None:
    """Fetch in one query what the limits of the viewer's channel ask of many customers; without limits in none."""
    if any(limit.basis is Basis.SOURCE for limit in limits_of(viewer)):
        known = _known_bases(viewer)
        asked = [customer.pk for customer in customers if customer.pk not in known]
        held = Link.objects.filter(customer__in=asked, record__source__channel=viewer.channel_id)
        brought = set(held.values_list("customer_id", flat=True))
        known |= {customer: customer in brought for customer in asked}


def limits_of(viewer: Staff) -> tuple[Limit, ...]:
    """The limits of the viewer's channel, whether or not something lifts them for a customer."""
    return _rules_for(viewer).limits_of(viewer.channel_id or "")


def _known_bases(viewer: Staff) -> dict[int, bool]:
    """{customer id: whether a system of the viewer's channel brought the customer}, as far as asked in this request."""
    known = getattr(viewer, "_channel_bases", None)
    if known is None:
        known = viewer._channel_bases = {}
    return known


def standing_limits(viewer: Staff, customer: Customer) -> list[Limit]:
    """The limits of the viewer's channel that nothing lifts for this customer."""
    limits = limits_of(viewer)
    if not limits:
        return []
    prepare(viewer, [customer])
    is_brought = _known_bases(viewer).get(customer.pk, False)
    return [limit for limit in limits if limit.basis is Basis.NONE or not is_brought]


def graded(item: CatalogueItem, rules: Rules) -> tuple[int, str]:
    """Grade and mask of an item by these rules; those of the catalogue where they are silent."""
    return rules.graded.get(item.code, (item.grade, item.mask))


def verdict(
    item: CatalogueItem,
    viewer: Staff,
    customer: Customer,
    place: Place,
    purpose: Purpose | None = None,
    *,
    roles: Iterable[str] | None = None,
) -> Verdict:
    """What the rules say of this item. purpose: that which the viewer has declared, when not given. roles: all that the
    viewer holds, when not given."""
    scope, limits = scope_of(viewer, customer), standing_limits(viewer, customer)
    return verdict_within(item, viewer, scope, place, purpose, roles=roles, limits=limits)


def verdict_within(
    item: CatalogueItem,
    viewer: Staff,
    scope: Scope,
    place: Place,
    purpose: Purpose | None = None,
    *,
    roles: Iterable[str] | None = None,
    limits: Sequence[Limit] = (),
) -> Verdict:
    """As `verdict`, of any customer of that scope for whom these limits stand."""
    rules = _rules_for(viewer)
    return decide(
        rules,
        roles=roles_of(viewer) if roles is None else roles,
        grade=graded(item, rules)[0],
        scope=scope,
        purpose=purpose or purpose_of(viewer) or "",
        place=place,
        item=item.code,
        limits=limits,
    )


def disclosure(
    item: CatalogueItem | None,
    viewer: Staff,
    customer: Customer,
    place: Place = Place.PROFILE,
    purpose: Purpose | None = None,
) -> Disclosure:
    """How much of one item of one customer `viewer` is shown, and why. The only place where this is decided.

    An item that the catalogue does not know is hidden; the name of an organisation is no personal data.
    """
    if not viewer.is_active or not viewer.has_perm("customers.view_customer"):
        return Disclosure(Level.NOTHING, Because.NOT_PERMITTED)
    if item is None:
        return Disclosure(Level.NOTHING, Because.NOT_CATALOGUED)
    found = verdict(item, viewer, customer, place, purpose)
    if item.code == "name" and customer.kind == "ORG" and found.level is not Level.NOTHING:
        return Disclosure(Level.FULL, Because.ORGANISATION)
    because = _because(found, graded(item, _rules_for(viewer))[0])
    return Disclosure(found.level, because, found.may_reveal, found.limit)


def _because(found: Verdict, grade: int) -> Because:
    """The reason of a verdict in one word."""
    if found.limit is not None:
        return Because.CHANNEL
    if found.rule is None:
        return Because.NOT_PERMITTED
    is_own = found.rule.scope is Scope.OWN
    if found.level is Level.FULL:
        return Because.OPEN_ITEM if grade >= INTERNAL else Because.IN_SCOPE if is_own else Because.GRANTED
    if found.level is Level.NOTHING:
        return Because.PURPOSE if found.rule.purpose else Because.NOT_PERMITTED
    if found.level is Level.SILHOUETTE:
        return Because.PRESENT_ONLY
    if grade <= IDENTIFIERS:
        return Because.IDENTIFIER
    return Because.MASKED if is_own or found.may_reveal else Because.OUT_OF_SCOPE


class Reading:
    """The values of one customer for one reader, place and purpose. `reading["mobile"]` is the golden value as `Shown`.

    purpose: None for the one that the viewer has declared.
    """

    __slots__ = ("_decided", "_items", "customer", "place", "purpose", "viewer")

    def __init__(self, customer: Customer, viewer: Staff, place: Place, purpose: Purpose | None = None) -> None:
        self.customer, self.viewer, self.place, self.purpose = customer, viewer, place, purpose
        saw(customer.pk)
        self._items = _catalogue_of(viewer)
        self._decided: dict[str, Disclosure] = {}

    def __getitem__(self, code: str) -> Shown:
        return self.of(code, self.customer)

    def of(self, code: str, holder: object) -> Shown:
        """What `holder`, a row with the columns of the item (source record, history row), holds of it."""
        return self.show(code, TEXTS[code](holder))

    def show(self, code: str, text: str) -> Shown:
        """`text`, a written value of the item, as this reader sees it."""
        found = self.decide(code)
        if found.level is Level.FULL:
            return Shown(text, found.level, found.because)
        if found.level is Level.MASKED:
            kind = graded(self._items[code], _rules_for(self.viewer))[1]
            masked = masking.mask("ALL" if kind == Item.Mask.NONE else kind, text)
            return Shown(masked, found.level, found.because, found.may_reveal and bool(text))
        if found.level is Level.SILHOUETTE:
            return Shown(str(wording.PRESENT) if text else "", found.level, found.because)
        return Shown("", found.level, found.because)

    def label(self, code: str) -> str:
        """The name of an item of this customer: what is a person's company is an organisation's own business number."""
        of_organisation = wording.ORGANISATION_ITEMS.get(code) if self.customer.kind == "ORG" else None
        return str(of_organisation) if of_organisation else label(code, self._items)

    def why(self, code: str) -> str:
        """Why so much of this item is shown, in a sentence; where a channel is limited, by what and who lifts it."""
        found = self.decide(code)
        return wording.disclosed(found.because, found.limit)

    def decide(self, code: str) -> Disclosure:
        """How much of this item is shown here."""
        found = self._decided.get(code)
        if found is None:
            found = disclosure(self._items.get(code), self.viewer, self.customer, self.place, self.purpose)
            self._decided[code] = found
        return found

    def shows_everything(self) -> bool:
        """Whether every private item is shown in full, so that a row as sent may be shown whole."""
        rules = _rules_for(self.viewer)
        private = [code for code, item in self._items.items() if graded(item, rules)[0] == Item.Grade.PRIVATE]
        return bool(self._items) and all(self.decide(code).level is Level.FULL for code in private)


def read(customer: Customer, viewer: Staff, place: Place, purpose: Purpose | None = None) -> Reading:
    """The customer's values as `viewer` may see them here. purpose: None for the one that the viewer has declared."""
    return Reading(customer, viewer, place, purpose)


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
