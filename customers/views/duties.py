"""Duties are told on the start page; here they are done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.models import Duty
from customers.services import duties


@require_POST
def duty_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark an own duty as done; that of somebody else is not found."""
    duty = get_object_or_404(Duty, pk=pk, staff=request.user)
    try:
        duties.finish_duty(duty=duty, by=request.user, at=timezone.now())
    except duties.AlreadyDone:
        messages.info(request, _("It was done before."))
    else:
        messages.success(request, _("Marked as done."))
    return redirect("home")
