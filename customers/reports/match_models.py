"""What the pages of the matching models tell: what agreements weigh, how good the model is, where its cuts are."""

from __future__ import annotations

from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from customers import matching_words as words
from customers.charts import Axes, Bar, Chart, Scale, Tick, bar, steps
from customers.dedup.comparison import LEVELS
from customers.dedup.model import Cut, Model, Weights
from customers.dedup.storing import from_json, shipped_model
from customers.models import MatchModel, SourceSystem

PERSON_FIELDS = ("name", "birth", "sex", "rrn", "ci", "mobile", "phone", "email", "address", "employee")
PERSON_FIELDS += ("rarity", "mobile_crowd", "phone_crowd")
ORGANISATION_FIELDS = ("name", "brn", "crn", "phone", "mobile", "email", "address")
MOST_TOGETHER = 12
LEAST_TOGETHER = 0.1  # bits below which two fields together are not worth a line
AXES_FROM = (0.95, 0.9, 0.75, 0.5, 0.0)  # where the axis of shares may begin: its five steps are then round
BITS_STEP = 4
LEARNS_LONG = timedelta(minutes=5)


@dataclass(frozen=True)
class LevelWeight:
    """What one level of a field weighs."""

    label: Promise
    bits: str
    bar: Bar


@dataclass(frozen=True)
class FieldWeights:
    """What the levels of a field weigh, in the order of the engine."""

    label: Promise
    levels: tuple[LevelWeight, ...]


@dataclass(frozen=True)
class TogetherWeight:
    """What two levels weigh together beyond what each weighs alone. first, second: (field, level)."""

    first: tuple[Promise, Promise]
    second: tuple[Promise, Promise]
    bits: str
    bar: Bar


@dataclass(frozen=True)
class KindWeights:
    """The weights for persons, or for organisations. base: bits that every candidate begins with."""

    label: str
    base: str
    fields: tuple[FieldWeights, ...]
    together: tuple[TogetherWeight, ...]


@dataclass(frozen=True)
class Judged:
    """How good a model is on pairs that did not teach it.

    shares: precision and recall over the cut; calibration: how often pairs of a weight are one person, beside how
    often the model expects it; cuts: (cut, precision, recall), bands: (bits from–to, pairs, found, expected) in words.
    """

    label: str
    note: str
    pairs: int
    same: int
    shares: Chart
    calibration: Chart
    cuts: tuple[tuple[str, str, str], ...]
    bands: tuple[tuple[str, int, str, str], ...]


@dataclass(frozen=True)
class CutLine:
    """From how many bits on records of two sources are linked, and reviewed."""

    first: str
    second: str
    auto: str
    review: str


@dataclass(frozen=True)
class ModelLine:
    """A version in the list. row: None for the one that Hannun brings; precision, recall: at its own cut, held out."""

    version: int
    row: MatchModel | None
    state: str
    state_label: str
    records: int | None
    pairs: int | None
    precision: str
    recall: str


@dataclass(frozen=True)
class ModelReport:
    """All that the page of a version shows. waits_long: it should have been learned by now; error: why it was not, ''
    where it was; training: (label, count); the rest is empty for a version without weights."""

    line: ModelLine
    waits_long: bool
    error: str
    training: tuple[tuple[Promise, int], ...]
    kinds: tuple[KindWeights, ...]
    judged: tuple[Judged, ...]
    cuts: tuple[CutLine, ...]


def model_line(row: MatchModel | None, *, is_live: bool = False) -> ModelLine:
    """A version in short; None for the shipped one, which `is_live` while no other is."""
    if row is None:
        state = MatchModel.State.LIVE if is_live else MatchModel.State.RETIRED
        return ModelLine(0, None, str(state), str(state.label), None, None, words.percent(None), words.percent(None))
    best = _at_cut(row.quality.get("all", {}).get("cuts", []), _auto_cut(row)) if row.definition else {}
    return ModelLine(
        version=row.version,
        row=row,
        state=row.state,
        state_label=row.get_state_display(),
        records=row.training.get("records"),
        pairs=row.training.get("pairs"),
        precision=words.percent(best.get("precision")),
        recall=words.percent(best.get("recall")),
    )


