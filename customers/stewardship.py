"""Rules of stewardship: what a decision is worth, and when it takes a second person. Pure but for the settings."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """Why a merge takes a second person; the words are in `customers.stewardship_words`."""

    VALUE = "VALUE"
    IDENTIFIERS = "IDENTIFIERS"
    DECIDED_OTHERWISE = "DECIDED_OTHERWISE"


# What a decision on two customers is worth: how unsure the engine is × what hangs on it. One definition for the stock
# and for one pair, so in SQL. `held` has one row per pair: bits above the cut, the two customers.
WORTH = """
(1 - abs(2 / (1 + power(2, -greatest(least({bits}, 40), -40))) - 1) + 0.02)
* (1
    + ln(1 + one.record_count + other.record_count)
    + CASE WHEN 'VIP' IN (one.grade, other.grade) THEN 4 WHEN 'GOLD' IN (one.grade, other.grade) THEN 2
        WHEN 'SILVER' IN (one.grade, other.grade) THEN 1 ELSE 0 END
    + CASE WHEN (one.marketing_consent_on IS NULL) <> (other.marketing_consent_on IS NULL) THEN 2 ELSE 0 END
    + CASE WHEN one.keeper_id <> other.keeper_id THEN 1 ELSE 0 END)
"""
