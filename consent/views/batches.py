"""Batches of destruction: the list, proposing, deciding, answers about copies, the certificate and its check."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.generic import TemplateView

from accounts.models import AccessEntry
from accounts.trail import describe, saw
from consent.forms.batches import CopyForm, DecideForm, FingerprintForm, ProposeForm
from consent.models import CopyAnswer, DestructionBatch, DestructionItem
from consent.reports import batches as reports
from consent.reports.certificate_papers import certificate_as_pdf
from consent.rules.retention import Due
from consent.services import batches_copies as copies
from consent.services import retention_batches as services
from consent.words.retention import why_words
from customers.models import Customer
from customers.numbering import written_number
from customers.paging import newest_page, oldest_page

SEE = "consent.view_destructionbatch"
PROPOSE = (SEE, "consent.propose_destruction")
DECIDE = (SEE, "consent.approve_destruction")
ANSWER = (SEE, "consent.answer_copy")
MOST_TOLD = 5
CANNOT_DECIDE: Mapping[type[Exception], Promise] = {
    services.NotProposed: gettext_lazy("The batch was decided meanwhile. Nothing was done."),
    services.OwnProposal: gettext_lazy("You proposed this batch, so another person must decide about it."),
}
TABS = (
    ("open", gettext_lazy("To do")),
    ("PROPOSED", gettext_lazy("Waits for a decision")),
    ("DONE", gettext_lazy("Waits for copies")),
    ("late", gettext_lazy("Copies late")),
    ("CLOSED", gettext_lazy("Certified")),
    ("", gettext_lazy("All")),
)


class BatchList(PermissionRequiredMixin, TemplateView):
    """The batches, the newest first. Query: state: one of the tabs, `open` where it is left out."""

    permission_required = SEE
    raise_exception = True
    template_name = "consent/batch_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, day = self.request.GET, timezone.localdate()
        state = query.get("state", "open")
        rows = reports.batches(state, day)
        page = newest_page(rows, older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
        return super().get_context_data(
            page=page,
            lines=[reports.batch_line(row) for row in page.rows],
            states=[(value, label, value == state) for value, label in TABS],
            **kwargs,
        )


def _batch(pk: int) -> DestructionBatch:
    return get_object_or_404(reports.batches("", timezone.localdate()), pk=pk)


@require_GET
@permission_required(SEE, raise_exception=True)
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A batch with its counts, customers and copies. Query: items, a state of customers; after, before."""
    batch, query = _batch(pk), request.GET
    items, state = batch.items.select_related("customer"), query.get("items", "")
    if state in DestructionItem.State.values:
        items = items.filter(state=state)
    page = oldest_page(items, after=query.get("after", ""), before=query.get("before", ""))
    describe(kind=AccessEntry.Kind.LIST, conditions={"batch": batch.number, "items": state}, count=batch.item_count)
    context = {
        "report": reports.batch_report(batch, request.user, timezone.localdate()),
        "page": page,
        "items": reports.item_lines(page.rows, request.user),
        "states": [("", _("All"), not state)]
        + [(value, label, value == state) for value, label in DestructionItem.State.choices],
        "form": DecideForm(),
    }
    return render(request, "consent/batch_detail.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(PROPOSE, raise_exception=True)
def batch_propose(request: HttpRequest) -> HttpResponse:
    """Propose customers by hand; somebody else decides."""
    form = ProposeForm(request.POST or None)
    if form.is_valid():
        batch = _proposed(request, form)
        if batch is not None:
            messages.success(request, _("The batch was proposed. The privacy officer decides about it."))
            return redirect("consent:batch-detail", batch.pk)
    return render(request, "consent/batch_propose.html", {"form": form})


def _proposed(request: HttpRequest, form: ProposeForm) -> DestructionBatch | None:
    """The new batch; None where something is wrong, which the form tells."""
    given, today = form.cleaned_data, timezone.localdate()
    visible = Customer.objects.visible_to(request.user).filter(number__in=given["numbers"])
    found = dict(visible.values_list("number", "pk"))
    if unknown := [written_number(number) for number in given["numbers"] if number not in found]:
        form.add_error("numbers", _("You see no such customers: %(numbers)s") % {"numbers": _few(unknown)})
        return None
    saw(found.values())
    due = Due("REQUEST", given["clause"], None, today)
    try:
        return services.propose_batch(
            action=given["action"],
            origin=DestructionBatch.Origin.RETENTION,
            customers=dict.fromkeys(found.values(), due),
            by=request.user,
            at=timezone.now(),
            basis=given["basis"],
        )
    except services.InTheWay as problem:
        numbers = {pk: written_number(number) for number, pk in found.items()}
        told = [f"{numbers[pk]}: {why_words(one.why)}" for pk, one in sorted(problem.args[0].items())]
        form.add_error("numbers", _("These stay: %(customers)s") % {"customers": _few(told)})
    except services.AlreadyProposed:
        form.add_error("numbers", _("Some of these customers wait in another batch already."))
    except services.NobodyToGo:
        form.add_error("numbers", _("Give at least one customer number."))
    return None


def _few(words: list[str]) -> str:
    return ", ".join(words[:MOST_TOLD]) + (" …" if len(words) > MOST_TOLD else "")


@require_POST
@permission_required(DECIDE, raise_exception=True)
def batch_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a proposal of somebody else be carried out."""
    try:
        services.approve_batch(batch=_batch(pk), by=request.user, at=timezone.now())
    except tuple(CANNOT_DECIDE) as problem:
        messages.warning(request, CANNOT_DECIDE[type(problem)])
    else:
        messages.success(request, _("The batch was approved and is being carried out."))
    return redirect("consent:batch-detail", pk)


@require_POST
@permission_required(DECIDE, raise_exception=True)
def batch_reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Let nothing come of a proposal of somebody else. Field: reason."""
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say why, in five letters or more."))
        return redirect("consent:batch-detail", pk)
    try:
        services.reject_batch(batch=_batch(pk), by=request.user, at=timezone.now(), **form.cleaned_data)
    except tuple(CANNOT_DECIDE) as problem:
        messages.warning(request, CANNOT_DECIDE[type(problem)])
    else:
        messages.success(request, _("The batch was rejected. Nobody was changed."))
    return redirect("consent:batch-detail", pk)


@require_http_methods(["GET", "POST"])
@permission_required(ANSWER, raise_exception=True)
def copy_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what became of a copy elsewhere."""
    carried_out = CopyAnswer.objects.filter(batch__state=DestructionBatch.State.DONE)
    copy = get_object_or_404(carried_out.select_related("batch", "source", "recipient", "export"), pk=pk)
    form = CopyForm(request.POST or None)
    if form.is_valid() and _answered(request, copy, form):
        messages.success(request, _("The answer was noted."))
        return redirect("consent:batch-detail", copy.batch_id)
    who, what = reports.copy_words(copy)
    return render(request, "consent/copy_answer.html", {"copy": copy, "who": who, "what": what, "form": form})


def _answered(request: HttpRequest, copy: CopyAnswer, form: CopyForm) -> bool:
    given = form.cleaned_data
    asked = Customer.objects.filter(pk__in=copy.customers, number__in=given["kept"])
    found = dict(asked.values_list("number", "pk"))
    if odd := [written_number(number) for number in given["kept"] if number not in found]:
        form.add_error("kept", _("It was not asked about these: %(numbers)s") % {"numbers": _few(odd)})
        return False
    kept = {pk: copies.Kept(given["reason"], given["until"]) for pk in found.values()}
    try:
        copies.answer_copy(copy=copy, kept=kept, by=request.user, at=timezone.now())
    except copies.AlreadyAnswered:
        form.add_error(None, _("Somebody answered for this copy before."))
        return False
    return True


@require_GET
@permission_required(SEE, raise_exception=True)
def batch_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate of a batch, to be read and printed."""
    batch = _batch(pk)
    if batch.state != DestructionBatch.State.CLOSED:
        raise Http404
    return render(request, "consent/certificate_detail.html", {"certificate": reports.certificate_report(batch)})


@require_GET
@permission_required(SEE, raise_exception=True)
def batch_certificate_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate of a batch as PDF; it names nobody but staff."""
    batch = _batch(pk)
    if batch.state != DestructionBatch.State.CLOSED:
        raise Http404
    answer = HttpResponse(certificate_as_pdf(batch), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{batch.number}.pdf"'
    return answer


@require_GET
@permission_required(SEE, raise_exception=True)
def certificate_verify(request: HttpRequest) -> HttpResponse:
    """Whether a certificate is one of ours and unchanged. Query: fingerprint."""
    form = FingerprintForm(request.GET if "fingerprint" in request.GET else None)
    verified = reports.verify(form.cleaned_data["fingerprint"]) if form.is_valid() else None
    return render(request, "consent/certificate_verify.html", {"form": form, "verified": verified})
