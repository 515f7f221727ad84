"""The words of the standing clean-up: what is asked, how to ask it, what comes of it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ASKS: Mapping[str, Promise] = {
    "VERIFY_NAME": _("Please verify the real name: see an identity card, or send a check to the mobile."),
    "ASK_CONSENT": _("Please ask for consent to the integrated use of customer data."),
    "GUARDIAN": _("Please ask the legal representative for consent. A child cannot give it alone."),
    "OF_AGE": _("Now of age: please ask again for what the representative had consented to."),
    "RECONFIRM": _("Please have the consent confirmed. Its words have changed, or it will lapse."),
}
"""{kind of a question: what to do, for whoever is with the customer}."""
STATES: Mapping[str, Promise] = {
    "OPEN": _("Open"),
    "DONE": _("Done"),
    "GONE": _("No longer needed"),
    "REFUSED": _("Refused by the customer"),
    "UNREACHED": _("Not reached in time"),
}
TONES: Mapping[str, str] = {
    "OPEN": "yellow",
    "DONE": "green",
    "GONE": "secondary",
    "REFUSED": "red",
    "UNREACHED": "red",
}
LAST_STEP = _(
    "Whoever is not verified or has not consented by the deadline is proposed to be kept apart, and after a further "
    "time to be destroyed, since data that nobody may use any more are destroyed without delay (PIPA article 21). "
    "Whoever still has a role in a contract stays: the law on that contract keeps the data."
)
NEVER = _("Never at this pace")
NO_SOURCE, NO_BRANCH = _("No source"), _("No branch")
