"""The matching engine's fields, levels and outcomes in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from customers.dedup.fitting import LEAST_PAIRS
from customers.formats import amount

FIELDS: Mapping[str, Promise] = {
    "name": _("Name"),
    "birth": _("Birth date"),
    "sex": _("Sex"),
    "rrn": _("Resident number"),
    "ci": _("Connecting information (CI)"),
    "mobile": _("Mobile"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "address": _("Address"),
    "employee": _("Employee number"),
    "brn": _("Business number"),
    "crn": _("Corporate number"),
    "rarity": _("How common the name is"),
    "mobile_crowd": _("Names on the mobile number"),
    "phone_crowd": _("Names on the phone number"),
    "age": _("Age"),
    "kind": _("Kind"),
}
UNKNOWN, SAME, OTHER = _("Unknown on one side"), pgettext_lazy("values", "Same"), pgettext_lazy("values", "Different")
_SAME_OR_NOT = {"unknown": UNKNOWN, "same": SAME, "other": OTHER}
_CROWD = {
    "one": _("one name"),
    "two": _("two names"),
    "three": _("three names"),
    "few": _("4 to 6 names"),
    "many": _("7 to 12 names"),
    "crowd": _("13 names or more"),
}
# What each level of `customers.dedup.comparison.LEVELS` means.
LEVELS: Mapping[str, Mapping[str, Promise]] = {
    "name": {
        "unknown": UNKNOWN,
        "exact": SAME,
        "near": _("One letter or a usual spelling apart"),
        "alike": _("Alike"),
        "part": _("Same in part"),
        "other": OTHER,
        "sounded": _("Sounds the same in Roman letters"),
        "apart": _("Other script and sound"),
    },
    "birth": {
        "unknown": UNKNOWN,
        "exact": SAME,
        "year": _("Same year, day unknown"),
        "slip": _("One typing slip apart"),
        "shifted": _("Month and day swapped, or up to two years apart"),
        "calendar": _("Fits as lunar and solar date"),
        "other": OTHER,
    },
    "sex": _SAME_OR_NOT,
    "rrn": _SAME_OR_NOT,
    "ci": _SAME_OR_NOT,
    "mobile": {
        "unknown": UNKNOWN,
        "same": SAME,
        "prefix": _("Same last seven digits"),
        "digit": _("One digit apart"),
        "other": OTHER,
    },
    "phone": _SAME_OR_NOT,
    "email": {
        "unknown": UNKNOWN,
        "same": SAME,
        "alike": _("Mailbox same or one slip apart"),
        "other": OTHER,
    },
    "address": {
        "unknown": UNKNOWN,
        "dwelling": _("Same home"),
        "building": _("Same building"),
        "neighbour": _("Same building, other unit"),
        "unit": _("Same postcode and unit"),
        "style": _("Same district and unit"),
        "postcode": _("Same postcode"),
        "district": _("Same district"),
        "other": OTHER,
    },
    "employee": _SAME_OR_NOT,
    "brn": _SAME_OR_NOT,
    "crn": _SAME_OR_NOT,
    "rarity": {
        "unknown": _("no name"),
        "rare": _("rare name"),
        "uncommon": _("uncommon name"),
        "common": _("common name"),
        "very_common": _("very common name"),
    },
    "mobile_crowd": _CROWD,
    "phone_crowd": _CROWD,
    "age": {
        "old": _("born before 1955"),
        "elderly": _("born 1955 to 1971"),
        "adult": _("born 1972 to 2008"),
        "child": _("born in 2009 or later"),
        "unknown": _("year of birth unknown"),
    },
    "kind": {
        "person": _("Person"),
        "organisation": _("Organisation"),
        "mixed": _("One person, one organisation"),
    },
}
COUNTS: Mapping[str, Promise] = {
    "records_linked": _("Records linked for the first time"),
    "records_moved": _("Records moved to another customer"),
    "customers_created": _("Customers created"),
    "customers_merged": _("Customers merged"),
    "customers_changed": _("Customers changed"),
    "pairs_found": _("New pairs for review"),
}
"""What a match run counted, in the order in which it is told."""
TRAINING: Mapping[str, Promise] = {
    "records": _("Records of the stock"),
    "pairs": _("Pairs that taught"),
    "same": _("of them one person"),
    "held_out": _("Pairs kept back to judge it"),
    "common_names": _("Common names remembered"),
}
"""What a model remembers of its training, in the order in which it is told."""
ERRORS: Mapping[str, Promise] = {
    "StockChanged": _("The stock changed while it was being read. Start the run again."),
    "MemoryError": _("The memory of the machine did not suffice."),
}
VETOES: Mapping[str, Promise] = {
    "TOLD_OTHERWISE": _(
        "An identifier says one person, name and birth date say two. A person is asked, whatever the sum is."
    ),
    "KIND": _("A person and an organisation are never one customer, whatever else agrees."),
    "CONTRADICTED": _(
        "Resident number or CI differ. Such a pair is never linked without a person, whatever else agrees."
    ),
    "NAME_AND_BIRTH": _(
        "Name and birth date both differ and no identifier agrees. Such a pair is hardly one person, whatever else"
        " agrees."
    ),
    "STRANGERS": _(
        "The names differ, and nothing speaks for one person but the birth date, which thousands share. Such a pair is"
        " hardly one person."
    ),
    "TWINS": _(
        "Born on one day under names that are not the same, and nothing else agrees but what a family shares: these may"
        " be twins. A person is asked."
    ),
}
"""Why a pair counts for something else than its sum: the vetoes of `customers.dedup.explain`."""
AGREE, DIFFER = frozenset({"exact", "same", "dwelling"}), frozenset({"other", "apart"})


def tone(level: str) -> str:
    """How a level of a compared field is shown: unknown, same, alike or other."""
    if level == "unknown":
        return "unknown"
    return "same" if level in AGREE else "other" if level in DIFFER else "alike"


def error(kind: str) -> str:
    """Why a match run failed. kind: name of the exception that ended it."""
    if kind in ERRORS:
        return str(ERRORS[kind])
    return gettext("An unexpected error (%(kind)s) ended the run. The log of the worker tells the place.") % {
        "kind": kind
    }


def learning_error(kind: str) -> str:
    """Why a version could not be learned. kind: name of the exception that ended it."""
    if kind == "TooLittleToLearn":
        return gettext(
            "There was too little to learn from: it takes %(count)s pairs of one person and as many of two, told apart"
            " by resident number or CI. The model in use stays."
        ) % {"count": amount(LEAST_PAIRS)}
    if kind in ERRORS:
        return str(ERRORS[kind])
    return gettext("An unexpected error (%(kind)s) ended the learning. The log of the worker tells the place.") % {
        "kind": kind
    }


def signed(bits: float) -> str:
    """+3.2, −6.0, 0.0: a weight in bits; only what rounds to nothing has no sign."""
    text = f"{abs(bits):.1f}"
    return text if float(text) == 0 else f"{'−' if bits < 0 else '+'}{text}"


def percent(share: float | None) -> str:
    """99.2%, for a share 0–1; a dash where nothing was there to be counted."""
    return "–" if share is None else f"{share * 100:.1f}%"


def seconds(length: float) -> str:
    """0.38 s, 12.4 s, 1,204 s."""
    text = f"{length:.2f}" if length < 10 else f"{length:.1f}" if length < 1000 else amount(length)
    return gettext("%(seconds)s s") % {"seconds": text}
