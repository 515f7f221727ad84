"""Sums, ages and answers of finances in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from customers.formats import amount
from relations.rules.finances import EOK, MAN, Range, Stage

ITEMS: Mapping[str, str] = {
    "INCOME": "income",
    "ASSETS": "assets",
    "DEBTS": "debts",
    "CAPACITY": "premium_capacity",
    "POLICY": "policy_elsewhere",
    "RISK": "risk_profile",
}
"""The item of the catalogue that a kind of fact is."""
STAGES: Mapping[Stage, Promise] = {
    Stage.FRESH: pgettext_lazy("age of a fact", "Fresh"),
    Stage.AGEING: pgettext_lazy("age of a fact", "Ageing"),
    Stage.OLD: _("Old: ask again"),
    Stage.FORGOTTEN: _("Was known, too old to be told"),
}
TONES: Mapping[Stage, str] = {
    Stage.FRESH: "green",
    Stage.AGEING: "azure",
    Stage.OLD: "yellow",
    Stage.FORGOTTEN: "secondary",
}
WAS_KNOWN = _("was known")
"""What stands in place of a value that is too old to be told."""

QUESTIONS: Mapping[str, Promise] = {
    "PURPOSE": _("What is the money for?"),
    "TERM": _("For how long can the money stay invested?"),
    "EXPERIENCE": _("What have you invested in so far?"),
    "KNOWLEDGE": _("How well do you know financial products?"),
    "SHARE": _("How much of your financial assets is this money?"),
    "PROSPECT": _("How will your income develop?"),
    "LOSS": _("How much loss can you bear?"),
}
ANSWERS: Mapping[str, Mapping[str, Promise]] = {
    "PURPOSE": {
        "KEEP": _("To keep what there is"),
        "LIVE": _("To live on its yield"),
        "RETIRE": _("For old age"),
        "GROW": _("To let it grow"),
        "PROFIT": _("To earn much, also at high risk"),
    },
    "TERM": {
        "UNDER_1": _("Less than a year"),
        "UNDER_3": _("One to three years"),
        "UNDER_5": _("Three to five years"),
        "UNDER_10": _("Five to ten years"),
        "OVER_10": _("Ten years or longer"),
    },
    "EXPERIENCE": {
        "DEPOSITS": _("Deposits and savings only"),
        "BONDS": _("Bonds or bond funds"),
        "MIXED": _("Mixed funds or variable insurance"),
        "SHARES": _("Shares or share funds"),
        "DERIVATIVES": _("Derivatives or leveraged products"),
    },
    "KNOWLEDGE": {
        "NONE": _("Hardly at all"),
        "SOME": _("Somewhat"),
        "GOOD": _("Well"),
        "EXPERT": _("Like a professional"),
    },
    "SHARE": {
        "OVER_70": _("70 percent or more"),
        "OVER_50": _("50 to 70 percent"),
        "OVER_30": _("30 to 50 percent"),
        "OVER_10": _("10 to 30 percent"),
        "UNDER_10": _("Less than 10 percent"),
    },
    "PROSPECT": {
        "NO_INCOME": _("No regular income, or a pension only"),
        "FALLING": _("It will fall"),
        "STEADY": _("It will stay as it is"),
        "RISING": _("It will rise"),
    },
    "LOSS": {
        "NONE": _("None: the principal must be kept"),
        "LITTLE": _("A little, up to 5 percent"),
        "TENTH": _("Up to 20 percent"),
        "MUCH": _("More, for a high yield"),
    },
}
LEFT_OUT: Mapping[str, Promise] = {
    "NOT_VISIBLE": _("not among your customers"),
    "SILHOUETTE": _("has neither consented nor a contract"),
    "NOT_SHOWN": _("not shown to you by the rules of access"),
    "NO_FACTS": _("nothing was told"),
    "WITHDRAWN": _("what was told was withdrawn"),
    "TOO_OLD": _("what was told is too old"),
    "NOT_PRIMARY": _("counts in another household"),
}
"""Why somebody is left out of a sum of the household."""


def in_units(won: int) -> str:
    """3천만, 1억 2천만: a round sum as it is spoken; in English 30 million."""
    if get_language() == "en":
        return _in_millions(won)
    parts = [f"{amount(won // EOK)}억"] if won >= EOK else []
    tens = won % EOK // MAN
    if tens:
        parts.append(f"{tens // 1000}천만" if tens % 1000 == 0 else f"{amount(tens)}만")
    return " ".join(parts) or "0"


def _in_millions(won: int) -> str:
    if won >= 1_000_000_000:
        return f"{won / 1_000_000_000:,.10g} billion"
    return f"{won / 1_000_000:,.10g} million" if won >= 1_000_000 else amount(won)


def in_range(found: Range) -> str:
    """3천만~5천만원, 1천만원 이하, 50억원 이상."""
    if found.high is None:
        return gettext("%(low)s won or more") % {"low": in_units(found.low)}
    if found.low == 0:
        return gettext("up to %(high)s won") % {"high": in_units(found.high)}
    return gettext("%(low)s to %(high)s won") % {"low": in_units(found.low), "high": in_units(found.high)}
