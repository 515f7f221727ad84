"""Keys of service clients: the list, issuing, rotating, revoking."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView, ListView

from accounts import services
from accounts.forms import ReasonForm, ServiceKeyForm
from accounts.models import ServiceKey

PERMISSION = "accounts.issue_servicekey"
SHOWN = 200


class ServiceKeyListView(PermissionRequiredMixin, ListView):
    """All keys, those that open something first, the newest of each first; at most 200."""

    permission_required = "accounts.view_servicekey"
    template_name = "accounts/service_key_list.html"
    context_object_name = "keys"

    def get_queryset(self) -> QuerySet[ServiceKey]:
        return ServiceKey.objects.with_state(at=timezone.now()).select_related("staff", "created_by")[:SHOWN]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs, reason_form=ReasonForm(), days=settings.SERVICE_KEY_DAYS)


class ServiceKeyIssueView(PermissionRequiredMixin, FormView):
    """A new key for a service client; its words are shown once, in the answer."""

    permission_required = PERMISSION
    template_name = "accounts/service_key_issue.html"
    form_class = ServiceKeyForm

    def form_valid(self, form: ServiceKeyForm) -> HttpResponse:
        now = timezone.now()
        given = form.cleaned_data
        try:
            issued = services.issue_key(
                staff=given["staff"],
                name=given["name"],
                scopes=given["scopes"],
                networks=given["networks"],
                expires_at=now + timedelta(days=given["days"]),
                by=self.request.user,
                at=now,
            )
        except services.NoServiceClient:
            form.add_error("staff", _("This account is no service client any more."))
            return self.form_invalid(form)
        return render(self.request, "accounts/service_key_issued.html", {"issued": issued})


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def service_key_rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """A new key in place of one that runs on for a while."""
    key = get_object_or_404(ServiceKey, pk=pk)
    now = timezone.now()
    expires_at = now + timedelta(days=settings.SERVICE_KEY_DAYS)
    try:
        issued = services.rotate_key(key=key, expires_at=expires_at, by=request.user, at=now)
    except services.KeyClosed:
        messages.warning(request, _("This key is closed or was replaced already."))
    except services.NoServiceClient:
        messages.warning(request, _("The account is no service client any more."))
    else:
        return render(request, "accounts/service_key_issued.html", {"issued": issued})
    return redirect("accounts:service-key-list")


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def service_key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a key from now on, for a reason."""
    key = get_object_or_404(ServiceKey, pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was done: a reason is needed."))
        return redirect("accounts:service-key-list")
    try:
        services.revoke_key(key=key, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
    except services.KeyClosed:
        messages.warning(request, _("This key is closed already."))
    else:
        messages.success(request, _("The key was revoked."))
    return redirect("accounts:service-key-list")
