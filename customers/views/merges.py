"""Merging customers, taking merges back, splitting records off and moving them: each seen before it is done."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from customers.forms.golden_values import ReasonForm
from customers.forms.merges import IntoForm, MergeChooseForm, MergeForm, MoveForm, UnmergeForm
from customers.models import Act, Customer, SourceRecord
from customers.numbering import written_number
from customers.querysets import CustomerQuerySet
from customers.reports.merge_candidates import candidates_for
from customers.reports.merges import mark_of_merge, merge_report, named, split_report, unmerge_report
from customers.services import locks, merges, proposals, splits, unmerges

BUSY = gettext_lazy("A feed or a match run is writing just now. Nothing was done; try again in a moment.")
CHANGED = gettext_lazy("Something changed since you looked. Nothing was done; this is how it is now.")
CANNOT_MERGE: dict[type[Exception], Promise] = {
    merges.MergeOfItself: gettext_lazy("A merge takes two customers or more."),
    merges.TooManyToMerge: gettext_lazy("So many customers are not merged at once."),
    merges.NotActive: gettext_lazy("One of the customers was merged meanwhile. Nothing was done; choose again."),
    merges.KindsDiffer: gettext_lazy("A person and an organisation are never one customer."),
    merges.OnHold: gettext_lazy("One of the customers must stay as it is until a hold is released. Nothing was done."),
    locks.StockBusy: BUSY,
}
CANNOT_UNMERGE: dict[type[Exception], Promise] = {
    unmerges.NotMerged: gettext_lazy("This number is not merged: somebody took the merge back already."),
    unmerges.NothingLeft: gettext_lazy(
        "None of the records that the merge moved is still there. Split single records off the customer instead."
    ),
    locks.StockBusy: BUSY,
}
CANNOT_SPLIT: dict[type[Exception], Promise] = {
    splits.OnlyRecord: gettext_lazy("This is the only record of its customer. Merge the whole customer instead."),
    splits.AlreadyThere: gettext_lazy("The record belongs to that customer already."),
    splits.BelongsToNobody: gettext_lazy("The record belongs to no customer."),
    splits.IsCorrection: gettext_lazy("This is a correction by a person. Take the correction back instead."),
    merges.NotActive: gettext_lazy("That customer was merged meanwhile. Nothing was done; choose again."),
    merges.KindsDiffer: gettext_lazy("A person and an organisation are never one customer."),
    locks.StockBusy: BUSY,
}
MERGE = "customers.merge_customer"


def _visible(request: HttpRequest) -> CustomerQuerySet:
    return Customer.objects.visible_to(request.user).with_holders()


def _active(request: HttpRequest, number: str) -> Customer:
    """An active customer that the reader may see, or 404."""
    return get_object_or_404(_visible(request), number=number, state=Customer.State.ACTIVE)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MERGE, raise_exception=True)
def customer_merge(request: HttpRequest, number: str) -> HttpResponse:
    """Choose what to merge a customer with; once it was looked at and sent, merge."""
    customer = _active(request, number) if request.method != "POST" else None
    if customer is None:
        return _merge(request, number)
    return _choose(request, customer, None)


def _choose(request: HttpRequest, customer: Customer, form: MergeChooseForm | None) -> HttpResponse:
    candidates = candidates_for(customer, request.user, timezone.now())
    offered = [each.customer.digits for each in candidates]
    form = form or MergeChooseForm(own=customer.number, offered=offered)
    context = {
        "customer": customer,
        "own": named(customer, request.user),
        "candidates": candidates,
        "chosen": form.data.getlist("with") if form.is_bound else [],
        "form": form,
    }
    return render(request, "customers/merge_choose.html", context)


@require_GET
@permission_required(MERGE, raise_exception=True)
def merge_preview(request: HttpRequest, number: str) -> HttpResponse:
    """What merging the chosen customers would do. Words of the address: with, numbers; survivor, this one without."""
    customer = _active(request, number)
    offered = [written for written in request.GET.getlist("with") if written.isdecimal()]
    form = MergeChooseForm(request.GET, own=number, offered=offered)
    if not form.is_valid():
        return _choose(request, customer, form)
    wanted = [number, *form.cleaned_data["others"]]
    held = {each.number: each for each in _visible(request).filter(number__in=wanted)}
    missing = [each for each in wanted if each not in held]
    if missing:
        unknown = ", ".join(map(written_number, missing))
        form.add_error(None, _("There is no such customer that you may see: %(numbers)s") % {"numbers": unknown})
        return _choose(request, customer, form)
    survivor = request.GET.get("survivor", number)
    ordered = sorted((held[each] for each in wanted), key=lambda one: one.number != survivor)
    return _preview(request, number, ordered, MergeForm(initial={"reason_code": "EVIDENCE"}))


def _preview(request: HttpRequest, number: str, customers: Sequence[Customer], form: MergeForm) -> HttpResponse:
    """customers: the survivor first."""
    now = timezone.now()
    try:
        preview = merges.preview_merge(survivor=customers[0], retired=customers[1:], by=request.user, at=now)
    except tuple(CANNOT_MERGE) as refused:
        messages.warning(request, str(CANNOT_MERGE[type(refused)]))
        return _choose_again(request, number)
    report = merge_report(preview, request.user, timezone.localdate(now))
    context = {"number": number, "report": report, "form": form}
    return render(request, "customers/merge_preview.html", context)


def _merge(request: HttpRequest, number: str) -> HttpResponse:
    form = MergeForm(request.POST)
    form.is_valid()
    numbers = form.cleaned_data.get("customers")
    if not numbers or number not in numbers:
        messages.warning(request, _("Choose the customers again."))
        return redirect("customers:customer-merge", number)
    customers = [get_object_or_404(_visible(request), number=each) for each in numbers]
    if form.errors:
        return _preview(request, number, customers, form)
    return _done_or_proposed(request, number, customers, form)


def _done_or_proposed(
    request: HttpRequest, number: str, customers: Sequence[Customer], form: MergeForm
) -> HttpResponse:
    who = {"survivor": customers[0], "retired": customers[1:], "by": request.user, "at": timezone.now()}
    words = {name: form.cleaned_data[name] for name in ("reason_code", "comment")}
    try:
        act = merges.merge_customers(**who, **words, seen=form.cleaned_data["seen"])
    except merges.Changed:
        messages.warning(request, str(CHANGED))
        return _preview(request, number, customers, form)
    except merges.SecondPersonNeeded as needed:
        return _propose(request, who | words | {"why": needed.why}, number)
    except tuple(CANNOT_MERGE) as refused:
        messages.warning(request, str(CANNOT_MERGE[type(refused)]))
        return _choose_again(request, number)
    messages.success(request, _("The customers were merged. The act can be taken back."))
    return redirect("customers:act-detail", pk=act.pk)


def _choose_again(request: HttpRequest, number: str) -> HttpResponse:
    """To the choice of customers; where the customer itself was merged meanwhile, to what became of its number."""
    is_active = _visible(request).filter(number=number, state=Customer.State.ACTIVE).exists()
    return redirect("customers:customer-merge" if is_active else "customers:customer-detail", number)


def _propose(request: HttpRequest, wanted: dict[str, object], number: str) -> HttpResponse:
    try:
        proposal = proposals.propose_merge(**wanted)
    except proposals.AlreadyProposed as waiting:
        messages.warning(request, _("A proposal on one of these customers is waiting already; this is it."))
        return redirect("customers:proposal-detail", pk=waiting.proposal.pk)
    except locks.StockBusy:
        messages.warning(request, str(BUSY))
        return redirect("customers:customer-merge", number)
    messages.success(request, _("The merge was laid before a second person."))
    return redirect("customers:proposal-detail", pk=proposal.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MERGE, raise_exception=True)
def customer_unmerge(request: HttpRequest, number: str) -> HttpResponse:
    """What letting a retired number live again would do, and what came since; once it was sent, do so."""
    retired = get_object_or_404(Customer, number=number)
    if retired.is_active_customer:
        get_object_or_404(_visible(request), pk=retired.pk)
        messages.warning(request, str(CANNOT_UNMERGE[unmerges.NotMerged]))
        return redirect(retired)
    holder = get_object_or_404(_visible(request), pk=retired.merged_into_id)
    try:
        preview = unmerges.preview_unmerge(retired=retired, by=request.user, at=timezone.now())
    except tuple(CANNOT_UNMERGE) as refused:
        messages.warning(request, str(CANNOT_UNMERGE[type(refused)]))
        return redirect(holder)
    report = unmerge_report(preview, request.user)
    form = UnmergeForm(request.POST or None, questions=report.questions)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["seen"] == mark_of_merge(preview.merge.pk, preview.holder):
            return _unmerge(request, retired, form)
        messages.warning(request, str(CHANGED))
    return render(request, "customers/unmerge_preview.html", {"report": report, "form": form})


def _unmerge(request: HttpRequest, retired: Customer, form: UnmergeForm) -> HttpResponse:
    data = form.cleaned_data
    try:
        act = unmerges.unmerge_customer(
            retired=retired,
            by=request.user,
            at=timezone.now(),
            answers={record: customer == retired.pk for record, customer in form.answers.items()},
            reason_code=data["reason_code"],
            comment=data["comment"],
            keep_apart=data["keep_apart"],
        )
    except unmerges.AnswersMissing:
        messages.warning(request, str(CHANGED))
        return redirect("customers:customer-unmerge", retired.number)
    except tuple(CANNOT_UNMERGE) as refused:
        messages.warning(request, str(CANNOT_UNMERGE[type(refused)]))
        return redirect(retired)
    messages.success(request, _("The number lives again. Whoever acted on the merged view is told."))
    return redirect("customers:act-detail", pk=act.pk)


def _record_of(request: HttpRequest, number: str, pk: int) -> tuple[Customer, SourceRecord]:
    """The customer, and its record, which the reader may see, or 404."""
    customer = _active(request, number)
    records = SourceRecord.objects.filter(link__customer=customer).select_related("source")
    return customer, get_object_or_404(records, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required([MERGE, "customers.view_sourcerecord"], raise_exception=True)
def record_split(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What splitting a record off would do; once it was sent, do so."""
    customer, record = _record_of(request, number, pk)
    form, now = ReasonForm(request.POST or None), timezone.now()
    try:
        if request.method == "POST" and form.is_valid():
            act, _new = splits.split_record(record=record, by=request.user, at=now, **form.cleaned_data)
            messages.success(request, _("The record is a customer of its own now. The act can be taken back."))
            return redirect("customers:act-detail", pk=act.pk)
        preview = splits.preview_split(record=record, by=request.user, at=now)
    except tuple(CANNOT_SPLIT) as refused:
        messages.warning(request, str(CANNOT_SPLIT[type(refused)]))
        return redirect(customer)
    context = {"customer": customer, "record": record, "report": split_report(preview, request.user), "form": form}
    return render(request, "customers/split_preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required([MERGE, "customers.view_sourcerecord"], raise_exception=True)
def record_move(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Choose where to move a record; what that would do; once it was sent, do so. Word of the address: into."""
    customer, record = _record_of(request, number, pk)
    asked = IntoForm(request.POST if request.method == "POST" else request.GET if "into" in request.GET else None)
    into = _into(request, asked)
    if into is None:
        context = {
            "customer": customer,
            "record": record,
            "form": asked,
            "candidates": candidates_for(customer, request.user, timezone.now()),
        }
        return render(request, "customers/split_choose.html", context)
    return _move(request, customer, record, into)


def _into(request: HttpRequest, form: IntoForm) -> Customer | None:
    """The customer that was asked for; None where there is none, with an error in the form."""
    if not form.is_bound or not form.is_valid():
        return None
    into = _visible(request).filter(number=form.cleaned_data["into"], state=Customer.State.ACTIVE).first()
    if into is None:
        form.add_error("into", _("There is no such customer that you may see."))
    return into


def _move(request: HttpRequest, customer: Customer, record: SourceRecord, into: Customer) -> HttpResponse:
    form, now = MoveForm(request.POST or None, initial={"into": into.number}), timezone.now()
    who = {"record": record, "into": into, "by": request.user, "at": now}
    try:
        if request.method == "POST" and form.is_valid():
            words = {name: form.cleaned_data[name] for name in ("reason_code", "comment")}
            act: Act = splits.move_record(**who, **words)
            messages.success(request, _("The record was moved. The act can be taken back."))
            return redirect("customers:act-detail", pk=act.pk)
        preview = splits.preview_move(**who)
    except tuple(CANNOT_SPLIT) as refused:
        messages.warning(request, str(CANNOT_SPLIT[type(refused)]))
        return redirect(customer)
    context = {"customer": customer, "record": record, "report": split_report(preview, request.user), "form": form}
    return render(request, "customers/split_preview.html", context)
