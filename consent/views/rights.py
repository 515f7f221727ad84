"""The pages of the rights desk: its list, registration, one request from identity to the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView, TemplateView

from accounts.models import AccessEntry
from accounts.trail import describe
from consent.forms.rights import STATES, IdentifyForm, PutOffForm, RefuseForm, RegisterForm, RightsFilterForm, TellForm
from consent.models import RightsRequest
from consent.reports.rights import (
    due_page,
    narrowed,
    own_receipts,
    recipients_to_tell,
    requests_for,
    rights_lines,
    rights_report,
)
from consent.rules.rights import CannotPutOff
from consent.services import rights
from consent.words.rights import ASKERS, CLAUSES, KINDS, NOT_PUT_OFF
from consent.words.rights import STATES as STATE_WORDS
from customers import search as searching
from customers.asked import kept_words
from customers.formats import amount
from customers.models import Customer
from customers.paging import bounded_count

VIEW, ANSWER = "consent.view_rightsrequest", "consent.answer_rightsrequest"
RECORD = "consent.record_rightsrequest"
PEOPLE = ("customer", "recorded_by", "identified_by", "answered_by")
PROBLEMS: Mapping[type[Exception], Promise] = {
    rights.NotWaiting: gettext_lazy("Somebody went on with the request meanwhile. Look at it again."),
    rights.NotIdentified: gettext_lazy("Check first who asks."),
    rights.NothingSaid: gettext_lazy("Say how and why, or it cannot be proven."),
    rights.StillOpen: gettext_lazy("An item waits for its decision."),
    rights.PackMissing: gettext_lazy("Make the answer pack first."),
    rights.CustomerGone: gettext_lazy("This number is no customer in use. Look where it went."),
}


class RightsList(PermissionRequiredMixin, TemplateView):
    """Requests by the day on which they are due; those that wait, unless others are asked for."""

    permission_required = VIEW
    raise_exception = True
    template_name = "consent/rights_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, viewer, today = self.request.GET, self.request.user, timezone.localdate()
        form = RightsFilterForm(query)
        rows = narrowed(viewer, form.asked_for, today)
        page = due_page(rows, after=query.get("after", ""), before=query.get("before", ""))
        count, is_exact = bounded_count(rows)
        describe(kind=AccessEntry.Kind.LIST, conditions=kept_words(form.asked_for), count=count)
        state = str(form.asked_for.get("state", ""))
        exact = ngettext("%(count)s request", "%(count)s requests", count)
        return super().get_context_data(
            form=form,
            states=[(value, label, value == state) for value, label in STATES],
            state=state,
            is_narrowed=bool(form.asked_for.keys() - {"state"}),
            page=page,
            lines=rights_lines(page.rows, viewer, today),
            summary=(exact if is_exact else _("more than %(count)s requests")) % {"count": amount(count)},
            **kwargs,
        )


class RightsRegister(PermissionRequiredMixin, FormView):
    """Take a request in: first of what kind it is, then what is asked."""

    permission_required = RECORD
    raise_exception = True
    form_class = RegisterForm

    @cached_property
    def kind(self) -> str:
        """The kind of the address, '' where it is none yet."""
        kind = self.request.GET.get("kind", "")
        return kind if kind in RightsRequest.Kind.values else ""

    def get_template_names(self) -> list[str]:
        return ["consent/rights_register.html" if self.kind else "consent/rights_register_kind.html"]

    def get_form(self, form_class: type[Form] | None = None) -> Form | None:
        if not self.kind:
            return None
        return RegisterForm(self.request.POST if self.request.method == "POST" else None, kind=self.kind)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        kinds = [(value, label, CLAUSES[value]) for value, label in KINDS.items()]
        chosen = str(KINDS[self.kind]) if self.kind else ""
        return super().get_context_data(kinds=kinds, chosen=chosen, clause=CLAUSES.get(self.kind, ""), **kwargs)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not self.kind:
            return redirect("consent:rights-register")
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: RegisterForm) -> HttpResponse:
        given = {name: form.cleaned_data[name] for name in ("via", "asker", "received_on", "wording")}
        made = rights.record_request(kind=self.kind, items=form.asked, by=self.request.user, at=timezone.now(), **given)
        messages.success(self.request, _("The request %(number)s was recorded.") % {"number": made.number})
        return redirect("consent:rights-receipt", made.pk)


@require_GET
def rights_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """What whoever asked is handed: number and until when they are answered; for whoever took it in, and the desk."""
    if not (request.user.has_perm(VIEW) or request.user.has_perm(RECORD)):
        raise PermissionDenied
    known = RightsRequest.objects.filter(
        Q(pk__in=own_receipts(request.user).values("pk")) | Q(pk__in=requests_for(request.user).values("pk"))
    )
    found = get_object_or_404(known, pk=pk)
    context = {
        "asked": found,
        "kind": KINDS[found.kind],
        "state": STATE_WORDS[found.state],
        "clause": CLAUSES[found.kind],
        "may_view": request.user.has_perm(VIEW),
    }
    return render(request, "consent/rights_receipt.html", context)


def found_for(request: HttpRequest, pk: int) -> RightsRequest:
    """The request, unless its customer may not be seen. Raises Http404."""
    return get_object_or_404(requests_for(request.user).select_related(*PEOPLE), pk=pk)


@require_GET
@permission_required(VIEW, raise_exception=True)
def rights_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what was asked, what was decided, what is to be done next."""
    return page_of(request, found_for(request, pk))