def model_report(row: MatchModel | None, *, is_live: bool = False) -> ModelReport:
    """A version in full; None for the shipped one."""
    if row and not row.definition:
        return _without_weights(row)
    model = shipped_model() if row is None else from_json(row.version, row.definition)
    training, quality = (row.training, row.quality) if row else ({}, {})
    scale = _common_scale(model)
    return ModelReport(
        line=model_line(row, is_live=is_live),
        waits_long=False,
        error="",
        training=tuple((label, training[name]) for name, label in words.TRAINING.items() if name in training),
        kinds=(
            _kind(_("Persons"), model.person, PERSON_FIELDS, scale),
            _kind(_("Organisations"), model.organisation, ORGANISATION_FIELDS, scale),
        ),
        judged=tuple(_judgements(quality, model.cuts[("*", "*")])),
        cuts=_cuts(model.cuts),
    )


def _without_weights(row: MatchModel) -> ModelReport:
    """A version that is being learned, or could not be."""
    is_late = row.state == MatchModel.State.LEARNING and timezone.now() - row.created_at > LEARNS_LONG
    error = words.learning_error(row.error) if row.state == MatchModel.State.FAILED else ""
    return ModelReport(model_line(row), is_late, error, (), (), (), ())


def _auto_cut(row: MatchModel) -> float:
    return row.definition["cuts"]["*~*"][0]


def _at_cut(cuts: Sequence[Table[str, float | None]], cut: float) -> Table[str, float | None]:
    """The figures at the highest measured cut that is not above this one."""
    return max((each for each in cuts if each["cut"] <= cut), key=lambda each: each["cut"], default={})


def _common_scale(model: Model) -> Scale:
    """One scale for all bars of a page, so that they can be compared."""
    weights = [
        table
        for kind, fields in ((model.person, PERSON_FIELDS), (model.organisation, ORGANISATION_FIELDS))
        for field, table in kind.single.items()
        if field in fields
    ]
    values = np.concatenate(weights)
    return Scale(min(float(values.min()), -1.0), max(float(values.max()), 1.0))


def _kind(label: str, weights: Weights, fields: Sequence[str], scale: Scale) -> KindWeights:
    named = [field for field in fields if field in weights.single and weights.single[field].any()]
    return KindWeights(
        label=label,
        base=words.signed(weights.base),
        fields=tuple(_field(field, weights.single[field].tolist(), scale) for field in named),
        together=_strongest_together(weights, fields, scale),
    )


def _field(field: str, bits: Sequence[float], scale: Scale) -> FieldWeights:
    levels = zip(LEVELS[field], bits, strict=True)
    return FieldWeights(
        words.FIELDS[field],
        tuple(LevelWeight(words.LEVELS[field][name], words.signed(each), bar(each, scale)) for name, each in levels),
    )


def _strongest_together(weights: Weights, fields: Sequence[str], scale: Scale) -> tuple[TogetherWeight, ...]:
    """The two levels that change most when they meet, the strongest first."""
    found = [
        (float(matrix[place]), tuple(zip(two, place, strict=True)))
        for two, matrix in weights.together.items()
        if set(two) <= {*fields, "age"}
        for place in np.ndindex(matrix.shape)
        if abs(matrix[place]) >= LEAST_TOGETHER
    ]
    found.sort(key=lambda each: (-abs(each[0]), each[1]))
    return tuple(
        TogetherWeight(*(_level(*side) for side in sides), words.signed(bits), bar(bits, scale))
        for bits, sides in found[:MOST_TOGETHER]
    )


