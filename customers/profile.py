"""The 360° page in two answers: what whoever serves the customer needs at once, and what may come a blink later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest

from accounts.models import Staff
from customers import tones
from customers.dossier import dossier_of
from customers.gates import missing_proofs
from customers.models import Customer
from customers.panels import index_of, panels_for

PART, LOOK = "part", "look"
# A page that is asked for its rest later than this, such as by a tab that slept, is looked at anew.
ONE_LOOK = timedelta(minutes=5)
SALT = "customers.profile.look"


class Part(StrEnum):
    """What the word `part` of the address asks for; without it, the panels that lead."""

    BELOW = "below"
    ALL = "all"


def page_of_customer(request: HttpRequest, customer: Customer) -> dict[str, object]:
    """What the page shows: with the panels that lead, and the address of the others, or with them all.

    The part below is for a page that has the rest already; whoever opens its address sees everything.
    """
    is_whole = request.GET.get(PART) in set(Part)
    leading = None if is_whole else True
    panels = panels_for(customer, request.user, leading=leading)
    return {
        "customer": customer,
        "dossier": dossier_of(customer, request.user),
        "missing": missing_proofs([customer]).get(customer.pk, []),
        "grade_tone": tones.GRADES.get(customer.grade, tones.PLAIN),
        "gate_tone": tones.GATES.get(customer.gate, tones.PLAIN),
        "panels": panels,
        "index": index_of(customer, request.user, panels, leading=leading),
        **({} if is_whole else _addresses(request, customer)),
    }


def below_of(customer: Customer, viewer: Staff) -> dict[str, object]:
    """What the second answer shows, with the lines that take their place in the page's index."""
    panels = panels_for(customer, viewer, leading=False)
    index = index_of(customer, viewer, panels, leading=False)
    return {
        "customer": customer,
        "panels": panels,
        "index": [line for line in index if not line.heading.leads],
        "is_late": True,
    }


def _addresses(request: HttpRequest, customer: Customer) -> Mapping[str, str]:
    """Where the rest of the page is, and where everything is at once; the other words of the address stay."""
    words = request.GET.copy()
    words[PART] = Part.ALL
    whole = words.urlencode()
    words[PART], words[LOOK] = Part.BELOW, _mark(request, customer)
    return {"below_url": f"{request.path}?{words.urlencode()}", "whole_url": f"{request.path}?{whole}"}


def is_noted(request: HttpRequest, customer: Customer) -> bool:
    """Whether the rest is asked for by a page that this session was shown just now, whose entry is on the trail."""
    subject = _subject(request, customer)
    try:
        found = TimestampSigner(salt=SALT).unsign(f"{subject}:{request.GET.get(LOOK, '')}", max_age=ONE_LOOK)
    except BadSignature:
        return False
    return found == subject


def _mark(request: HttpRequest, customer: Customer) -> str:
    """A sign that a page was shown in this session; it tells nothing to whoever reads the address."""
    subject = _subject(request, customer)
    return TimestampSigner(salt=SALT).sign(subject).removeprefix(f"{subject}:")


def _subject(request: HttpRequest, customer: Customer) -> str:
    session = getattr(request, "session", None)
    return f"{customer.pk}/{request.user.pk}/{session.session_key if session else ''}"
