"""What a text of consent must tell, by the kind of its purpose, and how two versions of it differ. Pure.

Notice items: 개인정보 보호법 제15조 제2항, 제17조 제2항, 제28조의8 제2항. What stands out: 시행령 제17조. What is asked
for by itself: 제22조.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

UNIQUE_IDENTIFIERS = frozenset({"rrn", "passport", "driver_licence", "alien_number"})
"""Items of the catalogue that the law calls 고유식별정보 (시행령 제19조); other numbers are not."""
HEALTH_GRADE = 0
"""The grade of the catalogue for health and claims, which are 민감정보."""
GIVEN_OUT = ("PROVISION", "ABROAD")
OUTSIDERS = ("THIRD_PARTY", "ABROAD")
PERIOD = re.compile(r"\d+\s*(년|개월|월|일)|철회|종료|달성|만료|해지")
NO_DISADVANTAGE = re.compile(r"불이익[^.]*없|제한[^.]*없|영향[^.]*없")
EFFECT = re.compile(r"불이익|제한|없습니다|어렵|영향|중단|수 없")
CONTACTS = re.compile(r"권유|홍보|광고|안내")
NIGHT = re.compile(r"야간|21\s*시|오후\s*9\s*시|밤")
WHEN = re.compile(r"시기|시점|수시|즉시|때마다|매월|매일|매년|정기")
HOW = re.compile(r"전송|통신망|전자적|서면|우편|매체")
HEALTH_WORDS = re.compile(r"민감정보|건강|질병|상해|진료")


class Party(NamedTuple):
    """A recipient as a text names it."""

    code: str
    kind: str
    country: str
    task: str
    is_closed: bool = False


@dataclass(frozen=True)
class Wording:
    """A text with what its purpose says. items: codes of the catalogue; grades: {item: its grade}."""

    kind: str
    basis: str
    is_required: bool
    title: str
    body: str
    items: tuple[str, ...]
    retention: str
    refusal: str
    recipients: tuple[Party, ...] = ()
    grades: Mapping[str, int] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """Title and text together."""
        return f"{self.title}\n{self.body}"

    @property
    def health(self) -> set[str]:
        """The items of it that are sensitive data."""
        return {item for item in self.items if self.grades.get(item) == HEALTH_GRADE}

    @property
    def identifiers(self) -> set[str]:
        """The items of it that are unique identifiers."""
        return UNIQUE_IDENTIFIERS.intersection(self.items)


class Demand(StrEnum):
    """Something that a text must say, or must leave to another text."""

    PURPOSE = "PURPOSE"
    ITEMS = "ITEMS"
    RETENTION = "RETENTION"
    REFUSAL = "REFUSAL"
    EFFECT = "EFFECT"
    NO_DISADVANTAGE = "NO_DISADVANTAGE"
    RECIPIENT = "RECIPIENT"
    RECIPIENT_OPEN = "RECIPIENT_OPEN"
    RECIPIENT_PURPOSE = "RECIPIENT_PURPOSE"
    COUNTRY = "COUNTRY"
    TRANSFER_WHEN = "TRANSFER_WHEN"
    TRANSFER_HOW = "TRANSFER_HOW"
    CONTACT = "CONTACT"
    NIGHT_HOURS = "NIGHT_HOURS"
    SENSITIVE_SAID = "SENSITIVE_SAID"
    IDENTIFIER_SAID = "IDENTIFIER_SAID"
    STATUTE = "STATUTE"
    SEPARATE_SENSITIVE = "SEPARATE_SENSITIVE"
    SEPARATE_IDENTIFIER = "SEPARATE_IDENTIFIER"
    SEPARATE_PROVISION = "SEPARATE_PROVISION"
    SEPARATE_ABROAD = "SEPARATE_ABROAD"


class Checked(NamedTuple):
    """A demand that applies to a text, the clause that makes it, and whether the text meets it."""

    demand: Demand
    clause: str
    is_met: bool


Test = Callable[[Wording], bool]
ACT, DECREE = "개인정보 보호법", "개인정보 보호법 시행령"
NOTICE_CLAUSES = {"PROVISION": f"{ACT} 제17조 제2항", "ABROAD": f"{ACT} 제28조의8 제2항"}
NOTICE_CLAUSE = f"{ACT} 제15조 제2항"


def _always(_wording: Wording) -> bool:
    return True


def _of(*kinds: str) -> Test:
    return lambda wording: wording.kind in kinds


def _not_of(*kinds: str) -> Test:
    return lambda wording: wording.kind not in kinds


def _names_items(wording: Wording) -> bool:
    """Sensitive data are described in the text itself, as no item of the catalogue holds them."""
    return bool(wording.items) or (wording.kind == "SENSITIVE" and bool(HEALTH_WORDS.search(wording.said)))


def _names_recipient(wording: Wording) -> bool:
    fitting = ("ABROAD",) if wording.kind == "ABROAD" else OUTSIDERS
    return any(party.kind in fitting for party in wording.recipients)


def _only_sensitive(wording: Wording) -> bool:
    return wording.health == set(wording.items) if wording.kind == "SENSITIVE" else not wording.health


def _only_identifiers(wording: Wording) -> bool:
    return wording.identifiers == set(wording.items) if wording.kind == "IDENTIFIER" else not wording.identifiers


# What is asked, by which clause (empty: that of the notice items), of which texts, and how it is met.
DEMANDS: tuple[tuple[Demand, str, Test, Test], ...] = (
    (Demand.PURPOSE, "", _always, lambda w: bool(w.title.strip() and w.body.strip())),
    (Demand.ITEMS, "", _always, _names_items),
    (Demand.RETENTION, "", _always, lambda w: bool(PERIOD.search(w.retention))),
    (Demand.REFUSAL, "", _always, lambda w: "거부" in w.refusal),
    (Demand.EFFECT, "", _always, lambda w: bool(EFFECT.search(w.refusal))),
    (
        Demand.NO_DISADVANTAGE,
        f"{ACT} 제22조 제5항",
        lambda w: not w.is_required and w.basis == "CONSENT",
        lambda w: bool(NO_DISADVANTAGE.search(w.refusal)),
    ),
    (Demand.RECIPIENT, "", _of(*GIVEN_OUT), _names_recipient),
    (
        Demand.RECIPIENT_OPEN,
        "",
        lambda w: bool(w.recipients),
        lambda w: not any(party.is_closed for party in w.recipients),
    ),
    (
        Demand.RECIPIENT_PURPOSE,
        "",
        lambda w: bool(w.recipients),
        lambda w: all(party.task.strip() for party in w.recipients),
    ),
    (
        Demand.COUNTRY,
        "",
        _of("ABROAD"),
        lambda w: (
            any(p.kind == "ABROAD" for p in w.recipients)
            and all(p.country not in ("", "KR") for p in w.recipients if p.kind == "ABROAD")
        ),
    ),
    (Demand.TRANSFER_WHEN, "", _of("ABROAD"), lambda w: bool(WHEN.search(w.body))),
    (Demand.TRANSFER_HOW, "", _of("ABROAD"), lambda w: bool(HOW.search(w.body))),
    (Demand.CONTACT, f"{DECREE} 제17조 제3항", _of("MARKETING"), lambda w: bool(CONTACTS.search(w.said))),
    (Demand.NIGHT_HOURS, "정보통신망법 제50조 제3항", _of("NIGHT"), lambda w: bool(NIGHT.search(w.said))),
    (Demand.SENSITIVE_SAID, f"{DECREE} 제17조 제3항", _of("SENSITIVE"), lambda w: bool(HEALTH_WORDS.search(w.said))),
    (
        Demand.IDENTIFIER_SAID,
        f"{DECREE} 제17조 제3항",
        lambda w: w.kind in (*GIVEN_OUT, "IDENTIFIER") and bool(w.identifiers),
        lambda w: "고유식별" in w.said,
    ),
    (
        Demand.STATUTE,
        f"{ACT} 제24조의2 제1항",
        lambda w: w.kind == "IDENTIFIER" and "rrn" in w.items,
        lambda w: w.basis == "STATUTE",
    ),
    (Demand.SEPARATE_SENSITIVE, f"{ACT} 제22조 제1항, 제23조 제1항", _always, _only_sensitive),
    (Demand.SEPARATE_IDENTIFIER, f"{ACT} 제22조 제1항, 제24조 제1항", _not_of(*GIVEN_OUT), _only_identifiers),
    (
        Demand.SEPARATE_PROVISION,
        f"{ACT} 제22조 제1항, 제17조 제1항",
        _not_of(*GIVEN_OUT),
        lambda w: not any(party.kind == "THIRD_PARTY" for party in w.recipients),
    ),
    (
        Demand.SEPARATE_ABROAD,
        f"{ACT} 제28조의8 제1항",
        _not_of("ABROAD"),
        lambda w: not any(party.kind == "ABROAD" for party in w.recipients),
    ),
)


def checks_of(wording: Wording) -> tuple[Checked, ...]:
    """Every demand that applies to the text, in the order in which a customer reads it."""
    notice = NOTICE_CLAUSES.get(wording.kind, NOTICE_CLAUSE)
    return tuple(
        Checked(demand, clause or notice, is_met(wording))
        for demand, clause, applies, is_met in DEMANDS
        if applies(wording)
    )


def missing_of(wording: Wording) -> tuple[Checked, ...]:
    """What keeps the text from being published; empty for one that tells everything."""
    return tuple(checked for checked in checks_of(wording) if not checked.is_met)


def fingerprint(
    title: str, body: str, retention: str, refusal: str, items: Iterable[str] = (), recipients: Iterable[str] = ()
) -> str:
    """SHA-256 of everything that a text says; order of items and recipients does not count."""
    said = (title, body, retention, refusal, ",".join(sorted(items)), ",".join(sorted(recipients)))
    return sha256("\n".join(said).encode()).hexdigest()


class Piece(NamedTuple):
    """A run of words. kind: SAME, GONE (of the version before alone) or NEW."""

    kind: str
    text: str


KINDS = {"equal": ("SAME", None), "delete": ("GONE", None), "insert": (None, "NEW"), "replace": ("GONE", "NEW")}


def word_changes(before: str, after: str) -> tuple[Piece, ...]:
    """How one wording became the other, word by word, blanks kept; joined without the GONE it is `after`."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    found: list[Piece] = []
    for tag, start, end, other_start, other_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        of_old, of_new = KINDS[tag]
        if of_old:
            found.append(Piece(of_old, "".join(old[start:end])))
        if of_new:
            found.append(Piece(of_new, "".join(new[other_start:other_end])))
    return tuple(found)
