"""Answer packs: making one, and taking it as a file. What stands in it is never a page: it goes to whoever asked."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.downloads import why_locked
from consent.services import packs, rights
from consent.services.packs import Form
from consent.views.rights import ANSWER, PROBLEMS, VIEW, found_for

TYPES = {
    Form.PDF: ("application/pdf", "pdf"),
    Form.HTML: ("text/html; charset=utf-8", "html"),
    Form.ZIP: ("application/zip", "zip"),
}


@never_cache
@require_POST
@permission_required((VIEW, ANSWER), raise_exception=True)
def rights_pack_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Assemble the answer from every holder; the passphrase of an archive is shown this once."""
    found = found_for(request, pk)
    try:
        made = packs.make_pack(request=found, by=request.user, at=timezone.now())
    except (rights.NotWaiting, rights.StillOpen) as problem:
        messages.warning(request, str(PROBLEMS[type(problem)]))
        return redirect("consent:rights-detail", pk)
    messages.success(request, _("The answer pack was made."))
    if made.passphrase:
        return render(request, "consent/rights_passphrase.html", {"asked": found, "passphrase": made.passphrase})
    return redirect("consent:rights-detail", pk)


@never_cache
@require_POST
@permission_required((VIEW, ANSWER), raise_exception=True)
def rights_pack_download(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest pack of a request as a file."""
    found = found_for(request, pk)
    pack = found.packs.select_related("request").order_by("-pk").first()
    chosen = request.POST.get("form", "")
    if pack is None or chosen not in set(Form):
        return redirect("consent:rights-detail", pk)
    if locked := why_locked(request.user, timezone.localdate()):
        messages.warning(request, locked)
        return redirect("consent:rights-detail", pk)
    try:
        content = packs.take_pack(pack=pack, form=chosen, by=request.user, at=timezone.now())
    except packs.PackGone:
        messages.warning(request, _("The pack was destroyed on its day."))
        return redirect("consent:rights-detail", pk)
    except packs.NoArchive:
        messages.warning(request, _("Only data to carry along are given out as an archive."))
        return redirect("consent:rights-detail", pk)
    kind, suffix = TYPES[Form(chosen)]
    headers = {"Content-Disposition": f'attachment; filename="{found.number}.{suffix}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
