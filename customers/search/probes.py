"""One probe per thing that a search text may mean; each is one bounded query on one index."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _

from customers.models import Link, SourceRecord, SourceSystem
from customers.querysets import CustomerQuerySet
from customers.search.conditions import named, with_phone_tail
from customers.search.terms import Terms

BY_NAME = ("sort_name", "pk")
BUSINESS_DIGITS = 10
# A party is tied to its record by source and key, and to its contract by source and number.
ON_CONTRACT = """
SELECT link.customer_id FROM customers_contract contract
JOIN customers_contractparty party
  ON party.source_id = contract.source_id AND party.contract_no = contract.contract_no
JOIN customers_sourcerecord record
  ON record.source_id = party.source_id AND record.source_key = party.party_source_key
JOIN customers_link link ON link.record_id = record.id
WHERE contract.contract_no = %s
"""


class Probe(NamedTuple):
    """A way to find customers: the title of its hits, whether the terms ask for it, its query, filters of the list.

    is_by_phone: it finds customers by a whole phone number, which they may have given up since.
    """

    code: str
    title: str
    applies: Callable[[Terms], bool]
    find: Callable[[CustomerQuerySet, Terms], CustomerQuerySet]
    filters: Callable[[Terms], dict[str, str]] = lambda _terms: {}
    is_by_phone: bool = False


def _combined(customers: CustomerQuerySet, terms: Terms) -> CustomerQuerySet:
    """The birth date or the phone number is the rare part, so its index leads; the name narrows."""
    found = named(customers, terms.names, terms.initials)
    if terms.births:
        return found.filter(birth_date__in=terms.births).order_by(*BY_NAME)
    return with_phone_tail(found, terms.tail).order_by(*BY_NAME)


def _by_name(customers: CustomerQuerySet, terms: Terms) -> CustomerQuerySet:
    return named(customers, terms.names, "").order_by(*BY_NAME)


def _by_initials(customers: CustomerQuerySet, terms: Terms) -> CustomerQuerySet:
    found = named(customers, terms.names, terms.initials)
    return found.order_by(*BY_NAME) if terms.names else found.order_by("initials", "pk")


def _by_tail(customers: CustomerQuerySet, terms: Terms) -> CustomerQuerySet:
    return with_phone_tail(customers, terms.tail or terms.local).order_by(*BY_NAME)


def _by_mobile(customers: CustomerQuerySet, terms: Terms) -> CustomerQuerySet:
    """By the number on any record, so that a number given up long ago still finds its customer."""
    held = Link.objects.filter(record__mobile=terms.phone).values("customer_id")
    return customers.filter(pk__in=held).order_by(*BY_NAME)


def _by_home_phone(customers: CustomerQuerySet, terms: Terms) -> CustomerQuerySet:
    tails = customers.alias(home_tail=Right("phone_home", 4))
    found = tails.filter(~Q(phone_home=""), home_tail=terms.phone[-4:], phone_home=terms.phone)
    return found.order_by(*BY_NAME)


def _by_birth(customers: CustomerQuerySet, terms: Terms) -> CustomerQuerySet:
    return customers.filter(birth_date__in=terms.births).order_by(*BY_NAME)


def _by_organisation_number(customers: CustomerQuerySet, terms: Terms) -> CustomerQuerySet:
    """By the number on any record of an organisation, so that one of two that differ finds it as well."""
    column = "company_no" if len(terms.organisation) == BUSINESS_DIGITS else "crn"
    held = Link.objects.filter(record__kind=SourceRecord.Kind.ORG, **{f"record__{column}": terms.organisation})
    return customers.filter(pk__in=held.values("customer_id")).order_by(*BY_NAME)


def _by_source_key(customers: CustomerQuerySet, terms: Terms) -> CustomerQuerySet:
    records = SourceRecord.objects.filter(source__in=SourceSystem.objects.values("pk"), source_key=terms.code)
    return customers.filter(pk__in=Link.objects.filter(record__in=records).values("customer_id")).order_by(*BY_NAME)


def _by_contract(customers: CustomerQuerySet, terms: Terms) -> CustomerQuerySet:
    return customers.filter(pk__in=RawSQL(ON_CONTRACT, [terms.code])).order_by(*BY_NAME)  # noqa: S611 - no text of the user's


def _name_filter(terms: Terms) -> dict[str, str]:
    words = terms.text.split()
    return {"name": " ".join(words[:-1]) if terms.is_combined else terms.text}


def _birth_filter(terms: Terms) -> dict[str, str]:
    """The list takes one range; six digits that mean two centuries have none."""
    if len(terms.births) != 1:
        return {}
    day = terms.births[0].isoformat()
    return {"born_from": day, "born_to": day}


def _combined_filter(terms: Terms) -> dict[str, str]:
    rest = _birth_filter(terms) if terms.births else {"phone": terms.tail}
    return _name_filter(terms) | rest if rest else {}


PROBES = (
    Probe("combined", _("Name with birth date or phone"), lambda t: t.is_combined, _combined, _combined_filter),
    Probe("name", _("Name"), lambda t: bool(t.names) and not t.initials and not t.is_combined, _by_name, _name_filter),
    Probe(
        "initials",
        _("Initial consonants"),
        lambda t: bool(t.initials) and not t.is_combined,
        _by_initials,
        _name_filter,
    ),
    Probe(
        "tail",
        _("End of phone number"),
        lambda t: bool(t.tail or t.local) and not t.is_combined,
        _by_tail,
        lambda t: {"phone": t.tail or t.local},
    ),
    Probe("mobile", _("Phone number"), lambda t: bool(t.phone), _by_mobile, is_by_phone=True),
    Probe("home", _("Home phone number"), lambda t: bool(t.phone) and not t.phone.startswith("01"), _by_home_phone),
    Probe("birth", _("Birth date"), lambda t: bool(t.births) and not t.is_combined, _by_birth, _birth_filter),
    Probe(
        "organisation-number",
        _("Business or corporate number"),
        lambda t: bool(t.organisation),
        _by_organisation_number,
    ),
    Probe("source-key", _("Source key"), lambda t: bool(t.code), _by_source_key),
    Probe("contract", _("Contract number"), lambda t: bool(t.code), _by_contract),
)
"""In the order in which their hits are shown; those of a customer number stand above all."""
