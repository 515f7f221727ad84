"""What the page of the duplicate check tells of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers import matching_words as words
from customers import wording
from customers.dedup.comparison import FIELDS, LEVELS
from customers.dedup.explain import COMPARED
from customers.dedup.model import levels_of
from customers.feeds.reasons import ROW_REASONS
from customers.models import Customer
from customers.numbering import written_number
from customers.reading import Place, Shown, read
from customers.services.duplicates import Advice, Blind, Check, Match

COLUMNS = (
    "number kind name birth_date is_lunar mobile phone_home company_no company_name main_branch__name "
    "main_branch__code keeper__employee_number keeper__name"
).split()
ADVICE: Mapping[Advice, tuple[Promise, str]] = {
    Advice.LINK: (gettext_lazy("The same customer"), "green"),
    Advice.REVIEW: (gettext_lazy("May be the same"), "yellow"),
    Advice.NO: (gettext_lazy("Hardly the same"), "secondary"),
}
"""How sure a match is, and the tone of its badge."""
BLIND_SENTENCES: Mapping[Blind, Promise] = {
    Blind.EXISTS: gettext_lazy("This customer is there already, outside your scope. Ask: %(whom)s."),
    Blind.SIMILAR: gettext_lazy("There is somebody similar outside your scope. Ask: %(whom)s."),
}


@dataclass(frozen=True)
class MatchLine:
    """A customer that may be the one who was typed, with its values as this reader may see them. agreement: how each
    item that both have agrees."""

    number: str
    url: str
    name: Shown
    birth_date: Shown
    phone: Shown
    branch: str
    keeper: str
    advice: str
    tone: str
    agreement: str


@dataclass(frozen=True)
class CheckReport:
    """lines: matches, the likeliest first; blind: a sentence on customers outside the reader's scope, "" for none;
    findings: [(item, what is wrong with what was typed, whether it counted all the same)]."""

    lines: tuple[MatchLine, ...]
    blind: str
    findings: tuple[tuple[str, str, bool], ...]


def check_report(check: Check, viewer: Staff, labels: Mapping[str, str | Promise]) -> CheckReport:
    """The answer for `viewer`, in two queries at most. labels: {item: what the form calls it}."""
    ids = [match.customer_id for match in check.matches]
    customers = Customer.objects.visible_to(viewer).with_holders().only(*COLUMNS).in_bulk(ids) if ids else {}
    lines = (
        _line(match, customers[match.customer_id], viewer) for match in check.matches if match.customer_id in customers
    )
    findings = (
        (str(labels[item]), str(ROW_REASONS.get(code) or wording.problem(code)), is_used)
        for item, code, is_used in check.problems
        if item in labels
    )
    return CheckReport(tuple(lines), _blind(check), tuple(findings))


def _line(match: Match, customer: Customer, viewer: Staff) -> MatchLine:
    reading = read(customer, viewer, Place.SEARCH)
    advice, tone = ADVICE[match.advice]
    return MatchLine(
        number=written_number(customer.number),
        url=customer.get_absolute_url(),
        name=reading["name"],
        birth_date=reading["birth_date"] if customer.kind == "PERSON" else reading["company"],
        phone=reading["mobile"] if customer.mobile else reading["phone_home"],
        branch=str(customer.main_branch or ""),
        keeper=customer.keeper.name if customer.keeper else "",
        advice=str(advice),
        tone=tone,
        agreement=_agreement(match.pattern),
    )


def _agreement(pattern: int) -> str:
    """Name: Same · Mobile: One digit apart."""
    levels = dict(zip(FIELDS, levels_of(np.array([pattern], np.int64))[0].tolist(), strict=True))
    named = {field: LEVELS[field][levels[field]] for field in COMPARED}
    return wording.listed(
        [f"{words.FIELDS[field]}: {words.LEVELS[field][level]}" for field, level in named.items() if level != "unknown"]
    )


def _blind(check: Check) -> str:
    if check.blind is Blind.NONE:
        return ""
    return BLIND_SENTENCES[check.blind] % {"whom": check.ask or _("the data stewards")}
