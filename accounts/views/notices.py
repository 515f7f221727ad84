"""What a person was told, and that they have read it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from accounts.home import NoticeLine
from accounts.models import Notice
from accounts.notice_words import sentence_of
from accounts.services import notices

PAGE_SIZE = 50
LONGEST_ID = 18  # digits; no id of the database has more


class NoticeList(TemplateView):
    """All that I was told, the newest first. Query: older_than, the id of the last notice of the page before."""

    template_name = "accounts/notice_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        own = Notice.objects.filter(staff=self.request.user)
        edge = self.request.GET.get("older_than", "")
        is_further = edge.isdecimal() and len(edge) <= LONGEST_ID
        shown = own.filter(pk__lt=int(edge)) if is_further else own
        found = list(shown.order_by("-pk")[: PAGE_SIZE + 1])
        rows = found[:PAGE_SIZE]
        return super().get_context_data(
            lines=[NoticeLine(notice, sentence_of(notice)) for notice in rows],
            has_unread=own.filter(read_at=None).exists(),
            next_url=f"?older_than={rows[-1].pk}" if len(found) > PAGE_SIZE else None,
            previous_url="?" if is_further else None,
            **kwargs,
        )


@require_POST
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that I have read it, and go where it says to look; that of somebody else is not found."""
    notice = get_object_or_404(Notice, pk=pk, staff=request.user)
    notices.read_notice(notice=notice, at=timezone.now())
    is_ours = url_has_allowed_host_and_scheme(notice.url, None)
    return redirect(notice.url if is_ours and "look" in request.POST else "accounts:notice-list")


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Note that I have read all of them."""
    count = notices.read_notices(staff=request.user, at=timezone.now())
    read = ngettext("%(count)s notice was marked as read.", "%(count)s notices were marked as read.", count)
    messages.success(request, read % {"count": count})
    return redirect("accounts:notice-list")
