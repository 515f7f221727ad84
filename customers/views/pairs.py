"""The queue of pairs: its list, one pair with its reckoning, and what a steward answers."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView

from accounts.exporting.lists import export_address
from accounts.models import AccessEntry
from accounts.trail import describe
from customers.asked import kept_words
from customers.formats import amount
from customers.forms.pairs import LATER, PairAnswerForm
from customers.models import Act, Customer, Pair, Proposal, Ruling
from customers.paging import bounded_count
from customers.pair_filters import STATES, PairFilter
from customers.reports.match_pairs import pair_lines, with_records, worthiest_page
from customers.reports.pair_previews import REFUSALS, preview_report
from customers.reports.pairs import customers_of, decision_report
from customers.services import deciding, proposals, queue, taking_back, unmerges
from customers.services.acting import AlreadyTakenBack
from customers.services.deciding import mark_of

DONE = {
    Act.Kind.MERGE: gettext_lazy("The two were merged into one customer."),
    Act.Kind.SAME: gettext_lazy("Ruled one customer, as before."),
    Act.Kind.DIFFERENT: gettext_lazy("Ruled two customers."),
    Act.Kind.LEGITIMATE: gettext_lazy("Ruled legitimately two."),
    Act.Kind.LATER: gettext_lazy("The pair was put off."),
}
KEYS = [
    ("1", gettext_lazy("One customer")),
    ("2", gettext_lazy("Two customers")),
    ("3", gettext_lazy("Legitimately two")),
    ("4", gettext_lazy("Later")),
    ("u", gettext_lazy("Take my last decision back")),
    ("j k", gettext_lazy("Next and previous item or button")),
]
"""The keys of the page of a pair, for the help that `?` opens."""


def _shown() -> QuerySet[Pair]:
    return with_records(Pair.objects.all())


def _linked() -> QuerySet[Pair]:
    """Pairs of which no more is asked than whose customers they are."""
    return Pair.objects.select_related("left__link", "right__link").only(
        "left__link__customer", "right__link__customer"
    )


class PairList(PermissionRequiredMixin, TemplateView):
    """The queue, what a decision is worth most first; filters and place stand in the address."""

    permission_required = "customers.view_pair"
    raise_exception = True
    template_name = "customers/pair_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, narrowed = self.request.GET, PairFilter(self.request.GET, viewer=self.request.user)
        page = worthiest_page(with_records(narrowed.qs), after=query.get("after", ""), before=query.get("before", ""))
        count, is_exact = bounded_count(narrowed.qs)
        describe(kind=AccessEntry.Kind.LIST, conditions=kept_words(narrowed.condition), count=count)
        return super().get_context_data(
            filter=narrowed,
            states=[(value, label, value == narrowed.chosen_state) for value, label in STATES],
            state=narrowed.chosen_state,
            active_filters=[(active, _without(narrowed, active.name)) for active in narrowed.active],
            words=urlencode(narrowed.condition),
            page=page,
            lines=pair_lines(page.pairs, self.request.user),
            summary=_summary(count, is_exact),
            export_url=export_address(self.request.user, "pairs", narrowed.condition),
            **kwargs,
        )


def _without(narrowed: PairFilter, name: str) -> str:
    """The address of the list without one filter, back at the first page."""
    return "?" + urlencode({word: value for word, value in narrowed.condition.items() if word != name})


def _summary(count: int, is_exact: bool) -> str:
    exact = ngettext("%(count)s pair", "%(count)s pairs", count)
    return (exact if is_exact else _("more than %(count)s pairs")) % {"count": amount(count)}


@require_GET
@permission_required("customers.view_pair", raise_exception=True)
def pair_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A pair: its two records side by side, what can be answered, and why it weighs what it weighs."""
    return _page(request, get_object_or_404(_shown(), pk=pk), is_previewed="preview" in request.GET)


def _page(
    request: HttpRequest, pair: Pair, *, form: PairAnswerForm | None = None, is_previewed: bool = False, **more: object
) -> HttpResponse:
    """form: what could not be done, to be shown again."""
    at = timezone.now()
    decision = decision_report(pair, request.user, at)
    narrowed = PairFilter(request.GET, viewer=request.user)
    if decision.can_decide and form is None:
        form = PairAnswerForm(initial={"seen": mark_of(pair), "survivor": _elder(pair)})
    context = {
        "pair": pair,
        "decision": decision,
        "report": decision.report,
        "form": form if decision.can_decide else None,
        "words": urlencode(narrowed.condition),
        "preview": _preview(request, pair, _elder(pair), at) if is_previewed and decision.can_decide else None,
        "page_keys": KEYS if request.user.has_perm("customers.decide_pair") else (),
    }
    page = render(request, "customers/pair_detail.html", context | more, status=409 if "refused" in more else 200)
    if request.method == "POST":  # what can be asked for again is the address of the page itself
        page["HX-Push-Url"] = _address(pair.pk, narrowed.condition)
    return page


def _elder(pair: Pair) -> str:
    """The side whose customer came first; its number stays unless the steward says otherwise."""
    left, right = customers_of(pair)
    return "right" if left and right and right < left else "left"


