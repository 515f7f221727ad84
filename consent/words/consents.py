"""Answers, proofs and refusals of consents in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from consent.models import Purpose
from consent.services import consents_checks as checks
from consent.services.consents import KeyUsed

ANSWERS: Mapping[str, Promise] = {
    "GIVEN": pgettext_lazy("consent", "Given"),
    "REFUSED": pgettext_lazy("consent", "Refused"),
    "WITHDRAWN": pgettext_lazy("consent", "Withdrawn"),
    "LAPSED": pgettext_lazy("consent", "Lapsed"),
}
"""Answers; in Korean not the words for contracts and duties that the English ones stand for elsewhere."""
CHANNELS: Mapping[str, Promise] = {
    "ANY": pgettext_lazy("channel", "No channel"),
    "PHONE": pgettext_lazy("channel", "Telephone"),
    "SMS": pgettext_lazy("channel", "Text message"),
    "MESSENGER": pgettext_lazy("channel", "Messenger notice"),
    "EMAIL": pgettext_lazy("channel", "E-mail"),
    "MAIL": pgettext_lazy("channel", "Letter"),
    "VISIT": pgettext_lazy("channel", "Visit"),
    "PUSH": pgettext_lazy("channel", "App push"),
    "FAX": pgettext_lazy("channel", "Fax"),
}
METHODS: Mapping[str, Promise] = {
    "PAPER": pgettext_lazy("consent", "Signed paper"),
    "TABLET": pgettext_lazy("consent", "Signed on a tablet"),
    "PHONE": pgettext_lazy("consent", "Recorded call"),
    "PHONE_WEB": pgettext_lazy("consent", "Call with the text on the web"),
    "WEB": pgettext_lazy("consent", "Website or app"),
    "EMAIL": pgettext_lazy("consent", "E-mail"),
    "SOURCE": pgettext_lazy("consent", "Sent by a source"),
    "ORAL": pgettext_lazy("consent", "Told"),
}
TONES: Mapping[str, str] = {"GIVEN": "green", "REFUSED": "red", "WITHDRAWN": "red", "LAPSED": "yellow", "": "secondary"}
ICONS: Mapping[str, str] = {"GIVEN": "check", "REFUSED": "ban", "WITHDRAWN": "ban", "LAPSED": "clock", "": "minus"}
NOTHING_SAID = _("Not asked")
PROOFS: Mapping[int, Promise] = {
    1: _("1 Signed"),
    2: _("2 Recorded or read on the web"),
    3: _("3 Written without a signature"),
    4: _("4 Only told"),
}
"""What each grade of proof rests on, best first."""
PROOF_TONES: Mapping[int, str] = {1: "green", 2: "azure", 3: "yellow", 4: "red"}
BECAUSE: Mapping[str, Promise] = {
    "SOURCE": _("told by a source"),
    "EXPIRED": _("not confirmed in time"),
    "SILENCE": _("kept by silence"),
    "SOURCE_TOOK_BACK": _("the source tells it no more"),
    "RECORD_MOVED": _("the record is of another customer"),
}
"""Why a row was written that nobody answered, by `Consent.because`."""
OUTCOMES: Mapping[str, Promise] = {
    **ANSWERS,
    "UNMERGED": _("Came apart again"),
}
"""How a conflict ended, by `ConsentConflict.outcome`."""
REFUSALS: Mapping[type[Exception], tuple[str | None, Promise]] = {
    checks.AnsweredInFuture: ("answered_at", _("This instant has not come yet.")),
    checks.NothingAnswered: (None, _("Nothing was answered. Choose an answer for one purpose at least.")),
    checks.AnsweredTwice: (None, _("The same is answered twice. One answer for each purpose and channel is recorded.")),
    checks.NotAnAnswer: (None, _("An answer is to give, to refuse or to withdraw.")),
    checks.WrongChannel: (None, _("This purpose is not asked for by that channel.")),
    checks.WrongRecipient: (None, _("Name a recipient that the text of this purpose names.")),
    checks.TextUnfit: (
        None,
        _("The text was not in use at that instant. Nobody can consent to words that were not published."),
    ),
    checks.GuardianNeeded: (
        "representative",
        _("The customer is a child. Only the legal representative can consent: name that person."),
    ),
    checks.RepresentativeUnfit: (
        "representative",
        _("A representative is another customer who is of age. Whoever answers for themselves has none."),
    ),
    checks.MergedAway: (None, _("This customer was merged into another one. Record it there.")),
    checks.CustomerGone: (None, _("This customer is kept apart or destroyed. Nothing is recorded any more.")),
    KeyUsed: (None, _("This key stands on the receipt of another customer.")),
}
"""Why nothing is recorded: the field that it is said beside, None for the whole form, and the sentence."""


def answer_words(answer: str) -> str:
    """An answer, or that there is none."""
    return str(ANSWERS[answer]) if answer else str(NOTHING_SAID)


def purpose_name(purpose: Purpose) -> str:
    """What a purpose is called in the language of the page."""
    return purpose.english_name if get_language() == "en" else purpose.name


def because_words(code: str) -> str:
    """Why a row was written by itself; '' where somebody answered, a code without words as it is."""
    return str(BECAUSE.get(code, code))


def lag(took: timedelta) -> str:
    """How long after an answer it was recorded, in the largest unit that fits."""
    minutes = max(0, int(took.total_seconds() // 60))
    if minutes < 1:
        return gettext("at once")
    if minutes < 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    days = hours // 24
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
