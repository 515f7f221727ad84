"""Cases of contactability: what is known of a customer, what is asked, and what must be answered by which clause.

Each is asked of the pure rules, of the database one by one, and of the set; see `test_contact_cases`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

KST, UTC, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("UTC"), ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 25, 14, tzinfo=KST)
DAY = NOON.date()
EVERY_POINT = ("mobile", "phone_home", "email", "address")
OWN = "내부 기준"
CONSENT = "신용정보법 제33조"
ADVERT = "정보통신망법 제50조"
CONSUMER = "금소법 제21조의2"
REGISTER = "두낫콜"
CREDIT = "신용정보법 제37조"
CHILD = "개인정보 보호법 제22조의2"
CONTRACT = "개인정보 보호법 제15조"


@dataclass(frozen=True)
class Case:
    """A question with its answer. Everything not said is the ordinary: an adult in scope whom all reach, who agreed to
    marketing by this channel, asked for the afternoon of a working day.

    said, night: answers to the purpose and to the night; refusals, circumstances: (kind, channel); listed: until when
    the telephone number is on the register; stops: (purpose or '', channel); role: who answered.
    """

    name: str
    reason: str
    clause: str
    channel: str = "SMS"
    purpose: str = "MARKETING"
    at: datetime = NOON
    said: str = "GIVEN"
    night: str = ""
    refusals: tuple[tuple[str, str], ...] = ()
    circumstances: tuple[tuple[str, str], ...] = ()
    listed: date | None = None
    stops: tuple[tuple[str, str], ...] = ()
    gate: str = "IN_SCOPE"
    state: str = "ACTIVE"
    born: date | None = date(1985, 3, 2)
    role: str = "SELF"
    points: tuple[str, ...] = EVERY_POINT
    closed_on: date | None = None

    def __str__(self) -> str:
        return self.name


def kst(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=KST)


SERVICE = {"purpose": "CONTRACT_SERVICE", "said": ""}
DEAD = (("DECEASED", "ANY"),)
WANTS_NONE, OPTS_OUT, STOPS = ("DO_NOT_CONTACT", "ANY"), ("OPT_OUT", "SMS"), ("CREDIT_STOP", "ANY")
COMPLAINS, CLAIMS = (("COMPLAINT", "ANY"),), (("CLAIM", "ANY"),)
LATE, EARLY = kst(2026, 11, 25, 21), kst(2026, 11, 25, 7, 59, 59)
CHILD_BORN = date(2015, 1, 1)

ALLOWED = [
    *(
        Case(f"agreed to {channel}", "ALLOWED", CONSENT, channel)
        for channel in ("PHONE", "SMS", "MESSENGER", "EMAIL", "MAIL", "VISIT", "PUSH")
    ),
    Case("a service without any consent", "ALLOWED", CONTRACT, **SERVICE),
    Case("a service by telephone", "ALLOWED", CONTRACT, "PHONE", **SERVICE),
    Case("a statute without consent", "ALLOWED", "보험업법 시행령 제102조", purpose="UNIQUE_IDENTIFIER", said=""),
    Case("only a home phone is enough to call", "ALLOWED", CONSENT, "PHONE", points=("phone_home",)),
    Case("a birth date that nobody knows is of age", "ALLOWED", CONSENT, born=None),
]
GONE = [
    Case("deceased", "DECEASED", OWN, circumstances=DEAD),
    Case("deceased, by letter", "DECEASED", OWN, "MAIL", circumstances=DEAD),
    Case("deceased, even for a service", "DECEASED", OWN, circumstances=DEAD, **SERVICE),
    Case("deceased comes before merged", "DECEASED", OWN, circumstances=DEAD, state="MERGED"),
    Case("deceased comes before stopped", "DECEASED", OWN, circumstances=DEAD, stops=(("", "ANY"),)),
    Case("destroyed", "DESTROYED", "개인정보 보호법 제21조", state="DESTROYED"),
    Case("destroyed, even for a service", "DESTROYED", "개인정보 보호법 제21조", state="DESTROYED", **SERVICE),
    Case("kept apart", "SEPARATED", "신용정보법 제20조의2", state="SEPARATED"),
    Case("kept apart, even for a service", "SEPARATED", "신용정보법 제20조의2", state="SEPARATED", **SERVICE),
    Case("merged", "MERGED", OWN, state="MERGED"),
    Case("merged, even for a service", "MERGED", OWN, state="MERGED", **SERVICE),
]
STOPPED = [
    Case("everything stopped", "STOPPED", OWN, stops=(("", "ANY"),)),
    Case("the channel stopped", "STOPPED", OWN, stops=(("", "SMS"),)),
    Case("the purpose stopped", "STOPPED", OWN, stops=(("MARKETING", "ANY"),)),
    Case("purpose and channel stopped", "STOPPED", OWN, stops=(("MARKETING", "SMS"),)),
    Case("another channel stopped", "ALLOWED", CONSENT, stops=(("", "PHONE"),)),
    Case("another purpose stopped", "ALLOWED", CONSENT, stops=(("CONTRACT_SERVICE", "ANY"),)),
    Case("purpose with another channel stopped", "ALLOWED", CONSENT, stops=(("MARKETING", "PHONE"),)),
    Case("a service stopped", "STOPPED", OWN, stops=(("CONTRACT_SERVICE", "ANY"),), **SERVICE),
    Case("a service with marketing stopped", "ALLOWED", CONTRACT, stops=(("MARKETING", "ANY"),), **SERVICE),
    Case("a service with its channel stopped", "STOPPED", OWN, stops=(("", "SMS"),), **SERVICE),
    Case("stopped comes before refused", "STOPPED", OWN, stops=(("", "ANY"),), refusals=(WANTS_NONE,)),
    Case("the purpose closed today", "PURPOSE_CLOSED", CONTRACT, closed_on=DAY),
    Case("the purpose closes tomorrow", "ALLOWED", CONSENT, closed_on=date(2026, 11, 26)),
]
LISTED = [
    Case("on the register, by telephone", "DO_NOT_CALL", REGISTER, "PHONE", listed=date(2027, 1, 1)),
    Case("on the register, by text message", "DO_NOT_CALL", REGISTER, listed=date(2027, 1, 1)),
    Case("on the register, last day", "DO_NOT_CALL", REGISTER, "PHONE", listed=date(2026, 11, 26)),
    Case("on the register, first day after", "DNC_EXPIRED", REGISTER, "PHONE", listed=DAY),
    Case("long over and not decided", "DNC_EXPIRED", REGISTER, "PHONE", listed=date(2020, 1, 1)),
    Case("over and not decided, by text message", "DNC_EXPIRED", REGISTER, listed=date(2026, 1, 1)),
    Case("on the register, by e-mail", "ALLOWED", CONSENT, "EMAIL", listed=date(2027, 1, 1)),
    Case("on the register, by letter", "ALLOWED", CONSENT, "MAIL", listed=date(2027, 1, 1)),
    Case("on the register, by messenger", "ALLOWED", CONSENT, "MESSENGER", listed=date(2027, 1, 1)),
    Case("on the register, a service", "ALLOWED", CONTRACT, "PHONE", listed=date(2027, 1, 1), **SERVICE),
    Case(
        "register before own refusal", "DO_NOT_CALL", REGISTER, "PHONE", listed=date(2027, 1, 1), refusals=(WANTS_NONE,)
    ),
    Case("register before no consent", "DNC_EXPIRED", REGISTER, "PHONE", listed=DAY, said=""),
]
REFUSED = [
    Case("wants no contact", "DO_NOT_CONTACT", CONSUMER, refusals=(WANTS_NONE,)),
    Case("wants no contact, by letter", "DO_NOT_CONTACT", CONSUMER, "MAIL", refusals=(WANTS_NONE,)),
    Case("wants no calls, is called", "DO_NOT_CONTACT", CONSUMER, "PHONE", refusals=(("DO_NOT_CONTACT", "PHONE"),)),
    Case("wants no calls, is written to", "ALLOWED", CONSENT, refusals=(("DO_NOT_CONTACT", "PHONE"),)),
    Case("wants no contact, a service", "ALLOWED", CONTRACT, refusals=(WANTS_NONE,), **SERVICE),
    Case("stopped solicitation", "CREDIT_STOP", CREDIT, refusals=(STOPS,)),
    Case("stopped solicitation, a service", "ALLOWED", CONTRACT, refusals=(STOPS,), **SERVICE),
    Case("no contact comes before stop of solicitation", "DO_NOT_CONTACT", CONSUMER, refusals=(STOPS, WANTS_NONE)),
    Case("stop of solicitation comes before opt-out", "CREDIT_STOP", CREDIT, refusals=(OPTS_OUT, STOPS)),
    Case("opted out of the channel", "OPTED_OUT", ADVERT, refusals=(OPTS_OUT,)),
    Case("opted out of all channels", "OPTED_OUT", ADVERT, "EMAIL", refusals=(("OPT_OUT", "ANY"),)),
    Case("opted out of another channel", "ALLOWED", CONSENT, "EMAIL", refusals=(OPTS_OUT,)),
    Case("opted out, a service", "ALLOWED", CONTRACT, refusals=(OPTS_OUT,), **SERVICE),
    Case("opt-out comes before consent", "OPTED_OUT", ADVERT, refusals=(OPTS_OUT,), said="WITHDRAWN"),
]
CONSENTS = [
    Case("nothing said", "NO_CONSENT", CONSENT, said=""),
    Case("nothing said of a use without channels", "NO_CONSENT", CONSENT, purpose="INTEGRATED_USE", said=""),
    Case("agreed to a use without channels", "ALLOWED", CONSENT, purpose="INTEGRATED_USE"),
    Case("refused", "REFUSED", CONSENT, said="REFUSED"),
    Case("withdrawn", "WITHDRAWN", "개인정보 보호법 제37조", said="WITHDRAWN"),
    Case("lapsed", "LAPSED", "정보통신망법 제50조 제8항", said="LAPSED"),
    Case("nothing said, a service", "ALLOWED", CONTRACT, **SERVICE),
    Case("not verified", "OUT_OF_SCOPE", OWN, gate="UNVERIFIED"),
    Case("neither verified nor consented", "OUT_OF_SCOPE", OWN, gate="NEITHER"),
    Case("not verified, a service", "ALLOWED", CONTRACT, gate="UNVERIFIED", **SERVICE),
    Case("no consent comes before the gate", "NO_CONSENT", CONSENT, gate="NEITHER", said=""),
    Case("a child answered alone", "MINOR", CHILD, born=CHILD_BORN),
    Case("the representative of a child answered", "ALLOWED", CONSENT, born=CHILD_BORN, role="LEGAL_REP"),
    Case("fourteen tomorrow", "MINOR", CHILD, born=date(2012, 11, 26)),
    Case("fourteen today", "ALLOWED", CONSENT, born=date(2012, 11, 25)),
    Case("a child, a service", "ALLOWED", CONTRACT, born=CHILD_BORN, **SERVICE),
    Case("born on 29 February, fourteen on 1 March", "MINOR", CHILD, at=kst(2026, 2, 28, 14), born=date(2012, 2, 29)),
    Case("and of age then", "ALLOWED", CONSENT, at=kst(2026, 3, 1, 14), born=date(2012, 2, 29)),
]
OPEN = [
    Case("a complaint open", "COMPLAINT", OWN, circumstances=COMPLAINS),
    Case("a complaint open, by letter", "COMPLAINT", OWN, "MAIL", circumstances=COMPLAINS),
    Case("a complaint open, a service", "ALLOWED", CONTRACT, circumstances=COMPLAINS, **SERVICE),
    Case("a claim open", "CLAIM", OWN, circumstances=CLAIMS),
    Case("a claim open, a service", "ALLOWED", CONTRACT, circumstances=CLAIMS, **SERVICE),
    Case("complaint comes before claim", "COMPLAINT", OWN, circumstances=(*CLAIMS, *COMPLAINS)),
    Case(
        "no consent comes before complaint",
        "WITHDRAWN",
        "개인정보 보호법 제37조",
        said="WITHDRAWN",
        circumstances=COMPLAINS,
    ),
    Case("complaint comes before night", "COMPLAINT", OWN, circumstances=COMPLAINS, at=LATE),
]
NIGHT = [
    Case("a call at 20:59:59", "ALLOWED", CONSENT, "PHONE", at=kst(2026, 11, 25, 20, 59, 59)),
    Case("a call at 21:00", "NIGHT", CONSUMER, "PHONE", at=LATE),
    Case("a call at 07:59:59", "NIGHT", CONSUMER, "PHONE", at=EARLY),
    Case("a call at 08:00", "ALLOWED", CONSENT, "PHONE", at=kst(2026, 11, 25, 8)),
    Case("a call at midnight", "NIGHT", CONSUMER, "PHONE", at=kst(2026, 11, 25)),
    Case("a call at night with consent to the night", "NIGHT", CONSUMER, "PHONE", at=LATE, night="GIVEN"),
    Case("a visit at night", "NIGHT", CONSUMER, "VISIT", at=EARLY),
    Case("a message at 20:59:59", "ALLOWED", CONSENT, at=kst(2026, 11, 25, 20, 59, 59)),
    Case("a message at 21:00", "NIGHT_CONSENT", ADVERT, at=LATE),
    Case("a message at 07:59:59", "NIGHT_CONSENT", ADVERT, at=EARLY),
    Case("a message at 08:00", "ALLOWED", CONSENT, at=kst(2026, 11, 25, 8)),
    Case("a message at night with consent to the night", "ALLOWED", CONSENT, at=LATE, night="GIVEN"),
    Case("consent to the night refused", "NIGHT_CONSENT", ADVERT, at=LATE, night="REFUSED"),
    Case("consent to the night withdrawn", "NIGHT_CONSENT", ADVERT, at=LATE, night="WITHDRAWN"),
    Case("consent to the night lapsed", "NIGHT_CONSENT", ADVERT, at=LATE, night="LAPSED"),
    Case("consent to the night alone", "NO_CONSENT", CONSENT, at=LATE, night="GIVEN", said=""),
    Case("a messenger notice at night", "NIGHT_CONSENT", ADVERT, "MESSENGER", at=LATE),
    Case("an app push at night with consent", "ALLOWED", CONSENT, "PUSH", at=LATE, night="GIVEN"),
    Case("an e-mail at night", "ALLOWED", CONSENT, "EMAIL", at=LATE),
    Case("a letter at night", "ALLOWED", CONSENT, "MAIL", at=EARLY),
    Case("a service at night", "ALLOWED", CONTRACT, "PHONE", at=LATE, **SERVICE),
    Case("noon in UTC is the night in Korea", "NIGHT", CONSUMER, "PHONE", at=datetime(2026, 11, 25, 12, tzinfo=UTC)),
    Case(
        "night in UTC is the morning in Korea", "ALLOWED", CONSENT, "PHONE", at=datetime(2026, 11, 24, 23, tzinfo=UTC)
    ),
    Case("07:00 in New York is 21:00 in Korea", "NIGHT_CONSENT", ADVERT, at=datetime(2026, 11, 25, 7, tzinfo=NEW_YORK)),
    Case("the last second of the year", "NIGHT", CONSUMER, "PHONE", at=kst(2026, 12, 31, 23, 59, 59)),
    Case("the first second of the year", "NIGHT_CONSENT", ADVERT, at=kst(2027, 1, 1)),
]
POINTS = [
    Case("no mobile to write to", "NO_POINT", OWN, points=("phone_home", "email", "address")),
    Case("no telephone at all", "NO_POINT", OWN, "PHONE", points=("email", "address")),
    Case("no e-mail", "NO_POINT", OWN, "EMAIL", points=("mobile",)),
    Case("no address", "NO_POINT", OWN, "MAIL", points=("mobile",)),
    Case("nowhere to visit", "NO_POINT", OWN, "VISIT", points=("mobile",)),
    Case("no e-mail, a service", "NO_POINT", OWN, "EMAIL", points=("mobile",), **SERVICE),
    Case("fax is agreed to by nobody", "NO_CONSENT", CONSENT, "FAX", said=""),
    Case("no fax number is held, a service", "NO_POINT", OWN, "FAX", **SERVICE),
    Case("letters come back", "DEAD_POINT", OWN, "MAIL", circumstances=(("DEAD_CONTACT", "MAIL"),)),
    Case(
        "letters come back, a service", "DEAD_POINT", OWN, "MAIL", circumstances=(("DEAD_CONTACT", "MAIL"),), **SERVICE
    ),
    Case("letters come back, a message", "ALLOWED", CONSENT, circumstances=(("DEAD_CONTACT", "MAIL"),)),
    Case("night comes before no contact point", "NIGHT", CONSUMER, "PHONE", at=LATE, points=()),
]
CASES = [*ALLOWED, *GONE, *STOPPED, *LISTED, *REFUSED, *CONSENTS, *OPEN, *NIGHT, *POINTS]
