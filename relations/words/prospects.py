"""Prospects and their disputes in words, and the colours of their states."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from relations.rules.prospects import Wrong

STATE_TONES: Mapping[str, str] = {
    "REVIEW": "yellow",
    "ACTIVE": "green",
    "CONVERTED": "blue",
    "EXPIRED": "secondary",
    "RELEASED": "secondary",
    "REFUSED": "red",
}
STATES_OF: Mapping[str, tuple[str, ...]] = {
    "": ("ACTIVE",),
    "REVIEW": ("REVIEW",),
    "CONVERTED": ("CONVERTED",),
    "ENDED": ("EXPIRED", "RELEASED", "REFUSED"),
}
"""{tab of the list: states of the prospects on it}; on any other tab are all."""
DISPUTE_TONES: Mapping[str, str] = {
    "OPEN": "yellow",
    "UPHELD": "green",
    "REJECTED": "red",
    "WITHDRAWN": "secondary",
}
COUNTDOWN_TONES = ("secondary", "azure", "yellow", "red")
"""By `rules.prospects.urgency`."""
WRONG: Mapping[Wrong, tuple[str | None, Promise]] = {
    Wrong.CONSENT_AHEAD: ("consented_on", _("This day is still to come.")),
    Wrong.ACQUIRED_AHEAD: ("acquired_on", _("This day is still to come.")),
    Wrong.EXPIRES_TOO_LATE: ("expires_on", _("A consent does not carry that long. Choose an earlier day.")),
    Wrong.EXPIRED: ("expires_on", _("This day is over.")),
    Wrong.NO_ITEMS: ("consent_items", _("Name, birth date and mobile are needed, so the person must consent to them.")),
    Wrong.NOT_COVERED: (
        "consent_items",
        _("Something was typed that the person did not consent to. Leave it empty, or ask for consent."),
    ),
    Wrong.TOO_YOUNG: (
        "birth_date",
        _("Nobody under 14 can be registered: the legal representative must consent, and is the one to register."),
    ),
    Wrong.NOT_NEWER: ("consented_on", _("The new consent must be later than the one that is held.")),
}
"""{what is wrong with a consent: the field where it is told, the sentence}."""
FACTS: Mapping[str, Promise] = {
    "registered_on": _("Registered on"),
    "acquired_on": _("Acquired on"),
    "consented_on": _("Consent given on"),
    "has_evidence": _("Consent is proven"),
    "first_contact_on": _("First contact"),
    "contact_count": _("Contacts"),
    "protected_until": _("Protected until"),
    "branch": _("Branch"),
}
"""What both sides of a dispute may know of each other, in this order."""
NOTICES: Mapping[str, Promise] = {
    "PROSPECT_CLAIMED": _("Somebody claims your prospect %(number)s. Say your side before the desk decides."),
    "PROSPECT_UPHELD": _("The desk decided for you about the prospect %(number)s."),
    "PROSPECT_REJECTED": _("The desk decided against you about the prospect %(number)s, and says why."),
    "PROSPECT_KEPT": _("The claim to your prospect %(number)s was rejected."),
    "PROSPECT_MOVED": _("The desk gave your prospect %(number)s to another planner, and says why."),
    "PROSPECT_EXPIRED": _("The consent of the prospect %(number)s ran out. You may not contact the person any more."),
    "PROSPECT_CONVERTED": _("Your prospect %(number)s became a customer."),
}
"""{kind: sentence}. number: of the receipt, as written."""
