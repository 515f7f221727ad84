"""Quick search: what was typed, read in every way it can be meant, asked through `visible_to`, grouped by the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Staff
from customers.models import Customer
from customers.numbering import written_number
from customers.querysets import CustomerQuerySet
from customers.reading import Place, Shown, read
from customers.reports.gone import gone_for
from customers.reports.retirement import retirement_of
from customers.search.probes import PROBES, Probe
from customers.search.terms import Terms, from_english_mode, read_terms

GROUP_LIMIT = 20
COLUMNS = (
    "number kind state name birth_date is_lunar mobile phone_home grade company_no company_name "
    "employee_no main_branch__code main_branch__name keeper__employee_number keeper__name"
).split()

__all__ = ["Group", "Hit", "Results", "search"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One customer that was found, with its values as this reader may see them in a search."""

    number: str
    url: str
    kind: str
    name: Shown
    birth_date: Shown
    mobile: Shown
    grade: str
    branch: str
    keeper: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """The customers found in one way, at most twenty; more_url: the list of all of them, where it has such a filter."""

    code: str
    title: str
    hits: tuple[Hit, ...]
    has_more: bool = False
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """What was found, grouped. notices: what the reader should know; goes_to: the page of an exact customer number."""

    text: str
    groups: tuple[Group, ...] = ()
    notices: tuple[str, ...] = ()
    goes_to: str = ""

    @property
    def hit_count(self) -> int:
        return sum(len(group.hits) for group in self.groups)


def search(text: str, viewer: Staff, today: date) -> Results:
    """Search for customers that `viewer` may see. today: birth dates after it are none."""
    terms = read_terms(text, today)
    if not terms.text:
        return Results("")
    if terms.number and (found := _by_number(terms, viewer)):
        return found
    groups = _groups(terms, viewer)
    notices = _remarks(terms, is_found=bool(groups))
    meant = "" if groups else from_english_mode(terms.text)
    if meant and (groups := _groups(read_terms(meant, today), viewer)):
        notices.append(_("Searched for %(text)s, as typed with the keyboard in English mode.") % {"text": meant})
    return Results(terms.text, groups, tuple(notices))


def _remarks(terms: Terms, *, is_found: bool) -> list[str]:
    """What the reader should know about the text itself."""
    if terms.is_mistyped:
        return [_("This is no customer number: its check digit is wrong. Please check it.")]
    if terms.may_be_resident_number and not is_found:
        return [_("Resident numbers are never searched for; please do not type any. Search by name and birth date.")]
    return []


def _by_number(terms: Terms, viewer: Staff) -> Results | None:
    """The customer of this number, or the one it was merged into, with every step there; None if unseen."""
    visible = _listed(Customer.objects.visible_to(viewer))
    customer = visible.filter(number=terms.number).first()
    survivor = customer
    if customer is None or not customer.is_active_customer:
        survivor = visible.filter(absorbed__number=terms.number).first()
    if survivor is None:
        return _gone(terms, viewer)
    group = Group("number", _("Customer number"), (_hit(survivor, viewer),))
    steps = () if survivor is customer else retirement_of(terms.number, survivor, viewer).steps
    notices = tuple(step.told for step in steps)
    return Results(terms.text, (group,), notices, goes_to=survivor.get_absolute_url())


def _gone(terms: Terms, viewer: Staff) -> Results | None:
    """The page of a number whose customer is gone, for those who may ask."""
    gone = gone_for(terms.number, viewer)
    if gone is None:
        return None
    return Results(terms.text, notices=(gone.told,), goes_to=reverse("customers:customer-detail", args=[gone.number]))


def _groups(terms: Terms, viewer: Staff) -> tuple[Group, ...]:
    asked = (probe for probe in PROBES if probe.applies(terms))
    groups = (_group(probe, terms, viewer) for probe in asked)
    return tuple(group for group in groups if group.hits)


def _group(probe: Probe, terms: Terms, viewer: Staff) -> Group:
    active = Customer.objects.visible_to(viewer).filter(state=Customer.State.ACTIVE)
    found = list(_listed(probe.find(active, terms))[: GROUP_LIMIT + 1])
    has_more = len(found) > GROUP_LIMIT
    phone = terms.phone if probe.is_by_phone else ""
    filters = probe.filters(terms) if has_more else {}
    more_url = f"{reverse('customers:customer-list')}?{urlencode(filters)}" if filters else ""
    return Group(probe.code, str(probe.title), _hits(found[:GROUP_LIMIT], viewer, phone), has_more, more_url)


def _listed(customers: CustomerQuerySet) -> CustomerQuerySet:
    return customers.with_holders().only(*COLUMNS)


def _hits(customers: Iterable[Customer], viewer: Staff, phone: str) -> tuple[Hit, ...]:
    return tuple(_hit(customer, viewer, phone) for customer in customers)


def _hit(customer: Customer, viewer: Staff, phone: str = "") -> Hit:
    """phone: the whole number by which the customer was found, if it was."""
    reading = read(customer, viewer, Place.SEARCH)
    is_former = bool(phone) and phone not in (customer.mobile, customer.phone_home)
    return Hit(
        number=written_number(customer.number),
        url=customer.get_absolute_url(),
        kind=customer.kind,
        name=reading["name"],
        birth_date=reading["birth_date"] if customer.kind == "PERSON" else reading["company"],
        mobile=reading["mobile"] if customer.mobile else reading["phone_home"],
        grade=customer.get_grade_display(),
        branch=str(customer.main_branch or ""),
        keeper=customer.keeper.name if customer.keeper else "",
        note=_("former number") if is_former else "",
    )
