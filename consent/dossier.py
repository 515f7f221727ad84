"""What several panels of one page need of consents, fetched once."""

from __future__ import annotations

from collections.abc import Mapping

from consent.state import Held, Key, held
from customers.dossier import Dossier


def answers_of(dossier: Dossier) -> Mapping[Key, Held]:
    """What holds of every answer of the customer now, in one query per page."""
    kept = dossier.__dict__.get("consent_answers")
    if kept is None:
        customer = dossier.customer.pk
        kept = dossier.__dict__["consent_answers"] = held([customer], dossier.now)[customer]
    return kept
