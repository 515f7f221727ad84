"""Why a pair weighs what it weighs, in words and bars: for the page of a pair and for the link of a record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from customers import matching_words as words
from customers.charts import Bar, Scale, bar, cumulated, written
from customers.dedup import explain
from customers.dedup.model import MOST, Cut, Model
from customers.services.match_models import model_of

SUM = "is-plain"
USUAL = ("", "unknown", "one")  # levels of a circumstance that are not worth telling


@dataclass(frozen=True)
class Step:
    """A bar of the waterfall. level, note: '' where there is none; tone: '' for that of its sign."""

    label: str | Promise
    level: str | Promise
    note: str
    bits: str
    bar: Bar
    tone: str = ""


@dataclass(frozen=True)
class Turn:
    """A single change that would have turned the decision, and what the pair would weigh then."""

    label: Promise
    level: Promise
    bits: str


@dataclass(frozen=True)
class AccountReport:
    """The reckoning of a pair.

    levels: {field: level} of the fields that both records have; cut_at: where the cut lies in every bar; sentences:
    what agrees and what does not, then where that lies between the cuts; veto: '' where none counted; is_above: it
    reaches the cut.
    """

    version: int
    weight: str
    cut: str
    levels: dict[str, str]
    steps: tuple[Step, ...]
    cut_at: str
    sentences: tuple[str, ...]
    veto: str | Promise
    is_above: bool
    turns: tuple[Turn, ...]


def account_report(pattern: int, version: int, sources: Iterable[str]) -> AccountReport:
    """The reckoning of a pattern by a version of the model. sources: the codes of the two sources."""
    model = model_of(version)
    cut = cut_of(model, sources)
    account = explain.account_of(pattern, model, cut.auto)
    scale = _scale(account, cut)
    return AccountReport(
        version=version,
        weight=words.signed(account.bits),
        cut=words.signed(cut.auto),
        levels={each.field: each.level for each in account.bars},
        steps=tuple(_steps(account, scale)),
        cut_at=written(scale.at(cut.auto)),
        sentences=(*_agreements(account.bars), _verdict(account.bits, cut)),
        veto=words.VETOES[account.veto] if account.veto else "",
        is_above=account.bits >= cut.auto,
        turns=tuple(
            Turn(words.FIELDS[turn.field], words.LEVELS[turn.field][turn.level], words.signed(turn.bits))
            for turn in account.alternatives
        ),
    )


def cut_of(model: Model, sources: Iterable[str]) -> Cut:
    """From how many bits on records of two sources, by their codes, are linked and reviewed."""
    return model.cuts.get(tuple(sorted(sources)), model.cuts["*", "*"])


def _scale(account: explain.Account, cut: Cut) -> Scale:
    """Room for every sum on the way, for the cut and for nothing."""
    sums = [after for _before, after in cumulated([account.base, *(each.bits for each in account.bars)])]
    return Scale(min(*sums, cut.auto, 0.0) - 1.0, max(*sums, cut.auto, 0.0) + 1.0)


def _steps(account: explain.Account, scale: Scale) -> Iterable[Step]:
    """The start, a bar per field, the sum, and what counts instead of the sum where that is something else."""
    yield Step(_("Start: any pair of candidates"), "", "", *_drawn(account.base, scale))
    sums = cumulated([account.base, *(each.bits for each in account.bars)])[1:]
    for each, (before, _after) in zip(account.bars, sums, strict=True):
        level = words.LEVELS[each.field][each.level]
        yield Step(words.FIELDS[each.field], level, _note(each), words.signed(each.bits), bar(each.bits, scale, before))
    yield Step(_("Sum"), "", "", *_drawn(account.sum, scale), SUM)
    if words.signed(account.bits) != words.signed(account.sum):
        note = _("more tells nothing") if account.bits == MOST else ""
        yield Step(_("What counts"), "", note, *_drawn(account.bits, scale), SUM)


def _drawn(bits: float, scale: Scale) -> tuple[str, Bar]:
    return words.signed(bits), bar(bits, scale)


def _note(each: explain.Bar) -> str:
    """The circumstance that qualifies a field: *How common the name is: rare name*."""
    if each.circumstance in USUAL:
        return ""
    field = next(name for name, of in explain.BELONGS_TO.items() if of == each.field)
    return f"{words.FIELDS[field]}: {words.LEVELS[field][each.circumstance]}"


def _agreements(bars: Sequence[explain.Bar]) -> tuple[str, ...]:
    """What is the same, what is alike and what is different, a sentence each."""
    groups = {
        "same": _("The same: %(fields)s."),
        "alike": _("Alike: %(fields)s."),
        "other": _("Different: %(fields)s."),
    }
    held = {name: [_told(each, name) for each in bars if words.tone(each.level) == name] for name in groups}
    told = tuple(groups[name] % {"fields": ", ".join(fields)} for name, fields in held.items() if fields)
    return told or (_("The two records have no item in common that could be compared."),)


def _told(each: explain.Bar, group: str) -> str:
    label = str(words.FIELDS[each.field])
    if group != "alike":
        return label
    return _("%(field)s (%(level)s)") % {"field": label, "level": words.LEVELS[each.field][each.level]}


def _verdict(bits: float, cut: Cut) -> str:
    """Where a weight lies between the cuts of its two sources."""
    facts = {"bits": words.signed(bits), "auto": words.signed(cut.auto), "review": words.signed(cut.review)}
    if bits >= cut.auto:
        return _("The weight %(bits)s reaches %(auto)s, from which records of these sources are linked.") % facts
    if bits >= cut.review:
        return _("The weight %(bits)s lies between %(review)s and %(auto)s, where a person decides.") % facts
    return _("The weight %(bits)s stays below %(review)s, from which a person is asked.") % facts
