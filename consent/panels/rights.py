"""Requests of the customer on the 360° page, and what is not used until a correction is decided."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from consent.models import RightsItem, RightsRequest
from consent.panels.gate import history_of
from consent.reports.rights_items import item_words
from consent.rules.rights import OPEN_STATES, clock
from consent.words.rights import KINDS, STATES
from customers import formats
from customers.dossier import dossier_of
from customers.models import Customer
from customers.panels.panel import Panel

MOST = 5


@dataclass(frozen=True)
class RequestNote:
    """A request in short."""

    pk: int
    number: str
    kind: str
    state: str
    due: str
    tone: str


@dataclass(frozen=True)
class RightsPanel:
    """stopped: items that are not used meanwhile; requests: the newest, for those who may see them."""

    stopped: tuple[str, ...]
    requests: tuple[RequestNote, ...]


def rights(customer: Customer, viewer: Staff) -> Panel | None:
    """In two queries where somebody asked; None for those who may not see consents, and where nobody ever asked."""
    if not viewer.has_perm("consent.view_consent"):
        return None
    dossier = dossier_of(customer, viewer)
    if not history_of(dossier).has_requests:
        return None
    found = list(RightsRequest.objects.filter(customer=customer).order_by("-pk")[:MOST])
    sees = viewer.has_perm("consent.view_rightsrequest")
    content = RightsPanel(_stopped(found), tuple(_note(each) for each in found) if sees else ())
    if not (content.stopped or content.requests):
        return None
    return Panel(
        "rights",
        _("Requests of the customer"),
        "inbox",
        "consent/_rights_panel.html",
        content,
        summary=", ".join(content.stopped),
        count=sum(each.state in OPEN_STATES for each in found),
        now=dossier.now,
    )


def _stopped(found: list[RightsRequest]) -> tuple[str, ...]:
    items = RightsItem.objects.filter(request__in=[each.pk for each in found], is_stopped=True).order_by("pk")
    kinds = {each.pk: each.kind for each in found}
    return tuple(item_words([item], kinds[item.request_id])[item.item] for item in items)


def _note(request: RightsRequest) -> RequestNote:
    left = clock(request.state, request.due_on, timezone.localdate())
    return RequestNote(
        pk=request.pk,
        number=request.number,
        kind=str(KINDS[request.kind]),
        state=str(STATES[request.state]),
        due=formats.day(request.due_on),
        tone=left.tone or "secondary",
    )
