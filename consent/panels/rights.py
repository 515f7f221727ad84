"""Requests of the customer on the 360° page, and what is not used until a correction is decided."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from consent.models import RightsItem, RightsRequest
from consent.panels.gate import history_of
from consent.reports.rights_items import item_words
from consent.rules.rights import OPEN_STATES, clock
from consent.words.rights import KINDS, STATES
from customers import formats
from customers.dossier import dossier_of
from customers.models import Customer
from customers.panels.panel import Panel, heads, to

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


@heads(
    "rights",
    gettext_lazy("Requests of the customer"),
    "inbox",
    opens=to("consent.view_consent"),
    leads=True,
    is_certain=False,
)
def rights(customer: Customer, viewer: Staff) -> Panel | None:
    """In a query where somebody asked; None for those who may not see consents, and where nobody ever asked."""
    dossier = dossier_of(customer, viewer)
    if not history_of(dossier).has_requests:
        return None
    stopped = RightsItem.objects.filter(request=OuterRef("pk"), is_stopped=True).order_by("pk")
    requests = RightsRequest.objects.filter(customer=customer).annotate(stopped=ArraySubquery(stopped.values("item")))
    found = list(requests.order_by("-pk")[:MOST])
    sees = viewer.has_perm("consent.view_rightsrequest")
    content = RightsPanel(_stopped(found), tuple(_note(each) for each in found) if sees else ())
    if not (content.stopped or content.requests):
        return None
    return Panel(
        "consent/_rights_panel.html",
        content,
        summary=", ".join(content.stopped),
        count=sum(each.state in OPEN_STATES for each in found),
        now=dossier.now,
    )


def _stopped(found: list[RightsRequest]) -> tuple[str, ...]:
    """The words of what is not used meanwhile, the oldest request first."""
    return tuple(
        words
        for each in reversed(found)
        if each.stopped
        for words in item_words([RightsItem(item=code) for code in each.stopped], each.kind).values()
    )


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
