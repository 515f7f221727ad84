"""The monthly review of access: the draw, the entries, questions and answers, the signed report."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import DetailView, TemplateView

from accounts.models import AccessEntry, AccessReview, ReviewItem
from accounts.review_forms import AcceptForm, AnswerForm, AskForm, EscalateForm, SignForm
from accounts.reviews.lines import MOST_LISTED, item_lines, item_page, review_lines
from accounts.reviews.report import faults_of
from accounts.reviews.words import FAULTS
from accounts.reviews.workdays import month_before
from accounts.services import reviews
from accounts.trail import describe

VIEW, ASK, SIGN = "accounts.view_accessreview", "accounts.ask_accessreview", "accounts.sign_accessreview"
STATES = ReviewItem.State
MOST_ANSWERED = 20
REFUSED: dict[type[Exception], Promise] = {
    reviews.OwnEntry: gettext_lazy("Nobody reviews what they did themselves. Another person decides about this entry."),
    reviews.AlreadyDecided: gettext_lazy("Somebody has decided about this entry already. Nothing was done."),
    reviews.AlreadyAsked: gettext_lazy("The person was asked already. Nothing was done."),
}


def _note(**conditions: object) -> None:
    """Reading the review is reading the trail."""
    describe(kind=AccessEntry.Kind.TRAIL, conditions=conditions)


class ReviewListView(PermissionRequiredMixin, TemplateView):
    """The reviews, the newest month first, and the draw of the month before."""

    permission_required = VIEW
    raise_exception = True
    template_name = "accounts/review_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        today = timezone.localdate()
        lines = review_lines(AccessReview.objects.all(), today)
        month = month_before(today)
        is_drawn = any(line.review.month == month for line in lines)
        return super().get_context_data(**kwargs, lines=lines, month=None if is_drawn else month)


@require_POST
@permission_required(ASK, raise_exception=True)
def review_draw(request: HttpRequest) -> HttpResponse:
    """Draw the entries of the month before."""
    now = timezone.now()
    month = month_before(timezone.localdate(now))
    try:
        review = reviews.request_review(month=month, at=now, by=request.user)
    except reviews.AlreadyDrawn:
        messages.warning(request, _("The month has been drawn already."))
        return redirect("accounts:review-list")
    if review is None:
        messages.info(
            request, _("The month has many entries. They are being drawn; the review appears here by itself.")
        )
        return redirect("accounts:review-list")
    messages.success(request, _("The entries of the month were drawn."))
    return redirect("accounts:review-detail", review.pk)


class ReviewDetailView(PermissionRequiredMixin, DetailView):
    """The entries of a review, the riskiest first; state and place stand in the address."""

    permission_required = VIEW
    raise_exception = True
    template_name = "accounts/review_detail.html"
    context_object_name = "review"
    queryset = AccessReview.objects.select_related("signed_by", "drawn_by")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query = self.request.GET
        state = query.get("state", "") if query.get("state") in STATES else ""
        items = self.object.items.filter(state=state) if state else self.object.items.all()
        page = item_page(items, self.request.user, after=query.get("after", ""), before=query.get("before", ""))
        [progress] = review_lines(AccessReview.objects.filter(pk=self.object.pk), timezone.localdate())
        _note(review=f"{self.object.month:%Y-%m}", state=state)
        return super().get_context_data(
            **kwargs,
            page=page,
            progress=progress,
            state=state,
            states=[("", _("All")), *STATES.choices],
            form=SignForm(),
            next_item=_next_item(self.object.items, self.request.user.pk),
        )


def _next_item(items: QuerySet[ReviewItem], viewer: int, after: int = 0) -> ReviewItem | None:
    """The next entry that `viewer` can decide about at once, beginning anew behind the last one."""
    open_ones = items.filter(state__in=[STATES.DRAWN, STATES.ANSWERED]).exclude(staff=viewer).order_by("pk")
    return open_ones.filter(pk__gt=after).first() or open_ones.exclude(pk=after).first()


@require_GET
@permission_required(VIEW, raise_exception=True)
def review_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: what happened, why it was drawn, question and answer, and the decision."""
    return _item_page(request, _item(pk))


def _item(pk: int) -> ReviewItem:
    items = ReviewItem.objects.select_related("review", "staff__branch", "asked_by", "decided_by")
    return get_object_or_404(items, pk=pk)


def _item_page(request: HttpRequest, item: ReviewItem, **forms: Form) -> HttpResponse:
    _note(review=f"{item.review.month:%Y-%m}", entry=f"{item.month:%Y-%m}/{item.lane}/{item.number}")
    [line] = item_lines([item], request.user, MOST_LISTED)
    may_decide = request.user.has_perm(ASK) and not line.is_own and item.state in reviews.UNDECIDED
    fresh = {"ask_form": AskForm(), "accept_form": AcceptForm(), "escalate_form": EscalateForm()}
    context = {"line": line, "item": item, "may_decide": may_decide, **fresh, **forms}
    return render(request, "accounts/review_item.html", context)


