"""Input of the mapping pages."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers.feeds.labels import FOUND_OUT, column_label, delimiter_label
from customers.feeds.layouts import LAYOUTS, CanonicalLayout
from customers.feeds.mapping import ENCODINGS
from customers.feeds.reading import DELIMITERS
from customers.feeds.reasons import definition_problems
from customers.inputs import FeedFileField
from customers.models import Mapping

SAMPLE_MEGABYTES = 50
HEADERS_APART = " + "


class MappingSampleForm(forms.Form):
    """A sample of a source's file, to try a mapping on."""

    sample = FeedFileField(megabytes=SAMPLE_MEGABYTES, label=gettext_lazy("Sample file"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sample"].help_text = _("At most %(limit)s MB. It is read, shown and forgotten.") % {
            "limit": SAMPLE_MEGABYTES
        }
        styled(self)


class MappingPublishForm(forms.Form):
    """Which live mapping, if any, a draft takes the place of."""

    replaces = forms.ModelChoiceField(
        Mapping.objects.none(),
        label=gettext_lazy("Replaces"),
        required=False,
        empty_label=gettext_lazy("None: it is used beside the others"),
    )

    def __init__(self, *args: object, mapping: Mapping, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replaces"].queryset = Mapping.objects.replaceable_by(mapping).order_by("name")
        styled(self)


class RuleForm(forms.Form):
    """Where one canonical column comes from; a column without headers and constant has no rule."""

    headers = forms.CharField(label=gettext_lazy("Comes from"), required=False)
    constant = forms.CharField(label=gettext_lazy("Always"), required=False)
    values = forms.CharField(
        label=gettext_lazy("Codes"), required=False, widget=forms.Textarea(attrs={"rows": 1, "spellcheck": "false"})
    )
    format = forms.CharField(label=gettext_lazy("Date format"), required=False)
    keeps_bad = forms.BooleanField(label=gettext_lazy("Drop an unreadable value, keep the row"), required=False)

    def __init__(self, column: str, spec: object, layout: CanonicalLayout, data: QueryDict | None = None) -> None:
        self.column, self.label, self.is_required = column, column_label(column), column in layout.required
        self._spec = spec if isinstance(spec, dict) else {}
        super().__init__(data, prefix=column, initial=rule_as_text(self._spec))
        self.fields["values"].widget.attrs["rows"] = max(1, min(8, len(self._spec.get("values", {}))))
        if column not in (*layout.dates, *layout.instants, "birth_date") and "format" not in self._spec:
            del self.fields["format"]
        for field in self.fields.values():
            field.widget.attrs |= {"aria-label": f"{self.label}: {field.label}", "autocomplete": "off"}
        styled(self)

    def clean_values(self) -> dict[str, str]:
        """`1 = PERSON` line by line → {"1": "PERSON"}."""
        lines = [line for line in self.cleaned_data["values"].splitlines() if line.strip()]
        if any("=" not in line for line in lines):
            raise forms.ValidationError(_("Write one code a line: what is sent = what it means."))
        return {sent.strip(): meant.strip() for sent, _sign, meant in (line.partition("=") for line in lines)}

    def spec(self) -> dict[str, object] | None:
        """The rule as a mapping definition has it, None for no rule. What this form has no field for is kept."""
        given = self.cleaned_data
        headers = [name for part in given["headers"].split(HEADERS_APART) if (name := part.strip())]
        if not headers and not given["constant"]:
            return None
        rule: dict[str, object] = {"from": headers} if headers else {}
        if given["constant"]:
            rule["constant"] = given["constant"]
        if len(headers) > 1 and "join" in self._spec:
            rule["join"] = self._spec["join"]
        rule |= {name: given[name] for name in ("values", "format") if given.get(name)}
        return rule | {"on_bad": "keep"} if given["keeps_bad"] else rule


def rule_as_text(spec: dict[str, object]) -> dict[str, object]:
    """What stands in the fields of a rule."""
    headers, values = spec.get("from", []), spec.get("values", {})
    return {
        "headers": HEADERS_APART.join(map(str, headers)) if isinstance(headers, list) else "",
        "constant": str(spec.get("constant", "")),
        "values": "\n".join(f"{sent} = {meant}" for sent, meant in values.items()) if isinstance(values, dict) else "",
        "format": str(spec.get("format", "")),
        "keeps_bad": spec.get("on_bad") == "keep",
    }


class MappingEditForm(forms.Form):
    """The definition of a draft without its JSON: how the file is written, and a rule per canonical column."""

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"))
    delimiter = forms.ChoiceField(label=gettext_lazy("Delimiter"))
    sheet = forms.CharField(label=gettext_lazy("Sheet (Excel)"), required=False)

    def __init__(self, data: QueryDict | None = None, *, mapping: Mapping) -> None:
        old = mapping.definition if isinstance(mapping.definition, dict) else {}
        now = {"encoding": str(old.get("encoding", "auto")).lower(), "delimiter": str(old.get("delimiter", "auto"))}
        super().__init__(data, initial=now | {"sheet": old.get("sheet") or ""})
        self._mapping, self._old = mapping, old
        self.fields["encoding"].choices = [(code, FOUND_OUT if code == "auto" else code.upper()) for code in ENCODINGS]
        known = dict.fromkeys(("auto", *DELIMITERS, now["delimiter"]))
        self.fields["delimiter"].choices = [(delimiter, delimiter_label(delimiter)) for delimiter in known]
        columns, layout = old.get("columns"), LAYOUTS[mapping.layout]
        self.rules = [
            RuleForm(column, columns.get(column) if isinstance(columns, dict) else None, layout, data)
            for column in layout.all_columns
        ]
        styled(self)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if all(rule.is_valid() for rule in self.rules):
            cleaned["definition"] = self._definition(cleaned)
            for sentence in definition_problems(self._mapping.layout, cleaned["definition"]):
                self.add_error(None, sentence)
        else:
            self.add_error(None, _("Some rules cannot be read. They are marked below."))
        return cleaned

    def _definition(self, given: dict[str, object]) -> dict[str, object]:
        settings_given = {name: given.get(name) for name in ("encoding", "delimiter", "sheet")}
        kept = {name: value for name, value in self._old.items() if name not in ("columns", *settings_given)}
        kept |= {
            name: value for name, value in settings_given.items() if value and (value != "auto" or name in self._old)
        }
        return kept | {"columns": {rule.column: spec for rule in self.rules if (spec := rule.spec()) is not None}}
