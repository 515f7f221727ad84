"""The pages of one text: drafting, checking and publishing a version, and asking again those who agreed before."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.trail import describe
from consent.forms.texts import AgainForm, RetireForm, TextForm, initial_of
from consent.models import Purpose, Text
from consent.reports.purposes import name_of
from consent.reports.texts import text_report, words_of
from consent.reports.texts_again import again_report
from consent.reports.texts_counts import Live, counted
from consent.services import texts, texts_again
from consent.words.texts import DEMANDS

SEE = "consent.view_purpose"
DRAFT = (SEE, "consent.draft_text")
PUBLISH = (SEE, "consent.publish_text")
BEGUN: Mapping[str, object] = {"comment": "", "is_material": False, "ask_again_by": None}
"""What a new version does not take over from the one before."""
CANNOT: Mapping[type[Exception], Promise] = {
    texts.NotADraft: gettext_lazy("This version is no draft any more."),
    texts.OwnDraft: gettext_lazy("You wrote this draft, so another person must put it to use."),
    texts.PurposeClosed: gettext_lazy("The purpose is closed."),
    texts.SayUntilWhen: gettext_lazy("Say until when they are asked again."),
    texts.NotInUse: gettext_lazy("This version is not in use."),
    texts_again.NotMaterial: gettext_lazy("This version asks nobody again."),
    texts_again.TooSoon: gettext_lazy("This day is over."),
}


def _text(pk: int) -> Text:
    return get_object_or_404(Text.objects.select_related("purpose", "drafted_by", "published_by", "retired_by"), pk=pk)


@require_GET
@permission_required(SEE, raise_exception=True)
def text_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A version as the customer reads it, with what it must say and what changed."""
    report = text_report(_text(pk), request.user, timezone.now())
    return render(request, "consent/text_detail.html", {"report": report})


@require_http_methods(["GET", "POST"])
@permission_required(DRAFT, raise_exception=True)
def text_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version of a purpose, begun with the newest one."""
    purpose = get_object_or_404(Purpose, pk=pk)
    newest = purpose.texts.order_by("-number").first()
    form = TextForm(request.POST or None, initial=initial_of(words_of(newest, purpose)) | BEGUN)
    if form.is_valid():
        try:
            text = texts.draft_text(purpose=purpose, words=form.words, by=request.user, at=timezone.now())
        except texts.NothingChanged:
            form.add_error(None, _("This is what the newest version says already."))
        except texts.PurposeClosed:
            form.add_error(None, _("The purpose is closed."))
        else:
            messages.success(request, _("The draft was kept. Another person puts it to use."))
            return redirect("consent:text-detail", pk=text.pk)
    context = {"form": form, "purpose": purpose, "purpose_name": name_of(purpose), "text": None}
    return render(request, "consent/text_draft.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(DRAFT, raise_exception=True)
def text_revise(request: HttpRequest, pk: int) -> HttpResponse:
    """What a draft says, written anew."""
    text = _text(pk)
    form = TextForm(request.POST or None, initial=initial_of(words_of(text, text.purpose)))
    if form.is_valid():
        try:
            texts.revise_text(text=text, words=form.words, by=request.user, at=timezone.now())
        except texts.NotADraft as problem:
            messages.warning(request, CANNOT[type(problem)])
        else:
            messages.success(request, _("The draft was kept. Another person puts it to use."))
        return redirect("consent:text-detail", pk=pk)
    if text.state != Text.State.DRAFT:
        messages.warning(request, CANNOT[texts.NotADraft])
        return redirect("consent:text-detail", pk=pk)
    context = {"form": form, "purpose": text.purpose, "purpose_name": name_of(text.purpose), "text": text}
    return render(request, "consent/text_draft.html", context)


@require_POST
@permission_required(DRAFT, raise_exception=True)
def text_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    text = _text(pk)
    try:
        texts.discard_text(text=text)
    except texts.NotADraft as problem:
        messages.warning(request, CANNOT[type(problem)])
        return redirect("consent:text-detail", pk=pk)
    messages.success(request, _("The draft was thrown away."))
    return redirect("consent:purpose-detail", pk=text.purpose_id)


@require_POST
@permission_required(PUBLISH, raise_exception=True)
def text_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft of somebody else to use."""
    text = _text(pk)
    try:
        texts.publish_text(text=text, by=request.user, at=timezone.now())
    except texts.TextIncomplete as problem:
        missing = "; ".join(f"{DEMANDS[checked.demand]} ({checked.clause})" for checked in problem.missing)
        messages.warning(request, _("The text is not complete. Missing: %(missing)s") % {"missing": missing})
    except tuple(CANNOT) as problem:
        messages.warning(request, CANNOT[type(problem)])
    else:
        messages.success(request, _("The version was published. Its words never change from now on."))
        if text.is_material:
            return redirect("consent:text-again", pk=pk)
    return redirect("consent:text-detail", pk=pk)


@require_http_methods(["GET", "POST"])
@permission_required(PUBLISH, raise_exception=True)
def text_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the version in use out of use, with the reason."""
    text, now = _text(pk), timezone.now()
    form = RetireForm(request.POST or None)
    if text.state != Text.State.PUBLISHED:
        messages.warning(request, CANNOT[texts.NotInUse])
        return redirect("consent:text-detail", pk=pk)
    if form.is_valid():
        describe(reason=form.cleaned_data["because"])
        try:
            texts.retire_text(text=text, by=request.user, at=now, **form.cleaned_data)
        except texts.NotInUse as problem:
            messages.warning(request, CANNOT[type(problem)])
        else:
            messages.success(
                request, _("The version was taken out of use. Nobody is asked until another is published.")
            )
        return redirect("consent:text-detail", pk=pk)
    context = {
        "text": text,
        "form": form,
        "purpose_name": name_of(text.purpose),
        "live": counted(now).versions.get(pk, Live()),
    }
    return render(request, "consent/text_retire.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(PUBLISH, raise_exception=True)
def text_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Who must be asked again because of a version, and having them asked."""
    text, now = _text(pk), timezone.now()
    form = AgainForm(request.POST or None, text=text)
    if form.is_valid():
        try:
            count = texts_again.plan_again(
                text=text, by_day=form.cleaned_data["by_day"], at=now, today=timezone.localdate(now)
            )
        except tuple(CANNOT) as problem:
            form.add_error(None, CANNOT[type(problem)])
        else:
            said = ngettext("%(count)s question was opened.", "%(count)s questions were opened.", count)
            messages.success(request, said % {"count": f"{count:,}"})
            return redirect("consent:text-again", pk=pk)
    context = {"text": text, "purpose_name": name_of(text.purpose), "report": again_report(text, now), "form": form}
    return render(request, "consent/text_again.html", context)
