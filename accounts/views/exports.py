"""Files made from lists: asking for one, its page, deciding, taking, confirming destruction, the register."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve
from django.urls.exceptions import Resolver404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from django.views.generic import FormView, TemplateView

from accounts.downloads import why_locked
from accounts.export_forms import ApprovalForm, ExportForm, FingerprintForm, RefusalForm
from accounts.exporting import register
from accounts.exporting.ceilings import ceiling_of
from accounts.exporting.lists import Conditions, ExportList, export_list, may_export
from accounts.exporting.printing import customers_on_page
from accounts.exporting.watermark import export_number
from accounts.exporting.words import FAILURES
from accounts.menu import url_of
from accounts.models import AccessEntry, Export, Staff
from accounts.purposes import Purpose
from accounts.services import exports
from accounts.trail import describe, saw
from accounts.trail_middleware import target_of

State = Export.State
CONTENT_TYPES = {
    Export.Format.CSV: "text/csv; charset=utf-8",
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LOCKED = gettext_lazy("You may take no files today. Open the file again to see why.")
CANNOT_ASK = {
    exports.NothingToExport: gettext_lazy("Under these conditions the list has no rows."),
    exports.TooManyRows: gettext_lazy("No file holds so many rows. Narrow the list."),
    exports.DownloadsLocked: LOCKED,
}
CANNOT_DECIDE = {
    exports.NotWaiting: gettext_lazy("Somebody decided about this file meanwhile."),
    exports.OwnRequest: gettext_lazy("Somebody else has to decide about a file that you asked for."),
}
GONE = gettext_lazy("The file is not there any more. Ask for it again.")
CANNOT_TAKE = {
    exports.NotReady: GONE,
    FileNotFoundError: GONE,  # it expired in this very moment
    exports.NotExportable: gettext_lazy("Your role does not take this list any more."),
    exports.DownloadsLocked: LOCKED,
}
CANNOT_CONFIRM = {
    exports.NothingTaken: gettext_lazy("The file was never downloaded, so that there is no copy."),
    exports.AlreadyDestroyed: gettext_lazy("You had confirmed this already."),
}


class ExportRegister(TemplateView):
    """The register: my files, those that wait for me, all of them, those that nobody destroyed. The place stands in the
    address."""

    template_name = "accounts/export_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, staff = self.request.GET, self.request.user
        tabs = self._tabs()
        shown = query.get("show") if query.get("show") in tabs else register.MINE
        rows = self._rows(shown)
        places = {"older_than": query.get("older_than", ""), "newer_than": query.get("newer_than", "")}
        page = register.register_page(rows.select_related("requested_by"), **places)
        count = rows.order_by()[: register.MOST_COUNTED + 1].count()
        return super().get_context_data(
            tabs=[(tab, title, tab == shown) for tab, title in tabs.items()],
            shown=shown,
            page=page,
            lines=register.export_lines(page.rows, staff, on=timezone.localdate()),
            summary=_summary(count),
            is_of_others=shown != register.MINE,
            **kwargs,
        )

    def _tabs(self) -> dict[str, str]:
        staff = self.request.user
        tabs = {register.MINE: _("My files")}
        if staff.has_perm("accounts.approve_export"):
            tabs[register.WAITING] = _("To decide")
        if staff.has_perm("accounts.view_every_export"):
            tabs |= {register.ALL: _("All files"), register.OVERDUE: _("Not destroyed in time")}
        return tabs

    def _rows(self, shown: str) -> QuerySet[Export]:
        staff = self.request.user
        return {
            register.MINE: Export.objects.filter(requested_by=staff),
            register.WAITING: register.decidable_exports(staff),
            register.ALL: register.visible_exports(staff),
            register.OVERDUE: register.overdue(on=timezone.localdate()),
        }[shown]


def _summary(count: int) -> str:
    if count > register.MOST_COUNTED:
        return _("more than %(count)s files") % {"count": f"{register.MOST_COUNTED:,}"}
    return ngettext("%(count)s file", "%(count)s files", count) % {"count": f"{count:,}"}


class ExportRequest(FormView):
    """Ask for a file of the list whose words stand in the address."""

    template_name = "accounts/export_request.html"
    form_class = ExportForm

    def setup(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        """With the list. Raises Http404 where there is none, PermissionDenied where it may not be taken."""
        super().setup(request, *args, **kwargs)
        self.wanted = _takeable(request.user, self.kwargs["code"])

    @cached_property
    def conditions(self) -> Conditions:
        """What the address narrows the list to."""
        return self.wanted.understood(dict(self.request.GET.lists()), self.request.user)

    def get_form_kwargs(self) -> dict[str, object]:
        return super().get_form_kwargs() | {"staff": self.request.user}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        staff, problem = self.request.user, ""
        try:
            count = exports.rows_of(self.wanted, self.conditions, staff)
        except (exports.NothingToExport, exports.TooManyRows) as refused:
            count, problem = 0, CANNOT_ASK[type(refused)]
        problem = why_locked(staff, timezone.localdate()) or problem
        return super().get_context_data(
            title=self.wanted.title,
            told=self.wanted.in_words(self.conditions, is_whole=True),
            columns=self.wanted.columns(staff, self.conditions),
            count=count,
            ceiling=ceiling_of(staff),
            is_above=count > ceiling_of(staff),
            problem=problem,
            back_url=self._back(),
            **kwargs,
        )

    def _back(self) -> str:
        """The list as it was before, where its page exists."""
        words = self.request.GET.urlencode()
        address = url_of(self.wanted.page) or url_of("accounts:export-list")
        return f"{address}?{words}" if words else address

    def form_valid(self, form: ExportForm) -> HttpResponse:
        """Queue the file, or put it before a second person, and show its page."""
        given = {"list_code": self.kwargs["code"], "conditions": dict(self.request.GET.lists()), **form.cleaned_data}
        try:
            export = exports.request_export(by=self.request.user, at=timezone.now(), **given)
        except tuple(CANNOT_ASK) as refused:
            form.add_error(None, str(CANNOT_ASK[type(refused)]))
            return self.form_invalid(form)
        return redirect("accounts:export-detail", export.pk)


def _takeable(staff: Staff, code: str) -> ExportList:
    wanted = export_list(code)
    if wanted is None:
        raise Http404
    if not may_export(staff, code):
        raise PermissionDenied
    return wanted


@require_GET
@vary_on_headers("HX-Request", "HX-Target")
def export_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A file: how far it is, then how to take it and until when; the part is asked for again until it is made."""
    export = _known(request, pk)
    is_part = bool(request.htmx) and request.htmx.target == "export"
    template = "accounts/_export.html" if is_part else "accounts/export_detail.html"
    return render(request, template, _facts(request, export) | {"is_part": is_part})


