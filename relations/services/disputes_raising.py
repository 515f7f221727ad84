"""Bringing a question about prospects before the desk, and the facts that both sides may see."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min
from django.urls import reverse

from accounts.models import Staff
from accounts.services.notices import notify
from accounts.trail import saw
from customers import formats
from customers.models import Customer
from relations.models import Prospect, ProspectDispute, ProspectEvent
from relations.rules.prospects import answer_due, written_receipt
from relations.services.prospects_taking import write_event

Kind = ProspectDispute.Kind


def raise_dispute(
    *, prospect: Prospect, customer: int | None, statement: str, by: Staff, at: datetime
) -> ProspectDispute:
    """Ask the desk about a prospect that waits for review; within the transaction that registered it.

    customer: id of whoever is in the way. The planner of a prospect that is claimed is told.
    """
    kind = Kind.CLAIM if prospect.answer == Prospect.Answer.EXISTS else Kind.REVIEW
    against = Prospect.objects.filter(customer=customer, state=Prospect.State.ACTIVE).select_related("fp").first()
    dispute = ProspectDispute.objects.create(
        kind=kind,
        prospect=prospect,
        against=against,
        customer_id=customer,
        statement=statement,
        facts=_facts(kind, prospect, against, customer),
        raised_by=by,
        raised_at=at,
        due_at=answer_due(at.astimezone(formats.KOREA), settings.KOREAN_HOLIDAYS),
    )
    write_event(prospect, ProspectEvent.Kind.DISPUTED, at=at, by=by, details={"kind": kind})
    if against is not None and kind == Kind.CLAIM:
        write_event(against, ProspectEvent.Kind.DISPUTED, at=at, by=None, details={"kind": kind})
        tell(against.fp, "PROSPECT_CLAIMED", against, at, reverse("relations:dispute-detail", args=[dispute.pk]))
    if customer is not None:
        saw(customer)
    return dispute


def tell(staff: Staff, kind: str, prospect: Prospect, at: datetime, url: str = "") -> None:
    """A notice to a planner about a prospect. kind: of `words.prospects.NOTICES`."""
    url = url or reverse("relations:prospect-detail", args=[prospect.pk])
    notify(staff=[staff], kind=kind, at=at, what={"number": written_receipt(prospect.number)}, url=url)


def _facts(
    kind: str, prospect: Prospect, against: Prospect | None, customer: int | None
) -> dict[str, dict[str, object]]:
    """{"asker": {code: value}, "holder": the same}; of somebody who is only similar, nothing but the branch."""
    facts = {"asker": _of_prospect(prospect), "holder": {}}
    # Of a protected customer not even the branch is told, whoever else holds it.
    held = Customer.objects.filter(pk=customer, protections=None).select_related("main_branch").first()
    if kind == Kind.CLAIM and against is not None:
        facts["holder"] = _of_prospect(against) | ({} if held else {"branch": ""})
    elif customer is not None:
        facts["holder"] = {"branch": held.main_branch.code if held and held.main_branch else ""}
    return facts


def _of_prospect(prospect: Prospect) -> dict[str, object]:
    contacts = prospect.events.filter(kind=ProspectEvent.Kind.CONTACTED).aggregate(first=Min("on"), count=Count("pk"))
    return {
        "registered_on": formats.day(prospect.registered_at),
        "acquired_on": formats.day(prospect.acquired_on),
        "consented_on": formats.day(prospect.consented_on),
        "has_evidence": bool(prospect.consent_evidence.strip()),
        "first_contact_on": formats.day(contacts["first"]),
        "contact_count": contacts["count"],
        "protected_until": formats.day(prospect.protected_until),
        "branch": prospect.branch.code if prospect.branch else "",
    }