def page_of(request: HttpRequest, found: RightsRequest, **forms: Form) -> HttpResponse:
    """forms: those that could not be done, to be shown again."""
    report = rights_report(found, request.user, timezone.now())
    context: dict[str, object] = {"report": report, "line": report.line, "passphrase": ""}
    if report.may_answer and report.is_open:
        context |= {"put_off_form": PutOffForm(prefix="later"), "refuse_form": RefuseForm(prefix="refuse")}
        context |= {"take_back_form": TellForm(prefix="back"), "tell_form": TellForm(prefix="tell")}
    return render(request, "consent/rights_detail.html", context | forms, status=400 if forms else 200)


@require_GET
@permission_required(VIEW, raise_exception=True)
def rights_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter that tells what was decided, for the printer; in Korean, whatever language the reader has."""
    found, now = found_for(request, pk), timezone.now()
    with translation.override("ko"):
        report = rights_report(found, request.user, now)
    context = {"report": report, "line": report.line, "told": recipients_to_tell(found, timezone.localdate(now))}
    return render(request, "consent/rights_letter.html", context)


class RightsIdentify(PermissionRequiredMixin, FormView):
    """Find whose request it is, among those whom the reader sees, and note how identity was checked."""

    permission_required = (VIEW, ANSWER)
    raise_exception = True
    template_name = "consent/rights_identify.html"
    form_class = IdentifyForm

    @cached_property
    def asked(self) -> RightsRequest:
        return found_for(self.request, self.kwargs["pk"])

    def get_initial(self) -> dict[str, object]:
        chosen = self.request.GET.get("with", "")
        return {"number": chosen or (self.asked.customer.number if self.asked.customer else "")}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        text = self.request.GET.get("q", "")
        found = searching.search(text, self.request.user, timezone.localdate()) if text else None
        if text:
            describe(kind=AccessEntry.Kind.SEARCH, conditions=kept_words({"q": text}), count=found.hit_count)
        return super().get_context_data(
            asked=self.asked, asker=ASKERS[self.asked.asker], text=text, found=found, **kwargs
        )

    def form_valid(self, form: IdentifyForm) -> HttpResponse:
        visible = Customer.objects.visible_to(self.request.user)
        customer = visible.filter(number=form.cleaned_data["number"]).first()
        if customer is None:
            form.add_error("number", _("You see no customer with this number."))
            return self.form_invalid(form)
        try:
            rights.check_identity(
                request=self.asked,
                customer=customer,
                how=form.cleaned_data["how"],
                by=self.request.user,
                at=timezone.now(),
            )
        except rights.CustomerGone as gone:
            form.add_error("number", PROBLEMS[type(gone)])
            return self.form_invalid(form)
        except rights.NotWaiting:
            messages.warning(self.request, str(PROBLEMS[rights.NotWaiting]))
        else:
            messages.success(self.request, _("Identity was checked. Accept the request when it is complete."))
        return redirect("consent:rights-detail", self.asked.pk)


@require_POST
@permission_required((VIEW, ANSWER), raise_exception=True)
def rights_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to answer."""
    found = found_for(request, pk)
    try:
        rights.accept_request(request=found, by=request.user, at=timezone.now())
    except (rights.NotWaiting, rights.NotIdentified) as problem:
        messages.warning(request, str(PROBLEMS[type(problem)]))
    else:
        messages.success(request, _("The request was accepted. What holds today holds for its answer."))
    return redirect("consent:rights-detail", pk)


@require_POST
@permission_required((VIEW, ANSWER), raise_exception=True)
def rights_put_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer later, with a reason."""
    found, form = found_for(request, pk), PutOffForm(request.POST, prefix="later")
    if not form.is_valid():
        return page_of(request, found, put_off_form=form)
    try:
        rights.put_off_request(request=found, by=request.user, at=timezone.now(), **form.cleaned_data)
    except CannotPutOff as refused:
        form.add_error(None, NOT_PUT_OFF[refused.reason])
        return page_of(request, found, put_off_form=form)
    except rights.NotWaiting:
        messages.warning(request, str(PROBLEMS[rights.NotWaiting]))
    else:
        messages.success(request, _("The answer was put off. Tell whoever asked, with the reason."))
    return redirect("consent:rights-detail", pk)


@require_POST
@permission_required((VIEW, ANSWER), raise_exception=True)
def rights_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse the whole request."""
    form = RefuseForm(request.POST, prefix="refuse")
    return _closed(request, pk, form, "refuse_form", rights.refuse_request, _("The request was refused."))


@require_POST
@permission_required((VIEW, ANSWER), raise_exception=True)
def rights_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever asked wants it no more."""
    form = TellForm(request.POST, prefix="back")
    return _closed(request, pk, form, "take_back_form", rights.take_back_request, _("The request was taken back."))


@require_POST
@permission_required((VIEW, ANSWER), raise_exception=True)
def rights_tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever asked was told; the request is over."""
    form = TellForm(request.POST, prefix="tell")
    said = _("The answer was told, and the request is closed.")
    return _closed(request, pk, form, "tell_form", rights.tell_answer, said)


def _closed(
    request: HttpRequest, pk: int, form: Form, name: str, act: Callable[..., RightsRequest], said: str
) -> HttpResponse:
    """Close a request by one of its ends. name: of the form on the page; said: what the reader is told."""
    found = found_for(request, pk)
    if not form.is_valid():
        return page_of(request, found, **{name: form})
    try:
        act(request=found, by=request.user, at=timezone.now(), **form.cleaned_data)
    except (rights.NotWaiting, rights.StillOpen, rights.PackMissing) as problem:
        messages.warning(request, str(PROBLEMS[type(problem)]))
    else:
        messages.success(request, said)
    return redirect("consent:rights-detail", pk)
