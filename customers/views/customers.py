"""The customer list, the 360° page, and a source record as it was sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers
from django.views.generic import TemplateView

from accounts.exporting.lists import export_address
from accounts.models import AccessEntry
from accounts.trail import carry_on, describe
from customers import masking, tables
from customers.asked import kept_words
from customers.filters import CustomerFilter, customer_filter
from customers.formats import amount
from customers.forms.as_of import AsOfForm
from customers.models import Customer, SourceRecord
from customers.numbering import parse_customer_number
from customers.paging import DEFAULT_SORT, MOST_COUNTED, SORTS, Page, bounded_count, page_of
from customers.panels.provenance import anchor_of
from customers.profile import PART, Part, below_of, is_noted, page_of_customer
from customers.querysets import CustomerQuerySet
from customers.reading import Place, read
from customers.reports.as_of import as_of_report
from customers.reports.as_of_remarks import Asked
from customers.reports.gone import gone_for
from customers.reports.match_pairs import link_report
from customers.reports.retirement import retirement_of

SESSION_COLUMNS = "customer_list_columns"
GONE = 410
PAGING_WORDS = ("after", "before")


class CustomerList(PermissionRequiredMixin, TemplateView):
    """The customers in the reader's scope: filters, order, columns and place stand in the address."""

    permission_required = "customers.view_customer"
    raise_exception = True
    template_name = "customers/customer_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        narrowed = customer_filter(query, self.request.user)
        columns = self._columns()
        sort, is_descending = _order(query.get("sort", ""))
        page = page_of(
            narrowed.qs.select_related("main_branch", "keeper").only(*tables.fields_of(columns)),
            scope=narrowed.queryset,
            sort=sort,
            is_descending=is_descending,
            after=query.get("after", ""),
            before=query.get("before", ""),
        )
        count, is_exact = bounded_count(narrowed.qs)
        describe(kind=AccessEntry.Kind.LIST, conditions=_conditions(narrowed, columns), count=count)
        return super().get_context_data(
            filter=narrowed,
            active_filters=[(active, _with(query, **{active.name: ""})) for active in narrowed.active],
            kept_words=list(_kept_words(query)),
            heads=_heads(columns, query, sort, is_descending),
            rows=[self._row(customer, columns) for customer in page.customers],
            column_choices=[(column, column in columns, column.code in tables.FIXED) for column in tables.COLUMNS],
            summary=_summary(count, is_exact),
            export_url=self._export_url(columns),
            **_neighbours(page, query),
            **kwargs,
        )

    def _columns(self) -> tuple[tables.Column, ...]:
        """The columns asked for in the address, else those of the last time, else the usual ones."""
        codes = self.request.GET.getlist("columns")
        if codes:
            self.request.session[SESSION_COLUMNS] = codes
        return tables.chosen_columns(codes or self.request.session.get(SESSION_COLUMNS) or tables.USUAL)

    def _export_url(self, columns: Sequence[tables.Column]) -> str:
        words = dict(self.request.GET.lists()) | {"columns": [column.code for column in columns]}
        return export_address(self.request.user, "customers", words)

    def _row(self, customer: Customer, columns: Sequence[tables.Column]) -> dict[str, object]:
        reading = read(customer, self.request.user, Place.LIST)
        return {"url": customer.get_absolute_url(), "cells": tables.cells_of(customer, columns, reading)}


def _order(sort: str) -> tuple[str, bool]:
    """`-name` → ("name", True)."""
    name = sort.removeprefix("-")
    return (name, sort.startswith("-")) if name in SORTS else (DEFAULT_SORT, False)


def _heads(
    columns: Sequence[tables.Column], query: QueryDict, sort: str, is_descending: bool
) -> list[dict[str, object]]:
    """Per column: the address that sorts by it, and how it is sorted now (for aria-sort)."""
    heads = []
    for column in columns:
        is_sorted = bool(column.sort) and column.sort == sort
        turned = f"-{column.sort}" if is_sorted and not is_descending else column.sort
        heads.append(
            {
                "column": column,
                "url": _with(query, sort=turned) if column.sort else "",
                "sorted": ("descending" if is_descending else "ascending") if is_sorted else "",
            }
        )
    return heads


def _with(query: QueryDict, **words: str) -> str:
    """This address with other words, an empty one left out, back at the first page."""
    changed = query.copy()
    for word in (*PAGING_WORDS, *words):
        changed.pop(word, None)
    for word, value in words.items():
        if value:
            changed[word] = value
    return f"?{changed.urlencode()}"


def _neighbours(page: Page, query: QueryDict) -> dict[str, str | None]:
    return {
        "previous_url": _with(query, before=page.before) if page.before else None,
        "next_url": _with(query, after=page.after) if page.after else None,
    }


def _kept_words(query: QueryDict) -> Iterator[tuple[str, str]]:
    """The words of this address that stay when other columns are chosen."""
    for word, values in query.lists():
        if word not in (*PAGING_WORDS, "columns"):
            yield from ((word, value) for value in values)


def _conditions(narrowed: CustomerFilter, columns: Sequence[tables.Column]) -> dict[str, str]:
    """What the trail keeps of a list: what it was narrowed by, and which columns it showed."""
    used = {active.name: narrowed.form.cleaned_data[active.name] for active in narrowed.active}
    return kept_words(used | {"columns": " ".join(column.code for column in columns)})