def _level(field: str, place: int) -> tuple[Promise, Promise]:
    return words.FIELDS[field], words.LEVELS[field][LEVELS[field][place]]


def _judgements(quality: Table[str, Table[str, object]], cut: Cut) -> list[Judged]:
    titles = {
        "all": (_("With birth dates"), _("All pairs that were kept back.")),
        "without_birth": (
            _("Without birth dates"),
            _("The same pairs as far as they would be found if nobody's birth date were known, as with prospects."),
        ),
    }
    return [_judged(quality[name], *titles[name], cut) for name in titles if quality.get(name, {}).get("pairs")]


def _judged(found: Table[str, object], label: str, note: str, cut: Cut) -> Judged:
    return Judged(
        label=label,
        note=note,
        pairs=found["pairs"],
        same=found["same"],
        shares=_shares(found["cuts"], cut),
        calibration=_calibration(found["calibration"], cut),
        cuts=tuple(
            (words.signed(each["cut"]), words.percent(each["precision"]), words.percent(each["recall"]))
            for each in found["cuts"]
        ),
        bands=tuple(
            (words.signed(each["from"]), each["pairs"], words.percent(each["same"]), words.percent(each["expected"]))
            for each in found["calibration"]
        ),
    )


def _shares(cuts: Sequence[Table[str, float | None]], cut: Cut) -> Chart:
    """Precision and recall over the cut."""
    values = [each[name] for each in cuts for name in ("precision", "recall") if each[name] is not None]
    low = next(start for start in AXES_FROM if start <= min(values, default=0.0))
    first, last = cuts[0]["cut"], cuts[-1]["cut"]
    axes = Axes((first, last), (low, 1.0))
    return Chart(
        across=axes.across((bits, _axis_bits(bits)) for bits in steps(first, last, BITS_STEP)),
        up=axes.up((share, f"{share:.0%}") for share in steps(low, 1.0, (1.0 - low) / 5)),
        rules=_rules(axes, cut),
        lines=axes.lines("recall", [(each["cut"], each["recall"]) for each in cuts])
        + axes.lines("precision", [(each["cut"], each["precision"]) for each in cuts]),
    )


def _calibration(bands: Sequence[Table[str, float | None]], cut: Cut) -> Chart:
    """How often pairs of a weight are one person (dots), beside how often the model expects it (line)."""
    width = bands[1]["from"] - bands[0]["from"]
    first, last = bands[0]["from"], bands[-1]["from"] + width
    axes = Axes((first, last), (0.0, 1.0))
    most = max(each["pairs"] for each in bands) or 1
    return Chart(
        across=axes.across((bits, _axis_bits(bits)) for bits in steps(first, last, BITS_STEP)),
        up=axes.up((share, f"{share:.0%}") for share in steps(0.0, 1.0, 0.2)),
        rules=_rules(axes, cut),
        lines=axes.lines("expected", [(bits, 1 / (1 + 2**-bits)) for bits in steps(first, last, 0.5)]),
        dots=tuple(
            axes.dot(each["from"] + width / 2, each["same"], each["pairs"] / most, words.percent(each["same"]))
            for each in bands
            if each["same"] is not None
        ),
    )


def _rules(axes: Axes, cut: Cut) -> tuple[Tick, ...]:
    return axes.across([(cut.review, _("review")), (cut.auto, _("link"))])


def _axis_bits(bits: float) -> str:
    return f"{'−' if bits < 0 else ''}{abs(bits):.0f}"


def _cuts(cuts: Table[tuple[str, str], Cut]) -> tuple[CutLine, ...]:
    """The cuts by pair of sources, those for all others last."""
    names = {source.code: str(source) for source in SourceSystem.objects.all()} | {"*": _("All others")}
    order = sorted(cuts, key=lambda two: (two == ("*", "*"), two))
    return tuple(
        CutLine(*(names.get(code, code) for code in two), words.signed(cuts[two].auto), words.signed(cuts[two].review))
        for two in order
    )