def _known(request: HttpRequest, pk: int) -> Export:
    known = register.knowable_exports(request.user).select_related("requested_by__branch", "decided_by")
    return get_object_or_404(known, pk=pk)


def _facts(request: HttpRequest, export: Export) -> dict[str, object]:
    today = timezone.localdate()
    is_own = export.requested_by_id == request.user.pk
    is_ready = export.state == State.READY and export.expires_at > timezone.now()
    return {
        "export": export,
        "line": register.export_lines([export], request.user, on=today)[0],
        "purpose": Purpose(export.purpose).label,
        "failure": FAILURES.get(export.error, FAILURES["UNEXPECTED"]) if export.state == State.FAILED else "",
        "is_at_work": export.state in (State.QUEUED, State.RUNNING),
        "percent": min(100, 100 * export.rows_done // export.row_count) if export.row_count else 0,
        "may_take": is_own and is_ready,
        "why_locked": why_locked(request.user, today) if is_own and is_ready else "",
        "may_confirm": is_own and export.downloaded_count and export.destroyed_at is None,
        "may_decide": export.state == State.PROPOSED and exports.may_decide(request.user, export),
        "is_own": is_own,
    }


@require_POST
def export_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a file above the ceiling be made."""

    def approve(export: Export) -> None:
        form = ApprovalForm(request.POST)
        form.is_valid()
        comment = form.cleaned_data.get("comment", "")
        exports.approve_export(export=export, by=request.user, at=timezone.now(), comment=comment)
        messages.success(request, _("The file was approved. It is being made."))

    return _decided(request, pk, approve)


@require_POST
def export_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a file above the ceiling, for a reason."""

    def refuse(export: Export) -> None:
        form = RefusalForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Nothing was done: a reason of at least ten characters is needed."))
            return
        exports.refuse_export(export=export, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("The file was refused."))

    return _decided(request, pk, refuse)


def _decided(request: HttpRequest, pk: int, decide: Callable[[Export], None]) -> HttpResponse:
    if not request.user.has_perm("accounts.approve_export"):
        raise PermissionDenied
    export = _known(request, pk)
    try:
        decide(export)
    except tuple(CANNOT_DECIDE) as refused:
        messages.warning(request, str(CANNOT_DECIDE[type(refused)]))
    except exports.NotYoursToDecide:
        raise PermissionDenied from None
    return redirect("accounts:export-detail", pk)


@require_POST
def export_download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself, for whoever asked for it. Each time is counted and stands on the trail."""
    export = _known(request, pk)
    try:
        export = exports.take_export(export=export, by=request.user, at=timezone.now())
        file = exports.path_of(export).open("rb")
    except exports.NotYours:
        raise PermissionDenied from None
    except tuple(CANNOT_TAKE) as refused:
        messages.warning(request, str(CANNOT_TAKE[type(refused)]))
        return redirect("accounts:export-detail", pk)
    number = export_number(export)
    conditions = {"export": number, "download": export.downloaded_count, "fingerprint": export.fingerprint}
    kind = AccessEntry.Kind.EXPORT
    describe(kind=kind, reason=export.reason, purpose=export.purpose, conditions=conditions, count=export.row_count)
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{number}.{export.format.lower()}",
        content_type=CONTENT_TYPES[export.format],
    )
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def export_destroyed(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm that I have destroyed my copy."""
    export = _known(request, pk)
    try:
        exports.confirm_destroyed(export=export, by=request.user, at=timezone.now())
    except exports.NotYours:
        raise PermissionDenied from None
    except tuple(CANNOT_CONFIRM) as refused:
        messages.warning(request, str(CANNOT_CONFIRM[type(refused)]))
    else:
        messages.success(request, _("Noted that your copy is destroyed. The file here was removed too."))
    return redirect("accounts:export-detail", pk)


class ExportVerify(FormView):
    """Which file of the register is this? By its fingerprint, pasted or reckoned from the file."""

    template_name = "accounts/export_verify.html"
    form_class = FingerprintForm

    def form_valid(self, form: FingerprintForm) -> HttpResponse:
        """The same page with what was found."""
        asked = form.asked
        found = register.by_fingerprint(asked, self.request.user)
        lines = register.export_lines([found] if found else [], self.request.user, on=timezone.localdate())
        context = self.get_context_data(form=form, asked=asked, lines=lines, line=lines[0] if lines else None)
        return self.render_to_response(context)


@require_POST
def print_noted(request: HttpRequest) -> HttpResponse:
    """Note on the trail that a page is printed. Field: path, without the words behind it."""
    path = request.POST.get("path", "")[:500]
    try:
        match = resolve(path)
    except Resolver404:
        return HttpResponse(status=400)
    target = target_of(match.kwargs)
    shown = customers_on_page(request.user, match.view_name, target, at=timezone.now())
    saw(shown)
    describe(kind=AccessEntry.Kind.PRINT, conditions={"page": match.view_name, "target": target}, count=len(shown))
    return HttpResponse(status=204)