def _summary(count: int, is_exact: bool) -> str:
    """The honest count: exact up to 10,000, beyond that no more than that there are more."""
    exact = ngettext("%(count)s customer", "%(count)s customers", count)
    sentence = exact if is_exact else _("more than %(count)s customers")
    return sentence % {"count": amount(count if is_exact else MOST_COUNTED)}


@require_GET
@vary_on_headers("HX-Request")
@permission_required("customers.view_customer", raise_exception=True)
def customer_detail(request: HttpRequest, number: str) -> HttpResponse:
    """The 360° page: first the panels that lead, and to the page that then asks for them, the others; with `part=all`
    everything at once. Of a retired number, when and why it was retired and into which customer; with `as_of`, either
    as it was then. Of a number whose customer is gone no more than since when."""
    is_of_then = bool(request.GET.get("as_of"))
    if is_of_then and not request.user.has_perm("customers.view_customer_history"):
        raise PermissionDenied
    try:
        customer = _answering(Customer.objects.visible_to(request.user).with_holders(), number)
    except Http404:
        return _gone(request, number)
    if is_of_then:
        return _as_of(request, number, customer)
    if customer.number != number:
        return _retired(request, number, customer)
    if request.htmx and request.GET.get(PART) == Part.BELOW:
        return _below(request, customer)
    return render(request, "customers/customer_detail.html", page_of_customer(request, customer))


def _below(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The panels that do not lead, for the page that shows the others; one look with it where its entry is fresh."""
    response = render(request, "customers/_customer_below.html", below_of(customer, request.user))
    if is_noted(request, customer):
        carry_on([customer.pk])
    return response


def _answering(visible: CustomerQuerySet, number: str) -> Customer:
    """The customer that answers to a number today: of a retired number the one it was merged into."""
    customer = visible.filter(number=number).first()
    if customer is None or not customer.is_active_customer:
        customer = get_object_or_404(visible, absorbed__number=number)
    return customer


def _gone(request: HttpRequest, number: str) -> HttpResponse:
    """Since when the customer of a number is gone, for those who may ask; to all others there is no such number."""
    gone = gone_for(number, request.user)
    if gone is None:
        raise Http404
    return render(request, "customers/customer_gone.html", {"gone": gone}, status=GONE)


def _retired(request: HttpRequest, number: str, survivor: Customer) -> HttpResponse:
    retirement = retirement_of(number, survivor, request.user)
    before = timezone.localtime(retirement.first.at) - timedelta(minutes=1)
    context = {
        "number": number,
        "survivor": survivor,
        "reading": read(survivor, request.user, Place.PROFILE),
        "retirement": retirement,
        "before": f"{before:%Y-%m-%dT%H:%M}",
    }
    return render(request, "customers/customer_retired.html", context)


def _as_of(request: HttpRequest, number: str, customer: Customer) -> HttpResponse:
    """customer: the one that answers to the number today."""
    form = AsOfForm(request.GET, now=timezone.now())
    report = None
    if form.is_valid():
        own = customer if customer.number == number else customer.absorbed.get(number=number)
        asked = Asked(form.text, form.cleaned_data["as_of"])
        report = as_of_report(own, customer, request.user, asked)
    context = {
        "number": number,
        "customer": customer,
        "reading": read(customer, request.user, Place.PROFILE),
        "form": form,
        "report": report,
    }
    return render(request, "customers/customer_as_of.html", context)


@require_GET
@permission_required("customers.view_customer", raise_exception=True)
def customer_by_written_number(request: HttpRequest, written: str) -> HttpResponse:
    """C-000012345-6 as people write it leads to the page of the number, a retired one too."""
    number = parse_customer_number(written)
    if number is None:
        raise Http404
    try:
        _answering(Customer.objects.visible_to(request.user), number)
    except Http404:
        if not gone_for(number, request.user):
            raise
    return redirect("customers:customer-detail", number)


@require_GET
@vary_on_headers("HX-Request", "HX-Target")
@permission_required(["customers.view_customer", "customers.view_sourcerecord"], raise_exception=True)
def record_detail(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The row as the source sent it, identifiers masked; nothing of it where a private item may not be seen in full."""
    customer = _answering(Customer.objects.visible_to(request.user), number)
    if customer.number != number:
        return redirect("customers:record-detail", customer.number, pk)
    records = SourceRecord.objects.filter(link__customer=customer).select_related(
        "feed_run", "source", "link__linked_by"
    )
    record = get_object_or_404(records, pk=pk)
    is_shown = read(customer, request.user, Place.PROFILE).shows_everything()
    anchor = anchor_of(record)
    is_part = bool(request.htmx and request.htmx.target == anchor)
    context = {
        "customer": customer,
        "record": record,
        "cells": _cells(record) if is_shown else [],
        "is_shown": is_shown,
        "anchor": anchor if is_part else "",
        "why": None if is_part else link_report(record, customer, request.user),
    }
    return render(request, "customers/_record_raw.html" if is_part else "customers/record_detail.html", context)


def _cells(record: SourceRecord) -> list[tuple[str, str]]:
    """Column and cell as sent. Whatever has the form of a resident number is masked, in whichever cell it stands."""
    cells = json.loads(record.raw)
    columns = record.feed_run.columns
    names = [*columns, *(_("column %(place)s") % {"place": place + 1} for place in range(len(columns), len(cells)))]
    return [(name, masking.without_resident_numbers(cell)) for name, cell in zip(names, cells, strict=False) if cell]
