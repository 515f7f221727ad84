"""What a draft of the matching model changes, beside what it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import matching_words as words
from customers.dedup.drafting import ALL_OTHERS
from customers.masking import without_resident_numbers
from customers.models import MatchModel, SourceSystem
from customers.services.match_models import BY_HAND

KEYS: Mapping[str, Promise] = {
    "name_birth_key": gettext_lazy("Name and birth date"),
    "mobile": gettext_lazy("Mobile"),
    "birth_mobile_key": gettext_lazy("Birth date and end of the mobile"),
    "name_postcode_key": gettext_lazy("Name and postcode"),
    "name_street_key": gettext_lazy("Name and street"),
    "name_phone_key": gettext_lazy("Name and phone"),
    "email_key": gettext_lazy("E-mail"),
    "employee_key": gettext_lazy("Employee number"),
    "name_mobile": gettext_lazy("Name and end of the mobile"),
    "name_month": gettext_lazy("Rare name, year and month of birth"),
    "name_anniversary": gettext_lazy("Rare name, month and day of birth"),
    "name_year": gettext_lazy("Rare name and year of birth"),
    "name_mobile_front": gettext_lazy("Rare name and middle of the mobile"),
    "name_mobile_back": gettext_lazy("Rare name and last four digits of the mobile"),
    "birth_dwelling": gettext_lazy("Birth date and home"),
    "birth_postcode": gettext_lazy("Birth date and postcode"),
    "birth_phone": gettext_lazy("Birth date and phone"),
    "name_unit": gettext_lazy("Name and unit of the building"),
    "mailbox_birth": gettext_lazy("Mailbox and birth date"),
    "syllables_birth": gettext_lazy("First two syllables and birth date"),
}
"""What the keys of `customers.dedup.blocking.OPTIONAL_KEYS` are called."""
KINDS: Mapping[str, Promise] = {"person": gettext_lazy("Persons"), "organisation": gettext_lazy("Organisations")}


@dataclass(frozen=True)
class ChangedCut:
    """The cuts of two sources before and after, each (linked from, reviewed from) in words."""

    first: str
    second: str
    before: tuple[str, str]
    after: tuple[str, str]


@dataclass(frozen=True)
class ChangedWeight:
    """What a level weighed and weighs."""

    kind: Promise
    field: Promise
    level: Promise
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """What a version made by hand changed. base: the version it was made from; keys: (name, whether it is used now)."""

    base: int
    comment: str
    cuts: tuple[ChangedCut, ...]
    weights: tuple[ChangedWeight, ...]
    keys: tuple[tuple[Promise, bool], ...]


def changes_of(row: MatchModel | None) -> Changes | None:
    """What a version changed; None for one that was learned, or that Hannun brings."""
    if row is None or BY_HAND not in row.training:
        return None
    changes = row.training["changes"]
    return Changes(
        base=row.training[BY_HAND],
        comment=without_resident_numbers(row.training.get("comment", "")),
        cuts=tuple(_cuts(changes["cuts"])),
        weights=tuple(_weights(changes["weights"])),
        keys=tuple((KEYS[key], is_used) for key, (_was_used, is_used) in changes.get("keys", {}).items()),
    )


def _cuts(changed: Mapping[str, Sequence[Sequence[float] | None]]) -> list[ChangedCut]:
    """The changed cuts, that of all others last."""
    names = {source.code: str(source) for source in SourceSystem.objects.all()} | {"*": _("All others")}
    order = sorted(changed, key=lambda sources: (sources == "~".join(ALL_OTHERS), sources))
    return [
        ChangedCut(*(names.get(code, code) for code in sources.split("~")), *map(_bits, changed[sources]))
        for sources in order
    ]


def _bits(cut: Sequence[float] | None) -> tuple[str, str]:
    """A cut in words; where two sources have none of their own, that of all others holds."""
    if cut is None:
        return (_("as all others"),) * 2
    return words.signed(cut[0]), words.signed(cut[1])


def _weights(changed: Mapping[str, Mapping[str, Mapping[str, Sequence[float]]]]) -> list[ChangedWeight]:
    return [
        ChangedWeight(KINDS[kind], words.FIELDS[field], words.LEVELS[field][level], *map(words.signed, bits))
        for kind, fields in changed.items()
        for field, levels in fields.items()
        for level, bits in levels.items()
    ]
