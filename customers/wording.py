"""Reasons, states and findings in whole sentences, for readers who were not there when the rules ran."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers import formats
from customers.access import Limit
from customers.golden.explain import Candidate, Explanation
from customers.golden.survivorship import RULES as RANKS
from customers.golden.survivorship import USABLE, Rank, Reason
from customers.models import SourceSystem
from customers.standard.problems import PROBLEMS

LUNAR = _("lunar")
ORGANISATION_ITEMS = {"company": _("Business number"), "phone_home": _("Main phone")}
"""What an item of a person is called where an organisation holds it."""
SEXES = {"M": _("Male"), "F": _("Female")}
CERTAINTIES = (_("empty"), _("unusable"), _("doubtful"), _("plausible"), _("certain"))

DISCLOSURES = {
    "IN_SCOPE": _("Shown because the customer is in your scope."),
    "GRANTED": _("Shown because you were granted access to this customer."),
    "OPEN_ITEM": _("Shown to everybody who may see customers."),
    "ORGANISATION": _("The name of an organisation is shown to everybody who may see customers."),
    "IDENTIFIER": _("Identifiers are always masked."),
    "MASKED": _("Masked by default. Open it with a reason if your work needs it."),
    "PRESENT_ONLY": _("Of health and claims no more is told than that there is something."),
    "CHANNEL": _("Limited for the staff of your channel by: %(clause)s. Can be lifted by: %(lifted_by)s."),
    "PURPOSE": _("Not shown for the purpose that you work for now."),
    "OUT_OF_SCOPE": _("Masked because the customer is outside your scope."),
    "NOT_PERMITTED": _("Not shown because no rule of your role allows it."),
    "NOT_CATALOGUED": _("Not shown because the catalogue of items does not list it."),
}
RULES = {
    "IDENTITY": _("Verified real name, certainty, trust, recency"),
    "CONTACT": _("Certainty, recency, trust"),
    "LATEST": _("Latest date"),
}
"""By what the value of an item is chosen among its sources, in this order."""
COMPONENTS = {
    Reason.VERIFIED: _("Verified real name"),
    Reason.CERTAINTY: _("Certainty"),
    Reason.TRUST: _("Trust of the source"),
    Reason.RECENCY: _("Recency"),
    Reason.LATEST_VALUE: _("Latest date"),
}
"""What a rule of survivorship compares."""
WON = {
    Reason.ONLY: _("Only %(source)s holds this item."),
    Reason.AGREED: _("All %(count)s source records that hold this item have the same value."),
    Reason.VERIFIED: _(
        "The value of %(source)s was chosen because the real name of its record is verified and that of %(other)s"
        " is not."
    ),
    Reason.CERTAINTY: _(
        "The value of %(source)s was chosen because its certainty (%(certainty)s) is higher than that of %(other)s"
        " (%(other_certainty)s)."
    ),
    Reason.TRUST: _(
        "The value of %(source)s was chosen because its trust %(trust)s is higher than that of %(other)s"
        " (%(other_trust)s)."
    ),
    Reason.RECENCY: _(
        "The value of %(source)s was chosen because it is of %(as_of)s, newer than that of %(other)s (%(other_as_of)s)."
    ),
    Reason.LATEST_VALUE: _("The date of %(source)s was chosen because it is the latest of all sources."),
    Reason.FIRST_CAME: _("All conditions are equal, so the value of %(source)s, whose record came first, was kept."),
    Reason.PINNED: _("The value of %(source)s was chosen because a person pinned it."),
    Reason.PREFERRED: _("The value of %(source)s was chosen because a person prefers this source for the customer."),
}
LOST = {
    Reason.VERIFIED: _("The real name of its record is not verified."),
    Reason.CERTAINTY: _("Its certainty (%(certainty)s) is lower than that of the chosen value (%(winner_certainty)s)."),
    Reason.TRUST: _("Its trust %(trust)s is lower than the %(winner_trust)s of the chosen value."),
    Reason.RECENCY: _("It is of %(as_of)s, older than the chosen value (%(winner_as_of)s)."),
    Reason.LATEST_VALUE: _("Its date is earlier than the chosen one."),
    Reason.FIRST_CAME: _("All conditions are equal, but its record came later."),
    Reason.PINNED: _("A person pinned another value."),
    Reason.PREFERRED: _("A person prefers another source for this customer."),
}
SAME_VALUE = _("It has the same value.")
UNUSABLE = _("The value is unusable (placeholder or wrong form) and is never chosen.")
WOULD_CHANGE_VERIFIED = _(
    "It changes when a record with verified real name brings a value of higher certainty, of a source trusted more than"
    " %(trust)s, or, with all that equal, a newer one."
)
WOULD_CHANGE = {
    "IDENTITY": _(
        "It changes when a record with verified real name brings another value, or a value comes that is of higher"
        " certainty, of a source trusted more than %(trust)s, or, with all that equal, newer."
    ),
    "CONTACT": _("It changes when a value of higher certainty comes, or one of equal certainty newer than %(as_of)s."),
    "LATEST": _("It changes when a later date comes."),
}
WOULD_CHANGE_BY_ORDER = _("It changes when a value comes that ranks higher by these, in this order: %(order)s.")
WOULD_CHANGE_WISHED = {
    Reason.PINNED: _("It changes when the pin ends or is taken back."),
    Reason.PREFERRED: _(
        "It changes when the preference ends or is taken back, or when the preferred source sends another value."
    ),
}
RULE_OF_RANK = {rank: name for name, rank in RANKS.items()}
# What change events name beside the items of the catalogue.
MASTER_ITEMS = {
    "kind": _("kind"),
    "gate": _("gate"),
    "main_branch": _("main branch"),
    "keeper": _("keeper"),
    "grade": _("grade"),
    "sources": _("source records"),
    "differences": _("items the sources disagree on"),
}


def disclosed(because: str, limit: Limit | None = None) -> str:
    """Why so much of a value is shown. limit: that of the channel, where it took away."""
    facts = {"clause": limit.clause, "lifted_by": limit.lifted_by} if limit else {"clause": "–", "lifted_by": "–"}
    return str(DISCLOSURES[because]) % facts


def source_name(source: SourceSystem | None) -> str:
    """정책관리(POLICY): the name and code of a source."""
    return f"{source}({source.code})" if source else ""


def won(explained: Explanation, sources: dict[int, SourceSystem]) -> str:
    """Why the golden value is what it is, naming the strongest value that it beat."""
    winner = explained.winner
    beaten = strongest_other(explained) or winner
    return WON[explained.reason] % {
        "count": 1 + sum(other.agrees for other in explained.others),
        **_facts("", winner, sources),
        **{f"other_{key}": value for key, value in _facts("", beaten, sources).items()},
        "other": source_name(sources.get(beaten.record.source_id)),
    }


def lost(candidate: Candidate, winner: Candidate, sources: dict[int, SourceSystem]) -> str:
    """By what a value lost to the golden one."""
    if candidate.certainty < USABLE:
        return str(UNUSABLE)
    if candidate.agrees:
        return str(SAME_VALUE)
    return LOST[candidate.lost_by] % (_facts("", candidate, sources) | _facts("winner_", winner, sources))


def would_change(explained: Explanation, sources: dict[int, SourceSystem]) -> str:
    """What would have to come in to replace the golden value."""
    if explained.wished:
        return str(WOULD_CHANGE_WISHED[explained.wished])
    rule = RULE_OF_RANK.get(explained.rank)
    if rule is None:
        return WOULD_CHANGE_BY_ORDER % {"order": order(explained.rank)}
    verified = rule == "IDENTITY" and explained.winner.record.real_name_verified_on is not None
    sentence = WOULD_CHANGE_VERIFIED if verified else WOULD_CHANGE[rule]
    return sentence % _facts("", explained.winner, sources)


def order(rank: Rank) -> str:
    """What a rule compares, in its order: Certainty → Recency → Trust of the source."""
    return " → ".join(str(COMPONENTS[component]) for component in rank)


def strongest_other(explained: Explanation) -> Candidate | None:
    """The usable value other than the golden one that lost last, by the very reason the golden one won."""
    rivals = [other for other in explained.others if not other.agrees and other.certainty >= USABLE]
    return next((other for other in rivals if other.lost_by == explained.reason), rivals[0] if rivals else None)


def _facts(prefix: str, candidate: Candidate, sources: dict[int, SourceSystem]) -> dict[str, object]:
    record = candidate.record
    source = sources.get(record.source_id)
    facts = {
        "source": source_name(source),
        "certainty": certainty(candidate.certainty),
        "trust": source.trust if source else 0,
        "as_of": formats.day(record.as_of),
    }
    return {f"{prefix}{key}": value for key, value in facts.items()}


def certainty(grade: int) -> str:
    """The certainty 0–4 of a value in a word."""
    return str(CERTAINTIES[grade])


def problem(code: str) -> str:
    """What a finding code of the standard forms means; the code itself if it is not known any more."""
    return gettext(PROBLEMS[code]) if code in PROBLEMS else code


def age(instant: datetime | None, now: datetime) -> str:
    """How long before `now` the instant lies: today, 12 d ago, 3 mo ago, 2 y ago."""
    if instant is None:
        return ""
    days = (now - instant).days
    if days < 1:
        return gettext("today")
    if days < 61:
        return gettext("%(count)s d ago") % {"count": days}
    if days < 730:
        return gettext("%(count)s mo ago") % {"count": days // 30}
    return gettext("%(count)s y ago") % {"count": days // 365}


def in_won(amount: Decimal | int | None) -> str:
    """1,234원 or 1,234 won; empty for no amount."""
    return "" if amount is None else gettext("%(amount)s won") % {"amount": formats.amount(amount)}


def listed(words: list[str | Promise]) -> str:
    """Words in a row with a middle dot between them."""
    return " · ".join(str(word) for word in words)


PRESENT = _("present")
"""What a silhouette says: that there is a value, and nothing of it."""
