"""How long the pages and sets of organisations take on the stock that is loaded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import perf_counter

from django.db import transaction

from accounts.models import Staff
from customers.models import Customer
from customers.paging import bounded_count, page_of
from customers.reading import Place
from relations.organisation_filters import organisation_filter
from relations.reports.organisation_lists import FIELDS, organisation_lines
from relations.reports.organisation_owners import count_differences
from relations.reports.organisations import organisation_report
from relations.services import organisations

FILTERS = ({}, {"legal_form": "FOUNDATION"}, {"group_contract": "on"}, {"homeless": "on"}, {"affiliates": "on"})


def measure(*, viewer: Staff, at: datetime) -> dict[str, object]:
    """Milliseconds of the list under each filter, of pages, of the overview, and of taking over all head offices, which
    is rolled back. viewer: somebody who sees every customer."""
    found = Customer.objects.filter(kind="ORG", state=Customer.State.ACTIVE)
    pages = list(found.order_by("-source_count", "pk")[:20])
    lists = {" ".join(words) or "all": _timed(lambda words=words: _list(words, viewer)) for words in FILTERS}
    shown = sorted(_timed(lambda each=each: organisation_report(each, viewer, at.date())) for each in pages)
    return {
        "organisations": found.count(),
        "list_ms": lists,
        "page_ms_worst": shown[-1] if shown else 0.0,
        "overview_ms": _timed(lambda: count_differences(at)),
        "head_offices_ms": _timed(lambda: _adopt(at)),
    }


def _list(words: dict[str, str], viewer: Staff) -> None:
    narrowed = organisation_filter(words, viewer)
    rows = narrowed.qs.select_related("main_branch", "keeper").only(*FIELDS)
    page = page_of(rows, scope=narrowed.queryset, sort="name", is_descending=False)
    organisation_lines(page.customers, viewer, Place.LIST)
    bounded_count(narrowed.qs)


def _adopt(at: datetime) -> None:
    with transaction.atomic():
        organisations.adopt_head_offices(by=None, at=at)
        transaction.set_rollback(True)


def _timed(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return round(1000 * (perf_counter() - begun), 1)
