"""The words of the gate and of verifications: what is missing, why a customer came in scope or left it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MISSING: Mapping[str, Promise] = {
    "NAME_MISMATCH": _("the real name did not agree when it was verified"),
    "NAME_EXPIRED": _("the verification of the real name has expired"),
    "CONSENT_REFUSED": _("consent was refused"),
    "CONSENT_WITHDRAWN": _("consent was withdrawn"),
    "CONSENT_LAPSED": _("consent has lapsed"),
}
"""{code of a register: what is missing, as part of a sentence}."""
BECAUSE: Mapping[str, Promise] = {
    "NAME_VERIFIED": _("The real name was verified."),
    "NAME_MISMATCH": _("The real name did not agree."),
    "NAME_EXPIRED": _("The verification of the real name expired."),
    "CONSENT_GIVEN": _("A consent was given."),
    "CONSENT_REFUSED": _("Consent was refused."),
    "CONSENT_WITHDRAWN": _("Consent was withdrawn."),
    "CONSENT_LAPSED": _("Consent lapsed."),
    "SOURCES": _("The sources say otherwise now."),
    "NIGHT": _("Found when all customers were looked at."),
}
"""{code of a change of the gate: why}."""
MISMATCHES: Mapping[str, Promise] = {
    "NAME": _("Name"),
    "BIRTH_DATE": _("Birth date"),
    "SEX": _("Sex"),
    "NUMBER": _("Resident number"),
    "PHONE": _("Telephone number"),
    "DOCUMENT": _("The document is not valid"),
}
"""{what did not agree in a verification: its words}."""
NOTICES: Mapping[str, Promise] = {
    "SAME_CI": _(
        "A verification brought connecting information that another customer has already. They may be one person: "
        "%(first)s and %(second)s."
    ),
}


def because_words(code: str) -> str:
    """Why the gate changed; a code that nobody wrote words for is told as it is."""
    return str(BECAUSE.get(code, code))