def _decide(
    request: HttpRequest, pk: int, name: str, form: Form, act: Callable[[ReviewItem, Mapping[str, str]], object]
) -> HttpResponse:
    """Do something about an entry and go on to the next; `act` is given the entry and the words of the form."""
    item = _item(pk)
    if not form.is_valid():
        return _item_page(request, item, **{name: form})
    try:
        act(item, form.cleaned_data)
    except tuple(REFUSED) as refusal:
        messages.warning(request, REFUSED[type(refusal)])
        return redirect("accounts:review-item", pk)
    following = _next_item(item.review.items, request.user.pk, after=item.pk)
    if following is None:
        return redirect("accounts:review-detail", item.review_id)
    return redirect("accounts:review-item", following.pk)


@require_POST
@permission_required(ASK, raise_exception=True)
def item_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the person about an entry."""

    def act(item: ReviewItem, words: Mapping[str, str]) -> None:
        reviews.ask(item=item, question=words["question"], by=request.user, at=timezone.now())
        messages.success(request, _("The question was sent."))

    return _decide(request, pk, "ask_form", AskForm(request.POST), act)


@require_POST
@permission_required(ASK, raise_exception=True)
def item_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept an entry as explained."""

    def act(item: ReviewItem, words: Mapping[str, str]) -> None:
        reviews.accept(item=item, finding=words["finding"], by=request.user, at=timezone.now())
        messages.success(request, _("The entry was accepted."))

    return _decide(request, pk, "accept_form", AcceptForm(request.POST), act)


@require_POST
@permission_required(ASK, raise_exception=True)
def item_escalate(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a case of an entry."""

    def act(item: ReviewItem, words: Mapping[str, str]) -> None:
        reviews.escalate(item=item, finding=words["finding"], by=request.user, at=timezone.now())
        messages.success(request, _("The entry was handed on as a case."))

    return _decide(request, pk, "escalate_form", EscalateForm(request.POST), act)


@require_POST
@permission_required(SIGN, raise_exception=True)
def review_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the report of a review whose entries are all decided."""
    review = get_object_or_404(AccessReview, pk=pk)
    form = SignForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The remark is too long. Nothing was signed."))
        return redirect("accounts:review-detail", pk)
    try:
        reviews.sign_review(review=review, remark=form.cleaned_data["remark"], by=request.user, at=timezone.now())
    except reviews.AlreadySigned:
        messages.warning(request, _("The report is signed already."))
    except reviews.Undecided:
        messages.warning(request, _("Some entries are not decided yet. Nothing was signed."))
        return redirect("accounts:review-detail", pk)
    else:
        messages.success(request, _("The report was signed."))
    return redirect("accounts:review-report", pk)


@require_GET
@permission_required(VIEW, raise_exception=True)
def review_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed report, and whether all still is as it was signed."""
    signed = AccessReview.objects.filter(state=AccessReview.State.SIGNED).select_related("signed_by")
    review = get_object_or_404(signed, pk=pk)
    _note(review=f"{review.month:%Y-%m}", report=True)
    faults = [FAULTS[fault] for fault in faults_of(review)]
    marks = {"digest": bytes(review.digest).hex(), "signature": bytes(review.signature or b"").hex()}
    return render(request, "accounts/review_report.html", {"review": review, "faults": faults, **marks})


class QuestionListView(TemplateView):
    """What the review asks me, and what I answered."""

    template_name = "accounts/question_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs, **_questions(self.request))


def _questions(request: HttpRequest, refused: int = 0, form: AnswerForm | None = None) -> dict[str, object]:
    """The questions to the reader, each with a form. refused: the entry whose answer was not fit, with its form."""
    staff = request.user
    waiting = list(reviews.unanswered(staff).select_related("staff__branch"))
    lines = list(item_lines(waiting, staff))
    forms = [(line, form if form and line.item.pk == refused else AnswerForm()) for line in lines]
    answered = ReviewItem.objects.filter(staff=staff, answered_at__isnull=False).select_related("staff__branch")
    is_locked = reviews.downloads_locked(staff, timezone.localdate())
    past = list(answered.order_by("-answered_at", "-pk")[:MOST_ANSWERED])
    return {"forms": forms, "answered": list(item_lines(past, staff)), "is_locked": is_locked}


@require_POST
def question_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question of the review about what I did."""
    item = get_object_or_404(ReviewItem, pk=pk, staff=request.user, asked_at__isnull=False)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/question_list.html", _questions(request, item.pk, form))
    try:
        reviews.answer(item=item, answer=form.cleaned_data["answer"], by=request.user, at=timezone.now())
    except (reviews.NotAsked, reviews.AlreadyAnswered):
        messages.warning(request, _("The question waits for no answer any more."))
    else:
        messages.success(request, _("Your answer was sent."))
    return redirect("accounts:question-list")