@require_GET
@permission_required(["customers.view_pair", "customers.decide_pair"], raise_exception=True)
def pair_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What one customer would mean, as a part of the page of a pair."""
    pair = get_object_or_404(_linked(), pk=pk)
    side = request.GET.get("survivor", "")
    preview = _preview(request, pair, side if side in ("left", "right") else _elder(pair), timezone.now())
    return render(request, "customers/_pair_preview.html", {"preview": preview})


def _preview(request: HttpRequest, pair: Pair, side: str, at: datetime) -> object:
    survivor, retired = _sides(request, pair, side)
    return preview_report(survivor, [retired], request.user, at)


def _sides(request: HttpRequest, pair: Pair, side: str) -> tuple[Customer, Customer]:
    """The customer that stays and the other one. Raises PermissionDenied where one of them may not be seen."""
    ids = customers_of(pair) if side == "left" else customers_of(pair)[::-1]
    visible = Customer.objects.visible_to(request.user).in_bulk([pk for pk in ids if pk])
    if not all(pk in visible for pk in ids):
        raise PermissionDenied
    return visible[ids[0]], visible[ids[1]]


@require_POST
@permission_required("customers.decide_pair", raise_exception=True)
def pair_take(request: HttpRequest) -> HttpResponse:
    """Take the worthiest free pair of the filter in the address."""
    return _next(request)


def _next(request: HttpRequest) -> HttpResponse:
    condition = PairFilter(request.GET, viewer=request.user).condition
    pair = queue.take_next(by=request.user, at=timezone.now(), condition=condition)
    if pair is None:
        messages.info(request, _("No other pair of this filter is free."))
        return redirect(f"{reverse('customers:pair-list')}?{urlencode(condition)}")
    if request.htmx.boosted:  # the next pair at once, where a page needs no reloading to come after a form
        return _page(request, _shown().get(pk=pair.pk))
    return _to(pair.pk, condition)


def _to(pk: int, condition: dict[str, str]) -> HttpResponse:
    return redirect(_address(pk, condition))


def _address(pk: int, condition: dict[str, str]) -> str:
    return f"{reverse('customers:pair-detail', args=[pk])}?{urlencode(condition)}"


@require_POST
@permission_required("customers.decide_pair", raise_exception=True)
def pair_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a pair back to the queue, and leave it."""
    pair = get_object_or_404(Pair, pk=pk)
    try:
        queue.release_pair(pair=pair, by=request.user)
    except queue.NotYours:
        messages.info(request, _("The pair was not before you any more."))
    else:
        messages.success(request, _("The pair is free for others again."))
    condition = PairFilter(request.GET, viewer=request.user).condition
    return redirect(f"{reverse('customers:pair-list')}?{urlencode(condition)}")


@require_POST
@permission_required(["customers.view_pair", "customers.decide_pair"], raise_exception=True)
def pair_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide a pair as answered, and go on to the next one of the filter in the address."""
    pair, form = get_object_or_404(_linked(), pk=pk), PairAnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, _shown().get(pk=pk), form=form)
    try:
        done = _decided(request, pair, form)
    except deciding.Stale:
        return _page(request, _shown().get(pk=pk), refused=_refused(form))
    except proposals.AlreadyProposed:
        return _again(request, pk, form, _("A merge of one of the two is before a second person already."))
    except tuple(REFUSALS) as refused:
        return _again(request, pk, form, str(REFUSALS[type(refused)]))
    if isinstance(done, Proposal):
        messages.info(request, _("The merge was proposed: a second person must approve it."))
    else:
        messages.success(request, str(DONE[Act.Kind(done.kind)]))
    return _next(request)


def _again(request: HttpRequest, pk: int, form: PairAnswerForm, problem: str) -> HttpResponse:
    """The page with what was typed, and why nothing was done."""
    form.add_error(None, problem)
    return _page(request, _shown().get(pk=pk), form=form)


def _decided(request: HttpRequest, pair: Pair, form: PairAnswerForm) -> Act | Proposal:
    """Raises as `deciding.decide_pair` does, and PermissionDenied where a customer may not be seen."""
    side = form.cleaned_data["survivor"] or _elder(pair)
    survivor, _other = _sides(request, pair, side)
    words = {"pair": pair, "seen": form.cleaned_data["seen"], "by": request.user, "at": timezone.now()}
    if form.cleaned_data["answer"] == LATER:
        return deciding.put_pair_off(
            until=form.cleaned_data["hold_until"], comment=form.cleaned_data["comment"], **words
        )
    return deciding.decide_pair(answer=form.given_with(survivor), **words)


def _refused(form: PairAnswerForm) -> str:
    """What the steward had answered, in words."""
    answers = {**dict(Ruling.Answer.choices), LATER: gettext_lazy("Later")}
    return str(answers[form.cleaned_data["answer"]])


@require_POST
@permission_required("customers.decide_pair", raise_exception=True)
def pair_undo(request: HttpRequest) -> HttpResponse:
    """Take back what the reader decided last about a pair, and show that pair."""
    condition = PairFilter(request.GET, viewer=request.user).condition
    last = queue.last_decision(by=request.user)
    if last is None:
        messages.info(request, _("There is no decision of yours to take back."))
        return redirect(f"{reverse('customers:pair-list')}?{urlencode(condition)}")
    try:
        _take_back(request, last)
    except (taking_back.LaterActsFirst, unmerges.AnswersMissing, unmerges.NothingLeft):
        messages.warning(request, _("Something came after this decision. Take it back on its own page."))
        return redirect("customers:act-detail", pk=last.pk)
    except (AlreadyTakenBack, proposals.AlreadyDecided):
        messages.warning(request, _("It was taken back, or decided, by somebody else meanwhile."))
    except tuple(REFUSALS) as refused:
        messages.warning(request, str(REFUSALS[type(refused)]))
    else:
        messages.success(request, _("Your last decision was taken back. This is its pair."))
    return _to(last.pair_id, condition)


def _take_back(request: HttpRequest, last: Act | Proposal) -> None:
    at = timezone.now()
    if isinstance(last, Proposal):
        proposals.withdraw_proposal(proposal=last, by=request.user, at=at)
    else:
        taking_back.take_back_act(act=last, by=request.user, at=at)
