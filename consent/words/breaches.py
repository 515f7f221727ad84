"""Breaches in words: what the law asks and why, what was refused, and the letter to the people it touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.models import Breach

NOTICES: Mapping[str, Promise] = {
    "BREACH_RECORDED": _("A breach was recorded: %(number)s. Its clock runs."),
    "BREACH_FIRST": _("%(number)s: %(hours)s hours are left to tell the affected and to report."),
    "BREACH_LAST": _("%(number)s: only %(hours)s hours are left to tell the affected and to report."),
    "BREACH_OVER": _("%(number)s: the time to tell the affected and to report is over."),
}
DUTIES: Mapping[str, Promise] = {
    "TELL": _("Tell the affected"),
    "REPORT": _("Report to the Personal Information Protection Commission"),
    "REPORT_CREDIT": _("Report to the financial authorities"),
    "POST": _("Post on the website"),
    "CONFIRM": _("Confirm or clear"),
}
BECAUSE: Mapping[str, Promise] = {
    "PEOPLE": _("So many people are affected that the law asks for it."),
    "SENSITIVE": _("Sensitive data or unique identifiers are among the items."),
    "HACKING": _("It came from outside."),
    "CREDIT_PEOPLE": _("Credit information of so many people is affected that the law asks for it."),
    "UNREACHED": _("Some of the affected cannot be reached."),
    "NOBODY_KNOWN": _("Nobody is on the list of the affected yet."),
    "POSSIBLE": _("It is possible and not confirmed."),
}
PARTS: Mapping[str, Promise] = {
    "items": _("Items"),
    "circumstances": _("When and how"),
    "protection": _("What people can do to protect themselves"),
    "response": _("What is done about it"),
    "contact": _("Whom to ask"),
}
"""Parts of the letter that are written for each breach; the sixth, damages and mediation, is the same in all."""
REJECTS: Mapping[str, Promise] = {
    "UNKNOWN": _("There is no customer with this number."),
    "NOT_LISTED": _("The customer is not on the list of the affected."),
    "NO_TIME": _("The time of sending is missing or cannot be read."),
    "WRONG_TIME": _("The time of sending lies in the future, or before the breach became known."),
    "NO_CHANNEL": _("The channel is missing or not known."),
    "NO_PROOF": _("The proof of sending is missing."),
}
STATE_WORDS: Mapping[str, Promise] = {
    "OPEN": _("Being handled"),
    "CLEARED": _("Cleared: nothing leaked"),
    "CLOSED": _("Closed"),
}
TONES: Mapping[str, str] = {"OPEN": "red", "CLEARED": "secondary", "CLOSED": "green"}
# What people read is Korean, in whatever language the page is.
KINDS_IN_LETTERS: Mapping[str, str] = {
    "LOSS": "분실",
    "THEFT": "도난",
    "LEAK": "유출",
    "ALTERATION": "위조·변조",
    "DAMAGE": "훼손",
    "POSSIBLE": "유출 가능성",
}
OPENING = (
    "고객님께 깊이 사과드립니다.\n저희는 {known}에 고객님의 개인정보와 관련한 {kind} 사실을 알게 되었습니다. 어떤 일이"
    " 있었고 무엇을 하실 수 있는지 알려 드립니다."
)
DAMAGES = (
    "이번 일로 손해를 입으셨다면 회사에 손해배상을 청구하실 수 있습니다(개인정보 보호법 제39조, 제39조의2,"
    " 신용정보법 제43조)."
    " 소송을 하지 않고 해결하기를 원하시면 개인정보 분쟁조정위원회에 조정을 신청하실 수 있고(개인정보 보호법 제43조),"
    " 개인정보침해 신고센터(국번 없이 118)에 신고하실 수 있습니다."
)
HEADINGS = (
    "어떤 정보인가요",
    "언제, 어떻게 일어났나요",
    "고객님께서 하실 수 있는 일",
    "회사가 하고 있는 일과 피해 구제 절차",
    "피해 신고와 문의",
    "손해배상과 분쟁조정",
)


def missing_parts(breach: Breach) -> list[str]:
    """The parts of the letter that are still empty, codes of PARTS."""
    return [name for name in PARTS if not getattr(breach, name)]


def letter(breach: Breach, items: Sequence[str]) -> tuple[str, list[tuple[str, str]]]:
    """The letter to the affected in plain Korean: its opening, and the six parts that the law asks for
    (개인정보 보호법 제34조 제1항), [(heading, text)]. items: their Korean names."""
    known = timezone.localtime(breach.known_at)
    opening = OPENING.format(known=f"{known:%Y}년 {known.month}월 {known.day}일", kind=KINDS_IN_LETTERS[breach.kind])
    happened = timezone.localtime(breach.happened_at) if breach.happened_at else None
    when = f"일어난 때: {happened:%Y}년 {happened.month}월 {happened.day}일 {happened:%H시 %M분}\n" if happened else ""
    texts = (
        ", ".join(items),
        f"{when}{breach.circumstances}",
        breach.protection,
        breach.response,
        breach.contact,
        DAMAGES,
    )
    return opening, list(zip((f"{place}. {head}" for place, head in enumerate(HEADINGS, 1)), texts, strict=True))
