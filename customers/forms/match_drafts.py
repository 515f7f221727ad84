"""Input of the page on which a matching model is changed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers import matching_words as words
from customers.dedup.blocking import OPTIONAL_KEYS
from customers.dedup.comparison import LEVELS
from customers.dedup.drafting import ALL_OTHERS, DIGITS, LEAST_CUT, MOST_CUT, MOST_WEIGHT, Levels, Sources
from customers.dedup.model import Cut, Model, Weights
from customers.models import SourceSystem
from customers.reports.match_changes import KEYS, KINDS
from customers.reports.match_models import ORGANISATION_FIELDS, PERSON_FIELDS

Choices = Sequence[tuple[str, str]]
NEW_ROWS = 3
FIELDS = {"person": PERSON_FIELDS, "organisation": ORGANISATION_FIELDS}


class CutForm(forms.Form):
    """From how many bits on records of two sources are linked, and reviewed. Without sources: of all others."""

    first = forms.ChoiceField(label=gettext_lazy("Source"), required=False)
    second = forms.ChoiceField(label=gettext_lazy("and source"), required=False)
    auto = forms.FloatField(label=gettext_lazy("Linked from"), min_value=LEAST_CUT, max_value=MOST_CUT, required=False)
    review = forms.FloatField(
        label=gettext_lazy("Reviewed from"), min_value=LEAST_CUT, max_value=MOST_CUT, required=False
    )
    is_dropped = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    def __init__(
        self, prefix: str, sources: Sources | None, cut: Cut | None, names: Choices, data: QueryDict | None
    ) -> None:
        self.is_default, self.is_new = sources == ALL_OTHERS, sources is None
        now = {"auto": written(cut.auto), "review": written(cut.review)} if cut else {}
        if sources and not self.is_default:
            now |= dict(zip(("first", "second"), sources, strict=True))
        super().__init__(data, prefix=prefix, initial=now)
        if self.is_default:
            for name in ("first", "second", "is_dropped"):
                del self.fields[name]
        else:
            for name in ("first", "second"):
                self.fields[name].choices = [("", "–"), *names]
        if self.is_new:
            del self.fields["is_dropped"]
        for field in self.fields.values():
            field.widget.attrs |= {"aria-label": field.label, "autocomplete": "off"}
        styled(self)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if self.errors or self.is_left_out:
            return cleaned
        if not self.is_default and not (cleaned["first"] and cleaned["second"]):
            raise forms.ValidationError(_("Choose both sources."))
        if cleaned["auto"] is None or cleaned["review"] is None:
            raise forms.ValidationError(_("Write both cuts."))
        if cleaned["auto"] < cleaned["review"]:
            raise forms.ValidationError(_("Records cannot be linked from fewer bits on than they are reviewed from."))
        return cleaned

    @property
    def is_left_out(self) -> bool:
        """Whether this row says nothing: it is to go, or was left empty."""
        given = self.cleaned_data
        is_empty = self.is_new and not any(given.get(name) not in (None, "") for name in self.fields)
        return bool(given.get("is_dropped")) or is_empty

    @property
    def sources(self) -> Sources:
        """The two sources in alphabetical order."""
        given = self.cleaned_data
        return ALL_OTHERS if self.is_default else tuple(sorted((given["first"], given["second"])))

    @property
    def cut(self) -> Cut:
        return Cut(self.cleaned_data["auto"], self.cleaned_data["review"])


class FieldForm(forms.Form):
    """What each level of one field weighs. Each of its fields is a level."""

    def __init__(self, kind: str, field: str, weights: Weights, data: QueryDict | None) -> None:
        self.field, self.label = field, words.FIELDS[field]
        now = dict(zip(LEVELS[field], map(written, weights.single[field].tolist()), strict=True))
        super().__init__(data, prefix=f"{kind}-{field}", initial=now)
        for level in LEVELS[field]:
            self.fields[level] = forms.FloatField(
                label=words.LEVELS[field][level], min_value=-MOST_WEIGHT, max_value=MOST_WEIGHT
            )
            self.fields[level].widget.attrs |= {
                "aria-label": f"{self.label}: {words.LEVELS[field][level]}",
                "autocomplete": "off",
            }
        styled(self)

    def lines(self) -> list[tuple[str, forms.BoundField]]:
        """What each level weighs now, and the input for what it is to weigh."""
        return [(words.signed(float(self.initial[level])), self[level]) for level in self.fields]


class MatchDraftForm(forms.Form):
    """The cuts and weights of a draft, as they are in its base until somebody changes them."""

    comment = forms.CharField(
        label=gettext_lazy("What the change is for"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    keys = forms.MultipleChoiceField(
        label=gettext_lazy("Keys"), choices=KEYS.items(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: QueryDict | None = None, *, model: Model) -> None:
        super().__init__(data, initial={"keys": [key for key in OPTIONAL_KEYS if key not in model.keys_off]})
        names = [(source.code, str(source)) for source in SourceSystem.objects.order_by("code")]
        own = sorted(sources for sources in model.cuts if sources != ALL_OTHERS)
        rows: list[Sources | None] = [ALL_OTHERS, *own, *[None] * NEW_ROWS]
        self.cuts = [
            CutForm(f"cut{place}", sources, model.cuts.get(sources) if sources else None, names, data)
            for place, sources in enumerate(rows)
        ]
        self.kinds = [
            (
                kind,
                label,
                [FieldForm(kind, field, getattr(model, kind), data) for field in _told(model, kind)],
            )
            for kind, label in KINDS.items()
        ]
        styled(self)
        self.fields["keys"].widget.attrs["class"] = "form-check-input"

    @property
    def new_cuts(self) -> Mapping[Sources, Cut]:
        """The cuts that were sent."""
        return {row.sources: row.cut for row in self.cuts if not row.is_left_out}

    @property
    def new_weights(self) -> Mapping[str, Levels]:
        """The weights that were sent."""
        return {kind: {each.field: each.cleaned_data for each in fields} for kind, _label, fields in self.kinds}

    @property
    def keys_off(self) -> list[str]:
        """The keys that were not ticked."""
        return [key for key in OPTIONAL_KEYS if key not in self.cleaned_data["keys"]]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        parts = [*self.cuts, *(each for _kind, _label, fields in self.kinds for each in fields)]
        if not all(part.is_valid() for part in parts):
            raise forms.ValidationError(_("Some figures cannot be taken. They are marked below."))
        self._refuse_repeated()
        return cleaned

    def _refuse_repeated(self) -> None:
        seen: set[Sources] = set()
        for row in self.cuts:
            if row.is_left_out:
                continue
            if row.sources in seen:
                row.add_error(None, _("These two sources have a row already."))
                raise forms.ValidationError(_("Some figures cannot be taken. They are marked below."))
            seen.add(row.sources)


def _told(model: Model, kind: str) -> list[str]:
    """The fields that weigh anything for this kind of customer."""
    single = getattr(model, kind).single
    return [field for field in FIELDS[kind] if field in single and single[field].any()]


def written(bits: float) -> str:
    """A figure as an input holds it: 2.5, -6, 0."""
    return f"{round(bits, DIGITS) + 0.0:g}"
