"""Contacts in words: why one is allowed or not, and what may be said to the customer."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consent.models import Purpose
from consent.rules.contact import Reason, Verdict
from customers.numbering import written_number

REASONS: Mapping[str, Promise] = {
    Reason.ALLOWED: _("Nothing stands against it"),
    Reason.DECEASED: _("The customer is deceased"),
    Reason.DESTROYED: _("The customer's data were destroyed"),
    Reason.SEPARATED: _("The customer's data are kept apart"),
    Reason.MERGED: _("The number was merged into another customer"),
    Reason.STOPPED: _("Stopped for the whole company"),
    Reason.PURPOSE_CLOSED: _("The purpose is closed"),
    Reason.DO_NOT_CALL: _("On the do-not-call register"),
    Reason.DNC_EXPIRED: _("Do-not-call registration expired, not decided: ask compliance"),
    Reason.DO_NOT_CONTACT: _("The customer wants no contact"),
    Reason.CREDIT_STOP: _("The customer stopped solicitation"),
    Reason.OPTED_OUT: _("The customer refuses advertisements by this channel"),
    Reason.NO_CONSENT: _("No consent was asked for or given"),
    Reason.REFUSED: _("The consent was refused"),
    Reason.WITHDRAWN: _("The consent was withdrawn"),
    Reason.LAPSED: _("The consent lapsed and was not confirmed"),
    Reason.OUT_OF_SCOPE: _("Real name not verified or use not consented to"),
    Reason.MINOR: _("A child, without consent of the legal representative"),
    Reason.COMPLAINT: _("A complaint is open"),
    Reason.CLAIM: _("A claim is open"),
    Reason.NIGHT: _("Hours of rest: no calls or visits"),
    Reason.NIGHT_CONSENT: _("Hours of rest, and no separate consent to the night"),
    Reason.NO_POINT: _("No contact point for this channel"),
    Reason.DEAD_POINT: _("The contact point does not reach the customer"),
    Reason.CAP: _("Solicited often enough this month"),
}
"""{reason: why, for staff}."""
SAYINGS: Mapping[str, Promise] = {
    Reason.ALLOWED: _("Hello, may I tell you about it now?"),
    Reason.DECEASED: _("Say nothing. Condolences and benefits are handled by the claims desk."),
    Reason.DESTROYED: _("We hold no data of yours any more."),
    Reason.SEPARATED: _("Your contract has ended, and your data are kept apart as the law asks. We do not use them."),
    Reason.MERGED: _("Use the number that this customer has now."),
    Reason.STOPPED: _("The company sends no such messages at the moment. We will tell you when there is news."),
    Reason.PURPOSE_CLOSED: _("We do not do this any more."),
    Reason.DO_NOT_CALL: _("You registered that you want no calls, so we call only about your contract."),
    Reason.DNC_EXPIRED: _("Your registration not to be called is being looked at, so we do not call until then."),
    Reason.DO_NOT_CONTACT: _("You asked us not to contact you, so we write or call only about your contract."),
    Reason.CREDIT_STOP: _("You asked us to stop recommending products, and we keep to that."),
    Reason.OPTED_OUT: _("You refused advertisements by this channel, so we send none."),
    Reason.NO_CONSENT: _("You have not agreed to hear about products. Would you like to see what you may agree to?"),
    Reason.REFUSED: _("You did not agree to hear about products, and that changes nothing for your contract."),
    Reason.WITHDRAWN: _("You took your consent back, so we do not recommend products."),
    Reason.LAPSED: _("Your consent is more than its time old. Would you like to keep it?"),
    Reason.OUT_OF_SCOPE: _("May we check your name and ask for your consent first?"),
    Reason.MINOR: _("May I speak with your legal representative about this?"),
    Reason.COMPLAINT: _("We are working on your complaint and will talk about nothing else until it is settled."),
    Reason.CLAIM: _("We are working on your claim and will talk about nothing else until it is settled."),
    Reason.NIGHT: _("It is late. I will call you tomorrow in the daytime."),
    Reason.NIGHT_CONSENT: _("You get our messages in the daytime only."),
    Reason.NO_POINT: _("How may we reach you? We have no contact of yours for this."),
    Reason.DEAD_POINT: _("What we sent did not reach you. May I write down your new contact?"),
    Reason.CAP: _("You have heard from us often this month, so we will come back next month."),
}
"""{reason: what may be said to the customer}."""
ALL_CHANNELS, ALL_PURPOSES = _("All channels"), _("All purposes")
REFUSED, NOT_REFUSED = _("Wants no contact"), _("Nothing said")
MERGED_INTO = _("Use the number that this customer has now: %(number)s.")
TONES: Mapping[bool, str] = {True: "green", False: "red"}
NOTICES: Mapping[str, Promise] = {
    "CONTACTS_STOPPED": _("%(by)s stopped contacts for the whole company. Look at what does not go out."),
    "CONTACTS_STOP_ENDED": _("%(by)s ended a stop of contacts for the whole company."),
}
"""{kind of notice: sentence}. by: a name."""
CIRCUMSTANCE_TONES: Mapping[str, str] = {
    "DECEASED": "red",
    "COMPLAINT": "yellow",
    "CLAIM": "yellow",
    "DEAD_CONTACT": "secondary",
}
REJECTS: Mapping[str, Promise] = {
    "NUMBER": _("No telephone number"),
    "DAY": _("No day of registration"),
    "DAY_TO_COME": _("The day of registration is still to come"),
    "TWICE": _("The number stands in the file before"),
}
"""{code: why a row of a do-not-call list was not taken}."""


def purpose_name(purpose: Purpose) -> str:
    """The name of a purpose in the reader's language."""
    return purpose.english_name if get_language() == "en" else purpose.name


def why(reason: str) -> str:
    """A reason in words; a code of another day as it is."""
    return str(REASONS.get(reason, reason))


def told(verdict: Verdict, survivor: str = "") -> Verdict:
    """The verdict with what may be said. survivor: the number that the customer was merged into."""
    if verdict.reason is Reason.MERGED and survivor:
        return verdict._replace(words=str(MERGED_INTO % {"number": written_number(survivor)}))
    return verdict._replace(words=str(SAYINGS[verdict.reason]))
