"""May we contact a customer: what stands against it, in the order in which it is told. Pure.

`decide` is the one place where this is said, for one customer and for a million (`consent.services.contacting`).
Source of the order: deceased, gone, stopped, asked not to be called, said no, never said yes, at a bad time, nowhere to
reach (README, decision on contacts).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

KOREA = ZoneInfo("Asia/Seoul")
SERVICE_BASES = frozenset({"CONTRACT", "STATUTE", "VITAL", "PUBLIC_SAFETY"})
ADVERTISING_KINDS = frozenset({"MARKETING", "NIGHT"})  # never a duty, whatever basis somebody gave them
CONTACT_KINDS = frozenset({"MARKETING", "SERVICE"})
"""Kinds of purposes for which customers are contacted; a consent to any other says nothing about contacts."""
CALLED = frozenset({"PHONE", "SMS"})  # what the do-not-call register is about
SPOKEN = frozenset({"PHONE", "VISIT"})  # never at night, whatever was consented to
UNTIMED = frozenset({"EMAIL", "MAIL"})  # wake nobody
POINTS: Mapping[str, tuple[str, ...]] = {
    "PHONE": ("mobile", "phone_home"),
    "SMS": ("mobile",),
    "MESSENGER": ("mobile",),
    "PUSH": ("mobile",),
    "EMAIL": ("email",),
    "MAIL": ("address",),
    "VISIT": ("address",),
    "FAX": (),
}
"""{channel: items of a customer of which one is needed}; no fax number is held of anybody."""
CHANNELS = tuple(POINTS)


class Reason(StrEnum):
    """Why a contact is allowed or not; the names are kept with every decision."""

    ALLOWED = "ALLOWED"
    DECEASED = "DECEASED"
    DESTROYED = "DESTROYED"
    SEPARATED = "SEPARATED"
    MERGED = "MERGED"
    STOPPED = "STOPPED"
    PURPOSE_CLOSED = "PURPOSE_CLOSED"
    DO_NOT_CALL = "DO_NOT_CALL"
    DNC_EXPIRED = "DNC_EXPIRED"
    DO_NOT_CONTACT = "DO_NOT_CONTACT"
    CREDIT_STOP = "CREDIT_STOP"
    OPTED_OUT = "OPTED_OUT"
    NO_CONSENT = "NO_CONSENT"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    MINOR = "MINOR"
    COMPLAINT = "COMPLAINT"
    CLAIM = "CLAIM"
    NIGHT = "NIGHT"
    NIGHT_CONSENT = "NIGHT_CONSENT"
    NO_POINT = "NO_POINT"
    DEAD_POINT = "DEAD_POINT"
    CAP = "CAP"


OWN_RULE = "내부 기준"
CLAUSES: Mapping[Reason, str] = {
    Reason.DECEASED: OWN_RULE,
    Reason.DESTROYED: "개인정보 보호법 제21조",
    Reason.SEPARATED: "신용정보법 제20조의2 제2항",
    Reason.MERGED: OWN_RULE,
    Reason.STOPPED: OWN_RULE,
    Reason.PURPOSE_CLOSED: "개인정보 보호법 제15조",
    Reason.DO_NOT_CALL: "금소법 제21조의2, 금융권 두낫콜 운영기준",
    Reason.DNC_EXPIRED: "금소법 제21조의2, 금융권 두낫콜 운영기준",
    Reason.DO_NOT_CONTACT: "금소법 제21조의2 제1항",
    Reason.CREDIT_STOP: "신용정보법 제37조 제2항",
    Reason.OPTED_OUT: "정보통신망법 제50조 제2항",
    Reason.WITHDRAWN: "개인정보 보호법 제37조, 정보통신망법 제50조 제2항",
    Reason.LAPSED: "정보통신망법 제50조 제8항",
    Reason.OUT_OF_SCOPE: OWN_RULE,
    Reason.MINOR: "개인정보 보호법 제22조의2",
    Reason.COMPLAINT: OWN_RULE,
    Reason.CLAIM: OWN_RULE,
    Reason.NIGHT: "금소법 제21조의2 제3항",
    Reason.NIGHT_CONSENT: "정보통신망법 제50조 제3항",
    Reason.NO_POINT: OWN_RULE,
    Reason.DEAD_POINT: OWN_RULE,
    Reason.CAP: OWN_RULE,
}
"""{reason: where it is said}; a reason that is missing here is said by the clause of the purpose."""


class DoNotCall(StrEnum):
    """What the do-not-call register says; EXPIRED until a compliance officer has decided."""

    NOT_ON = ""
    ON = "ON"
    EXPIRED = "EXPIRED"


class Facts(NamedTuple):
    """All that matters of one customer, channel, purpose and instant.

    clause: of the purpose. at: aware. state: of the customer. consent: answer to the purpose for the channel that holds
    at `at`, '' for none; likewise night_consent. is_by_representative: that answer was given by a legal representative.
    has_point: we hold something of the channel. night_from, night_until: hours of the day in Korea.
    """

    channel: str
    at: datetime
    is_service: bool
    clause: str = ""
    state: str = "ACTIVE"
    is_deceased: bool = False
    is_stopped: bool = False
    is_purpose_closed: bool = False
    do_not_call: str = DoNotCall.NOT_ON
    has_refused_contact: bool = False
    has_credit_stop: bool = False
    has_opted_out: bool = False
    consent: str = ""
    is_in_scope: bool = True
    is_child: bool = False
    is_by_representative: bool = False
    has_complaint: bool = False
    has_claim: bool = False
    night_consent: str = ""
    has_point: bool = True
    is_point_dead: bool = False
    is_capped: bool = False
    night_from: int = 21
    night_until: int = 8


class Verdict(NamedTuple):
    """Whether, why, by which clause, and what may be said to the customer.

    words: a sentence in the reader's language; `decide` leaves it empty and `consent.words.contact.told` adds it.
    """

    is_allowed: bool
    reason: Reason
    clause: str
    words: str = ""


def is_service(kind: str, basis: str) -> bool:
    """Whether a purpose of this kind and legal basis is a duty or service, to which the rules on solicitation do not
    apply."""
    return basis in SERVICE_BASES and kind not in ADVERTISING_KINDS


def is_night(at: datetime, night_from: int, night_until: int) -> bool:
    """Whether an instant lies in the hours of rest in Korea: from the first hour on, before the second; equal hours
    mean that there are none."""
    hour = at.astimezone(KOREA).hour
    if night_from <= night_until:
        return night_from <= hour < night_until
    return hour >= night_from or hour < night_until


def born_after(day: date, years: int) -> date:
    """Whoever was born after this day is younger than so many years on `day`."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - years, day=28)


def _is_at_night(facts: Facts) -> bool:
    return facts.channel not in UNTIMED and is_night(facts.at, facts.night_from, facts.night_until)


Stands = Callable[[Facts], bool]
ALWAYS: tuple[tuple[Reason, Stands], ...] = (
    (Reason.DECEASED, lambda facts: facts.is_deceased),
    (Reason.DESTROYED, lambda facts: facts.state == "DESTROYED"),
    (Reason.SEPARATED, lambda facts: facts.state == "SEPARATED"),
    (Reason.MERGED, lambda facts: facts.state == "MERGED"),
    (Reason.STOPPED, lambda facts: facts.is_stopped),
    (Reason.PURPOSE_CLOSED, lambda facts: facts.is_purpose_closed),
)
SOLICITATION: tuple[tuple[Reason, Stands], ...] = (
    (Reason.DO_NOT_CALL, lambda facts: facts.channel in CALLED and facts.do_not_call == DoNotCall.ON),
    (Reason.DNC_EXPIRED, lambda facts: facts.channel in CALLED and facts.do_not_call == DoNotCall.EXPIRED),
    (Reason.DO_NOT_CONTACT, lambda facts: facts.has_refused_contact),
    (Reason.CREDIT_STOP, lambda facts: facts.has_credit_stop),
    (Reason.OPTED_OUT, lambda facts: facts.has_opted_out),
    (Reason.NO_CONSENT, lambda facts: not facts.consent),
    (Reason.REFUSED, lambda facts: facts.consent == "REFUSED"),
    (Reason.WITHDRAWN, lambda facts: facts.consent == "WITHDRAWN"),
    (Reason.LAPSED, lambda facts: facts.consent != "GIVEN"),
    (Reason.OUT_OF_SCOPE, lambda facts: not facts.is_in_scope),
    (Reason.MINOR, lambda facts: facts.is_child and not facts.is_by_representative),
    (Reason.COMPLAINT, lambda facts: facts.has_complaint),
    (Reason.CLAIM, lambda facts: facts.has_claim),
    (Reason.NIGHT, lambda facts: facts.channel in SPOKEN and _is_at_night(facts)),
    (Reason.NIGHT_CONSENT, lambda facts: facts.night_consent != "GIVEN" and _is_at_night(facts)),
)
REACHING: tuple[tuple[Reason, Stands], ...] = (
    (Reason.NO_POINT, lambda facts: not facts.has_point),
    (Reason.DEAD_POINT, lambda facts: facts.is_point_dead),
)
LAST: tuple[tuple[Reason, Stands], ...] = ((Reason.CAP, lambda facts: facts.is_capped),)
ORDERS = {True: (*ALWAYS, *REACHING), False: (*ALWAYS, *SOLICITATION, *REACHING, *LAST)}
"""{whether it is a service: what may stand against it, the first that does is told}."""


def decide(facts: Facts) -> Verdict:
    """Whether this contact may be made. Raises ValueError for a channel by which nobody is reached."""
    if facts.channel not in POINTS:
        raise ValueError(f"nobody is contacted by {facts.channel}")
    standing = (reason for reason, stands in ORDERS[facts.is_service] if stands(facts))
    reason = next(standing, Reason.ALLOWED)
    return Verdict(reason is Reason.ALLOWED, reason, CLAUSES.get(reason) or facts.clause)
